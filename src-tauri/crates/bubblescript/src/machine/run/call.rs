//! Calls: into chunks of the script, into functions of the language, and out to the host.

use std::sync::Arc;

use super::{Run, Step, Then, damaged};
use crate::functions;
use crate::machine::{Action, Button, Effect, FUEL_PER_TURN, Frame, MAX_CALLS, MAX_REGISTERS, State, Template};
use crate::operate;
use crate::path;
use crate::place::Place;
use crate::program::{CallSite, Chunk, Instruction, Target};
use crate::value::{Fault, Text, Value};
use crate::words::VARIABLES;

/// What showing, asking, logging or calling out costs: at most a thousand of them fit a turn.
const FUEL_PER_EFFECT: u64 = FUEL_PER_TURN / 1_000;

impl<'r> Run<'r> {
    /// Makes the frame on top go on behind an instruction when control comes back.
    pub(super) fn go_on_behind(&mut self, at: u32) {
        self.note(at + 1);
    }

    fn code(&mut self, chunk: u32) -> Result<&'r Chunk, Fault> {
        let code = self.program.chunks.get(chunk as usize).ok_or_else(damaged)?;
        self.burn(1 + code.code.len() as u64 / 8)?;
        Ok(code)
    }

    /// Puts a chunk on the stack.
    pub(super) fn enter(&mut self, chunk: u32, base: usize, at: u32) -> Step {
        let code = self.code(chunk)?;
        // A dialog that ends by invoking another one needs its place no longer.
        let behind = self.machine.frames.last().and_then(|frame| {
            let own = self.program.chunks.get(frame.chunk as usize)?;
            let instruction = own.code.get(at as usize)?;
            let last = matches!(own.code.get(at as usize + 1)?, Instruction::End);
            (last && matches!(instruction, Instruction::Invoke { .. })).then_some(frame.base as usize)
        });
        let base = match behind {
            Some(own) => {
                self.machine.frames.pop();
                self.machine.registers.truncate(own);
                own
            }
            None => base,
        };
        if self.machine.frames.len() >= MAX_CALLS || base + code.registers as usize > MAX_REGISTERS {
            self.note(at);
            return Err(Fault::new(
                "Dialogs and functions call each other too deeply.",
                "Check whether one calls itself without an end.",
            ));
        }
        Ok(self.put_on_top(chunk, code, base))
    }

    /// Lets another chunk go on in place of the one on top.
    pub(super) fn replace(&mut self, chunk: u32, base: usize) -> Step {
        let code = self.code(chunk)?;
        self.machine.frames.pop();
        self.machine.registers.truncate(base);
        let depth = self.machine.frames.len();
        if let Some(before) = self.machine.before.as_mut().filter(|before| before.depth == depth) {
            before.chunk = chunk;
        }
        Ok(self.put_on_top(chunk, code, base))
    }

    fn put_on_top(&mut self, chunk: u32, code: &Chunk, base: usize) -> Then {
        self.machine.frames.push(Frame { chunk, at: 0, base: base as u32 });
        self.machine.registers.truncate(base + code.parameters as usize);
        self.machine.registers.resize(base + code.registers as usize, Value::Nil);
        Then::Stack
    }

    pub(super) fn call(&mut self, row: usize, site: u32, at: u32) -> Step {
        let Some(site) = self.program.calls.get(site as usize) else { return Err(damaged()) };
        match &site.target {
            Target::Chunk(chunk) => {
                self.go_on_behind(at);
                let count = site.arguments as usize;
                self.machine.registers.truncate(row + count);
                self.enter(*chunk, row, at)
            }
            Target::Function(function) => {
                let arguments: Vec<Value> = (0..site.arguments as usize).map(|offset| self.get(row + offset)).collect();
                self.burn(1 + arguments.iter().map(Value::weight).sum::<u64>() / 16)?;
                let value = functions::call(function, arguments, self.reveal)?;
                self.set(row, value);
                Ok(Then::On)
            }
            target => self.outward(target, site, row, at),
        }
    }

    /// A call that the host has to do.
    fn outward(&mut self, target: &Target, site: &CallSite, row: usize, at: u32) -> Step {
        let mut arguments: Vec<Value> = (0..site.arguments as usize).map(|offset| self.get(row + offset)).collect();
        self.burn(arguments.iter().map(Value::weight).sum::<u64>() / 8)?;
        let options = if site.keywords { arguments.pop().unwrap_or_default() } else { Value::Nil };
        match target {
            Target::Ask => self.ask(arguments.first(), &options, at),
            Target::Outside(name) => {
                let (function, alias) = (name.clone(), site.alias.clone());
                self.wait(State::Calling, at, |place| Effect::Call { function, arguments, options, alias, place })
            }
            _ => {
                self.set(row, Value::Nil);
                self.tell(target, arguments, options, at)
            }
        }
    }

    fn ask(&mut self, text: Option<&Value>, options: &Value, at: u32) -> Step {
        let text = show_text(text.unwrap_or(&Value::Nil))?;
        let option = |name: &str| match options {
            Value::Map(map) => map.get(name).cloned().filter(|value| !matches!(value, Value::Nil)),
            _ => None,
        };
        let (expecting, quick_replies) = (option("expecting"), option("quick_replies"));
        let timeout = option("timeout").and_then(|value| match value {
            Value::Int(seconds) => Some(seconds as f64),
            Value::Float(seconds) => Some(seconds),
            _ => None,
        });
        let timeout = timeout.filter(|seconds| *seconds >= 0.0);
        self.wait(State::Asking, at, |place| Effect::Ask { text, expecting, quick_replies, timeout, place })
    }

    /// What the host is told and gives no answer to.
    fn tell(&mut self, target: &Target, arguments: Vec<Value>, options: Value, at: u32) -> Step {
        let first = arguments.first().unwrap_or(&Value::Nil);
        match target {
            Target::Say => {
                let text = show_text(first)?;
                if text.is_empty() {
                    let message = "This `say` has nothing to show.".to_string();
                    return self.show(at, |place| Effect::Hint { message, place });
                }
                self.show(at, |place| Effect::Say { text, options, place })
            }
            Target::Log => {
                let text = if matches!(first, Value::Nil) { Text::plain("nil") } else { show_text(first)? };
                self.show(at, |place| Effect::Log { text, place })
            }
            Target::Buttons => {
                let template = buttons(&arguments)?;
                self.show(at, |place| Effect::Show { template, place })
            }
            Target::Remember => self.remember(arguments, at),
            Target::Forget => self.forget(&arguments, at),
            Target::Ask | Target::Outside(_) | Target::Chunk(_) | Target::Function(_) => Err(damaged()),
        }
    }

    fn remember(&mut self, mut arguments: Vec<Value>, at: u32) -> Step {
        let value = arguments.pop().unwrap_or_default();
        let path = path_of(&arguments)?;
        if value.has_secrets() {
            return Err(Fault::new(
                format!("`{}` holds the secret `{}`, which cannot be remembered.", path.join("."), value.aliases()),
                "Remember the parts without it; the token can be had again with `get_access_token`.",
            ));
        }
        self.show(at, |place| Effect::Remember { path, value, place })
    }

    fn forget(&mut self, names: &[Value], at: u32) -> Step {
        let path = path_of(names)?;
        let provided = path.len() == 1 && path.first().is_some_and(|name| VARIABLES.contains(&&**name));
        if !provided {
            let whole = path.first().and_then(|name| self.machine.get(self.program, name)).map_or(0, Value::weight);
            self.burn(whole / 16)?;
            self.machine.remove_path(self.program, &path)?;
        }
        self.show(at, |place| Effect::Forget { path, place })
    }

    /// Yields an effect; the machine goes on behind it at once.
    pub(super) fn show(&mut self, at: u32, effect: impl FnOnce(Place) -> Effect) -> Step {
        let result = self.wait(State::Ready, at, effect)?;
        self.go_on_behind(at);
        Ok(result)
    }

    /// Yields an effect; the machine stays where it is until the host gives an answer.
    fn wait(&mut self, state: State, at: u32, effect: impl FnOnce(Place) -> Effect) -> Step {
        self.burn(FUEL_PER_EFFECT)?;
        self.note(at);
        self.machine.state = state;
        let chunk = self.machine.frames.last().map_or(u32::MAX, |frame| frame.chunk);
        Ok(Then::Yield(Box::new(effect(self.program.place(chunk, at)))))
    }
}

/// A text, then for each button label, kind, address or name, and payload.
fn buttons(arguments: &[Value]) -> Result<Template, Fault> {
    let (text, rows) = arguments.split_first().ok_or_else(damaged)?;
    let mut buttons = Vec::new();
    for row in rows.chunks_exact(4) {
        let [label, kind, target, payload] = row else { return Err(damaged()) };
        let action = match kind {
            Value::Text(kind) if kind.as_plain() == Some("open") => Action::Open { url: show_text(target)? },
            _ => Action::Event { name: path::key_name(target)?, payload: payload.clone() },
        };
        buttons.push(Button { label: show_text(label)?, action });
    }
    Ok(Template::Buttons { text: show_text(text)?, buttons })
}

fn path_of(names: &[Value]) -> Result<Vec<Arc<str>>, Fault> {
    names.iter().map(path::key_name).collect()
}

fn show_text(value: &Value) -> Result<Text, Fault> {
    match operate::join(Value::Nil, value)? {
        Value::Text(text) => Ok(text.as_ref().clone()),
        _ => Ok(Text::default()),
    }
}
