//! The secrets of bots: set, get, list, remove with undo.

use std::fmt;

use jiff::Timestamp;
use rusqlite::Connection;
use uuid::Uuid;

use crate::cells::{Sealed, VALUE};
use crate::identity::BotId;
use crate::secret::Secret;
use crate::tables::removed::{self, Removed};
use crate::tables::secrets::{self, Row};
use crate::{State, Store, StoreError, database};

/// The longest value, in bytes of UTF-8.
pub const VALUE_LIMIT: usize = 64 * 1024;
/// The longest alias, in bytes of UTF-8.
pub const ALIAS_LIMIT: usize = 256;
/// How long a removal can be undone, in seconds.
pub const UNDO_SECONDS: i64 = 10;

const USE_RECORDED_EVERY_MS: i64 = 60_000;

/// What is known about a secret without opening it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretMeta {
    /// The alias.
    pub alias: String,
    /// When the value was set.
    pub changed_at: Timestamp,
    /// When it was last read, to the minute; `None` if never since it was set.
    pub last_used_at: Option<Timestamp>,
}

/// Names one removal for [`Store::restore`]. Its text may travel and come back with [`Undo::from`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Undo(String);

impl From<String> for Undo {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Undo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Store {
    /// Seals and keeps a value, replacing an earlier one. All or nothing, also when the machine fails meanwhile.
    pub fn set(&self, bot: BotId, alias: &str, value: &Secret<String>) -> Result<(), StoreError> {
        within("alias", alias, ALIAS_LIMIT)?;
        let too_large = StoreError::TooLarge { what: "value", limit: VALUE_LIMIT };
        (value.expose().len() <= VALUE_LIMIT).then_some(()).ok_or(too_large)?;
        let (bot, now) = (bot.to_string(), self.now());
        self.with_key(|state, key| {
            state.write_vault(|connection| {
                removed::purge(connection, now - UNDO_SECONDS * 1000, now)?;
                let Sealed { key_id, bytes } = VALUE.seal(connection, key, &bot, alias, value)?;
                secrets::put(connection, &bot, alias, &Row { key_id, sealed: bytes, changed_at: now, used_at: None })?;
                Ok(())
            })
        })
    }

    /// Opens a value; `None` if none is set, which needs neither vault nor key. Also notes the use, at most once a minute,
    /// without ever failing for that.
    pub fn get(&self, bot: BotId, alias: &str) -> Result<Option<Secret<String>>, StoreError> {
        let (bot, now) = (bot.to_string(), self.now());
        if !self.is_set(&bot, alias)? {
            return Ok(None);
        }
        self.with_key(|state, key| {
            let connection = state.vault_connection();
            let Some(row) = secrets::get(connection, &bot, alias)? else { return Ok(None) };
            let sealed = Sealed { key_id: row.key_id, bytes: row.sealed };
            let value = VALUE.open(connection, key, &bot, alias, &sealed)?;
            if due(row.used_at, now) {
                state.note_use(|connection| secrets::mark_used(connection, &bot, alias, now));
            }
            Ok(Some(value))
        })
    }

    fn is_set(&self, bot: &str, alias: &str) -> Result<bool, StoreError> {
        let state = self.state();
        state.check_usable()?;
        Ok(secrets::get(state.vault_connection(), bot, alias)?.is_some())
    }

    /// What is known about a bot's secrets, by alias. Works on a locked vault; empty without one.
    pub fn list(&self, bot: BotId) -> Result<Vec<SecretMeta>, StoreError> {
        let state = self.state();
        // A vault that cannot be read is not an empty one.
        state.check_usable()?;
        Ok(secrets::list(state.vault_connection(), &bot.to_string())?)
    }

    /// Removes a value. It stays sealed for ten seconds, in which [`Store::restore`] brings it back. Works on a locked vault.
    pub fn remove(&self, bot: BotId, alias: &str) -> Result<Undo, StoreError> {
        let (bot, now) = (bot.to_string(), self.now());
        let undo = Undo(Uuid::new_v4().to_string());
        let mut state = self.state();
        state.check_usable()?;
        state.write_vault(|connection| {
            removed::purge(connection, now - UNDO_SECONDS * 1000, now)?;
            let row = secrets::get(connection, &bot, alias)?.ok_or(StoreError::NotFound)?;
            secrets::remove(connection, &bot, alias)?;
            removed::put(connection, &undo.0, &Removed { bot: bot.clone(), alias: alias.to_owned(), row }, now)?;
            Ok(())
        })?;
        database::empty_log(&state.connection);
        Ok(undo)
    }

    /// Undoes a removal. [`StoreError::NotFound`] after ten seconds, [`StoreError::AlreadySet`] if a new value stands there.
    pub fn restore(&self, undo: &Undo) -> Result<(), StoreError> {
        let now = self.now();
        self.state().write_vault(|connection| {
            removed::purge(connection, now - UNDO_SECONDS * 1000, now)?;
            let removed = removed::get(connection, &undo.0)?.ok_or(StoreError::NotFound)?;
            if secrets::get(connection, &removed.bot, &removed.alias)?.is_some() {
                return Err(StoreError::AlreadySet);
            }
            secrets::put(connection, &removed.bot, &removed.alias, &removed.row)?;
            removed::forget(connection, &undo.0)?;
            Ok(())
        })
    }

    /// Deletes removed values whose ten seconds are over, from the file and its log. Also done at every start and write.
    pub fn purge(&self) -> Result<(), StoreError> {
        let now = self.now();
        let mut state = self.state();
        if !removed::any(state.vault_connection())? {
            return Ok(());
        }
        let purged = state.write_vault(|connection| Ok(removed::purge(connection, now - UNDO_SECONDS * 1000, now)?))?;
        if purged > 0 {
            database::empty_log(&state.connection);
        }
        Ok(())
    }
}

impl State {
    /// Reading a secret must not wait for another process's write, so here a busy file just means no note.
    pub(crate) fn note_use(&mut self, mark: impl FnOnce(&Connection) -> rusqlite::Result<()>) {
        let connection = self.vault_connection();
        match database::without_waiting(connection, || mark(connection)) {
            Ok(()) => self.writes += 1,
            Err(error) => tracing::debug!(%error, "the use of a secret was not noted"),
        }
    }
}

/// Whether a use at `now` is worth a note after the last noted one.
pub(crate) fn due(used_at: Option<i64>, now: i64) -> bool {
    used_at.is_none_or(|used| (now - used).abs() >= USE_RECORDED_EVERY_MS)
}

pub(crate) fn within(what: &'static str, text: &str, limit: usize) -> Result<(), StoreError> {
    match text.len() {
        0 => Err(StoreError::Empty(what)),
        length if length > limit => Err(StoreError::TooLarge { what, limit }),
        _ => Ok(()),
    }
}
