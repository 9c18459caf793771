//! The vault as the studio offers it: made when the first value is to be stored, locked and unlocked by the person.

use store::{NewVault, Protection, RecoveryKey, Rekey, Rekeyed, Secret, StoreError, Unlock, VaultStatus};

use crate::{Error, Event, Studio};

impl Studio {
    /// How the vault is.
    pub fn vault(&self) -> VaultStatus {
        self.inner.store.vault()
    }

    /// Makes the vault. The recovery key is shown once; a vault of this session has none.
    ///
    /// # Errors
    /// There is a vault already, the keychain refused, or the data folder cannot be written.
    pub fn create_vault(&self, how: NewVault) -> Result<Option<RecoveryKey>, Error> {
        if let NewVault::Passphrase(passphrase) = &how {
            strong_enough(passphrase)?;
        }
        let key = self.inner.store.create_vault(how)?;
        self.vault_changed();
        Ok(key)
    }

    /// Opens the vault. Opened by its recovery key, a keychain vault gets its key put back in the keychain where that works.
    ///
    /// # Errors
    /// The key did not fit, or the keychain is still locked; the vault is then as it was.
    pub fn unlock_vault(&self, how: Unlock) -> Result<VaultStatus, Error> {
        let recovering = matches!(how, Unlock::RecoveryKey(_));
        self.inner.store.unlock(how)?;
        if recovering
            && self.vault().protection == Some(Protection::Keychain)
            && let Err(error) = self.inner.store.rekey(Rekey::Keychain)
        {
            tracing::warn!("the vault is open, but its key is not in the keychain: {error}");
        }
        self.vault_changed();
        Ok(self.vault())
    }

    /// Forgets the key in memory.
    ///
    /// # Errors
    /// The vault is of this session only.
    pub fn lock_vault(&self) -> Result<VaultStatus, Error> {
        self.inner.store.lock()?;
        self.vault_changed();
        Ok(self.vault())
    }

    /// Changes what protects the vault. Values and recovery key stay.
    ///
    /// # Errors
    /// The vault is locked, or the key could not be kept; what protected it before still does.
    pub fn rekey_vault(&self, to: Rekey) -> Result<Rekeyed, Error> {
        if let Rekey::Passphrase(passphrase) = &to {
            strong_enough(passphrase)?;
        }
        let rekeyed = self.inner.store.rekey(to)?;
        self.vault_changed();
        Ok(rekeyed)
    }

    /// Makes a new recovery key; the old one stops working.
    ///
    /// # Errors
    /// The vault is locked or cannot be written.
    pub fn renew_recovery_key(&self) -> Result<RecoveryKey, Error> {
        Ok(self.inner.store.renew_recovery_key()?)
    }

    /// Passes an outcome of the store on. A keychain that turns out to be locked at the first use is news for everyone.
    pub(crate) fn noting_locks<T>(&self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        if matches!(outcome, Err(StoreError::VaultLocked(_))) {
            self.vault_changed();
        }
        outcome
    }

    /// Tells everyone that what the vault holds may read differently now.
    pub(crate) fn vault_changed(&self) {
        self.send(&Event::VaultChanged);
        for bot in self.open_bots() {
            self.secrets_changed(&bot);
        }
    }
}

/// Shorter passphrases are guessed in no time by whoever has the file, however slow each guess is made.
const SHORTEST_PASSPHRASE: usize = 8;

fn strong_enough(passphrase: &Secret<String>) -> Result<(), Error> {
    if passphrase.expose().chars().count() < SHORTEST_PASSPHRASE {
        let message = format!("The passphrase is shorter than {SHORTEST_PASSPHRASE} characters.");
        return Err(Error::invalid(message, "Choose a longer one; several words are easy to remember."));
    }
    Ok(())
}
