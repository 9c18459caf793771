//! The test chat: drives Bubblescript's virtual machine for one conversation, and keeps what people see of it.
//!
//! * [`Chat`] is the conversation: start, send, restart, reveal. Clone it to fork it; save and load it through [`State`].
//! * [`View`] is what there is to show: items, log, variables, stack, status.
//! * [`Outside`] is all that the chat wants from the world: tokens, their clear text on demand, and the time.
//!
//! Invariant: items, log, variables and saved state hold no clear text of a secret. A secret is a numbered [`Part::Secret`], and
//! [`Chat::reveal`] gives its text out without keeping it.
//!
//! Deliberately not here: storage, network, clocks, threads. Triggers, events and widgets come later.

mod outside;
mod turn;
mod view;

use std::sync::Arc;

use bubblescript::{Fault, Machine, Program, Reveal, Secret, Shape, Value};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub use bubblescript::{Handle, Place};
pub use outside::{Outside, Token};
pub use view::{From, Item, LogEntry, LogKind, Part, StackItem, Status, Variable, View};

/// What a conversation starts with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// `bot.title`.
    pub bot_title: String,
    /// `bot.tokens`: alias and token id.
    pub bot_tokens: Vec<(String, String)>,
    /// Fields of `user`, for example `first_name`.
    pub user: Vec<(String, String)>,
    /// `user.tokens`: alias and token id.
    pub user_tokens: Vec<(String, String)>,
}

/// One conversation with one bot.
#[derive(Debug, Clone)]
pub struct Chat {
    program: Arc<Program>,
    state: State,
}

/// Everything about a conversation but its program: data that can be saved and holds no clear secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    machine: Machine,
    items: Vec<Item>,
    log: Vec<LogEntry>,
    /// The secrets that stand in items, log and variables; a part's number is its index here.
    secrets: Vec<Secret>,
    /// What the open question accepts.
    expecting: Vec<String>,
    next_id: u64,
}

/// A saved conversation does not fit the scripts of today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The scripts have changed since this conversation was saved. Restart it to run the new version.")]
pub struct OtherScripts;

impl Chat {
    /// Starts a conversation and runs it until it waits or ends.
    pub fn start(program: Arc<Program>, setup: &Setup, outside: &dyn Outside) -> Self {
        let state = State {
            machine: Machine::new(&program),
            items: Vec::new(),
            log: Vec::new(),
            secrets: Vec::new(),
            expecting: Vec::new(),
            next_id: 1,
        };
        let mut chat = Self { program, state };
        match chat.set_up(setup) {
            Ok(()) => chat.run(bubblescript::Input::Go, outside),
            Err(fault) => chat.note(&fault.message, outside),
        }
        chat
    }

    /// Starts again from nothing, perhaps with another version of the scripts.
    pub fn restart(&mut self, program: Arc<Program>, setup: &Setup, outside: &dyn Outside) {
        *self = Self::start(program, setup, outside);
    }

    /// The user says something.
    pub fn send(&mut self, text: &str, outside: &dyn Outside) {
        self.receive(text, outside);
    }

    /// What there is to show.
    pub fn view(&self) -> View {
        self.state.view(&self.program)
    }

    /// The clear text of a secret part; `None` when there is no such part or it is not given out.
    pub fn reveal(&self, part: u32, outside: &dyn Outside) -> Option<Zeroizing<String>> {
        self.state.secrets.get(part as usize)?.reveal(&Revealing(outside))
    }

    /// The conversation as data.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// A conversation that goes on where a saved one stood.
    ///
    /// # Errors
    /// When the state was saved with other scripts.
    pub fn resume(program: Arc<Program>, state: State) -> Result<Self, OtherScripts> {
        if state.machine.fits(&program) { Ok(Self { program, state }) } else { Err(OtherScripts) }
    }

    fn set_up(&mut self, setup: &Setup) -> Result<(), Fault> {
        const FIELDS: [&str; 9] =
            ["id", "first_name", "last_name", "profile_picture", "timezone", "locale", "frontend", "presence", "extra"];
        let texts = |pairs: &[(String, String)]| {
            let entries: Vec<(&str, Value)> =
                pairs.iter().map(|(key, text)| (key.as_str(), Value::text(text.as_str()))).collect();
            Value::map(Shape::Plain, entries)
        };
        let bot = [("title", Value::text(setup.bot_title.as_str())), ("tokens", texts(&setup.bot_tokens)?)];
        self.state.machine.set(&self.program, "bot", Value::map(Shape::Plain, bot)?)?;
        let mut user: Vec<(&str, Value)> = FIELDS.iter().map(|field| (*field, Value::Nil)).collect();
        user.extend(setup.user.iter().map(|(field, text)| (field.as_str(), Value::text(text.as_str()))));
        user.push(("tokens", texts(&setup.user_tokens)?));
        self.state.machine.set(&self.program, "user", Value::map(Shape::Plain, user)?)
    }
}

/// Gives the machine access to clear text, through the host.
struct Revealing<'o>(&'o dyn Outside);

impl Reveal for Revealing<'_> {
    fn reveal(&self, handle: &Handle) -> Option<Zeroizing<String>> {
        self.0.reveal(handle)
    }
}

impl State {
    /// The number of a secret, which stays the same for as long as the conversation lasts.
    fn part_number(&mut self, secret: &Secret) -> u32 {
        let known = self.secrets.iter().position(|own| own == secret);
        let number = known.unwrap_or_else(|| {
            self.secrets.push(secret.clone());
            self.secrets.len() - 1
        });
        number as u32
    }

    /// The next id of an item or log entry.
    fn id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id - 1
    }

    fn place(&self, program: &Program) -> Option<Place> {
        self.machine.stack(program).pop().map(|top| top.place)
    }
}
