//! How the played providers differ from the standards and from each other, as their documentation says.

mod basecamp;
mod discord;
mod facebook;
mod google;
mod linkedin;
mod microsoft;
mod other;
mod twitter;

use serde_json::{Map, Value};

use crate::api::Shown;
use crate::call::Call;
use crate::params::Params;
use crate::refusal::Refusal;
use crate::reply::Reply;

/// Whose server a host is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vendor {
    Google,
    Facebook,
    LinkedIn,
    Microsoft,
    Discord,
    Twitter,
    Basecamp,
    /// A server that keeps to the standards.
    Other,
}

/// What becomes of a refresh token when it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refresh {
    /// There is none.
    Never,
    /// It stays.
    Stable,
    /// A new one takes its place.
    Rotates,
}

/// What becomes of a code challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pkce {
    Ignored,
    Optional,
    Required,
}

/// How a vendor's endpoints treat clients and tokens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    /// Life of an access token in seconds.
    pub(crate) seconds: i64,
    pub(crate) refresh: Refresh,
    /// A client without a secret gets no token.
    pub(crate) secret: bool,
    /// The secret may come in the Authorization header.
    pub(crate) basic: bool,
    pub(crate) pkce: Pkce,
    /// Revoking one token ends everything the person allowed the client.
    pub(crate) revokes_all: bool,
}

impl Vendor {
    pub(crate) fn of(host: &str) -> Self {
        let under = |domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        let table: [(Self, &[&str]); 7] = [
            (Self::Google, &["google.com", "googleapis.com"]),
            (Self::Facebook, &["facebook.com"]),
            (Self::LinkedIn, &["linkedin.com"]),
            (Self::Microsoft, &["microsoftonline.com", "graph.microsoft.com"]),
            (Self::Discord, &["discord.com", "discordapp.com"]),
            (Self::Twitter, &["twitter.com", "x.com"]),
            (Self::Basecamp, &["37signals.com", "basecampapi.com", "basecamp.com"]),
        ];
        let known = table.into_iter().find(|(_, domains)| domains.iter().any(|domain| under(domain)));
        known.map_or(Self::Other, |(vendor, _)| vendor)
    }

    /// What people call it.
    pub(crate) fn title(host: &str) -> String {
        match Self::of(host) {
            Self::Google => "Google".to_owned(),
            Self::Facebook => "Facebook".to_owned(),
            Self::LinkedIn => "LinkedIn".to_owned(),
            Self::Microsoft => "Microsoft".to_owned(),
            Self::Discord => "Discord".to_owned(),
            Self::Twitter => "X".to_owned(),
            Self::Basecamp => "Basecamp".to_owned(),
            Self::Other => host.to_owned(),
        }
    }
}

/// The rules of an endpoint. `path`: of the authorisation endpoint where a person was asked, else of the token endpoint.
pub(crate) fn rules(host: &str, path: &str) -> Rules {
    let usual = Rules {
        seconds: 3600,
        refresh: Refresh::Rotates,
        secret: false,
        basic: true,
        pkce: Pkce::Optional,
        revokes_all: false,
    };
    match Vendor::of(host) {
        Vendor::Google => Rules { refresh: Refresh::Stable, secret: true, revokes_all: true, ..usual },
        Vendor::Facebook => {
            Rules { seconds: 5400, refresh: Refresh::Never, secret: true, basic: false, revokes_all: true, ..usual }
        }
        Vendor::LinkedIn => {
            let native = path.contains("native-pkce");
            let pkce = if native { Pkce::Required } else { Pkce::Ignored };
            Rules { seconds: 5_184_000, refresh: Refresh::Never, secret: !native, basic: false, pkce, ..usual }
        }
        Vendor::Microsoft => Rules { seconds: 4200, ..usual },
        Vendor::Discord => Rules { seconds: 604_800, revokes_all: true, ..usual },
        Vendor::Twitter => Rules { seconds: 7200, pkce: Pkce::Required, ..usual },
        Vendor::Basecamp => Rules { seconds: 1_209_600, refresh: Refresh::Stable, secret: true, ..usual },
        Vendor::Other => usual,
    }
}

/// What a scope lets a bot do, continuing "It may".
pub(crate) fn words(host: &str, scope: &str) -> Option<&'static str> {
    let id = match Vendor::of(host) {
        Vendor::Google => "google",
        Vendor::Facebook => "facebook",
        Vendor::LinkedIn => "linkedin",
        Vendor::Microsoft => "microsoft",
        Vendor::Twitter => "twitter",
        Vendor::Discord | Vendor::Basecamp | Vendor::Other => {
            let address = format!("https://{host}/");
            return providers::known_service(&address, &address).and_then(|service| service.scope_words(scope));
        }
    };
    providers::find(id).and_then(|provider| provider.scope_words(scope))
}

/// Whether an authorisation request asks for a refresh token in the vendor's own way.
pub(crate) fn wants_refresh(vendor: Vendor, query: &Params, scopes: &[String]) -> bool {
    let scope = |wanted: &str| scopes.iter().any(|scope| scope == wanted);
    match vendor {
        Vendor::Google => query.get("access_type") == Some("offline"),
        Vendor::Microsoft => scope("offline_access"),
        Vendor::Twitter => scope("offline.access"),
        _ => true,
    }
}

/// The issuer that a callback names (RFC 9207), where the server says so in its metadata.
pub(crate) fn issuer(host: &str) -> Option<String> {
    match Vendor::of(host) {
        Vendor::Google => Some("https://accounts.google.com".to_owned()),
        Vendor::Other => Some(format!("https://{host}")),
        _ => None,
    }
}

/// Changes the fields of a token answer to what the vendor sends.
pub(crate) fn token_fields(vendor: Vendor, fields: &mut Map<String, Value>) {
    match vendor {
        Vendor::Facebook => facebook::token_fields(fields),
        Vendor::LinkedIn => linkedin::token_fields(fields),
        Vendor::Microsoft => microsoft::token_fields(fields),
        Vendor::Twitter => twitter::token_fields(fields),
        _ => {}
    }
}

/// An error of a token or revocation endpoint in the vendor's shape; `None`: the standard's.
pub(crate) fn endpoint_error(vendor: Vendor, refusal: &Refusal) -> Option<Reply> {
    match vendor {
        Vendor::Google => google::endpoint_error(refusal),
        Vendor::Facebook => Some(facebook::error(refusal)),
        Vendor::Microsoft => Some(microsoft::endpoint_error(refusal)),
        _ => None,
    }
}

/// An error of an API call in the vendor's shape.
pub(crate) fn api_error(vendor: Vendor, refusal: &Refusal) -> Reply {
    match vendor {
        Vendor::Google => google::api_error(refusal),
        Vendor::Facebook => facebook::error(refusal),
        Vendor::LinkedIn => linkedin::api_error(refusal),
        Vendor::Microsoft => microsoft::api_error(refusal),
        Vendor::Discord => discord::api_error(refusal),
        Vendor::Twitter => twitter::api_error(refusal),
        Vendor::Basecamp | Vendor::Other => other::api_error(refusal),
    }
}

/// The answer to an API call that practice knows; `None`: any other.
pub(crate) fn api(vendor: Vendor, call: &Call, shown: &Shown<'_>) -> Option<Result<Reply, Refusal>> {
    match vendor {
        Vendor::Google => google::api(call, shown),
        Vendor::Facebook => facebook::api(call, shown),
        Vendor::LinkedIn => linkedin::api(call, shown),
        Vendor::Microsoft => microsoft::api(call, shown),
        Vendor::Discord => discord::api(call, shown),
        Vendor::Twitter => twitter::api(call, shown),
        Vendor::Basecamp => basecamp::api(call, shown),
        Vendor::Other => other::api(call, shown),
    }
}

pub(crate) use twitter::old_api;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_belong_to_vendors() {
        let check = |host: &str, expect: Vendor| assert_eq!(Vendor::of(host), expect, "{host}");
        check("accounts.google.com", Vendor::Google);
        check("openidconnect.googleapis.com", Vendor::Google);
        check("graph.facebook.com", Vendor::Facebook);
        check("www.linkedin.com", Vendor::LinkedIn);
        check("login.microsoftonline.com", Vendor::Microsoft);
        check("graph.microsoft.com", Vendor::Microsoft);
        check("discord.com", Vendor::Discord);
        check("api.x.com", Vendor::Twitter);
        check("api.twitter.com", Vendor::Twitter);
        check("launchpad.37signals.com", Vendor::Basecamp);
        check("notgoogle.com", Vendor::Other);
        check("box.com", Vendor::Other);
        check("google.com.example.org", Vendor::Other);
        check("discord.com:8443", Vendor::Other);
    }
}
