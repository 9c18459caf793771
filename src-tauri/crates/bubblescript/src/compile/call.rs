//! Calls: what a name means, and its arguments in a row of registers.

use super::Compiler;
use super::unit::Unit;
use crate::ast::{Argument, Expression, Invocation};
use crate::diagnostic::Diagnostic;
use crate::functions;
use crate::operate::Operator;
use crate::program::{CallSite, Instruction, Target};
use crate::syntax::{SyntaxKind, range_of};
use crate::uses::alias_named_by;
use crate::value::Shape;
use crate::words::{LATER, OUTSIDE, STATEMENTS, is_statement};

const MAX_ARGUMENTS: usize = 200;

impl Compiler {
    /// Every name that can be called.
    fn callable(&self) -> Vec<&str> {
        let own = self.functions.keys().map(String::as_str);
        let known = own.chain(functions::FUNCTIONS.iter().map(|function| function.name));
        known.chain(OUTSIDE.iter().chain(LATER).chain(STATEMENTS).copied()).collect()
    }
}

impl Unit<'_> {
    /// A call; `piped` is a register that becomes the first argument.
    pub(super) fn call(&mut self, invocation: &Invocation, piped: Option<u16>, to: u16) {
        let name = invocation.name.text();
        if let Some(target) = self.target(name) {
            return self.call_target(target, invocation, piped, to);
        }
        if is_statement(name) || LATER.contains(&name) {
            return self.unsupported(name);
        }
        if self.is_subtraction(invocation) {
            return self.subtraction(invocation, to);
        }
        let message = format!("There is no function `{name}`.");
        let hint = match self.compiler.guess(name, Compiler::callable) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => "Check the spelling, or define it with `function`.".to_string(),
        };
        self.fail(&message, &hint);
        let range = range_of(invocation.name.text_range());
        self.report(Diagnostic::warning(range, "unknown-function", message).with_hint(hint));
    }

    fn target(&self, name: &str) -> Option<Target> {
        match name {
            "say" => return Some(Target::Say),
            "ask" => return Some(Target::Ask),
            "log" => return Some(Target::Log),
            _ => {}
        }
        if let Some((chunk, _)) = self.compiler.functions.get(name) {
            return Some(Target::Chunk(*chunk));
        }
        if let Some(function) = functions::find(name) {
            return Some(Target::Function(function));
        }
        OUTSIDE.contains(&name).then(|| Target::Outside(name.into()))
    }

    fn call_target(&mut self, target: Target, invocation: &Invocation, piped: Option<u16>, to: u16) {
        let positional: Vec<&Expression> = invocation.positional().collect();
        let keyed: Vec<Argument> =
            invocation.arguments.iter().filter(|argument| argument.key.is_some()).cloned().collect();
        if invocation.arguments.len() > MAX_ARGUMENTS {
            let message = format!("A call cannot have more than {MAX_ARGUMENTS} arguments.");
            return self.report(Diagnostic::error(invocation.range.clone(), "too-many-arguments", message));
        }
        self.check_count(
            &target,
            invocation,
            positional.len() + usize::from(piped.is_some()) + usize::from(!keyed.is_empty()),
        );
        // The first register of the row takes the result, so there is one even without arguments.
        let base = self.temporary();
        let mut next = Some(base);
        let mut arguments = 0;
        if let Some(from) = piped {
            let own = next.take().unwrap_or(base);
            self.emit(Instruction::Move { to: own, from });
            arguments += 1;
        }
        for value in &positional {
            let own = next.take().unwrap_or_else(|| self.temporary());
            self.expression(value, own);
            arguments += 1;
        }
        if !keyed.is_empty() {
            let own = next.take().unwrap_or_else(|| self.temporary());
            self.entries(Shape::Keywords, &keyed, own);
            arguments += 1;
        }
        let alias = positional.first().and_then(|first| alias_named_by(first, invocation.name.text()));
        let site = CallSite { target, arguments, keywords: !keyed.is_empty(), alias };
        let index = self.compiler.program.calls.len() as u32;
        self.compiler.program.calls.push(site);
        self.emit(Instruction::Call { base, site: index });
        self.release(base);
        if base != to {
            self.emit(Instruction::Move { to, from: base });
        }
    }

    fn check_count(&mut self, target: &Target, invocation: &Invocation, given: usize) {
        let name = invocation.name.text();
        let most = match target {
            Target::Chunk(_) => self.compiler.functions.get(name).map_or(0, |(_, count)| *count),
            Target::Function(function) => function.arity.1,
            _ => return,
        };
        if given > most {
            let plural = if most == 1 { "" } else { "s" };
            let message = format!("`{name}` takes {most} argument{plural}, but this call has {given}.");
            self.report(Diagnostic::warning(invocation.range.clone(), "too-many-arguments", message));
        }
    }

    /// `count -1` reads like a call, but a variable cannot be called.
    fn is_subtraction(&self, invocation: &Invocation) -> bool {
        let name = invocation.name.text();
        let variable = self.local(name).is_some() || self.compiler.globals.contains_key(name);
        match invocation.arguments.as_slice() {
            [Argument { key: None, value: Some(value) }] => {
                variable && value.kind() == SyntaxKind::Unary && value.token().is_some_and(|token| token.text() == "-")
            }
            _ => false,
        }
    }

    fn subtraction(&mut self, invocation: &Invocation, to: u16) {
        self.load(invocation.name.text(), to);
        let right = self.temporary();
        if let Some(value) = invocation.positional().next() {
            self.expression(value, right);
        }
        // The right side already carries its minus.
        self.emit(Instruction::Binary { operator: Operator::Add, to, left: to, right });
        self.release(right);
    }
}
