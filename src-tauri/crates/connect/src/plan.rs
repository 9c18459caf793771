//! An entry together with the facts of its provider: all that requests are built from.

mod resolve;

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use providers::{ClientAuth, Provider, SignIn};
use store::BotId;
use url::{Host, Url};
use zeroize::Zeroizing;

use crate::entry::{Entry, Flow, SecretFrom};
use crate::grant::Origins;
use crate::trouble::Trouble;

/// Stands for the account in [`Plan::revoke_account`].
pub(crate) const UID: &str = "uid-of-the-account";

/// What is sent where for one entry. Cloning is cheap enough for every request to own one.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) bot: BotId,
    pub(crate) open_bot: String,
    pub(crate) alias: String,
    pub(crate) persona: Option<String>,
    pub(crate) provider: &'static Provider,
    pub(crate) sign_in: &'static SignIn,
    /// The entry's name.
    pub(crate) title: String,
    /// The name of the other party.
    pub(crate) party: String,
    pub(crate) flow: Flow,
    pub(crate) authorize: Option<Url>,
    pub(crate) token: Option<Url>,
    pub(crate) request_token: Option<Url>,
    pub(crate) userinfo: Option<Url>,
    pub(crate) revoke: Option<Url>,
    /// Where an account's permissions are deleted, with [`UID`] for the account.
    pub(crate) revoke_account: Option<String>,
    pub(crate) issuer: Option<String>,
    pub(crate) issuer_required: bool,
    pub(crate) client_id: String,
    pub(crate) client_secret: Option<Arc<Zeroizing<String>>>,
    pub(crate) secret_from: SecretFrom,
    pub(crate) client_auth: ClientAuth,
    pub(crate) pkce: bool,
    pub(crate) scope: String,
    pub(crate) authorize_params: Vec<(String, String)>,
    pub(crate) token_params: Vec<(String, String)>,
    pub(crate) refresh_params: Vec<(String, String)>,
    pub(crate) userinfo_map: BTreeMap<String, String>,
    pub(crate) response: ResponseMode,
    pub(crate) route: Route,
    pub(crate) path: String,
    pub(crate) practice: Option<SocketAddr>,
}

/// How the answer reaches the callback address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseMode {
    Query,
    FormPost,
    Fragment,
}

/// Where the callback goes unless the person chooses otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    DeepLink,
    /// `ports` empty: any.
    Loopback {
        host: String,
        ports: Vec<u16>,
    },
    Paste,
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Plan({} at {})", self.alias, self.provider.id)
    }
}

impl Plan {
    /// The plan, or the first thing that keeps it from working.
    pub(crate) fn ready(entry: &Entry, ports: &[u16]) -> Result<Self, Trouble> {
        let (plan, mut troubles) = Self::of(entry, ports)?;
        if troubles.is_empty() { Ok(plan) } else { Err(troubles.swap_remove(0)) }
    }

    /// The servers that a sign-in of this plan is bound to.
    pub(crate) fn origins(&self) -> Origins {
        let origin = |url: &Option<Url>| url.as_ref().map(|url| url.origin().ascii_serialization());
        let revoke = match &self.revoke_account {
            Some(url) => Url::parse(url).ok(),
            None => self.revoke.clone(),
        };
        Origins { authorize: origin(&self.authorize), token: origin(&self.token), revoke: origin(&revoke) }
    }

    /// Where the browser or a request goes for an address: to the practice server if the entry is practised.
    pub(crate) fn played(&self, url: &Url) -> Url {
        self.practice.map_or_else(|| url.clone(), |practice| wire::practice_url(practice, url))
    }

    /// Whether an answer that names this issuer comes from the server that was asked. Where no issuer is known, it must be one
    /// of that server's own addresses.
    pub(crate) fn is_issuer(&self, given: &str) -> bool {
        match &self.issuer {
            // A part in braces is known to the provider only (Microsoft's tenant).
            Some(issuer) => match (issuer.split_once('{'), issuer.rsplit_once('}')) {
                (Some((head, _)), Some((_, tail))) => {
                    let middle = given.strip_prefix(head).and_then(|rest| rest.strip_suffix(tail));
                    middle.is_some_and(|part| !part.is_empty() && !part.contains(['/', '?', '#', '@']))
                }
                _ => issuer == given,
            },
            None => {
                let Ok(given) = Url::parse(given) else { return false };
                // A practised server has the name of the real one, and https wherever it is.
                let same = |known: &Url| match self.practice {
                    Some(_) => wire::host_of(known) == wire::host_of(&given),
                    None => known.origin() == given.origin(),
                };
                [&self.authorize, &self.token].into_iter().flatten().any(same)
            }
        }
    }
}

/// An address that may be asked (RFC 6749 sections 3.1 and 3.2): https, or http to a loopback literal; no user name, no
/// fragment, no control characters, which some programs would read differently than others.
pub(crate) fn endpoint(text: &str) -> Option<Url> {
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let loopback = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(ip) => IpAddr::from(ip).is_loopback(),
        Host::Ipv6(ip) => IpAddr::from(ip).is_loopback(),
    };
    let scheme = url.scheme() == "https" || (url.scheme() == "http" && loopback);
    let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    (scheme && bare).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_https_or_this_computer() {
        let check = |text: &str, expect: bool| assert_eq!(endpoint(text).is_some(), expect, "{text}");
        check("https://a.example/token", true);
        check("https://a.example/token?x=1", true);
        check("http://127.0.0.1:8080/token", true);
        check("http://[::1]:8080/token", true);
        check("http://localhost/token", true);
        check("http://a.example/token", false);
        check("http://127.0.0.1.a.example/token", false);
        check("http://localhost.a.example/token", false);
        check("https://user@a.example/token", false);
        check("https://a.example/token#x", false);
        check("https://a.example/\ntoken", false);
        check("file:///etc/passwd", false);
        check("javascript:alert(1)", false);
        check("patchbay://auth", false);
        check("data:text/html,x", false);
        check("/token", false);
        check("", false);
    }
}
