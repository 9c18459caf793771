//! From tokens to a lossless tree, by recursive descent. Never fails: what it cannot understand becomes an error node
//! and a diagnostic, and reading goes on at the next line.
//!
//! The grammar is small on purpose: every statement of the language (`if`, `dialog`, `say`, `buttons`, …) is a call with
//! arguments, an optional `when` guard and an optional `do` block. What the words mean is decided later.

mod expression;
mod statement;

use std::ops::Range;

use rowan::{Checkpoint, GreenNode, GreenNodeBuilder};

use crate::diagnostic::Diagnostic;
use crate::lexer::{Lexeme, lex};
use crate::syntax::SyntaxKind::{self, *};
use crate::syntax::SyntaxNode;

/// The largest script that is read, in bytes.
pub const MAX_FILE_BYTES: usize = 1 << 20;
/// How deep values, calls and blocks may nest in a script.
pub const MAX_NESTING: u32 = 128;
const MAX_DIAGNOSTICS: usize = 500;

/// A parsed text: the tree, which always covers the whole text, and what was wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parse {
    green: GreenNode,
    /// Problems in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl Parse {
    /// The root of the tree.
    pub fn syntax(&self) -> SyntaxNode {
        SyntaxNode::new_root(self.green.clone())
    }
}

/// Parses a script. Always gives a tree whose text is the given text.
pub fn parse(text: &str) -> Parse {
    if text.len() > MAX_FILE_BYTES {
        return too_large(text);
    }
    let mut parser = Parser::new(text);
    parser.builder.start_node(Root.into());
    parser.root();
    parser.builder.finish_node();
    let mut diagnostics = parser.diagnostics;
    diagnostics.sort_by_key(|diagnostic| diagnostic.range.start);
    Parse { green: parser.builder.finish(), diagnostics }
}

fn too_large(text: &str) -> Parse {
    let mut builder = GreenNodeBuilder::new();
    builder.start_node(Root.into());
    builder.token(Unknown.into(), text);
    builder.finish_node();
    let diagnostic = Diagnostic::error(0..0, "file-too-large", "This script is larger than 1 MiB and was not read.")
        .with_hint("Split it into several files.");
    Parse { green: builder.finish(), diagnostics: vec![diagnostic] }
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Lexeme>,
    /// For each token the next one that is neither space nor comment.
    next_in_line: Vec<u32>,
    /// The same, but beyond line ends too.
    next: Vec<u32>,
    at: usize,
    builder: GreenNodeBuilder<'static>,
    diagnostics: Vec<Diagnostic>,
    depth: u32,
    /// Inside brackets a line end is a space.
    bracketed: bool,
    /// Whether a call without parentheses may take several arguments and a block here, or leaves both to the call around it.
    head: bool,
    /// Set once nesting got too deep: the rest of the text is one error node.
    gave_up: bool,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Self {
        let tokens = lex(text);
        let last = tokens.len() - 1;
        let (mut next, mut next_in_line) = (vec![last as u32; tokens.len()], vec![last as u32; tokens.len()]);
        for index in (0..last).rev() {
            let kind = tokens[index].kind;
            let own = index as u32;
            next[index] = if kind.is_trivia() { next[index + 1] } else { own };
            let skipped = matches!(kind, Whitespace | Comment);
            next_in_line[index] = if skipped { next_in_line[index + 1] } else { own };
        }
        Self {
            text,
            tokens,
            next_in_line,
            next,
            at: 0,
            builder: GreenNodeBuilder::new(),
            diagnostics: Vec::new(),
            depth: 0,
            bracketed: false,
            head: true,
            gave_up: false,
        }
    }

    /// Index of the token that counts next.
    fn index(&self) -> usize {
        let next = if self.bracketed { &self.next } else { &self.next_in_line };
        next[self.at] as usize
    }

    fn kind(&self, index: usize) -> SyntaxKind {
        self.tokens.get(index).map_or(Eof, |token| token.kind)
    }

    fn range(&self, index: usize) -> Range<usize> {
        let start = |index: usize| self.tokens.get(index).map_or(self.text.len(), |token| token.start as usize);
        start(index)..start(index + 1)
    }

    fn text_of(&self, index: usize) -> &'t str {
        &self.text[self.range(index)]
    }

    fn peek(&self) -> SyntaxKind {
        self.kind(self.index())
    }

    fn at(&self, kind: SyntaxKind) -> bool {
        self.peek() == kind
    }

    /// Whether the next token is this word, and not a key of the same name.
    fn at_word(&self, word: &str) -> bool {
        let index = self.index();
        self.kind(index) == Ident && self.text_of(index) == word && self.kind(index + 1) != Colon
    }

    /// Whether the next token is a key: a name with a colon right behind it.
    fn at_key(&self) -> bool {
        let index = self.index();
        self.kind(index) == Ident && self.kind(index + 1) == Colon
    }

    fn push_raw(&mut self) {
        if self.at + 1 < self.tokens.len() {
            self.builder.token(self.kind(self.at).into(), self.text_of(self.at));
            self.at += 1;
        }
    }

    /// Moves spaces and comments before the next token into the tree, so that nodes start at real tokens.
    fn trivia(&mut self) {
        let index = self.index();
        while self.at < index {
            self.push_raw();
        }
    }

    fn bump(&mut self) {
        self.trivia();
        self.push_raw();
    }

    fn skip_lines(&mut self) {
        let index = self.next[self.at] as usize;
        while self.at < index {
            self.push_raw();
        }
    }

    fn start(&mut self, kind: SyntaxKind) {
        self.trivia();
        self.builder.start_node(kind.into());
    }

    fn checkpoint(&mut self) -> Checkpoint {
        self.trivia();
        self.builder.checkpoint()
    }

    fn wrap(&mut self, checkpoint: Checkpoint, kind: SyntaxKind) {
        self.builder.start_node_at(checkpoint, kind.into());
    }

    fn finish(&mut self) {
        self.builder.finish_node();
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        let repeated = self.diagnostics.last().is_some_and(|last| last.range.start == diagnostic.range.start);
        if !self.gave_up && !repeated && self.diagnostics.len() < MAX_DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Reports that something else was expected before the next token.
    fn expected(&mut self, what: &str) {
        let index = self.index();
        let (found, range) = match self.kind(index) {
            Eof => ("the text ends here".to_string(), self.range(index)),
            Newline => ("the line ends here".to_string(), self.range(index).start..self.range(index).start),
            _ => (format!("there is `{}`", clip(self.text_of(index))), self.range(index)),
        };
        self.report(Diagnostic::error(range, "unexpected", format!("Expected {what}, but {found}.")));
    }

    /// Goes one level deeper, or gives up on the rest of the text.
    fn enter(&mut self) -> bool {
        if self.depth < MAX_NESTING {
            self.depth += 1;
            return true;
        }
        let range = self.range(self.index());
        self.report(
            Diagnostic::error(range, "too-deep", format!("This nests more than {MAX_NESTING} levels deep."))
                .with_hint("Move inner parts into functions or dialogs of their own."),
        );
        self.gave_up = true;
        self.start(Error);
        while self.at + 1 < self.tokens.len() {
            self.push_raw();
        }
        self.finish();
        false
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Runs a part of the grammar with other settings for line ends and calls, and restores them.
    fn within(&mut self, bracketed: bool, head: bool, part: impl FnOnce(&mut Self)) {
        let outer = (self.bracketed, self.head);
        (self.bracketed, self.head) = (bracketed, head);
        part(self);
        (self.bracketed, self.head) = outer;
    }
}

fn clip(text: &str) -> &str {
    text.char_indices().nth(20).map_or(text, |(end, _)| &text[..end])
}
