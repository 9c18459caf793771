//! Looks for planted values, however they may be written down.

use std::fs;
use std::path::Path;

use data_encoding::{BASE64, BASE64URL, HEXLOWER, HEXUPPER};

/// A value that appears nowhere by chance and reads differently in every form.
///
/// It holds what URLs, JSON and base64 write in another way, and is long enough to have a middle that base64 keeps at
/// every offset.
pub const CANARY: &str = "pbCanary/9f3a+\"k\\é&=%7Zq<w>_tail~4417";

/// One way in which a value may be written down.
#[derive(Debug, Clone)]
pub struct Form {
    /// What the form is called.
    pub name: &'static str,
    /// What to look for.
    pub bytes: Vec<u8>,
}

/// The forms of a value: as it is, base64 at each offset, URL, JSON, UTF-16, hexadecimal, HTML.
pub fn forms(value: &str) -> Vec<Form> {
    let plain = value.as_bytes();
    let json = serde_json::to_string(value).unwrap_or_default();
    let ascii_json: String = value.chars().flat_map(ascii_json).collect();
    let utf16 = |bytes: fn(u16) -> [u8; 2]| value.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let mut forms = vec![
        Form { name: "plain", bytes: plain.to_owned() },
        Form { name: "JSON", bytes: json.trim_matches('"').as_bytes().to_owned() },
        Form { name: "ASCII JSON", bytes: ascii_json.into_bytes() },
        Form { name: "URL", bytes: percent(value, true, false) },
        Form { name: "URL, lower case", bytes: percent(value, false, false) },
        Form { name: "form", bytes: percent(value, true, true) },
        Form { name: "UTF-16 LE", bytes: utf16(u16::to_le_bytes) },
        Form { name: "UTF-16 BE", bytes: utf16(u16::to_be_bytes) },
        Form { name: "hex", bytes: HEXLOWER.encode(plain).into_bytes() },
        Form { name: "upper-case hex", bytes: HEXUPPER.encode(plain).into_bytes() },
        Form { name: "HTML", bytes: html(value).into_bytes() },
    ];
    for offset in 0..3 {
        // The first and last characters depend on the bytes around the value.
        let padded = [&vec![0; offset], plain].concat();
        let middle = |text: String| {
            let kept = text.trim_end_matches('=').len() - 1;
            text[if offset == 0 { 0 } else { 4 }..kept].to_owned().into_bytes()
        };
        forms.push(Form { name: "base64", bytes: middle(BASE64.encode(&padded)) });
        forms.push(Form { name: "base64url", bytes: middle(BASE64URL.encode(&padded)) });
    }
    let mut seen: Vec<Vec<u8>> = Vec::new();
    forms.retain(|form| {
        let new = !seen.contains(&form.bytes);
        seen.push(form.bytes.clone());
        new
    });
    forms
}

/// The names of the forms of `value` that stand in `bytes`.
pub fn found_in(bytes: &[u8], value: &str) -> Vec<&'static str> {
    forms(value).into_iter().filter(|form| contains(bytes, &form.bytes)).map(|form| form.name).collect()
}

/// Where in a folder a value is found, in file names as well as in files: `file: form`.
///
/// # Panics
/// The folder cannot be read.
pub fn found_below(folder: &Path, value: &str) -> Vec<String> {
    let mut found = Vec::new();
    search(folder, &forms(value), &mut found);
    found
}

fn search(folder: &Path, forms: &[Form], found: &mut Vec<String>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(kind) = entry.file_type() else { continue };
        let mut note = |bytes: &[u8]| {
            let hits = forms.iter().filter(|form| contains(bytes, &form.bytes));
            found.extend(hits.map(|form| format!("{}: {}", path.display(), form.name)));
        };
        note(entry.file_name().as_encoded_bytes());
        if kind.is_dir() {
            search(&path, forms, found);
        } else if kind.is_file() {
            // A file that vanished meanwhile holds nothing any more.
            note(&fs::read(&path).unwrap_or_default());
        }
    }
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    let Some(&first) = wanted.first() else { return false };
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|&byte| byte == first) {
        if bytes[from + at..].starts_with(wanted) {
            return true;
        }
        from += at + 1;
    }
    false
}

fn percent(value: &str, upper: bool, plus: bool) -> Vec<u8> {
    let encoded = value.bytes().flat_map(|byte| match byte {
        b' ' if plus => b"+".to_vec(),
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => vec![byte],
        byte if upper => format!("%{byte:02X}").into_bytes(),
        byte => format!("%{byte:02x}").into_bytes(),
    });
    encoded.collect()
}

fn ascii_json(c: char) -> Vec<char> {
    match c {
        '"' | '\\' | '/' => vec!['\\', c],
        c if c.is_ascii() => vec![c],
        c => {
            let mut units = [0; 2];
            let units = c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}"));
            units.collect::<String>().chars().collect()
        }
    }
}

fn html(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_found_and_nothing_else() {
        let forms = forms(CANARY);
        assert!(forms.len() >= 14, "{forms:?}");
        for form in &forms {
            let hidden = [b"before ".as_slice(), &form.bytes, b" after"].concat();
            assert!(found_in(&hidden, CANARY).contains(&form.name), "{}", form.name);
        }
        assert_eq!(found_in(b"nothing of the kind", CANARY), Vec::<&str>::new());
    }

    #[test]
    fn base64_is_found_wherever_the_value_starts() {
        for before in ["", "a", "ab", "abc", "abcd"] {
            let text = BASE64.encode(format!("{before}{CANARY}and more").as_bytes());
            assert!(found_in(text.as_bytes(), CANARY).contains(&"base64"), "{before:?}");
        }
    }

    #[test]
    fn files_and_their_names_are_searched() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("deep")).unwrap();
        fs::write(folder.path().join("deep/file"), format!("x{CANARY}y")).unwrap();
        fs::write(folder.path().join("plainvalue.txt"), "").unwrap();
        assert_eq!(found_below(folder.path(), CANARY).len(), 1);
        assert_eq!(found_below(folder.path(), "plainvalue").len(), 1);
    }
}
