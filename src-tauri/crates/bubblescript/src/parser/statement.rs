//! Statements, blocks, clauses, and how reading goes on behind a mistake.

use super::Parser;
use crate::diagnostic::Diagnostic;
use crate::syntax::SyntaxKind::*;

/// How many tokens the head of a clause may have. Keeps reading linear when a bracket is never closed.
const MAX_CLAUSE_HEAD: usize = 128;

impl Parser<'_> {
    pub(super) fn root(&mut self) {
        loop {
            self.statements(false);
            if self.at(Eof) {
                break;
            }
            let range = self.range(self.index());
            let word = self.text_of(self.index());
            self.report(Diagnostic::error(range, "unexpected", format!("This `{word}` closes nothing.")));
            self.start(Error);
            self.bump();
            self.finish();
        }
        self.trivia();
    }

    /// Statements up to a word that closes the block, or the end. In a clause also up to the head of the next one.
    fn statements(&mut self, in_clause: bool) {
        loop {
            self.separators();
            if self.at(Eof) || self.at_closer() || (in_clause && self.at_clause()) {
                break;
            }
            let before = self.at;
            self.statement();
            self.end_of_statement();
            if self.at == before {
                self.start(Error);
                self.bump();
                self.finish();
            }
        }
    }

    fn separators(&mut self) {
        while matches!(self.peek(), Newline | Semicolon) {
            self.bump();
        }
    }

    fn at_closer(&self) -> bool {
        self.at_word("end") || self.at_word("else") || self.at_word("after")
    }

    pub(super) fn statement(&mut self) {
        self.within(false, true, |parser| {
            let index = parser.index();
            let spaced = parser.kind(index + 1) == Whitespace;
            if parser.kind(index) == Constant && spaced && parser.starts_argument(index + 1) {
                parser.start(ConstantDefinition);
                parser.bump();
                parser.expression();
                parser.finish();
            } else {
                parser.expression();
            }
        });
    }

    fn end_of_statement(&mut self) {
        if matches!(self.peek(), Newline | Semicolon | Eof) || self.at_closer() {
            return;
        }
        self.expected("the end of the line");
        self.start(Error);
        while !matches!(self.peek(), Newline | Semicolon | Eof) && !self.at_closer() {
            self.bump();
        }
        self.finish();
    }

    /// `do … end`, with the `do` next.
    pub(super) fn block(&mut self) {
        self.within(false, true, |parser| {
            parser.start(Block);
            let opener = parser.range(parser.index());
            parser.bump();
            parser.block_body();
            loop {
                let part = match parser.peek() {
                    Ident if parser.at_word("else") => ElsePart,
                    Ident if parser.at_word("after") => AfterPart,
                    _ => break,
                };
                parser.start(part);
                parser.bump();
                parser.block_body();
                parser.finish();
            }
            if parser.at_word("end") {
                parser.bump();
            } else {
                parser.report(
                    Diagnostic::error(opener, "missing-end", "This `do` has no matching `end`.")
                        .with_hint("Add `end` on a line of its own where the block stops."),
                );
            }
            parser.finish();
        });
    }

    fn block_body(&mut self) {
        loop {
            self.statements(true);
            let Some(arrow) = self.clause_arrow().filter(|_| !self.at_closer()) else { break };
            self.start(Clause);
            self.within(false, false, Self::expression);
            if self.index() < arrow {
                self.expected("`->`");
                self.start(Error);
                while self.index() < arrow {
                    self.bump();
                }
                self.finish();
            }
            // The head can only have eaten the arrow as a part of something broken, which has been reported then.
            if self.at(Arrow) {
                self.bump();
            }
            self.statements(true);
            self.finish();
        }
    }

    fn at_clause(&self) -> bool {
        self.clause_arrow().is_some()
    }

    /// The arrow that makes the statement ahead the head of a clause: in this line, outside all brackets and strings.
    fn clause_arrow(&self) -> Option<usize> {
        let first = self.index();
        let mut open = 0_u32;
        for index in first..first + MAX_CLAUSE_HEAD {
            match self.kind(index) {
                Arrow if open == 0 => return Some(index),
                Newline | Semicolon if open == 0 => return None,
                Eof => return None,
                Ident if open == 0 && matches!(self.text_of(index), "do" | "end") => return None,
                ParenOpen | BracketOpen | MapOpen | BraceOpen | QuoteOpen | InterpolationOpen => open += 1,
                ParenClose | BracketClose | BraceClose | QuoteClose | InterpolationClose => {
                    open = open.saturating_sub(1)
                }
                _ => {}
            }
        }
        None
    }
}
