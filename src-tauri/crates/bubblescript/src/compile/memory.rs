//! `remember` and `forget`: variables and members that outlive the conversation.

use super::unit::Unit;
use crate::ast::{Expression, Invocation, Suffix};
use crate::diagnostic::Diagnostic;
use crate::program::{CallSite, Instruction, Target};
use crate::syntax::SyntaxKind;
use crate::value::Value;

impl Unit<'_> {
    pub(super) fn memory(&mut self, invocation: &Invocation) {
        let all: Vec<&Expression> = invocation.positional().collect();
        if all.is_empty() {
            return self.unsupported(invocation.name.text());
        }
        let remembers = invocation.name.text() == "remember";
        for target in all {
            let range = target.range();
            self.at(&range, |unit| unit.memory_of(target, remembers));
        }
    }

    fn memory_of(&mut self, target: &Expression, remembers: bool) {
        let (base, suffixes) = match target.kind() {
            SyntaxKind::Postfix => target.suffixes(),
            _ => (Some(target.clone()), Vec::new()),
        };
        let plain = !suffixes.iter().any(|suffix| matches!(suffix, Suffix::Call(_)));
        let name = base.filter(|base| plain && base.kind() == SyntaxKind::Name).and_then(|base| base.token());
        let Some(name) = name.filter(|name| self.local(name.text()).is_none()) else {
            let message = "Only variables that are not local, and their members, can be remembered or forgotten.";
            self.report(Diagnostic::error(target.range(), "not-a-memory", message));
            return self.fail(message, "Put the value into a variable without `_` in front.");
        };
        let row = self.temporary();
        self.constant_value(row, Value::text(name.text()));
        let mut arguments = 1;
        for suffix in &suffixes {
            let key = self.temporary();
            self.key(suffix, key);
            arguments += 1;
        }
        if remembers {
            let value = self.temporary();
            self.expression(target, value);
            arguments += 1;
        }
        // So that the variable exists even if nothing else names it.
        self.compiler.global(name.text());
        let target = if remembers { Target::Remember } else { Target::Forget };
        let index = self.compiler.program.calls.len() as u32;
        self.compiler.program.calls.push(CallSite { target, arguments, keywords: false, alias: None });
        self.emit(Instruction::Call { base: row, site: index });
        self.release(row);
    }
}
