use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::KeyPair as _;
use data_encoding::{BASE64, BASE64_NOPAD};
use zeroize::Zeroizing;

use super::{KeyFileProblem, unwrap};

/// `rsaEncryption`, as DER (RFC 8017 appendix C).
const RSA: &[u8] = &[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// Where in PKCS#8 the algorithm stands at the latest.
const ALGORITHM_WITHIN: usize = 48;

/// The label and the bytes of a PEM block.
type Block = (&'static str, Zeroizing<Vec<u8>>);

/// An RSA key.
pub(super) struct Key {
    /// In lines of 64 digits.
    pub(super) pem: Zeroizing<String>,
    /// PKCS#1, DER.
    pub(super) public: Vec<u8>,
    pub(super) bits: usize,
}

/// Reads a private key: PEM with line breaks as they are, escaped, turned into spaces or lost, or base64 of the whole.
pub(super) fn read(text: &str) -> Result<Key, KeyFileProblem> {
    let text = Zeroizing::new(text.replace("\\r", "").replace("\\n", "\n"));
    let (label, der) = match bytes(&text)? {
        Some(found) => found,
        None => {
            let decoded = unwrap::decode(&text).ok_or(wrong("is not a private key"))?;
            match std::str::from_utf8(&decoded) {
                Ok(inner) => bytes(inner)?.ok_or(wrong("is not a private key"))?,
                Err(_) => ("PRIVATE KEY", decoded),
            }
        }
    };
    let pair = match label {
        "RSA PRIVATE KEY" => KeyPair::from_der(&der),
        _ if !holds(&der, RSA) => return Err(KeyFileProblem::NotRsa),
        _ => KeyPair::from_pkcs8(&der),
    };
    let pair = pair.map_err(|refused| match refused.to_string().as_str() {
        "TooSmall" => KeyFileProblem::Small,
        _ => KeyFileProblem::Unproven,
    })?;
    Ok(Key {
        pem: write(label, &der),
        public: pair.public_key().as_ref().to_vec(),
        bits: 8 * pair.public_modulus_len(),
    })
}

const fn wrong(why: &'static str) -> KeyFileProblem {
    KeyFileProblem::Wrong { field: "private_key", why }
}

/// The first PEM block; `None` if there is none.
fn bytes(text: &str) -> Result<Option<Block>, KeyFileProblem> {
    let Some((_, after)) = text.split_once("-----BEGIN ") else { return Ok(None) };
    let Some((label, body)) = after.split_once("-----") else { return Err(wrong("is cut off")) };
    let label = match label.trim() {
        "PRIVATE KEY" => "PRIVATE KEY",
        "RSA PRIVATE KEY" => "RSA PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY" => return Err(wrong("is locked with a passphrase")),
        "EC PRIVATE KEY" | "DSA PRIVATE KEY" | "OPENSSH PRIVATE KEY" => return Err(KeyFileProblem::NotRsa),
        "CERTIFICATE" => return Err(wrong("is a certificate, not a private key")),
        "PUBLIC KEY" | "RSA PUBLIC KEY" => return Err(wrong("is a public key, not a private one")),
        _ => return Err(wrong("is not a private key")),
    };
    let Some((body, _)) = body.split_once("-----END") else { return Err(wrong("is cut off")) };
    if body.contains("ENCRYPTED") {
        return Err(wrong("is locked with a passphrase"));
    }
    let is_digit = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/');
    let mut digits = Zeroizing::new(String::with_capacity(body.len()));
    digits.extend(body.chars().filter(is_digit));
    let der = BASE64_NOPAD.decode(digits.as_bytes()).map_err(|_| wrong("is cut off or has a wrong character in it"))?;
    Ok(Some((label, Zeroizing::new(der))))
}

fn holds(der: &[u8], algorithm: &[u8]) -> bool {
    der[..der.len().min(ALGORITHM_WITHIN)].windows(algorithm.len()).any(|part| part == algorithm)
}

fn write(label: &str, der: &[u8]) -> Zeroizing<String> {
    let digits = Zeroizing::new(BASE64.encode(der));
    let mut pem = Zeroizing::new(String::with_capacity(digits.len() + digits.len() / 64 + 80));
    pem.push_str("-----BEGIN ");
    pem.push_str(label);
    pem.push_str("-----\n");
    let mut rest = digits.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    pem.push_str("-----END ");
    pem.push_str(label);
    pem.push_str("-----\n");
    pem
}
