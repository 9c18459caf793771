//! The test chat.

use super::boundary;
use super::{BotId, Place};

pub type ChatId = String;

boundary! {
    pub struct StartChat { pub bot: BotId }

    pub struct ChatRequest { pub chat: ChatId }

    pub struct SendText { pub chat: ChatId, pub text: String }

    pub struct ChatView {
        pub chat: ChatId,
        pub items: Vec<ChatItem>,
        pub log: Vec<LogLine>,
        pub variables: Vec<VariableView>,
        pub stack: Vec<Frame>,
        pub status: ChatStatus,
        /// Where the script waits, stopped or ended.
        pub at: Option<Place>,
        /// The scripts on disk are newer than the running ones: restart to apply.
        pub stale: bool,
    }

    pub enum ChatStatus {
        /// Waits for an answer to `ask`.
        Waiting,
        /// Nothing is running; a message may trigger a dialog.
        Idle,
        /// An error stopped it; restart to go on.
        Stopped,
    }

    pub struct ChatItem {
        pub id: u32,
        pub at: String,
        pub from: Speaker,
        pub text: Vec<Part>,
        pub place: Option<Place>,
    }

    pub enum Speaker {
        Bot,
        User,
        /// A line of the studio: started, restarted, hint.
        Note,
        Error,
    }

    /// A stretch of text. A secret's value is not in it.
    #[serde(tag = "type")]
    pub enum Part {
        #[serde(rename_all = "camelCase")]
        Text { text: String },
        /// Shown as `‹secret:alias›`; `part` names it for a reveal.
        #[serde(rename_all = "camelCase")]
        Secret { alias: String, part: u32 },
    }

    pub struct LogLine { pub id: u32, pub at: String, pub text: Vec<Part>, pub place: Option<Place>, pub hint: bool }

    pub struct VariableView { pub name: String, pub scope: VariableScope, pub value: Vec<Part> }

    pub enum VariableScope { Global, Local, BuiltIn }

    pub struct Frame { pub dialog: String, pub place: Place }

    /// Asks for the text behind one secret part of the chat.
    pub struct RevealPart { pub chat: ChatId, pub part: u32 }
}
