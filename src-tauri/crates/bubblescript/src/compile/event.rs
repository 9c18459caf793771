//! Events: which dialogs and tasks take which event, nearest first.

use std::collections::HashMap;

use super::Compiler;
use super::declare::{Content, Declaration, named};
use crate::ast::Invocation;
use crate::diagnostic::Diagnostic;
use crate::program::ChunkKind;

/// A dialog or task that takes an event.
pub(super) struct Handler {
    /// The dialog that it stands in.
    scope: Option<u32>,
    event: String,
    /// The declaration whose guard decides, as an index.
    declaration: usize,
}

impl Compiler {
    /// Notes the event that a header names. `own` is the index of the declaration, which may be about to be made.
    pub(super) fn handler(
        &mut self,
        file: u32,
        scope: Option<u32>,
        invocation: &Invocation,
        found: &mut Vec<Declaration>,
    ) {
        let Some(value) = invocation.keyed("event") else { return };
        let Some(event) = named(value) else {
            let message = "The name of this event cannot be known before the script runs, so nothing is listened for.";
            let warning = Diagnostic::warning(value.range(), "computed-event", message);
            return self.report(file, warning.with_hint("Write the name as a text, such as `event: \"order\"`."));
        };
        let Some(own) = found.len().checked_sub(1) else { return };
        let has_name = invocation.positional().next().and_then(named).is_some();
        let declaration = match (&invocation.guard, found.get_mut(own)) {
            // A dialog with a name has its guard for those who invoke it too, and then another one comes next.
            (Some(guard), Some(body)) if has_name => {
                let (chunk, range) = (body.chunk, body.range.clone());
                let entry = self.reserve(&event, ChunkKind::Dialog, file);
                let content = Content::Entry { guard: guard.clone(), chunk };
                found.push(Declaration {
                    file,
                    chunk: entry,
                    range,
                    next: None,
                    shadowed: false,
                    declines: true,
                    content,
                });
                own + 1
            }
            (_, Some(body)) => {
                body.declines = !has_name;
                own
            }
            _ => return,
        };
        self.handlers.push(Handler { scope, event, declaration });
    }

    /// Links what takes the same event: within a dialog in the order of the text, then to the dialog around it.
    pub(super) fn link(&mut self, found: &mut [Declaration]) {
        let handlers = std::mem::take(&mut self.handlers);
        let mut chains: HashMap<(Option<u32>, &str), Vec<usize>> = HashMap::new();
        for handler in &handlers {
            chains.entry((handler.scope, &handler.event)).or_default().push(handler.declaration);
        }
        let chunk_of = |found: &[Declaration], index: usize| found.get(index).map(|own| own.chunk);
        for ((scope, event), chain) in &chains {
            let Some(first) = chain.first().and_then(|index| chunk_of(found, *index)) else { continue };
            self.program.events.insert((*scope, (*event).into()), first);
            let mut outer = *scope;
            let mut around = None;
            while let (Some(inner), None) = (outer, around) {
                outer = self.scopes.get(&inner).copied().flatten();
                around = chains.get(&(outer, *event)).and_then(|chain| chunk_of(found, *chain.first()?));
            }
            for (position, index) in chain.iter().enumerate() {
                let next = chain.get(position + 1).and_then(|next| chunk_of(found, *next)).or(around);
                if let Some(own) = found.get_mut(*index).filter(|own| own.declines) {
                    own.next = next;
                }
            }
        }
    }
}
