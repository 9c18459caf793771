//! Secrets: the rows of every `provider: secret` entry. Values cross only in `SecretSet`, `EnvSource` (entry) and
//! `Revealed` (reveal).

use super::boundary;
use super::{BotId, Place};

boundary! {
    pub struct SecretRow {
        pub alias: String,
        pub description: String,
        pub file: String,
        pub line: u32,
        pub skill: Option<String>,
        pub set: bool,
        pub changed_at: Option<String>,
        pub last_used_at: Option<String>,
        pub used_by: Vec<Place>,
    }

    pub struct SecretRequest { pub bot: BotId, pub alias: String }

    /// Entry: `value` travels inwards only.
    pub struct SecretSet { pub bot: BotId, pub alias: String, pub value: String }

    /// Reveal: asked for by the person, shown for `Settings::reveal_seconds`.
    pub struct Revealed { pub value: String }

    /// The value is on the clipboard; it never crossed the boundary.
    pub struct Copied { pub clears_in_seconds: u32 }

    /// `undo` gives the value back for ten seconds.
    pub struct Removed { pub undo: String }

    pub struct Undo { pub bot: BotId, pub undo: String }

    pub struct PreviewEnv { pub bot: BotId, pub source: EnvSource }

    /// Where a `.env` comes from.
    #[serde(tag = "type")]
    pub enum EnvSource {
        /// The person picks a file in a dialog of the system.
        #[serde(rename_all = "camelCase")]
        Pick {},
        /// Entry: pasted text.
        #[serde(rename_all = "camelCase")]
        Text { text: String },
    }

    /// What applying would do. The values wait in the engine until applied or dropped.
    pub struct EnvPreview {
        /// `None`: the person cancelled the dialog.
        pub import: Option<String>,
        pub rows: Vec<EnvRow>,
        pub problems: Vec<EnvProblem>,
    }

    pub struct EnvRow {
        /// The name as in the file.
        pub name: String,
        pub line: u32,
        /// The secret it would fill; `None`: no entry of this name.
        pub alias: Option<String>,
        pub effect: EnvEffect,
    }

    pub enum EnvEffect { Add, Replace, Same, NoEntry }

    pub struct EnvProblem { pub line: u32, pub message: String }

    pub struct ApplyEnv { pub bot: BotId, pub import: String, pub aliases: Vec<String> }

    pub struct Applied { pub count: u32 }
}
