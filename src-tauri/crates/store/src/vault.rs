//! The vault: how it is made, opened, closed and protected.
//!
//! One random 32-byte vault key wraps the data keys of all bots. It stands in the system keychain, or sealed under a passphrase,
//! and in both cases once more sealed under the recovery key. The rules that matter are what never happens: an existing keychain
//! entry is never replaced, and a vault that holds sealed values never gets a new key.

use std::sync::{MutexGuard, PoisonError};

use rusqlite::Connection;
use uuid::Uuid;

use crate::envelope::{self, NO_DATA_KEY, Place};
use crate::keychain::KeychainError;
use crate::passphrase::Stretch;
use crate::secret::{Key, Secret};
use crate::secrets::within;
use crate::tables::vault::{self as header, Active, Header};
use crate::{LockReason, RecoveryKey, State, Store, StoreError, UnusableReason, database};

const PASSPHRASE_LIMIT: usize = 1024;
const CHECK: &[u8] = b"patchbay";

/// How the vault stands, without asking the keychain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VaultStatus {
    /// Whether secrets can be used.
    pub state: VaultState,
    /// What protects it; `None` without a vault.
    pub protection: Option<Protection>,
}

/// Whether secrets can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VaultState {
    /// None was made yet.
    Absent,
    /// Secrets can be read and written.
    Unlocked,
    /// It is closed, for this reason. With [`LockReason::NotTried`] the first use of a secret opens it.
    Locked(LockReason),
    /// Its file cannot be used and was left untouched.
    Unusable(UnusableReason),
}

/// What protects a vault's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// The system keychain.
    Keychain,
    /// A passphrase.
    Passphrase,
    /// Nothing is written down; everything is gone when the program ends.
    Session,
}

/// How a new vault is to be protected.
#[derive(Debug)]
pub enum NewVault {
    /// By the system keychain.
    Keychain,
    /// By this passphrase.
    Passphrase(Secret<String>),
    /// In memory only, until the program ends.
    Session,
}

/// What to open the vault with.
#[derive(Debug)]
pub enum Unlock {
    /// The key in the system keychain.
    Keychain,
    /// The vault's passphrase.
    Passphrase(Secret<String>),
    /// The key that was shown when the vault was made. Follow it with [`Store::rekey`].
    RecoveryKey(RecoveryKey),
}

/// What is to protect an open vault from now on.
#[derive(Debug)]
pub enum Rekey {
    /// The system keychain.
    Keychain,
    /// This (new) passphrase.
    Passphrase(Secret<String>),
}

/// What a rekeying left behind.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rekeyed {
    /// A keychain entry of this vault could not be removed and still opens it: tell the person.
    pub keychain_entry_left: bool,
}

/// A vault in memory.
pub(crate) struct Session {
    pub(crate) connection: Connection,
    key: Key,
}

impl Store {
    /// How the vault stands. Reads the file, because another process may have made or rekeyed it.
    pub fn vault(&self) -> VaultStatus {
        let state = self.state();
        if state.session.is_some() {
            return VaultStatus { state: VaultState::Unlocked, protection: Some(Protection::Session) };
        }
        let unusable = |reason| VaultStatus { state: VaultState::Unusable(reason), protection: None };
        if let Some(reason) = state.unusable {
            return unusable(reason);
        }
        match header::read(&state.connection) {
            Err(_) => unusable(UnusableReason::Damaged),
            Ok(None | Some(Header::Pending { .. })) => VaultStatus { state: VaultState::Absent, protection: None },
            Ok(Some(Header::Active(active))) => {
                let locked = || VaultState::Locked(state.why_locked(&active));
                VaultStatus {
                    state: state.key.as_ref().map_or_else(locked, |_| VaultState::Unlocked),
                    protection: Some(active.protection),
                }
            }
        }
    }

    /// Opens the vault. Asking again while it is open checks the passphrase or key once more.
    pub fn unlock(&self, with: Unlock) -> Result<(), StoreError> {
        let _turn = self.opening();
        let active = self.active()?;
        let opened = match with {
            Unlock::Keychain => return self.unlock_with_keychain(&active),
            Unlock::Passphrase(passphrase) => self.open_with_passphrase(&active, &passphrase)?,
            Unlock::RecoveryKey(recovery) => {
                let key = envelope::derive(recovery.key(), &["recovery v1"]);
                let key = envelope::unseal_key(&key, &own_place("by_recovery"), &active.by_recovery)
                    .map_err(|_| StoreError::WrongRecoveryKey)?;
                fits(&key, &active).then_some(key).ok_or(StoreError::Damaged("vault key"))?
            }
        };
        self.state().open_with(opened);
        Ok(())
    }

    /// Closes the vault in this process until [`Store::unlock`]; the key is wiped from memory.
    pub fn lock(&self) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.session.is_some() {
            return Err(StoreError::SessionOnly);
        }
        state.key = None;
        state.closed = Some(LockReason::ByHand);
        Ok(())
    }

    /// Changes what protects an open vault: another passphrase, the keychain instead of a passphrase, or the other way round; after
    /// a recovery it puts a key back. The sealed values and the recovery key stay as they are.
    pub fn rekey(&self, to: Rekey) -> Result<Rekeyed, StoreError> {
        let _turn = self.opening();
        let _file = self.inner.folder.lock()?;
        self.open_by_itself()?;
        let active = self.active()?;
        let key = self.state().copy_of_key().ok_or(StoreError::VaultLocked(LockReason::NotTried))?;
        let old_account = (active.protection == Protection::Keychain).then(|| account(&active.uuid));
        match to {
            Rekey::Passphrase(passphrase) => {
                let by_passphrase = Some(seal_under(&passphrase, &key)?);
                self.write_header(Active { protection: Protection::Passphrase, by_passphrase, ..active })?;
                Ok(Rekeyed {
                    keychain_entry_left: old_account.is_some_and(|account| !self.taken_from_keychain(&account, &key)),
                })
            }
            Rekey::Keychain => {
                let uuid = self.put_in_keychain(active.uuid, &key)?;
                self.write_header(Active { uuid, protection: Protection::Keychain, by_passphrase: None, ..active })?;
                Ok(Rekeyed { keychain_entry_left: false })
            }
        }
    }

    /// Makes a new recovery key for an open vault; the one before no longer works.
    pub fn renew_recovery_key(&self) -> Result<RecoveryKey, StoreError> {
        let _turn = self.opening();
        let _file = self.inner.folder.lock()?;
        self.open_by_itself()?;
        let active = self.active()?;
        let key = self.state().copy_of_key().ok_or(StoreError::VaultLocked(LockReason::NotTried))?;
        let recovery = RecoveryKey::random()?;
        self.write_header(Active { by_recovery: seal_for_recovery(&recovery, &key)?, ..active })?;
        Ok(recovery)
    }

    /// Whether the system keychain could keep a key right now. May bring up its prompt.
    pub fn keychain_status(&self) -> Result<(), KeychainError> {
        self.inner.keychain.status()
    }

    /// Opens a keychain vault by itself if it is not open yet, so that what is to be stored next will not be refused.
    ///
    /// # Errors
    /// There is no vault, or it stays locked.
    pub fn ready(&self) -> Result<(), StoreError> {
        self.with_key(|_, _| Ok(()))
    }

    /// Runs `work` with the open vault's key, opening a keychain vault by itself the first time.
    pub(crate) fn with_key<T>(
        &self,
        work: impl FnOnce(&mut State, &Key) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let copy = || self.state().copy_of_key();
        let key = match copy() {
            Some(key) => key,
            None => {
                let _turn = self.opening();
                self.open_by_itself()?;
                copy().ok_or(StoreError::VaultLocked(LockReason::ByHand))?
            }
        };
        work(&mut self.state(), &key)
    }

    fn opening(&self) -> MutexGuard<'_, ()> {
        self.inner.opening.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open_by_itself(&self) -> Result<(), StoreError> {
        if self.state().copy_of_key().is_some() {
            return Ok(());
        }
        let active = self.active()?;
        match self.state().why_locked(&active) {
            LockReason::NotTried => {}
            reason => return Err(reason.into()),
        }
        self.unlock_with_keychain(&active)
    }

    /// The header of a vault that can be opened.
    fn active(&self) -> Result<Active, StoreError> {
        let state = self.state();
        if state.session.is_some() {
            return Err(StoreError::SessionOnly);
        }
        state.check_usable()?;
        match header::read(&state.connection)? {
            Some(Header::Active(active)) => Ok(active),
            None | Some(Header::Pending { .. }) => Err(StoreError::VaultAbsent),
        }
    }

    fn unlock_with_keychain(&self, active: &Active) -> Result<(), StoreError> {
        if active.protection != Protection::Keychain {
            return Err(LockReason::PassphraseNeeded.into());
        }
        let answer = self.inner.keychain.load(&account(&active.uuid));
        let mut state = self.state();
        let reason = match answer {
            Ok(Some(key)) if fits(&key, active) => {
                state.open_with(key);
                return Ok(());
            }
            Ok(Some(_)) | Err(KeychainError::NotAKey) => LockReason::KeyWrong,
            Ok(None) => LockReason::KeyMissing,
            // Without a display, a keychain that waits for its password is one that does not answer.
            Err(KeychainError::Locked | KeychainError::NoAnswer) => LockReason::KeychainLocked,
            Err(KeychainError::NoService) => LockReason::NoService,
            Err(_) => LockReason::KeychainRefused,
        };
        state.key = None;
        state.closed = Some(reason);
        Err(reason.into())
    }

    fn open_with_passphrase(&self, active: &Active, passphrase: &Secret<String>) -> Result<Key, StoreError> {
        let (stretch, sealed) = active.by_passphrase.as_ref().ok_or(StoreError::NoPassphrase)?;
        let stretch = Stretch::decode(stretch).ok_or(StoreError::Damaged("vault header"))?;
        let key = stretch.key(passphrase).map(|key| envelope::derive(&key, &["passphrase v1"]));
        let key = key.ok_or(StoreError::Damaged("vault header"))?;
        let key =
            envelope::unseal_key(&key, &own_place("by_passphrase"), sealed).map_err(|_| StoreError::WrongPassphrase)?;
        if !fits(&key, active) {
            return Err(StoreError::Damaged("vault key"));
        }
        if stretch.is_dated() {
            self.renew_stretch(passphrase, &key)?;
        }
        Ok(key)
    }

    /// Seals the vault key anew under the same passphrase with today's parameters.
    fn renew_stretch(&self, passphrase: &Secret<String>, key: &Key) -> Result<(), StoreError> {
        let _file = self.inner.folder.lock()?;
        let by_passphrase = Some(seal_under(passphrase, key)?);
        let active = self.active()?;
        self.write_header(Active { by_passphrase, ..active })
    }

    fn write_header(&self, active: Active) -> Result<(), StoreError> {
        let mut state = self.state();
        state.write(|connection| Ok(header::write(connection, &active)?))?;
        // What an old passphrase or recovery key opens must not stay in the log.
        database::empty_log(&state.connection);
        Ok(())
    }

    /// Keeps an existing vault's key in the keychain. A different key that stands under the vault's name stays there, and the
    /// vault takes a new name; returns the name.
    fn put_in_keychain(&self, uuid: String, key: &Key) -> Result<String, StoreError> {
        match self.inner.keychain.load(&account(&uuid)) {
            Ok(Some(found)) if found.same_as(key) => return Ok(uuid),
            Ok(Some(_)) | Err(KeychainError::NotAKey) => {}
            Ok(None) => return self.put_in_keychain_as(&uuid, key).map(|()| uuid),
            Err(error) => return Err(error.into()),
        }
        let uuid = new_uuid();
        self.put_in_keychain_as(&uuid, key).map(|()| uuid)
    }

    /// Removes a vault's key from the keychain; a different key under that name is not ours to remove. False if ours may be left.
    fn taken_from_keychain(&self, account: &str, key: &Key) -> bool {
        match self.inner.keychain.load(account) {
            Ok(Some(found)) if found.same_as(key) => self.inner.keychain.delete(account).is_ok(),
            Ok(_) | Err(KeychainError::NotAKey) => true,
            Err(_) => false,
        }
    }

    fn put_in_keychain_as(&self, uuid: &str, key: &Key) -> Result<(), StoreError> {
        let account = account(uuid);
        self.inner.keychain.store(&account, key)?;
        let back = self.inner.keychain.load(&account)?;
        match back {
            Some(back) if back.same_as(key) => Ok(()),
            _ => Err(KeychainError::Refused("it gave back something else than was stored".to_owned()).into()),
        }
    }
}

impl State {
    pub(crate) fn check_usable(&self) -> Result<(), StoreError> {
        match self.unusable {
            Some(reason) if self.session.is_none() => Err(reason.into()),
            _ => Ok(()),
        }
    }

    fn why_locked(&self, active: &Active) -> LockReason {
        match active.protection {
            Protection::Keychain => self.closed.unwrap_or(LockReason::NotTried),
            Protection::Passphrase | Protection::Session => LockReason::PassphraseNeeded,
        }
    }

    fn open_with(&mut self, key: Key) {
        self.key = Some(key);
        self.closed = None;
    }

    fn copy_of_key(&self) -> Option<Key> {
        let key = self.session.as_ref().map(|session| &session.key).or(self.key.as_ref());
        key.map(|key| Key::new(*key.expose()))
    }
}

/// The name of a vault's entry in the keychain.
fn account(uuid: &str) -> String {
    format!("vault-{uuid}")
}

fn new_uuid() -> String {
    Uuid::new_v4().to_string()
}

fn fits(key: &Key, active: &Active) -> bool {
    envelope::unseal(&check_key(key), &own_place("check_value"), &active.check_value)
        .is_ok_and(|value| value.expose() == CHECK)
}

fn check_key(key: &Key) -> Key {
    envelope::derive(key, &["check v1"])
}

/// The place of a sealed column in the vault's own row.
fn own_place(column: &str) -> Place<'_> {
    Place { bot: "", table: "vault", row: "1", column, key_id: NO_DATA_KEY }
}

fn seal_under(passphrase: &Secret<String>, key: &Key) -> Result<(Vec<u8>, Vec<u8>), StoreError> {
    within("passphrase", passphrase.expose(), PASSPHRASE_LIMIT)?;
    let stretch = Stretch::fresh()?;
    let stretched = stretch.key(passphrase).ok_or(StoreError::Damaged("vault header"))?;
    let sealed =
        envelope::seal(&envelope::derive(&stretched, &["passphrase v1"]), &own_place("by_passphrase"), key.expose())?;
    Ok((stretch.encode(), sealed))
}

fn seal_for_recovery(recovery: &RecoveryKey, key: &Key) -> Result<Vec<u8>, StoreError> {
    let under = envelope::derive(recovery.key(), &["recovery v1"]);
    Ok(envelope::seal(&under, &own_place("by_recovery"), key.expose())?)
}

mod create;
#[cfg(test)]
mod tests;
