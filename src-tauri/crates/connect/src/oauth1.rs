//! OAuth 1.0a as RFC 5849 has it, signed with HMAC-SHA1: the header of a request, and the form that answers one. Nonce and time
//! are handed in.

#[cfg(test)]
mod tests;

use std::fmt;

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use url::Url;
use zeroize::Zeroizing;

/// Who signs.
pub(crate) struct Keys<'k> {
    pub(crate) consumer_key: &'k str,
    pub(crate) consumer_secret: &'k str,
    /// A token and its secret; none for the first request.
    pub(crate) token: Option<(&'k str, &'k str)>,
}

/// What is signed.
pub(crate) struct Request<'r> {
    pub(crate) method: &'r str,
    /// With its query.
    pub(crate) url: &'r Url,
    /// The form in the body, if the body is one; decoded.
    pub(crate) form: &'r [(&'r str, &'r str)],
    /// `oauth_callback` or `oauth_verifier`; go into the header.
    pub(crate) oauth: &'r [(&'r str, &'r str)],
    /// Never used twice with the same time.
    pub(crate) nonce: &'r str,
    /// Seconds since 1970.
    pub(crate) timestamp: i64,
}

/// A token that a form brought.
pub(crate) struct Token {
    pub(crate) token: Zeroizing<String>,
    pub(crate) secret: Zeroizing<String>,
    /// `oauth_callback_confirmed`, which the answer to the first request must hold (RFC 5849 section 2.1).
    pub(crate) confirmed: bool,
    /// What else came: `user_id`, `screen_name`.
    pub(crate) rest: Vec<(String, String)>,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("confirmed", &self.confirmed).finish_non_exhaustive()
    }
}

/// The value of the header `Authorization` for a request (RFC 5849 section 3.5.1).
pub(crate) fn header(request: &Request<'_>, keys: &Keys<'_>) -> Zeroizing<String> {
    let timestamp = request.timestamp.to_string();
    let mut oauth = vec![
        ("oauth_consumer_key", keys.consumer_key),
        ("oauth_nonce", request.nonce),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", &timestamp),
        ("oauth_version", "1.0"),
    ];
    oauth.extend(keys.token.map(|(token, _)| ("oauth_token", token)));
    oauth.extend_from_slice(request.oauth);
    let base = base_string(request.method, request.url, &oauth, request.form);
    let signature = sign(&base, keys.consumer_secret, keys.token.map_or("", |(_, secret)| secret));
    oauth.push(("oauth_signature", &signature));
    oauth.sort_unstable();
    let parts: Vec<_> = oauth.iter().map(|(name, value)| format!("{}=\"{}\"", encode(name), encode(value))).collect();
    Zeroizing::new(format!("OAuth {}", parts.join(", ")))
}

/// Reads `oauth_token=…&oauth_token_secret=…`. `None` if either is missing, empty or there twice.
pub(crate) fn read_token(body: &str) -> Option<Token> {
    let mut found =
        Token { token: Zeroizing::default(), secret: Zeroizing::default(), confirmed: false, rest: Vec::new() };
    for (name, value) in url::form_urlencoded::parse(body.trim().as_bytes()) {
        match &*name {
            "oauth_token" if found.token.is_empty() => found.token.push_str(&value),
            "oauth_token_secret" if found.secret.is_empty() => found.secret.push_str(&value),
            "oauth_token" | "oauth_token_secret" => return None,
            "oauth_callback_confirmed" => found.confirmed = value == "true",
            _ => found.rest.push((name.into_owned(), value.into_owned())),
        }
    }
    (!found.token.is_empty() && !found.secret.is_empty()).then_some(found)
}

/// The signature base string (RFC 5849 section 3.4.1).
fn base_string(method: &str, url: &Url, oauth: &[(&str, &str)], form: &[(&str, &str)]) -> Zeroizing<String> {
    let pair = |name: &str, value: &str| (encode(name), encode(value));
    let mut pairs: Vec<(String, String)> = url.query_pairs().map(|(name, value)| pair(&name, &value)).collect();
    pairs.extend(oauth.iter().chain(form).map(|(name, value)| pair(name, value)));
    // Sorted as they are encoded (section 3.4.1.3.2).
    pairs.sort_unstable();
    let parameters: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let parts = [method.to_ascii_uppercase(), encode(&base_uri(url)), encode(&parameters.join("&"))];
    Zeroizing::new(parts.join("&"))
}

/// Scheme, host in lower case, port unless it is the scheme's own, and path (RFC 5849 section 3.4.1.2).
fn base_uri(url: &Url) -> String {
    let mut bare = url.clone();
    bare.set_query(None);
    bare.set_fragment(None);
    bare.to_string()
}

fn sign(base: &str, consumer_secret: &str, token_secret: &str) -> String {
    let key = Zeroizing::new(format!("{}&{}", encode(consumer_secret), encode(token_secret)));
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key.as_bytes()) else {
        unreachable!("HMAC takes keys of any length")
    };
    mac.update(base.as_bytes());
    BASE64.encode(&mac.finalize().into_bytes())
}

/// Percent encoding as RFC 5849 section 3.6 wants it, which is stricter than that of forms.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for digit in [byte >> 4, byte & 15] {
                encoded.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
            }
        }
    }
    encoded
}
