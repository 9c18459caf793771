//! What the scripts declare: dialogs, tasks, functions, constants, loose statements. Collected before anything is compiled,
//! because a name may be used before its declaration.

use std::ops::Range;

use super::unit::Unit;
use super::{Compiler, narrow};
use crate::ast::{Body, Expression, Invocation, definitions};
use crate::diagnostic::Diagnostic;
use crate::parser::Parse;
use crate::program::{ChunkKind, Instruction};
use crate::syntax::SyntaxKind;

/// Runs when control comes back to a dialog after an interruption.
const RETURNING: &str = "__returning__";

/// A dialog, task, function or constant, with the chunk set aside for it.
pub(super) struct Declaration {
    pub(super) file: u32,
    pub(super) chunk: u32,
    pub(super) range: Range<u32>,
    /// The chunk of the next dialog of the same name or event, for when the guard does not hold.
    pub(super) next: Option<u32>,
    /// Whether an earlier dialog of the name has no guard.
    pub(super) shadowed: bool,
    /// Whether it is only there for an event, which it declines when its guard does not hold and nothing comes next.
    pub(super) declines: bool,
    pub(super) content: Content,
}

pub(super) enum Content {
    Code {
        word: String,
        invocation: Invocation,
    },
    Constant(Option<Expression>),
    /// Where an event enters a dialog that has a name too.
    Entry {
        guard: Expression,
        chunk: u32,
    },
}

/// Whether a call declares something instead of doing something.
pub(super) fn is_declaration(invocation: &Invocation) -> bool {
    let word = invocation.name.text();
    let has_body = invocation.block.is_some() || invocation.keyed("do").is_some();
    match word {
        "dialog" | "task" | "function" => has_body || !invocation.arguments.is_empty(),
        _ => word == "import",
    }
}

/// `main` and `__main__` are one dialog.
pub(super) fn canonical(name: &str) -> &str {
    if name == "__main__" { "main" } else { name }
}

/// The name that an argument gives to a dialog or refers to.
pub(super) fn named(argument: &Expression) -> Option<String> {
    match argument.kind() {
        SyntaxKind::Name => argument.token().map(|token| token.text().to_string()),
        SyntaxKind::Literal => argument.token().and_then(|token| token.text().strip_prefix(':').map(str::to_string)),
        SyntaxKind::Text => argument.plain_text(),
        _ => None,
    }
}

impl Compiler {
    pub(super) fn collect(&mut self, parses: &[Parse]) -> Vec<Declaration> {
        let mut found: Vec<Declaration> = Vec::new();
        for (file, parsed) in parses.iter().enumerate() {
            let file = file as u32;
            let root = parsed.syntax();
            for (name, value) in definitions(&root) {
                self.constant(file, name.text(), value, crate::syntax::range_of(name.text_range()), &mut found);
            }
            let candidates = root.descendants().filter_map(Expression::cast);
            // The call inside a block call is the same declaration.
            let whole =
                candidates.filter(|own| own.syntax().parent().is_none_or(|up| up.kind() != SyntaxKind::BlockCall));
            // The dialogs around what is read: where each ends, and its chunk.
            let mut around: Vec<(usize, u32)> = Vec::new();
            for invocation in whole.filter_map(|own| own.invocation()).filter(is_declaration) {
                while around.last().is_some_and(|(end, _)| *end <= invocation.range.start) {
                    around.pop();
                }
                match invocation.name.text() {
                    "function" => self.function(file, invocation, &mut found),
                    "import" => {}
                    _ => {
                        let scope = around.last().map(|(_, chunk)| *chunk);
                        let end = invocation.range.end;
                        around.push((end, self.dialog(file, scope, invocation, &mut found)));
                    }
                }
            }
        }
        found
    }

    fn constant(
        &mut self,
        file: u32,
        name: &str,
        value: Option<Expression>,
        range: Range<usize>,
        found: &mut Vec<Declaration>,
    ) {
        if self.constants.contains_key(name) {
            let message = format!("The constant `{name}` is already defined; this definition is ignored.");
            return self.report(file, Diagnostic::warning(range, "duplicate-constant", message));
        }
        let slot = self.program.constants.len() as u32;
        let chunk = self.reserve(name, ChunkKind::Constant(slot), file);
        self.program.constants.push((name.into(), chunk));
        self.constants.insert(name.to_string(), slot);
        let content = Content::Constant(value);
        found.push(Declaration {
            file,
            chunk,
            range: narrow(&range),
            next: None,
            shadowed: false,
            declines: false,
            content,
        });
    }

    fn function(&mut self, file: u32, invocation: Invocation, found: &mut Vec<Declaration>) {
        let header = invocation.positional().next().and_then(Expression::invocation);
        let Some(header) = header else {
            let message = "This function has no name.";
            return self.report(file, Diagnostic::error(invocation.range, "missing-name", message));
        };
        let name = header.name.text().to_string();
        if self.functions.contains_key(&name) {
            let message = format!("There is already a function `{name}`; this one is never called.");
            self.report(file, Diagnostic::warning(header.range.clone(), "duplicate-function", message));
        }
        let chunk = self.reserve(&name, ChunkKind::Function, file);
        self.functions.entry(name.clone()).or_insert((chunk, header.arguments.len()));
        let range = narrow(&invocation.range);
        let content = Content::Code { word: "function".to_string(), invocation };
        found.push(Declaration { file, chunk, range, next: None, shadowed: false, declines: false, content });
    }

    fn dialog(&mut self, file: u32, scope: Option<u32>, invocation: Invocation, found: &mut Vec<Declaration>) -> u32 {
        let word = invocation.name.text().to_string();
        let name = invocation.positional().next().and_then(named).map(|name| canonical(&name).to_string());
        let shown = name.clone().unwrap_or_else(|| trigger(&invocation).unwrap_or_else(|| word.clone()));
        let kind = if word == "task" { ChunkKind::Task } else { ChunkKind::Dialog };
        let chunk = self.reserve(&shown, kind, file);
        self.scopes.insert(chunk, scope);
        if name.as_deref() == Some(RETURNING) {
            self.program.returning.entry(scope).or_insert(chunk);
        }
        let mut shadowed = false;
        // Each dialog may have its own `__returning__`.
        if let Some(name) = name.as_ref().filter(|name| *name != RETURNING) {
            let latest = self.latest.insert((word.clone(), name.clone()), found.len());
            if let Some(earlier) = latest.and_then(|index| found.get_mut(index)) {
                earlier.next = Some(chunk);
                shadowed = earlier.shadowed
                    || matches!(&earlier.content, Content::Code { invocation, .. } if invocation.guard.is_none());
            }
            if word == "dialog" {
                self.dialogs.entry(name.clone()).or_insert(chunk);
            }
        }
        if shadowed {
            let range = invocation.positional().next().map_or(invocation.range.clone(), Expression::range);
            let message = format!("An earlier {word} `{shown}` always comes first, so this one never runs.");
            self.report(
                file,
                Diagnostic::warning(range, "duplicate-dialog", message)
                    .with_hint("Rename one of them, or give the earlier one a `when` condition."),
            );
        }
        let range = narrow(&invocation.range);
        found.push(Declaration {
            file,
            chunk,
            range,
            next: None,
            shadowed,
            declines: false,
            content: Content::Code { word, invocation: invocation.clone() },
        });
        self.handler(file, scope, &invocation, found);
        chunk
    }

    /// Decides what a conversation starts with, and compiles loose statements if it is them.
    pub(super) fn main(&mut self, parses: &[Parse]) {
        let main = self.dialogs.get("main").copied();
        let mut chunks = Vec::new();
        for (file, parsed) in parses.iter().enumerate() {
            let file = file as u32;
            let body = Body(parsed.syntax());
            let loose: Vec<Expression> =
                body.statements().filter(|own| !own.invocation().is_some_and(|own| is_declaration(&own))).collect();
            let (Some(first), Some(last)) = (loose.first(), loose.last()) else { continue };
            let range = first.range().start..last.range().end;
            if main.is_some() {
                let message =
                    "These statements stand outside of any dialog, and as there is a dialog `main` they never run.";
                let warning = Diagnostic::warning(first.range(), "loose-statements", message);
                self.report(file, warning.with_hint("Move them into a dialog."));
            }
            let chunk = self.reserve("main", ChunkKind::Dialog, file);
            let mut unit = Unit::new(self, file, narrow(&range));
            unit.find_locals(&parsed.syntax());
            loose.iter().for_each(|statement| unit.statement(statement));
            unit.finish(chunk);
            chunks.push(chunk);
        }
        self.program.main = main.or_else(|| self.sequence(&chunks));
    }

    /// One chunk that runs others in turn.
    fn sequence(&mut self, chunks: &[u32]) -> Option<u32> {
        let (first, more) = chunks.split_first()?;
        if more.is_empty() {
            return Some(*first);
        }
        let whole = self.reserve("main", ChunkKind::Dialog, 0);
        let mut unit = Unit::new(self, 0, 0..0);
        chunks.iter().for_each(|chunk| unit.emit(Instruction::Invoke { chunk: *chunk }));
        unit.finish(whole);
        Some(whole)
    }
}

/// How a dialog without a name is called in the stack: by its trigger.
fn trigger(invocation: &Invocation) -> Option<String> {
    let first = invocation.arguments.iter().find(|argument| argument.key.is_some())?;
    let key = first.key.as_ref()?.plain()?;
    let value = first.value.as_ref().and_then(named).unwrap_or_default();
    Some(format!("{key} {value}").trim_end().to_string())
}

impl Unit<'_> {
    /// The code of a declaration: guard, then body.
    pub(super) fn header(&mut self, declaration: &Declaration) {
        match &declaration.content {
            Content::Constant(value) => {
                let to = self.temporary();
                match value {
                    Some(value) => self.expression(value, to),
                    None => self.nil(to),
                }
                self.emit(Instruction::Return { from: to });
            }
            Content::Code { word, invocation, .. } => {
                if word == "function" {
                    self.parameters(invocation);
                }
                self.find_locals_of(invocation);
                if let Some(guard) = &invocation.guard {
                    self.guard(guard, declaration);
                }
                self.body_of(invocation);
            }
            Content::Entry { guard, chunk } => {
                self.find_locals(guard.syntax());
                self.guard(guard, declaration);
                self.emit(Instruction::Become { chunk: *chunk });
            }
        }
    }

    fn guard(&mut self, guard: &Expression, declaration: &Declaration) {
        let test = self.temporary();
        self.expression(guard, test);
        let fits = self.jump(|to| Instruction::JumpIf { test, to });
        self.emit(match declaration.next {
            Some(chunk) => Instruction::Become { chunk },
            None if declaration.declines => Instruction::Decline,
            None => Instruction::End,
        });
        self.land(fits);
        self.release(test);
    }

    fn parameters(&mut self, invocation: &Invocation) {
        let header = invocation.positional().next().and_then(Expression::invocation);
        for parameter in header.iter().flat_map(|header| header.positional()) {
            if let Some(name) = named(parameter) {
                self.parameter(&name);
            } else {
                let message = "A parameter is a plain name.";
                self.report(Diagnostic::error(parameter.range(), "bad-parameter", message));
            }
        }
    }

    fn body_of(&mut self, invocation: &Invocation) {
        if let Some(block) = &invocation.block {
            self.block(block);
        } else if let Some(statement) = invocation.keyed("do") {
            self.statement(statement);
        } else {
            let message = format!("This {} has no body.", invocation.name.text());
            self.report(
                Diagnostic::error(invocation.range.clone(), "missing-body", message)
                    .with_hint("Add `do` behind its header and `end` where it stops."),
            );
        }
    }
}
