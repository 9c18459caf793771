//! Statements: what controls the flow, and everything else as a call or a value.

use super::declare::{canonical, is_declaration, named};
use super::unit::Unit;
use crate::ast::{Body, Expression, Invocation};
use crate::diagnostic::Diagnostic;
use crate::operate::Operator;
use crate::program::Instruction;
use crate::syntax::SyntaxKind;
use crate::value::Value;

impl Unit<'_> {
    pub(super) fn block(&mut self, body: &Body) {
        for statement in body.statements() {
            self.statement(&statement);
        }
        if let Some((head, _)) = body.clauses().first() {
            self.report(Diagnostic::error(
                head.range(),
                "unexpected-clause",
                "`->` is only used inside `branch` and `buttons`.",
            ));
        }
    }

    pub(super) fn statement(&mut self, statement: &Expression) {
        let range = statement.range();
        self.at(&range, |unit| match statement.invocation() {
            Some(invocation) => unit.word(statement, &invocation),
            None => unit.discard(statement),
        });
    }

    /// Computes a value for what it does, not for what it is.
    fn discard(&mut self, value: &Expression) {
        let to = self.temporary();
        self.expression(value, to);
        self.release(to);
    }

    fn word(&mut self, statement: &Expression, invocation: &Invocation) {
        if is_declaration(invocation) {
            return;
        }
        match invocation.name.text() {
            "if" if self.has_parts(invocation) => self.condition(invocation),
            "branch" if invocation.block.is_some() => self.branch(invocation),
            "repeat" if self.has_parts(invocation) => self.repeat(invocation),
            "buttons" if invocation.block.is_some() => self.buttons(invocation),
            "remember" | "forget" => self.memory(invocation),
            "invoke" if !invocation.arguments.is_empty() => self.invoke(invocation),
            "return" => {
                let from = self.temporary();
                match invocation.positional().next() {
                    Some(value) => self.expression(value, from),
                    None => self.nil(from),
                }
                self.emit(Instruction::Return { from });
                self.release(from);
            }
            "close" | "stop" | "halt" if invocation.arguments.is_empty() => self.emit(Instruction::Stop),
            word if statement.kind() == SyntaxKind::Name && crate::words::is_statement(word) => self.unsupported(word),
            _ => self.discard(statement),
        }
    }

    fn has_parts(&mut self, invocation: &Invocation) -> bool {
        let has_body = invocation.block.is_some() || invocation.keyed("do").is_some();
        if !has_body {
            let message = format!("This `{}` has no body.", invocation.name.text());
            self.report(
                Diagnostic::error(invocation.range.clone(), "missing-body", message)
                    .with_hint("Add `do` behind the condition and `end` where it stops."),
            );
        }
        has_body
    }

    /// The `do` part of a block or one-line form.
    fn inner(&mut self, invocation: &Invocation) {
        match (&invocation.block, invocation.keyed("do")) {
            (Some(block), _) => self.block(block),
            (None, Some(statement)) => self.statement(statement),
            (None, None) => {}
        }
    }

    fn otherwise(&mut self, invocation: &Invocation) {
        if let Some(body) = invocation.block.as_ref().and_then(Body::otherwise) {
            self.block(&body);
        } else if let Some(statement) = invocation.keyed("else") {
            self.statement(statement);
        }
    }

    fn condition(&mut self, invocation: &Invocation) {
        let test = self.temporary();
        match invocation.positional().next() {
            Some(condition) => self.expression(condition, test),
            None => {
                let message = "This `if` has no condition.";
                self.report(Diagnostic::error(invocation.range.clone(), "missing-condition", message));
                self.nil(test);
            }
        }
        let fails = self.jump(|to| Instruction::JumpIfNot { test, to });
        self.release(test);
        self.inner(invocation);
        let done = self.jump(|to| Instruction::Jump { to });
        self.land(fails);
        self.otherwise(invocation);
        self.land(done);
    }

    fn branch(&mut self, invocation: &Invocation) {
        let subject = invocation.positional().next().map(|subject| {
            let to = self.temporary();
            self.expression(subject, to);
            to
        });
        let test = self.temporary();
        let mut ends = Vec::new();
        let clauses = invocation.block.as_ref().map(Body::clauses).unwrap_or_default();
        for (head, body) in clauses {
            self.expression(&head, test);
            if let Some(left) = subject {
                let compare = Instruction::Binary { operator: Operator::Equal, to: test, left, right: test };
                self.at(&head.range(), |unit| unit.emit(compare));
            }
            let fails = self.jump(|to| Instruction::JumpIfNot { test, to });
            body.statements().for_each(|statement| self.statement(&statement));
            ends.push(self.jump(|to| Instruction::Jump { to }));
            self.land(fails);
        }
        self.otherwise(invocation);
        ends.into_iter().for_each(|end| self.land(end));
        self.release(subject.unwrap_or(test));
    }

    fn repeat(&mut self, invocation: &Invocation) {
        let subject = invocation.positional().next();
        let condition = subject.and_then(Expression::invocation).filter(|inner| inner.name.text() == "while");
        match (subject, condition) {
            (_, Some(condition)) => self.repeat_while(invocation, condition.positional().next()),
            (None, None) => self.repeat_while(invocation, None),
            (Some(subject), None) => self.repeat_over(invocation, subject),
        }
    }

    fn repeat_while(&mut self, invocation: &Invocation, condition: Option<&Expression>) {
        let counter = self.temporary();
        self.constant_value(counter, Value::Int(0));
        let start = self.here();
        let test = self.temporary();
        let leaves = condition.map(|condition| {
            self.expression(condition, test);
            self.jump(|to| Instruction::JumpIfNot { test, to })
        });
        self.emit(Instruction::Round { counter });
        self.inner(invocation);
        self.emit(Instruction::Loop { to: start });
        if let Some(leaves) = leaves {
            self.land(leaves);
        }
        self.release(counter);
    }

    fn repeat_over(&mut self, invocation: &Invocation, subject: &Expression) {
        let (left, rest) = subject.operands();
        let pair = match (subject.kind(), left, rest.as_slice()) {
            (SyntaxKind::Binary, Some(left), [(operator, list)]) if operator.text() == "in" => {
                Some((left, list.clone()))
            }
            _ => None,
        };
        let first = self.temporary();
        self.expression(pair.as_ref().map_or(subject, |(_, list)| list), first);
        let position = self.temporary();
        self.constant_value(position, Value::Int(0));
        let item = self.temporary();
        let start = self.here();
        let done = self.jump(|to| Instruction::Next { first, to });
        if let Some((target, _)) = &pair {
            self.store(target, item);
        }
        self.inner(invocation);
        self.emit(Instruction::Loop { to: start });
        self.land(done);
        self.release(first);
    }

    fn invoke(&mut self, invocation: &Invocation) {
        let Some((argument, name)) = invocation.positional().next().and_then(|own| Some((own, named(own)?))) else {
            return self.unsupported("invoke with a computed name");
        };
        if let Some(chunk) = self.compiler.dialogs.get(canonical(&name)) {
            let chunk = *chunk;
            return self.emit(Instruction::Invoke { chunk });
        }
        let message = format!("There is no dialog `{name}`.");
        let hint = match self.compiler.guess(&name, |own| own.dialogs.keys().map(String::as_str).collect()) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => format!("Add a dialog `{name}`, or remove this line."),
        };
        self.fail(&message, &hint);
        self.report(Diagnostic::error(argument.range(), "unknown-dialog", message).with_hint(hint));
    }
}
