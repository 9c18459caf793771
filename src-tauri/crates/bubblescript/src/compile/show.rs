//! `buttons`: a text, and for each clause a label and what pressing it does.

use super::unit::Unit;
use crate::ast::{Body, Expression, Invocation};
use crate::diagnostic::Diagnostic;
use crate::program::{CallSite, Instruction, Target};
use crate::value::{Shape, Value};

const MAX_BUTTONS: usize = 40;
const ACTIONS: [&str; 3] = ["open", "event", "postback"];

impl Unit<'_> {
    pub(super) fn buttons(&mut self, invocation: &Invocation) {
        let base = self.temporary();
        match invocation.positional().next() {
            Some(text) => self.expression(text, base),
            None => self.nil(base),
        }
        let clauses = invocation.block.as_ref().map(Body::clauses).unwrap_or_default();
        if clauses.len() > MAX_BUTTONS {
            let message = format!("One `buttons` cannot have more than {MAX_BUTTONS} buttons.");
            return self.report(Diagnostic::error(invocation.range.clone(), "too-many-buttons", message));
        }
        let mut arguments = 1;
        for (label, body) in &clauses {
            let row = [(); 4].map(|()| self.temporary());
            self.expression(label, row[0]);
            self.action(label, body, row);
            arguments += 4;
        }
        if let Some(stray) = invocation.block.as_ref().and_then(|block| block.statements().next()) {
            let message = "This stands before the first button, so it never runs.";
            let hint = "Put it before `buttons`, or behind the `->` of a button.";
            self.report(Diagnostic::warning(stray.range(), "outside-of-button", message).with_hint(hint));
        }
        let site = CallSite { target: Target::Buttons, arguments, keywords: false, alias: None };
        let index = self.compiler.program.calls.len() as u32;
        self.compiler.program.calls.push(site);
        self.emit(Instruction::Call { base, site: index });
        self.release(base);
    }

    /// What a button does: its kind, address or name, and payload.
    fn action(&mut self, label: &Expression, body: &Body, [_, kind, target, payload]: [u16; 4]) {
        let mut statements = body.statements();
        let first = statements.next();
        let range = first.as_ref().map_or(label.range(), Expression::range);
        let action = first.as_ref().and_then(Expression::invocation);
        let action = action.filter(|own| ACTIONS.contains(&own.name.text()) && own.positional().next().is_some());
        let Some(action) = action else {
            let message = "A button does one thing: `open` an address, or send an `event`.";
            self.report(Diagnostic::warning(range.clone(), "button-without-action", message));
            let hint = "Write `open \"https://…\"` or `event \"name\"` behind the `->`.";
            return self.at(&range, |unit| unit.fail(message, hint));
        };
        if let Some(more) = statements.next() {
            let message = "Only the first line of a button counts, so this never runs.";
            self.report(Diagnostic::warning(more.range(), "second-action", message));
        }
        self.at(&range, |unit| {
            unit.constant_value(kind, Value::text(action.name.text()));
            let mut given = action.positional();
            match given.next() {
                Some(value) => unit.expression(value, target),
                None => unit.nil(target),
            }
            let keyed: Vec<_> = action.arguments.iter().filter(|own| own.key.is_some()).cloned().collect();
            match given.next() {
                Some(value) => unit.expression(value, payload),
                None if !keyed.is_empty() => unit.entries(Shape::Keywords, &keyed, payload),
                None => unit.nil(payload),
            }
        });
    }
}
