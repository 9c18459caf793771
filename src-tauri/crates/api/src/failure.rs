//! From the studio's errors to the closed list that the interface acts on.

use studio::connect::{ConnectError, Trouble};
use studio::store::{LockReason, StoreError};
use studio::{Error, FolderError};

use crate::types::{Failure, FailureCode};

impl Failure {
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(FailureCode::Invalid, message, "")
    }

    fn new(code: FailureCode, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: hint.into() }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::Folder(error) => folder(&error),
            Error::Store(error) => store(&error),
            Error::NotFound(_) => Self::new(FailureCode::NotFound, message, ""),
            Error::Invalid { message, hint } => Self::new(FailureCode::Invalid, message, hint),
            Error::Conflict(_) => Self::new(FailureCode::Conflict, message, "Reload it, or keep your text."),
            Error::Connect(error) => connect(error),
            Error::Unavailable { message, hint } => Self::new(FailureCode::Unavailable, message, hint),
        }
    }
}

fn connect(error: ConnectError) -> Failure {
    match error {
        ConnectError::Store(error) => store(&error),
        ConnectError::Trouble(Trouble { message, hint }) | ConnectError::PortsTaken(Trouble { message, hint }) => {
            Failure::new(FailureCode::Unavailable, message, hint)
        }
        ConnectError::Key(problem) => Failure::new(FailureCode::Invalid, problem.to_string(), problem.next()),
        ConnectError::NotOurs => {
            Failure::new(FailureCode::Invalid, "This callback belongs to another sign-in.", "Start again from here.")
        }
        ConnectError::NoAttempt => Failure::new(FailureCode::NotFound, error.to_string(), ""),
        ConnectError::OriginsChanged { .. } | ConnectError::Wire(_) => {
            Failure::new(FailureCode::Unavailable, error.to_string(), "")
        }
    }
}

fn folder(error: &FolderError) -> Failure {
    let code = match error {
        FolderError::Missing(_) | FolderError::NotAFolder(_) | FolderError::FileMissing(_) => FailureCode::NotFound,
        FolderError::Changed(_) => FailureCode::Conflict,
        _ => FailureCode::Unavailable,
    };
    Failure::new(code, error.to_string(), error.hint())
}

fn store(error: &StoreError) -> Failure {
    if let StoreError::Io(cause) = error {
        tracing::error!("the data folder failed: {cause}");
    }
    let code = match error {
        StoreError::VaultAbsent => FailureCode::VaultAbsent,
        StoreError::VaultLocked(reason) => {
            tracing::info!("the vault is locked: {reason:?}");
            debug_assert!(*reason != LockReason::NotTried, "a use of the vault tries its key");
            FailureCode::VaultLocked
        }
        StoreError::NotFound => FailureCode::NotFound,
        StoreError::IdentityOpen => FailureCode::IdentityOpen,
        StoreError::AlreadySet
        | StoreError::TooLarge { .. }
        | StoreError::Empty(_)
        | StoreError::WrongPassphrase
        | StoreError::NoPassphrase
        | StoreError::WrongRecoveryKey
        | StoreError::RecoveryKey(_)
        | StoreError::NoQuestion
        | StoreError::OldPathExists(_) => FailureCode::Invalid,
        _ => FailureCode::Unavailable,
    };
    Failure::new(code, error.to_string(), "")
}
