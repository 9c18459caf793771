//! A data folder of its own, a clock to turn, and keychains.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use store::{
    BotId, Clock, Config, Key, Keychain, KeychainError, MemoryKeychain, NewConnection, NewVault, Secret, Store,
};
use tempfile::TempDir;

pub(crate) struct House {
    pub(crate) dir: TempDir,
    pub(crate) keychain: Arc<MemoryKeychain>,
    seconds: Arc<AtomicI64>,
}

impl House {
    pub(crate) fn new() -> Self {
        let seconds = Arc::new(AtomicI64::new(1_000_000));
        Self { dir: tempfile::tempdir().unwrap(), keychain: Arc::new(MemoryKeychain::new()), seconds }
    }

    pub(crate) fn open(&self) -> Store {
        let seconds = self.seconds.clone();
        let clock: Clock = Arc::new(move || Timestamp::from_second(seconds.load(Ordering::SeqCst)).unwrap());
        Store::open(Config { data_dir: self.data(), keychain: self.keychain.clone(), clock }).unwrap()
    }

    /// An open store with a vault.
    pub(crate) fn furnished(&self) -> Store {
        let store = self.open();
        store.create_vault(NewVault::Keychain).unwrap();
        store
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_second(self.seconds.load(Ordering::SeqCst)).unwrap()
    }
}

pub(crate) fn bot(store: &Store, path: &str) -> BotId {
    store.identify(None, Path::new(path)).unwrap().bot().unwrap()
}

pub(crate) fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

pub(crate) fn read(store: &Store, bot: BotId, alias: &str) -> Option<String> {
    store.get(bot, alias).unwrap().map(|value| value.expose().clone())
}

/// A connection to `google` without facts.
pub(crate) fn to_google<'a>(alias: &'a str, persona: Option<&'a str>) -> NewConnection<'a> {
    NewConnection { alias, persona, provider: "google", practice: false, facts: "{}" }
}

/// Connects `alias` as the bot itself; returns the id.
pub(crate) fn connect(store: &Store, bot: BotId, alias: &str, grant: &str) -> String {
    store.put_connection(bot, &to_google(alias, None), &secret(grant)).unwrap().id
}

pub(crate) fn grant(store: &Store, bot: BotId, id: &str) -> Option<String> {
    store.grant(bot, id).unwrap().map(|(_, grant)| grant.expose().clone())
}

/// A keychain that several processes share: a folder with one file per account.
#[derive(Debug)]
pub(crate) struct FolderKeychain(pub(crate) PathBuf);

impl Keychain for FolderKeychain {
    fn load(&self, account: &str) -> Result<Option<Key>, KeychainError> {
        match fs::read(self.0.join(account)) {
            Ok(text) => Ok(Some(Key::new(HEXLOWER.decode(&text).unwrap().try_into().unwrap()))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(KeychainError::Refused(error.to_string())),
        }
    }

    fn store(&self, account: &str, key: &Key) -> Result<(), KeychainError> {
        // Like a real keychain, an entry is there whole or not at all.
        let draft = self.0.with_extension(format!("draft-{}", std::process::id()));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&draft).unwrap();
        file.write_all(HEXLOWER.encode(key.expose()).as_bytes()).unwrap();
        let linked = fs::hard_link(&draft, self.0.join(account));
        fs::remove_file(draft).unwrap();
        linked.map_err(|_| KeychainError::Occupied)
    }

    fn delete(&self, account: &str) -> Result<(), KeychainError> {
        fs::remove_file(self.0.join(account)).map_err(|error| KeychainError::Refused(error.to_string()))
    }

    fn status(&self) -> Result<(), KeychainError> {
        Ok(())
    }
}

impl FolderKeychain {
    pub(crate) fn accounts(&self) -> usize {
        fs::read_dir(&self.0).unwrap().count()
    }
}
