//! One chunk under construction: registers, jumps, places.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::{Compiler, narrow};
use crate::ast::{Expression, Invocation};
use crate::diagnostic::Diagnostic;
use crate::program::Instruction;
use crate::syntax::{SyntaxKind, SyntaxNode};
use crate::value::{Fault, Value};

/// Leaves room for the temporaries of the deepest expression.
const MAX_LOCALS: u16 = 10_000;
const LAST_REGISTER: u16 = u16::MAX - 1;

pub(super) struct Unit<'c> {
    pub(super) compiler: &'c mut Compiler,
    pub(super) file: u32,
    code: Vec<Instruction>,
    ranges: Vec<Range<u32>>,
    range: Range<u32>,
    locals: HashMap<Arc<str>, u16>,
    names: Vec<(Arc<str>, u16)>,
    parameters: u16,
    top: u16,
    most: u16,
}

impl<'c> Unit<'c> {
    pub(super) fn new(compiler: &'c mut Compiler, file: u32, range: Range<u32>) -> Self {
        Self {
            compiler,
            file,
            code: Vec::new(),
            ranges: Vec::new(),
            range,
            locals: HashMap::new(),
            names: Vec::new(),
            parameters: 0,
            top: 0,
            most: 0,
        }
    }

    /// Closes the chunk and puts it where it was reserved.
    pub(super) fn finish(mut self, chunk: u32) {
        self.emit(Instruction::End);
        if let Some(chunk) = self.compiler.program.chunks.get_mut(chunk as usize) {
            chunk.range = self.range;
            chunk.code = self.code;
            chunk.ranges = self.ranges;
            chunk.registers = self.most;
            chunk.parameters = self.parameters;
            chunk.locals = self.names;
        }
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.compiler.report(self.file, diagnostic);
    }

    pub(super) fn emit(&mut self, instruction: Instruction) {
        self.code.push(instruction);
        self.ranges.push(self.range.clone());
    }

    /// Lets what is emitted inside point at a range of the script.
    pub(super) fn at<T>(&mut self, range: &Range<usize>, part: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.range, narrow(range));
        let result = part(self);
        self.range = outer;
        result
    }

    pub(super) fn here(&self) -> u32 {
        self.code.len() as u32
    }

    /// Emits a jump whose end is not known yet.
    pub(super) fn jump<F: Fn(u32) -> Instruction>(&mut self, make: F) -> (u32, F) {
        let at = self.here();
        self.emit(make(u32::MAX));
        (at, make)
    }

    /// Lets a jump end here.
    pub(super) fn land(&mut self, (at, make): (u32, impl Fn(u32) -> Instruction)) {
        let here = self.here();
        if let Some(slot) = self.code.get_mut(at as usize) {
            *slot = make(here);
        }
    }

    pub(super) fn temporary(&mut self) -> u16 {
        let register = self.top.min(LAST_REGISTER);
        self.top = register + 1;
        self.most = self.most.max(self.top);
        register
    }

    /// Gives back a temporary and all that were taken after it.
    pub(super) fn release(&mut self, register: u16) {
        self.top = register;
    }

    pub(super) fn local(&self, name: &str) -> Option<u16> {
        self.locals.get(name).copied()
    }

    pub(super) fn parameter(&mut self, name: &str) {
        let register = self.temporary();
        self.parameters += 1;
        self.name(name, register);
    }

    fn name(&mut self, name: &str, register: u16) {
        let name: Arc<str> = name.into();
        self.names.push((name.clone(), register));
        self.locals.insert(name, register);
    }

    /// Gives every local variable below a node its register. Inner declarations have locals of their own; names they share
    /// with this chunk only cost a register here.
    pub(super) fn find_locals(&mut self, node: &SyntaxNode) {
        for name in node.descendants().filter(|node| node.kind() == SyntaxKind::Name) {
            let Some(token) = name.first_token() else { continue };
            let text = token.text();
            if !text.starts_with('_') || text.starts_with("__") || self.locals.contains_key(text) {
                continue;
            }
            if self.top >= MAX_LOCALS {
                let range = crate::syntax::range_of(token.text_range());
                let message = format!("One dialog cannot have more than {MAX_LOCALS} local variables.");
                return self.report(Diagnostic::error(range, "too-many-locals", message));
            }
            let register = self.temporary();
            self.name(text, register);
        }
    }

    pub(super) fn find_locals_of(&mut self, invocation: &Invocation) {
        let parts = invocation.guard.iter().map(Expression::syntax);
        let parts = parts.chain(invocation.block.iter().map(|block| &block.0));
        let parts: Vec<SyntaxNode> = parts.chain(invocation.keyed("do").map(Expression::syntax)).cloned().collect();
        parts.iter().for_each(|part| self.find_locals(part));
    }

    pub(super) fn constant_value(&mut self, to: u16, value: Value) {
        let value = self.compiler.value(value);
        self.emit(Instruction::Value { to, value });
    }

    pub(super) fn nil(&mut self, to: u16) {
        self.constant_value(to, Value::Nil);
    }

    pub(super) fn fail(&mut self, message: &str, hint: &str) {
        let fault = self.compiler.program.faults.len() as u32;
        self.compiler.program.faults.push(Fault::new(message, hint));
        self.emit(Instruction::Fail { fault });
    }

    pub(super) fn unsupported(&mut self, what: &str) {
        self.fail(&format!("`{what}` is not supported yet."), "Leave it out for now to try the rest of the script.");
    }
}
