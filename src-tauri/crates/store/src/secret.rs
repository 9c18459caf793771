//! A value that must not be printed, serialised or left behind in memory.

use std::fmt;

use zeroize::Zeroize;

/// Holds a secret value and wipes it when dropped.
///
/// It implements neither `Serialize` nor `Display` nor `Clone`; its `Debug` form is `Secret(…)`. The one way to the value is
/// [`Secret::expose`], so that every reader can be found by name.
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Takes ownership of `value`; copies that the caller still holds are the caller's to wipe.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself.
    pub fn expose(&self) -> &T {
        &self.0
    }

    /// The value, to fill it in place.
    pub(crate) fn expose_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// 32 bytes of key material.
pub type Key = Secret<[u8; 32]>;

impl Key {
    /// A new key from the operating system's random source.
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = Secret::new([0; 32]);
        getrandom::fill(&mut bytes.0)?;
        Ok(bytes)
    }

    /// Equality whose duration does not depend on where the keys differ.
    pub(crate) fn same_as(&self, other: &Key) -> bool {
        let difference = self.0.iter().zip(&other.0).fold(0, |all, (a, b)| all | (a ^ b));
        difference == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_the_value() {
        let shown = format!("{:?} {:#?}", Secret::new("hunter2".to_owned()), Some(Key::new([0x41; 32])));
        assert!(!shown.contains("hunter2") && !shown.contains("65") && !shown.contains('A'), "{shown}");
        assert!(shown.contains("Secret(…)"));
    }

    #[test]
    fn key_equality_looks_at_every_byte() {
        let key = Key::random().unwrap();
        for at in 0..32 {
            let mut other = *key.expose();
            other[at] ^= 1;
            assert!(!key.same_as(&Key::new(other)));
        }
        assert!(key.same_as(&Key::new(*key.expose())));
    }
}
