//! What a token endpoint answered, read tolerantly where providers are merely odd and strictly where a mistake would cost a
//! sign-in. Pure: bytes in, a grant or a refusal out.
//!
//! An error is looked for before a token, because several providers answer 200 to a failure. What is read by its content and
//! never by its header: JSON, a form (GitHub), gzip without `Content-Encoding`.

mod error;
mod fields;
mod gunzip;
mod json;
#[cfg(test)]
mod tests;

use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use fields::Fields;

/// The largest answer that is read, in bytes.
pub(crate) const BODY_LIMIT: usize = 1024 * 1024;
/// The longest token that is taken, in bytes.
const TOKEN_LIMIT: usize = 16 * 1024;
/// A life longer than this is a mistake of the server: 100 years, in seconds.
const LIFE_LIMIT: u64 = 100 * 366 * 86_400;

/// Tokens, as RFC 6749 section 5.1 has them.
pub(crate) struct Granted {
    pub(crate) access_token: Zeroizing<String>,
    /// Absent: the one that was sent stays valid (RFC 6749 section 6).
    pub(crate) refresh_token: Option<Zeroizing<String>>,
    pub(crate) id_token: Option<Zeroizing<String>>,
    /// Seconds from the moment of the answer. `None` is unknown, not "never".
    pub(crate) expires_in: Option<u64>,
    /// As sent; a list is joined with spaces.
    pub(crate) scope: Option<String>,
    /// Everything else, without anything that is named like a secret.
    pub(crate) rest: Map<String, Value>,
}

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The provider said no, and why.
    Said(Said),
    /// Not now: the same request may succeed later. `after` is in seconds, as `Retry-After` gave it.
    Later { status: u16, after: Option<u64>, said: Option<Said> },
    /// An answer that is neither a token nor an error.
    Odd { status: u16, odd: Odd },
}

/// An error in the provider's words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Said {
    /// The code of RFC 6749 section 5.2 that it amounts to, else the provider's own.
    pub(crate) error: String,
    /// The provider's own code, where it has one besides.
    pub(crate) code: Option<String>,
    /// Its explanation. Untrusted text.
    pub(crate) text: Option<String>,
}

/// What is wrong with an answer that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Odd {
    Empty,
    TooLarge,
    Redirect,
    Encoding,
    Html,
    NotJson,
    NotAnObject,
    Twice,
    NoToken,
    Token,
    RefreshToken,
    Type,
    Expiry,
    Scope,
    Status,
}

impl fmt::Debug for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Granted(…)")
    }
}

impl Odd {
    /// Continues "… answered, but ".
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Empty => "the answer is empty",
            Self::TooLarge => "the answer is larger than 1 MiB",
            Self::Redirect => "it sends the request elsewhere, which is never followed with a secret",
            Self::Encoding => "the answer is not UTF-8 text",
            Self::Html => "the answer is a web page",
            Self::NotJson => "the answer is neither JSON nor a form",
            Self::NotAnObject => "the answer is not an object",
            Self::Twice => "the answer names a field twice",
            Self::NoToken => "there is no token in the answer",
            Self::Token => "its token is not usable text",
            Self::RefreshToken => "its refresh token is not usable text",
            Self::Type => "its token is not a bearer token",
            Self::Expiry => "it is unclear how long its token lives",
            Self::Scope => "its scopes cannot be read",
            Self::Status => "its status says that something is wrong",
        }
    }
}

impl Refused {
    /// The error code of the provider, if it gave one.
    pub(crate) fn error(&self) -> Option<&str> {
        match self {
            Self::Said(said) | Self::Later { said: Some(said), .. } => Some(&said.error),
            _ => None,
        }
    }
}

/// Reads an answer. `now` serves dates in it when the answer has no `Date` of its own.
pub(crate) fn normalise(
    status: u16,
    headers: &[(String, String)],
    body: &[u8],
    now: Timestamp,
) -> Result<Granted, Refused> {
    let odd = |odd| Refused::Odd { status, odd };
    if (300..400).contains(&status) {
        return Err(odd(Odd::Redirect));
    }
    let read = read(body);
    let said = read.as_ref().ok().and_then(error::find);
    let later = matches!(status, 408 | 425 | 429 | 500..) || said.as_ref().is_some_and(error::passes);
    if later {
        return Err(Refused::Later { status, after: retry_after(headers, now), said });
    }
    if let Some(said) = said {
        return Err(Refused::Said(said));
    }
    if !(200..300).contains(&status) {
        let asks_for_client = header(headers, "www-authenticate").is_some() || body.is_empty();
        return Err(match status {
            401 if asks_for_client => Refused::Said(Said { error: "invalid_client".into(), ..Said::default() }),
            _ => odd(Odd::Status),
        });
    }
    let server_now = header(headers, "date").and_then(fields::date).unwrap_or(now);
    read.and_then(|map| grant(map, server_now)).map_err(odd)
}

/// The fields of an answer, whatever it was written in.
fn read(body: &[u8]) -> Result<Map<String, Value>, Odd> {
    if body.len() > BODY_LIMIT {
        return Err(Odd::TooLarge);
    }
    let unpacked;
    let body = if body.starts_with(&[0x1f, 0x8b]) {
        unpacked = gunzip::gunzip(body, BODY_LIMIT).ok_or(Odd::Encoding)?;
        &unpacked[..]
    } else {
        body
    };
    let text = std::str::from_utf8(body).map_err(|_| Odd::Encoding)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
    if text.contains('\0') {
        return Err(Odd::Encoding);
    }
    match text.chars().next() {
        None => Err(Odd::Empty),
        Some('<') => Err(Odd::Html),
        Some('{') => json::object(text),
        Some('[' | '"') => Err(Odd::NotAnObject),
        Some(_) => form(text),
    }
}

fn form(text: &str) -> Result<Map<String, Value>, Odd> {
    if !text.contains('=') || text.contains(char::is_whitespace) {
        return Err(Odd::NotJson);
    }
    let mut map = Map::new();
    for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
        if map.insert(name.into_owned(), Value::String(value.into_owned())).is_some() {
            return Err(Odd::Twice);
        }
    }
    Ok(map)
}

/// The tokens of an answer without an error.
fn grant(map: Map<String, Value>, now: Timestamp) -> Result<Granted, Odd> {
    let mut fields = Fields::new(unwrap(map))?;
    let access_token = match fields.take("access_token") {
        Some(Value::String(text)) => token(text).ok_or(Odd::Token)?,
        None => return Err(Odd::NoToken),
        Some(_) => return Err(Odd::Token),
    };
    let optional = |value: Option<Value>, odd: Odd| match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) => token(text).map(Some).ok_or(odd),
        Some(_) => Err(odd),
    };
    let refresh_token = optional(fields.take("refresh_token"), Odd::RefreshToken)?;
    let id_token = optional(fields.take("id_token"), Odd::Token)?;
    if !fields::is_bearer(fields.take("token_type").as_ref()) {
        return Err(Odd::Type);
    }
    let expires_in = fields::life(&mut fields, now)?;
    if expires_in.is_some_and(|seconds| seconds > LIFE_LIMIT) {
        return Err(Odd::Expiry);
    }
    let scope = fields::scope(fields.take("scope"))?;
    Ok(Granted { access_token, refresh_token, id_token, expires_in, scope, rest: fields.rest() })
}

/// Takes off the wrappers in which some services put their tokens: Slack's `authed_user`, `data`, and JSON:API's
/// `data.attributes`. Others are not guessed at.
fn unwrap(mut map: Map<String, Value>) -> Map<String, Value> {
    if map.keys().any(|key| fields::same_name(key, "access_token")) {
        return map;
    }
    if let Some(Value::Object(user)) = map.get_mut("authed_user") {
        return std::mem::take(user);
    }
    match map.get_mut("data") {
        Some(Value::Object(data)) => match data.get_mut("attributes") {
            Some(Value::Object(attributes)) => std::mem::take(attributes),
            _ => std::mem::take(data),
        },
        _ => map,
    }
}

/// A token that can stand in a header: visible ASCII (RFC 6750 section 2.1), neither empty nor endless.
fn token(text: String) -> Option<Zeroizing<String>> {
    let text = Zeroizing::new(text);
    let usable = !text.is_empty() && text.len() <= TOKEN_LIMIT && text.bytes().all(|byte| byte.is_ascii_graphic());
    usable.then_some(text)
}

/// `Retry-After` in seconds, from a number or a date (RFC 9110 section 10.2.3); at most a day.
pub(crate) fn retry_after(headers: &[(String, String)], now: Timestamp) -> Option<u64> {
    let value = header(headers, "retry-after")?.trim();
    let seconds = match value.parse::<u64>() {
        Ok(seconds) => seconds,
        Err(_) => u64::try_from(fields::date(value)?.as_second() - now.as_second()).unwrap_or(0),
    };
    Some(seconds.min(86_400))
}

pub(crate) fn header<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}
