use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use data_encoding::BASE64;
use keyring_core::Error;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{Keychain, KeychainError};
use crate::secret::{Key, Secret};

const SERVICE: &str = "patchbay";

/// How long the keychain may take when no display exists on which a person could answer its prompt.
const HEADLESS_PATIENCE: Duration = Duration::from_secs(10);

/// The keychain of this desktop session: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows.
///
/// The key is kept as base64, because some keychains take text only. On Linux the connection is built anew for every call, so
/// that a keychain that was started or unlocked meanwhile is found.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemKeychain;

impl Keychain for SystemKeychain {
    fn load(&self, account: &str) -> Result<Option<Key>, KeychainError> {
        let account = account.to_owned();
        patiently(move || match read(&account)? {
            Some(key) => Ok(Some(key)),
            // A locked Secret Service may answer "no such entry"; only one that takes a write is surely open.
            None => probe().and_then(|()| read(&account)),
        })
    }

    fn store(&self, account: &str, key: &Key) -> Result<(), KeychainError> {
        let account = account.to_owned();
        let text = Zeroizing::new(BASE64.encode(key.expose()));
        patiently(move || match read(&account)? {
            Some(_) => Err(KeychainError::Occupied),
            None => entry(&account)?.set_secret(text.as_bytes()).map_err(reason),
        })
    }

    fn delete(&self, account: &str) -> Result<(), KeychainError> {
        let account = account.to_owned();
        patiently(move || match read(&account) {
            // As when reading: "no such entry" may only mean that it is locked.
            Ok(None) => probe(),
            Ok(Some(_)) | Err(KeychainError::NotAKey) => remove(&account),
            Err(error) => Err(error),
        })
    }

    fn status(&self) -> Result<(), KeychainError> {
        patiently(probe)
    }
}

/// Runs `work` on a thread of its own: D-Bus calls block, and the caller's thread may belong to an async runtime.
fn patiently<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, KeychainError> + Send + 'static,
) -> Result<T, KeychainError> {
    let (send, answer) = mpsc::channel();
    thread::Builder::new()
        .name("keychain".to_owned())
        .spawn(move || {
            // Nobody listens any more once the wait below has ended.
            let _ = send.send(work());
        })
        .map_err(|error| KeychainError::Refused(error.to_string()))?;
    let died = KeychainError::Refused("the connection broke".to_owned());
    if a_person_could_answer() {
        return answer.recv().unwrap_or(Err(died));
    }
    answer.recv_timeout(HEADLESS_PATIENCE).unwrap_or_else(|error| match error {
        RecvTimeoutError::Timeout => Err(KeychainError::NoAnswer),
        RecvTimeoutError::Disconnected => Err(died),
    })
}

fn a_person_could_answer() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// Writes, reads and removes a throw-away entry.
fn probe() -> Result<(), KeychainError> {
    let account = format!("probe-{}", Uuid::new_v4());
    let written = entry(&account)?;
    written.set_secret(b"probe").map_err(reason)?;
    let read = written.get_secret().map_err(reason);
    remove(&account)?;
    match read {
        Ok(bytes) if bytes == b"probe" => Ok(()),
        Ok(_) => Err(KeychainError::Refused("it gave back something else than was stored".to_owned())),
        Err(error) => Err(error),
    }
}

fn read(account: &str) -> Result<Option<Key>, KeychainError> {
    let text = match entry(account)?.get_secret() {
        Ok(text) => Zeroizing::new(text),
        Err(Error::NoEntry) => return Ok(None),
        Err(Error::Ambiguous(entries)) => Zeroizing::new(the_same_in_all(&entries)?),
        Err(error) => return Err(reason(error)),
    };
    let bytes = Zeroizing::new(BASE64.decode(&text).map_err(|_| KeychainError::NotAKey)?);
    let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| KeychainError::NotAKey)?;
    Ok(Some(Secret::new(key)))
}

/// Several entries of one name arise when a keychain file is copied; they are one key if they hold the same.
fn the_same_in_all(entries: &[keyring_core::Entry]) -> Result<Vec<u8>, KeychainError> {
    let mut found: Option<Zeroizing<Vec<u8>>> = None;
    for entry in entries {
        let next = Zeroizing::new(entry.get_secret().map_err(reason)?);
        if found.as_ref().is_some_and(|first| *first != next) {
            return Err(KeychainError::Refused("it has several different entries for this vault".to_owned()));
        }
        found = Some(next);
    }
    found.map(|bytes| bytes.to_vec()).ok_or(KeychainError::NotAKey)
}

fn remove(account: &str) -> Result<(), KeychainError> {
    match entry(account)?.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(reason(error)),
    }
}

#[cfg(target_os = "linux")]
fn entry(account: &str) -> Result<keyring_core::Entry, KeychainError> {
    use keyring_core::api::CredentialStoreApi;

    // The process-wide store of `keyring` keeps its first failure for ever, so pressing Retry could not succeed through it.
    let store = zbus_secret_service_keyring_store::Store::new().map_err(|error| {
        tracing::debug!(%error, "no secret service");
        KeychainError::NoService
    })?;
    let label = std::collections::HashMap::from([("label", "Patchbay vault key")]);
    store.build(SERVICE, account, Some(&label)).map_err(reason)
}

#[cfg(not(target_os = "linux"))]
fn entry(account: &str) -> Result<keyring_core::Entry, KeychainError> {
    keyring::Entry::new(SERVICE, account).map(|entry| entry.inner).map_err(|error| match error {
        Error::NoDefaultStore => KeychainError::NoService,
        other => reason(other),
    })
}

fn reason(error: Error) -> KeychainError {
    match error {
        Error::NoStorageAccess(_) => KeychainError::Locked,
        Error::NoDefaultStore => KeychainError::NoService,
        Error::BadEncoding(_) | Error::BadDataFormat(..) => KeychainError::NotAKey,
        Error::PlatformFailure(cause) => from_words(&cause.to_string()),
        // The other variants may quote entries; their kind says enough.
        Error::TooLong(..) => KeychainError::Refused("the entry is too long for it".to_owned()),
        Error::NotSupportedByStore(words) => KeychainError::Refused(words),
        _ => KeychainError::Refused("it could not use the entry".to_owned()),
    }
}

/// D-Bus errors arrive as text that begins with the error's name.
fn from_words(words: &str) -> KeychainError {
    let says = |names: &[&str]| names.iter().any(|name| words.contains(name));
    if says(&["IsLocked", "locked", "Locked"]) {
        KeychainError::Locked
    } else if says(&["ServiceUnknown", "NameHasNoOwner", "Disconnected", "NoReply"]) {
        KeychainError::NoService
    } else {
        KeychainError::Refused(words.to_owned())
    }
}
