//! Bots: folders, their manifests' entries, problems.

use super::boundary;
use super::{AttemptId, ConnectionView};

/// An open bot.
pub type BotId = String;
/// A folder that the person chose, opened before, dropped or gave as argument. The interface never names paths.
pub type FolderId = String;

boundary! {
    pub struct RecentBot {
        pub folder: FolderId,
        pub title: String,
        /// For display, the home folder written as `~`.
        pub path: String,
        pub exists: bool,
        pub last_opened: String,
        /// The jacks of the bot-level entries as they were when the bot was last open.
        pub jacks: Vec<JackState>,
    }

    pub struct Example {
        pub id: String,
        pub title: String,
        pub description: String,
        /// Provider ids, for the glyphs.
        pub providers: Vec<String>,
    }

    pub struct FolderRequest { pub folder: FolderId }

    pub struct PickFolder { pub purpose: PickPurpose }

    pub enum PickPurpose { OpenBot, NewBot, LocateBot }

    /// `None`: the person cancelled the dialog.
    pub struct Picked { pub folder: Option<PickedFolder> }

    pub struct PickedFolder {
        pub folder: FolderId,
        pub path: String,
        pub empty: bool,
    }

    pub struct CreateBot {
        /// The folder in which the bot's own folder is made.
        pub inside: FolderId,
        /// The bot's title; its folder's name is derived from it.
        pub title: String,
        /// Start from this example. `None`: an empty manifest and a greeting.
        pub example: Option<String>,
    }

    pub struct OpenBot { pub folder: FolderId }

    pub struct BotRequest { pub bot: BotId }

    pub struct SettleIdentity { pub bot: BotId, pub choice: IdentityChoice }

    /// What a folder with a known id at a new path is.
    pub enum IdentityChoice {
        /// The folder was moved: its secrets come along. Only when the old folder is gone.
        Moved,
        /// A copy: gets an id of its own and starts without secrets.
        Copy,
        /// Both folders are to read the same secrets.
        Share,
    }

    /// A bot as the interface shows it.
    pub struct BotView {
        pub bot: BotId,
        pub title: String,
        /// For display, the home folder written as `~`.
        pub path: String,
        /// Nothing in the folder can be written.
        pub read_only: bool,
        /// The folder is not there any more; what was read before is still shown.
        pub missing: bool,
        /// An open question: until it is settled every secret reads as missing.
        pub identity: Option<IdentityQuestion>,
        pub files: Vec<FileView>,
        pub integrations: Vec<IntegrationView>,
        pub problems: Vec<Problem>,
        pub secrets_total: u32,
        pub secrets_missing: u32,
    }

    pub struct IdentityQuestion {
        /// Empty when no folder is bound to the id any more.
        pub old_path: String,
        /// The old folder is gone, so "moved" may be chosen.
        pub may_be_moved: bool,
        /// Whose values "share" would let this folder read.
        pub aliases: Vec<String>,
    }

    pub struct FileView {
        /// Relative to the bot's folder, with `/`.
        pub file: String,
        pub kind: FileKind,
        /// `None`: the bot itself.
        pub skill: Option<String>,
        pub problems: u32,
    }

    pub enum FileKind { Manifest, Script, DataDefinition, Data }

    /// One entry of a manifest.
    pub struct IntegrationView {
        /// The provider's name unless given.
        pub alias: String,
        pub provider: String,
        /// `title`, else the provider's own name.
        pub title: String,
        /// The provider's own name; empty for an unknown one.
        pub provider_title: String,
        pub context: Option<Context>,
        pub description: String,
        pub scope: String,
        /// The entry's own `icon`, as written.
        pub icon: String,
        pub oauth2: Option<OAuth2View>,
        pub kind: IntegrationKind,
        pub file: String,
        pub skill: Option<String>,
        pub line: u32,
        /// The last line of the entry.
        pub end_line: u32,
        /// The entry's own lines, as in the file (a client secret masked).
        pub source: String,
        pub tokens: Vec<Token>,
        pub state: JackState,
        /// Why the state is what it is; empty when the state's own label says it all.
        pub note: String,
        /// Practice plays the provider.
        pub practice: bool,
        /// What is connected: the bot's own, or that of the persona in use.
        pub connection: Option<ConnectionView>,
        /// The sign-in under way, or the last one since the bot was opened.
        pub attempt: Option<AttemptId>,
        pub used_by: Vec<Place>,
    }

    pub struct OAuth2View {
        pub flow: String,
        pub client_id: String,
        /// Whether the manifest holds one; its text never crosses.
        pub has_client_secret: bool,
        pub authorize_url: String,
        pub token_url: String,
    }

    pub enum Context { Bot, User }

    /// Decides which action an entry offers.
    pub enum IntegrationKind { Oauth, ServiceAccount, Static, Calendar, Secret, Unknown }

    /// The seven states of a jack.
    #[derive(Copy)]
    pub enum JackState {
        Connected,
        Connecting,
        NotConnected,
        NeedsAttention,
        Failed,
        AskedInChat,
        AskedConnected,
    }

    pub struct Problem {
        pub file: String,
        pub line: u32,
        pub column: u32,
        pub end_line: u32,
        pub end_column: u32,
        pub range: Range,
        pub severity: Severity,
        /// Stable, in kebab-case: `unknown-key`.
        pub code: String,
        pub message: String,
        /// The next step; may be empty.
        pub hint: String,
    }

    pub enum Severity { Error, Warning, Hint }

    /// UTF-16 offsets into the file's text, `from` inclusive, `to` exclusive.
    pub struct Range { pub from: u32, pub to: u32 }

    pub struct Place { pub file: String, pub line: u32, pub column: u32 }

    /// A coloured stretch of text.
    pub struct Token { pub from: u32, pub to: u32, pub kind: TokenKind }

    pub enum TokenKind {
        Comment, Keyword, Function, String, Escape, Number, Constant, Key, Punctuation, Variable, Invalid,
    }
}
