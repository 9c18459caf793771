//! Values on disk: a flat table in which each value names the ones before it. Sharing survives, nothing recurses while
//! reading, and weights and depths are counted again rather than believed.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Aliases, Handle, List, Map, Part, Secret, Shape, Source, Text, Value};

/// The flat form of many values.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Table {
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Node {
    Nil,
    Bool(bool),
    Int(i64),
    Float(f64),
    Atom(String),
    Text(Vec<Piece>, Vec<Arc<str>>),
    List(Vec<u32>, Vec<Arc<str>>),
    Map(Shape, Vec<(Arc<str>, u32)>, Vec<Arc<str>>),
    Token(Arc<str>, Handle),
    Derived { function: Arc<str>, arguments: Vec<u32>, path: Vec<u32>, aliases: Vec<Arc<str>> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Piece {
    Text(String),
    Secret(u32),
}

/// Writes values into a table, each shared one once.
#[derive(Default)]
pub(crate) struct Freezer {
    table: Table,
    seen: HashMap<usize, u32>,
}

impl Freezer {
    pub(crate) fn finish(self) -> Table {
        self.table
    }

    pub(crate) fn add(&mut self, value: &Value) -> u32 {
        let address = match value {
            Value::Text(text) => Arc::as_ptr(text) as usize,
            Value::List(list) => Arc::as_ptr(list) as usize,
            Value::Map(map) => Arc::as_ptr(map) as usize,
            Value::Secret(secret) => return self.add_secret(secret),
            _ => return self.push(scalar(value)),
        };
        if let Some(known) = self.seen.get(&address) {
            return *known;
        }
        let node = match value {
            Value::Text(text) => self.text(text),
            Value::List(list) => {
                let items = list.items().iter().map(|item| self.add(item)).collect();
                Node::List(items, names(list.aliases()))
            }
            Value::Map(map) => {
                let entries = map.iter().map(|(key, value)| (key.clone(), self.add(value))).collect();
                Node::Map(map.shape(), entries, names(map.aliases()))
            }
            other => scalar(other),
        };
        let index = self.push(node);
        self.seen.insert(address, index);
        index
    }

    fn push(&mut self, node: Node) -> u32 {
        self.table.nodes.push(node);
        self.table.nodes.len() as u32 - 1
    }

    fn text(&mut self, text: &Text) -> Node {
        let pieces = text.parts().iter().map(|part| match part {
            Part::Text(text) => Piece::Text(text.clone()),
            Part::Secret(secret) => Piece::Secret(self.add_secret(secret)),
        });
        Node::Text(pieces.collect(), names(text.aliases()))
    }

    fn add_secret(&mut self, secret: &Arc<Secret>) -> u32 {
        let address = Arc::as_ptr(secret) as usize;
        if let Some(known) = self.seen.get(&address) {
            return *known;
        }
        let node = match secret.source() {
            Source::Token(handle) => {
                Node::Token(secret.aliases().iter().next().cloned().unwrap_or_default(), handle.clone())
            }
            Source::Derived { function, arguments, path } => Node::Derived {
                function: function.clone(),
                arguments: arguments.iter().map(|argument| self.add(argument)).collect(),
                path: path.clone(),
                aliases: names(secret.aliases()),
            },
        };
        let index = self.push(node);
        self.seen.insert(address, index);
        index
    }
}

fn scalar(value: &Value) -> Node {
    match value {
        Value::Bool(value) => Node::Bool(*value),
        Value::Int(value) => Node::Int(*value),
        Value::Float(value) => Node::Float(*value),
        Value::Atom(name) => Node::Atom(name.to_string()),
        _ => Node::Nil,
    }
}

fn names(aliases: &Aliases) -> Vec<Arc<str>> {
    aliases.iter().cloned().collect()
}

/// The values of a table, read back.
pub(crate) struct Thawed(Vec<Value>);

impl Thawed {
    /// Reads a table.
    ///
    /// # Errors
    /// When a value names one that does not stand before it, or grows beyond the bounds.
    pub(crate) fn new(table: Table) -> Result<Self, String> {
        let mut thawed = Self(Vec::with_capacity(table.nodes.len()));
        for node in table.nodes {
            let value = thawed.read(node)?;
            thawed.0.push(value);
        }
        Ok(thawed)
    }

    /// The value at an index.
    pub(crate) fn get(&self, index: u32) -> Result<Value, String> {
        self.0
            .get(index as usize)
            .cloned()
            .ok_or_else(|| format!("the saved state names value {index}, which is not there"))
    }

    fn all(&self, indexes: Vec<u32>) -> Result<Vec<Value>, String> {
        indexes.into_iter().map(|index| self.get(index)).collect()
    }

    fn secret(&self, index: u32) -> Result<Arc<Secret>, String> {
        match self.get(index)? {
            Value::Secret(secret) => Ok(secret),
            _ => Err(format!("the saved state takes value {index} for a secret")),
        }
    }

    fn read(&self, node: Node) -> Result<Value, String> {
        Ok(match node {
            Node::Nil => Value::Nil,
            Node::Bool(value) => Value::Bool(value),
            Node::Int(value) => Value::Int(value),
            Node::Float(value) => Value::Float(value),
            Node::Atom(name) => Value::Atom(Arc::new(name)),
            Node::Token(alias, handle) => Value::Secret(Arc::new(Secret::token(alias, handle))),
            Node::Derived { function, arguments, path, aliases } => {
                let arguments = Arc::new(self.all(arguments)?);
                let source = Source::Derived { function, arguments, path };
                Value::Secret(Arc::new(
                    Secret::new(aliases.into_iter().collect(), source).map_err(|fault| fault.message)?,
                ))
            }
            Node::Text(pieces, aliases) => self.text(pieces, aliases)?,
            Node::List(items, aliases) => {
                let mut list = List::default();
                for item in self.all(items)? {
                    list.push(item).map_err(|fault| fault.message)?;
                }
                list.add_aliases(&aliases.into_iter().collect());
                Value::List(Arc::new(list))
            }
            Node::Map(shape, entries, aliases) => {
                let mut map = Map::new(shape);
                for (key, index) in entries {
                    map.insert(key, self.get(index)?).map_err(|fault| fault.message)?;
                }
                map.add_aliases(&aliases.into_iter().collect());
                Value::Map(Arc::new(map))
            }
        })
    }

    fn text(&self, pieces: Vec<Piece>, aliases: Vec<Arc<str>>) -> Result<Value, String> {
        let mut text = Text::default();
        for piece in pieces {
            match piece {
                Piece::Text(clear) => text.push_str(&clear),
                Piece::Secret(index) => text.push_secret(self.secret(index)?),
            }
        }
        text.add_aliases(&aliases.into_iter().collect());
        Ok(Value::Text(Arc::new(text.checked().map_err(|fault| fault.message)?)))
    }
}

#[derive(Serialize, Deserialize)]
struct One {
    table: Table,
    root: u32,
}

impl Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut freezer = Freezer::default();
        let root = freezer.add(self);
        One { table: freezer.finish(), root }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let one = One::deserialize(deserializer)?;
        Thawed::new(one.table).and_then(|thawed| thawed.get(one.root)).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::Secret(Arc::new(self.clone())).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Secret(secret) => Ok(secret.as_ref().clone()),
            _ => Err(serde::de::Error::custom("the saved value is no secret")),
        }
    }
}

impl Serialize for Text {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::Text(Arc::new(self.clone())).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Text(text) => Ok(text.as_ref().clone()),
            _ => Err(serde::de::Error::custom("the saved value is no text")),
        }
    }
}
