//! What a manifest's entries mean, and what is wrong with them: the walk from the span tree to integrations.

mod map;
mod oauth2;
mod scope;
mod url;

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

use providers::{Context, Provider, nearest_word};

use crate::diagnostic::{Diagnostics, quoted};
use crate::integration::Integration;
use crate::line_index::LineIndex;
use crate::tree::{Content, Place, Subtree};
use map::Map;

/// The keys of an entry, in the order in which people write them.
pub(crate) const ENTRY_KEYS: [&str; 8] =
    ["provider", "context", "alias", "scope", "description", "title", "icon", "oauth2"];
/// The keys of an `oauth2` block.
pub(crate) const OAUTH2_KEYS: [&str; 5] = ["flow", "client_id", "client_secret", "authorize_url", "token_url"];

/// Reads every entry that is a map, and reports what is wrong with any of them and between them.
pub(crate) fn check(text: &str, entries: &[Subtree], found: &mut Diagnostics) -> Vec<Integration> {
    let mut walk = Walk { text, entries, found, lines: OnceCell::new() };
    let integrations: Vec<_> = entries.iter().filter_map(|tree| walk.entry(tree)).collect();
    walk.duplicate_aliases(&integrations);
    integrations
}

pub(crate) fn is_known_key(word: &str) -> bool {
    ENTRY_KEYS.contains(&word) || OAUTH2_KEYS.contains(&word)
}

/// What the walk needs at every step.
struct Walk<'t, 'f> {
    text: &'t str,
    entries: &'t [Subtree],
    found: &'f mut Diagnostics,
    lines: OnceCell<LineIndex>,
}

impl<'t> Walk<'t, '_> {
    fn entry(&mut self, tree: &'t Subtree) -> Option<Integration> {
        let top = Place { tree, id: Subtree::TOP };
        let map = match top.resolve(self.entries).map(Place::content) {
            Some(Content::Map(_)) => self.map(top, &ENTRY_KEYS),
            // The alias itself is reported already.
            None => return None,
            Some(content) => {
                self.not_a_map(tree, content);
                return None;
            }
        };
        let mut entry = Integration {
            range: tree.range(),
            provider: self.text_field(&map, "provider"),
            alias: self.text_field(&map, "alias"),
            context: self.text_field(&map, "context"),
            scope: self.text_field(&map, "scope"),
            description: self.text_field(&map, "description"),
            title: self.text_field(&map, "title"),
            icon: self.text_field(&map, "icon"),
            oauth2: None,
        };
        let provider = self.provider(&entry, &map);
        self.context(&entry, &map, provider);
        self.alias(&entry);
        self.scope(&entry, &map, provider);
        entry.oauth2 = self.oauth2(&entry, &map);
        Some(entry)
    }

    fn not_a_map(&mut self, tree: &Subtree, content: &Content) {
        let (code, message, hint) = match content {
            Content::Scalar(scalar) if scalar.is_null() => {
                ("empty-entry", "This entry is empty.", "Write `provider` and `context` under it, or remove the dash.")
            }
            Content::Scalar(scalar) if scalar.value.split_once(':').is_some_and(|(key, _)| is_known_key(key)) => (
                "entry-not-a-map",
                "A key is followed by a colon and a space, and the space is missing here.",
                "Write the space.",
            ),
            _ => (
                "entry-not-a-map",
                "An entry holds keys with values, and this one does not.",
                "Write it as `- provider: google` with its other keys below.",
            ),
        };
        self.found.error(tree.range(), code, message, hint);
    }

    fn provider(&mut self, entry: &Integration, map: &Map<'t>) -> Option<&'static Provider> {
        let Some(field) = &entry.provider else {
            if !map.mentions("provider") {
                self.found.error(
                    anchor(entry, map),
                    "provider-missing",
                    "This entry names no provider.",
                    "Add `provider:` with what it connects to, such as `google` or `secret`.",
                );
            }
            return None;
        };
        let known = providers::find(&field.value);
        if known.is_none() && !self.found.is_full() {
            let nearest = providers::nearest(&field.value).map(|provider| provider.id);
            let all = || providers::all().iter().map(|provider| provider.id).collect::<Vec<_>>().join(", ");
            self.unknown("provider", &field.value, field.value_range.clone(), nearest, all);
        }
        known
    }

    fn context(&mut self, entry: &Integration, map: &Map<'t>, provider: Option<&'static Provider>) {
        let Some(field) = &entry.context else {
            if !map.mentions("context") {
                let hint = match provider {
                    Some(provider) if !provider.allows(Context::User) => "Add `context: bot`.",
                    _ => "Add `context: bot` for one token of the bot's own, or `context: user` for one per person.",
                };
                self.found.error(anchor(entry, map), "context-missing", "This entry has no context.", hint);
            }
            return;
        };
        match (Context::from_word(&field.value), provider) {
            (None, _) if self.found.is_full() => {}
            (None, _) => {
                let nearest = nearest_word(&field.value, ["bot", "user"]);
                self.unknown("context", &field.value, field.value_range.clone(), nearest, || "bot, user".to_owned());
            }
            (Some(context), Some(provider)) if !provider.allows(context) => {
                let message = format!("Provider `{}` serves the bot, never a single person.", provider.id);
                self.found.error(field.value_range.clone(), "context-not-allowed", message, "Write `context: bot`.");
            }
            _ => {}
        }
    }

    fn alias(&mut self, entry: &Integration) {
        let Some(field) = entry.alias.as_ref().filter(|field| !is_identifier(&field.value)) else { return };
        let alias = quoted(&field.value).map_or_else(|| "This alias".to_owned(), |alias| format!("Alias {alias}"));
        let repaired: String =
            field.value.trim().chars().take(40).map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let example = if is_identifier(&repaired) { format!(", such as `{repaired}`") } else { String::new() };
        self.found.error(
            field.value_range.clone(),
            "alias-not-identifier",
            format!("{alias} is no name that scripts can use."),
            format!("Use letters, digits and `_`, beginning with a letter{example}."),
        );
    }

    /// Reports a word that is none of those allowed here.
    fn unknown(
        &mut self,
        what: &str,
        word: &str,
        range: Range<usize>,
        nearest: Option<&str>,
        all: impl FnOnce() -> String,
    ) {
        let code = match what {
            "provider" => "unknown-provider",
            "context" => "unknown-context",
            "flow" => "unknown-flow",
            _ => "unknown-key",
        };
        let word = quoted(word).map(|word| format!(" {word}")).unwrap_or_default();
        match nearest {
            Some(nearest) => {
                self.found.error(range, code, format!("Unknown {what}{word}. Did you mean `{nearest}`?"), "");
            }
            None => self.found.error(range, code, format!("Unknown {what}{word}."), format!("Known are: {}.", all())),
        }
    }

    /// Reports every entry whose token has the same name as another's, at both places.
    fn duplicate_aliases(&mut self, entries: &[Integration]) {
        let mut first_uses: HashMap<&str, (&Integration, bool)> = HashMap::new();
        for entry in entries.iter().filter(|entry| !entry.alias().is_empty()) {
            if self.found.is_full() {
                return;
            }
            let Some((first, reported)) = first_uses.get_mut(entry.alias()) else {
                first_uses.insert(entry.alias(), (entry, false));
                continue;
            };
            if !std::mem::replace(reported, true) {
                self.duplicate_alias(first, entry);
            }
            self.duplicate_alias(entry, first);
        }
    }

    fn duplicate_alias(&mut self, at: &Integration, other: &Integration) {
        let alias = quoted(at.alias()).map(|alias| format!(" {alias}")).unwrap_or_default();
        let line = self.line(other.alias_range().start);
        let hint = match at.alias {
            Some(_) => "Give one of them another alias.",
            None => "Without an alias the provider's name is the alias: give one of them an `alias` of its own.",
        };
        self.found.error(
            at.alias_range(),
            "duplicate-alias",
            format!("Alias{alias} is also used on line {line}."),
            hint,
        );
    }

    fn line(&self, at: usize) -> u32 {
        self.lines.get_or_init(|| LineIndex::new(self.text)).position(at).line
    }
}

/// Where to say that an entry lacks something: at its provider, or else at its first key.
fn anchor(entry: &Integration, map: &Map<'_>) -> Range<usize> {
    match &entry.provider {
        Some(provider) => provider.value_range.clone(),
        None => map.first_key().unwrap_or(entry.range.start..entry.range.start + 1),
    }
}

fn is_identifier(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}
