//! The virtual machine of one conversation. It never waits, never calls out and knows no clock: [`Machine::resume`] runs until
//! something is needed from outside and says what. Its whole state can be cloned and saved, secrets as handles only.

mod effect;
mod event;
mod frames;
mod run;
mod saved;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::program::{ChunkKind, Program};
use crate::value::{Fault, Reveal, Value};
pub use effect::{Action, Button, Effect, Input, RuntimeError, StackEntry, Template};
use event::Before;
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
    /// Since an event came last.
    before: Option<Before>,
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
            before: None,
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

    /// Whether it waits for what a function of the host returns.
    pub fn is_calling(&self) -> bool {
        self.state == State::Calling
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

    /// Writes into a global variable, creating what is missing on the way. One that no script names is left alone.
    ///
    /// # Errors
    /// When a list stands in the way, or all variables together would get too large.
    pub fn set_path(&mut self, program: &Program, path: &[&str], value: Value) -> Result<(), Fault> {
        let Some((name, rest)) = path.split_first() else { return Ok(()) };
        let Some(slot) = program.global(name) else { return Ok(()) };
        let old = self.globals.get(slot).cloned().unwrap_or_default();
        self.store(slot, old.with(rest, value)?)
    }

    /// Removes an entry from a global variable, and maps that become empty by it.
    ///
    /// # Errors
    /// When all variables together are too large even so.
    pub fn remove_path(&mut self, program: &Program, path: &[Arc<str>]) -> Result<(), Fault> {
        let Some((name, rest)) = path.split_first() else { return Ok(()) };
        let Some(slot) = program.global(name) else { return Ok(()) };
        let old = self.globals.get(slot).cloned().unwrap_or_default();
        self.store(slot, crate::path::remove(old, rest)?)
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
        if !matches!(kind, Some(ChunkKind::Dialog | ChunkKind::Task))
            && let Some(result) = self.registers.get_mut(frame.base as usize)
        {
            *result = value;
        }
        if self.frames.is_empty() {
            self.state = State::Idle;
        } else if kind == Some(ChunkKind::Task) {
            self.settle();
        }
    }
}
