//! A whole bot: the texts of a folder's files, seen as one picture.
//!
//! [`Bot::read`] takes every file's text and recognises manifests, scripts, data definitions and data. It gathers the
//! integrations of the bot and all its skills as [`Entry`]s, finds every [`Problem`] in and between the files, and knows
//! which script lines use which alias. [`Bot::replace`] and [`Bot::update`] read only what has changed.
//!
//! Every place is given as people count it (lines and columns from 1) and as editors do (UTF-16 offsets from 0); byte
//! offsets do not leave this room.
//!
//! Deliberately absent: the disk (texts are handed in), secrets and connections, running scripts, edits.

mod across;
mod data;
mod file;
mod problem;
mod scripts;
mod studio_file;
mod token;
mod yaml;

use std::sync::Arc;

use bubblescript::{Program, UseContext};
use manifest::Integration;

pub use data::DataDefinition;
pub use file::{FileEntry, FileKind, ReadProblem, SourceFile};
pub use manifest::Severity;
pub use problem::Problem;
pub use studio_file::StudioFile;
pub use token::{Token, TokenKind};

use file::{Content, File};
use scripts::Scripts;

/// A bot as its files describe it. Cheap to clone.
#[derive(Clone, Default)]
pub struct Bot {
    /// In path order.
    files: Vec<Arc<File>>,
    scripts: Scripts,
    entries: Vec<Entry>,
    problems: Vec<Problem>,
}

/// One entry of one of the bot's manifests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The manifest it stands in.
    pub file: Arc<str>,
    /// The skill whose manifest that is; `None` for the bot's own.
    pub skill: Option<Arc<str>>,
    /// First and last line, from 1.
    pub line: u32,
    pub end_line: u32,
    /// What it says. Its ranges are bytes of the manifest's text.
    pub integration: Arc<Integration>,
}

/// A place where a script names an alias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    pub file: Arc<str>,
    /// From 1.
    pub line: u32,
    /// From 1, in UTF-16 units.
    pub column: u32,
    /// Whose token is meant.
    pub context: UseContext,
}

impl Bot {
    /// Reads all files of a bot, in any order. Files that no part of a bot is made of are passed over.
    pub fn read(files: &[SourceFile]) -> Self {
        let mut bot = Self::default();
        bot.update(files);
        bot
    }

    /// Makes `files` the bot's files; those whose text has not changed are not read again.
    pub fn update(&mut self, files: &[SourceFile]) {
        let mut read: Vec<Arc<File>> = files
            .iter()
            .filter_map(|source| match self.file(&source.path) {
                Some(known) if known.is_of(&source.text) => Some(known.clone()),
                _ => File::read(source).map(Arc::new),
            })
            .collect();
        read.sort_by(|a, b| a.path.cmp(&b.path));
        read.dedup_by(|a, b| a.path == b.path);
        self.files = read;
        self.look_across();
    }

    /// Gives one file another text, and adds the file if the bot does not have it. Other files are not read again.
    pub fn replace(&mut self, path: &str, text: Arc<str>) {
        let source = SourceFile { path: path.into(), text: Ok(text) };
        let Some(file) = File::read(&source).map(Arc::new) else { return };
        match self.files.binary_search_by(|known| (*known.path).cmp(path)) {
            Ok(at) => self.files[at] = file,
            Err(at) => self.files.insert(at, file),
        }
        self.look_across();
    }

    /// Forgets one file.
    pub fn remove(&mut self, path: &str) {
        self.files.retain(|file| &*file.path != path);
        self.look_across();
    }

    /// The entries of all manifests: the bot's own first, then skill by skill, in the order of the texts.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry whose token has this name; the first, when several claim it.
    pub fn entry(&self, alias: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.integration.alias() == alias)
    }

    /// Everything that is wrong, in the order of files and places.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The script places that name an alias, in the order of files and places.
    pub fn uses(&self, alias: &str) -> Vec<Use> {
        let named = |file: &Arc<File>| {
            let file = file.clone();
            let uses = match &file.content {
                Content::Script(uses) => uses.clone(),
                _ => Vec::new(),
            };
            uses.into_iter().filter(|used| used.alias == alias).map(move |used| {
                let place = file.lines.position(used.range.start);
                Use { file: file.path.clone(), line: place.line, column: place.column, context: used.context }
            })
        };
        self.files.iter().flat_map(named).collect()
    }

    /// The title that the bot's `patchbay.yaml` gives it.
    pub fn title(&self) -> Option<&str> {
        self.studio_file().and_then(|studio| studio.title.as_deref())
    }

    /// What the bot's `patchbay.yaml` says, if there is one that can be read.
    pub fn studio_file(&self) -> Option<&StudioFile> {
        self.files.iter().find_map(|file| match &file.content {
            Content::Studio(studio) => Some(studio),
            _ => None,
        })
    }

    /// The data definitions with the files they stand in.
    pub fn data_definitions(&self) -> impl Iterator<Item = (&Arc<str>, &DataDefinition)> {
        self.files.iter().filter_map(|file| match &file.content {
            Content::DataDefinition(definition) => Some((&file.path, definition)),
            _ => None,
        })
    }

    /// The files that the bot is made of, in path order.
    pub fn files(&self) -> Vec<FileEntry> {
        self.files.iter().map(|file| file.entry()).collect()
    }

    /// The text of a file, if it could be read.
    pub fn text(&self, path: &str) -> Option<&Arc<str>> {
        self.file(path).and_then(|file| file.text())
    }

    /// The colours of a file's text; none for a file that is not there, could not be read, or has no colours.
    pub fn tokens(&self, path: &str) -> Vec<Token> {
        self.file(path).map(|file| token::tokens(file)).unwrap_or_default()
    }

    /// The source of an entry with its client secret masked.
    pub fn source(&self, entry: &Entry) -> String {
        self.text(&entry.file).map(|text| manifest::mask(text, entry.integration.range.clone())).unwrap_or_default()
    }

    /// All scripts, compiled: the bot's own first, then skill by skill, in path order. Where a problem is an error, its
    /// place fails when it runs.
    pub fn program(&self) -> &Arc<Program> {
        self.scripts.program()
    }

    fn file(&self, path: &str) -> Option<&Arc<File>> {
        self.files.binary_search_by(|file| (*file.path).cmp(path)).ok().and_then(|at| self.files.get(at))
    }

    /// Does everything that needs more than one file.
    fn look_across(&mut self) {
        self.scripts.update(&self.files);
        self.entries = across::entries(&self.files);
        let mut problems: Vec<Problem> = self.files.iter().flat_map(|file| file.problems.iter().cloned()).collect();
        problems.extend(self.scripts.problems(&self.files));
        problems.extend(across::problems(&self.files, &self.entries));
        problems.sort_by(|a, b| a.order().cmp(&b.order()));
        self.problems = problems;
    }
}
