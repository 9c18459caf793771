use std::collections::BTreeSet;

/// How letters are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letters {
    AsTheyAre,
    /// Hexadecimal digits.
    AnyCase,
}

/// Where `needle` ends in `text` if it begins at `at`, each of its characters written as it is or escaped in one of the
/// ways of URLs, forms, JSON, scripts and HTML.
pub(super) fn end_of(needle: &[u8], text: &[u8], at: usize, letters: Letters) -> Option<usize> {
    let same = |a: u8, b: u8| a == b || letters == Letters::AnyCase && a.eq_ignore_ascii_case(&b);
    let begins = text.get(at).is_some_and(|byte| same(*byte, needle[0]) || may_escape(*byte));
    if !begins {
        return None;
    }
    if text[at..].starts_with(needle) {
        return Some(at + needle.len());
    }
    // What has been matched so far, and where in the text that may have ended. Text can often be read in two ways, a
    // secret with backslashes for example, so all of them are followed.
    let mut open = BTreeSet::from([(0_usize, at)]);
    let mut best = None;
    while let Some((matched, place)) = open.pop_first() {
        if matched == needle.len() {
            best = best.max(Some(place));
            continue;
        }
        let Some(byte) = text.get(place) else { continue };
        if same(*byte, needle[matched]) {
            open.insert((matched + 1, place + 1));
        }
        for (written, after) in unescaped(text, place).into_iter().flatten() {
            let mut buffer = [0; 4];
            let expected: &[u8] = match written {
                Written::Byte(byte) => {
                    buffer[0] = byte;
                    &buffer[..1]
                }
                Written::Char(char) => char.encode_utf8(&mut buffer).as_bytes(),
            };
            let rest = &needle[matched..];
            if rest.len() >= expected.len() && expected.iter().zip(rest).all(|(a, b)| same(*a, *b)) {
                open.insert((matched + expected.len(), after));
            }
        }
    }
    best
}

/// Whether an escape begins with this byte.
pub(super) fn may_escape(byte: u8) -> bool {
    b"%+\\&".contains(&byte)
}

#[derive(Debug, Clone, Copy)]
enum Written {
    Byte(u8),
    Char(char),
}

type Reading = Option<(Written, usize)>;

/// What an escape at `at` may stand for, and where it ends.
fn unescaped(text: &[u8], at: usize) -> [Reading; 4] {
    let none = [None; 4];
    match text[at] {
        b'+' => [Some((Written::Byte(b' '), at + 1)), None, None, None],
        b'%' => {
            // Encoded twice or three times, the percent sign is written %25 again.
            let read = |digits: usize| Some((Written::Byte(hex(text, digits, 2)? as u8), digits + 2));
            let again = |digits: usize| text[at + 1..digits].iter().eq(b"25".iter().cycle().take(digits - at - 1));
            [1, 3, 5, 7].map(|digits| (at + digits <= text.len() && again(at + digits)).then(|| read(at + digits))?)
        }
        b'\\' => backslash(text, at),
        b'&' => [entity(text, at), None, None, None],
        _ => none,
    }
}

/// Escapes of JSON and of scripts; each time a text is quoted again, its backslashes double.
fn backslash(text: &[u8], at: usize) -> [Reading; 4] {
    let run = text[at..].iter().take_while(|byte| **byte == b'\\').count();
    let itself = |length: usize| (run >= length).then_some((Written::Byte(b'\\'), at + length));
    let after = at + run;
    let short = |byte| Some((Written::Byte(byte), after + 1));
    let escape = match text.get(after) {
        Some(b'n') => short(b'\n'),
        Some(b'r') => short(b'\r'),
        Some(b't') => short(b'\t'),
        Some(b'b') => short(8),
        Some(b'f') => short(12),
        Some(quoted @ (b'"' | b'\'' | b'/')) => short(*quoted),
        Some(b'x') => hex(text, after + 1, 2).and_then(|code| Some((Written::Char(char::from_u32(code)?), after + 3))),
        Some(b'u') => utf16(text, after, run),
        _ => None,
    };
    [itself(2), itself(4), itself(8), escape]
}

/// `\uXXXX`, or two of them for a character outside the basic plane. `at` is where the `u` stands.
fn utf16(text: &[u8], at: usize, run: usize) -> Reading {
    let first = hex(text, at + 1, 4)?;
    if let Some(char) = char::from_u32(first) {
        return Some((Written::Char(char), at + 5));
    }
    let second = at + 5 + run;
    let slashes = text.get(at + 5..second)?.iter().all(|byte| *byte == b'\\');
    let low = hex(text, second + 1, 4).filter(|_| slashes && text.get(second) == Some(&b'u'))?;
    let units = [u16::try_from(first).ok()?, u16::try_from(low).ok()?];
    let char = char::decode_utf16(units).next()?.ok()?;
    Some((Written::Char(char), second + 5))
}

fn entity(text: &[u8], at: usize) -> Reading {
    const NAMED: [(&[u8], char); 5] =
        [(b"&amp;", '&'), (b"&lt;", '<'), (b"&gt;", '>'), (b"&quot;", '"'), (b"&apos;", '\'')];
    if let Some((name, char)) = NAMED.iter().find(|(name, _)| text[at..].starts_with(name)) {
        return Some((Written::Char(*char), at + name.len()));
    }
    let number = text[at..].strip_prefix(b"&#")?;
    let length = number.iter().take(9).position(|byte| *byte == b';')?;
    let digits = std::str::from_utf8(&number[..length]).ok()?;
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => digits.parse().ok()?,
    };
    Some((Written::Char(char::from_u32(code)?), at + 2 + length + 1))
}

fn hex(text: &[u8], at: usize, digits: usize) -> Option<u32> {
    let digits = text.get(at..at + digits)?;
    digits.iter().try_fold(0, |value, digit| Some(value * 16 + char::from(*digit).to_digit(16)?))
}
