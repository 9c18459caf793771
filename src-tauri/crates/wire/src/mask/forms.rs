use std::ops::Range;

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER};
use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

use super::flexible::{self, Letters};

/// From this length on a secret is looked for in encodings that hide it, in bytes.
const ENCODED: usize = 4;
/// Shorter pieces of Base64 stand in ordinary words, in characters.
const SHORTEST_BASE64: usize = 4;

/// One way in which a secret may be written.
pub(super) struct Needle {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    pub(super) alias: usize,
    letters: Letters,
    /// Base64: the characters before and after hold bits of the secret too.
    spill: (bool, bool),
}

impl Needle {
    /// The bytes that it begins with when nothing is escaped.
    pub(super) fn first(&self) -> impl Iterator<Item = u8> + use<> {
        let first = self.bytes[0];
        let other =
            (self.letters == Letters::AnyCase).then(|| first.to_ascii_uppercase()).filter(|other| *other != first);
        std::iter::once(first).chain(other)
    }

    /// Where this needle lies if it begins at `at`.
    pub(super) fn find_at(&self, text: &[u8], at: usize) -> Option<Range<usize>> {
        let end = flexible::end_of(&self.bytes, text, at, self.letters)?;
        let before = self.spill.0 && at.checked_sub(1).is_some_and(|before| is_base64(text[before]));
        let after = self.spill.1 && text.get(end).is_some_and(|after| is_base64(*after));
        Some(at - usize::from(before)..end + usize::from(after))
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte)
}

/// Every way to look for a secret.
pub(super) fn of(value: &str, alias: usize) -> Vec<Needle> {
    if value.is_empty() {
        return Vec::new();
    }
    let plain =
        |bytes: &[u8], letters| Needle { bytes: Zeroizing::new(bytes.to_vec()), alias, letters, spill: (false, false) };
    let mut needles = vec![plain(value.as_bytes(), Letters::AsTheyAre)];
    if value.len() < ENCODED {
        return needles;
    }
    let hex = Zeroizing::new(HEXLOWER.encode(value.as_bytes()));
    needles.push(plain(hex.as_bytes(), Letters::AnyCase));
    for written in written(value) {
        for before in 0..3 {
            needles.extend(base64(&written, before, alias));
        }
    }
    needles.sort_by(|a, b| a.bytes.cmp(&b.bytes));
    needles.dedup_by(|a, b| a.bytes == b.bytes && a.letters == b.letters);
    needles
}

/// How a secret may be written before Base64 goes over it: in the credentials of Basic it is form-encoded (RFC 6749
/// 2.3.1), in the payload of a token it is JSON.
fn written(value: &str) -> Vec<Zeroizing<String>> {
    let form: Zeroizing<String> = Zeroizing::new(byte_serialize(value.as_bytes()).collect());
    let percent = Zeroizing::new(form.replace('+', "%20"));
    let json = Zeroizing::new(serde_json::to_string(value).unwrap_or_default());
    let json = Zeroizing::new(json.get(1..json.len().saturating_sub(1)).unwrap_or_default().to_owned());
    let mut all = vec![Zeroizing::new(value.to_owned()), form, percent, json];
    all.dedup();
    all
}

/// The characters that Base64 always gives for `value` when `before` other bytes stand before it, in both alphabets.
fn base64(value: &str, before: usize, alias: usize) -> Vec<Needle> {
    let mut bytes = Zeroizing::new(vec![0; before]);
    bytes.extend_from_slice(value.as_bytes());
    let bits = bytes.len() * 8;
    let (first, last) = ((before * 8).div_ceil(6), bits / 6);
    let encodings = [BASE64_NOPAD.encode(&bytes), BASE64URL_NOPAD.encode(&bytes)].map(Zeroizing::new);
    let needle = |encoded: &Zeroizing<String>| {
        let core = encoded.get(first..last).filter(|core| core.len() >= SHORTEST_BASE64)?;
        Some(Needle {
            bytes: Zeroizing::new(core.as_bytes().to_vec()),
            alias,
            letters: Letters::AsTheyAre,
            spill: (before > 0, !bits.is_multiple_of(6)),
        })
    };
    encodings.iter().filter_map(needle).collect()
}
