//! The test chat.

use super::boundary;
use super::{BotId, PersonaId, Place};

pub type ChatId = String;

boundary! {
    pub struct StartChat {
        pub bot: BotId,
        /// Who talks; `None`: the persona used last.
        pub persona: Option<PersonaId>,
        /// A pasted script to run in place of the bot's own scripts.
        pub script: Option<String>,
    }

    pub struct ChatRequest { pub chat: ChatId }

    pub struct SendText { pub chat: ChatId, pub text: String }

    /// Presses a button of an item.
    pub struct PressButton { pub chat: ChatId, pub item: u32, pub button: u32 }

    /// Opens a link that the bot showed, in the system browser.
    pub struct OpenLink { pub chat: ChatId, pub url: String }

    /// Sends an event to the bot. `payload` is JSON, or empty for none.
    pub struct SendEvent { pub chat: ChatId, pub name: String, pub payload: String }

    /// The person's answer to a pause.
    pub struct AnswerPause { pub chat: ChatId, pub allow: bool }

    /// Moves the conversation's clock ahead.
    pub struct JumpClock { pub chat: ChatId, pub seconds: u32 }

    pub struct ChatView {
        pub chat: ChatId,
        pub persona: PersonaId,
        /// A pasted script runs in place of the bot's own.
        pub pasted: bool,
        pub events: Vec<EventLine>,
        /// Every request of this conversation, masked.
        pub exchanges: Vec<ExchangeView>,
        /// Why it waits for the person at the studio.
        pub pause: Option<PauseView>,
        /// How far its clock is ahead.
        pub ahead_seconds: u32,
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
        /// Waits for a provider or another server.
        Working,
        /// Waits for the person at the studio: see `pause`.
        Paused,
    }

    pub struct ChatItem {
        pub id: u32,
        pub at: String,
        pub from: Speaker,
        pub text: Vec<Part>,
        pub buttons: Vec<ButtonView>,
        pub quick_replies: Vec<String>,
        pub place: Option<Place>,
    }

    pub struct ButtonView {
        pub label: Vec<Part>,
        pub kind: ButtonKind,
        /// The alias that a sign-in button signs in to.
        pub alias: Option<String>,
        pub pressed: bool,
    }

    #[derive(Copy)]
    pub enum ButtonKind { Link, SignIn, Event }

    pub struct EventLine {
        pub id: u32,
        pub at: String,
        pub name: String,
        pub payload: Vec<Part>,
        /// Where it came from: "sign-in", "button", "you".
        pub source: String,
        /// The dialog that handled it; `None`: none did.
        pub handled_by: Option<Place>,
    }

    /// A token is about to go to a host that nobody approved, or a request to a private address.
    pub struct PauseView { pub alias: Option<String>, pub host: String, pub message: String, pub place: Option<Place> }

    /// One HTTP exchange, secrets shown as `‹secret:alias›`.
    pub struct ExchangeView {
        pub id: u32,
        pub at: String,
        /// What caused it: `http_post`, "refresh of google".
        pub what: String,
        pub place: Option<Place>,
        pub method: String,
        pub url: String,
        pub host: String,
        /// `None`: no answer came.
        pub status: Option<u16>,
        pub milliseconds: u32,
        pub practice: bool,
        pub aliases: Vec<String>,
        pub request_headers: Vec<HeaderView>,
        pub request_body: String,
        pub response_headers: Vec<HeaderView>,
        pub response_body: String,
        /// Why there is no answer; empty when there is one.
        pub error: String,
        /// A body was cut for display.
        pub truncated: bool,
    }

    pub struct HeaderView { pub name: String, pub value: String }

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
        /// An address to show as a link; one that begins with `patchbay://login/` is a sign-in.
        #[serde(rename_all = "camelCase")]
        Link { url: String },
        /// Shown as `‹secret:alias›`; `part` names it for a reveal.
        #[serde(rename_all = "camelCase")]
        Secret { alias: String, part: u32 },
    }

    pub struct LogLine {
        pub id: u32,
        pub at: String,
        pub text: Vec<Part>,
        /// The alias to connect, when that is what the line is about.
        pub alias: Option<String>,
        pub place: Option<Place>,
        pub hint: bool,
    }

    pub struct VariableView { pub name: String, pub scope: VariableScope, pub value: Vec<Part> }

    pub enum VariableScope { Global, Local, BuiltIn }

    pub struct Frame { pub dialog: String, pub place: Place }

    /// Asks for the text behind one secret part of the chat.
    pub struct RevealPart { pub chat: ChatId, pub part: u32 }
}
