//! What can go wrong, precisely enough for a caller to offer the next step.

use std::error::Error as StdError;
use std::path::PathBuf;

use rusqlite::ErrorCode;
use thiserror::Error;

use crate::envelope::DoesNotOpen;
use crate::keychain::KeychainError;
use crate::recovery::RecoveryKeyError;

/// Every failure of this crate. Messages never hold a secret value.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Nothing secret has been kept on this computer yet.
    #[error("There is no vault yet. Make one first.")]
    VaultAbsent,
    /// A vault is there but closed.
    #[error("The vault is locked. {0}")]
    VaultLocked(LockReason),
    /// The vault file cannot be used; it was left as it is.
    #[error("The vault cannot be used. {0}")]
    VaultUnusable(UnusableReason),
    /// A vault exists already, so none was made.
    #[error("There is a vault already. Unlock it instead.")]
    VaultExists,
    /// The vault of this session lives in memory and cannot be locked, opened differently or rekeyed.
    #[error("Secrets are kept for this session only. Quit Patchbay to end it.")]
    SessionOnly,
    /// The keychain failed while a vault was being made or moved to it.
    #[error(transparent)]
    Keychain(#[from] KeychainError),
    /// The thing asked for is not there (any more).
    #[error("There is no such entry; it may have been removed meanwhile.")]
    NotFound,
    /// Undoing a removal would replace a value that was set since.
    #[error("A new value has been set meanwhile, so the removed one was not brought back.")]
    AlreadySet,
    /// The folder claims to be another bot and the person has not decided yet.
    #[error(
        "This folder says it is a bot that lives elsewhere. Decide first whether it was moved, copied or is to share its secrets."
    )]
    IdentityOpen,
    /// No question about this folder is open.
    #[error("There is nothing to decide about this folder. Open it again.")]
    NoQuestion,
    /// "Moved" was answered although the old folder is still there.
    #[error("The bot is still at {}. Choose copy or share instead.", .0.display())]
    OldPathExists(PathBuf),
    /// Longer than what the store takes.
    #[error("The {what} is longer than {limit} bytes. Shorten it and try again.")]
    TooLarge {
        /// What was too long: `value`, `alias`, `passphrase`, `sign-in` and the like.
        what: &'static str,
        /// The limit in bytes.
        limit: usize,
    },
    /// A name, secret or passphrase without any character.
    #[error("The {0} is empty. Enter one and try again.")]
    Empty(&'static str),
    /// The disk has no room left; the old state is unchanged.
    #[error("The disk is full, so nothing was changed. Free some space and try again.")]
    DiskFull,
    /// File or folder do not allow writing; the old state is unchanged.
    #[error("The data folder does not allow writing, so nothing was changed. Check its permissions.")]
    ReadOnly,
    /// Another process held the file for more than five seconds.
    #[error("Another Patchbay is using the vault right now. Try again in a moment.")]
    Busy,
    /// The passphrase does not open this vault.
    #[error("This passphrase does not open the vault. Try again, or use the recovery key.")]
    WrongPassphrase,
    /// The vault is not protected by a passphrase.
    #[error("This vault is opened by the system keychain, not by a passphrase.")]
    NoPassphrase,
    /// A well-formed recovery key of another vault.
    #[error("This recovery key belongs to another vault. Look for the one written down for this vault.")]
    WrongRecoveryKey,
    /// A recovery key with a typing mistake.
    #[error(transparent)]
    RecoveryKey(#[from] RecoveryKeyError),
    /// A stored value does not open or is not readable: the file was changed or is damaged.
    #[error("The stored {0} is damaged and cannot be read. Restore the data folder from a backup, or set it again.")]
    Damaged(&'static str),
    /// Reading or writing failed for another reason; the cause is for the log.
    #[error("The data folder could not be read or written.")]
    Io(#[source] Box<dyn StdError + Send + Sync>),
}

/// Why a vault is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LockReason {
    /// Its key has not been asked for yet; the first use of a secret does that by itself.
    #[error("It opens by itself when a secret is first used.")]
    NotTried,
    /// It was locked by hand in this process.
    #[error("It was locked by hand. Unlock it to go on.")]
    ByHand,
    /// The system keychain is locked, its prompt was dismissed, or nobody could answer it.
    #[error("The system keychain is locked. Unlock it and try again, or use the recovery key.")]
    KeychainLocked,
    /// No system keychain runs.
    #[error("No system keychain is running. Start one and try again, or use the recovery key.")]
    NoService,
    /// The keychain failed in another way.
    #[error("The system keychain did not give out the key. Try again, or use the recovery key.")]
    KeychainRefused,
    /// The keychain is open and has no key for this vault.
    #[error("The system keychain has no key for this vault. Use the recovery key.")]
    KeyMissing,
    /// The keychain has a key that does not fit; both were left as they are.
    #[error("The key in the system keychain does not fit this vault. Use the recovery key.")]
    KeyWrong,
    /// It is opened by a passphrase.
    #[error("Enter its passphrase.")]
    PassphraseNeeded,
}

/// Why the vault file cannot be used. It is never changed in this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UnusableReason {
    /// The file has no bytes.
    #[error("Its file is empty. Restore it from a backup, or move it away to start anew.")]
    Empty,
    /// The file ends too early.
    #[error("Its file is cut off. Restore it from a backup, or move it away to start anew.")]
    Truncated,
    /// The file is something else.
    #[error("Its file is not a vault. Move it away to start anew.")]
    NotAVault,
    /// The file's inner order is broken.
    #[error("Its file is damaged. Restore it from a backup, or move it away to start anew.")]
    Damaged,
    /// A later Patchbay wrote it.
    #[error("It was written by a later version of Patchbay. Use that version.")]
    LaterVersion,
    /// The disk has no room to open it.
    #[error("The disk is full. Free some space and start Patchbay again.")]
    DiskFull,
    /// The data folder or file does not allow writing.
    #[error("The data folder does not allow writing. Check its permissions and start Patchbay again.")]
    ReadOnly,
    /// The data folder cannot be made or reached.
    #[error("The data folder cannot be opened. Check where it points and start Patchbay again.")]
    Unreachable,
}

impl StoreError {
    pub(crate) fn io(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Io(error.into())
    }
}

impl From<UnusableReason> for StoreError {
    fn from(reason: UnusableReason) -> Self {
        match reason {
            UnusableReason::DiskFull => Self::DiskFull,
            UnusableReason::ReadOnly => Self::ReadOnly,
            other => Self::VaultUnusable(other),
        }
    }
}

impl From<LockReason> for StoreError {
    fn from(reason: LockReason) -> Self {
        Self::VaultLocked(reason)
    }
}

impl From<DoesNotOpen> for StoreError {
    fn from(_: DoesNotOpen) -> Self {
        Self::Damaged("value")
    }
}

impl From<getrandom::Error> for StoreError {
    fn from(error: getrandom::Error) -> Self {
        Self::io(error.to_string())
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        match error.kind() {
            StorageFull | QuotaExceeded => Self::DiskFull,
            PermissionDenied | ReadOnlyFilesystem => Self::ReadOnly,
            _ => Self::io(error),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ffi;
        let Some(failure) = error.sqlite_error() else {
            return match error {
                rusqlite::Error::FromSqlConversionFailure(..) | rusqlite::Error::InvalidColumnType(..) => {
                    Self::Damaged("entry")
                }
                other => Self::io(other),
            };
        };
        match failure.code {
            // No room for the shared index is reported as this, never as "full".
            ErrorCode::SystemIoFailure if failure.extended_code == ffi::SQLITE_IOERR_SHMSIZE => Self::DiskFull,
            ErrorCode::DiskFull => Self::DiskFull,
            ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => Self::ReadOnly,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged("data file"),
            _ => Self::io(error),
        }
    }
}
