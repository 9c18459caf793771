//! Tokens and what was made of them: handles and recipes, never clear text.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::text::check_size;
use super::{Aliases, Fault, List, Map, Part, Text, Value};
use crate::functions;

/// Names a secret to the host. Means nothing to anyone else and is never the secret itself.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Handle(pub Arc<str>);

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Handle(…)")
    }
}

/// The host's way to exchange a handle for the clear text.
pub trait Reveal {
    /// The clear text, or `None` when it is gone or locked.
    fn reveal(&self, handle: &Handle) -> Option<Zeroizing<String>>;
}

/// Where a secret text comes from.
#[derive(Clone, PartialEq)]
pub enum Source {
    /// A token of the host.
    Token(Handle),
    /// A part of what a function of the language makes of its arguments: computed again whenever the clear text is needed.
    Derived {
        /// The function.
        function: Arc<str>,
        /// Its arguments, themselves with handles.
        arguments: Arc<Vec<Value>>,
        /// Which part of the result is meant, as positions in nested lists; empty for the whole.
        path: Vec<u32>,
    },
}

/// A secret text.
#[derive(Clone, PartialEq)]
pub struct Secret {
    aliases: Aliases,
    source: Source,
    weight: u64,
    depth: u32,
}

impl Secret {
    /// A token that a host holds under an alias.
    pub fn token(alias: impl Into<Arc<str>>, handle: Handle) -> Self {
        Self { aliases: Aliases::one(alias), source: Source::Token(handle), weight: 16, depth: 0 }
    }

    pub(crate) fn new(aliases: Aliases, source: Source) -> Result<Self, Fault> {
        let (mut weight, mut depth) = (16_u64, 0);
        if let Source::Derived { arguments, .. } = &source {
            for argument in arguments.iter() {
                weight = weight.saturating_add(argument.weight());
                depth = depth.max(argument.depth() + 1);
            }
        }
        check_size(weight, depth)?;
        Ok(Self { aliases, source, weight, depth })
    }

    /// What a function of one argument makes of a secret.
    pub(crate) fn made_by(function: &str, secret: &Arc<Self>) -> Result<Arc<Self>, Fault> {
        let arguments = Arc::new(vec![Value::Secret(secret.clone())]);
        let source = Source::Derived { function: function.into(), arguments, path: Vec::new() };
        Ok(Arc::new(Self::new(secret.aliases.clone(), source)?))
    }

    /// The tokens that it was made of, each once; a token itself gives itself.
    pub fn tokens(self: &Arc<Self>) -> Vec<Arc<Self>> {
        let mut found = Vec::new();
        gather(self, &mut found);
        found
    }

    /// The aliases that went in; at least one.
    pub fn aliases(&self) -> &Aliases {
        &self.aliases
    }

    /// Where the text comes from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The handle, when this is a token as the host gave it.
    pub fn handle(&self) -> Option<&Handle> {
        match &self.source {
            Source::Token(handle) => Some(handle),
            Source::Derived { .. } => None,
        }
    }

    /// How the secret is shown: `‹secret:alias›`.
    pub fn mask(&self) -> String {
        format!("‹secret:{}›", self.aliases)
    }

    pub(crate) fn weight(&self) -> u64 {
        self.weight
    }

    pub(crate) fn depth(&self) -> u32 {
        self.depth
    }

    /// The clear text; `None` when the host does not give it out.
    pub fn reveal(&self, reveal: &dyn Reveal) -> Option<Zeroizing<String>> {
        match &self.source {
            Source::Token(handle) => reveal.reveal(handle),
            Source::Derived { function, arguments, path } => {
                // A saved state may claim anything, so the count is checked again.
                let function = functions::find_for_recipe(function).filter(|own| own.takes(arguments.len()))?;
                let clear = Clear(arguments.iter().map(|value| clear_copy(value, reveal)).collect::<Option<_>>()?);
                let result = Clear(vec![(function.run)(&clear.0).ok()?]);
                let mut part = result.0.first()?;
                for step in path {
                    let Value::List(list) = part else { return None };
                    part = list.items().get(*step as usize)?;
                }
                let Value::Text(text) = part else { return None };
                text.as_plain().map(|text| Zeroizing::new(text.to_string()))
            }
        }
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.mask())
    }
}

fn gather(secret: &Arc<Secret>, found: &mut Vec<Arc<Secret>>) {
    match &secret.source {
        Source::Token(_) if found.contains(secret) => {}
        Source::Token(_) => found.push(secret.clone()),
        Source::Derived { arguments, .. } => arguments.iter().for_each(|argument| gather_from(argument, found)),
    }
}

fn gather_from(value: &Value, found: &mut Vec<Arc<Secret>>) {
    match value {
        Value::Secret(secret) => gather(secret, found),
        Value::Text(text) => text.parts().iter().for_each(|part| {
            if let Part::Secret(secret) = part {
                gather(secret, found);
            }
        }),
        Value::List(list) => list.items().iter().for_each(|item| gather_from(item, found)),
        Value::Map(map) => map.iter().for_each(|(_, value)| gather_from(value, found)),
        _ => {}
    }
}

/// Values with clear text in them, wiped when dropped.
pub(crate) struct Clear(pub(crate) Vec<Value>);

impl Drop for Clear {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(wipe);
    }
}

/// Whether a value has secret parts anywhere.
pub(crate) fn has_secrets(value: &Value) -> bool {
    match value {
        Value::Secret(_) => true,
        Value::Text(text) => text.has_secrets(),
        // A list or map without aliases holds no secrets, so the common case walks nothing.
        Value::List(list) => !list.aliases().is_empty() && list.items().iter().any(has_secrets),
        Value::Map(map) => !map.aliases().is_empty() && map.iter().any(|(_, value)| has_secrets(value)),
        _ => false,
    }
}

/// A copy with every secret in clear text. The caller wipes it.
pub(crate) fn clear_copy(value: &Value, reveal: &dyn Reveal) -> Option<Value> {
    if !has_secrets(value) {
        return Some(value.clone());
    }
    Some(match value {
        Value::Secret(secret) => Value::text(secret.reveal(reveal)?.as_str()),
        Value::Text(text) => Value::text(text.reveal(reveal)?.as_str()),
        Value::List(list) => {
            let items: Option<Vec<Value>> = list.items().iter().map(|item| clear_copy(item, reveal)).collect();
            Value::List(Arc::new(List::unchecked(items?)))
        }
        Value::Map(map) => {
            let mut copy = Map::new(map.shape());
            for (key, value) in map.iter() {
                copy.insert(key.clone(), clear_copy(value, reveal)?).ok()?;
            }
            Value::Map(Arc::new(copy))
        }
        other => other.clone(),
    })
}

/// Overwrites the texts of a value that nobody else holds.
pub(crate) fn wipe(value: &mut Value) {
    match value {
        Value::Text(text) => {
            for part in Arc::get_mut(text).into_iter().flat_map(Text::parts_mut) {
                if let Part::Text(text) = part {
                    text.zeroize();
                }
            }
        }
        Value::List(list) => Arc::get_mut(list).into_iter().flat_map(List::items_mut).for_each(wipe),
        Value::Map(map) => Arc::get_mut(map).into_iter().flat_map(Map::values_mut).for_each(wipe),
        _ => {}
    }
}
