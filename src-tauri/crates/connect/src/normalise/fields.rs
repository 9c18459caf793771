//! The fields of a token answer, under the names and in the spellings that occur.

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use serde_json::{Map, Value};

use super::Odd;

/// Longer numbers than this are moments, not durations: 2001 in seconds since 1970, or 31 years.
const FIRST_MOMENT: f64 = 1e9;
/// Longer ones still are moments in milliseconds.
const FIRST_MILLISECOND: f64 = 1e11;

pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// Refuses an answer in which one of the names that matter stands in two spellings.
    pub(super) fn new(map: Map<String, Value>) -> Result<Self, Odd> {
        for name in ["access_token", "refresh_token", "expires_in", "token_type"] {
            if map.keys().filter(|key| same_name(key, name)).count() > 1 {
                return Err(Odd::Twice);
            }
        }
        Ok(Self(map))
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        let key = self.0.keys().find(|key| same_name(key, name))?.clone();
        self.0.remove(&key)
    }

    /// What nobody took, without anything that is named like a secret or is large.
    pub(super) fn rest(self) -> Map<String, Value> {
        let secret = |name: &str| {
            let name = name.to_ascii_lowercase();
            ["token", "secret", "password", "key", "code", "assertion", "cookie"].iter().any(|word| name.contains(word))
        };
        let plain = |value: &Value| match value {
            Value::String(text) => text.len() <= 2048,
            Value::Array(_) | Value::Object(_) => false,
            _ => true,
        };
        self.0.into_iter().filter(|(name, value)| !secret(name) && plain(value)).take(64).collect()
    }
}

/// Whether two names differ in case and separators only: `accessToken`, `ACCESS_TOKEN`.
pub(super) fn same_name(given: &str, name: &str) -> bool {
    let letters = |text: &str| -> Vec<u8> {
        text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).collect()
    };
    given == name || (given.len() <= 32 && letters(given) == letters(name))
}

/// A missing type means bearer. Slack says `user` and `bot`, others repeat "token" in some form.
pub(super) fn is_bearer(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(kind)) => {
            let kind = kind.trim().to_ascii_lowercase();
            matches!(
                kind.as_str(),
                "" | "bearer" | "bearertoken" | "bearer_token" | "bearer token" | "token" | "user" | "bot"
            )
        }
        Some(_) => false,
    }
}

/// Seconds from `now` until the token ends.
pub(super) fn life(fields: &mut Fields, now: Timestamp) -> Result<Option<u64>, Odd> {
    let mut found = None;
    for name in ["expires_in", "expires", "expires_at", "expires_on", "expiry", "expiration", "expires_date"] {
        let value = fields.take(name);
        if found.is_none() {
            found = value.map_or(Ok(None), |value| seconds(&value, now))?;
        }
    }
    Ok(found)
}

fn seconds(value: &Value, now: Timestamp) -> Result<Option<u64>, Odd> {
    let number = match value {
        Value::Null => return Ok(None),
        Value::Number(number) => number.as_f64().ok_or(Odd::Expiry)?,
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => match plain_number(text.trim()) {
            Some(number) => number,
            None => date(text.trim()).ok_or(Odd::Expiry)?.as_second() as f64,
        },
        _ => return Err(Odd::Expiry),
    };
    if !number.is_finite() || number < 0.0 {
        return Err(Odd::Expiry);
    }
    let moment = now.as_second() as f64;
    let left = match number {
        // A moment may lie in the past: the token has ended then, which is no mistake of the answer.
        n if (FIRST_MILLISECOND..FIRST_MILLISECOND * 1e3).contains(&n) => (n / 1e3 - moment).max(0.0),
        n if (FIRST_MOMENT..FIRST_MILLISECOND / 10.0).contains(&n) => (n - moment).max(0.0),
        n if n < FIRST_MOMENT => n,
        _ => return Err(Odd::Expiry),
    };
    Ok(Some(left as u64))
}

/// Digits with at most one point. `f64::from_str` would take `NaN`, `inf` and `1e9` too.
fn plain_number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
    plain.then(|| text.parse().ok()).flatten()
}

/// A moment as RFC 3339 or RFC 9110 write it.
pub(super) fn date(text: &str) -> Option<Timestamp> {
    let http = || {
        let text = text.replace(" GMT", " +0000").replace(" UTC", " +0000");
        rfc2822::parse(&text).ok().map(|moment| moment.timestamp())
    };
    text.parse().ok().or_else(http)
}

pub(super) fn scope(value: Option<Value>) -> Result<Option<String>, Odd> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok((!text.trim().is_empty() && text.len() <= 16 * 1024).then_some(text)),
        Some(Value::Array(items)) => {
            let words: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            words.map(|words| Some(words.join(" "))).ok_or(Odd::Scope)
        }
        Some(_) => Err(Odd::Scope),
    }
}
