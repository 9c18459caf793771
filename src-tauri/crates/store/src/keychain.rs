//! The system keychain, as far as the vault needs it: one 32-byte key under one account name.
//!
//! [`SystemKeychain`] is the real one, [`MemoryKeychain`] serves tests and can be told to fail, [`NoKeychain`] stands for a
//! machine without any. An implementation must tell *absent* from *locked*: a locked keychain that answered "absent" would
//! look like a first start.

use std::fmt;

use thiserror::Error;

use crate::secret::Key;

mod memory;
mod none;
mod system;

pub use memory::MemoryKeychain;
pub use none::NoKeychain;
pub use system::SystemKeychain;

/// A place that keeps one 32-byte key per account. All calls block, possibly until a person has answered a prompt.
pub trait Keychain: fmt::Debug + Send + Sync {
    /// The key under `account`; `Ok(None)` only if the keychain is open and has no such entry.
    fn load(&self, account: &str) -> Result<Option<Key>, KeychainError>;

    /// Keeps `key` under `account`. An existing entry is never replaced: that is [`KeychainError::Occupied`].
    fn store(&self, account: &str, key: &Key) -> Result<(), KeychainError>;

    /// Removes the entry; one that is not there is no error.
    fn delete(&self, account: &str) -> Result<(), KeychainError>;

    /// Whether a key could be kept and found again right now, tried with a throw-away entry.
    fn status(&self) -> Result<(), KeychainError>;
}

/// Why the keychain did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeychainError {
    /// It is there but closed, or its unlock prompt was dismissed.
    #[error("The system keychain is locked. Unlock it and try again, or use a passphrase instead.")]
    Locked,
    /// No keychain runs in this session.
    #[error("No system keychain is running. Start one and try again, or use a passphrase instead.")]
    NoService,
    /// No answer within ten seconds, with no display on which a prompt could wait for a person.
    #[error(
        "The system keychain did not answer within 10 seconds. Unlock it and try again, or use a passphrase instead."
    )]
    NoAnswer,
    /// An entry stands under this account already.
    #[error("The system keychain already has an entry for this vault, so nothing was written.")]
    Occupied,
    /// The entry is not a key of ours.
    #[error("The system keychain's entry for this vault is not a key. Use the recovery key to open the vault.")]
    NotAKey,
    /// Anything else, in the keychain's own words.
    #[error("The system keychain refused: {0}. Try again, or use a passphrase instead.")]
    Refused(String),
}
