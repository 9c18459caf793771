//! The loop that runs instructions.

mod call;

use std::sync::Arc;

use super::{Effect, FUEL_PER_TURN, Input, MAX_ROUNDS, Machine, RuntimeError, State};
use crate::operate::{self, Operator};
use crate::path;
use crate::program::{Chunk, Instruction, Program};
use crate::value::{Fault, List, Map, Reveal, Value};

/// What follows an instruction.
enum Then {
    /// The next one.
    On,
    Jump(u32),
    /// The stack has changed; the frame on top knows where to go on.
    Stack,
    Yield(Box<Effect>),
}

type Step = Result<Then, Fault>;

pub(super) fn resume(machine: &mut Machine, program: &Program, input: Input, reveal: &dyn Reveal) -> Effect {
    let mut run = Run { machine, program, reveal };
    match (run.machine.state, input) {
        (State::Asking, Input::Answer(value)) => {
            run.machine.fuel = FUEL_PER_TURN;
            run.give(value);
        }
        (State::Calling, Input::Returned(value)) => run.give(value),
        (State::Calling, Input::Failed(message)) => {
            return run.fail(Fault::new(message, "Look at the line named here, and at the log for more."));
        }
        (State::Failed, _) => return Effect::Idle,
        // Asking again yields the same question, so nothing is lost by an input that does not fit.
        (State::Asking | State::Calling, _) => run.machine.state = State::Ready,
        (State::Ready | State::Idle, _) => {}
    }
    run.go()
}

struct Run<'r> {
    machine: &'r mut Machine,
    program: &'r Program,
    reveal: &'r dyn Reveal,
}

impl<'r> Run<'r> {
    fn go(&mut self) -> Effect {
        loop {
            // The end of a task leaves the question open that was open before.
            if self.machine.state == State::Asking {
                return Effect::Idle;
            }
            let Some(frame) = self.machine.frames.last() else {
                self.machine.state = State::Idle;
                return Effect::Idle;
            };
            let chunk = self.program.chunks.get(frame.chunk as usize);
            let Some(chunk) = chunk else { return self.fail(damaged()) };
            match self.chunk(chunk, frame.at, frame.base as usize) {
                Ok(Some(effect)) => return effect,
                Ok(None) => {}
                Err(fault) => return self.fail(fault),
            }
        }
    }

    /// Runs one chunk until the stack changes or something is needed from outside.
    fn chunk(&mut self, chunk: &Chunk, start: u32, base: usize) -> Result<Option<Effect>, Fault> {
        let mut at = start;
        loop {
            let Some(instruction) = chunk.code.get(at as usize) else { return Err(damaged()) };
            let step = self.step(*instruction, at, base);
            if step.is_err() {
                self.note(at);
            }
            match step? {
                Then::On => at += 1,
                Then::Jump(to) => at = to,
                Then::Stack => return Ok(None),
                Then::Yield(effect) => return Ok(Some(*effect)),
            }
        }
    }

    /// Notes in the frame where it stands.
    fn note(&mut self, at: u32) {
        if let Some(frame) = self.machine.frames.last_mut() {
            frame.at = at;
        }
    }

    fn fail(&mut self, fault: Fault) -> Effect {
        self.machine.state = State::Failed;
        let place = match self.machine.frames.last() {
            Some(frame) => self.program.place(frame.chunk, frame.at),
            None => self.program.place(0, 0),
        };
        Effect::Error(RuntimeError { message: fault.message, hint: fault.hint, place })
    }

    /// Puts the result of the call that the top frame stands at, and moves on.
    fn give(&mut self, value: Value) {
        self.machine.state = State::Ready;
        let Some(frame) = self.machine.frames.last_mut() else { return };
        let code = self.program.chunks.get(frame.chunk as usize).map(|chunk| &chunk.code);
        if let Some(Instruction::Call { base, .. }) = code.and_then(|code| code.get(frame.at as usize)) {
            let register = frame.base as usize + *base as usize;
            frame.at += 1;
            if let Some(own) = self.machine.registers.get_mut(register) {
                *own = value;
            }
        }
    }

    fn burn(&mut self, fuel: u64) -> Result<(), Fault> {
        let left = self.machine.fuel.checked_sub(fuel);
        self.machine.fuel = left.unwrap_or(0);
        left.map(drop).ok_or_else(|| {
            Fault::new(
                "The bot did too much in one turn and was stopped here.",
                "Check whether a loop ever ends, or split the work over several answers.",
            )
        })
    }

    fn take(&mut self, register: usize) -> Value {
        self.machine.registers.get_mut(register).map(std::mem::take).unwrap_or_default()
    }

    fn get(&self, register: usize) -> Value {
        self.machine.registers.get(register).cloned().unwrap_or_default()
    }

    fn set(&mut self, register: usize, value: Value) {
        if let Some(own) = self.machine.registers.get_mut(register) {
            *own = value;
        }
    }

    fn is_truthy(&self, register: usize) -> bool {
        self.machine.registers.get(register).is_some_and(Value::is_truthy)
    }

    fn step(&mut self, instruction: Instruction, at: u32, base: usize) -> Step {
        use Instruction::*;
        let register = |own: u16| base + own as usize;
        match instruction {
            Value { to, value } => {
                self.set(register(to), self.program.values.get(value as usize).cloned().unwrap_or_default())
            }
            Move { to, from } => self.set(register(to), self.get(register(from))),
            Take { to, from } => {
                let value = self.take(register(from));
                self.set(register(to), value);
            }
            Global { to, slot } => {
                self.set(register(to), self.machine.globals.get(slot as usize).cloned().unwrap_or_default())
            }
            TakeGlobal { to, slot } => {
                let value = self.machine.globals.get(slot as usize).cloned().unwrap_or_default();
                self.machine.store(slot as usize, crate::value::Value::Nil)?;
                self.set(register(to), value);
            }
            SetGlobal { slot, from } => self.machine.store(slot as usize, self.get(register(from)))?,
            Constant { to, slot } => return self.constant(register(to), slot, at),
            Binary { operator, to, left, right } => {
                let (left_at, right) = (register(left), self.get(register(right)));
                let left = if left == to { self.take(left_at) } else { self.get(left_at) };
                let value = self.binary(operator, left, &right)?;
                self.set(register(to), value);
            }
            Append { to, from } => {
                let from = self.get(register(from));
                self.burn(from.weight() / 64)?;
                let value = operate::join(self.take(register(to)), &from)?;
                self.set(register(to), value);
            }
            Not { to } => self.set(register(to), crate::value::Value::Bool(!self.is_truthy(register(to)))),
            Negate { to } => self.set(register(to), operate::negate(&self.get(register(to)), self.reveal)?),
            Read { to, key } => {
                let value = path::read(&self.get(register(to)), &self.get(register(key)), self.reveal)?;
                self.set(register(to), value);
            }
            Write { first, count } => self.write(register(first), count as usize)?,
            NewList { to } => self.set(register(to), crate::value::Value::List(Arc::new(List::default()))),
            NewMap { to, shape } => self.set(register(to), crate::value::Value::Map(Arc::new(Map::new(shape)))),
            Push { to, from } => self.push(register(to), register(from))?,
            Put { to, key, from } => self.put(register(to), register(key), register(from))?,
            Jump { to } => return Ok(Then::Jump(to)),
            JumpIf { test, to } if self.is_truthy(register(test)) => return Ok(Then::Jump(to)),
            JumpIfNot { test, to } if !self.is_truthy(register(test)) => return Ok(Then::Jump(to)),
            JumpIf { .. } | JumpIfNot { .. } => {}
            Loop { to } => {
                self.note(at);
                self.burn(1 + u64::from(at.saturating_sub(to)) / 8)?;
                return Ok(Then::Jump(to));
            }
            Round { counter } => self.round(register(counter))?,
            Next { first, to } => return self.next(register(first), to),
            Call { base: row, site } => return self.call(register(row), site, at),
            Invoke { chunk } => {
                self.go_on_behind(at);
                return self.enter(chunk, self.machine.registers.len(), at);
            }
            Become { chunk } => return self.replace(chunk, base),
            Return { from } => {
                let value = self.get(register(from));
                self.machine.leave(self.program, value);
                return Ok(Then::Stack);
            }
            End => {
                self.machine.leave(self.program, crate::value::Value::Nil);
                return Ok(Then::Stack);
            }
            Stop => {
                self.machine.frames.clear();
                self.machine.registers.clear();
                return Ok(Then::Stack);
            }
            Decline => {
                self.machine.decline();
                return Ok(Then::Yield(Box::new(Effect::Declined)));
            }
            Hint { text } => {
                let message = self.fixed(text);
                return self.show(at, |place| Effect::Hint { message, place });
            }
            Fail { fault } => return Err(self.program.faults.get(fault as usize).cloned().unwrap_or_else(damaged)),
        }
        Ok(Then::On)
    }

    fn fixed(&self, text: u32) -> String {
        self.program.texts.get(text as usize).map_or_else(String::new, |text| text.to_string())
    }

    fn binary(&mut self, operator: Operator, left: Value, right: &Value) -> Result<Value, Fault> {
        if let (Operator::Add, Value::Int(a), Value::Int(b)) = (operator, &left, right)
            && let Some(sum) = a.checked_add(*b)
        {
            return Ok(Value::Int(sum));
        }
        let cost = match operator {
            // Copying is cheap, comparing is not.
            Operator::Add | Operator::Join | Operator::Append => (left.weight() + right.weight()) / 64,
            Operator::Without => left.weight().saturating_mul(right.weight()) / 16,
            Operator::In => right.weight() / 16,
            _ => left.weight().min(right.weight()) / 16,
        };
        self.burn(cost)?;
        operate::binary(operator, left, right, self.reveal)
    }

    fn constant(&mut self, to: usize, slot: u32, at: u32) -> Step {
        match self.machine.constants.get(slot as usize) {
            Some(Some(value)) => {
                let value = value.clone();
                self.set(to, value);
                Ok(Then::On)
            }
            // The chunk of the constant keeps its value; this instruction then finds it.
            _ => {
                let chunk = self.program.constants.get(slot as usize).map_or(u32::MAX, |(_, chunk)| *chunk);
                self.note(at);
                self.enter(chunk, self.machine.registers.len(), at)
            }
        }
    }

    fn write(&mut self, first: usize, count: usize) -> Result<(), Fault> {
        let keys: Vec<Value> = (1..=count).map(|offset| self.get(first + offset)).collect();
        let value = self.take(first + count + 1);
        let target = self.take(first);
        self.burn(copied_by_writing(&target, &keys) / 16)?;
        let changed = path::write(target, &keys, value)?;
        self.set(first, changed);
        Ok(())
    }

    fn push(&mut self, to: usize, from: usize) -> Result<(), Fault> {
        let item = self.get(from);
        if let Some(Value::List(list)) = self.machine.registers.get_mut(to) {
            Arc::make_mut(list).push(item)?;
        }
        Ok(())
    }

    fn put(&mut self, to: usize, key: usize, from: usize) -> Result<(), Fault> {
        let (key, value) = (path::key_name(&self.get(key))?, self.get(from));
        if let Some(Value::Map(map)) = self.machine.registers.get_mut(to) {
            Arc::make_mut(map).insert(key, value)?;
        }
        Ok(())
    }

    fn round(&mut self, counter: usize) -> Result<(), Fault> {
        let Value::Int(rounds) = self.get(counter) else { return Ok(()) };
        if rounds >= MAX_ROUNDS {
            return Err(too_many_rounds());
        }
        self.set(counter, Value::Int(rounds + 1));
        Ok(())
    }

    fn next(&mut self, first: usize, end: u32) -> Step {
        let Value::Int(position) = self.get(first + 1) else { return Ok(Then::Jump(end)) };
        let index = usize::try_from(position).unwrap_or(usize::MAX);
        let item = match self.machine.registers.get(first) {
            Some(Value::Nil) => None,
            Some(Value::Int(count)) => {
                if *count > MAX_ROUNDS && position >= MAX_ROUNDS {
                    return Err(too_many_rounds());
                }
                (position < *count).then_some(Value::Int(position))
            }
            Some(Value::List(list)) => list.items().get(index).cloned(),
            Some(Value::Map(map)) => {
                let entry = map.entry(index);
                entry.map(|(key, value)| Value::list([Value::text(&**key), value.clone()])).transpose()?
            }
            other => {
                let kind = other.map_or("nothing", Value::kind_name);
                let message = format!("`repeat` cannot go over {kind}.");
                return Err(Fault::new(message, "Give it a number, a list, or `while` and a condition."));
            }
        };
        let Some(item) = item else { return Ok(Then::Jump(end)) };
        self.set(first + 1, Value::Int(position + 1));
        self.set(first + 2, item);
        Ok(Then::On)
    }
}

/// How many entries have to be copied to write through a path, because others hold the containers on the way too.
fn copied_by_writing(target: &Value, keys: &[Value]) -> u64 {
    let (mut value, mut shared, mut copied) = (target, false, 0);
    for key in keys {
        let inner = match (value, key) {
            (Value::List(list), key) => {
                shared |= Arc::strong_count(list) > 1;
                copied += if shared { list.items().len() as u64 } else { 0 };
                path::peek_item(list, key)
            }
            (Value::Map(map), Value::Text(text)) => {
                shared |= Arc::strong_count(map) > 1;
                copied += if shared { map.len() as u64 } else { 0 };
                text.as_plain().and_then(|name| map.get(name))
            }
            _ => None,
        };
        let Some(inner) = inner else { break };
        value = inner;
    }
    copied
}

fn too_many_rounds() -> Fault {
    Fault::new(
        format!("This loop went round {MAX_ROUNDS} times and was stopped."),
        "Check whether its condition ever ends it.",
    )
}

/// A saved state that does not fit its program, however it came about.
fn damaged() -> Fault {
    Fault::new(
        "This conversation cannot go on, because its saved state does not fit the script.",
        "Restart the conversation.",
    )
}
