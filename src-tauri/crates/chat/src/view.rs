//! What there is to show of a conversation: plain data.

use bubblescript::{Place, Program, Text, Value};
use serde::{Deserialize, Serialize};

use crate::State;
use crate::wanted::Pause;

/// A value heavier than this is described instead of shown in the list of variables.
const SHOWN_WEIGHT: usize = 20_000;

/// A conversation as people see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// The conversation in order.
    pub items: Vec<Item>,
    /// The log in order.
    pub log: Vec<LogEntry>,
    /// Variables that are not nil.
    pub variables: Vec<Variable>,
    /// What runs, outermost first.
    pub stack: Vec<StackItem>,
    /// The events in order.
    pub events: Vec<EventEntry>,
    /// What the bot is doing.
    pub status: Status,
    /// What a person has to decide before it goes on.
    pub pause: Option<Pause>,
    /// Where it stands, unless it is idle.
    pub at: Option<Place>,
    /// How far the conversation's clock is ahead, in seconds.
    pub offset_seconds: u64,
    /// The id of the persona that talks to the bot.
    pub persona: String,
}

/// What the bot is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It asked something and waits for the answer.
    Waiting,
    /// It wants something from outside that takes time.
    Working,
    /// The same, and a person has to decide something first.
    Paused,
    /// It has nothing to do.
    Idle,
    /// A runtime error stopped it.
    Stopped,
}

/// One item of the conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Unique within the conversation, rising.
    pub id: u64,
    /// When, in the form of RFC 3339.
    pub at: String,
    /// Who.
    pub from: From,
    /// What, in order.
    pub parts: Vec<Part>,
    /// Answers on offer.
    pub quick_replies: Vec<String>,
    /// Buttons below it.
    pub buttons: Vec<Button>,
    /// The last exchange with the network before it in the same turn, by its number in the host's record.
    pub exchange: Option<u64>,
    /// The line of the script behind it.
    pub place: Option<Place>,
}

/// A button. [`Chat::press`](crate::Chat::press) takes its position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// What stands on it, in order.
    pub label: Vec<Part>,
    /// What it does.
    pub kind: ButtonKind,
    /// Whether it has been pressed. It may be pressed again.
    pub pressed: bool,
}

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ButtonKind {
    /// Opens an address.
    Open {
        /// The address, in order; empty when there is none to open.
        url: Vec<Part>,
    },
    /// Sends an event.
    Event {
        /// Its name.
        name: String,
    },
}

/// Who an item comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum From {
    /// The bot.
    Bot,
    /// The user.
    User,
    /// The studio, with something to know.
    Note,
    /// The studio: the script stopped.
    Error,
}

/// A part of a shown text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Part {
    /// Text as it stands.
    Text {
        /// The text.
        text: String,
    },
    /// An address to be shown as a link.
    Link {
        /// The address, which is also its text.
        url: String,
    },
    /// A secret, to be shown as `‹secret:alias›`.
    Secret {
        /// Its alias; several, with commas, when several went in.
        alias: String,
        /// What [`Chat::reveal`](crate::Chat::reveal) takes.
        part: u32,
    },
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text { text } | Self::Link { url: text } => f.write_str(text),
            Self::Secret { alias, .. } => write!(f, "‹secret:{alias}›"),
        }
    }
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LogEntry {
    /// Unique within the conversation, rising; shared with the items.
    pub id: u64,
    /// When, in the form of RFC 3339.
    pub at: String,
    /// Who wrote it.
    pub kind: LogKind,
    /// What, in order.
    pub parts: Vec<Part>,
    /// The alias to connect, when that is what the entry is about.
    pub alias: Option<String>,
    /// The exchange with the network that it is about, by its number in the host's record.
    pub exchange: Option<u64>,
    /// The line of the script behind it.
    pub place: Option<Place>,
}

/// Who wrote a log entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogKind {
    /// The script.
    Log,
    /// The studio, with something to know.
    Hint,
}

/// An event that reached the bot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventEntry {
    /// Unique within the conversation, rising; shared with the items.
    pub id: u64,
    /// When, in the form of RFC 3339.
    pub at: String,
    /// Its name.
    pub name: String,
    /// Its payload, in order; nothing for none.
    pub payload: Vec<Part>,
    /// Where it came from.
    pub source: EventSource,
    /// The dialog or task that took it.
    pub handled_by: Option<Place>,
}

/// Where an event came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventSource {
    /// A button in the conversation.
    Button,
    /// A sign-in that was completed.
    Login,
    /// The person at the studio.
    Studio,
}

/// A variable and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value, in order.
    pub parts: Vec<Part>,
}

/// An entry of the stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackItem {
    /// The dialog or function.
    pub name: String,
    /// Where it stands.
    pub place: Place,
}

impl State {
    pub(crate) fn view(&self, program: &Program) -> View {
        let stack = self.machine.stack(program);
        let status = match &self.machine {
            machine if machine.has_failed() => Status::Stopped,
            _ if self.pause.is_some() => Status::Paused,
            _ if self.wanted.is_some() => Status::Working,
            machine if machine.is_asking() => Status::Waiting,
            _ => Status::Idle,
        };
        let variables = self.machine.variables(program).filter(|(_, value)| **value != Value::Nil);
        View {
            items: self.items.clone(),
            log: self.log.clone(),
            variables: variables.map(|(name, value)| self.variable(name, value)).collect(),
            stack: stack.into_iter().map(|own| StackItem { name: own.name.to_string(), place: own.place }).collect(),
            events: self.events.clone(),
            status,
            pause: self.pause.clone(),
            at: self.place(program),
            offset_seconds: self.offset,
            persona: self.persona.clone(),
        }
    }

    fn variable(&self, name: &str, value: &Value) -> Variable {
        let text = shown(value);
        let parts = text.parts().iter().map(|part| match part {
            bubblescript::Part::Text(text) => Part::Text { text: text.clone() },
            bubblescript::Part::Secret(secret) => {
                let alias = secret.aliases().to_string();
                let number = self.secrets.iter().position(|own| own == secret.as_ref());
                // Every turn ends by numbering the secrets in its variables, so one without a number is never met.
                number.map_or(Part::Text { text: secret.mask() }, |number| Part::Secret { alias, part: number as u32 })
            }
        });
        Variable { name: name.to_string(), parts: parts.collect() }
    }
}

/// A value as the list of variables shows it.
pub(crate) fn shown(value: &Value) -> Text {
    let short = value.is_lighter_than(SHOWN_WEIGHT);
    let text = short.then(|| value.to_source_text().ok()).flatten();
    text.unwrap_or_else(|| Text::plain("… too long to show here"))
}
