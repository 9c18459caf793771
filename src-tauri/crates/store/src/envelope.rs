//! Sealing: how one value becomes bytes that only its own key opens, and only in its own place.
//!
//! A sealed row is `version (1) | key id (4, big endian) | nonce (24) | XChaCha20-Poly1305 ciphertext and tag`. The associated
//! data is the row's [`Place`] with every field length-prefixed, so that a row moved to another bot, table, row, column or key
//! does not open and no two places share an encoding. Nothing here knows where rows are kept.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use sha2::Sha256;

use crate::secret::{Key, Secret};

/// The version byte that every sealed row begins with.
const VERSION: u8 = 1;
const NONCE: usize = 24;
const HEAD: usize = 1 + 4 + NONCE;
const TAG: usize = 16;

/// The key id of rows that are sealed directly under a key derived from the vault key, a passphrase or a recovery key.
pub(crate) const NO_DATA_KEY: u32 = 0;

/// Where a sealed row belongs. Rows open only in the place they were sealed for.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// Hyphenated lower-case uuid, or empty for the vault's own rows.
    pub(crate) bot: &'a str,
    pub(crate) table: &'a str,
    pub(crate) row: &'a str,
    pub(crate) column: &'a str,
    pub(crate) key_id: u32,
}

/// A row that did not open: wrong key, wrong place, changed or cut bytes. Which of them cannot be told apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DoesNotOpen;

/// Seals `plaintext` for `place` under a fresh random nonce.
pub(crate) fn seal(key: &Key, place: &Place<'_>, plaintext: &[u8]) -> Result<Vec<u8>, getrandom::Error> {
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce)?;
    Ok(seal_with(nonce, key, place, plaintext))
}

fn seal_with(nonce: [u8; NONCE], key: &Key, place: &Place<'_>, plaintext: &[u8]) -> Vec<u8> {
    let payload = Payload { msg: plaintext, aad: &associated_data(place) };
    let sealed = XChaCha20Poly1305::new(key.expose().into())
        .encrypt(&XNonce::from(nonce), payload)
        .expect("the cipher takes messages up to 256 GiB");
    let mut row = Vec::with_capacity(HEAD + sealed.len());
    row.push(VERSION);
    row.extend_from_slice(&place.key_id.to_be_bytes());
    row.extend_from_slice(&nonce);
    row.extend_from_slice(&sealed);
    row
}

/// Opens a row that was sealed for `place`.
pub(crate) fn unseal(key: &Key, place: &Place<'_>, row: &[u8]) -> Result<Secret<Vec<u8>>, DoesNotOpen> {
    if row.len() < HEAD + TAG || row[0] != VERSION || row[1..5] != place.key_id.to_be_bytes() {
        return Err(DoesNotOpen);
    }
    let nonce: [u8; NONCE] = row[5..HEAD].try_into().map_err(|_| DoesNotOpen)?;
    let payload = Payload { msg: &row[HEAD..], aad: &associated_data(place) };
    XChaCha20Poly1305::new(key.expose().into())
        .decrypt(&XNonce::from(nonce), payload)
        .map(Secret::new)
        .map_err(|_| DoesNotOpen)
}

/// Opens a row that holds a key.
pub(crate) fn unseal_key(key: &Key, place: &Place<'_>, row: &[u8]) -> Result<Key, DoesNotOpen> {
    let bytes = unseal(key, place, row)?;
    <[u8; 32]>::try_from(bytes.expose().as_slice()).map(Key::new).map_err(|_| DoesNotOpen)
}

/// Derives a key for one use. `info` parts are length-prefixed when there are several, so that `["ab", "c"]` and `["a", "bc"]` differ.
pub(crate) fn derive(key: &Key, info: &[&str]) -> Key {
    let info = match info {
        [one] => one.as_bytes().to_vec(),
        parts => parts.iter().fold(Vec::new(), |mut all, part| {
            prefixed(&mut all, part.as_bytes());
            all
        }),
    };
    let mut derived = Secret::new([0; 32]);
    Hkdf::<Sha256>::new(None, key.expose())
        .expand(&info, derived.expose_mut())
        .expect("32 bytes are within what HKDF-SHA256 can give");
    derived
}

fn associated_data(place: &Place<'_>) -> Vec<u8> {
    let mut data = Vec::new();
    prefixed(&mut data, &[VERSION]);
    for field in [place.bot, place.table, place.row, place.column] {
        prefixed(&mut data, field.as_bytes());
    }
    prefixed(&mut data, &place.key_id.to_be_bytes());
    data
}

fn prefixed(data: &mut Vec<u8>, field: &[u8]) {
    data.extend_from_slice(&(field.len() as u32).to_be_bytes());
    data.extend_from_slice(field);
}

#[cfg(test)]
mod tests;
