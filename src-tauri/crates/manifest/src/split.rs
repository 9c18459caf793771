//! Lines, and the lines that begin a top-level entry, found without parsing.

use std::ops::Range;

/// One line of a text, its line break apart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    pub(crate) start: usize,
    /// Where its content ends.
    pub(crate) end: usize,
    /// Where the next line starts.
    pub(crate) next: usize,
    /// How many spaces it begins with.
    pub(crate) indent: usize,
}

impl Line {
    /// What stands after the leading spaces.
    pub(crate) fn content(self, text: &str) -> &str {
        &text[self.start + self.indent..self.end]
    }

    /// Nothing but white space, or a comment.
    pub(crate) fn is_silent(self, text: &str) -> bool {
        let content = self.content(text).trim_start_matches(['\t', '\u{feff}']);
        content.is_empty() || content.starts_with('#')
    }

    /// Begins with a dash that stands for a list's entry.
    pub(crate) fn has_dash(self, text: &str) -> bool {
        is_indicator(self.content(text).as_bytes(), b"-")
    }

    /// `---` or `...`, which separate documents.
    pub(crate) fn is_document_mark(self, text: &str) -> bool {
        let content = self.content(text).as_bytes();
        self.indent == 0 && (is_indicator(content, b"---") || is_indicator(content, b"..."))
    }
}

fn is_indicator(content: &[u8], indicator: &[u8]) -> bool {
    content.strip_prefix(indicator).is_some_and(|rest| matches!(rest.first(), None | Some(b' ' | b'\t')))
}

/// The lines of `text` within `range`, whose start must be a line's.
pub(crate) fn lines(text: &str, range: Range<usize>) -> impl Iterator<Item = Line> + '_ {
    let mut at = range.start;
    std::iter::from_fn(move || {
        if at >= range.end {
            return None;
        }
        let line = line_at(text, at, range.end);
        at = line.next;
        Some(line)
    })
}

/// The line that starts at `start`.
pub(crate) fn line_at(text: &str, start: usize, limit: usize) -> Line {
    let bytes = &text.as_bytes()[..limit];
    let end = bytes[start..].iter().position(|b| matches!(b, b'\n' | b'\r')).map_or(limit, |found| start + found);
    let next = match bytes.get(end) {
        None => limit,
        Some(b'\r') if bytes.get(end + 1) == Some(&b'\n') => end + 2,
        Some(_) => end + 1,
    };
    let indent = bytes[start..end].iter().take_while(|b| **b == b' ').count();
    Line { start, end, next, indent }
}

/// A text cut where its top-level entries begin.
pub(crate) struct Split {
    /// What stands before the first entry.
    pub(crate) before: Range<usize>,
    /// The entries with whatever follows them, in order.
    pub(crate) entries: Vec<Range<usize>>,
    /// Where a second document begins.
    pub(crate) second_document: Option<usize>,
}

/// Cuts at every line whose dash stands no deeper than the first one's. For valid block lists this is exact, because
/// whatever belongs to an entry must stand deeper than its dash.
pub(crate) fn split(text: &str) -> Split {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut found = Split { before: start..text.len(), entries: Vec::new(), second_document: None };
    let mut column = None;
    let mut end = text.len();
    for line in lines(text, start..text.len()) {
        if line.is_document_mark(text) {
            if column.is_some() {
                found.second_document = second_document(text, line);
                end = line.start;
                break;
            }
        } else if line.has_dash(text) && column.is_none_or(|column| line.indent <= column) {
            column.get_or_insert(line.indent);
            found.entries.push(line.start..text.len());
        }
    }
    found.before.end = found.entries.first().map_or(end, |first| first.start);
    for index in 0..found.entries.len() {
        found.entries[index].end = found.entries.get(index + 1).map_or(end, |next| next.start);
    }
    found
}

fn second_document(text: &str, mark: Line) -> Option<usize> {
    let opens = mark.content(text).starts_with("---");
    let goes_on = || lines(text, mark.next..text.len()).any(|line| !line.is_silent(text));
    (opens || goes_on()).then_some(mark.start)
}
