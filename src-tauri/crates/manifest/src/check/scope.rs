use std::ops::Range;

use providers::{Provider, ScopeSeparator};

use super::map::Map;
use super::{Walk, anchor};
use crate::integration::{Field, Integration};

impl<'t> Walk<'t, '_> {
    /// What can be said of a scope without changing it: scopes are sent as they are written.
    pub(super) fn scope(&mut self, entry: &Integration, map: &Map<'t>, provider: Option<&'static Provider>) {
        let Some(provider) = provider else { return };
        let Some(field) = &entry.scope else {
            if provider.needs_scope && !map.mentions("scope") {
                self.found.error(
                    anchor(entry, map),
                    "scope-missing",
                    format!("Provider `{}` needs a scope.", provider.id),
                    "Add `scope:` with the address of the scope, such as `https://www.googleapis.com/auth/bigquery`.",
                );
            }
            return;
        };
        self.separator(field, provider);
        for retired in provider.retired_scopes {
            if let Some(range) = self.word_range(field, retired.scope) {
                let message = format!("{} no longer grants `{}`.", provider.title, retired.scope);
                self.found.hint(range, "scope-retired", message, retired.advice);
            }
        }
        if provider.id == "twitter" {
            let message = "A scope selects Twitter's OAuth 2.0; the classic sign-in has none.";
            self.found.hint(
                field.key_range.clone(),
                "scope-selects-oauth2",
                message,
                "Remove the scope for the classic sign-in.",
            );
        }
    }

    fn separator(&mut self, field: &Field, provider: &Provider) {
        let Some(separator) = provider.scope_separator else { return };
        let scopes = words(&field.value);
        let (differs, name) = match separator {
            ScopeSeparator::Space => (field.value.contains(','), "spaces"),
            ScopeSeparator::Comma => (scopes.len() > 1 && field.value.trim().contains(char::is_whitespace), "commas"),
        };
        if differs {
            let mut joined = scopes.join(&separator.as_char().to_string());
            if joined.len() > 200 {
                joined = format!("a{}b", separator.as_char());
            }
            let message = format!("{} separates scopes with {name}.", provider.title);
            self.found.hint(field.value_range.clone(), "scope-separator", message, format!("Write `{joined}`."));
        }
    }

    /// Where a scope stands: the word itself, or the whole value when its spelling in the text differs.
    fn word_range(&self, field: &Field, word: &str) -> Option<Range<usize>> {
        if !words(&field.value).contains(&word) {
            return None;
        }
        let source = &self.text[field.value_range.clone()];
        let ends = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || matches!(c, ',' | '"' | '\''));
        let at = source
            .match_indices(word)
            .map(|(at, _)| at)
            .find(|at| ends(source[..*at].chars().next_back()) && ends(source[at + word.len()..].chars().next()));
        Some(at.map_or_else(
            || field.value_range.clone(),
            |at| field.value_range.start + at..field.value_range.start + at + word.len(),
        ))
    }
}

fn words(scope: &str) -> Vec<&str> {
    scope.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty()).collect()
}
