//! All scripts together: they share dialogs and functions, so only together can they be judged and compiled.

use std::sync::Arc;

use bubblescript::{Diagnostic, Program, Source};

use crate::file::{File, FileKind};
use crate::problem::Problem;

/// The compiled scripts, kept while no script changes.
#[derive(Clone, Default)]
pub(crate) struct Scripts {
    sources: Vec<(Arc<str>, Arc<str>)>,
    program: Arc<Program>,
    diagnostics: Vec<Diagnostic>,
}

impl Scripts {
    /// Compiles the scripts among `files`, unless they are those compiled before.
    pub(crate) fn update(&mut self, files: &[Arc<File>]) {
        let mut scripts: Vec<&Arc<File>> = files.iter().filter(|file| file.kind == FileKind::Script).collect();
        // The bot's own scripts come first, because the first dialog that matches wins.
        scripts.sort_by_key(|file| file.skill.is_some());
        let sources: Vec<_> =
            scripts.iter().filter_map(|file| Some((file.path.clone(), file.text()?.clone()))).collect();
        if sources == self.sources {
            return;
        }
        let handed: Vec<Source> =
            sources.iter().map(|(file, text)| Source { file: file.clone(), text: text.clone() }).collect();
        let (program, diagnostics) = bubblescript::compile(&handed);
        *self = Self { sources, program: Arc::new(program), diagnostics };
    }

    pub(crate) fn program(&self) -> &Arc<Program> {
        &self.program
    }

    /// What is wrong with the scripts, one by one and together.
    pub(crate) fn problems(&self, files: &[Arc<File>]) -> Vec<Problem> {
        let place = |found: &Diagnostic| {
            let path = found.file.as_ref()?;
            let at = files.binary_search_by(|file| file.path.cmp(path)).ok()?;
            Some(Problem::of_script(files.get(at)?, found.clone()))
        };
        self.diagnostics.iter().filter_map(place).collect()
    }
}
