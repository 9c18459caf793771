//! Values at run time: 16 bytes each, shared containers that copy on write, and the aliases that went into them.
//!
//! A token is never clear text here. It is a [`Secret`], a handle that the host can exchange for the text; joined to text it
//! stays a part of its own. Every text, list and map knows its weight, its depth and its aliases without being walked.

mod aliases;
mod containers;
mod display;
mod json;
mod secret;
mod table;
mod text;

use std::sync::Arc;

pub use aliases::Aliases;
pub use containers::{List, Map, Shape};
pub(crate) use display::escaped;
pub(crate) use secret::{Clear, clear_copy, has_secrets};
pub use secret::{Handle, Reveal, Secret, Source};
pub(crate) use table::{Freezer, Table, Thawed};
pub(crate) use text::check_size;
pub use text::{Part, Text};

/// How deep a value may nest.
pub const MAX_DEPTH: u32 = 128;
/// How heavy a value may be: one for each value inside plus one for each byte of text, counted as a tree.
pub const MAX_WEIGHT: u64 = 4 << 20;

/// A value of the language.
#[derive(Clone, PartialEq, Default)]
pub enum Value {
    /// `nil`.
    #[default]
    Nil,
    /// `true`, `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A finite number with a fraction.
    Float(f64),
    /// `:name`, without the colon.
    Atom(Arc<String>),
    /// A text, perhaps with secret parts.
    Text(Arc<Text>),
    /// A list.
    List(Arc<List>),
    /// A map or keyword list, or one of the language's own objects.
    Map(Arc<Map>),
    /// A token or what was made of one.
    Secret(Arc<Secret>),
}

const _: () = assert!(size_of::<Value>() == 16);

/// Why an operation cannot be done: what happened and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// One plain sentence.
    pub message: String,
    /// The next step.
    pub hint: String,
}

impl Fault {
    pub(crate) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into() }
    }
}

impl Value {
    /// A plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(Arc::new(Text::plain(text)))
    }

    /// A map from names to values. Later entries replace earlier ones of the same name.
    ///
    /// # Errors
    /// When it gets too large or too deep.
    pub fn map<K: Into<Arc<str>>>(shape: Shape, entries: impl IntoIterator<Item = (K, Value)>) -> Result<Self, Fault> {
        let mut map = Map::new(shape);
        for (key, value) in entries {
            map.insert(key.into(), value)?;
        }
        Ok(Self::Map(Arc::new(map)))
    }

    /// A list.
    ///
    /// # Errors
    /// When it gets too large or too deep.
    pub fn list(items: impl IntoIterator<Item = Value>) -> Result<Self, Fault> {
        let mut list = List::default();
        for item in items {
            list.push(item)?;
        }
        Ok(Self::List(Arc::new(list)))
    }

    /// Only `nil` and `false` count as no.
    pub fn is_truthy(&self) -> bool {
        !matches!(self, Self::Nil | Self::Bool(false))
    }

    /// How heavy the value is, counted as a tree.
    pub fn weight(&self) -> u64 {
        match self {
            Self::Atom(name) => 1 + name.len() as u64,
            Self::Text(text) => text.weight(),
            Self::List(list) => list.weight(),
            Self::Map(map) => map.weight(),
            Self::Secret(secret) => secret.weight(),
            _ => 1,
        }
    }

    /// How deep the value nests; 0 for one that holds no others.
    pub fn depth(&self) -> u32 {
        match self {
            Self::Text(text) => text.depth(),
            Self::List(list) => list.depth(),
            Self::Map(map) => map.depth(),
            Self::Secret(secret) => secret.depth(),
            _ => 0,
        }
    }

    /// The aliases that went into the value.
    pub fn aliases(&self) -> Aliases {
        match self {
            Self::Text(text) => text.aliases().clone(),
            Self::List(list) => list.aliases().clone(),
            Self::Map(map) => map.aliases().clone(),
            Self::Secret(secret) => secret.aliases().clone(),
            _ => Aliases::default(),
        }
    }

    /// Whether the value is small: in bytes of text and number of values, counted as a tree.
    pub fn is_lighter_than(&self, weight: usize) -> bool {
        self.weight() < weight as u64
    }

    /// The value as a script would write it: texts in quotes, lists and maps as compact JSON, `nil` by name.
    ///
    /// # Errors
    /// When the text gets too large.
    pub fn to_source_text(&self) -> Result<Text, Fault> {
        display::to_source_text(self)
    }

    /// The value as text for people: text as it is, lists and maps as compact JSON, `nil` as nothing.
    ///
    /// # Errors
    /// When the text gets too large.
    pub fn to_text(&self) -> Result<Text, Fault> {
        display::to_text(self)
    }

    /// The value as JSON for machines: entries of maps without a value are left out, and secrets reveal themselves escaped.
    ///
    /// # Errors
    /// When the text gets too large.
    pub fn to_json(&self) -> Result<Text, Fault> {
        json::to_json(self)
    }

    /// The value with an entry of it replaced; what is missing on the way is created.
    ///
    /// # Errors
    /// When a list stands in the way, or it gets too large or too deep.
    pub fn with(self, path: &[&str], value: Value) -> Result<Self, Fault> {
        let keys: Vec<Value> = path.iter().map(|key| Self::text(*key)).collect();
        crate::path::write(self, &keys, value)
    }

    /// Whether some part of the value is secret.
    pub fn has_secrets(&self) -> bool {
        secret::has_secrets(self)
    }

    /// What the value is called in messages.
    pub(crate) fn kind_name(&self) -> &'static str {
        match self {
            Self::Nil => "nil",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Atom(_) => "an atom",
            Self::Text(_) | Self::Secret(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(map) => match map.shape() {
                Shape::Message => "a message",
                Shape::Keywords => "a keyword list",
                Shape::Plain => "a map",
            },
        }
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nil => f.write_str("nil"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Atom(name) => write!(f, ":{name}"),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::List(list) => f.debug_list().entries(list.items()).finish(),
            Self::Map(map) => f.debug_map().entries(map.iter()).finish(),
            Self::Secret(secret) => write!(f, "{secret:?}"),
        }
    }
}
