//! Which coloured stretches changed, so that a key stroke sends a few tokens and not all of them.

use bot::{Bot, Token};

/// The new tokens of the stretch that changed; they replace every old token that overlaps `from..to`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ChangedTokens {
    pub(crate) tokens: Vec<Token>,
    pub(crate) from: u32,
    pub(crate) to: u32,
}

/// Compares the tokens before and after one replaced stretch. Offsets are UTF-16 units; `old` are in the old text, the
/// stretch `from..to` of it became `inserted` units long.
pub(crate) fn changed(old: &[Token], new: &[Token], from: u32, to: u32, inserted: u32) -> ChangedTokens {
    let moved = |token: &Token| {
        let shift = |at: u32| at - (to - from) + inserted;
        if token.range.start >= to {
            Some(Token { range: shift(token.range.start)..shift(token.range.end), kind: token.kind })
        } else if token.range.end <= from {
            Some(token.clone())
        } else {
            None
        }
    };
    let kept: Vec<Option<Token>> = old.iter().map(moved).collect();
    let same = |(old, new): &(&Option<Token>, &Token)| old.as_ref() == Some(*new);
    let head = kept.iter().zip(new).take_while(same).count();
    let tail = kept[head..].iter().rev().zip(new[head..].iter().rev()).take_while(same).count();

    let tokens = new[head..new.len() - tail].to_vec();
    let gone = kept[head..kept.len() - tail].iter().flatten();
    let touched = || tokens.iter().chain(gone.clone());
    let start = touched().map(|token| token.range.start).chain([from]).min().unwrap_or(from);
    let end = touched().map(|token| token.range.end).chain([from + inserted]).max().unwrap_or(from);
    ChangedTokens { tokens, from: start, to: end }
}

/// The colours of a piece of a manifest, such as one entry's source.
pub fn colours(source: &str) -> Vec<Token> {
    let mut piece = Bot::default();
    piece.replace("integrations.yaml", source.into());
    piece.tokens("integrations.yaml")
}

#[cfg(test)]
mod tests {
    use super::*;
    use bot::TokenKind::{Keyword, String as Text};

    fn token(from: u32, to: u32, kind: bot::TokenKind) -> Token {
        Token { range: from..to, kind }
    }

    /// Applies the answer as an editor does: move old tokens along, drop those that overlap, add the new ones.
    fn apply(old: &[Token], answer: &ChangedTokens, from: u32, to: u32, inserted: u32) -> Vec<Token> {
        let outside = old.iter().filter(|t| t.range.end <= from || t.range.start >= to).map(|t| {
            let shift = |at: u32| if t.range.start >= to { at - (to - from) + inserted } else { at };
            token(shift(t.range.start), shift(t.range.end), t.kind)
        });
        let mut tokens: Vec<Token> =
            outside.filter(|t| t.range.end <= answer.from || t.range.start >= answer.to).collect();
        tokens.extend(answer.tokens.iter().cloned());
        tokens.sort_by_key(|t| t.range.start);
        tokens
    }

    #[test]
    fn sends_only_the_token_that_grew() {
        let old = [token(0, 3, Keyword), token(4, 8, Text), token(9, 12, Keyword)];
        let new = [token(0, 3, Keyword), token(4, 9, Text), token(10, 13, Keyword)];
        let answer = changed(&old, &new, 6, 6, 1);
        assert_eq!(answer, ChangedTokens { tokens: vec![token(4, 9, Text)], from: 4, to: 9 });
        assert_eq!(apply(&old, &answer, 6, 6, 1), new);
    }

    #[test]
    fn sends_everything_behind_an_opened_quote() {
        let old = [token(0, 3, Keyword), token(5, 8, Keyword)];
        let new = [token(0, 3, Keyword), token(4, 9, Text)];
        let answer = changed(&old, &new, 4, 4, 1);
        assert_eq!(answer, ChangedTokens { tokens: vec![token(4, 9, Text)], from: 4, to: 9 });
        assert_eq!(apply(&old, &answer, 4, 4, 1), new);
    }

    #[test]
    fn a_deletion_names_where_tokens_vanished() {
        let old = [token(0, 3, Keyword), token(4, 8, Text)];
        let answer = changed(&old, &[token(0, 3, Keyword)], 4, 8, 0);
        assert_eq!(answer, ChangedTokens { tokens: vec![], from: 4, to: 4 });
        assert_eq!(apply(&old, &answer, 4, 8, 0), [token(0, 3, Keyword)]);
    }

    #[test]
    fn no_change_of_colours_sends_none() {
        let old = [token(0, 3, Keyword), token(4, 8, Text)];
        assert_eq!(changed(&old, &old, 3, 4, 1).tokens, vec![]);
    }
}
