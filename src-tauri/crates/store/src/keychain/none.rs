use super::{Keychain, KeychainError};
use crate::secret::Key;

/// A machine without any keychain: every call says [`KeychainError::NoService`].
#[derive(Debug, Default, Clone, Copy)]
pub struct NoKeychain;

impl Keychain for NoKeychain {
    fn load(&self, _account: &str) -> Result<Option<Key>, KeychainError> {
        Err(KeychainError::NoService)
    }

    fn store(&self, _account: &str, _key: &Key) -> Result<(), KeychainError> {
        Err(KeychainError::NoService)
    }

    fn delete(&self, _account: &str) -> Result<(), KeychainError> {
        Err(KeychainError::NoService)
    }

    fn status(&self) -> Result<(), KeychainError> {
        Err(KeychainError::NoService)
    }
}
