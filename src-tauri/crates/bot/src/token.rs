use std::ops::Range;

use crate::file::{File, FileKind, is_yaml};

/// A stretch of a file's text with its colour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// UTF-16 offsets, from 0; never empty. Tokens do not overlap and are in order.
    pub range: Range<u32>,
    pub kind: TokenKind,
}

/// What a token is, in scripts and YAML alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    Comment,
    Keyword,
    Function,
    String,
    Escape,
    Number,
    Constant,
    Key,
    Punctuation,
    /// A script's variable; in YAML an anchor or a tag.
    Variable,
    Invalid,
}

pub(crate) fn tokens(file: &File) -> Vec<Token> {
    let Some(text) = file.text() else { return Vec::new() };
    let token =
        |bytes: Range<usize>, kind| Token { range: file.lines.utf16(bytes.start)..file.lines.utf16(bytes.end), kind };
    if file.kind == FileKind::Script {
        let tokens = bubblescript::tokens(text).into_iter();
        return tokens.map(|found| token(found.range, of_script(found.kind))).collect();
    }
    if !is_yaml(&file.path) && !file.path.ends_with(".json") {
        return Vec::new();
    }
    // JSON is YAML's bracket form, so one reader colours both.
    manifest::tokens(text).into_iter().map(|found| token(found.range, of_yaml(found.kind))).collect()
}

fn of_script(kind: bubblescript::TokenKind) -> TokenKind {
    use bubblescript::TokenKind as Script;
    match kind {
        Script::Comment => TokenKind::Comment,
        Script::Keyword => TokenKind::Keyword,
        Script::Function => TokenKind::Function,
        Script::String => TokenKind::String,
        Script::Escape => TokenKind::Escape,
        Script::Number => TokenKind::Number,
        Script::Constant => TokenKind::Constant,
        Script::Key => TokenKind::Key,
        Script::Punctuation => TokenKind::Punctuation,
        Script::Variable => TokenKind::Variable,
        Script::Invalid => TokenKind::Invalid,
    }
}

fn of_yaml(kind: manifest::TokenKind) -> TokenKind {
    use manifest::TokenKind as Yaml;
    match kind {
        Yaml::Comment => TokenKind::Comment,
        Yaml::Key => TokenKind::Key,
        Yaml::String => TokenKind::String,
        Yaml::Number => TokenKind::Number,
        Yaml::Constant => TokenKind::Constant,
        Yaml::Anchor | Yaml::Tag => TokenKind::Variable,
        Yaml::Punctuation => TokenKind::Punctuation,
        Yaml::Invalid => TokenKind::Invalid,
    }
}
