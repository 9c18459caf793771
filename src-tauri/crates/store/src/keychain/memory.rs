use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Keychain, KeychainError};
use crate::secret::Key;

/// A keychain in memory for tests: it keeps what it is given and fails as it is told to.
#[derive(Debug, Default)]
pub struct MemoryKeychain {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    keys: BTreeMap<String, Key>,
    on_load: Option<KeychainError>,
    on_store: Option<KeychainError>,
    loads: usize,
}

impl MemoryKeychain {
    /// An open, empty keychain.
    pub fn new() -> Self {
        Self::default()
    }

    /// Fails every call with `error` from now on; `None` makes the keychain work again, with its entries still there.
    pub fn fail(&self, error: Option<KeychainError>) {
        self.fail_loads(error.clone());
        self.fail_stores(error);
    }

    /// Fails only reading.
    pub fn fail_loads(&self, error: Option<KeychainError>) {
        self.inner().on_load = error;
    }

    /// Fails only writing and removing.
    pub fn fail_stores(&self, error: Option<KeychainError>) {
        self.inner().on_store = error;
    }

    /// The accounts that have an entry, sorted.
    pub fn accounts(&self) -> Vec<String> {
        self.inner().keys.keys().cloned().collect()
    }

    /// How often a key was asked for.
    pub fn loads(&self) -> usize {
        self.inner().loads
    }

    /// Puts `key` under `account` whatever stands there: for setting up a damaged keychain.
    pub fn plant(&self, account: &str, key: Key) {
        self.inner().keys.insert(account.to_owned(), key);
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keychain for MemoryKeychain {
    fn load(&self, account: &str) -> Result<Option<Key>, KeychainError> {
        let mut inner = self.inner();
        inner.loads += 1;
        inner.on_load.clone().map_or(Ok(()), Err)?;
        Ok(inner.keys.get(account).map(|key| Key::new(*key.expose())))
    }

    fn store(&self, account: &str, key: &Key) -> Result<(), KeychainError> {
        let mut inner = self.inner();
        inner.on_store.clone().map_or(Ok(()), Err)?;
        if inner.keys.contains_key(account) {
            return Err(KeychainError::Occupied);
        }
        inner.keys.insert(account.to_owned(), Key::new(*key.expose()));
        Ok(())
    }

    fn delete(&self, account: &str) -> Result<(), KeychainError> {
        let mut inner = self.inner();
        inner.on_store.clone().map_or(Ok(()), Err)?;
        inner.keys.remove(account);
        Ok(())
    }

    fn status(&self) -> Result<(), KeychainError> {
        let inner = self.inner();
        inner.on_load.clone().or(inner.on_store.clone()).map_or(Ok(()), Err)
    }
}
