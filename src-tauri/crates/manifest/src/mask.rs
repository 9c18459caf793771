use std::ops::Range;

use providers::nearest_word;

use crate::split::{line_at, lines};
use crate::tree::{Budget, Content, NodeId, Parsed, Place, Root, Subtree, parse};

/// What stands for a value that is not shown.
const MASK: &str = "••••••••";

/// The source of `range` with the values of client secrets masked, for showing it to people.
///
/// `range` is an entry's, as [`read`](crate::read) gives it. Where the text is not valid, or a secret stands in a comment,
/// everything after the key is masked to the end of its line, and lines below that stand deeper: rather too much than
/// too little.
pub fn mask(text: &str, range: Range<usize>) -> String {
    let range = range.start.min(text.len())..range.end.min(text.len());
    let Some(source) = text.get(range.clone()) else { return String::new() };
    let start = text[..range.start].rfind(['\n', '\r']).map_or(0, |found| found + 1);
    let only_blanks = text[start..range.start].trim_start_matches('\u{feff}').trim().is_empty();
    let piece = if only_blanks { start..range.end } else { range.clone() };
    let mut keys = Vec::new();
    let mut hidden = Vec::new();
    for tree in subtrees(parse(text, piece, &mut Budget::default())) {
        secrets(&tree, &mut keys, &mut hidden);
    }
    keys.sort_by_key(|key: &Range<usize>| key.start);
    for (key, rest) in mentions(text, &range) {
        let before = keys.partition_point(|known| known.start <= key);
        if before.checked_sub(1).is_none_or(|last| keys[last].end <= key) {
            hidden.push(rest);
        }
    }
    replaced(source, range.start, hidden)
}

fn subtrees(parsed: Parsed) -> Vec<Subtree> {
    match (parsed.failure, parsed.root) {
        (None, Root::List(entries)) => entries,
        (None, Root::Other(tree)) => vec![tree],
        _ => Vec::new(),
    }
}

/// Collects the keys of client secrets and the ranges of their values, aliases followed within the entry.
fn secrets(tree: &Subtree, keys: &mut Vec<Range<usize>>, hidden: &mut Vec<Range<usize>>) {
    let is_secret = |key: NodeId| {
        // Other lengths are too far from "client_secret" to be a slip, and comparing every key would take long.
        let key = tree.scalar(key).map(|scalar| &*scalar.value).filter(|key| (9..=17).contains(&key.len()));
        key.is_some_and(|key| key == "client_secret" || nearest_word(key, ["client_secret"]).is_some())
    };
    for node in tree.nodes() {
        let Content::Map(pairs) = &node.content else { continue };
        for (key, value) in pairs.iter().filter(|(key, _)| is_secret(*key)) {
            keys.push(tree.node_range(*key));
            let place = Place { tree, id: *value };
            hidden.push(place.range());
            hidden.extend(place.resolve(&[]).map(Place::range));
        }
    }
}

/// Where a client secret's key is spelt out, in a comment or in broken text, and all that may be its value.
fn mentions(text: &str, range: &Range<usize>) -> Vec<(usize, Range<usize>)> {
    let source = text[range.clone()].to_ascii_lowercase();
    let mut found = Vec::new();
    for spelling in ["client_secret", "client-secret", "clientsecret"] {
        for (at, _) in source.match_indices(spelling) {
            let key = range.start + at;
            let value = key + spelling.len();
            let quote = usize::from(text[value..range.end].starts_with(['"', '\'']));
            let rest = &text[value + quote..range.end];
            let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            if rest[blanks..].starts_with([':', '=']) {
                let start = value + quote + blanks + 1;
                found.push((key, start..value_end(text, key, range)));
            }
        }
    }
    found
}

fn value_end(text: &str, key: usize, range: &Range<usize>) -> usize {
    let line = line_at(text, text[..key].rfind(['\n', '\r']).map_or(0, |found| found + 1), range.end);
    let column = key - line.start;
    let below = lines(text, line.next..range.end);
    let deeper = below.take_while(|next| next.indent > column || next.content(text).trim().is_empty());
    deeper.last().map_or(line.end, |last| last.end)
}

fn replaced(source: &str, offset: usize, mut hidden: Vec<Range<usize>>) -> String {
    hidden.sort_by_key(|range| (range.start, range.end));
    let mut shown = String::with_capacity(source.len());
    let mut at = 0;
    for range in hidden {
        let start = range.start.saturating_sub(offset).max(at);
        let end = range.end.saturating_sub(offset).min(source.len());
        if start >= end {
            continue;
        }
        let value = &source[start..end];
        let start = start + value.len() - value.trim_start().len();
        let quote = source[start..end].chars().next().filter(|c| matches!(c, '"' | '\''));
        let quote = quote.map(String::from).unwrap_or_default();
        shown.push_str(&source[at..start.min(end)]);
        if start < end {
            shown.push_str(&format!("{quote}{MASK}{quote}"));
        }
        at = end;
    }
    shown.push_str(&source[at..]);
    shown
}

#[cfg(test)]
mod tests;
