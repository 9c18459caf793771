use crate::{Kind, KnownService, Need, Provider, SignIn, known_service};

/// What decides between the ways to sign in at one provider.
#[derive(Debug, Clone, Copy, Default)]
pub struct Choice<'a> {
    /// The entry's scope, verbatim; empty when it has none.
    pub scope: &'a str,
    /// Whether a client secret is known.
    pub has_secret: bool,
    /// The id of a variant that was chosen by hand (setting `sign_in`); an unknown one counts as none.
    pub wanted: Option<&'a str>,
    /// `authorize_url` of an `oauth2` block or of the settings; empty when there is none.
    pub authorize_url: &'a str,
    /// `token_url` likewise.
    pub token_url: &'a str,
}

/// The way to sign in that fits. `None`: nobody signs in at this provider.
///
/// Twitter: a scope selects OAuth 2.0. LinkedIn and Microsoft: a secret selects the web variant. `oauth2`: a service that is
/// known by its addresses brings its own facts.
pub fn sign_in(provider: &Provider, choice: &Choice<'_>) -> Option<&'static SignIn> {
    let ways = provider.sign_in;
    if let Some(wanted) = choice.wanted
        && let Some(way) = ways.iter().find(|way| way.id == wanted)
    {
        return Some(way);
    }
    if provider.id == "oauth2"
        && let Some(service) = known_service(choice.authorize_url, choice.token_url)
    {
        return Some(&service.sign_in);
    }
    let with_scope = !choice.scope.trim().is_empty();
    let fits = |way: &&SignIn| match provider.id {
        "twitter" => with_scope != way.scope_separator.is_empty(),
        _ => choice.has_secret == (way.client_secret != Need::Forbidden),
    };
    ways.iter().find(fits).or(ways.first())
}

/// The hosts that an entry's tokens are meant for: the provider's own, or those of a known service.
pub fn hosts(provider: &Provider, choice: &Choice<'_>) -> &'static [&'static str] {
    known(provider, choice).map_or(provider.hosts, |service| service.hosts)
}

/// The known service that an `oauth2` entry stands for.
pub fn known(provider: &Provider, choice: &Choice<'_>) -> Option<&'static KnownService> {
    (provider.id == "oauth2" && provider.kind == Kind::Oauth)
        .then(|| known_service(choice.authorize_url, choice.token_url))
        .flatten()
}

/// Whether `host` is one of `hosts`. `*.example.com` stands for every host below `example.com`, not for itself. Hosts are
/// compared whatever their case; a port or a final dot makes another host.
pub fn covers(hosts: &[&str], host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    hosts.iter().any(|pattern| match pattern.strip_prefix("*.") {
        Some(parent) => host.strip_suffix(parent).is_some_and(|below| below.len() > 1 && below.ends_with('.')),
        None => host == *pattern,
    })
}
