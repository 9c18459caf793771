use std::ops::Range;

use crate::check::check;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::integration::Integration;
use crate::lex::is_forbidden;
use crate::split::{lines, split};
use crate::syntax;
use crate::tree::{self, Budget, Failure, Limit, Loose, Parsed, Root, Subtree};

/// Largest text that is read, in bytes.
pub const TEXT_LIMIT: usize = 1024 * 1024;

/// What one manifest says, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Manifest {
    /// The entries that could be read, in the order of the text.
    pub entries: Vec<Integration>,
    /// All problems, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Every entry of the text is among `entries`. False when something could not be read, so that nothing should be
    /// concluded from an entry that is not there.
    pub complete: bool,
}

/// Reads a manifest. Never fails: what is wrong becomes a problem with its place, and every entry that can be read is.
pub fn read(text: &str) -> Manifest {
    let mut found = Diagnostics::default();
    let trees = trees(text, &mut found);
    let complete = trees.complete && found.is_empty();
    let entries = check(text, &trees.entries, &mut found);
    let complete = complete && entries.len() == trees.entries.len();
    Manifest { entries, diagnostics: found.finish(text.len()), complete }
}

struct Trees {
    entries: Vec<Subtree>,
    complete: bool,
}

const NONE: Trees = Trees { entries: Vec::new(), complete: false };

fn trees(text: &str, found: &mut Diagnostics) -> Trees {
    if text.len() > TEXT_LIMIT {
        too_large(found);
        return NONE;
    }
    let forbidden = forbidden_characters(text, found);
    let mut budget = Budget::default();
    if forbidden.is_empty() {
        let parsed = tree::parse(text, 0..text.len(), &mut budget);
        match parsed.failure {
            None => return whole(text, parsed, found),
            Some(Failure::Limit(limit, at)) if limit != Limit::Depth => {
                syntax::limit(text, limit, at, found);
                return NONE;
            }
            Some(failure) => return piecewise(text, Some(failure), &[], found),
        }
    }
    piecewise(text, None, &forbidden, found)
}

fn whole(text: &str, parsed: Parsed, found: &mut Diagnostics) -> Trees {
    if let Some(at) = parsed.second_document {
        several_documents(text, at, found);
    }
    loose_aliases(parsed.loose, found);
    match parsed.root {
        Root::Nothing => Trees { entries: Vec::new(), complete: true },
        Root::List(entries) => Trees { entries, complete: true },
        Root::Other(tree) => {
            syntax::not_a_list(&tree, found);
            NONE
        }
    }
}

/// Reads entry by entry, so that a broken one does not hide the others.
fn piecewise(text: &str, failure: Option<Failure>, forbidden: &[usize], found: &mut Diagnostics) -> Trees {
    let pieces = split(text);
    let mut budget = Budget::default();
    let mut entries = Vec::new();
    let mut reasons = 0;
    let is_clean = |piece: &Range<usize>| {
        let next = forbidden.partition_point(|at| *at < piece.start);
        forbidden.get(next).is_none_or(|at| *at >= piece.end)
    };
    let Some(first) = pieces.entries.first() else {
        if let Some(failure) = failure {
            syntax::explain(text, 0..text.len(), &failure, found);
        }
        return NONE;
    };
    let before = first.start;
    for piece in std::iter::once(pieces.before).chain(pieces.entries) {
        if !is_clean(&piece) {
            reasons += 1;
            continue;
        }
        let parsed = tree::parse(text, piece.clone(), &mut budget);
        match (parsed.failure, parsed.root) {
            (Some(Failure::Limit(limit, at)), _) if limit != Limit::Depth => {
                syntax::limit(text, limit, at, found);
                return NONE;
            }
            (Some(failure), _) => {
                reasons += 1;
                syntax::explain(text, piece, &failure, found);
            }
            (None, Root::Nothing) => {}
            (None, _) if piece.start < before => {
                reasons += 1;
                syntax::before_the_list(text, piece, found);
            }
            (None, Root::List(list)) => entries.extend(list),
            (None, Root::Other(tree)) => syntax::not_a_list(&tree, found),
        }
    }
    if let Some(at) = pieces.second_document {
        several_documents(text, at, found);
    } else if let (0, Some(failure)) = (reasons, failure) {
        syntax::explain(text, 0..text.len(), &failure, found);
    }
    Trees { entries, complete: false }
}

fn several_documents(text: &str, at: usize, found: &mut Diagnostics) {
    let line = lines(text, at..text.len()).next().map_or(at..at, |line| line.start..line.end);
    found.error(
        line,
        "several-documents",
        "A second document begins here, and only the first is read.",
        "Remove this line, so that all entries stand in one list.",
    );
}

/// The byte offsets of characters that may not stand in YAML, in order; each is a problem.
pub(crate) fn forbidden_characters(text: &str, found: &mut Diagnostics) -> Vec<usize> {
    let mut all = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| is_forbidden(*c)) {
        let message = match c {
            '\0' => "A NUL byte stands here, so this is not plain text.".to_owned(),
            c => format!("The control character U+{:04X} stands here.", u32::from(c)),
        };
        found.error(at..at + c.len_utf8(), "control-character", message, "Remove it.");
        all.push(at);
    }
    all
}

pub(crate) fn too_large(found: &mut Diagnostics) {
    let message = "This file is larger than 1 MiB, so it is not read.";
    found.error(0..0, "too-large", message, "Split it into smaller ones.");
}

/// Reports aliases that stand for nothing.
pub(crate) fn loose_aliases(loose: Vec<Loose>, found: &mut Diagnostics) {
    for Loose { range, in_itself } in loose {
        if in_itself {
            let message = "This alias stands inside the value it stands for.";
            found.error(range, "alias-in-itself", message, "Write the value itself.");
        } else {
            let hint = "Write the value itself, or mark it with `&` above.";
            found.error(range, "unknown-anchor", "No value above carries this anchor.", hint);
        }
    }
}
