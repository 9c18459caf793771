//! Values, operators, calls, strings, lists and maps.

use rowan::Checkpoint;

use super::Parser;
use crate::diagnostic::Diagnostic;
use crate::syntax::SyntaxKind::{self, *};

/// Words that never name a variable or a call.
const RESERVED: &[&str] = &["do", "end", "else", "after", "when", "and", "or", "in", "not", "true", "false", "nil"];
const WEAKEST: u8 = 2;
const STRONGEST: u8 = 9;

impl Parser<'_> {
    /// Any value; in head position also with its guard and block; also an assignment.
    pub(super) fn expression(&mut self) {
        if !self.enter() {
            return;
        }
        let start = self.checkpoint();
        let head = self.head;
        self.binary(WEAKEST);
        if matches!(self.peek(), Equals | PlusEquals | MinusEquals | StarEquals | SlashEquals) {
            self.wrap(start, Assign);
            self.bump();
            self.skip_lines();
            self.expression();
            self.finish();
        } else if head && (self.at_word("do") || self.at_word("when")) {
            self.guard_and_block(start);
        }
        self.leave();
    }

    fn guard_and_block(&mut self, start: Checkpoint) {
        self.wrap(start, BlockCall);
        if self.at_word("when") {
            self.start(Guard);
            self.bump();
            self.within(self.bracketed, false, Self::expression);
            self.finish();
        }
        if self.at_word("do") {
            self.block();
        } else if self.at(Comma) {
            self.bump();
            self.skip_lines();
            self.argument();
        } else {
            self.expected("`do`");
        }
        self.finish();
    }

    /// One level of binary operators and all that bind tighter. Flat, so that long chains make no deep trees.
    fn binary(&mut self, level: u8) {
        if level > STRONGEST {
            return self.unary();
        }
        let start = self.checkpoint();
        self.binary(level + 1);
        if self.operator_level() != Some(level) {
            return;
        }
        self.wrap(start, Binary);
        while self.operator_level() == Some(level) {
            self.skip_lines();
            self.bump();
            self.skip_lines();
            self.binary(level + 1);
        }
        self.finish();
    }

    fn operator_level(&self) -> Option<u8> {
        let mut index = self.index();
        if self.kind(index) == Newline {
            // A line may start with an operator that cannot start a statement.
            index = self.next[index] as usize;
            if !matches!(self.kind(index), Pipe | OrOr | AndAnd | Diamond) {
                return None;
            }
        }
        Some(match self.kind(index) {
            OrOr => 2,
            AndAnd => 3,
            EqualsEquals | NotEquals | Matches => 4,
            Less | LessEquals | Greater | GreaterEquals => 5,
            Pipe => 6,
            Diamond | PlusPlus | MinusMinus => 7,
            Plus | Minus => 8,
            Star | Slash => 9,
            Ident if self.kind(index + 1) != Colon => match self.text_of(index) {
                "or" => 2,
                "and" => 3,
                "in" => 6,
                _ => return None,
            },
            _ => return None,
        })
    }

    fn unary(&mut self) {
        if !(matches!(self.peek(), Bang | Minus | Plus) || self.at_word("not")) {
            return self.postfix();
        }
        if !self.enter() {
            return;
        }
        self.start(Unary);
        self.bump();
        self.unary();
        self.finish();
        self.leave();
    }

    fn postfix(&mut self) {
        let start = self.checkpoint();
        let before = self.at;
        self.primary();
        if self.at == before || !self.at_suffix() {
            return;
        }
        self.wrap(start, Postfix);
        while self.at_suffix() {
            match self.peek() {
                Dot => self.member(),
                BracketOpen => self.bracketed(Index, BracketClose),
                _ => self.bracketed(CallSuffix, ParenClose),
            }
        }
        self.finish();
    }

    fn at_suffix(&self) -> bool {
        match self.peek() {
            Dot => true,
            // `items [1]` is a call with a list, `items[1]` an element; the same holds for parentheses.
            BracketOpen | ParenOpen => self.index() == self.at,
            _ => false,
        }
    }

    fn member(&mut self) {
        self.start(Member);
        self.bump();
        if self.at(Ident) {
            self.bump();
        } else {
            self.expected("a name behind the dot");
        }
        self.finish();
    }

    fn primary(&mut self) {
        match self.peek() {
            Int | Float | Atom => self.leaf(Literal),
            Constant => self.leaf(ConstantUse),
            QuoteOpen => self.string(),
            BracketOpen => self.bracketed(List, BracketClose),
            MapOpen => self.bracketed(Map, BraceClose),
            ParenOpen => self.paren(),
            Ident => match self.text_of(self.index()) {
                "true" | "false" | "nil" => self.leaf(Literal),
                word if RESERVED.contains(&word) => self.expected("a value"),
                _ => self.name_or_call(),
            },
            _ => self.expected("a value"),
        }
    }

    fn leaf(&mut self, kind: SyntaxKind) {
        self.start(kind);
        self.bump();
        self.finish();
    }

    fn paren(&mut self) {
        self.start(Paren);
        self.bump();
        self.within(true, true, |parser| {
            parser.expression();
            parser.close(ParenClose);
        });
        self.finish();
    }

    fn name_or_call(&mut self) {
        let name = self.index();
        if self.kind(name + 1) == ParenOpen {
            self.start(Call);
            self.bump();
            self.bracketed(Arguments, ParenClose);
            self.finish();
        } else if self.kind(name + 1) == Whitespace && self.starts_argument(name + 1) {
            self.start(Command);
            self.bump();
            self.command_arguments();
            self.finish();
        } else {
            self.leaf(Name);
        }
    }

    /// Whether what follows the space at `space` can only be the first argument of a call without parentheses.
    pub(super) fn starts_argument(&self, space: usize) -> bool {
        let index = self.next_in_line[space] as usize;
        let spaced_behind = matches!(self.kind(index + 1), Whitespace | Newline | Eof);
        match self.kind(index) {
            Int | Float | Atom | Constant | QuoteOpen | BracketOpen | MapOpen | ParenOpen => true,
            Minus | Bang => !spaced_behind,
            Ident if self.kind(index + 1) == Colon => true,
            Ident => {
                let word = self.text_of(index);
                matches!(word, "not" | "true" | "false" | "nil") || !RESERVED.contains(&word)
            }
            _ => false,
        }
    }

    /// The arguments of a call without parentheses. Inside the arguments of another call it takes one only.
    fn command_arguments(&mut self) {
        let several = self.head;
        self.start(Arguments);
        self.within(self.bracketed, false, |parser| {
            let mut has_do = parser.argument();
            while several && parser.at(Comma) && !parser.belongs_outside(has_do) {
                parser.bump();
                parser.skip_lines();
                has_do |= parser.argument();
            }
        });
        self.finish();
    }

    /// Whether the comma ahead leads to an `else:` that belongs to an `if` further out.
    fn belongs_outside(&self, has_do: bool) -> bool {
        let index = self.next[self.index() + 1] as usize;
        !has_do && self.kind(index) == Ident && self.kind(index + 1) == Colon && self.text_of(index) == "else"
    }

    /// One argument or element; tells whether it was `do: statement`.
    pub(super) fn argument(&mut self) -> bool {
        if self.at_key() {
            let word = self.text_of(self.index());
            self.start(KeyArgument);
            self.bump();
            self.bump();
            self.skip_lines();
            if matches!(word, "do" | "else") && !self.bracketed {
                self.statement();
            } else {
                self.within(self.bracketed, false, Self::expression);
            }
            self.finish();
            return word == "do";
        }
        let start = self.checkpoint();
        self.within(self.bracketed, false, Self::expression);
        match self.peek() {
            Colon if self.index() == self.at => self.wrap(start, KeyArgument),
            FatArrow => self.wrap(start, Pair),
            _ => return false,
        }
        self.bump();
        self.skip_lines();
        self.within(self.bracketed, false, Self::expression);
        self.finish();
        false
    }

    /// A node of comma separated arguments between two brackets, with the opening one next.
    fn bracketed(&mut self, kind: SyntaxKind, closer: SyntaxKind) {
        self.start(kind);
        self.bump();
        self.within(true, false, |parser| {
            while !parser.at(closer) && !parser.at(Eof) {
                let before = parser.at;
                parser.argument();
                if parser.at(Comma) {
                    parser.bump();
                } else if parser.at == before || !parser.at(closer) {
                    break;
                }
            }
            parser.close(closer);
        });
        self.finish();
    }

    fn close(&mut self, closer: SyntaxKind) {
        if self.at(closer) {
            return self.bump();
        }
        self.expected(match closer {
            ParenClose => "`)`",
            BracketClose => "`]`",
            _ => "`}`",
        });
    }

    fn string(&mut self) {
        let opener = self.range(self.index());
        self.start(Text);
        self.bump();
        loop {
            match self.kind(self.at) {
                StringText | Escape => self.push_raw(),
                InterpolationOpen => self.interpolation(),
                QuoteClose => {
                    self.push_raw();
                    break;
                }
                _ => {
                    self.report(
                        Diagnostic::error(opener, "missing-quote", "This text is never closed.")
                            .with_hint("Add the missing quotation mark."),
                    );
                    break;
                }
            }
        }
        self.finish();
    }

    fn interpolation(&mut self) {
        self.start(Interpolation);
        self.push_raw();
        self.within(true, true, |parser| {
            parser.expression();
            if !parser.at(InterpolationClose) {
                parser.expected("`}`");
                parser.skip_to_interpolation_close();
            }
            if parser.at(InterpolationClose) {
                parser.bump();
            }
        });
        self.finish();
    }

    fn skip_to_interpolation_close(&mut self) {
        self.start(Error);
        let mut open = 0_u32;
        loop {
            match self.peek() {
                Eof => break,
                InterpolationClose if open == 0 => break,
                InterpolationClose => open -= 1,
                InterpolationOpen => open += 1,
                _ => {}
            }
            self.bump();
        }
        self.finish();
    }
}
