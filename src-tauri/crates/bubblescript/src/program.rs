//! What the compiler makes: register code with a source range for every instruction.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::functions::Function;
use crate::operate::Operator;
use crate::place::{LineIndex, Place};
use crate::value::{Fault, Shape, Value};

/// One script to compile.
#[derive(Debug, Clone)]
pub struct Source {
    /// The name shown in places, usually the path within the bot's folder.
    pub file: Arc<str>,
    /// The text.
    pub text: Arc<str>,
}

/// The compiled scripts of one bot.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// Differs whenever the scripts differ; ties a saved state to its program.
    pub(crate) fingerprint: u64,
    pub(crate) files: Vec<File>,
    pub(crate) chunks: Vec<Chunk>,
    pub(crate) values: Vec<Value>,
    pub(crate) calls: Vec<CallSite>,
    pub(crate) texts: Vec<Arc<str>>,
    pub(crate) faults: Vec<Fault>,
    /// Names of the global variables, by slot.
    pub(crate) globals: Vec<Arc<str>>,
    /// Chunk that computes each constant, by slot.
    pub(crate) constants: Vec<(Arc<str>, u32)>,
    pub(crate) main: Option<u32>,
    /// What takes an event, by the dialog that has to be running for it and the event's name.
    pub(crate) events: HashMap<(Option<u32>, Arc<str>), u32>,
    /// The `__returning__` dialog, by the dialog that it belongs to.
    pub(crate) returning: HashMap<Option<u32>, u32>,
}

impl Program {
    /// Whether there is anything to start with: a main dialog or loose statements.
    pub fn has_main(&self) -> bool {
        self.main.is_some()
    }

    /// Where a dialog or task for an event is declared, whether or not it can be reached right now; the ones outside of other
    /// dialogs first.
    pub fn on_event(&self, name: &str) -> Option<Place> {
        let fitting = self.events.iter().filter(|((_, own), _)| &**own == name);
        let chunk = fitting.min_by_key(|((scope, _), _)| *scope).map(|(_, chunk)| *chunk)?;
        Some(self.declared(chunk))
    }

    /// The place of the declaration behind a piece of code.
    pub(crate) fn declared(&self, chunk: u32) -> Place {
        let Some(own) = self.chunks.get(chunk as usize) else { return self.place(u32::MAX, 0) };
        let Some(file) = self.files.get(own.file as usize) else { return self.place(u32::MAX, 0) };
        file.lines.place(&file.name, own.range.start as usize..own.range.end as usize)
    }

    /// The slot of a global variable.
    pub(crate) fn global(&self, name: &str) -> Option<usize> {
        self.globals.iter().position(|own| &**own == name)
    }

    /// The place of an instruction.
    pub(crate) fn place(&self, chunk: u32, instruction: u32) -> Place {
        let nowhere = Place { file: "".into(), line: 1, column: 1, range: 0..0 };
        let Some(chunk) = self.chunks.get(chunk as usize) else { return nowhere };
        let Some(file) = self.files.get(chunk.file as usize) else { return nowhere };
        let range = chunk.ranges.get(instruction as usize).cloned().unwrap_or_default();
        file.lines.place(&file.name, range.start as usize..range.end as usize)
    }
}

#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) name: Arc<str>,
    pub(crate) lines: LineIndex,
}

/// What a piece of code belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChunkKind {
    /// Loose statements, a dialog, or the choice between guarded dialogs of one name.
    Dialog,
    /// Like a dialog, but leaves what it interrupts undisturbed.
    Task,
    Function,
    /// The value of the constant in this slot.
    Constant(u32),
}

/// One piece of code with its own registers.
#[derive(Debug, Clone)]
pub(crate) struct Chunk {
    pub(crate) name: Arc<str>,
    pub(crate) kind: ChunkKind,
    pub(crate) file: u32,
    /// The declaration in the script.
    pub(crate) range: Range<u32>,
    pub(crate) code: Vec<Instruction>,
    pub(crate) ranges: Vec<Range<u32>>,
    /// How many registers it needs.
    pub(crate) registers: u16,
    /// How many of them are filled by the caller.
    pub(crate) parameters: u16,
    /// Local variables and their registers.
    pub(crate) locals: Vec<(Arc<str>, u16)>,
}

/// One step. Registers are 16 bits, everything else is an index of 32.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Instruction {
    /// Puts a fixed value.
    Value {
        to: u16,
        value: u32,
    },
    Move {
        to: u16,
        from: u16,
    },
    Global {
        to: u16,
        slot: u32,
    },
    SetGlobal {
        slot: u32,
        from: u16,
    },
    /// Puts a constant, computing it first if it has never been.
    Constant {
        to: u16,
        slot: u32,
    },
    Binary {
        operator: Operator,
        to: u16,
        left: u16,
        right: u16,
    },
    /// Appends text to the text in `to`, for interpolation.
    Append {
        to: u16,
        from: u16,
    },
    Not {
        to: u16,
    },
    Negate {
        to: u16,
    },
    /// Replaces what is in `to` by its member or element.
    Read {
        to: u16,
        key: u16,
    },
    /// Moves a value out of a register, so that nobody else holds it while it is changed.
    Take {
        to: u16,
        from: u16,
    },
    /// The same for a global variable.
    TakeGlobal {
        to: u16,
        slot: u32,
    },
    /// Writes through a path into the value in `first`; behind it `count` keys, then the new value.
    Write {
        first: u16,
        count: u16,
    },
    NewList {
        to: u16,
    },
    Push {
        to: u16,
        from: u16,
    },
    NewMap {
        to: u16,
        shape: Shape,
    },
    Put {
        to: u16,
        key: u16,
        from: u16,
    },
    Jump {
        to: u32,
    },
    JumpIfNot {
        test: u16,
        to: u32,
    },
    JumpIf {
        test: u16,
        to: u32,
    },
    /// Jumps back; takes fuel.
    Loop {
        to: u32,
    },
    /// Counts the rounds of a loop in a register.
    Round {
        counter: u16,
    },
    /// Next round over what is in `first`, position in the register behind it, item into the one behind that; or jumps.
    Next {
        first: u16,
        to: u32,
    },
    /// Calls; arguments from `base` on, result into `base`.
    Call {
        base: u16,
        site: u32,
    },
    /// Pushes a dialog.
    Invoke {
        chunk: u32,
    },
    /// Goes on in another chunk instead of this one.
    Become {
        chunk: u32,
    },
    Return {
        from: u16,
    },
    /// Ends the chunk without a value.
    End,
    /// Ends everything that runs.
    Stop,
    /// Takes back that an event came: no guard of its dialogs holds.
    Decline,
    /// Tells the person at the studio something.
    Hint {
        text: u32,
    },
    /// Fails with a fixed message and hint.
    Fail {
        fault: u32,
    },
}

const _: () = assert!(size_of::<Instruction>() == 8);

/// A call in the code.
#[derive(Clone)]
pub(crate) struct CallSite {
    pub(crate) target: Target,
    /// How many arguments, keywords counting as one.
    pub(crate) arguments: u16,
    /// Whether the last argument is a keyword list written in the call.
    pub(crate) keywords: bool,
    /// The alias that the first argument names, if it does so literally.
    pub(crate) alias: Option<Arc<str>>,
}

impl std::fmt::Debug for CallSite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}/{}", self.target, self.arguments)
    }
}

/// What a call calls.
#[derive(Clone)]
pub(crate) enum Target {
    Say,
    Ask,
    Log,
    /// Text; then for each button label, kind, address or name, and payload.
    Buttons,
    /// Names of the path, then the value.
    Remember,
    /// Names of the path.
    Forget,
    /// A function of the script.
    Chunk(u32),
    /// A function of the language.
    Function(&'static Function),
    /// A function of the host.
    Outside(Arc<str>),
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Say => f.write_str("say"),
            Self::Ask => f.write_str("ask"),
            Self::Log => f.write_str("log"),
            Self::Buttons => f.write_str("buttons"),
            Self::Remember => f.write_str("remember"),
            Self::Forget => f.write_str("forget"),
            Self::Chunk(chunk) => write!(f, "chunk {chunk}"),
            Self::Function(function) => f.write_str(function.name),
            Self::Outside(name) => f.write_str(name),
        }
    }
}
