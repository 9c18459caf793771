//! Services that `oauth2` entries name by address, and that are known well enough to need nothing else.

mod basecamp;
mod discord;

use crate::fill::words_for;
use crate::{ScopeWords, SignIn};

/// A service that is no provider of its own: entries with `provider: oauth2` reach it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownService {
    /// Unique among the known services.
    pub id: &'static str,
    /// The name shown to people.
    pub title: &'static str,
    /// The hosts of its authorization and token addresses.
    pub sign_in_hosts: &'static [&'static str],
    /// How to sign in. An entry's own keys go before it; its addresses are the entry's.
    pub sign_in: SignIn,
    /// As [`crate::Provider::hosts`].
    pub hosts: &'static [&'static str],
    /// What its scopes mean, besides those of OpenID Connect.
    pub scopes: &'static [ScopeWords],
    /// Where a client is registered.
    pub register_url: &'static str,
    /// One sentence: where, and as what, to register.
    pub register_help: &'static str,
    /// What else is worth knowing before connecting; sentences, or empty.
    pub note: &'static str,
}

/// Every known service.
pub fn known_services() -> &'static [KnownService] {
    &[discord::SERVICE, basecamp::SERVICE]
}

/// The service that both addresses belong to; an empty address counts as belonging, unless both are empty.
pub fn known_service(authorize_url: &str, token_url: &str) -> Option<&'static KnownService> {
    let addresses = [authorize_url, token_url].map(str::trim);
    if addresses.iter().all(|address| address.is_empty()) {
        return None;
    }
    known_services().iter().find(|service| {
        let own = |host: &str| service.sign_in_hosts.iter().any(|own| own.eq_ignore_ascii_case(host));
        addresses.iter().all(|address| address.is_empty() || host(address).is_some_and(own))
    })
}

impl KnownService {
    /// What a scope lets the bot do, where it is known.
    pub fn scope_words(&self, scope: &str) -> Option<&'static str> {
        words_for(self.scopes, scope)
    }
}

/// The host of an https address, with whatever else stands before the path: user, port. So only a bare host is ever equal to
/// one of ours.
fn host(address: &str) -> Option<&str> {
    let (scheme, rest) = address.split_once("://")?;
    scheme.eq_ignore_ascii_case("https").then_some(())?;
    rest.split(['/', '?', '#', '\\']).next()
}
