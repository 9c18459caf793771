//! Tokens for colours: what each piece of a script is, for editors.

use std::ops::Range;

use serde::Serialize;

use crate::ast::tokens as own_tokens;
use crate::parser::parse;
use crate::syntax::SyntaxKind::*;
use crate::syntax::{SyntaxNode, SyntaxToken, range_of};
use crate::words::is_statement;

/// A coloured piece of a script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Token {
    /// Its bytes.
    pub range: Range<usize>,
    /// What it is.
    pub kind: TokenKind,
}

/// What a piece of a script is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenKind {
    /// `# …`
    Comment,
    /// A word of the language.
    Keyword,
    /// The name of a dialog or function, where it is declared, invoked or called.
    Function,
    /// Text in quotes, and the quotes.
    String,
    /// `\n` and its like.
    Escape,
    /// A number.
    Number,
    /// `@name`, `:atom`, `true`, `false`, `nil`.
    Constant,
    /// `name:` in front of a value.
    Key,
    /// Brackets, commas, operators.
    Punctuation,
    /// A variable or member.
    Variable,
    /// What means nothing here.
    Invalid,
}

/// The coloured pieces of a script in order. Spaces have none.
pub fn tokens(text: &str) -> Vec<Token> {
    let root = parse(text).syntax();
    let leaves = root.descendants_with_tokens().filter_map(|element| element.into_token());
    leaves.filter_map(|leaf| Some(Token { kind: kind(&leaf)?, range: range_of(leaf.text_range()) })).collect()
}

fn kind(leaf: &SyntaxToken) -> Option<TokenKind> {
    Some(match leaf.kind() {
        Whitespace | Newline | Eof => return None,
        Comment => TokenKind::Comment,
        QuoteOpen | QuoteClose | StringText => TokenKind::String,
        Escape => TokenKind::Escape,
        Int | Float => TokenKind::Number,
        Constant | Atom => TokenKind::Constant,
        Unknown => TokenKind::Invalid,
        Colon => TokenKind::Key,
        Ident => word(leaf),
        _ => TokenKind::Punctuation,
    })
}

fn word(leaf: &SyntaxToken) -> TokenKind {
    let Some(parent) = leaf.parent() else { return TokenKind::Invalid };
    match parent.kind() {
        Literal => TokenKind::Constant,
        KeyArgument => TokenKind::Key,
        Member => TokenKind::Variable,
        Command | Call if is_statement(leaf.text()) => TokenKind::Keyword,
        Command | Call => TokenKind::Function,
        Name if stands_alone(&parent) && is_statement(leaf.text()) => TokenKind::Keyword,
        Name if names_code(&parent) => TokenKind::Function,
        Name => TokenKind::Variable,
        Error => TokenKind::Invalid,
        // `do`, `end`, `when`, `and` and the like stand directly in the nodes they belong to.
        _ => TokenKind::Keyword,
    }
}

fn stands_alone(name: &SyntaxNode) -> bool {
    let parent = name.parent().map(|parent| parent.kind());
    matches!(parent, Some(Root | Block | BlockCall | Clause | ElsePart | AfterPart | KeyArgument))
}

/// Whether a name stands for a dialog, task or function: as the first argument of the words that take one.
fn names_code(name: &SyntaxNode) -> bool {
    let Some(arguments) = name.parent().filter(|parent| parent.kind() == Arguments) else { return false };
    let first = arguments.first_child().as_ref() == Some(name);
    let word = arguments.parent().and_then(|call| own_tokens(&call).next());
    first
        && word
            .is_some_and(|word| matches!(word.text(), "dialog" | "task" | "function" | "invoke" | "perform" | "goto"))
}
