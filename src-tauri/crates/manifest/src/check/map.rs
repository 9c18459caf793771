//! A map's keys and values, with everything that can be wrong with the keys of any map.

use std::collections::HashMap;
use std::ops::Range;

use providers::nearest_word;

use super::{ENTRY_KEYS, OAUTH2_KEYS, Walk, is_known_key};
use crate::diagnostic::quoted;
use crate::integration::{Field, SecretText};
use crate::tree::{Content, NodeId, Place};

/// A merged map with more keys than this is no template of an entry, and is passed over to keep the work bounded.
const MERGED_KEYS: usize = 64;

/// The known keys of a map with their values.
pub(super) struct Map<'t> {
    pairs: Vec<Pair<'t>>,
    /// What the unknown keys were most likely meant to be.
    meant: Vec<&'static str>,
    /// Keys of the `oauth2` block that stand in the entry.
    pub(super) strayed: bool,
    first_key: Option<Range<usize>>,
}

#[derive(Clone)]
pub(super) struct Pair<'t> {
    name: &'t str,
    pub(super) key: Range<usize>,
    pub(super) value: Place<'t>,
}

impl<'t> Map<'t> {
    pub(super) fn get(&self, name: &str) -> Option<&Pair<'t>> {
        self.pairs.iter().find(|pair| pair.name == name)
    }

    /// Whether the key is there, or one that was meant to be it: then saying that it is missing would only confuse.
    pub(super) fn mentions(&self, name: &str) -> bool {
        self.get(name).is_some() || self.meant.contains(&name)
    }

    pub(super) fn first_key(&self) -> Option<Range<usize>> {
        self.first_key.clone()
    }
}

impl<'t> Walk<'t, '_> {
    /// Reads the map at `place`, whose keys must be among `known`.
    pub(super) fn map(&mut self, place: Place<'t>, known: &'static [&'static str]) -> Map<'t> {
        let mut map = Map { pairs: Vec::new(), meant: Vec::new(), strayed: false, first_key: None };
        let Some(place) = place.resolve(self.entries) else { return map };
        let Content::Map(pairs) = place.content() else { return map };
        map.first_key = pairs.first().map(|(key, _)| place.tree.node_range(*key));
        let mut seen: HashMap<&str, Range<usize>> = HashMap::new();
        let mut merges = Vec::new();
        for (key, value) in pairs {
            let key_range = place.tree.node_range(*key);
            let value = Place { tree: place.tree, id: *value };
            let Some(name) = self.key_text(place, *key) else {
                self.found.error(
                    key_range,
                    "key-not-text",
                    "A key must be a word.",
                    "Write a known key, or remove this.",
                );
                continue;
            };
            if name == "<<" {
                merges.push(value);
            } else if let Some(first) = seen.get(name) {
                self.duplicate_key(name, first.start, key_range);
            } else {
                seen.insert(name, key_range.clone());
                let pair = Pair { name, key: key_range, value };
                if known.contains(&name) { map.pairs.push(pair) } else { self.unknown_key(&mut map, &pair, known) }
            }
        }
        for merge in merges {
            self.merge(&mut map, merge, known);
        }
        map
    }

    /// Adds what `<<` brings in: keys that the map does not have itself.
    fn merge(&mut self, map: &mut Map<'t>, place: Place<'t>, known: &'static [&'static str]) {
        let written = place.range();
        let Some(place) = place.resolve(self.entries) else { return };
        match place.content() {
            Content::Map(pairs) => {
                for (key, value) in pairs.iter().take(MERGED_KEYS) {
                    let Some(name) = self.key_text(place, *key).filter(|name| known.contains(name)) else { continue };
                    if map.get(name).is_none() {
                        let key = place.tree.node_range(*key);
                        map.pairs.push(Pair { name, key, value: Place { tree: place.tree, id: *value } });
                    }
                }
            }
            Content::List(maps) => {
                let is_map = |id: &&NodeId| {
                    let item = Place { tree: place.tree, id: **id }.resolve(self.entries);
                    item.is_some_and(|item| matches!(item.content(), Content::Map(_)))
                };
                for id in maps.iter().filter(is_map).take(MERGED_KEYS).copied().collect::<Vec<_>>() {
                    self.merge(map, Place { tree: place.tree, id }, known);
                }
            }
            _ => self.found.error(
                written,
                "merge-not-a-map",
                "`<<` takes the keys of a map.",
                "Name an anchor of a map, such as `*base`.",
            ),
        }
    }

    fn key_text(&self, place: Place<'t>, key: NodeId) -> Option<&'t str> {
        let key = Place { tree: place.tree, id: key }.resolve(self.entries)?;
        key.tree.scalar(key.id).filter(|scalar| !scalar.is_null()).map(|scalar| &*scalar.value)
    }

    fn duplicate_key(&mut self, name: &str, first: usize, range: Range<usize>) {
        let name = quoted(name).map(|name| format!(" {name}")).unwrap_or_default();
        let line = self.line(first);
        self.found.error(
            range,
            "duplicate-key",
            format!("Key{name} stands on line {line} already."),
            "Keep one of the two.",
        );
    }

    fn unknown_key(&mut self, map: &mut Map<'t>, pair: &Pair<'t>, known: &'static [&'static str]) {
        if self.found.is_full() {
            return;
        }
        let in_entry = known.len() == ENTRY_KEYS.len();
        let range = pair.key.clone();
        if pair.name == "client_secret" {
            self.secret_in_text(pair);
        }
        if in_entry && OAUTH2_KEYS.contains(&pair.name) {
            map.strayed = true;
            let message = format!("`{}` belongs in the `oauth2` block.", pair.name);
            self.found.error(range, "outside-oauth2", message, "Indent it by two spaces more than `oauth2:`.");
            return;
        }
        if !in_entry && ENTRY_KEYS.contains(&pair.name) {
            let message = format!("`{}` does not belong in the `oauth2` block.", pair.name);
            self.found.error(range, "inside-oauth2", message, "Indent it as far as `oauth2:` itself.");
            return;
        }
        if pair.name.split_once(':').is_some_and(|(key, _)| is_known_key(key)) {
            let hint = "Write a space after the colon.";
            self.found.error(
                range,
                "unknown-key",
                "A key is followed by a colon and a space, and the space is missing here.",
                hint,
            );
            return;
        }
        let nearest = nearest_word(pair.name, known.iter().copied());
        map.meant.extend(nearest.and_then(|nearest| known.iter().find(|key| **key == nearest)));
        self.unknown("key", pair.name, range, nearest, || known.join(", "));
    }

    /// The text that a key has. A key without a value, or with one that is no text, is reported and counts as absent.
    pub(super) fn text_field(&mut self, map: &Map<'t>, name: &str) -> Option<Field> {
        let pair = map.get(name)?;
        let value = pair.value.resolve(self.entries)?;
        let range = pair.value.range();
        match value.content() {
            Content::Scalar(scalar) if scalar.is_null() => {
                let hint = "Write a value after the colon, or remove the line.";
                self.found.warning(pair.key.clone(), "value-missing", format!("`{name}` has no value."), hint);
                None
            }
            Content::Scalar(scalar) => {
                Some(Field { value: scalar.value.to_string(), key_range: pair.key.clone(), value_range: range })
            }
            _ => {
                let hint = match name {
                    "scope" => "Write all scopes in one line of text.",
                    _ => "Write the value on the same line as its key.",
                };
                self.found.error(range, "value-not-text", format!("`{name}` takes a text."), hint);
                None
            }
        }
    }

    pub(super) fn secret_field(&mut self, map: &Map<'t>) -> Option<Field<SecretText>> {
        let field = self.text_field(map, "client_secret")?;
        if let Some(pair) = map.get("client_secret") {
            self.secret_in_text(pair);
        }
        let Field { value, key_range, value_range } = field;
        Some(Field { value: SecretText::new(value), key_range, value_range })
    }

    fn secret_in_text(&mut self, pair: &Pair<'t>) {
        let value = pair.value.resolve(self.entries);
        if value.is_some_and(|value| value.tree.scalar(value.id).is_some_and(|scalar| !scalar.is_null())) {
            self.found.warning(
                pair.value.range(),
                "client-secret-in-text",
                "The client secret is readable in the manifest.",
                "Move it to the vault, so that whoever gets this file does not get the secret.",
            );
        }
    }
}
