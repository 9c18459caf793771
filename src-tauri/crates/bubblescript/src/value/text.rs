//! Text as a rope: clear parts, and secret parts that stay handles.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::{Aliases, Fault, MAX_DEPTH, MAX_WEIGHT, Reveal, Secret};

/// A part of a text.
#[derive(Clone, PartialEq)]
pub enum Part {
    /// Text as it stands.
    Text(String),
    /// A place where a secret stands.
    Secret(Arc<Secret>),
}

/// A text. Neighbouring clear parts are always joined, and none is empty.
#[derive(Clone, Default, PartialEq)]
pub struct Text {
    parts: Vec<Part>,
    aliases: Aliases,
    weight: u64,
    depth: u32,
}

impl Text {
    /// A text without secrets.
    pub fn plain(text: impl Into<String>) -> Self {
        let text = text.into();
        let weight = text.len() as u64;
        let parts = if text.is_empty() { Vec::new() } else { vec![Part::Text(text)] };
        Self { parts, weight, ..Self::default() }
    }

    /// The parts in order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The whole text, when no part of it is secret.
    pub fn as_plain(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether nothing would be drawn.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Whether some part is secret.
    pub fn has_secrets(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Secret(_)))
    }

    /// The aliases that went in.
    pub fn aliases(&self) -> &Aliases {
        &self.aliases
    }

    pub(crate) fn add_aliases(&mut self, aliases: &Aliases) {
        self.aliases.join(aliases);
    }

    pub(crate) fn weight(&self) -> u64 {
        1 + self.weight
    }

    pub(crate) fn depth(&self) -> u32 {
        self.depth
    }

    pub(crate) fn parts_mut(&mut self) -> &mut Vec<Part> {
        &mut self.parts
    }

    /// Appends clear text.
    pub fn push_str(&mut self, text: &str) {
        self.weight += text.len() as u64;
        match self.parts.last_mut() {
            _ if text.is_empty() => {}
            Some(Part::Text(last)) => last.push_str(text),
            _ => self.parts.push(Part::Text(text.to_string())),
        }
    }

    /// Appends a secret.
    pub fn push_secret(&mut self, secret: Arc<Secret>) {
        self.weight = self.weight.saturating_add(secret.weight());
        self.depth = self.depth.max(secret.depth());
        self.aliases.join(secret.aliases());
        self.parts.push(Part::Secret(secret));
    }

    /// Appends another text.
    pub fn push_text(&mut self, other: &Text) {
        for part in &other.parts {
            match part {
                Part::Text(text) => self.push_str(text),
                Part::Secret(secret) => self.push_secret(secret.clone()),
            }
        }
        self.aliases.join(&other.aliases);
    }

    /// The text, if it keeps to the bounds of values.
    ///
    /// # Errors
    /// When it has grown beyond them.
    pub fn checked(self) -> Result<Self, Fault> {
        check_size(self.weight(), self.depth)?;
        Ok(self)
    }

    /// The text encoded for the query of an address, with its secrets as secrets.
    ///
    /// # Errors
    /// When it gets too large.
    pub fn url_encoded(&self) -> Result<Self, Fault> {
        let mut encoded = Self::default();
        for part in &self.parts {
            match part {
                Part::Text(text) => encoded.push_str(&crate::functions::url_encode(text)),
                Part::Secret(secret) => encoded.push_secret(Secret::made_by("url_encode", secret)?),
            }
        }
        encoded.aliases.join(&self.aliases);
        encoded.checked()
    }

    /// The text with each secret shown as `‹secret:alias›`.
    pub fn masked(&self) -> String {
        let mut shown = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => shown.push_str(text),
                Part::Secret(secret) => shown.push_str(&secret.mask()),
            }
        }
        shown
    }

    /// The clear text; `None` when the host does not give a secret out.
    pub fn reveal(&self, reveal: &dyn Reveal) -> Option<Zeroizing<String>> {
        let mut clear = Zeroizing::new(String::new());
        for part in &self.parts {
            match part {
                Part::Text(text) => push_wiped(&mut clear, text),
                Part::Secret(secret) => push_wiped(&mut clear, &secret.reveal(reveal)?),
            }
        }
        Some(clear)
    }
}

/// Appends without leaving a copy behind when the buffer has to move.
fn push_wiped(target: &mut Zeroizing<String>, text: &str) {
    if target.capacity() - target.len() < text.len() {
        let mut larger = Zeroizing::new(String::with_capacity((target.len() + text.len()) * 2));
        larger.push_str(target);
        *target = larger;
    }
    target.push_str(text);
}

pub(crate) fn check_size(weight: u64, depth: u32) -> Result<(), Fault> {
    if depth > MAX_DEPTH {
        return Err(Fault::new(
            format!("This value nests more than {MAX_DEPTH} levels deep."),
            "Keep the parts in separate variables instead of putting each into the next.",
        ));
    }
    if weight > MAX_WEIGHT {
        return Err(Fault::new(
            "This value has grown too large.",
            "Check whether a variable is added to itself again and again.",
        ));
    }
    Ok(())
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.masked())
    }
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Secret(secret) => write!(f, "{secret:?}"),
        }
    }
}
