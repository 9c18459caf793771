use std::sync::Arc;

use bubblescript::AliasUse;
use manifest::{Diagnostic, Integration, LineIndex};

use crate::data::{self, DataDefinition};
use crate::problem::Problem;
use crate::studio_file::{self, StudioFile};

/// A file of the bot's folder as it was found on disk, or stands in an editor.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Relative to the folder, with `/`.
    pub path: Arc<str>,
    /// Its text, or why it has none.
    pub text: Result<Arc<str>, ReadProblem>,
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadProblem {
    /// A sentence.
    pub message: String,
    /// The next step; may be empty.
    pub hint: String,
}

/// A file that the bot is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    pub path: Arc<str>,
    pub kind: FileKind,
    /// The skill in whose folder it stands.
    pub skill: Option<Arc<str>>,
}

/// What a file is to the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// `integrations.yaml` or `integrations.yml` in the root or a skill's folder.
    Manifest,
    /// `.bubble` or `.bubblescript`, anywhere.
    Script,
    /// Another YAML file whose top is a map with `type`.
    DataDefinition,
    /// Any other YAML, JSON or CSV file.
    Data,
    /// `patchbay.yaml` in the root: what Patchbay itself knows of the bot.
    Studio,
}

/// One file, read on its own.
pub(crate) struct File {
    pub(crate) path: Arc<str>,
    pub(crate) kind: FileKind,
    pub(crate) skill: Option<Arc<str>>,
    pub(crate) lines: LineIndex,
    pub(crate) content: Content,
    /// What is wrong with it on its own; for a script, that is known only when all scripts are compiled together.
    pub(crate) problems: Vec<Problem>,
    source: Result<Arc<str>, ReadProblem>,
}

pub(crate) enum Content {
    Manifest {
        entries: Vec<Arc<Integration>>,
        /// Whether all of its entries are here.
        complete: bool,
    },
    Script(Vec<AliasUse>),
    DataDefinition(DataDefinition),
    Studio(StudioFile),
    /// Plain data, or a file that could not be read.
    Nothing,
}

impl File {
    /// Reads a file; `None` when no bot has such files.
    pub(crate) fn read(source: &SourceFile) -> Option<Self> {
        let path = source.path.clone();
        let kind = kind_of(&path)?;
        let text = source.text.as_deref().unwrap_or_default();
        let mut file = Self {
            skill: skill_of(&path).map(Arc::from),
            path,
            kind,
            lines: LineIndex::new(text),
            content: Content::Nothing,
            problems: Vec::new(),
            source: source.text.clone(),
        };
        match &source.text {
            Ok(text) => file.understand(text),
            Err(ReadProblem { message, hint }) => {
                let problem = Problem::error(&file, 0..0, "unreadable", message, hint);
                file.problems.push(problem);
                if kind == FileKind::Manifest {
                    file.content = Content::Manifest { entries: Vec::new(), complete: false };
                }
            }
        }
        Some(file)
    }

    fn understand(&mut self, text: &str) {
        match self.kind {
            FileKind::Manifest => {
                let manifest = manifest::read(text);
                self.report(manifest.diagnostics);
                let entries = manifest.entries.into_iter().map(Arc::new).collect();
                self.content = Content::Manifest { entries, complete: manifest.complete };
            }
            FileKind::Script => self.content = Content::Script(bubblescript::uses(&bubblescript::parse(text))),
            FileKind::Studio => match studio_file::read(text) {
                Ok(studio) => self.content = Content::Studio(studio),
                Err(found) => self.report(found),
            },
            FileKind::Data | FileKind::DataDefinition if is_yaml(&self.path) => {
                let (definition, found) = data::read(text);
                self.report(found);
                if let Some(definition) = definition {
                    self.kind = FileKind::DataDefinition;
                    self.content = Content::DataDefinition(definition);
                }
            }
            FileKind::Data | FileKind::DataDefinition => {}
        }
    }

    fn report(&mut self, found: Vec<Diagnostic>) {
        self.problems = found.into_iter().map(|found| Problem::of_yaml(self, found)).collect();
    }

    /// Whether this is what reading `source` would give.
    pub(crate) fn is_of(&self, source: &Result<Arc<str>, ReadProblem>) -> bool {
        match (&self.source, source) {
            (Ok(known), Ok(text)) => Arc::ptr_eq(known, text) || known == text,
            (known, other) => known == other,
        }
    }

    pub(crate) fn text(&self) -> Option<&Arc<str>> {
        self.source.as_ref().ok()
    }

    pub(crate) fn entry(&self) -> FileEntry {
        FileEntry { path: self.path.clone(), kind: self.kind, skill: self.skill.clone() }
    }

    /// The folder whose manifest this would be.
    pub(crate) fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

pub(crate) fn is_yaml(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml")
}

/// What a file is by its name; whether a YAML file is a definition shows only in its text.
fn kind_of(path: &str) -> Option<FileKind> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let (stem, extension) = name.rsplit_once('.')?;
    match extension {
        "yaml" | "yml" if stem == "integrations" && (folder.is_empty() || is_skill_folder(folder)) => {
            Some(FileKind::Manifest)
        }
        "yaml" if folder.is_empty() && stem == "patchbay" => Some(FileKind::Studio),
        "yaml" | "yml" | "json" | "csv" => Some(FileKind::Data),
        "bubble" | "bubblescript" => Some(FileKind::Script),
        _ => None,
    }
}

fn is_skill_folder(folder: &str) -> bool {
    folder.strip_prefix("skills/").is_some_and(|name| !name.is_empty() && !name.contains('/'))
}

fn skill_of(path: &str) -> Option<&str> {
    let (name, _) = path.strip_prefix("skills/")?.split_once('/')?;
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart_by_name() {
        use FileKind::*;
        let check = |path: &str, kind: Option<FileKind>, skill: Option<&str>| {
            assert_eq!((kind_of(path), skill_of(path)), (kind, skill), "{path}");
        };
        check("integrations.yaml", Some(Manifest), None);
        check("integrations.yml", Some(Manifest), None);
        check("skills/a/integrations.yaml", Some(Manifest), Some("a"));
        check("skills/a/b/integrations.yaml", Some(Data), Some("a"));
        check("skills/integrations.yaml", Some(Data), None);
        check("data/integrations.yaml", Some(Data), None);
        check("my-integrations.yaml", Some(Data), None);
        check("integrations.json", Some(Data), None);
        check("main.bubble", Some(Script), None);
        check("skills/a/x/y.bubblescript", Some(Script), Some("a"));
        check("patchbay.yaml", Some(Studio), None);
        check("skills/a/patchbay.yaml", Some(Data), Some("a"));
        check("prices.csv", Some(Data), None);
        check("README.md", None, None);
        check("Makefile", None, None);
        check(".yaml", Some(Data), None);
    }
}
