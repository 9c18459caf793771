//! Why something was not done.

use store::StoreError;
use thiserror::Error;
use wire::WireError;

use crate::grant::Origins;
use crate::service_account::KeyFileProblem;
use crate::trouble::Trouble;
use crate::{explain, words};

/// Every failure that a caller sees. Each is a sentence or two for people, without a secret.
#[derive(Debug, Error)]
pub enum ConnectError {
    /// Something is missing in the entry or was refused.
    #[error("{0}")]
    Trouble(Trouble),
    /// The addresses of the entry are others than those that the connection was approved for.
    #[error(
        "The addresses of {alias} changed since it was connected. Compare them and confirm before anything is sent."
    )]
    OriginsChanged {
        /// The alias.
        alias: String,
        /// What was approved.
        old: Box<Origins>,
        /// What the entry says now.
        new: Box<Origins>,
    },
    /// All ports that are registered at the provider are taken.
    #[error("{0}")]
    PortsTaken(Trouble),
    /// What came back belongs to no waiting sign-in.
    #[error("{}", words::not_ours())]
    NotOurs,
    /// There is no attempt with this id.
    #[error("There is no such sign-in any more. Start again from here.")]
    NoAttempt,
    /// The key file of a service account is not usable.
    #[error("{0} {next}", next = .0.next())]
    Key(#[from] KeyFileProblem),
    /// The vault could not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The request could not be sent or answered.
    #[error(transparent)]
    Wire(#[from] WireError),
}

impl ConnectError {
    /// What happened and what to do next, apart.
    pub fn trouble(&self) -> Trouble {
        match self {
            Self::Trouble(trouble) | Self::PortsTaken(trouble) => trouble.clone(),
            Self::NotOurs => words::not_ours(),
            other => explain::split(&other.to_string()),
        }
    }
}

impl From<Trouble> for ConnectError {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}
