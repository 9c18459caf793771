//! One masker for every text that leaves the engine: secrets that are known, in every way that programs write them, and
//! below that a net for what merely looks like a secret.

mod flexible;
mod forms;
mod net;

use std::fmt;
use std::ops::Range;

use forms::Needle;

/// Masks secrets in any text: `‹secret:alias›` for the ones it was told, `‹secret›` for what looks like one.
///
/// A known secret is found as it is, percent- and form-encoded, JSON-, unicode- and HTML-escaped (also twice, also in
/// part), in hexadecimal, and inside Base64 of either alphabet at every alignment. One of fewer than 4 bytes is only found
/// as it is; with the shortest ones a text becomes unreadable, which is the lesser evil.
pub struct Mask {
    needles: Vec<Needle>,
    /// The needles by the byte that they begin with when nothing is escaped.
    by_first: Vec<Vec<usize>>,
    aliases: Vec<String>,
}

/// Part of a text to be masked.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Span {
    range: Range<usize>,
    /// Which of [`Mask::aliases`]; `None` for what the net caught.
    alias: Option<usize>,
}

impl Mask {
    /// A mask for these secrets, each with the alias that is shown instead. Empty ones are ignored.
    pub fn new<'v>(secrets: impl IntoIterator<Item = (String, &'v str)>) -> Self {
        let mut mask = Self { needles: Vec::new(), by_first: vec![Vec::new(); 256], aliases: Vec::new() };
        for (alias, value) in secrets {
            mask.needles.extend(forms::of(value, mask.aliases.len()));
            mask.aliases.push(alias);
        }
        for (index, needle) in mask.needles.iter().enumerate() {
            for first in needle.first() {
                mask.by_first[usize::from(first)].push(index);
            }
        }
        mask
    }

    /// The text with a mark in place of every secret.
    pub fn apply(&self, text: &str) -> String {
        self.render(text, text.len()).0
    }

    /// Like [`Self::apply`], for the first `limit` bytes of a text; and whether that left something out. A secret that
    /// begins within the limit is masked as a whole.
    pub(crate) fn apply_to_start(&self, text: &str, limit: usize) -> (String, bool) {
        // Far enough past the limit that a secret which begins before it ends before this, however it is written.
        let longest = self.needles.iter().map(|needle| needle.bytes.len()).max().unwrap_or_default();
        let seen = floor_char(text, limit.saturating_add(longest * 12 + 4096));
        let end = floor_char(text, limit);
        self.render(&text[..seen], end)
    }

    /// The alias of the first known secret in a text.
    pub(crate) fn alias_in(&self, text: &str) -> Option<&str> {
        let span = self.known(text).into_iter().next()?;
        self.aliases.get(span.alias?).map(String::as_str)
    }

    fn render(&self, text: &str, end: usize) -> (String, bool) {
        let mut out = String::with_capacity(end);
        let mut at = 0;
        for span in self.spans(text) {
            if span.range.start >= end {
                break;
            }
            out.push_str(&text[at..span.range.start]);
            out.push_str(&self.mark(span.alias));
            at = span.range.end;
        }
        if at < end {
            out.push_str(&text[at..end]);
        }
        (out, at.max(end) < text.len())
    }

    fn mark(&self, alias: Option<usize>) -> String {
        match alias.and_then(|alias| self.aliases.get(alias)) {
            Some(alias) => format!("‹secret:{alias}›"),
            None => "‹secret›".to_owned(),
        }
    }

    /// What to mask, in order and without overlaps.
    fn spans(&self, text: &str) -> Vec<Span> {
        let mut spans = self.known(text);
        spans.extend(net::catch(text).into_iter().map(|range| Span { range, alias: None }));
        spans.sort_by_key(|span| span.range.start);
        let mut joined: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match joined.last_mut() {
                Some(last) if span.range.start < last.range.end => {
                    last.range.end = last.range.end.max(span.range.end);
                    last.alias = last.alias.or(span.alias);
                }
                _ => joined.push(span),
            }
        }
        joined
    }

    /// The known secrets in a text, the longest where several begin.
    fn known(&self, text: &str) -> Vec<Span> {
        let bytes = text.as_bytes();
        let mut spans = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            match self.longest_at(bytes, at) {
                Some((range, alias)) => {
                    at = range.end.max(at + 1);
                    spans.push(Span { range: widen(text, range), alias: Some(alias) });
                }
                None => at += 1,
            }
        }
        spans
    }

    fn longest_at(&self, bytes: &[u8], at: usize) -> Option<(Range<usize>, usize)> {
        let found = |needle: &Needle| Some((needle.find_at(bytes, at)?, needle.alias));
        if flexible::may_escape(bytes[at]) {
            self.needles.iter().filter_map(found).max_by_key(|(range, _)| range.end)
        } else {
            let begin = self.by_first[usize::from(bytes[at])].iter();
            begin.filter_map(|index| found(&self.needles[*index])).max_by_key(|(range, _)| range.end)
        }
    }
}

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mask({} secrets)", self.aliases.len())
    }
}

/// The range with both ends moved out to the ends of characters.
fn widen(text: &str, range: Range<usize>) -> Range<usize> {
    let mut end = range.end;
    while !text.is_char_boundary(end) {
        end += 1;
    }
    floor_char(text, range.start)..end
}

/// The last end of a character at or before `at`.
fn floor_char(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests;
