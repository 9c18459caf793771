//! The virtual machine of one conversation. It never waits, never calls out and knows no clock: [`Machine::resume`] runs until
//! something is needed from outside and says what. Its whole state can be cloned and saved, secrets as handles only.

mod frames;
mod run;
mod saved;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::place::Place;
use crate::program::{ChunkKind, Program};
use crate::value::{Fault, Reveal, Text, Value};
use frames::Frame;

/// Steps that one turn may take, roughly: jumps back, calls, and what is copied or shown.
pub const FUEL_PER_TURN: u64 = 1_000_000;
/// How deep dialogs and functions may call each other.
pub const MAX_CALLS: usize = 1_000;
/// How many values the stack may hold at once.
const MAX_REGISTERS: usize = 1 << 20;
/// How often one `repeat` of a number or condition may go round.
pub const MAX_ROUNDS: i64 = 10_000;
/// How heavy all variables together may be.
pub const MAX_HELD: u64 = 16 << 20;

/// The state of one conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct Machine {
    fingerprint: u64,
    state: State,
    globals: Vec<Value>,
    constants: Vec<Option<Value>>,
    frames: Vec<Frame>,
    registers: Vec<Value>,
    fuel: u64,
    /// How heavy the global variables are together.
    held: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// Can go on at once.
    Ready,
    /// Waits for an answer; the top frame stands at its `ask`.
    Asking,
    /// Waits for what a function of the host returns; the top frame stands at its call.
    Calling,
    /// Nothing is left to run.
    Idle,
    /// Stopped by a runtime error.
    Failed,
}

/// What the host hands in.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Go on: at the start, and after [`Effect::Say`], [`Effect::Log`] and [`Effect::Hint`].
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
    /// Nothing is left to run.
    Idle,
    /// The script cannot go on.
    Error(RuntimeError),
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

impl Machine {
    /// A new conversation, ready to run the main dialog; idle if the program has none.
    pub fn new(program: &Program) -> Self {
        let mut machine = Self {
            fingerprint: program.fingerprint,
            state: State::Idle,
            globals: vec![Value::Nil; program.globals.len()],
            constants: vec![None; program.constants.len()],
            frames: Vec::new(),
            registers: Vec::new(),
            fuel: FUEL_PER_TURN,
            held: program.globals.len() as u64,
        };
        if let Some(main) = program.main {
            machine.state = State::Ready;
            machine.frames.push(Frame::new(main));
            machine.registers.resize(machine.needed(program), Value::Nil);
        }
        machine
    }

    /// Runs until something is needed from outside. An input that fits nothing is treated as [`Input::Go`].
    pub fn resume(&mut self, program: &Program, input: Input, reveal: &dyn Reveal) -> Effect {
        if !self.fits(program) {
            return Effect::Error(RuntimeError {
                message: "The scripts have changed since this conversation started.".to_string(),
                hint: "Restart the conversation to run the new version.".to_string(),
                place: program.place(0, 0),
            });
        }
        run::resume(self, program, input, reveal)
    }

    /// Whether this is a state of that program. Of another one, it only ever yields an error.
    pub fn fits(&self, program: &Program) -> bool {
        self.fingerprint == program.fingerprint
    }

    /// Whether it waits for an answer.
    pub fn is_asking(&self) -> bool {
        self.state == State::Asking
    }

    /// Whether nothing is left to run.
    pub fn is_idle(&self) -> bool {
        self.state == State::Idle
    }

    /// Whether a runtime error ended it.
    pub fn has_failed(&self) -> bool {
        self.state == State::Failed
    }

    /// A global variable.
    pub fn get(&self, program: &Program, name: &str) -> Option<&Value> {
        self.globals.get(program.global(name)?)
    }

    /// Sets a global variable. One that no script names is left alone.
    ///
    /// # Errors
    /// When all variables together would get too large.
    pub fn set(&mut self, program: &Program, name: &str, value: Value) -> Result<(), Fault> {
        match program.global(name) {
            Some(slot) => self.store(slot, value),
            None => Ok(()),
        }
    }

    /// All global variables in order of their slots, then the local ones of the top of the stack.
    pub fn variables<'m>(&'m self, program: &'m Program) -> impl Iterator<Item = (&'m Arc<str>, &'m Value)> {
        let top = self.frames.last();
        let chunk = top.and_then(|frame| program.chunks.get(frame.chunk as usize));
        let base = top.map_or(0, |frame| frame.base as usize);
        let locals = chunk.into_iter().flat_map(|chunk| chunk.locals.iter());
        let locals =
            locals.filter_map(move |(name, register)| Some((name, self.registers.get(base + *register as usize)?)));
        program.globals.iter().zip(&self.globals).chain(locals)
    }

    /// What runs, outermost first.
    pub fn stack(&self, program: &Program) -> Vec<StackEntry> {
        let top = self.frames.len().saturating_sub(1);
        let entry = |(depth, frame): (usize, &Frame)| {
            let chunk = program.chunks.get(frame.chunk as usize);
            let name = chunk.map_or_else(|| "".into(), |chunk| chunk.name.clone());
            // Below the top a frame stands behind the call that it waits for.
            let at = frame.at.saturating_sub(u32::from(depth < top));
            StackEntry { name, place: program.place(frame.chunk, at) }
        };
        self.frames.iter().enumerate().map(entry).collect()
    }

    fn store(&mut self, slot: usize, value: Value) -> Result<(), Fault> {
        let Some(own) = self.globals.get_mut(slot) else { return Ok(()) };
        self.held = self.held.saturating_sub(own.weight()).saturating_add(value.weight());
        *own = value;
        if self.held > MAX_HELD {
            return Err(Fault::new(
                "The variables of this conversation have grown too large together.",
                "Set variables that are no longer needed to nil.",
            ));
        }
        Ok(())
    }

    /// How many registers the stack needs as it is.
    fn needed(&self, program: &Program) -> usize {
        self.frames.last().map_or(0, |frame| {
            let own = program.chunks.get(frame.chunk as usize).map_or(0, |chunk| chunk.registers as usize);
            frame.base as usize + own
        })
    }

    /// Leaves the top chunk with a value.
    fn leave(&mut self, program: &Program, value: Value) {
        let Some(frame) = self.frames.pop() else { return };
        let kind = program.chunks.get(frame.chunk as usize).map(|chunk| chunk.kind);
        if let Some(ChunkKind::Constant(slot)) = kind
            && let Some(own) = self.constants.get_mut(slot as usize)
        {
            *own = Some(value.clone());
        }
        self.registers.truncate(frame.base as usize);
        self.registers.resize(self.needed(program), Value::Nil);
        if kind != Some(ChunkKind::Dialog)
            && let Some(result) = self.registers.get_mut(frame.base as usize)
        {
            *result = value;
        }
        if self.frames.is_empty() {
            self.state = State::Idle;
        }
    }
}
