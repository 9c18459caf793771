//! From a passphrase to a key: Argon2id with stored, bounded parameters.

use argon2::{Algorithm, Argon2, Params, Version};

use crate::secret::{Key, Secret};

const FORMAT: u8 = 1;
const SALT: usize = 16;
const ENCODED: usize = 1 + 4 + 4 + 4 + SALT;

/// How one passphrase is stretched: cost parameters and salt. Not secret; stored beside what it protects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: [u8; SALT],
}

impl Stretch {
    /// 64 MiB, three passes, one lane: about a quarter of a second on a small machine.
    const MEMORY_KIB: u32 = 64 * 1024;
    const PASSES: u32 = 3;
    const LANES: u32 = 1;

    /// Today's parameters with a new salt.
    pub(crate) fn fresh() -> Result<Self, getrandom::Error> {
        let mut salt = [0; SALT];
        getrandom::fill(&mut salt)?;
        Ok(Self { memory_kib: Self::MEMORY_KIB, passes: Self::PASSES, lanes: Self::LANES, salt })
    }

    /// Whether these parameters are cheaper than today's.
    pub(crate) fn is_dated(&self) -> bool {
        self.memory_kib < Self::MEMORY_KIB || self.passes < Self::PASSES
    }

    /// The key for `passphrase`; takes the stored parameters' time and memory. `None` when the parameters are unusable.
    pub(crate) fn key(&self, passphrase: &Secret<String>) -> Option<Key> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32)).ok()?;
        let mut key = Secret::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.expose().as_bytes(), &self.salt, key.expose_mut())
            .ok()?;
        Some(key)
    }

    /// `format (1) | memory in KiB (4) | passes (4) | lanes (4) | salt (16)`, big endian.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![FORMAT];
        for number in [self.memory_kib, self.passes, self.lanes] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        bytes.extend_from_slice(&self.salt);
        bytes
    }

    /// Reads what [`Stretch::encode`] wrote. A changed file must not make us spend a machine's whole memory or skip the work, so
    /// parameters outside 19 MiB to 1 GiB, 1 to 16 passes and 1 to 4 lanes are refused.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != ENCODED || bytes[0] != FORMAT {
            return None;
        }
        let number = |at: usize| bytes[at..at + 4].try_into().map(u32::from_be_bytes).ok();
        let (memory_kib, passes, lanes) = (number(1)?, number(5)?, number(9)?);
        let bounded =
            (19 * 1024..=1024 * 1024).contains(&memory_kib) && (1..=16).contains(&passes) && (1..=4).contains(&lanes);
        bounded.then_some(Self { memory_kib, passes, lanes, salt: bytes[13..].try_into().ok()? })
    }

    #[cfg(test)]
    pub(crate) fn with(memory_kib: u32, passes: u32, lanes: u32, salt: [u8; SALT]) -> Self {
        Self { memory_kib, passes, lanes, salt }
    }
}
