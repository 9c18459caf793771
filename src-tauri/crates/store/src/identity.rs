//! Whose bot a folder is. An id in the folder is a hint that anyone can copy; what counts is which id and canonical path the
//! person approved on this machine. Bindings are not secret and work while the vault is locked or absent.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use uuid::Uuid;

use crate::tables::bindings::{self, Binding};
use crate::tables::{approvals, client_secrets, connections, data_keys, personas, secrets};
use crate::{State, Store, StoreError, database};

/// The approved id of a bot. Only [`Store::identify`] and [`Store::settle`] give one out, so an undecided folder has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BotId(Uuid);

/// What [`Store::identify`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// The folder is known.
    Bound(BotId),
    /// The folder is new and has just been bound.
    Fresh(BotId),
    /// The folder claims the id of a known bot. Until [`Store::settle`] every secret of it reads as missing.
    Question {
        /// The claimed id.
        id: String,
        /// Where that bot was seen last; `None` if no folder is bound to it any more.
        old_path: Option<PathBuf>,
        /// The aliases that would be shared, sorted.
        aliases: Vec<String>,
    },
}

/// The person's answer to a [`Identity::Question`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settle {
    /// The bot was moved here; allowed only if nothing is at its old path any more.
    Moved {
        /// Whether the old path still exists, which the caller looks up.
        old_path_exists: bool,
    },
    /// This is a copy: a new id without any secrets.
    Copy,
    /// Both folders are the same bot and share its secrets.
    Share,
}

impl Identity {
    /// The id to read and write secrets with, or [`StoreError::IdentityOpen`] while the question is undecided.
    pub fn bot(&self) -> Result<BotId, StoreError> {
        match self {
            Self::Bound(id) | Self::Fresh(id) => Ok(*id),
            Self::Question { .. } => Err(StoreError::IdentityOpen),
        }
    }
}

/// The form in which ids stand in files and sealed rows: lower case, with hyphens.
impl fmt::Display for BotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl Store {
    /// Says which bot the folder at `canonical_path` is. `hint` is the id that the folder itself claims, if any.
    pub fn identify(&self, hint: Option<&str>, canonical_path: &Path) -> Result<Identity, StoreError> {
        let now = self.now();
        let mut state = self.state();
        let hint = hint.and_then(claimed);
        state.questions.remove(canonical_path);
        // Reading first keeps the usual case, a known folder, from waiting for another process's write.
        let in_session = match &hint {
            Some(id) => data_keys::newest(state.vault_connection(), id)?.is_some(),
            None => false,
        };
        let verdict = match look(&state.connection, hint.as_deref(), in_session, canonical_path)? {
            Verdict::Unknown => state.write(|connection| {
                let verdict = look(connection, hint.as_deref(), in_session, canonical_path)?;
                let Verdict::Unknown = verdict else { return Ok(verdict) };
                let bot = hint.clone().unwrap_or_else(new_id);
                bindings::bind(connection, canonical_path, &Binding { bot: bot.clone(), answered: None }, now)?;
                Ok(Verdict::Fresh(bot))
            })?,
            known => known,
        };
        match verdict {
            Verdict::Known(bot) => Ok(Identity::Bound(parse(&bot)?)),
            Verdict::Fresh(bot) => Ok(Identity::Fresh(parse(&bot)?)),
            Verdict::Claims(id) => {
                let old_path = bindings::last_path(&state.connection, &id)?;
                let aliases = state.aliases(&id)?;
                state.questions.insert(canonical_path.to_owned(), id.clone());
                Ok(Identity::Question { id, old_path, aliases })
            }
            Verdict::Unknown => Err(StoreError::NotFound),
        }
    }

    /// Answers the question that [`Store::identify`] last raised for this path in this process.
    pub fn settle(&self, canonical_path: &Path, answer: Settle) -> Result<BotId, StoreError> {
        let now = self.now();
        let mut state = self.state();
        let id = state.questions.get(canonical_path).cloned().ok_or(StoreError::NoQuestion)?;
        let bot = state.write(|connection| {
            // Another process may have had the answer meanwhile.
            if let Verdict::Known(bot) = look(connection, Some(&id), true, canonical_path)? {
                return Ok(bot);
            }
            if let Settle::Moved { old_path_exists } = answer
                && let Some(old_path) = bindings::last_path(connection, &id)?
            {
                if old_path_exists {
                    return Err(StoreError::OldPathExists(old_path));
                }
                bindings::unbind(connection, &old_path)?;
            }
            let bot = if answer == Settle::Copy { new_id() } else { id.clone() };
            bindings::bind(connection, canonical_path, &Binding { bot: bot.clone(), answered: Some(id.clone()) }, now)?;
            Ok(bot)
        })?;
        state.questions.remove(canonical_path);
        parse(&bot)
    }

    /// Forgets a bot for good: its data keys, and with them every sealed value and connection, its personas, approvals and choices,
    /// and its folders. Works on a locked vault.
    pub fn forget_bot(&self, bot: BotId) -> Result<(), StoreError> {
        let bot = bot.to_string();
        let mut state = self.state();
        state.write_vault(|connection| Ok(data_keys::remove_all(connection, &bot)?))?;
        state.write(|connection| {
            data_keys::remove_all(connection, &bot)?;
            personas::remove_all(connection, &bot)?;
            approvals::remove_all(connection, &bot)?;
            Ok(bindings::unbind_all(connection, &bot)?)
        })?;
        database::empty_log(&state.connection);
        Ok(())
    }
}

enum Verdict {
    Known(String),
    Fresh(String),
    Claims(String),
    Unknown,
}

impl State {
    /// What sharing an id would give away, now and once the file's vault is open.
    fn aliases(&self, id: &str) -> Result<Vec<String>, StoreError> {
        let mut aliases = BTreeSet::new();
        for connection in [&self.connection, self.vault_connection()] {
            aliases.extend(secrets::list(connection, id)?.into_iter().map(|meta| meta.alias));
            aliases.extend(connections::list(connection, id)?.into_iter().map(|found| found.alias));
            aliases.extend(client_secrets::names(connection, id)?);
        }
        Ok(aliases.into_iter().collect())
    }
}

/// `in_session` says that the vault of this session, which is not in the file, has secrets of the hinted id.
fn look(connection: &Connection, hint: Option<&str>, in_session: bool, path: &Path) -> Result<Verdict, StoreError> {
    let bound = bindings::at(connection, path)?;
    let own = bound.as_ref().is_some_and(|binding| hint == Some(&binding.bot) || hint == binding.answered.as_deref());
    if let Some(hint) = hint
        && !own
        && (in_session || bindings::knows(connection, hint)?)
    {
        return Ok(Verdict::Claims(hint.to_owned()));
    }
    Ok(bound.map_or(Verdict::Unknown, |binding| Verdict::Known(binding.bot)))
}

/// The hint in its one spelling, if it is a real id. The nil and max ids are nobody's.
fn claimed(hint: &str) -> Option<String> {
    let id = Uuid::try_parse(hint.trim()).ok()?;
    (!id.is_nil() && !id.is_max()).then(|| id.hyphenated().to_string())
}

fn new_id() -> String {
    Uuid::new_v4().hyphenated().to_string()
}

fn parse(bot: &str) -> Result<BotId, StoreError> {
    Uuid::try_parse(bot).map(BotId).map_err(|_| StoreError::Damaged("folder list"))
}
