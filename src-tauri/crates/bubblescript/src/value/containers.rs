//! Lists and maps that know their weight, depth and aliases.

use std::sync::Arc;

use indexmap::IndexMap;

use super::text::check_size;
use super::{Aliases, Fault, Value};

/// What a container knows about all that is inside.
#[derive(Clone, Default, PartialEq)]
struct Sums {
    weight: u64,
    depth: u32,
    aliases: Aliases,
}

impl Sums {
    fn add(&mut self, extra: u64, value: &Value) -> Result<(), Fault> {
        self.weight = self.weight.saturating_add(extra).saturating_add(value.weight());
        self.depth = self.depth.max(value.depth() + 1);
        self.aliases.join(&value.aliases());
        check_size(self.weight, self.depth)
    }

    fn remove(&mut self, extra: u64, value: &Value) {
        // Depth and aliases stay: what once went in counts, and both only grow.
        self.weight = self.weight.saturating_sub(extra + value.weight());
    }
}

/// A list.
#[derive(Clone, Default, PartialEq)]
pub struct List {
    items: Vec<Value>,
    sums: Sums,
}

impl List {
    pub(crate) fn unchecked(items: Vec<Value>) -> Self {
        Self { items, sums: Sums::default() }
    }

    /// The items in order.
    pub fn items(&self) -> &[Value] {
        &self.items
    }

    pub(crate) fn items_mut(&mut self) -> &mut Vec<Value> {
        &mut self.items
    }

    pub(crate) fn push(&mut self, value: Value) -> Result<(), Fault> {
        self.sums.add(0, &value)?;
        self.items.push(value);
        Ok(())
    }

    /// Takes an item out to change it; [`List::put_back`] must follow.
    pub(crate) fn take(&mut self, index: usize) -> Value {
        let Some(slot) = self.items.get_mut(index) else { return Value::Nil };
        self.sums.remove(0, slot);
        std::mem::take(slot)
    }

    pub(crate) fn put_back(&mut self, index: usize, value: Value) -> Result<(), Fault> {
        self.sums.add(0, &value)?;
        if let Some(slot) = self.items.get_mut(index) {
            *slot = value;
        }
        Ok(())
    }

    pub(crate) fn weight(&self) -> u64 {
        1 + self.sums.weight
    }

    pub(crate) fn depth(&self) -> u32 {
        self.sums.depth.max(1)
    }

    /// The aliases that went in.
    pub fn aliases(&self) -> &Aliases {
        &self.sums.aliases
    }

    pub(crate) fn add_aliases(&mut self, aliases: &Aliases) {
        self.sums.aliases.join(aliases);
    }
}

/// What a map stands for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// `%{…}`.
    #[default]
    Plain,
    /// `[a: 1]`. Of two equal keys the last one counts.
    Keywords,
    /// What a user sent; acts as its `text`.
    Message,
}

/// A map from names to values, in the order of insertion.
#[derive(Clone, Default, PartialEq)]
pub struct Map {
    shape: Shape,
    entries: IndexMap<Arc<str>, Value>,
    sums: Sums,
}

impl Map {
    pub(crate) fn new(shape: Shape) -> Self {
        Self { shape, ..Self::default() }
    }

    /// What the map stands for.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.get(key)
    }

    /// The entry at a position.
    pub(crate) fn entry(&self, index: usize) -> Option<(&Arc<str>, &Value)> {
        self.entries.get_index(index)
    }

    /// The entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Value)> {
        self.entries.iter()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.entries.values_mut()
    }

    pub(crate) fn insert(&mut self, key: Arc<str>, value: Value) -> Result<(), Fault> {
        let extra = 1 + key.len() as u64;
        if let Some(old) = self.entries.get(&key) {
            self.sums.remove(extra, old);
        }
        self.sums.add(extra, &value)?;
        self.entries.insert(key, value);
        Ok(())
    }

    /// Takes a value out to change it, leaving `nil` in its place; [`Map::insert`] must follow.
    pub(crate) fn take(&mut self, key: &str) -> Value {
        let Some(slot) = self.entries.get_mut(key) else { return Value::Nil };
        self.sums.weight = self.sums.weight.saturating_sub(slot.weight()) + 1;
        std::mem::take(slot)
    }

    pub(crate) fn weight(&self) -> u64 {
        1 + self.sums.weight
    }

    pub(crate) fn depth(&self) -> u32 {
        self.sums.depth.max(1)
    }

    /// The aliases that went in.
    pub fn aliases(&self) -> &Aliases {
        &self.sums.aliases
    }

    pub(crate) fn add_aliases(&mut self, aliases: &Aliases) {
        self.sums.aliases.join(aliases);
    }
}
