//! What only shows between files: one namespace of aliases, the scripts that use them, the calendars they name.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use bubblescript::{AliasUse, UseContext};
use manifest::{Integration, Severity, quoted};
use providers::{Context, Kind, nearest_word};

use crate::Entry;
use crate::file::{Content, File, FileKind};
use crate::problem::Problem;

/// The entries of all manifests that count: the bot's own first, then skill by skill.
pub(crate) fn entries(files: &[Arc<File>]) -> Vec<Entry> {
    let mut manifests: Vec<&Arc<File>> = files.iter().filter(|file| !is_shadowed(file, files)).collect();
    manifests.sort_by_key(|file| file.skill.is_some());
    let entries = manifests.into_iter().flat_map(|file| integrations(file).iter().map(move |entry| (file, entry)));
    entries
        .map(|(file, integration)| Entry {
            file: file.path.clone(),
            skill: file.skill.clone(),
            line: file.lines.position(integration.range.start).line,
            end_line: file.lines.position(integration.range.end).line,
            integration: integration.clone(),
        })
        .collect()
}

/// What is wrong between the files.
pub(crate) fn problems(files: &[Arc<File>], entries: &[Entry]) -> Vec<Problem> {
    let bot = Across { files, entries, all_known: entries_are_complete(files) };
    let mut found = Vec::new();
    bot.two_manifests(&mut found);
    bot.duplicate_aliases(&mut found);
    bot.calendars(&mut found);
    bot.unknown_aliases(&mut found);
    bot.unused_secrets(&mut found);
    found
}

struct Across<'b> {
    files: &'b [Arc<File>],
    entries: &'b [Entry],
    /// Every manifest was read whole, so an alias that is not among the entries does not exist.
    all_known: bool,
}

impl Across<'_> {
    fn two_manifests(&self, found: &mut Vec<Problem>) {
        for file in self.files.iter().filter(|file| is_shadowed(file, self.files)) {
            let message = "This file is not read, because integrations.yaml stands beside it.";
            let hint = "Move its entries there and remove this file.";
            found.push(Problem::error(file, 0..0, "two-manifests", message, hint));
        }
    }

    /// Aliases that two manifests claim, at the first place in each. Within one manifest, its own reading has told.
    fn duplicate_aliases(&self, found: &mut Vec<Problem>) {
        let mut places: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        for entry in self.entries.iter().filter(|entry| !entry.integration.alias().is_empty()) {
            let known = places.entry(entry.integration.alias()).or_default();
            if known.iter().all(|known| known.file != entry.file) {
                known.push(entry);
            }
        }
        for (alias, claims) in places.into_iter().filter(|(_, claims)| claims.len() > 1) {
            for (index, claim) in claims.iter().enumerate() {
                let other = claims[usize::from(index == 0)];
                let Some((file, other_file)) = self.file(&claim.file).zip(self.file(&other.file)) else { continue };
                let line = other_file.lines.position(other.integration.alias_range().start).line;
                let message = format!("Alias{} is also used in {}, line {line}.", named(alias), other.file);
                let hint = "All manifests of a bot share their aliases: give one of them another.";
                found.push(Problem::error(file, claim.integration.alias_range(), "duplicate-alias", message, hint));
            }
        }
    }

    fn calendars(&self, found: &mut Vec<Problem>) {
        let is_calendar =
            |entry: &&Entry| entry.integration.known_provider().is_some_and(|it| it.kind == Kind::Calendar);
        let calendars: Vec<&Entry> = self.entries.iter().filter(is_calendar).collect();
        let mut defined: HashSet<&str> = HashSet::new();
        for file in self.files {
            let Content::DataDefinition(definition) = &file.content else { continue };
            let Some(name) = &definition.calendar_name else { continue };
            defined.insert(name);
            if self.all_known && calendars.iter().all(|entry| entry.integration.alias() != name) {
                let nearest = nearest_word(name, calendars.iter().map(|entry| entry.integration.alias()));
                let message = format!("No calendar has alias{}.{}", named(name), did_you_mean(nearest));
                let hint = "Add an entry with `provider: calendar` and this alias, or write an alias that exists.";
                let range = definition.calendar_range.clone();
                found.push(Problem::new(file, range, Severity::Warning, "unknown-calendar", message, hint));
            }
        }
        for entry in calendars.iter().filter(|entry| !defined.contains(entry.integration.alias())) {
            let Some(file) = self.file(&entry.file) else { continue };
            let alias = named(entry.integration.alias());
            let message = format!("Calendar{alias} has no data definition, so the studio cannot show its slots.");
            let hint = "Add a YAML file with `type: calendar` and this alias as `calendar_name` under `storage:`.";
            let range = entry.integration.alias_range();
            found.push(Problem::new(file, range, Severity::Hint, "calendar-undefined", message, hint));
        }
    }

    /// Aliases in scripts that no manifest has, or that belong to the other context.
    fn unknown_aliases(&self, found: &mut Vec<Problem>) {
        for file in self.files {
            for used in alias_uses(file) {
                let same = self.entries.iter().filter(|entry| entry.integration.alias() == used.alias);
                let contexts: Vec<Option<Context>> = same.map(|entry| entry.integration.known_context()).collect();
                let report = match contexts.as_slice() {
                    [] if self.all_known => Some(self.unknown_alias(used)),
                    [Some(context)] => wrong_context(used, *context),
                    _ => None,
                };
                if let Some((code, message, hint)) = report {
                    found.push(Problem::new(file, used.range.clone(), Severity::Warning, code, message, hint));
                }
            }
        }
    }

    fn unknown_alias(&self, used: &AliasUse) -> (&'static str, String, String) {
        let nearest = nearest_word(&used.alias, self.entries.iter().map(|entry| entry.integration.alias()));
        let message = format!("No manifest has alias{}.{}", named(&used.alias), did_you_mean(nearest));
        ("unknown-alias", message, "Add an entry with this alias, or write one that exists.".to_owned())
    }

    fn unused_secrets(&self, found: &mut Vec<Problem>) {
        let scripts = self.files.iter().filter(|file| file.kind == FileKind::Script);
        if scripts.clone().any(|file| file.text().is_none()) {
            return;
        }
        let used: HashSet<&str> = scripts.flat_map(|file| alias_uses(file)).map(|used| used.alias.as_str()).collect();
        for entry in self.entries {
            let integration = &entry.integration;
            let is_secret = integration.known_provider().is_some_and(|provider| provider.kind == Kind::Secret);
            if !is_secret || used.contains(integration.alias()) {
                continue;
            }
            let Some(file) = self.file(&entry.file) else { continue };
            let message = format!("No script reads secret{}.", named(integration.alias()));
            let hint =
                format!("Read it with `get_access_token(bot.tokens.{})`, or remove the entry.", integration.alias());
            found.push(Problem::new(file, integration.alias_range(), Severity::Hint, "unused-secret", message, hint));
        }
    }

    fn file(&self, path: &str) -> Option<&File> {
        let at = self.files.binary_search_by(|file| (*file.path).cmp(path)).ok()?;
        self.files.get(at).map(|file| &**file)
    }
}

fn wrong_context(used: &AliasUse, context: Context) -> Option<(&'static str, String, String)> {
    let expected = match used.context {
        UseContext::Bot => Context::Bot,
        UseContext::User | UseContext::Link => Context::User,
    };
    if expected == context {
        return None;
    }
    let alias = named(&used.alias);
    let message = match (used.context, context) {
        (UseContext::Link, _) => format!("Nobody signs in to{alias}: its context is `bot`."),
        (_, context) => format!("Alias{alias} has context `{0}`, so its token is in `{0}.tokens`.", context.as_str()),
    };
    let hint = match used.context {
        UseContext::Link => "Connect it in the settings, or write `context: user` in its manifest entry.".to_owned(),
        _ => format!("Write `{}.tokens.{}`, or change the context in the manifest.", context.as_str(), used.alias),
    };
    Some(("alias-context", message, hint))
}

fn alias_uses(file: &File) -> &[AliasUse] {
    match &file.content {
        Content::Script(uses) => uses,
        _ => &[],
    }
}

fn integrations(file: &File) -> &[Arc<Integration>] {
    match &file.content {
        Content::Manifest { entries, .. } => entries,
        _ => &[],
    }
}

fn entries_are_complete(files: &[Arc<File>]) -> bool {
    files.iter().all(|file| match &file.content {
        Content::Manifest { complete, .. } => *complete || is_shadowed(file, files),
        _ => true,
    })
}

/// An `integrations.yml` beside an `integrations.yaml`.
fn is_shadowed(file: &File, files: &[Arc<File>]) -> bool {
    let is_manifest = |file: &File| file.kind == FileKind::Manifest;
    is_manifest(file)
        && file.path.ends_with(".yml")
        && files
            .iter()
            .any(|other| is_manifest(other) && other.path.ends_with(".yaml") && other.folder() == file.folder())
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!(" Did you mean `{nearest}`?")).unwrap_or_default()
}

/// A word in back quotes with a space before it; nothing for what must not be repeated.
fn named(word: &str) -> String {
    quoted(word).map(|word| format!(" {word}")).unwrap_or_default()
}
