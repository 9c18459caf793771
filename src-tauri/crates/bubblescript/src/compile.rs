//! From trees to a program, for all scripts of a bot together.

mod assign;
mod call;
mod declare;
mod event;
mod expression;
mod memory;
mod show;
mod statement;
mod unit;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::parser::{Parse, parse};
use crate::place::LineIndex;
use crate::program::{Chunk, ChunkKind, File, Program, Source};
use crate::value::Value;
use crate::words::{VARIABLES, nearest};
use declare::Declaration;
use event::Handler;
use unit::Unit;

/// How often, and among how many names, a similar one is looked for.
const MAX_GUESSES: u32 = 100;
const MAX_KNOWN: usize = 1_000;

/// Compiles scripts into one program. Always gives a program; where the diagnostics hold an error, its place fails when it runs.
pub fn compile(sources: &[Source]) -> (Program, Vec<Diagnostic>) {
    let mut compiler = Compiler::default();
    compiler.program.fingerprint = fingerprint(sources);
    for name in VARIABLES {
        compiler.global(name);
    }
    let parses: Vec<Parse> = sources.iter().map(|source| compiler.file(source)).collect();
    let mut declarations = compiler.collect(&parses);
    compiler.link(&mut declarations);
    for declaration in declarations {
        compiler.declaration(&declaration);
    }
    compiler.main(&parses);
    (compiler.program, compiler.diagnostics)
}

#[derive(Default)]
struct Compiler {
    program: Program,
    diagnostics: Vec<Diagnostic>,
    values: HashMap<ValueKey, u32>,
    texts: HashMap<Arc<str>, u32>,
    globals: HashMap<Arc<str>, u32>,
    constants: HashMap<String, u32>,
    /// Function name to chunk and number of parameters.
    functions: HashMap<String, (u32, usize)>,
    /// Dialog name to the chunk of the first of that name.
    dialogs: HashMap<String, u32>,
    /// The latest dialog or task of a name, as an index into the declarations.
    latest: HashMap<(String, String), usize>,
    /// What takes events, in the order of the text.
    handlers: Vec<Handler>,
    /// The dialog that a dialog stands in.
    scopes: HashMap<u32, Option<u32>>,
    /// How often a similar name has been looked for.
    guesses: u32,
}

#[derive(PartialEq, Eq, Hash)]
enum ValueKey {
    Nil,
    Bool(bool),
    Int(i64),
    Float(u64),
    Atom(String),
    Text(String),
}

impl Compiler {
    fn file(&mut self, source: &Source) -> Parse {
        let mut parsed = parse(&source.text);
        let file = File { name: source.file.clone(), lines: LineIndex::new(&source.text) };
        self.program.files.push(file);
        let found = std::mem::take(&mut parsed.diagnostics);
        self.diagnostics.extend(found.into_iter().map(|found| Diagnostic { file: Some(source.file.clone()), ..found }));
        parsed
    }

    /// The most similar known name. Stops looking in scripts with very many mistakes or names, to stay fast.
    fn guess(&mut self, word: &str, known: impl FnOnce(&Self) -> Vec<&str>) -> Option<String> {
        self.guesses += 1;
        if self.guesses > MAX_GUESSES {
            return None;
        }
        let known = known(self);
        let near = (known.len() <= MAX_KNOWN).then(|| nearest(word, known));
        near.flatten().map(str::to_string)
    }

    fn report(&mut self, file: u32, diagnostic: Diagnostic) {
        let file = self.program.files.get(file as usize).map(|file| file.name.clone());
        self.diagnostics.push(Diagnostic { file, ..diagnostic });
    }

    /// Sets a place aside for a piece of code that is written later.
    fn reserve(&mut self, name: &str, kind: ChunkKind, file: u32) -> u32 {
        self.program.chunks.push(Chunk {
            name: name.into(),
            kind,
            file,
            range: 0..0,
            code: Vec::new(),
            ranges: Vec::new(),
            registers: 0,
            parameters: 0,
            locals: Vec::new(),
        });
        self.program.chunks.len() as u32 - 1
    }

    fn declaration(&mut self, declaration: &Declaration) {
        let mut unit = Unit::new(self, declaration.file, declaration.range.clone());
        unit.header(declaration);
        unit.finish(declaration.chunk);
    }

    fn global(&mut self, name: &str) -> u32 {
        if let Some(slot) = self.globals.get(name) {
            return *slot;
        }
        let (slot, name): (u32, Arc<str>) = (self.program.globals.len() as u32, name.into());
        self.program.globals.push(name.clone());
        self.globals.insert(name, slot);
        slot
    }

    fn text(&mut self, text: &str) -> u32 {
        if let Some(index) = self.texts.get(text) {
            return *index;
        }
        let (index, text): (u32, Arc<str>) = (self.program.texts.len() as u32, text.into());
        self.program.texts.push(text.clone());
        self.texts.insert(text, index);
        index
    }

    fn value(&mut self, value: Value) -> u32 {
        let key = match &value {
            Value::Bool(value) => ValueKey::Bool(*value),
            Value::Int(value) => ValueKey::Int(*value),
            Value::Float(value) => ValueKey::Float(value.to_bits()),
            Value::Atom(name) => ValueKey::Atom(name.to_string()),
            Value::Text(text) => ValueKey::Text(text.as_plain().unwrap_or_default().to_string()),
            _ => ValueKey::Nil,
        };
        let next = self.program.values.len() as u32;
        let index = *self.values.entry(key).or_insert(next);
        if index == next {
            self.program.values.push(value);
        }
        index
    }
}

/// FNV-1a over names and texts: the same scripts give the same number on every machine.
fn fingerprint(sources: &[Source]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for source in sources {
        for byte in source.file.bytes().chain([0]).chain(source.text.bytes()).chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

fn narrow(range: &Range<usize>) -> Range<u32> {
    range.start as u32..range.end as u32
}
