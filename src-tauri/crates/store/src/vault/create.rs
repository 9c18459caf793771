//! Making a vault: in the keychain, under a passphrase, or for this session only.

use super::*;

impl Store {
    /// Makes a vault and opens it. Returns the recovery key, to be shown once; `None` for a session, or if another process made
    /// the same kind of vault at this moment, which is then opened instead.
    pub fn create_vault(&self, how: NewVault) -> Result<Option<RecoveryKey>, StoreError> {
        let _turn = self.opening();
        if self.state().session.is_some() {
            return Err(StoreError::VaultExists);
        }
        match how {
            NewVault::Session => self.create_session().map(|()| None),
            NewVault::Keychain => self.create_with_keychain(),
            NewVault::Passphrase(passphrase) => self.create_with_passphrase(&passphrase).map(Some),
        }
    }

    fn create_session(&self) -> Result<(), StoreError> {
        let session = Session { connection: database::in_memory()?, key: Key::random()? };
        let mut state = self.state();
        if state.key.is_some() {
            return Err(StoreError::VaultExists);
        }
        state.session = Some(session);
        state.writes += 1;
        Ok(())
    }

    fn create_with_passphrase(&self, passphrase: &Secret<String>) -> Result<RecoveryKey, StoreError> {
        self.state().check_usable()?;
        let _file = self.inner.folder.lock()?;
        if let Some(Header::Active(_)) = header::read(&self.state().connection)? {
            return Err(StoreError::VaultExists);
        }
        let key = Key::random()?;
        let by_passphrase = Some(seal_under(passphrase, &key)?);
        // A pending vault's account may have a key in the keychain that nobody needs; a new name keeps clear of it.
        self.activate(new_uuid(), Protection::Passphrase, by_passphrase, key)
    }

    fn create_with_keychain(&self) -> Result<Option<RecoveryKey>, StoreError> {
        self.state().check_usable()?;
        let _file = self.inner.folder.lock()?;
        let found = header::read(&self.state().connection)?;
        let uuid = match found {
            Some(Header::Active(active)) if active.protection == Protection::Keychain => {
                return self.unlock_with_keychain(&active).map(|()| None);
            }
            Some(Header::Active(_)) => return Err(StoreError::VaultExists),
            Some(Header::Pending { uuid }) => uuid,
            None => {
                self.inner.keychain.status()?;
                let uuid = new_uuid();
                self.state().write(|connection| Ok(header::announce(connection, &uuid)?))?;
                uuid
            }
        };
        // Nothing is sealed yet, so a key left by a start that was cut short is as good as a new one.
        let key = match self.inner.keychain.load(&account(&uuid))? {
            Some(key) => key,
            None => {
                let key = Key::random()?;
                self.put_in_keychain_as(&uuid, &key)?;
                key
            }
        };
        self.activate(uuid, Protection::Keychain, None, key).map(Some)
    }

    fn activate(
        &self,
        uuid: String,
        protection: Protection,
        by_passphrase: Option<(Vec<u8>, Vec<u8>)>,
        key: Key,
    ) -> Result<RecoveryKey, StoreError> {
        let recovery = RecoveryKey::random()?;
        let by_recovery = seal_for_recovery(&recovery, &key)?;
        let check_value = envelope::seal(&check_key(&key), &own_place("check_value"), CHECK)?;
        self.write_header(Active { uuid, protection, check_value, by_passphrase, by_recovery })?;
        self.state().open_with(key);
        Ok(recovery)
    }
}
