//! The program itself: version, settings, events, failures.

use super::boundary;
use super::{ChatId, DocumentChanged, DocumentId, FolderId, VaultView};

boundary! {
    /// A request without parameters.
    pub struct Nothing {}

    /// What the interface shows about the program.
    pub struct AppInfo {
        pub version: String,
        /// Where the vault and the lists are kept, for display.
        pub data_folder: String,
        pub vault: VaultView,
        pub settings: Settings,
        /// A folder given as argument, or the bot that was open last: to be opened at start. `None`: show Welcome.
        pub start_with: Option<FolderId>,
        /// A link that reached the program and answered no sign-in: told once.
        pub notice: Option<String>,
    }

    /// Settings apply at once and are kept on this machine.
    pub struct Settings {
        pub theme: Theme,
        /// Size of the interface in percent, 80 to 200.
        pub scale: u32,
        /// Seconds until a revealed secret hides, 5 to 300.
        pub reveal_seconds: u32,
        /// Seconds until a copied secret leaves the clipboard, 5 to 300.
        pub clipboard_seconds: u32,
    }

    pub enum Theme { System, Light, Dark }

    /// Why a command did not do what it was asked. The interface acts on `code`, shows `message`, offers `hint`.
    pub struct Failure {
        pub code: FailureCode,
        /// One plain sentence that says what happened.
        pub message: String,
        /// The next step, one sentence. Empty when `message` says it already.
        pub hint: String,
    }

    /// Closed: a code exists only if the interface acts on it.
    pub enum FailureCode {
        /// The request or the text in it cannot be used: the message stands beside the field.
        Invalid,
        /// The bot, file, alias or chat is no longer there: the interface leaves the view.
        NotFound,
        /// There is no vault yet: the interface offers to make one.
        VaultAbsent,
        /// The vault is locked: the interface offers the ways to unlock it.
        VaultLocked,
        /// The bot's identity is not settled: the interface asks Moved, Copy or Share.
        IdentityOpen,
        /// The file changed underneath: the interface offers to reload or to keep the text.
        Conflict,
        /// The file, folder, disk, network or provider refused: the message names it.
        Unavailable,
        /// A fault of Patchbay: the message carries the reference of the log entry.
        Internal,
    }

    /// The one event channel. Each says what to ask for again; a document's event carries the change itself.
    #[serde(tag = "type")]
    pub enum Event {
        #[serde(rename_all = "camelCase")]
        RecentChanged {},
        #[serde(rename_all = "camelCase")]
        SettingsChanged {},
        #[serde(rename_all = "camelCase")]
        VaultChanged {},
        /// Files of the bot, its integrations, states or problems changed.
        #[serde(rename_all = "camelCase")]
        BotChanged { bot: super::BotId },
        #[serde(rename_all = "camelCase")]
        SecretsChanged { bot: super::BotId },
        #[serde(rename_all = "camelCase")]
        ChatChanged { chat: ChatId },
        /// A sign-in went a step further or ended.
        #[serde(rename_all = "camelCase")]
        ConnectChanged { attempt: super::AttemptId },
        /// `AppInfo::notice` has something to tell.
        #[serde(rename_all = "camelCase")]
        Noticed {},
        /// A file was dropped on the window; a dialog that waits for a key file takes it.
        #[serde(rename_all = "camelCase")]
        KeyFileOffered { file: String },
        /// App credentials, practice or its faults changed.
        #[serde(rename_all = "camelCase")]
        CredentialsChanged {},
        /// Personas of the bot, or what they are signed in to, changed.
        #[serde(rename_all = "camelCase")]
        PersonasChanged { bot: super::BotId },
        /// Another program wrote the file of an open document.
        #[serde(rename_all = "camelCase")]
        DocumentChanged { document: DocumentId, change: DocumentChanged },
        /// A second launch, or a folder dropped on the window. The interface asks before it opens one never opened before.
        #[serde(rename_all = "camelCase")]
        FolderOffered { folder: FolderId, path: String, known: bool },
    }
}
