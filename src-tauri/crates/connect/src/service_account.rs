//! Google service accounts: the key file, and the assertions that are signed with it (RFC 7523; Google, "Using OAuth 2.0 for
//! server to server applications").
//!
//! A key file arrives mangled in many ways; [`KeyFile::read`] unwraps it, checks every field, and proves the key by signing an
//! assertion and verifying it with the key's own public half. No request is made here, and nothing is stored.

mod pem;
mod problem;
#[cfg(test)]
mod tests;
mod unwrap;

use std::fmt;
use std::net::SocketAddr;

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

pub use problem::KeyFileProblem;

/// The only host that assertions are sent to.
const TOKEN_HOST: &str = "oauth2.googleapis.com";
/// The longest key file that is read, in bytes.
const FILE_LIMIT: usize = 64 * 1024;
/// The longest field besides the key, in bytes.
const FIELD_LIMIT: usize = 1024;
/// How long an assertion may be used, in seconds; Google takes no more.
const LIFE: i64 = 3600;
/// How far `iat` lies in the past, in seconds, for clocks that go a little fast.
const BACK: i64 = 30;

/// What may be shown of a service account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAccountView {
    /// The account's address.
    pub client_email: String,
    /// The project that it belongs to, if the file says so.
    pub project_id: Option<String>,
    /// The id of the key, not secret: it is what the console lists.
    pub key_id: String,
    /// The length of the key.
    pub bits: usize,
}

/// A service account's key, read, checked and proven.
pub(crate) struct KeyFile {
    pub(crate) view: ServiceAccountView,
    /// Where assertions are sent, and whom they are for.
    pub(crate) token_uri: String,
    client_id: Option<String>,
    pem: Zeroizing<String>,
}

impl fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyFile").field("client_email", &self.view.client_email).finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct Stored<'k> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    project_id: Option<&'k str>,
    private_key_id: &'k str,
    private_key: &'k str,
    client_email: &'k str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'k str>,
    token_uri: &'k str,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    scope: String,
    aud: String,
    iat: i64,
    exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
}

impl KeyFile {
    /// Reads what was pasted, dropped, picked or stored. `practice` is the practice server whose address the file may name
    /// besides Google's.
    pub(crate) fn read(text: &str, practice: Option<SocketAddr>) -> Result<Self, KeyFileProblem> {
        let mut map = unwrap::unwrap(text)?;
        let pasted_key = match map.remove("private_key") {
            Some(Value::String(key)) => Ok(Zeroizing::new(key)),
            Some(_) => Err(KeyFileProblem::Wrong { field: "private_key", why: "is not a text" }),
            None => Err(KeyFileProblem::Missing { field: "private_key" }),
        };
        kind(&map)?;
        let client_email = email(&map)?;
        let key_id = required(&map, "private_key_id")?;
        let token_uri = required(&map, "token_uri")?;
        check_token_uri(&token_uri, practice)?;
        if optional(&map, "universe_domain")?.is_some_and(|universe| universe != "googleapis.com") {
            return Err(KeyFileProblem::Wrong {
                field: "universe_domain",
                why: "belongs to another cloud than Google's",
            });
        }
        let key = pem::read(&pasted_key?)?;
        let view =
            ServiceAccountView { client_email, project_id: optional(&map, "project_id")?, key_id, bits: key.bits };
        let file = Self { view, token_uri, client_id: optional(&map, "client_id")?, pem: key.pem };
        file.prove(&key.public)?;
        Ok(file)
    }

    /// The file in its plain form, for the vault.
    pub(crate) fn to_json(&self) -> Zeroizing<String> {
        let stored = Stored {
            r#type: "service_account",
            project_id: self.view.project_id.as_deref(),
            private_key_id: &self.view.key_id,
            private_key: &self.pem,
            client_email: &self.view.client_email,
            client_id: self.client_id.as_deref(),
            token_uri: &self.token_uri,
        };
        // Made large enough at once: a buffer that grows leaves copies of the key behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(2 * self.pem.len() + 8 * FIELD_LIMIT));
        let written = serde_json::to_writer(&mut *bytes, &stored).is_ok();
        debug_assert!(written, "texts always serialise");
        Zeroizing::new(String::from_utf8(std::mem::take(&mut *bytes)).unwrap_or_default())
    }

    /// An assertion for these scopes (separated with commas or whitespace), to be sent as `assertion`. `clock_ahead` is how many
    /// seconds this computer's clock is ahead of Google's. `subject` is the person to act for, which needs domain-wide
    /// delegation.
    pub(crate) fn assertion(
        &self,
        scope: &str,
        subject: Option<&str>,
        now: Timestamp,
        clock_ahead: i64,
    ) -> Result<Zeroizing<String>, KeyFileProblem> {
        let iat = now.as_second().saturating_sub(clock_ahead).saturating_sub(BACK);
        let claims = Claims {
            iss: self.view.client_email.clone(),
            scope: providers::split_scopes(scope).join(" "),
            aud: self.token_uri.clone(),
            iat,
            exp: iat.saturating_add(LIFE),
            sub: subject.map(str::to_owned),
        };
        let header = Header { kid: Some(self.view.key_id.clone()), ..Header::new(Algorithm::RS256) };
        let key = EncodingKey::from_rsa_pem(self.pem.as_bytes()).map_err(|_| KeyFileProblem::Unproven)?;
        jsonwebtoken::encode(&header, &claims, &key).map(Zeroizing::new).map_err(|_| KeyFileProblem::Unproven)
    }

    /// Signs as for Google, and verifies with the public half: a damaged key is found before it is stored.
    fn prove(&self, public: &[u8]) -> Result<(), KeyFileProblem> {
        let assertion = self.assertion("proof", None, Timestamp::UNIX_EPOCH, 0)?;
        let mut validation = Validation::new(Algorithm::RS256);
        validation.validate_exp = false;
        validation.set_audience(&[&self.token_uri]);
        let read =
            jsonwebtoken::decode::<Claims>(assertion.as_bytes(), &DecodingKey::from_rsa_der(public), &validation);
        let proven = read.is_ok_and(|token| token.claims.iss == self.view.client_email);
        proven.then_some(()).ok_or(KeyFileProblem::Unproven)
    }
}

/// Tells a service account's key from the other files that Google gives out.
fn kind(map: &Map<String, Value>) -> Result<(), KeyFileProblem> {
    let is_client = |key: &str| map.get(key).is_some_and(|block| block.get("client_id").is_some());
    if is_client("web") || is_client("installed") || map.contains_key("client_secret") && !map.contains_key("type") {
        return Err(KeyFileProblem::OAuthClient);
    }
    if map.contains_key("access_token") {
        return Err(KeyFileProblem::Token);
    }
    match map.get("type").and_then(Value::as_str) {
        Some("service_account") => Ok(()),
        Some("authorized_user") => Err(KeyFileProblem::OwnCredentials),
        Some("external_account" | "external_account_authorized_user" | "impersonated_service_account") => {
            Err(KeyFileProblem::Federation)
        }
        Some(_) => Err(KeyFileProblem::Wrong { field: "type", why: "is not `service_account`" }),
        None => Err(KeyFileProblem::Missing { field: "type" }),
    }
}

fn email(map: &Map<String, Value>) -> Result<String, KeyFileProblem> {
    let email = required(map, "client_email")?;
    let is_address = email.split_once('@').is_some_and(|(name, host)| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
        !name.is_empty() && host.contains('.') && name.chars().chain(host.chars()).all(plain)
    });
    is_address.then_some(email).ok_or(KeyFileProblem::Wrong { field: "client_email", why: "is not an e-mail address" })
}

fn check_token_uri(uri: &str, practice: Option<SocketAddr>) -> Result<(), KeyFileProblem> {
    let wrong = |why| KeyFileProblem::Wrong { field: "token_uri", why };
    let url = url::Url::parse(uri).map_err(|_| wrong("is not an address"))?;
    let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if !bare {
        return Err(wrong("holds more than an address"));
    }
    if url.scheme() == "https" && url.host_str() == Some(TOKEN_HOST) && url.port().is_none() {
        return Ok(());
    }
    let is_loopback = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        _ => false,
    };
    match practice {
        Some(server) if url.scheme() == "http" && uri.starts_with(&format!("http://{server}/")) => Ok(()),
        None if url.scheme() == "http" && is_loopback => Err(KeyFileProblem::PracticeKey),
        _ => Err(wrong("is not Google's, so signing for it could give the account to somebody else")),
    }
}

fn optional(map: &Map<String, Value>, field: &'static str) -> Result<Option<String>, KeyFileProblem> {
    let wrong = |why| Err(KeyFileProblem::Wrong { field, why });
    match map.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => match text.trim() {
            "" => Ok(None),
            text if text.len() > FIELD_LIMIT => wrong("is too long"),
            text if text.chars().any(char::is_control) => wrong("holds a line break or another control character"),
            text => Ok(Some(text.to_owned())),
        },
        Some(_) => wrong("is not a text"),
    }
}

fn required(map: &Map<String, Value>, field: &'static str) -> Result<String, KeyFileProblem> {
    optional(map, field)?.ok_or(KeyFileProblem::Missing { field })
}
