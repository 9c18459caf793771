//! Everything Patchbay keeps on this computer: the vault of sealed secrets and connections, which folder is which bot, and
//! plain lists.
//!
//! The main type is [`Store`]. Secrets go in and out as [`Secret`]; a [`Keychain`] keeps the one key that opens the vault;
//! [`Identity`] says whether a folder is the bot that it claims to be; a [`Connection`] is what is known about a sealed grant, and
//! a [`Lease`] lets one process at a time refresh it. All calls block: async callers use a thread of their own.
//!
//! Deliberately not here: reading bot folders, deciding when to make or unlock a vault, talking to providers, the meaning of
//! grants and facts. Deliberately hidden: the storage engine. No public type names it, and a sealed row opens without it.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rusqlite::{Transaction, TransactionBehavior};

mod app_credentials;
mod approvals;
mod cells;
mod client_secrets;
mod connections;
mod database;
mod envelope;
mod error;
mod identity;
mod keychain;
mod passphrase;
mod personas;
mod plain;
mod practice;
mod recovery;
mod refresh;
mod secret;
mod secrets;
mod tables;
mod vault;

pub use app_credentials::AppCredentials;
pub use approvals::Approval;
pub use connections::{Connection, GRANT_LIMIT, NewConnection, Put};
pub use error::{LockReason, StoreError, UnusableReason};
pub use identity::{BotId, Identity, Settle};
pub use keychain::{Keychain, KeychainError, MemoryKeychain, NoKeychain, SystemKeychain};
pub use personas::Persona;
pub use plain::{RecentBot, Settings, Theme};
pub use practice::PracticeRow;
pub use recovery::{RecoveryKey, RecoveryKeyError};
pub use refresh::{LEASE_LIMIT, Lease, Refresh};
pub use secret::{Key, Secret};
pub use secrets::{ALIAS_LIMIT, SecretMeta, UNDO_SECONDS, Undo, VALUE_LIMIT};
pub use vault::{NewVault, Protection, Rekey, Rekeyed, Unlock, VaultState, VaultStatus};

/// Tells the time. Handed in, so that tests own it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What a store is opened with.
#[derive(Clone)]
pub struct Config {
    /// The folder for everything; made with rights for its owner only if it is not there.
    pub data_dir: PathBuf,
    /// Where the key of the vault is kept.
    pub keychain: Arc<dyn Keychain>,
    /// The clock.
    pub clock: Clock,
}

/// A handle to everything kept; clones share one connection. Several processes may use one folder at once.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

/// Compares unequal to an earlier one if anything was written meanwhile, here or by another process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeToken {
    here: u64,
    elsewhere: i64,
}

struct Inner {
    folder: database::Folder,
    keychain: Arc<dyn Keychain>,
    clock: Clock,
    /// Held while the vault is made, opened or rekeyed, which may wait for a person; never taken with `state` held.
    opening: Mutex<()>,
    state: Mutex<State>,
}

struct State {
    /// The file, or tables in memory if it cannot be used.
    connection: rusqlite::Connection,
    unusable: Option<UnusableReason>,
    session: Option<vault::Session>,
    key: Option<Key>,
    /// Why the vault is closed, once that is known; keeps a dismissed prompt from coming up again at every access.
    closed: Option<LockReason>,
    /// Folders whose claim is undecided, and the claimed id.
    questions: HashMap<PathBuf, String>,
    writes: u64,
}

impl Store {
    /// Opens the data folder, making it if needed. Never makes a vault and never touches the keychain. A file that cannot be
    /// used is left as it is: [`Store::vault`] tells why, and until the next start everything else is kept in memory only.
    pub fn open(config: Config) -> Result<Self, StoreError> {
        let folder = database::Folder::new(config.data_dir);
        let (connection, unusable) = match folder.open() {
            Ok(connection) => (connection, None),
            Err(reason) => (database::in_memory()?, Some(reason)),
        };
        let state = State {
            connection,
            unusable,
            session: None,
            key: None,
            closed: None,
            questions: HashMap::new(),
            writes: 0,
        };
        let inner = Inner {
            folder,
            keychain: config.keychain,
            clock: config.clock,
            opening: Mutex::new(()),
            state: Mutex::new(state),
        };
        let store = Self { inner: Arc::new(inner) };
        if let Err(error) = store.purge() {
            tracing::debug!(%error, "removed secrets could not be purged");
        }
        Ok(store)
    }

    /// A token to compare with a later one. Cheap enough to ask for several times a second.
    pub fn changes(&self) -> Result<ChangeToken, StoreError> {
        let state = self.state();
        let elsewhere = database::seen(&state.connection)?;
        Ok(ChangeToken { here: state.writes, elsewhere })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> i64 {
        (self.inner.clock)().as_millisecond()
    }
}

impl State {
    /// Runs `work` in one write transaction on the file: all of it happens or nothing.
    fn write<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let done = write(&mut self.connection, work)?;
        self.writes += 1;
        Ok(done)
    }

    /// As [`State::write`], on the vault in use: that of this session, or the file.
    fn write_vault<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let done = write(self.vault_connection_mut(), work)?;
        self.writes += 1;
        Ok(done)
    }

    fn vault_connection(&self) -> &rusqlite::Connection {
        self.session.as_ref().map_or(&self.connection, |session| &session.connection)
    }

    fn vault_connection_mut(&mut self) -> &mut rusqlite::Connection {
        self.session.as_mut().map_or(&mut self.connection, |session| &mut session.connection)
    }
}

fn write<T>(
    connection: &mut rusqlite::Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = work(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store(…)")
    }
}
