//! Service accounts: made here with their key, or registered with the public half of one.

use std::io;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use data_encoding::BASE64;
use serde_json::json;
use store::{Secret, StoreError};

use crate::rows::{AccountKey, Rows};

pub(crate) fn register(rows: &Rows, email: &str, key_id: &str, public_key: &str) -> Result<(), StoreError> {
    rows.put(key_id, &AccountKey { email: email.to_owned(), public_key: public_key.to_owned() }, None)
}

pub(crate) fn make(rows: &Rows, email: &str) -> io::Result<Secret<String>> {
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(io::Error::other)?;
    let private: Pkcs8V1Der<'_> = pair.as_der().map_err(io::Error::other)?;
    let public: PublicKeyX509Der<'_> = pair.public_key().as_der().map_err(io::Error::other)?;
    let key_id = uuid::Uuid::new_v4().simple().to_string();
    register(rows, email, &key_id, &pem("PUBLIC KEY", public.as_ref())).map_err(io::Error::other)?;
    let file = json!({
        "type": "service_account",
        "project_id": "practice",
        "private_key_id": key_id,
        "private_key": pem("PRIVATE KEY", private.as_ref()),
        "client_email": email,
        "client_id": "100000000000000000000",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "universe_domain": "googleapis.com",
    });
    Ok(Secret::new(format!("{file:#}\n")))
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = BASE64.encode(der);
    let lines = text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()).collect::<Vec<_>>();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// The bytes between the marks of a PEM text with this label. `None`: it has none, or they are not base64.
pub(crate) fn der(label: &str, text: &str) -> Option<Vec<u8>> {
    let (_, rest) = text.split_once(&format!("-----BEGIN {label}-----"))?;
    let (inside, _) = rest.split_once("-----END ")?;
    let packed: String = inside.split_ascii_whitespace().collect();
    BASE64.decode(packed.as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pem_is_read_back() {
        let bytes: Vec<u8> = (0..=255).collect();
        let text = pem("PUBLIC KEY", &bytes);
        assert!(text.lines().all(|line| line.len() <= 64), "{text}");
        assert_eq!(der("PUBLIC KEY", &text), Some(bytes));
        assert_eq!(der("PRIVATE KEY", &text), None);
        assert_eq!(der("PUBLIC KEY", "-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----"), None);
    }
}
