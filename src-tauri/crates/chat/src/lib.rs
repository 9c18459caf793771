//! The test chat: drives Bubblescript's virtual machine for one conversation, and keeps what people see of it.
//!
//! * [`Chat`] is the conversation: start, send, press, event, jump, restart, reveal. Clone it to fork it; save and load it through
//!   [`State`].
//! * [`Wanted`] is what it stands at when the script needs something that takes time: [`Chat::wanted`] says what, the host does it
//!   without holding the conversation, and [`Chat::fulfil`] goes on with the [`Answer`].
//! * [`View`] is what there is to show: items, log, variables, stack, events, status.
//! * [`Outside`] is what the chat wants from the world at once: clear text on demand, and the time.
//! * [`Memory`] is what scripts want to be remembered beyond the conversation.
//!
//! Invariant: items, log, variables, events, wanted calls and saved state hold no clear text of a secret. A secret is a numbered
//! [`Part::Secret`], and [`Chat::reveal`] gives its text out without keeping it.
//!
//! Deliberately not here: storage, network, clocks, threads. Triggers and widgets come later.

mod call;
mod clock;
mod event;
mod http;
mod json;
mod link;
mod memory;
mod outside;
mod setup;
mod turn;
mod view;
mod wanted;

use std::collections::VecDeque;
use std::sync::Arc;

use bubblescript::{Action, Input, Machine, Program, Secret};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub use bubblescript::{Handle, Place};
pub use http::{Body, HttpCall, Method, Revealed};
pub use memory::{Memory, remembered};
pub use outside::Outside;
pub use setup::{Owner, Persona, Setup};
pub use view::{
    Button, ButtonKind, EventEntry, EventSource, From, Item, LogEntry, LogKind, Part, StackItem, Status, Variable, View,
};

pub use wanted::{Answer, Carried, Pause, Reply, TokenCall, Wanted};

use outside::Revealing;
use turn::Waiting;

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
    events: Vec<EventEntry>,
    /// The secrets that stand in items, log, events and variables; a part's number is its index here.
    secrets: Vec<Secret>,
    /// What the open question accepts.
    expecting: Vec<String>,
    next_id: u64,
    /// The call that the machine stands at, and its number.
    wanted: Option<(u64, Wanted)>,
    next_wanted: u64,
    pause: Option<Pause>,
    /// What has come while the machine stands at a call.
    queue: VecDeque<Waiting>,
    /// What the buttons of an item do, by its id.
    actions: Vec<(u64, Vec<Action>)>,
    /// The event that runs.
    event: Option<u64>,
    /// The last exchange with the network in this turn.
    exchange: Option<u64>,
    /// When the open question gives up, in milliseconds since 1970.
    deadline: Option<i64>,
    /// How far the clock is ahead, in seconds.
    offset: u64,
    memories: Vec<Memory>,
    persona: String,
}

/// What an event carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Payload {
    /// Nothing.
    None,
    /// A text, for example a token id.
    Text(String),
    /// A JSON text.
    Json(String),
}

/// What pressing a button leads to.
#[derive(Clone, PartialEq, Eq)]
pub enum Pressed {
    /// The host is to open this address, which may hold a secret in clear text.
    Open(Zeroizing<String>),
    /// The bot got an event, and has reacted to it or will do so.
    Event,
    /// There is no such button, or it has nothing to open.
    Nothing,
}

/// A saved conversation does not fit the scripts of today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("The scripts have changed since this conversation was saved. Restart it to run the new version.")]
pub struct OtherScripts;

/// A payload is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This payload is not JSON. Put texts into quotation marks, or leave it empty.")]
pub struct NotJson;

impl Chat {
    /// Starts a conversation and runs it until it waits, wants something or ends.
    pub fn start(program: Arc<Program>, setup: &Setup, outside: &dyn Outside) -> Self {
        Self::begin(program, setup, 1, outside)
    }

    fn begin(program: Arc<Program>, setup: &Setup, next_wanted: u64, outside: &dyn Outside) -> Self {
        let state = State {
            machine: Machine::new(&program),
            items: Vec::new(),
            log: Vec::new(),
            events: Vec::new(),
            secrets: Vec::new(),
            expecting: Vec::new(),
            next_id: 1,
            wanted: None,
            next_wanted,
            pause: None,
            queue: VecDeque::new(),
            actions: Vec::new(),
            event: None,
            exchange: None,
            deadline: None,
            offset: 0,
            memories: Vec::new(),
            persona: setup.persona.id.clone(),
        };
        let mut chat = Self { program, state };
        match chat.set_up(setup) {
            Ok(()) => chat.run(Input::Go, outside),
            Err(fault) => chat.note(&fault.message, outside),
        }
        chat
    }

    /// Starts again from nothing, perhaps with another version of the scripts or another persona. Numbers of wanted calls go on
    /// rising, so that an answer to an earlier one is told apart.
    pub fn restart(&mut self, program: Arc<Program>, setup: &Setup, outside: &dyn Outside) {
        *self = Self::begin(program, setup, self.state.next_wanted, outside);
    }

    /// The user says something. What is said while the script wants something is taken up as soon as it is there.
    pub fn send(&mut self, text: &str, outside: &dyn Outside) {
        self.receive(text, outside);
    }

    /// What the script stands at and the host has to do, with its number; the number stays the same until it is done.
    pub fn wanted(&self) -> Option<(u64, &Wanted)> {
        self.state.wanted.as_ref().map(|(number, wanted)| (*number, wanted))
    }

    /// The host has done what was wanted. Ignored if that number is not wanted any more, for example after a restart.
    pub fn fulfil(&mut self, number: u64, answer: Answer, outside: &dyn Outside) {
        let Some((_, wanted)) = self.state.wanted.take_if(|(own, _)| *own == number) else { return };
        self.state.pause = None;
        let input = self.answered(wanted, answer, outside);
        self.run(input, outside);
    }

    /// What is wanted needs a person first. Lasts until [`Chat::fulfil`] or [`Chat::unpause`].
    pub fn pause(&mut self, number: u64, pause: Pause) {
        if self.wants(number) {
            self.state.pause = Some(pause);
        }
    }

    /// The person has decided, and the host is doing what is wanted.
    pub fn unpause(&mut self, number: u64) {
        if self.wants(number) {
            self.state.pause = None;
        }
    }

    fn wants(&self, number: u64) -> bool {
        self.wanted().is_some_and(|(own, _)| own == number)
    }

    /// The person at the studio sends an event.
    ///
    /// # Errors
    /// When the payload is not JSON; nothing has happened then.
    pub fn event(&mut self, name: &str, payload: Payload, outside: &dyn Outside) -> Result<(), NotJson> {
        let payload = payload.value()?;
        self.bring(name, payload, EventSource::Studio, outside);
        Ok(())
    }

    /// The user presses a button of an item, by its position from 0. A button may be pressed again.
    pub fn press(&mut self, item: u64, button: usize, outside: &dyn Outside) -> Pressed {
        self.push_button(item, button, outside)
    }

    /// The user has signed in: `user.tokens.<alias>` is set, then the event `token:<alias>` comes with the id as its payload.
    pub fn token_connected(&mut self, alias: &str, id: &str, outside: &dyn Outside) {
        self.connected(alias, id, outside);
    }

    /// A token of the bot or the user has come or gone without a sign-in in the conversation: sets or clears
    /// `bot.tokens.<alias>` or `user.tokens.<alias>`, and nothing else.
    pub fn set_token(&mut self, owner: Owner, alias: &str, id: Option<&str>) {
        // The only way to fail is a script that has filled all room there is, and that script stops at its next step anyway.
        let _ = self.put_token(owner, alias, id);
    }

    /// Tells the person at the studio something that the bot does not see, as a note in the conversation and a line of the log:
    /// for example that a sign-in was cancelled.
    pub fn notice(&mut self, text: &str, alias: Option<&str>, outside: &dyn Outside) {
        self.note(text, outside);
        self.hint(text.to_string(), None, alias.map(str::to_string), outside);
    }

    /// Moves the conversation's clock ahead. A question that would have timed out meanwhile is answered with nil.
    pub fn jump(&mut self, seconds: u64, outside: &dyn Outside) {
        self.move_clock(seconds, outside);
    }

    /// Lets time do its work: a question whose time is over is answered with nil. The host calls it when [`Chat::due`] is over.
    pub fn tick(&mut self, outside: &dyn Outside) {
        self.time_out(outside);
    }

    /// In how many seconds [`Chat::tick`] has something to do; `None` when nothing waits for time.
    pub fn due(&self, outside: &dyn Outside) -> Option<u64> {
        self.seconds_left(outside)
    }

    /// How far the conversation's clock is ahead, in seconds.
    pub fn offset(&self) -> u64 {
        self.state.offset
    }

    /// What scripts have asked to remember or forget since the last call, in order. The host keeps it, see [`remembered`].
    pub fn take_memories(&mut self) -> Vec<Memory> {
        std::mem::take(&mut self.state.memories)
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
