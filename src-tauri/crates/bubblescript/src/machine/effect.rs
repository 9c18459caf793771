//! What goes in and out of the machine.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::place::Place;
use crate::value::{Text, Value};

/// What the host hands in.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Go on: at the start, after [`Machine::raise`](crate::Machine::raise), and after every effect that needs no answer.
    Go,
    /// The answer to [`Effect::Ask`].
    Answer(Value),
    /// What the function of [`Effect::Call`] returned.
    Returned(Value),
    /// Why the function of [`Effect::Call`] could not be done: one plain sentence.
    Failed(String),
}

/// What the machine needs from the host.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Show a text, never an empty one.
    Say {
        /// The text, perhaps with secret parts.
        text: Text,
        /// The keyword arguments, or `nil`.
        options: Value,
        /// Where.
        place: Place,
    },
    /// Ask and wait for an answer.
    Ask {
        /// The question; may be empty.
        text: Text,
        /// What may be answered.
        expecting: Option<Value>,
        /// What to offer.
        quick_replies: Option<Value>,
        /// After how many seconds to give up and answer with nil.
        timeout: Option<f64>,
        /// Where.
        place: Place,
    },
    /// Show something that is more than text.
    Show {
        /// What.
        template: Template,
        /// Where.
        place: Place,
    },
    /// Keep a value beyond the conversation.
    Remember {
        /// The variable and the names within it.
        path: Vec<Arc<str>>,
        /// The value, without any secret.
        value: Value,
        /// Where.
        place: Place,
    },
    /// Keep it no longer.
    Forget {
        /// The variable and the names within it.
        path: Vec<Arc<str>>,
        /// Where.
        place: Place,
    },
    /// Write to the log.
    Log {
        /// The value as text.
        text: Text,
        /// Where.
        place: Place,
    },
    /// Call a function of the host.
    Call {
        /// Its name.
        function: Arc<str>,
        /// The arguments without keys.
        arguments: Vec<Value>,
        /// The keyword arguments, or `nil`.
        options: Value,
        /// The alias that the first argument names, where the script says so literally.
        alias: Option<Arc<str>>,
        /// Where.
        place: Place,
    },
    /// Tell the person at the studio something that the user of the bot does not see.
    Hint {
        /// One plain sentence.
        message: String,
        /// Where.
        place: Place,
    },
    /// No guard of the dialogs for the event holds: it is as if it had never come. Do not resume.
    Declined,
    /// Nothing is left to run, or a task has ended and the question that was open still is.
    Idle,
    /// The script cannot go on.
    Error(RuntimeError),
}

/// What is shown and is more than text.
#[derive(Debug, Clone, PartialEq)]
pub enum Template {
    /// A text with buttons below it.
    Buttons {
        /// The text; may be empty.
        text: Text,
        /// The buttons in order.
        buttons: Vec<Button>,
    },
}

/// A button.
#[derive(Debug, Clone, PartialEq)]
pub struct Button {
    /// What stands on it.
    pub label: Text,
    /// What it does.
    pub action: Action,
}

/// What a button does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Opens an address.
    Open {
        /// The address; empty when there is none to open.
        url: Text,
    },
    /// Sends an event.
    Event {
        /// Its name.
        name: Arc<str>,
        /// Its payload.
        payload: Value,
    },
}

/// Why a script stopped, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuntimeError {
    /// One plain sentence.
    pub message: String,
    /// The next step.
    pub hint: String,
    /// Where.
    pub place: Place,
}

impl std::fmt::Display for RuntimeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl std::error::Error for RuntimeError {}

/// One entry of the call stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackEntry {
    /// The dialog's, function's or constant's name.
    pub name: Arc<str>,
    /// Where it stands.
    pub place: Place,
}
