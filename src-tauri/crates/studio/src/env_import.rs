//! Fills secrets from a `.env` file: first a preview, then what the person ticked.
//!
//! The values wait here between the two, so that they never travel to the interface and back.

use std::collections::BTreeMap;

use store::Secret;

use crate::bots::OpenBot;
use crate::env_file::{self, EnvProblem};
use crate::events::lock;
use crate::folder::{FILE_LIMIT, Folder};
use crate::{Error, Studio};

/// Where a `.env` comes from.
#[derive(Debug)]
pub enum EnvSource {
    /// A file that the person picks.
    Pick,
    /// Pasted text.
    Text(Secret<String>),
}

/// What an import would do. `import` is `None` when the person cancelled.
#[derive(Debug, Default)]
pub struct EnvPreview {
    pub import: Option<String>,
    pub rows: Vec<EnvRow>,
    pub problems: Vec<EnvProblem>,
}

/// One name of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvRow {
    pub name: String,
    pub line: u32,
    /// The secret that the name fills: its alias, letter case and `-` or `.` for `_` aside.
    pub alias: Option<String>,
    pub effect: EnvEffect,
}

/// What applying a row changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnvEffect {
    Add,
    Replace,
    Same,
    NoEntry,
}

pub(crate) struct Import {
    pub(crate) bot: String,
    values: BTreeMap<String, Secret<String>>,
}

impl Studio {
    /// Reads a `.env` and tells what applying it would do. Nothing is written.
    ///
    /// # Errors
    /// The file cannot be read, the identity is open, the vault is locked.
    pub fn preview_env(&self, bot: &str, source: EnvSource) -> Result<EnvPreview, Error> {
        let bot = self.bot(bot)?;
        let text = match source {
            EnvSource::Text(text) => text,
            EnvSource::Pick => match self.inner.picker.file("Choose a .env file") {
                Some(path) => Secret::new(read_outside(&path)?),
                None => return Ok(EnvPreview::default()),
            },
        };
        if text.expose().len() as u64 > FILE_LIMIT {
            return Err(Error::invalid("The text is larger than 1 MiB.", "Paste the lines that hold the secrets."));
        }
        let (assignments, problems) = env_file::read(text.expose());
        let mut values = BTreeMap::new();
        let mut rows = Vec::new();
        for assignment in assignments {
            let alias =
                bot.secret_entries().into_iter().map(|row| row.alias).find(|a| fold(a) == fold(&assignment.name));
            let effect = self.effect(&bot, alias.as_deref(), &assignment.value)?;
            rows.push(EnvRow { name: assignment.name, line: assignment.line, alias: alias.clone(), effect });
            if let Some(alias) = alias {
                values.insert(alias, assignment.value);
            }
        }
        let id = uuid::Uuid::new_v4().to_string();
        let mut imports = lock(&self.inner.imports);
        // A preview that was closed without applying must not keep its values in memory.
        imports.retain(|_, import| import.bot != bot.id());
        imports.insert(id.clone(), Import { bot: bot.id().to_owned(), values });
        Ok(EnvPreview { import: Some(id), rows, problems })
    }

    /// Stores the values of a preview for `aliases`; the others are dropped. Returns how many were stored.
    ///
    /// # Errors
    /// The preview is gone, the vault is absent or locked. A vault that has to be made first keeps the preview.
    pub fn apply_env(&self, bot: &str, import: &str, aliases: &[String]) -> Result<u32, Error> {
        let open = self.bot(bot)?;
        let id = open.bound()?;
        if self.vault().state == store::VaultState::Absent {
            return Err(store::StoreError::VaultAbsent.into());
        }
        let gone = Error::NotFound("This preview is not there any more. Choose the file again.");
        let import = lock(&self.inner.imports).remove(import).filter(|import| import.bot == bot).ok_or(gone)?;
        let mut count = 0;
        for (alias, value) in import.values.iter().filter(|(alias, _)| aliases.contains(alias)) {
            self.inner.store.set(id, alias, value)?;
            count += 1;
        }
        if count > 0 {
            open.leave_id();
            self.secrets_changed(&open);
        }
        Ok(count)
    }

    fn effect(&self, bot: &OpenBot, alias: Option<&str>, value: &Secret<String>) -> Result<EnvEffect, Error> {
        let Some(alias) = alias else { return Ok(EnvEffect::NoEntry) };
        Ok(match self.noting_locks(self.inner.store.get(bot.bound()?, alias)) {
            Ok(Some(now)) if now.expose() == value.expose() => EnvEffect::Same,
            Ok(Some(_)) => EnvEffect::Replace,
            Ok(None) | Err(store::StoreError::VaultAbsent) => EnvEffect::Add,
            Err(error) => return Err(error.into()),
        })
    }
}

/// A file that the person picked anywhere; the same rules as for a bot's own files.
fn read_outside(path: &std::path::Path) -> Result<String, Error> {
    let parent = Folder::open(path.parent().unwrap_or(path))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    Ok(parent.read(&name)?)
}

fn fold(name: &str) -> String {
    name.to_lowercase().replace(['-', '.'], "_")
}
