//! The vault: where values live and how it is opened.

use super::boundary;

boundary! {
    pub struct VaultView {
        pub state: VaultState,
        pub protection: Option<Protection>,
        /// One sentence: what is the case.
        pub message: String,
        /// The next step; empty when there is none to take.
        pub hint: String,
        /// Which ways to open it make sense now.
        pub ways: Vec<Way>,
    }

    pub enum VaultState {
        /// Not made yet; it is made when the first value is stored.
        Absent,
        Unlocked,
        Locked,
        /// The file cannot be read or is of a later version. It is left as it is.
        Unusable,
    }

    pub enum Protection {
        /// Its key is in the system keychain.
        Keychain,
        /// Its key is derived from a passphrase.
        Passphrase,
        /// Kept in memory until Patchbay quits.
        Session,
    }

    pub enum Way {
        /// Ask the system keychain again.
        Keychain,
        Passphrase,
        RecoveryKey,
        /// Make a vault whose key is in the system keychain.
        CreateKeychain,
        CreatePassphrase,
        CreateSession,
    }

    /// Entry: the passphrase travels inwards only.
    #[serde(tag = "type")]
    pub enum CreateVault {
        #[serde(rename_all = "camelCase")]
        Keychain {},
        #[serde(rename_all = "camelCase")]
        Passphrase { passphrase: String },
        #[serde(rename_all = "camelCase")]
        Session {},
    }

    /// Shown once: whoever holds it can open the vault without keychain or passphrase.
    pub struct VaultCreated { pub recovery_key: Option<String>, pub vault: VaultView }

    /// Entry: passphrase and recovery key travel inwards only.
    #[serde(tag = "type")]
    pub enum UnlockVault {
        #[serde(rename_all = "camelCase")]
        Keychain {},
        #[serde(rename_all = "camelCase")]
        Passphrase { passphrase: String },
        /// Opens the vault and, where the keychain works, puts its key back there.
        #[serde(rename_all = "camelCase")]
        RecoveryKey { recovery_key: String },
    }
}
