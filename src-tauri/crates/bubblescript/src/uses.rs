//! Where a script names integrations.

use std::ops::Range;
use std::sync::Arc;

use crate::ast::{Argument, Expression, Suffix, arguments_of};
use crate::parser::Parse;
use crate::syntax::{SyntaxKind, SyntaxToken, range_of};

/// One place where a script names an alias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AliasUse {
    /// The alias.
    pub alias: String,
    /// Whose token is meant.
    pub context: UseContext,
    /// The bytes of the alias itself, within quotes if it stands in some.
    pub range: Range<usize>,
}

/// How an alias is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UseContext {
    /// `bot.tokens.alias`
    Bot,
    /// `user.tokens.alias`
    User,
    /// `oauth_link("alias")`
    Link,
}

/// All places of a script that name an alias, in the order of the text.
pub fn uses(parse: &Parse) -> Vec<AliasUse> {
    let mut found: Vec<AliasUse> = parse
        .syntax()
        .descendants()
        .filter_map(Expression::cast)
        .filter_map(|value| match value.kind() {
            SyntaxKind::Postfix => token_use(&value),
            SyntaxKind::Call | SyntaxKind::Command => link_use(&value),
            _ => None,
        })
        .collect();
    found.sort_by_key(|own| own.range.start);
    found
}

/// The alias that the first argument of a function names literally.
pub(crate) fn alias_named_by(argument: &Expression, function: &str) -> Option<Arc<str>> {
    match argument.kind() {
        SyntaxKind::Postfix => token_use(argument).map(|own| own.alias.into()),
        SyntaxKind::Text if function == "oauth_link" => argument.plain_text().map(Into::into),
        _ => None,
    }
}

/// `bot.tokens.alias` and its spellings with brackets.
fn token_use(value: &Expression) -> Option<AliasUse> {
    let (base, suffixes) = value.suffixes();
    let base = base.filter(|base| base.kind() == SyntaxKind::Name)?.token()?;
    let context = match base.text() {
        "bot" => UseContext::Bot,
        "user" => UseContext::User,
        _ => return None,
    };
    let [tokens, alias, ..] = suffixes.as_slice() else { return None };
    let (tokens, _) = literal(tokens)?;
    let (alias, range) = literal(alias)?;
    (tokens == "tokens").then_some(AliasUse { alias, context, range })
}

fn link_use(value: &Expression) -> Option<AliasUse> {
    let invocation = value.invocation().filter(|own| own.name.text() == "oauth_link")?;
    let (alias, range) = text(invocation.positional().next()?)?;
    Some(AliasUse { alias, context: UseContext::Link, range })
}

/// The name in a suffix, where it is written out.
fn literal(suffix: &Suffix) -> Option<(String, Range<usize>)> {
    let of_token = |token: &SyntaxToken| (token.text().to_string(), range_of(token.text_range()));
    match suffix {
        Suffix::Member(name) => name.as_ref().map(of_token),
        Suffix::Index(node) => match arguments_of(node).as_slice() {
            [Argument { key: None, value: Some(value) }] => text(value),
            _ => None,
        },
        Suffix::Call(_) => None,
    }
}

fn text(value: &Expression) -> Option<(String, Range<usize>)> {
    let range = value.range();
    match value.kind() {
        SyntaxKind::Text => {
            let text = value.plain_text()?;
            let quote = value.token()?.text().len();
            Some((text, range.start + quote..range.end.saturating_sub(quote).max(range.start + quote)))
        }
        SyntaxKind::Literal => {
            let name = value.token()?.text().strip_prefix(':')?.to_string();
            Some((name, range.start + 1..range.end))
        }
        _ => None,
    }
}
