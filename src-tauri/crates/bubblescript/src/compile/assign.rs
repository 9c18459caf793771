//! Assignments: to variables, and through paths into lists and maps.

use super::unit::Unit;
use crate::ast::{Expression, Suffix, tokens};
use crate::diagnostic::Diagnostic;
use crate::operate::Operator;
use crate::program::Instruction;
use crate::syntax::{SyntaxKind, SyntaxToken};

impl Unit<'_> {
    /// An assignment, its value left in `to` as well.
    pub(super) fn assign(&mut self, assignment: &Expression, to: u16) {
        let sides = assignment.values();
        let symbol = tokens(assignment.syntax()).next();
        let operator =
            symbol.as_ref().map(SyntaxToken::text).filter(|text| *text != "=").and_then(Operator::from_symbol);
        let Some(target) = sides.first() else { return self.nil(to) };
        let value = sides.get(1);
        let result = match target.kind() {
            SyntaxKind::Name => self.assign_variable(target, operator, value),
            SyntaxKind::Postfix => match self.assign_path(target, operator, value) {
                Some(result) => result,
                None => return,
            },
            _ => return self.not_assignable(target),
        };
        if result != to {
            self.emit(Instruction::Move { to, from: result });
        }
        self.release(result);
    }

    fn not_assignable(&mut self, target: &Expression) {
        let message = match target.kind() {
            SyntaxKind::ConstantUse => "A constant cannot be changed.",
            _ => "Only variables and their members can be assigned to.",
        };
        self.report(Diagnostic::error(target.range(), "not-assignable", message));
        self.fail(message, "Put a variable on the left side.");
    }

    fn assign_variable(&mut self, target: &Expression, operator: Option<Operator>, value: Option<&Expression>) -> u16 {
        let result = self.temporary();
        match operator {
            None => self.value_or_nil(value, result),
            Some(operator) => {
                self.expression(target, result);
                self.operate(operator, result, value);
            }
        }
        self.store(target, result);
        result
    }

    fn value_or_nil(&mut self, value: Option<&Expression>, to: u16) {
        match value {
            Some(value) => self.expression(value, to),
            None => self.nil(to),
        }
    }

    fn operate(&mut self, operator: Operator, to: u16, value: Option<&Expression>) {
        let right = self.temporary();
        self.value_or_nil(value, right);
        self.emit(Instruction::Binary { operator, to, left: to, right });
        self.release(right);
    }

    /// Stores a register into the variable that `target` names.
    pub(super) fn store(&mut self, target: &Expression, from: u16) {
        let name = target.token().filter(|_| target.kind() == SyntaxKind::Name);
        let Some(name) = name else { return self.not_assignable(target) };
        match self.local(name.text()) {
            Some(to) => self.emit(Instruction::Move { to, from }),
            None => {
                let slot = self.compiler.global(name.text());
                self.emit(Instruction::SetGlobal { slot, from });
            }
        }
    }

    /// `a.b[c] = value`: keys first, then the value, then the variable is taken, changed and put back.
    fn assign_path(
        &mut self,
        target: &Expression,
        operator: Option<Operator>,
        value: Option<&Expression>,
    ) -> Option<u16> {
        let (base, suffixes) = target.suffixes();
        let plain = !suffixes.iter().any(|suffix| matches!(suffix, Suffix::Call(_)));
        let Some(base) = base.filter(|base| plain && base.kind() == SyntaxKind::Name) else {
            self.not_assignable(target);
            return None;
        };
        let name = base.token()?;
        let kept = self.temporary();
        let first = self.temporary();
        let keys: Vec<u16> = suffixes.iter().map(|_| self.temporary()).collect();
        for (suffix, key) in suffixes.iter().zip(&keys) {
            self.key(suffix, *key);
        }
        let new = self.temporary();
        match operator {
            None => self.value_or_nil(value, new),
            Some(operator) => {
                self.load(name.text(), new);
                keys.iter().for_each(|key| self.emit(Instruction::Read { to: new, key: *key }));
                self.operate(operator, new, value);
            }
        }
        self.emit(Instruction::Move { to: kept, from: new });
        self.take(name.text(), first);
        self.emit(Instruction::Write { first, count: keys.len() as u16 });
        self.store(&base, first);
        Some(kept)
    }

    fn take(&mut self, name: &str, to: u16) {
        match self.local(name) {
            Some(from) => self.emit(Instruction::Take { to, from }),
            None => {
                let slot = self.compiler.global(name);
                self.emit(Instruction::TakeGlobal { to, slot });
            }
        }
    }
}
