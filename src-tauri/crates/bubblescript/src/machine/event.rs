//! Events: they interrupt an open question, or wake a conversation that has nothing to do.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{FUEL_PER_TURN, Frame, MAX_CALLS, MAX_REGISTERS, Machine, State};
use crate::place::Place;
use crate::program::{ChunkKind, Program};
use crate::value::{Fault, Value};

/// How it was before the latest event came, and what took it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Before {
    frames: usize,
    registers: usize,
    asking: bool,
    /// The dialog or task that took it.
    pub(super) chunk: u32,
    /// Where its frame stands.
    pub(super) depth: usize,
}

impl Machine {
    /// Lets an event come in: sets the variable `event` and puts the dialog or task that takes it on the stack; then
    /// [`Machine::resume`] runs it. False when it cannot come in now, or nothing takes it.
    ///
    /// # Errors
    /// When too much runs already, or all variables together get too large.
    pub fn raise(&mut self, program: &Program, name: &str, event: Value) -> Result<bool, Fault> {
        if !self.fits(program) || !matches!(self.state, State::Asking | State::Idle) {
            return Ok(false);
        }
        self.set(program, "event", event)?;
        let Some(entry) = self.taker(program, name) else { return Ok(false) };
        let asking = self.state == State::Asking;
        let (frames, registers) = (self.frames.len(), self.registers.len());
        let kind = program.chunks.get(entry as usize).map(|chunk| chunk.kind);
        let returning = (asking && kind == Some(ChunkKind::Dialog)).then(|| self.returning(program)).flatten();
        let all: Vec<u32> = returning.into_iter().chain([entry]).collect();
        let needed = |chunk: &u32| program.chunks.get(*chunk as usize).map_or(0, |chunk| chunk.registers as usize);
        let wanted: usize = all.iter().map(needed).sum();
        if frames + all.len() > MAX_CALLS || registers + wanted > MAX_REGISTERS {
            return Err(Fault::new(
                "Too many events came while a question was open.",
                "Answer the question, or restart the conversation.",
            ));
        }
        for chunk in &all {
            let base = self.registers.len();
            self.frames.push(Frame { chunk: *chunk, at: 0, base: base as u32 });
            self.registers.resize(base + needed(chunk), Value::Nil);
        }
        self.before = Some(Before { frames, registers, asking, chunk: entry, depth: self.frames.len() - 1 });
        self.fuel = FUEL_PER_TURN;
        self.state = State::Ready;
        Ok(true)
    }

    /// Where the dialog or task that took the latest event is declared.
    pub fn taken_by(&self, program: &Program) -> Option<Place> {
        self.before.as_ref().map(|before| program.declared(before.chunk))
    }

    /// The code that takes an event: nested in what runs, nearest first, then outside of all dialogs.
    fn taker(&self, program: &Program, name: &str) -> Option<u32> {
        let name: Arc<str> = name.into();
        self.scopes().find_map(|scope| program.events.get(&(scope, name.clone())).copied())
    }

    fn returning(&self, program: &Program) -> Option<u32> {
        self.scopes().find_map(|scope| program.returning.get(&scope).copied())
    }

    fn scopes(&self) -> impl Iterator<Item = Option<u32>> {
        self.frames.iter().rev().map(|frame| Some(frame.chunk)).chain([None])
    }

    /// Takes back that the latest event came.
    pub(super) fn decline(&mut self) {
        let Some(before) = self.before.take() else { return };
        self.frames.truncate(before.frames);
        self.registers.truncate(before.registers);
        self.state = if before.asking && !self.frames.is_empty() { State::Asking } else { State::Idle };
    }

    /// A task has ended that an event had put on the stack: what it interrupted is as it was.
    pub(super) fn settle(&mut self) {
        let ended = self.before.as_ref().filter(|before| before.depth == self.frames.len());
        if ended.is_some_and(|before| before.asking && before.frames == self.frames.len()) {
            self.state = State::Asking;
        }
    }
}
