use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, Span, StructureStyle, options};

use super::{Content, Node, NodeId, Root, Scalar, Subtree, Target};
use crate::split::lines;

/// Deepest nesting that is read.
const DEPTH: usize = 32;
/// Most values of one text, an alias counted as all that it stands for.
const VALUES: u64 = 200_000;
/// Most aliases of one text.
const ALIASES: usize = 200;

/// What may still be read of a text, over all the pieces it is read in.
pub(crate) struct Budget {
    values: u64,
    aliases: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { values: VALUES, aliases: ALIASES }
    }
}

/// What one piece of text holds.
pub(crate) struct Parsed {
    /// What was read; on a failure, the entries that were complete before it.
    pub(crate) root: Root,
    pub(crate) failure: Option<Failure>,
    /// Aliases that stand for nothing.
    pub(crate) loose: Vec<Loose>,
    /// Where a second document begins.
    pub(crate) second_document: Option<usize>,
}

/// Why reading stopped, and at which byte.
pub(crate) enum Failure {
    Syntax(ErrorKind, usize),
    Limit(Limit, usize),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    Depth,
    Values,
    Aliases,
}

/// An alias without a meaning.
pub(crate) struct Loose {
    pub(crate) range: Range<usize>,
    /// It stands inside the very value it names.
    pub(crate) in_itself: bool,
}

/// Reads one piece of a text: all of it, or one entry from the start of its first line.
pub(crate) fn parse(text: &str, piece: Range<usize>, budget: &mut Budget) -> Parsed {
    let mut options = options! {
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        flow_nesting_limit: DEPTH,
        block_nesting_limit: DEPTH,
    };
    options.set_emit_comments(false);
    let mut parser = Parser::new_from_str_with_options(&text[piece.clone()], options);
    let mut build = Build::new(text, piece.clone(), budget);
    let mut second_document = None;
    let mut documents = 0;
    let failure = loop {
        match parser.next_event() {
            None => break None,
            Some(Err(error)) => {
                let at = error.marker().byte_offset().unwrap_or(0);
                break Some(match error.kind() {
                    ErrorKind::RecursionLimitExceeded => Failure::Limit(Limit::Depth, piece.start + at),
                    kind => Failure::Syntax(kind.clone(), piece.start + at),
                });
            }
            Some(Ok((Event::DocumentStart(..), span))) => {
                documents += 1;
                if documents == 2 {
                    second_document = Some(build.bytes(&span).start);
                    break None;
                }
            }
            Some(Ok((event, span))) => {
                if let Err(limit) = build.event(event, &span) {
                    break Some(Failure::Limit(limit, build.bytes(&span).start));
                }
            }
        }
    };
    Parsed { root: build.root(), failure, loose: build.loose, second_document }
}

/// The tree as it grows.
struct Build<'t, 'b> {
    text: &'t str,
    piece: Range<usize>,
    budget: &'b mut Budget,
    open: Vec<Open>,
    entries: Vec<Subtree>,
    /// The entry that is being read.
    nodes: Vec<Node>,
    start: usize,
    is_list: bool,
    /// Where the last value that was read ends.
    end: usize,
    anchors: HashMap<usize, Anchor>,
    loose: Vec<Loose>,
}

struct Anchor {
    entry: usize,
    node: NodeId,
    /// How many values it stands for, once it is complete.
    weight: Option<u64>,
}

/// A list or map that is not complete.
struct Open {
    /// `None` for the top-level list, which is no node.
    node: Option<NodeId>,
    /// The key whose value comes next.
    key: Option<NodeId>,
    anchor: usize,
    weight: u64,
    block: bool,
}

impl<'t, 'b> Build<'t, 'b> {
    fn new(text: &'t str, piece: Range<usize>, budget: &'b mut Budget) -> Self {
        let start = piece.start;
        Self {
            text,
            piece,
            budget,
            open: Vec::new(),
            entries: Vec::new(),
            nodes: Vec::new(),
            start,
            is_list: false,
            end: start,
            anchors: HashMap::new(),
            loose: Vec::new(),
        }
    }

    fn root(&mut self) -> Root {
        let mut entries = std::mem::take(&mut self.entries);
        if self.is_list {
            return Root::List(entries);
        }
        match entries.pop() {
            Some(tree) if tree.scalar(Subtree::TOP).is_none_or(|scalar| !scalar.is_null()) => Root::Other(tree),
            _ => Root::Nothing,
        }
    }

    fn bytes(&self, span: &Span) -> Range<usize> {
        let range = span.byte_range().unwrap_or_default();
        self.piece.start + range.start..self.piece.start + range.end
    }

    fn event(&mut self, event: Event<'_>, span: &Span) -> Result<(), Limit> {
        let range = self.bytes(span);
        match event {
            Event::Scalar(value, style, anchor, _) => self.scalar(&value, style, anchor, range),
            Event::SequenceStart(style, anchor, _) => self.open(Content::List(Vec::new()), style, anchor, range),
            Event::MappingStart(style, anchor, _) => self.open(Content::Map(Vec::new()), style, anchor, range),
            Event::SequenceEnd | Event::MappingEnd => {
                self.close(range);
                Ok(())
            }
            Event::Alias(anchor) => self.alias(Some(anchor), range),
            Event::UnresolvedAlias(_) => self.alias(None, range),
            _ => Ok(()),
        }
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, anchor: usize, range: Range<usize>) -> Result<(), Limit> {
        let plain = matches!(style, ScalarStyle::Plain);
        let range = match range.is_empty() {
            true => self.absent(range.start),
            false => range.start..range.start + trimmed(&self.text[range.clone()]),
        };
        let end = range.end;
        let id = self.add(Content::Scalar(Scalar { value: value.into(), plain }), range, anchor, 1)?;
        self.end = self.end.max(end);
        self.finish(id);
        Ok(())
    }

    /// Where a value that is not there would stand: after its key's colon.
    fn absent(&self, at: usize) -> Range<usize> {
        let rest = &self.text[at..self.piece.end];
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let has_key = self.open.last().is_some_and(|open| open.key.is_some());
        let at = if has_key && rest[blanks..].starts_with(':') { at + blanks + 1 } else { at };
        at..at
    }

    fn alias(&mut self, anchor: Option<usize>, range: Range<usize>) -> Result<(), Limit> {
        self.budget.aliases = self.budget.aliases.checked_sub(1).ok_or(Limit::Aliases)?;
        let found = anchor.and_then(|anchor| self.anchors.get(&anchor)).map(|a| (a.entry, a.node, a.weight));
        let (target, weight) = match found {
            Some((entry, node, Some(weight))) if entry == self.entries.len() => (Target::Here(node), weight),
            Some((entry, node, Some(weight))) => (Target::Elsewhere(entry, node), weight),
            _ => {
                self.loose.push(Loose { range: range.clone(), in_itself: found.is_some() });
                (Target::Unknown, 1)
            }
        };
        let end = range.end;
        let id = self.add(Content::Alias(target), range, 0, weight)?;
        self.end = self.end.max(end);
        self.finish(id);
        Ok(())
    }

    fn open(
        &mut self,
        content: Content,
        style: StructureStyle,
        anchor: usize,
        range: Range<usize>,
    ) -> Result<(), Limit> {
        let block = matches!(style, StructureStyle::Block);
        if self.open.len() >= DEPTH {
            return Err(Limit::Depth);
        }
        if self.open.is_empty() && matches!(content, Content::List(_)) {
            self.is_list = true;
            self.end = range.start;
            self.open.push(Open { node: None, key: None, anchor: 0, weight: 0, block });
            return Ok(());
        }
        let node = self.add(content, range, anchor, 1)?;
        self.open.push(Open { node: Some(node), key: None, anchor, weight: 1, block });
        Ok(())
    }

    fn close(&mut self, range: Range<usize>) {
        let Some(open) = self.open.pop() else { return };
        if !open.block {
            self.end = self.end.max(range.end);
        }
        let Some(id) = open.node else { return };
        let node = &mut self.nodes[id.0];
        node.range.end = (self.end - self.start).max(node.range.start);
        if let Some(anchor) = self.anchors.get_mut(&open.anchor) {
            anchor.weight = Some(open.weight);
        }
        if let Some(parent) = self.open.last_mut() {
            parent.weight = parent.weight.saturating_add(open.weight - 1);
        }
        self.finish(id);
    }

    /// Adds a node to the entry, and begins the entry with its first one.
    fn add(&mut self, content: Content, range: Range<usize>, anchor: usize, weight: u64) -> Result<NodeId, Limit> {
        self.budget.values = self.budget.values.checked_sub(weight).ok_or(Limit::Values)?;
        if self.nodes.is_empty() {
            self.start = self.dash(range.start);
        }
        let complete = matches!(content, Content::Scalar(_) | Content::Alias(_));
        let id = NodeId(self.nodes.len());
        self.nodes.push(Node { range: range.start - self.start..range.end - self.start, content });
        if anchor != 0 {
            let weight = complete.then_some(weight);
            self.anchors.insert(anchor, Anchor { entry: self.entries.len(), node: id, weight });
        }
        if let Some(open) = self.open.last_mut() {
            open.weight = open.weight.saturating_add(weight);
            if let Some(Node { content, .. }) = open.node.map(|node| &mut self.nodes[node.0]) {
                match (content, open.key.take()) {
                    (Content::List(items), _) => items.push(id),
                    (Content::Map(pairs), Some(key)) => pairs.push((key, id)),
                    (_, _) => open.key = Some(id),
                }
            }
        }
        Ok(id)
    }

    /// Completes the entry when its first node is complete.
    fn finish(&mut self, id: NodeId) {
        if id == Subtree::TOP {
            let nodes = std::mem::take(&mut self.nodes);
            self.end = self.end.max(self.start + usize::from(self.text[self.start..].starts_with('-')));
            self.entries.push(Subtree { start: self.start, len: trimmed(&self.text[self.start..self.end]), nodes });
        }
    }

    /// Where the dash of the entry whose value begins at `value` stands: the first one that begins a line after the
    /// entry before. In brackets there is none, and the entry begins with its value.
    fn dash(&self, value: usize) -> usize {
        if !self.open.last().is_some_and(|open| open.block) {
            return value;
        }
        let from = self.end;
        let line = self.text[..from].rfind(['\n', '\r', '\u{feff}']);
        let line = line.map_or(0, |found| found + self.text[found..].chars().next().map_or(0, char::len_utf8));
        lines(self.text, line..value)
            .map(|line| line.start + line.indent)
            .find(|at| *at >= from && self.text[*at..].starts_with('-'))
            .unwrap_or(value)
    }
}

/// How much of a text is left without the blanks and line breaks at its end.
fn trimmed(text: &str) -> usize {
    text.trim_end_matches([' ', '\t', '\n', '\r']).len()
}
