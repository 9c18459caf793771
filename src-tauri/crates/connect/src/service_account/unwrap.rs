use std::borrow::Cow;

use data_encoding::BASE64_NOPAD;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::{FILE_LIMIT, KeyFileProblem};

/// How many encodings may lie around each other.
const LAYERS: usize = 3;
/// Shorter texts are words, not base64.
const BASE64_LEAST: usize = 40;

/// Finds the JSON object in what was pasted: plain, as a JSON string in JSON, with escaped quotes, as base64, or up to three of
/// these around each other, whatever stands around it.
pub(super) fn unwrap(text: &str) -> Result<Map<String, Value>, KeyFileProblem> {
    if text.len() > FILE_LIMIT {
        return Err(KeyFileProblem::TooLarge);
    }
    let mut layer = Zeroizing::new(trim(text).to_owned());
    if layer.is_empty() {
        return Err(KeyFileProblem::Empty);
    }
    for _ in 0..=LAYERS {
        if let Some(map) = object(&layer) {
            return Ok(map);
        }
        let Some(inner) = unescape(&layer).or_else(|| decode(&layer).and_then(text_of)) else { break };
        layer = Zeroizing::new(trim(&inner).to_owned());
    }
    Err(diagnose(&layer))
}

/// Without space, byte order mark and the invisible characters that come with copying.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
    })
}

/// From the first opening to the last closing brace.
fn braces(text: &str) -> Option<&str> {
    let (start, end) = (text.find('{')?, text.rfind('}')?);
    (start < end).then(|| &text[start..=end])
}

fn object(text: &str) -> Option<Map<String, Value>> {
    let text = braces(text)?;
    serde_json::from_str(text).or_else(|_| serde_json::from_str(&Zeroizing::new(mend(text)))).ok()
}

/// Escapes line breaks and tabs that stand in strings as they are.
fn mend(text: &str) -> String {
    let (mut mended, mut inside, mut escaped) = (String::with_capacity(2 * text.len()), false, false);
    for c in text.chars() {
        match c {
            '\n' if inside => mended.push_str("\\n"),
            '\r' if inside => {}
            '\t' if inside => mended.push_str("\\t"),
            _ => mended.push(c),
        }
        inside ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
    }
    mended
}

/// The text that an object with escaped quotes stands for.
fn unescape(text: &str) -> Option<Zeroizing<String>> {
    let text = braces(text)?;
    text.contains("\\\"").then_some(())?;
    let one_line: Cow<'_, str> = if text.contains(['\n', '\r', '\t']) {
        Cow::Owned(text.replace(['\n', '\r', '\t'], " "))
    } else {
        Cow::Borrowed(text)
    };
    let quoted = Zeroizing::new(format!("\"{one_line}\""));
    serde_json::from_str(&quoted).ok().map(Zeroizing::new)
}

/// The bytes that base64 of either alphabet stands for, with or without padding, line breaks, quotes, a name and `=` before it,
/// or a data URL around it.
pub(super) fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let text = Zeroizing::new(text.replace("\\n", "").replace("\\r", ""));
    let text = text.split_once("base64,").map_or(text.as_str(), |(_, after)| after);
    let is_digit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_');
    let text = text.trim_end_matches(|c| !is_digit(c));
    let text = match text.split_once(['=', ':']) {
        Some((_, after)) if after.len() >= BASE64_LEAST => after,
        _ => text,
    };
    let mut digits = Zeroizing::new(String::with_capacity(text.len()));
    for c in text.trim_start_matches(|c| !is_digit(c)).chars() {
        match c {
            '-' => digits.push('+'),
            '_' => digits.push('/'),
            _ if is_digit(c) => digits.push(c),
            _ if c.is_whitespace() => {}
            _ => return None,
        }
    }
    if digits.len() < BASE64_LEAST {
        return None;
    }
    BASE64_NOPAD.decode(digits.as_bytes()).ok().map(Zeroizing::new)
}

fn text_of(bytes: Zeroizing<Vec<u8>>) -> Option<Zeroizing<String>> {
    std::str::from_utf8(&bytes).ok().map(|text| Zeroizing::new(text.to_owned()))
}

/// What it is, if it is no object.
fn diagnose(text: &str) -> KeyFileProblem {
    if text.starts_with("AIza") && !text.contains(char::is_whitespace) {
        return KeyFileProblem::ApiKey;
    }
    if text.contains('{') {
        let cut = |text: &str| serde_json::from_str::<Value>(text).is_err_and(|error| error.is_eof());
        let from_brace = &text[text.find('{').unwrap_or_default()..];
        return if cut(from_brace) || cut(&Zeroizing::new(mend(from_brace))) || !text.contains('}') {
            KeyFileProblem::CutOff
        } else {
            KeyFileProblem::NotJson
        };
    }
    if text.contains("-----BEGIN") {
        return KeyFileProblem::OnlyKey;
    }
    match decode(text) {
        Some(bytes) if bytes.starts_with(&[0x30, 0x82]) => KeyFileProblem::Pkcs12,
        _ => KeyFileProblem::NotJson,
    }
}
