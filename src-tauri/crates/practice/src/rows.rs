//! The practice rows of the store, typed.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::{PracticeRow, Store, StoreError};

/// How long a row is kept after it stopped mattering, so that a late replay is still recognised.
const KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// One kind of row. Its JSON must stay readable by later versions; an unreadable row counts as absent.
pub(crate) trait Kind: Serialize + DeserializeOwned {
    const KIND: &'static str;
}

/// An application that was registered at practice.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Its public id.
    pub id: String,
    /// Its secret; without one it is a public client.
    #[serde(default)]
    pub secret: Option<String>,
    /// The addresses it may be sent back to. A loopback literal stands for any port (RFC 8252, 7.3). Empty: any.
    #[serde(default)]
    pub redirect_uris: Vec<String>,
}

/// A service account's key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AccountKey {
    pub(crate) email: String,
    /// `SubjectPublicKeyInfo` in PEM.
    pub(crate) public_key: String,
}

/// A sign-in that waits for a person to decide.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Pending {
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) client: String,
    pub(crate) redirect: String,
    /// Whether the request named the redirect address; then the token request has to as well.
    pub(crate) redirect_named: bool,
    pub(crate) scopes: Vec<String>,
    pub(crate) state: Option<String>,
    pub(crate) challenge: Option<String>,
    /// Whether the request asked for a refresh token in the vendor's way.
    pub(crate) offline: bool,
    /// Whether it asked that the person is asked again, whatever was allowed before.
    pub(crate) again: bool,
    pub(crate) form_post: bool,
    /// The temporary token of an OAuth 1.0a sign-in.
    pub(crate) oauth1: Option<String>,
    #[serde(with = "millis")]
    pub(crate) until: Timestamp,
}

/// An authorisation code. Kept after its use, so that a second use is seen.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) grant: String,
    pub(crate) redirect: String,
    pub(crate) redirect_named: bool,
    pub(crate) challenge: Option<String>,
    #[serde(with = "millis")]
    pub(crate) until: Timestamp,
    pub(crate) used: bool,
}

/// What one person allowed one client: everything issued from it dies with it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) client: String,
    /// The host and path of the authorisation endpoint; empty path where no person was asked.
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) person: Option<String>,
    pub(crate) account: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) offline: bool,
    /// Whether the client proved itself when it redeemed the code; then it must at every refresh.
    pub(crate) proved: bool,
    pub(crate) ended: bool,
}

/// An access token.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Access {
    pub(crate) grant: String,
    pub(crate) scopes: Vec<String>,
    #[serde(with = "millis")]
    pub(crate) until: Timestamp,
}

/// A refresh token. Kept after its use, so that reuse is seen.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RefreshToken {
    pub(crate) grant: String,
    pub(crate) used: bool,
}

/// OAuth 1.0a temporary credentials.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Temporary {
    pub(crate) consumer: String,
    pub(crate) secret: String,
    pub(crate) callback: String,
    pub(crate) person: Option<String>,
    pub(crate) verifier: Option<String>,
    #[serde(with = "millis")]
    pub(crate) until: Timestamp,
}

/// OAuth 1.0a token credentials.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Signed {
    pub(crate) consumer: String,
    pub(crate) secret: String,
    pub(crate) person: String,
}

/// A nonce that was seen (RFC 5849, 3.3).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Nonce {}

/// Times as milliseconds, as everywhere in the store.
mod millis {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(time: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(time.as_millisecond())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        Timestamp::from_millisecond(i64::deserialize(from)?).map_err(D::Error::custom)
    }
}

macro_rules! kinds {
    ($($kind:ty = $name:literal),* $(,)?) => {
        $(impl Kind for $kind { const KIND: &'static str = $name; })*
    };
}
kinds! {
    Client = "client",
    AccountKey = "service_account",
    Pending = "pending",
    Code = "code",
    Grant = "grant",
    Access = "access",
    RefreshToken = "refresh",
    Temporary = "oauth1_temporary",
    Signed = "oauth1_token",
    Nonce = "oauth1_nonce",
}

/// The rows themselves; clones share one store.
#[derive(Clone)]
pub(crate) struct Rows(Store);

impl Rows {
    pub(crate) fn new(store: Store) -> Self {
        Self(store)
    }

    pub(crate) fn get<T: Kind>(&self, id: &str) -> Result<Option<T>, StoreError> {
        Ok(self.0.practice_get(T::KIND, id)?.and_then(|row| read(&row.data)))
    }

    pub(crate) fn list<T: Kind>(&self) -> Result<Vec<(String, T)>, StoreError> {
        let rows = self.0.practice_list(T::KIND)?;
        Ok(rows.into_iter().filter_map(|row| Some((row.id, read(&row.data)?))).collect())
    }

    /// `until`: from when on the row no longer matters.
    pub(crate) fn put<T: Kind>(&self, id: &str, value: &T, until: Option<Timestamp>) -> Result<(), StoreError> {
        let expires_at = until.and_then(|until| until.checked_add(KEPT).ok());
        let row = PracticeRow { kind: T::KIND.to_owned(), id: id.to_owned(), data: write(value), expires_at };
        self.0.practice_put(&row)
    }

    pub(crate) fn take<T: Kind>(&self, id: &str) -> Result<Option<T>, StoreError> {
        Ok(self.0.practice_take(T::KIND, id)?.and_then(|row| read(&row.data)))
    }

    pub(crate) fn remove<T: Kind>(&self, id: &str) -> Result<bool, StoreError> {
        self.0.practice_remove(T::KIND, id)
    }

    /// Removes what stopped mattering a day ago or earlier.
    pub(crate) fn purge(&self, now: Timestamp) -> Result<(), StoreError> {
        self.0.practice_purge(now).map(drop)
    }

    /// Changes a row in one transaction, so that of two requests at once only one sees it unchanged. `change` may look at an
    /// absent row, and a row it leaves `None` is removed.
    pub(crate) fn update<T: Kind>(&self, id: &str, mut change: impl FnMut(&mut Option<T>)) -> Result<(), StoreError> {
        self.0.practice_update(T::KIND, id, &mut |data| {
            let mut value = data.and_then(read);
            change(&mut value);
            value.as_ref().map(write)
        })
    }
}

fn read<T: Kind>(data: &str) -> Option<T> {
    serde_json::from_str(data).inspect_err(|error| tracing::warn!(kind = T::KIND, %error, "unreadable row")).ok()
}

fn write<T: Kind>(value: &T) -> String {
    // Plain data without maps of other keys than text: it always has a JSON form.
    serde_json::to_string(value).unwrap_or_default()
}
