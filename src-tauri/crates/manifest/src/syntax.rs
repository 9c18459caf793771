//! Why a text is not valid YAML, or not a list, in words that fit what was most likely meant.

use std::ops::Range;

use granit_parser::ErrorKind;

use crate::check::is_known_key;
use crate::diagnostic::Diagnostics;
use crate::lex::{Fault, FaultKind, lex};
use crate::split::{Line, line_at, lines};
use crate::tree::{Content, Failure, Limit, Subtree};

/// Reports why `piece` could not be read: everything that is visibly wrong with it, and what the parser said if that
/// comes first.
pub(crate) fn explain(text: &str, piece: Range<usize>, failure: &Failure, found: &mut Diagnostics) {
    let (kind, at) = match failure {
        Failure::Limit(reached, at) => return limit(text, *reached, *at, found),
        Failure::Syntax(kind, at) => (kind, *at),
    };
    let faults = lex(text, piece.clone()).faults;
    let is_later = |fault: &Fault| line_start(text, fault.range.start) > at;
    // The parser meets a tab while it still reads the value above, and says so there.
    let is_tab =
        matches!(kind, ErrorKind::TabInPlainScalar) && faults.iter().any(|fault| fault.kind == FaultKind::TabIndent);
    if faults.first().is_none_or(is_later) && !is_tab && !lost_indentation(text, piece, found) {
        parser_says(text, kind, at, found);
    }
    report_faults(text, &faults, found);
}

/// Reports that a bound on what is read was reached.
pub(crate) fn limit(text: &str, limit: Limit, at: usize, found: &mut Diagnostics) {
    let range = rest_of_line(text, at);
    match limit {
        Limit::Depth => {
            found.error(range, "too-deep", "Values are nested deeper than 32 levels here.", "Write it flatter.")
        }
        Limit::Values => found.error(
            range,
            "too-many-values",
            "This file holds, or its aliases stand for, more than 200,000 values, so it is not read.",
            "Make it smaller.",
        ),
        Limit::Aliases => found.error(
            range,
            "too-many-aliases",
            "This file has more than 200 aliases, so it is not read.",
            "Write the values themselves instead of `*name`.",
        ),
    }
}

/// Reports a document that is something other than a list.
pub(crate) fn not_a_list(tree: &Subtree, found: &mut Diagnostics) {
    let Content::Map(pairs) = &tree.node(Subtree::TOP).content else {
        return found.error(
            tree.range(),
            "not-a-list",
            "A manifest is a list of entries, and this is none.",
            "Begin each entry with a dash, such as `- provider: google`.",
        );
    };
    let first = pairs.first().map(|(key, value)| (*key, &tree.node(*value).content));
    let range = first.map_or_else(|| tree.range(), |(key, _)| tree.node_range(key));
    let hint = match first {
        Some((_, Content::List(_))) => "Remove this line, so that the entries below it are the list.",
        _ => "Put `- ` before the first key of each entry, and indent its other keys by two spaces.",
    };
    found.error(range, "not-a-list", "A manifest is a list, but this file holds keys.", hint);
}

/// Reports content in front of the first entry.
pub(crate) fn before_the_list(text: &str, piece: Range<usize>, found: &mut Diagnostics) {
    let content = lines(text, piece).find(|line| !line.is_silent(text) && !line.is_document_mark(text));
    let range = content.map_or(0..0, |line| content_range(text, line));
    found.error(
        range,
        "not-a-list",
        "This stands before the first entry and belongs to none.",
        "Begin an entry with `- ` and indent its other keys by two spaces, or remove it.",
    );
}

fn report_faults(text: &str, faults: &[Fault], found: &mut Diagnostics) {
    // A line with one key too many has as many more as it likes: one problem says it.
    let mut told = 0;
    for Fault { range, kind } in faults {
        let range = range.clone();
        match kind {
            FaultKind::TabIndent => {
                found.error(
                    range,
                    "tab-indentation",
                    "This line is indented with a tab.",
                    "Use spaces: YAML allows nothing else.",
                );
            }
            FaultKind::UnclosedQuote => {
                found.error(range, "unclosed-quote", "This quote is not closed.", "Close it at the end of the value.");
            }
            FaultKind::SecondKey if range.start < told => {}
            FaultKind::SecondKey => {
                told = line_at(text, range.start, text.len()).end;
                if is_known_key(&text[range.clone()]) {
                    let hint = "Give each key a line of its own, indented by two spaces.";
                    found.error(range, "keys-on-one-line", "Several keys stand on one line.", hint);
                } else {
                    let message = "This value holds a colon followed by a space, which begins a new key.";
                    found.error(range, "unquoted-colon", message, "Put the whole value in quotes.");
                }
            }
        }
        if found.is_full() {
            return;
        }
    }
}

/// Looks for lines of an entry that stand no deeper than its dash: text copied from a web page has lost its indentation.
fn lost_indentation(text: &str, piece: Range<usize>, found: &mut Diagnostics) -> bool {
    let mut all = lines(text, piece).filter(|line| !line.is_silent(text));
    let Some(dash) = all.next().filter(|line| line.has_dash(text)) else { return false };
    let lost: Vec<Line> = all.filter(|line| line.indent <= dash.indent).collect();
    let (Some(first), Some(last)) = (lost.first(), lost.last()) else { return false };
    let content = first.content(text);
    if content.starts_with('-') {
        found.error(
            content_range(text, *first),
            "no-space-after-dash",
            "A dash begins an entry only with a space after it.",
            "Write `- `.",
        );
        return true;
    }
    let key = content.split(':').next().unwrap_or_default().trim_end();
    if is_known_key(key) {
        let lines = if lost.len() == 1 { "1 line".to_owned() } else { format!("{} lines", lost.len()) };
        found.error(
            first.start + first.indent..content_range(text, *last).end,
            "indentation-lost",
            format!("Indentation was lost in {lines} of this entry."),
            "Indent every key by two spaces, so that it stands under the first one.",
        );
    } else {
        found.error(
            content_range(text, *first),
            "line-outside",
            "This line belongs to no entry.",
            "Begin an entry with `- `, or indent the line by two spaces.",
        );
    }
    true
}

/// The parser's own reason, for what no rule above has recognised.
fn parser_says(text: &str, kind: &ErrorKind, at: usize, found: &mut Diagnostics) {
    use ErrorKind::*;
    let here = rest_of_line(text, at);
    let line = content_range(text, line_at(text, line_start(text, here.start), text.len()));
    let mut error = |range: Range<usize>, code, message: &str, hint: &str| found.error(range, code, message, hint);
    match kind {
        UnclosedQuotedScalar | InvalidQuotedScalarIndent | DocumentIndicatorInQuotedScalar => {
            error(here, "unclosed-quote", "A quote above is not closed.", "Close it at the end of the value.");
        }
        InvalidTrailingSingleQuotedScalar | InvalidTrailingDoubleQuotedScalar => {
            error(
                here,
                "text-after-quote",
                "Text follows the closing quote.",
                "Put the whole value in quotes; a quote inside is written twice in single quotes and as \\\" in double ones.",
            );
        }
        UnknownQuotedScalarEscape | InvalidQuotedScalarHexEscape | InvalidUnicodeEscape => {
            error(
                here,
                "unknown-escape",
                "This escape is not known.",
                "Write a backslash as \\\\, or use single quotes.",
            );
        }
        TabNotAllowed | TabInBlockIndentation | TabInIndentation | TabAtBlockScalarStart | TabInPlainScalar => {
            error(here, "tab-indentation", "A tab stands where YAML allows only spaces.", "Use spaces.");
        }
        SimpleKeyExpected => error(
            line,
            "no-colon",
            "This line has a key without a colon.",
            "Write the key, a colon, a space and the value.",
        ),
        ExpectedBlockMappingKey
        | ExpectedBlockSequenceEntry
        | InvalidIndentation
        | MappingValueNotAllowed
        | MappingKeyNotAllowed
        | BlockSequenceEntryNotAllowed => {
            error(
                line,
                "uneven-indentation",
                "This line does not line up with the others.",
                "Line up keys that belong together in one column.",
            );
        }
        UnclosedFlowCollection { .. }
        | UnexpectedEofFlowSequence
        | UnexpectedEofFlowMapping
        | UnexpectedEofImplicitFlowMapping
        | ExpectedFlowMappingSeparator
        | ExpectedFlowSequenceSeparator
        | BlockEntryInFlowCollection
        | InvalidColonPlacement => {
            error(
                here,
                "unclosed-bracket",
                "A bracket here or above is not closed.",
                "Close it, or put the value in quotes.",
            );
        }
        MisplacedFlowCollectionEnd | MismatchedFlowCollectionEnd { .. } => {
            error(
                here,
                "unopened-bracket",
                "This bracket closes none that is open.",
                "Remove it, or put the value in quotes.",
            );
        }
        UnexpectedCharacter { .. } => {
            error(
                here,
                "unexpected-character",
                "A value cannot begin with this character.",
                "Put the value in quotes.",
            );
        }
        _ => error(here, "not-yaml", "This cannot be read as YAML.", "Compare the line with the entries around it."),
    }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind(['\n', '\r']).map_or(0, |found| found + 1)
}

/// From `at` to the end of its line; at a line's end, the last line with content up to there.
fn rest_of_line(text: &str, at: usize) -> Range<usize> {
    let at = at.min(text.len());
    let line = line_at(text, line_start(text, at), text.len());
    if at < line.end {
        return at..at + text[at..line.end].trim_end().len().max(text[at..].chars().next().map_or(0, char::len_utf8));
    }
    let before = text[..at].trim_end().len();
    content_range(text, line_at(text, line_start(text, before), text.len()))
}

fn content_range(text: &str, line: Line) -> Range<usize> {
    let start = line.start + line.indent;
    start..start + text[start..line.end].trim_end().len()
}
