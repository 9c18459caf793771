//! The set of aliases that went into a value.

use std::sync::Arc;

/// A small sorted set of aliases; almost always empty or of one alias, and shared.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Aliases(Option<Arc<[Arc<str>]>>);

impl Aliases {
    /// The set of one alias.
    pub fn one(alias: impl Into<Arc<str>>) -> Self {
        Self(Some(Arc::from([alias.into()])))
    }

    /// Whether nothing secret went in.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The aliases in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<str>> {
        self.0.iter().flat_map(|aliases| aliases.iter())
    }

    /// Adds those of another set.
    pub fn join(&mut self, other: &Aliases) {
        match (&self.0, &other.0) {
            (_, None) => {}
            (None, Some(_)) => self.0 = other.0.clone(),
            (Some(own), Some(new)) if Arc::ptr_eq(own, new) || own == new => {}
            (Some(own), Some(new)) => {
                let mut all: Vec<Arc<str>> = own.iter().chain(new.iter()).cloned().collect();
                all.sort();
                all.dedup();
                self.0 = Some(all.into());
            }
        }
    }
}

impl FromIterator<Arc<str>> for Aliases {
    fn from_iter<T: IntoIterator<Item = Arc<str>>>(aliases: T) -> Self {
        let mut all: Vec<Arc<str>> = aliases.into_iter().collect();
        all.sort();
        all.dedup();
        Self((!all.is_empty()).then(|| all.into()))
    }
}

impl std::fmt::Display for Aliases {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (number, alias) in self.iter().enumerate() {
            if number > 0 {
                f.write_str(", ")?;
            }
            f.write_str(alias)?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for Aliases {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
