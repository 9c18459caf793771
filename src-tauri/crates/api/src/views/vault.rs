//! The vault in words, with the ways that make sense now.

use studio::Studio;
use studio::store::{self, LockReason};

use crate::types::{Protection, VaultState, VaultView, Way};

pub(crate) fn vault(studio: &Studio) -> VaultView {
    let status = studio.vault();
    let protection = status.protection.map(Protection::from);
    let (state, message, hint, ways) = match status.state {
        store::VaultState::Absent => (
            VaultState::Absent,
            "There is no vault yet.".to_owned(),
            "It is made when you store the first value.",
            vec![Way::CreateKeychain, Way::CreatePassphrase, Way::CreateSession],
        ),
        // A keychain vault opens by itself at its first use, so until that has failed it counts as open.
        store::VaultState::Unlocked | store::VaultState::Locked(LockReason::NotTried) => {
            (VaultState::Unlocked, unlocked(protection.as_ref()).to_owned(), "", vec![])
        }
        store::VaultState::Locked(reason) => {
            (VaultState::Locked, format!("The vault is locked. {reason}"), "", ways(reason, status.protection))
        }
        store::VaultState::Unusable(reason) => (VaultState::Unusable, reason.to_string(), "", vec![]),
    };
    VaultView { state, protection, message, hint: hint.to_owned(), ways }
}

fn unlocked(protection: Option<&Protection>) -> &'static str {
    match protection {
        Some(Protection::Passphrase) => {
            "Values are sealed in Patchbay's vault on this computer; its key comes from your passphrase."
        }
        Some(Protection::Session) => "Values are kept in memory and are gone when Patchbay quits.",
        Some(Protection::Keychain) | None => {
            "Values are sealed in Patchbay's vault on this computer; its key is in the system keychain."
        }
    }
}

fn ways(reason: LockReason, protection: Option<store::Protection>) -> Vec<Way> {
    match (reason, protection) {
        (LockReason::PassphraseNeeded, _) | (LockReason::ByHand, Some(store::Protection::Passphrase)) => {
            vec![Way::Passphrase, Way::RecoveryKey]
        }
        (LockReason::KeyWrong, _) => vec![Way::RecoveryKey],
        _ => vec![Way::Keychain, Way::RecoveryKey],
    }
}

impl From<store::Protection> for Protection {
    fn from(protection: store::Protection) -> Self {
        match protection {
            store::Protection::Keychain => Self::Keychain,
            store::Protection::Passphrase => Self::Passphrase,
            store::Protection::Session => Self::Session,
        }
    }
}
