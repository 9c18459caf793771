//! A call in clear text, and the secrets that stand in it.

use std::sync::Arc;

use bubblescript::{Part, Secret, Text};
use zeroize::Zeroizing;

use super::{Body, HttpCall, Revealed};
use crate::outside::{Outside, Revealing};
use crate::wanted::{Carried, Known};

/// What is made of a secret and is shorter than this is no secret: a single letter stands everywhere.
const SHORTEST_PIECE: usize = 4;

impl HttpCall {
    /// The call in clear text; `None` when the host does not give a secret out.
    pub fn reveal(&self, outside: &dyn Outside) -> Option<Revealed> {
        let clear = |text: &Text| text.reveal(&Revealing(outside));
        let url = clear(&self.url)?;
        let mut headers = Vec::new();
        for (name, value) in &self.headers {
            headers.push((name.clone(), clear(value)?));
        }
        let (body, kind) = match &self.body {
            Body::None => (Zeroizing::default(), None),
            Body::Form(pairs) => (form(pairs, outside)?, Some("application/x-www-form-urlencoded")),
            Body::Json(text) => (clear(text)?, Some("application/json")),
            Body::Raw(text) => (clear(text)?, None),
        };
        let typed = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if let Some(kind) = kind.filter(|_| !typed) {
            headers.push(("Content-Type".to_string(), Zeroizing::new(kind.to_string())));
        }
        let secrets = self.known(outside)?.into_iter().map(Known::carried).collect();
        Some(Revealed { url, headers, body, secrets })
    }

    /// Every text of the call.
    pub(super) fn texts(&self) -> impl Iterator<Item = &Text> {
        let body: Vec<&Text> = match &self.body {
            Body::None => Vec::new(),
            Body::Form(pairs) => pairs.iter().map(|(_, value)| value).collect(),
            Body::Json(text) | Body::Raw(text) => vec![text],
        };
        std::iter::once(&self.url).chain(self.headers.iter().map(|(_, value)| value)).chain(body)
    }

    /// The secrets of the call and the tokens they were made of, each text once, longest first.
    pub(crate) fn known(&self, outside: &dyn Outside) -> Option<Vec<Known>> {
        let mut all: Vec<Known> = Vec::new();
        let parts = self.texts().flat_map(Text::parts);
        let direct = parts.filter_map(|part| if let Part::Secret(secret) = part { Some(secret) } else { None });
        for secret in direct.flat_map(|secret| secret.tokens().into_iter().chain([secret.clone()])) {
            if all.iter().any(|own| own.secret == secret) {
                continue;
            }
            let value = secret.reveal(&Revealing(outside))?;
            let shortest = if secret.handle().is_some() { 1 } else { SHORTEST_PIECE };
            if value.len() >= shortest && !all.iter().any(|own| own.value == value) {
                all.push(Known { secret, value });
            }
        }
        all.sort_by_key(|own| std::cmp::Reverse(own.value.len()));
        Some(all)
    }
}

impl Known {
    fn carried(self) -> Carried {
        let tokens: Vec<Arc<Secret>> = self.secret.tokens();
        Carried {
            alias: self.secret.aliases().to_string(),
            handles: tokens.iter().filter_map(|token| token.handle().cloned()).collect(),
            value: self.value,
        }
    }
}

/// `application/x-www-form-urlencoded` as the URL standard writes it.
fn form(pairs: &[(String, Text)], outside: &dyn Outside) -> Option<Zeroizing<String>> {
    let mut clear = Vec::new();
    for (name, value) in pairs {
        clear.push((name, value.reveal(&Revealing(outside))?));
    }
    // Room for everything at once, so that no copy is left behind by growing.
    let room = clear.iter().map(|(name, value)| (name.len() + value.len()) * 3 + 2).sum();
    let mut encoded = Zeroizing::new(String::with_capacity(room));
    for (name, value) in &clear {
        if !encoded.is_empty() {
            encoded.push('&');
        }
        encode(name, &mut encoded);
        encoded.push('=');
        encode(value, &mut encoded);
    }
    Some(encoded)
}

fn encode(text: &str, out: &mut String) {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'*' | b'-' | b'.' | b'_' => out.push(byte as char),
            _ if byte.is_ascii_alphanumeric() => out.push(byte as char),
            _ => out.extend(['%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]),
        }
    }
}
