//! What there is to show of a conversation: plain data.

use bubblescript::{Place, Program, Text, Value};
use serde::{Deserialize, Serialize};

use crate::State;

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
    /// What the bot is doing.
    pub status: Status,
    /// Where it stands, unless it is idle.
    pub at: Option<Place>,
}

/// What the bot is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It asked something and waits for the answer.
    Waiting,
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
    /// The line of the script behind it.
    pub place: Option<Place>,
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
            Self::Text { text } => f.write_str(text),
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
            machine if machine.is_asking() => Status::Waiting,
            _ => Status::Idle,
        };
        let variables = self.machine.variables(program).filter(|(_, value)| **value != Value::Nil);
        View {
            items: self.items.clone(),
            log: self.log.clone(),
            variables: variables.map(|(name, value)| self.variable(name, value)).collect(),
            stack: stack.into_iter().map(|own| StackItem { name: own.name.to_string(), place: own.place }).collect(),
            status,
            at: self.place(program),
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
