//! Everything a use case can fail with. Texts are sentences for the person at the screen.

use crate::folder::FolderError;

/// Why the studio did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The bot, file, alias or chat is not there; the sentence says which.
    #[error("{0}")]
    NotFound(&'static str),
    /// What was typed or sent cannot be used.
    #[error("{message}")]
    Invalid { message: String, hint: String },
    /// The file of a document was changed by another program.
    #[error("{0} was changed by another program.")]
    Conflict(String),
    #[error(transparent)]
    Connect(#[from] connect::ConnectError),
    /// The desktop refused.
    #[error("{message}")]
    Unavailable { message: String, hint: String },
}

impl Error {
    pub(crate) fn invalid(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Invalid { message: message.into(), hint: hint.into() }
    }
}
