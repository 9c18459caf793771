//! Signatures of OAuth 1.0a: RFC 5849, 3.4 to 3.6.

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// Percent-encodes everything but the unreserved characters (RFC 5849, 3.6).
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The text that is signed. `uri` has neither query nor fragment; `parameters` are all of them, decoded, but the signature.
pub(crate) fn base_string(method: &str, uri: &str, parameters: &[(String, String)]) -> String {
    let mut pairs: Vec<(String, String)> =
        parameters.iter().map(|(name, value)| (encode(name), encode(value))).collect();
    pairs.sort();
    let joined: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{}&{}&{}", encode(&method.to_ascii_uppercase()), encode(uri), encode(&joined.join("&")))
}

/// Whether `signature` (base64) is the HMAC-SHA1 of `base` under the two secrets.
pub(crate) fn verifies(base: &str, consumer_secret: &str, token_secret: &str, signature: &str) -> bool {
    let key = format!("{}&{}", encode(consumer_secret), encode(token_secret));
    let Ok(given) = BASE64.decode(signature.as_bytes()) else { return false };
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key.as_bytes()) else { return false };
    mac.update(base.as_bytes());
    mac.verify_slice(&given).is_ok()
}

/// The parameters of an `Authorization: OAuth …` header, without the scheme (RFC 5849, 3.5.1). `realm` is none of them.
/// `None`: it is malformed.
pub(crate) fn header_parameters(value: &str) -> Option<Vec<(String, String)>> {
    let mut parameters = Vec::new();
    for part in value.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (name, quoted) = part.split_once('=')?;
        let inside = quoted.trim().strip_prefix('"')?.strip_suffix('"')?;
        if !name.eq_ignore_ascii_case("realm") {
            parameters.push((decode(name.trim())?, decode(inside)?));
        }
    }
    Some(parameters)
}

fn decode(text: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first == b'%' {
            let digits = after.get(..2).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
            decoded.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
            rest = &after[2..];
        } else {
            decoded.push(*first);
        }
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example that X documents under "Creating a signature".
    const HEADER: &str = "oauth_consumer_key=\"xvz1evFS4wEEPTGEFPHBog\", \
        oauth_nonce=\"kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg\", oauth_signature_method=\"HMAC-SHA1\", \
        oauth_timestamp=\"1318622958\", oauth_token=\"370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb\", \
        oauth_version=\"1.0\"";

    #[test]
    fn documented_example_verifies() {
        let mut parameters = header_parameters(HEADER).unwrap();
        let status = "Hello Ladies + Gentlemen, a signed OAuth request!";
        parameters.push(("status".to_owned(), status.to_owned()));
        parameters.push(("include_entities".to_owned(), "true".to_owned()));
        let base = base_string("POST", "https://api.x.com/1.1/statuses/update.json", &parameters);
        let consumer = "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw";
        let token = "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE";
        let signature = "Ls93hJiZbQ3akF3HF3x1Bz8/zU4=";
        assert!(verifies(&base, consumer, token, signature), "{base}");
        assert!(!verifies(&base, consumer, token, "Ls93hJiZbQ3akF3HF3x1Bz8/zU5="));
        assert!(!verifies(&base, consumer, "", signature));
        assert!(!verifies(&base, consumer, token, ""));
    }

    #[test]
    fn encoding_is_strict() {
        assert_eq!(encode("Ladies + Gentlemen"), "Ladies%20%2B%20Gentlemen");
        assert_eq!(encode("a-b._~*é"), "a-b._~%2A%C3%A9");
        assert_eq!(header_parameters("realm=\"x\", a=\"b%20c\""), Some(vec![("a".to_owned(), "b c".to_owned())]));
        assert_eq!(header_parameters("a=b"), None);
        assert_eq!(header_parameters("a=\"%2\""), None);
    }
}
