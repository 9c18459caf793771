//! A typed view of the tree: values, and one shape for every kind of call. Costs nothing but the node it wraps.

use std::borrow::Cow;
use std::ops::Range;

use crate::syntax::SyntaxKind::{self, *};
use crate::syntax::{SyntaxNode, SyntaxToken, range_of};

/// A value, or a statement, which has the same form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Expression(SyntaxNode);

impl Expression {
    /// Reads a node as a value, if it is one.
    pub fn cast(node: SyntaxNode) -> Option<Self> {
        let fits = matches!(
            node.kind(),
            Literal
                | ConstantUse
                | Name
                | Text
                | List
                | Map
                | Paren
                | Call
                | Command
                | BlockCall
                | Postfix
                | Unary
                | Binary
                | Assign
        );
        fits.then_some(Self(node))
    }

    /// The node's kind.
    pub fn kind(&self) -> SyntaxKind {
        self.0.kind()
    }

    /// The node itself.
    pub fn syntax(&self) -> &SyntaxNode {
        &self.0
    }

    /// The bytes of the value.
    pub fn range(&self) -> Range<usize> {
        range_of(self.0.text_range())
    }

    /// The first token that is not trivia: the whole of a literal, name or constant, the operator of a unary node.
    pub fn token(&self) -> Option<SyntaxToken> {
        tokens(&self.0).next()
    }

    /// The values directly inside: operands, elements, what a parenthesis holds.
    pub fn values(&self) -> Vec<Expression> {
        self.0.children().filter_map(Self::cast).collect()
    }

    /// Operands of a binary node, each but the first with the operator before it.
    pub fn operands(&self) -> (Option<Expression>, Vec<(SyntaxToken, Expression)>) {
        let mut operators = tokens(&self.0);
        let mut operands = self.values().into_iter();
        (operands.next(), operands.filter_map(|operand| Some((operators.next()?, operand))).collect())
    }

    /// The base of a postfix node and its suffixes.
    pub fn suffixes(&self) -> (Option<Expression>, Vec<Suffix>) {
        let suffixes = self.0.children().filter_map(|node| match node.kind() {
            Member => Some(Suffix::Member(tokens(&node).nth(1))),
            Index => Some(Suffix::Index(node)),
            CallSuffix => Some(Suffix::Call(node)),
            _ => None,
        });
        (self.values().into_iter().next(), suffixes.collect())
    }

    /// This as a call: with or without parentheses, with or without a block, or a word that stands alone.
    pub fn invocation(&self) -> Option<Invocation> {
        let inner = match self.kind() {
            BlockCall => self.values().into_iter().next()?,
            Call | Command | Name => self.clone(),
            _ => return None,
        };
        let name = match inner.kind() {
            Call | Command | Name => inner.token()?,
            _ => return None,
        };
        let arguments = inner.0.children().find(|node| node.kind() == Arguments);
        let mut all: Vec<Argument> = arguments.iter().flat_map(arguments_of).collect();
        let outer = (self.kind() == BlockCall).then_some(&self.0);
        // `dialog a when b, do: c` carries its one statement behind the guard.
        all.extend(outer.into_iter().flat_map(arguments_of).filter(|argument| argument.key.is_some()));
        let part = |kind| outer.and_then(|node| node.children().find(|child| child.kind() == kind));
        let guard = part(Guard).and_then(|node| node.children().find_map(Expression::cast));
        Some(Invocation { name, arguments: all, guard, block: part(Block).map(Body), range: self.range() })
    }

    /// The pieces of a string.
    pub fn pieces(&self) -> Vec<Piece> {
        let indent = self.heredoc_indent();
        let mut pieces = Vec::new();
        let mut line_start = indent.is_some();
        for element in self.0.children_with_tokens() {
            match element {
                rowan::NodeOrToken::Node(node) if node.kind() == Interpolation => {
                    line_start = false;
                    pieces.extend(node.children().find_map(Expression::cast).map(Piece::Value));
                }
                rowan::NodeOrToken::Token(token) if token.kind() == StringText => {
                    let text = match indent {
                        Some(indent) => dedent(token.text(), indent, line_start),
                        None => token.text().replace("\r\n", "\n"),
                    };
                    line_start = false;
                    pieces.push(Piece::Text(text));
                }
                rowan::NodeOrToken::Token(token) if token.kind() == Escape => {
                    line_start = false;
                    pieces.push(Piece::Text(unescape(token.text()).into_owned()));
                }
                _ => {}
            }
        }
        if indent.is_some()
            && let Some(Piece::Text(first)) = pieces.first_mut()
        {
            *first = first.strip_prefix('\n').unwrap_or(first).to_string();
        }
        pieces
    }

    /// The text of a string without interpolation.
    pub fn plain_text(&self) -> Option<String> {
        if self.kind() != Text {
            return None;
        }
        let mut whole = String::new();
        for piece in self.pieces() {
            match piece {
                Piece::Text(text) => whole.push_str(&text),
                Piece::Value(_) => return None,
            }
        }
        Some(whole)
    }

    /// For a heredoc: how many spaces stand before its closing quotes.
    fn heredoc_indent(&self) -> Option<usize> {
        let opener = self.token()?;
        if opener.text() != "\"\"\"" {
            return None;
        }
        let last = self.0.children_with_tokens().filter(|element| element.kind() != QuoteClose).last()?;
        let text = last.as_token().map_or(String::new(), |token| token.text().to_string());
        let line = text.rsplit('\n').next().unwrap_or("");
        let blank = line.chars().all(|c| c == ' ' || c == '\t');
        Some(if text.contains('\n') && blank { line.len() } else { 0 })
    }
}

/// A part of a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text, escapes already read.
    Text(String),
    /// `#{value}`.
    Value(Expression),
}

/// What hangs on a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suffix {
    /// `.name`; `None` while the name is missing.
    Member(Option<SyntaxToken>),
    /// `[…]`.
    Index(SyntaxNode),
    /// `(…)` behind a member.
    Call(SyntaxNode),
}

/// A call of any form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// The word called.
    pub name: SyntaxToken,
    /// Its arguments, in order.
    pub arguments: Vec<Argument>,
    /// The condition behind `when`.
    pub guard: Option<Expression>,
    /// The `do` block.
    pub block: Option<Body>,
    /// The bytes of the whole call.
    pub range: Range<usize>,
}

impl Invocation {
    /// The arguments without a key.
    pub fn positional(&self) -> impl Iterator<Item = &Expression> {
        self.arguments.iter().filter(|argument| argument.key.is_none()).filter_map(|argument| argument.value.as_ref())
    }

    /// The value of a key, `else` and `do` included.
    pub fn keyed(&self, key: &str) -> Option<&Expression> {
        let found =
            self.arguments.iter().find(|argument| argument.key.as_ref().is_some_and(|own| own.plain() == Some(key)));
        found.and_then(|argument| argument.value.as_ref())
    }
}

/// One argument of a call, element of a list or entry of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// The key, if it has one.
    pub key: Option<Key>,
    /// The value; `None` while it is missing.
    pub value: Option<Expression>,
}

/// The key of an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// `name:` or `"name":` without interpolation.
    Plain(String),
    /// `value =>`, or a string key with interpolation.
    Computed(Expression),
}

impl Key {
    /// The key, when it is known without running anything.
    pub fn plain(&self) -> Option<&str> {
        match self {
            Self::Plain(name) => Some(name),
            Self::Computed(_) => None,
        }
    }
}

/// The arguments, elements or entries directly inside a node.
pub fn arguments_of(node: &SyntaxNode) -> Vec<Argument> {
    node.children()
        .filter_map(|child| match child.kind() {
            KeyArgument | Pair => Some(argument_of(&child)),
            _ => Some(Argument { key: None, value: Some(Expression::cast(child)?) }),
        })
        .collect()
}

fn argument_of(node: &SyntaxNode) -> Argument {
    let mut values = node.children().filter_map(Expression::cast);
    let name = tokens(node).next().filter(|token| token.kind() == Ident);
    let key = match name {
        Some(name) => Some(Key::Plain(name.text().to_string())),
        None => values.next().map(|value| value.plain_text().map_or_else(|| Key::Computed(value.clone()), Key::Plain)),
    };
    Argument { key, value: values.next() }
}

/// The statements of a block, clause or file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body(pub SyntaxNode);

impl Body {
    /// Statements in order, those of its parts and clauses left out. Constant definitions are [`definitions`].
    pub fn statements(&self) -> impl Iterator<Item = Expression> {
        let head = usize::from(self.0.kind() == Clause);
        self.0.children().filter_map(Expression::cast).skip(head)
    }

    /// Clauses in order.
    pub fn clauses(&self) -> Vec<(Expression, Body)> {
        let clauses = self.0.children().filter(|node| node.kind() == Clause);
        clauses.filter_map(|node| Some((node.children().find_map(Expression::cast)?, Body(node.clone())))).collect()
    }

    /// The part behind `else`.
    pub fn otherwise(&self) -> Option<Body> {
        self.0.children().find(|node| node.kind() == ElsePart).map(Body)
    }
}

/// Constant definitions directly in a file or block: name with `@`, value, range.
pub fn definitions(node: &SyntaxNode) -> impl Iterator<Item = (SyntaxToken, Option<Expression>)> {
    node.children()
        .filter(|child| child.kind() == ConstantDefinition)
        .filter_map(|child| Some((tokens(&child).next()?, child.children().find_map(Expression::cast))))
}

/// The tokens directly in a node, without trivia.
pub fn tokens(node: &SyntaxNode) -> impl Iterator<Item = SyntaxToken> + use<> {
    node.children_with_tokens().filter_map(|element| element.into_token()).filter(|token| !token.kind().is_trivia())
}

fn dedent(text: &str, indent: usize, from_start: bool) -> String {
    let mut lines = Vec::new();
    for (number, line) in text.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let blanks = line.bytes().take(indent).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        lines.push(if number > 0 || from_start { &line[blanks..] } else { line });
    }
    lines.join("\n")
}

fn unescape(token: &str) -> Cow<'_, str> {
    let escaped = token.strip_prefix('\\').unwrap_or(token);
    match escaped.chars().next() {
        Some('n') => "\n".into(),
        Some('t') => "\t".into(),
        Some('r') => "\r".into(),
        Some('s') => " ".into(),
        Some('e') => "\u{1b}".into(),
        Some('0') => "\0".into(),
        Some('\r' | '\n') => "".into(),
        Some('u') => {
            let digits = escaped[1..].trim_matches(['{', '}']);
            let read = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
            read.map_or(escaped.into(), |c| c.to_string().into())
        }
        _ => escaped.into(),
    }
}
