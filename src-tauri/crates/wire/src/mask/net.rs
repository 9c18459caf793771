use std::ops::Range;

/// Names whose values are secret wherever they stand, as parameters or as keys of JSON.
const SECRET_NAMES: [&str; 17] = [
    "access_token",
    "refresh_token",
    "id_token",
    "auth_token",
    "oauth_token",
    "oauth_token_secret",
    "client_secret",
    "client_assertion",
    "assertion",
    "code_verifier",
    "device_code",
    "fb_exchange_token",
    "appsecret_proof",
    "private_key",
    "private_key_id",
    "password",
    "passphrase",
];
/// Secret as parameters only: in JSON it is usually a number of an error.
const SECRET_PARAMETERS: [&str; 1] = ["code"];

/// What looks like a secret, in no particular order; parts may overlap.
pub(super) fn catch(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut caught = Vec::new();
    for at in 0..bytes.len() {
        // Nothing below begins in the middle of a word.
        if !bytes[at].is_ascii() || is_word(bytes[at]) && !begins_word(bytes, at) {
            continue;
        }
        let found = match bytes[at] {
            b'-' => pem(text, at),
            b'y' => token(bytes, at, b"ya29.", 8),
            b'E' => token(bytes, at, b"EAA", 16),
            b'A' => twilio(bytes, at),
            b'e' => jwt(bytes, at),
            _ => None,
        };
        caught.extend(found.or_else(|| scheme(bytes, at)));
        caught.extend(named(bytes, at));
    }
    caught
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether a word may begin here: after no word, or after an escape that ends in a letter or digit (`%3F`, `\n`).
fn begins_word(bytes: &[u8], at: usize) -> bool {
    let before = &bytes[..at];
    match before {
        [.., b'%', a, b] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => true,
        [.., b'\\', b'n' | b'r' | b't'] => true,
        [.., last] => !is_word(*last),
        [] => true,
    }
}

/// The characters of tokens in headers (RFC 9110 11.2, `token68`).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte)
}

fn run(bytes: &[u8], at: usize, of: impl Fn(u8) -> bool) -> usize {
    bytes[at..].iter().take_while(|byte| of(**byte)).count()
}

/// A token with a known beginning, of at least `rest` further characters.
fn token(bytes: &[u8], at: usize, prefix: &[u8], rest: usize) -> Option<Range<usize>> {
    let after = bytes[at..].starts_with(prefix).then_some(at + prefix.len())?;
    let length = run(bytes, after, |byte| is_token(byte) && byte != b'=');
    (length >= rest).then_some(at..after + length)
}

/// An account of Twilio: `AC` and 32 hexadecimal digits.
fn twilio(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let after = bytes[at..].starts_with(b"AC").then_some(at + 2)?;
    (run(bytes, after, |byte| byte.is_ascii_hexdigit()) == 32).then_some(at..after + 32)
}

/// Three parts in Base64 whose first is a JSON object (RFC 7519 3.1).
fn jwt(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let header = bytes[at..].starts_with(b"eyJ").then(|| run(bytes, at, part))?;
    let payload = (bytes.get(at + header) == Some(&b'.')).then_some(at + header + 1)?;
    let length = run(bytes, payload, part);
    let end = payload + length;
    let signature = if bytes.get(end) == Some(&b'.') { 1 + run(bytes, end + 1, part) } else { 0 };
    (header >= 8 && length >= 4).then_some(at..end + signature)
}

/// A block of keys or certificates, to its end or to the end of the text.
fn pem(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = &text[at..];
    if !rest.starts_with("-----BEGIN ") || rest.starts_with("-----BEGIN CERTIFICATE") {
        return None;
    }
    let end = rest.find("-----END ").map(|end| {
        let label = end + "-----END ".len();
        rest[label..].find("-----").map_or(rest.len(), |dashes| label + dashes + 5)
    });
    Some(at..at + end.unwrap_or(rest.len()))
}

/// What stands after `Bearer ` and `Basic `, unless it is the parameter of a challenge (RFC 6750 3).
fn scheme(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let length = [&b"bearer "[..], b"basic "].iter().find_map(|scheme| {
        let given = bytes.get(at..at + scheme.len())?;
        given.eq_ignore_ascii_case(scheme).then_some(scheme.len())
    })?;
    let from = at + length;
    let length = run(bytes, from, is_token);
    let end = from + length;
    let challenge = bytes[from..end].ends_with(b"=") && matches!(bytes.get(end), Some(b'"' | b'\\'));
    (length >= 8 && !challenge).then_some(from..end)
}

/// The value behind a name that announces a secret: `name=value`, `name%3Dvalue`, `"name": "value"`, `"name\": \"value\"`.
fn named(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let length = run(bytes, at, is_word);
    let name = std::str::from_utf8(&bytes[at..at + length]).ok().filter(|name| !name.is_empty())?;
    let is = |names: &[&str]| names.iter().any(|secret| name.eq_ignore_ascii_case(secret));
    let everywhere = is(&SECRET_NAMES);
    if !everywhere && !is(&SECRET_PARAMETERS) {
        return None;
    }
    let after = at + length;
    parameter(bytes, after).or_else(|| everywhere.then(|| member(bytes, after)).flatten())
}

fn parameter(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let encoded = bytes[at..].get(..3).is_some_and(|sign| sign.eq_ignore_ascii_case(b"%3d"));
    let from = if encoded { at + 3 } else { (bytes.get(at) == Some(&b'=')).then_some(at + 1)? };
    // OAuth 1.0a writes its parameters in quotes (RFC 5849 3.5.1).
    let from = from + usize::from(bytes.get(from) == Some(&b'"'));
    let mut end =
        from + run(bytes, from, |byte| !byte.is_ascii_whitespace() && !b"&;,\"'<>#()[]{}\\|`".contains(&byte));
    if encoded && let Some(next) = bytes[from..end].windows(3).position(|sign| sign == b"%26") {
        end = from + next;
    }
    (end > from).then_some(from..end)
}

fn member(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let quote = |at: usize| {
        let slashes = run(bytes, at, |byte| byte == b'\\');
        matches!(bytes.get(at + slashes), Some(b'"' | b'\'')).then_some((slashes, at + slashes + 1))
    };
    let (_, after) = quote(at)?;
    let colon = after + run(bytes, after, |byte| byte.is_ascii_whitespace());
    let after = (bytes.get(colon) == Some(&b':')).then_some(colon + 1)?;
    let (slashes, from) = quote(after + run(bytes, after, |byte| byte.is_ascii_whitespace()))?;
    let mut end = from;
    while end < bytes.len() {
        let run = run(bytes, end, |byte| byte == b'\\');
        let closes = matches!(bytes.get(end + run), Some(b'"' | b'\''));
        if closes && run <= slashes {
            break;
        }
        end = (end + run + 1).min(bytes.len());
    }
    (end > from).then_some(from..end)
}
