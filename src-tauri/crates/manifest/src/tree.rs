//! The span tree: what stands where in a text, one [`Subtree`] per top-level entry.
//!
//! Places inside a subtree count from the subtree's own start, so an entry whose bytes did not change keeps its subtree
//! when text before it does. The one thing that ties entries together is [`Target::Elsewhere`]. Comments are not nodes.

mod build;

use std::ops::Range;

pub(crate) use build::{Budget, Failure, Limit, Loose, Parsed, parse};

/// What a document holds at its top.
pub(crate) enum Root {
    /// Nothing at all, or a null.
    Nothing,
    /// A list: its entries.
    List(Vec<Subtree>),
    /// Something else.
    Other(Subtree),
}

/// One top-level entry, or the whole of a document that is no list.
pub(crate) struct Subtree {
    /// Byte offset of the entry's dash in the text; of the value itself where there is no dash.
    pub(crate) start: usize,
    /// Bytes from `start` to the end of the last value.
    pub(crate) len: usize,
    /// The first node is the entry's value.
    nodes: Vec<Node>,
}

pub(crate) struct Node {
    /// Bytes from the subtree's start. A value that is not there has an empty range where it would stand.
    range: Range<usize>,
    pub(crate) content: Content,
}

/// Index of a node in its subtree.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeId(usize);

// No `Debug` here or above: a scalar may hold a client secret.
pub(crate) enum Content {
    Scalar(Scalar),
    List(Vec<NodeId>),
    Map(Vec<(NodeId, NodeId)>),
    Alias(Target),
}

pub(crate) struct Scalar {
    /// The value after quotes, escapes and folding.
    pub(crate) value: Box<str>,
    /// Written without quotes, so that `~` and its like mean nothing.
    pub(crate) plain: bool,
}

/// What an alias stands for.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    /// A node of the same subtree.
    Here(NodeId),
    /// A node of another entry's subtree.
    Elsewhere(usize, NodeId),
    /// Nothing that is known.
    Unknown,
}

impl Scalar {
    /// Stands for "no value".
    pub(crate) fn is_null(&self) -> bool {
        self.plain && matches!(&*self.value, "" | "~" | "null" | "Null" | "NULL")
    }
}

impl Subtree {
    pub(crate) const TOP: NodeId = NodeId(0);

    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    /// Bytes of the text that the whole entry takes.
    pub(crate) fn range(&self) -> Range<usize> {
        self.start..self.start + self.len
    }

    /// Bytes of the text that a node takes.
    pub(crate) fn node_range(&self, id: NodeId) -> Range<usize> {
        let range = &self.node(id).range;
        self.start + range.start..self.start + range.end
    }

    /// The value of a node that is a scalar.
    pub(crate) fn scalar(&self, id: NodeId) -> Option<&Scalar> {
        match &self.node(id).content {
            Content::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    pub(crate) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }
}

/// A node together with the entry it belongs to.
#[derive(Clone, Copy)]
pub(crate) struct Place<'t> {
    pub(crate) tree: &'t Subtree,
    pub(crate) id: NodeId,
}

impl<'t> Place<'t> {
    pub(crate) fn range(self) -> Range<usize> {
        self.tree.node_range(self.id)
    }

    /// The node's content, or that of the node it is an alias of; `None` for an alias of nothing.
    pub(crate) fn resolve(self, entries: &'t [Subtree]) -> Option<Place<'t>> {
        match self.tree.node(self.id).content {
            Content::Alias(Target::Here(id)) => Some(Place { tree: self.tree, id }),
            Content::Alias(Target::Elsewhere(entry, id)) => Some(Place { tree: entries.get(entry)?, id }),
            Content::Alias(Target::Unknown) => None,
            _ => Some(self),
        }
    }

    pub(crate) fn content(self) -> &'t Content {
        &self.tree.node(self.id).content
    }
}
