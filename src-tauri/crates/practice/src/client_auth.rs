//! Which client speaks: RFC 6749, 2.3.

use axum::http::header;
use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL_NOPAD};
use serde_json::Value;
use subtle::ConstantTimeEq;

use crate::call::Call;
use crate::params::Params;
use crate::refusal::{Stop, Wrong, refuse};
use crate::rows::Client;
use crate::scene::Scene;

/// A client that may go on.
pub(crate) struct Caller {
    pub(crate) id: String,
    /// Whether it sent a secret and, if it is registered, the right one.
    pub(crate) proved: bool,
    /// What it is registered as; `None` only where unregistered clients are served.
    pub(crate) client: Option<Client>,
    /// Whether the secret came in the Authorization header.
    pub(crate) basic: bool,
}

/// What was sent, before anything is compared.
struct Sent {
    id: String,
    secret: Option<String>,
    basic: bool,
}

pub(crate) fn authenticate(scene: &Scene<'_>, call: &Call, params: &Params) -> Result<Caller, Stop> {
    let repeated = params.repeated(&["client_id", "client_secret", "client_assertion", "client_assertion_type"]);
    if let Some(name) = repeated {
        return refuse(Wrong::Request, format!("{name} must not stand there twice"));
    }
    let sent = sent(call, params)?;
    let Some(client) = scene.rows.get::<Client>(&sent.id)? else {
        if scene.strict {
            return refuse(Wrong::Client, "The client is not registered.");
        }
        return Ok(Caller { id: sent.id, proved: sent.secret.is_some(), client: None, basic: sent.basic });
    };
    let proved = match (&client.secret, &sent.secret) {
        (Some(kept), Some(given)) => bool::from(kept.as_bytes().ct_eq(given.as_bytes())),
        (None, None) => true,
        _ => false,
    };
    if !proved {
        return refuse(Wrong::Client, "Client authentication failed.");
    }
    Ok(Caller { id: sent.id, proved: client.secret.is_some(), client: Some(client), basic: sent.basic })
}

fn sent(call: &Call, params: &Params) -> Result<Sent, Stop> {
    let header = call.headers.get(header::AUTHORIZATION);
    let ways = [header.is_some(), params.get("client_secret").is_some(), params.get("client_assertion").is_some()];
    if ways.iter().filter(|way| **way).count() > 1 {
        return refuse(Wrong::Request, "The client may authenticate in one way only.");
    }
    if let Some(assertion) = params.get("client_assertion") {
        return refuse_assertion(params, assertion);
    }
    let named = params.get("client_id");
    if header.is_none() {
        let Some(id) = named else {
            return refuse(Wrong::Request, "The client did not say who it is.");
        };
        let secret = params.get("client_secret").map(str::to_owned);
        return Ok(Sent { id: id.to_owned(), secret, basic: false });
    }
    let Some((id, secret)) = call.authorization("basic").and_then(basic) else {
        return refuse(Wrong::Request, "The Authorization header is not that of a client.");
    };
    if named.is_some_and(|named| named != id) {
        return refuse(Wrong::Request, "The client says twice who it is, and differently.");
    }
    if id.is_empty() || secret.is_empty() {
        return refuse(Wrong::Request, "The Authorization header lacks the client's id or secret.");
    }
    Ok(Sent { id, secret: Some(secret), basic: true })
}

/// Assertions of clients (RFC 7523, 2.2) are understood well enough to be refused with the right error.
fn refuse_assertion<T>(params: &Params, assertion: &str) -> Result<T, Stop> {
    let claims = assertion.split('.').nth(1).and_then(|part| BASE64URL_NOPAD.decode(part.as_bytes()).ok());
    let Some(claims) = claims.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok()) else {
        return refuse(Wrong::Request, "The client assertion is not a JWT.");
    };
    let known = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    if claims["sub"].is_string() && params.get("client_assertion_type") != Some(known) {
        return refuse(Wrong::Request, "The type of the client assertion is missing or unknown.");
    }
    refuse(Wrong::Client, "Client authentication failed.")
}

/// Id and secret of a Basic header: base64 of two form-encoded texts (RFC 6749, 2.3.1). `None`: it is malformed.
fn basic(value: &str) -> Option<(String, String)> {
    let bytes = BASE64.decode(value.as_bytes()).or_else(|_| BASE64_NOPAD.decode(value.as_bytes())).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((form_decoded(id)?, form_decoded(secret)?))
}

/// `None`: a broken escape, or characters that no id or secret has (RFC 6749, appendix A.1 and A.2).
fn form_decoded(text: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        decoded.push(match first {
            b'+' => b' ',
            b'%' => {
                let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok())?;
                rest = &after[2..];
                digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then_some(())?;
                u8::from_str_radix(digits, 16).ok()?
            }
            other => *other,
        });
    }
    let decoded = String::from_utf8(decoded).ok()?;
    decoded.bytes().all(|byte| (0x20..=0x7e).contains(&byte)).then_some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_is_form_decoded() {
        let check = |text: &str, expect: Option<(&str, &str)>| {
            let found = basic(&BASE64.encode(text.as_bytes()));
            assert_eq!(found, expect.map(|(id, secret)| (id.to_owned(), secret.to_owned())), "{text}");
        };
        check("id:secret", Some(("id", "secret")));
        check("a%3Ab:c+d%2B", Some(("a:b", "c d+")));
        check("id:a:b", Some(("id", "a:b")));
        check("id:", Some(("id", "")));
        check("id", None);
        check("id:%zz", None);
        check("id:%2", None);
        check("id:a%0Ab", None);
        check("id:%C3%A9", None);
        assert_eq!(basic("!"), None);
    }
}
