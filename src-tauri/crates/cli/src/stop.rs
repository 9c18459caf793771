//! Why a command ends early, and the exit status of each reason.

use std::io;
use std::process::ExitCode;

use api::types::{Failure, FailureCode};
use studio::store::StoreError;

use crate::output;

/// The exit status. Scripts rely on these numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Fine = 0,
    /// Problems were found, or the bot stopped with an error.
    Problems = 1,
    /// Wrong use, or an alias that is not there.
    WrongUse = 2,
    /// The vault is locked, its keychain is missing, or the folder's identity is open.
    Locked = 3,
    /// The network or a provider refused.
    Refused = 4,
    /// Cancelled or timed out.
    Cancelled = 5,
    Internal = 70,
}

/// The end of a command before its result.
#[derive(Debug)]
pub(crate) enum Stop {
    Failed {
        status: Status,
        message: String,
        hint: String,
    },
    /// Everything was said already.
    Told(Status),
    /// Whoever read the results stopped reading, which is not an error.
    PipeClosed,
}

impl Stop {
    pub(crate) fn new(status: Status, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Failed { status, message: message.into(), hint: hint.into() }
    }

    pub(crate) fn wrong_use(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Status::WrongUse, message, hint)
    }

    pub(crate) fn locked(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Status::Locked, message, hint)
    }

    pub(crate) fn cancelled() -> Self {
        Self::new(Status::Cancelled, "Nothing was changed.", "")
    }

    /// The same failure with another status, where its cause says more than its kind.
    fn with_status(self, new: Status) -> Self {
        match self {
            Self::Failed { message, hint, .. } => Self::Failed { status: new, message, hint },
            other => other,
        }
    }

    /// Says why on standard error and gives the exit status.
    pub(crate) fn tell(self) -> ExitCode {
        match self {
            Self::Failed { status, message, hint } => {
                output::fail(&message, &hint);
                status.into()
            }
            Self::Told(status) => status.into(),
            Self::PipeClosed => Status::Fine.into(),
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::PipeClosed,
            _ => Self::new(Status::Problems, format!("The result could not be written: {error}."), ""),
        }
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        let status = match failure.code {
            FailureCode::Invalid | FailureCode::NotFound => Status::WrongUse,
            FailureCode::VaultAbsent | FailureCode::VaultLocked | FailureCode::IdentityOpen => Status::Locked,
            FailureCode::Conflict | FailureCode::Unavailable => Status::Problems,
            FailureCode::Internal => Status::Internal,
        };
        let hint = match failure.code {
            FailureCode::VaultAbsent => "`patchbay vault create` makes one.".to_owned(),
            FailureCode::IdentityOpen => "`patchbay identity` shows the choices.".to_owned(),
            _ => failure.hint,
        };
        Self::new(status, failure.message, hint)
    }
}

impl From<studio::Error> for Stop {
    fn from(error: studio::Error) -> Self {
        if let studio::Error::Folder(error) = &error
            && error.is_missing_folder()
        {
            return Self::wrong_use(error.to_string(), "Name the bot's folder.");
        }
        let status = match &error {
            studio::Error::Store(StoreError::WrongPassphrase | StoreError::WrongRecoveryKey) => Some(Status::Locked),
            studio::Error::Store(StoreError::Keychain(_) | StoreError::VaultUnusable(_)) => Some(Status::Locked),
            studio::Error::Store(StoreError::VaultExists | StoreError::SessionOnly) => Some(Status::WrongUse),
            _ => None,
        };
        let stop = Self::from(Failure::from(error));
        match status {
            Some(status) => stop.with_status(status),
            None => stop,
        }
    }
}
