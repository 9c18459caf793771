//! What is sealed for a connection: its tokens, together with the servers that they were approved for.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::Secret;
use zeroize::Zeroizing;

/// The only format so far. A later one is read by the programs that write it.
const FORMAT: u32 = 1;

/// The servers that a connection may talk to: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Origins {
    /// Where people approve.
    pub authorize: Option<String>,
    /// Where tokens come from.
    pub token: Option<String>,
    /// Where they are revoked.
    pub revoke: Option<String>,
}

/// A grant. Never shown; `Debug` is a placeholder.
#[derive(Default)]
pub(crate) struct Grant {
    /// Gone after the provider ended the sign-in.
    pub(crate) access_token: Option<Zeroizing<String>>,
    pub(crate) refresh_token: Option<Zeroizing<String>>,
    pub(crate) id_token: Option<Zeroizing<String>>,
    /// OAuth 1.0a.
    pub(crate) token_secret: Option<Zeroizing<String>>,
    /// A service account's key file.
    pub(crate) key_file: Option<Zeroizing<String>>,
    /// Unix seconds by this computer's clock; `None` is unknown, not "never".
    pub(crate) expires_at: Option<i64>,
    /// When the access token came. A clock that reads less was turned back, and nothing can be said about expiry.
    pub(crate) obtained_at: i64,
    /// As granted.
    pub(crate) scope: Option<String>,
    pub(crate) client_id: String,
    /// The variant of signing in.
    pub(crate) variant: String,
    pub(crate) origins: Origins,
    pub(crate) practice: bool,
    /// The account at the provider.
    pub(crate) uid: Option<String>,
    /// What else the token endpoint answered, without secrets.
    pub(crate) rest: Map<String, Value>,
}

#[derive(Serialize)]
struct Written<'g> {
    v: u32,
    access_token: Option<&'g str>,
    refresh_token: Option<&'g str>,
    id_token: Option<&'g str>,
    token_secret: Option<&'g str>,
    key_file: Option<&'g str>,
    expires_at: Option<i64>,
    obtained_at: i64,
    scope: Option<&'g str>,
    client_id: &'g str,
    variant: &'g str,
    origins: &'g Origins,
    practice: bool,
    uid: Option<&'g str>,
    rest: &'g Map<String, Value>,
}

#[derive(Deserialize)]
struct Read {
    v: u32,
    access_token: Option<String>,
    refresh_token: Option<String>,
    id_token: Option<String>,
    token_secret: Option<String>,
    key_file: Option<String>,
    expires_at: Option<i64>,
    #[serde(default)]
    obtained_at: i64,
    scope: Option<String>,
    client_id: String,
    #[serde(default)]
    variant: String,
    origins: Origins,
    practice: bool,
    uid: Option<String>,
    #[serde(default)]
    rest: Map<String, Value>,
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Grant(…)")
    }
}

impl Grant {
    /// The text to seal.
    pub(crate) fn write(&self) -> Secret<String> {
        let written = Written {
            v: FORMAT,
            access_token: self.access_token.as_ref().map(|token| token.as_str()),
            refresh_token: self.refresh_token.as_ref().map(|token| token.as_str()),
            id_token: self.id_token.as_ref().map(|token| token.as_str()),
            token_secret: self.token_secret.as_ref().map(|token| token.as_str()),
            key_file: self.key_file.as_ref().map(|file| file.as_str()),
            expires_at: self.expires_at,
            obtained_at: self.obtained_at,
            scope: self.scope.as_deref(),
            client_id: &self.client_id,
            variant: &self.variant,
            origins: &self.origins,
            practice: self.practice,
            uid: self.uid.as_deref(),
            rest: &self.rest,
        };
        // Strings, numbers and a map with text keys: there is nothing in it that JSON cannot say.
        Secret::new(serde_json::to_string(&written).unwrap_or_default())
    }

    /// Reads a sealed text. `None` for one of a later format, or a damaged one.
    pub(crate) fn read(text: &Secret<String>) -> Option<Self> {
        let read: Read = serde_json::from_str(text.expose()).ok()?;
        if read.v != FORMAT {
            return None;
        }
        Some(Self {
            access_token: read.access_token.map(Zeroizing::new),
            refresh_token: read.refresh_token.map(Zeroizing::new),
            id_token: read.id_token.map(Zeroizing::new),
            token_secret: read.token_secret.map(Zeroizing::new),
            key_file: read.key_file.map(Zeroizing::new),
            expires_at: read.expires_at,
            obtained_at: read.obtained_at,
            scope: read.scope,
            client_id: read.client_id,
            variant: read.variant,
            origins: read.origins,
            practice: read.practice,
            uid: read.uid,
            rest: read.rest,
        })
    }

    /// The same connection without anything that opens something.
    pub(crate) fn wiped(&self) -> Self {
        Self {
            expires_at: self.expires_at,
            obtained_at: self.obtained_at,
            scope: self.scope.clone(),
            client_id: self.client_id.clone(),
            variant: self.variant.clone(),
            origins: self.origins.clone(),
            practice: self.practice,
            uid: self.uid.clone(),
            rest: self.rest.clone(),
            ..Self::default()
        }
    }

    /// Whether the access token lives for another `seconds` at `now`.
    pub(crate) fn lives(&self, now: i64, seconds: i64) -> bool {
        let turned_back = now + CLOCK_SLACK < self.obtained_at;
        self.access_token.is_some() && !turned_back && self.expires_at.is_none_or(|end| now + seconds < end)
    }
}

/// How far a clock may be set back before expiries are no longer believed, in seconds.
const CLOCK_SLACK: i64 = 60;

impl Origins {
    /// What differs, as pairs of old and new; an origin that was not there before counts as changed.
    pub(crate) fn changes(&self, new: &Self) -> Vec<(String, String)> {
        let pairs = [(&self.authorize, &new.authorize), (&self.token, &new.token), (&self.revoke, &new.revoke)];
        let shown = |origin: &Option<String>| origin.clone().unwrap_or_else(|| "none".into());
        pairs.into_iter().filter(|(old, new)| old != new).map(|(old, new)| (shown(old), shown(new))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant() -> Grant {
        Grant {
            access_token: Some(Zeroizing::new("at-1".into())),
            refresh_token: Some(Zeroizing::new("rt-1".into())),
            expires_at: Some(2_000),
            obtained_at: 1_000,
            scope: Some("a b".into()),
            client_id: "c1".into(),
            variant: "web".into(),
            origins: Origins {
                authorize: Some("https://a.example".into()),
                token: Some("https://t.example".into()),
                revoke: None,
            },
            practice: true,
            uid: Some("7".into()),
            ..Grant::default()
        }
    }

    /// What the first version wrote must open for ever.
    const FROZEN: &str = r#"{"v":1,"access_token":"at-1","refresh_token":"rt-1","id_token":null,"token_secret":null,"key_file":null,"expires_at":2000,"obtained_at":1000,"scope":"a b","client_id":"c1","variant":"web","origins":{"authorize":"https://a.example","token":"https://t.example","revoke":null},"practice":true,"uid":"7","rest":{}}"#;

    #[test]
    fn the_format_is_frozen() {
        assert_eq!(grant().write().expose(), FROZEN);
        let read = Grant::read(&Secret::new(FROZEN.to_owned())).unwrap();
        assert_eq!(read.write().expose(), FROZEN);
        assert!(Grant::read(&Secret::new(FROZEN.replace("\"v\":1", "\"v\":2"))).is_none());
        assert!(Grant::read(&Secret::new("{}".to_owned())).is_none());
    }

    #[test]
    fn a_wiped_grant_opens_nothing() {
        let text = grant().wiped().write();
        assert!(!text.expose().contains("at-1") && !text.expose().contains("rt-1"));
        assert!(text.expose().contains("https://t.example"));
        assert_eq!(format!("{:?}", grant()), "Grant(…)");
    }

    #[test]
    fn oa_09_life_survives_a_clock_that_is_moved() {
        let check = |now: i64, seconds: i64, expect: bool| assert_eq!(grant().lives(now, seconds), expect, "{now}");
        check(1_000, 60, true);
        check(1_939, 60, true);
        check(1_940, 60, false);
        check(1_999, 0, true);
        check(2_000, 0, false);
        check(9_999_999, 0, false);
        check(950, 60, true);
        check(900, 60, false);
        let unknown = Grant { expires_at: None, ..grant() };
        assert!(unknown.lives(9_999_999, 60), "unknown is not expired");
    }

    #[test]
    fn changed_origins_are_listed() {
        let old = grant().origins;
        assert!(old.changes(&old.clone()).is_empty());
        let new = Origins { token: Some("https://evil.example".into()), ..old.clone() };
        assert_eq!(old.changes(&new), [("https://t.example".into(), "https://evil.example".into())]);
    }
}
