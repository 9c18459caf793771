//! Values: each is computed into a register of the caller's choice.

use std::sync::Arc;

use super::unit::Unit;
use crate::ast::{Argument, Expression, Key, Piece, Suffix, arguments_of};
use crate::diagnostic::Diagnostic;
use crate::operate::{Operator, parse_number};
use crate::program::Instruction;
use crate::syntax::{SyntaxKind, SyntaxToken};
use crate::value::{Shape, Value};

impl Unit<'_> {
    /// Computes a value into `to`. Registers above `to` that are not taken may be used on the way.
    pub(super) fn expression(&mut self, value: &Expression, to: u16) {
        let range = value.range();
        self.at(&range, |unit| match value.kind() {
            SyntaxKind::Literal => unit.literal(value, to),
            SyntaxKind::Name => unit.name_value(value, to),
            SyntaxKind::ConstantUse => unit.constant_use(value, to),
            SyntaxKind::Text => unit.string(value, to),
            SyntaxKind::List => unit.list(&arguments_of(value.syntax()), to),
            SyntaxKind::Map => unit.map(&arguments_of(value.syntax()), to),
            SyntaxKind::Paren => match value.values().first() {
                Some(inner) => unit.expression(inner, to),
                None => unit.nil(to),
            },
            SyntaxKind::Postfix => unit.postfix(value, to),
            SyntaxKind::Unary => unit.unary(value, to),
            SyntaxKind::Binary => unit.binary(value, to),
            SyntaxKind::Assign => unit.assign(value, to),
            _ => match value.invocation() {
                Some(invocation) => unit.call(&invocation, None, to),
                None => unit.nil(to),
            },
        });
    }

    fn literal(&mut self, value: &Expression, to: u16) {
        let token = value.token();
        let value = token.as_ref().map_or(Value::Nil, |token| match token.text() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "nil" => Value::Nil,
            text => match text.strip_prefix(':') {
                Some(name) => Value::Atom(Arc::new(name.to_string())),
                None => parse_number(&text.replace('_', "")).unwrap_or_default(),
            },
        });
        self.constant_value(to, value);
    }

    fn name_value(&mut self, value: &Expression, to: u16) {
        let Some(token) = value.token() else { return self.nil(to) };
        let name = token.text();
        let known = self.local(name).is_some() || self.compiler.globals.contains_key(name);
        match value.invocation() {
            Some(invocation) if !known && self.compiler.functions.contains_key(name) => {
                self.call(&invocation, None, to)
            }
            _ => self.load(name, to),
        }
    }

    /// Loads a variable.
    pub(super) fn load(&mut self, name: &str, to: u16) {
        match self.local(name) {
            Some(from) => self.emit(Instruction::Move { to, from }),
            None => {
                let slot = self.compiler.global(name);
                self.emit(Instruction::Global { to, slot });
            }
        }
    }

    fn constant_use(&mut self, value: &Expression, to: u16) {
        let Some(token) = value.token() else { return self.nil(to) };
        if let Some(slot) = self.compiler.constants.get(token.text()) {
            let slot = *slot;
            return self.emit(Instruction::Constant { to, slot });
        }
        let message = format!("There is no constant `{}`; it counts as nil.", token.text());
        let text = self.compiler.text(&message);
        self.emit(Instruction::Hint { text });
        self.nil(to);
        let mut warning = Diagnostic::warning(value.range(), "unknown-constant", message);
        let near = self.compiler.guess(token.text(), |own| own.constants.keys().map(String::as_str).collect());
        if let Some(near) = near {
            warning = warning.with_hint(format!("Did you mean `{near}`?"));
        }
        self.report(warning);
    }

    fn string(&mut self, value: &Expression, to: u16) {
        if let Some(text) = value.plain_text() {
            return self.constant_value(to, Value::text(text));
        }
        self.constant_value(to, Value::text(""));
        for piece in value.pieces() {
            let from = self.temporary();
            match piece {
                Piece::Text(text) => self.constant_value(from, Value::text(text)),
                Piece::Value(value) => self.expression(&value, from),
            }
            self.emit(Instruction::Append { to, from });
            self.release(from);
        }
    }

    fn list(&mut self, elements: &[Argument], to: u16) {
        if elements.first().is_some_and(|first| first.key.is_some()) {
            return self.entries(Shape::Keywords, elements, to);
        }
        self.emit(Instruction::NewList { to });
        let keyed = elements.iter().position(|element| element.key.is_some()).unwrap_or(elements.len());
        let from = self.temporary();
        for element in &elements[..keyed] {
            if let Some(value) = &element.value {
                self.expression(value, from);
                self.emit(Instruction::Push { to, from });
            }
        }
        if keyed < elements.len() {
            self.entries(Shape::Keywords, &elements[keyed..], from);
            self.emit(Instruction::Push { to, from });
        }
        self.release(from);
    }

    fn map(&mut self, elements: &[Argument], to: u16) {
        self.entries(Shape::Plain, elements, to);
    }

    /// A map or keyword list.
    pub(super) fn entries(&mut self, shape: Shape, entries: &[Argument], to: u16) {
        self.emit(Instruction::NewMap { to, shape });
        for entry in entries {
            let key = self.temporary();
            let from = self.temporary();
            match (&entry.key, &entry.value) {
                (Some(name), Some(value)) => {
                    match name {
                        Key::Plain(name) => self.constant_value(key, Value::text(name.as_str())),
                        Key::Computed(name) => self.expression(name, key),
                    }
                    self.expression(value, from);
                    self.at(&value.range(), |unit| unit.emit(Instruction::Put { to, key, from }));
                }
                (None, Some(value)) => {
                    self.report(Diagnostic::error(value.range(), "missing-key", "This entry has no key."));
                }
                _ => {}
            }
            self.release(key);
        }
    }

    fn postfix(&mut self, value: &Expression, to: u16) {
        let (base, suffixes) = value.suffixes();
        match base {
            Some(base) => self.expression(&base, to),
            None => self.nil(to),
        }
        for suffix in &suffixes {
            let key = self.temporary();
            if self.key(suffix, key) {
                self.emit(Instruction::Read { to, key });
            }
            self.release(key);
        }
    }

    /// Computes the key of a suffix; false when it has none that can be computed.
    pub(super) fn key(&mut self, suffix: &Suffix, to: u16) -> bool {
        match suffix {
            Suffix::Member(name) => {
                let name = name.as_ref().map_or("", SyntaxToken::text);
                self.constant_value(to, Value::text(name));
                true
            }
            Suffix::Index(node) => match arguments_of(node).as_slice() {
                [Argument { key: None, value: Some(index) }] => {
                    self.expression(index, to);
                    true
                }
                _ => {
                    self.unsupported("a query in brackets");
                    false
                }
            },
            Suffix::Call(_) => {
                self.unsupported("calling a member");
                false
            }
        }
    }

    fn unary(&mut self, value: &Expression, to: u16) {
        match value.values().first() {
            Some(inner) => self.expression(inner, to),
            None => self.nil(to),
        }
        match value.token().as_ref().map(SyntaxToken::text) {
            Some("!" | "not") => self.emit(Instruction::Not { to }),
            Some("-") => self.emit(Instruction::Negate { to }),
            _ => {}
        }
    }

    fn binary(&mut self, value: &Expression, to: u16) {
        let (first, rest) = value.operands();
        let first_range = first.as_ref().map_or(value.range(), Expression::range);
        match first {
            Some(first) => self.expression(&first, to),
            None => self.nil(to),
        }
        let mut ends = Vec::new();
        for (operator, operand) in rest {
            let range = first_range.start..operand.range().end;
            let right = self.temporary();
            match operator.text() {
                "||" | "or" => {
                    ends.push((self.here(), true));
                    self.emit(Instruction::JumpIf { test: to, to: u32::MAX });
                    self.expression(&operand, to);
                }
                "&&" | "and" => {
                    ends.push((self.here(), false));
                    self.emit(Instruction::JumpIfNot { test: to, to: u32::MAX });
                    self.expression(&operand, to);
                }
                "|>" => match operand.invocation() {
                    Some(invocation) => self.at(&range, |unit| unit.call(&invocation, Some(to), to)),
                    None => self.report(Diagnostic::error(operand.range(), "bad-pipe", "Behind `|>` stands a call.")),
                },
                symbol => match Operator::from_symbol(symbol) {
                    Some(operator) => {
                        self.expression(&operand, right);
                        self.at(&range, |unit| unit.emit(Instruction::Binary { operator, to, left: to, right }));
                    }
                    None => self.unsupported(symbol),
                },
            }
            self.release(right);
        }
        for (at, yes) in ends {
            self.land((at, move |end| match yes {
                true => Instruction::JumpIf { test: to, to: end },
                false => Instruction::JumpIfNot { test: to, to: end },
            }));
        }
    }
}
