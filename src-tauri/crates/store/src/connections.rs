//! Connections: what exists once an integration has been authorised or configured. The grant is sealed, everything else plain.

use jiff::Timestamp;
use rusqlite::Connection as Engine;
use uuid::Uuid;

use crate::cells::{GRANT, grant_row};
use crate::identity::BotId;
use crate::refresh::Refresh;
use crate::secret::{Key, Secret};
use crate::secrets::{ALIAS_LIMIT, due, within};
use crate::tables::connections;
use crate::{Store, StoreError, database};

/// The longest grant, in bytes of UTF-8.
pub const GRANT_LIMIT: usize = 256 * 1024;

/// What is known about a connection without opening its grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// The token id: opaque and random, what scripts hold. 32 lower-case hexadecimal digits.
    pub id: String,
    /// The alias of the manifest entry.
    pub alias: String,
    /// Whose it is; `None` is the bot's own.
    pub persona: Option<String>,
    /// The provider.
    pub provider: String,
    /// Whether it was made at the practice providers.
    pub practice: bool,
    /// A JSON object of the caller's own shape: who, scopes, expiry, last result and so on, never a secret.
    pub facts: String,
    /// 1 at first; rises with every write of the grant.
    pub version: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its grant was written last.
    pub changed_at: Timestamp,
    /// When its grant was opened last, to the minute.
    pub used_at: Option<Timestamp>,
    /// How its refreshing stands.
    pub refresh: Refresh,
}

/// What a connection is made of, besides its grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewConnection<'a> {
    /// As [`Connection::alias`].
    pub alias: &'a str,
    /// As [`Connection::persona`].
    pub persona: Option<&'a str>,
    /// As [`Connection::provider`].
    pub provider: &'a str,
    /// As [`Connection::practice`].
    pub practice: bool,
    /// As [`Connection::facts`].
    pub facts: &'a str,
}

/// What [`Store::put_connection`] did.
#[derive(Debug)]
pub struct Put {
    /// The id of the new connection.
    pub id: String,
    /// The connection that stood in its place, with its grant if that could be opened.
    pub replaced: Option<(Connection, Option<Secret<String>>)>,
}

impl Store {
    /// A bot's connections, by alias and persona. Works on a locked vault; empty without one.
    pub fn connections(&self, bot: BotId) -> Result<Vec<Connection>, StoreError> {
        let state = self.state();
        state.check_usable()?;
        Ok(connections::list(state.vault_connection(), &bot.to_string())?)
    }

    /// One connection of this bot. Works on a locked vault.
    pub fn connection(&self, bot: BotId, id: &str) -> Result<Option<Connection>, StoreError> {
        let state = self.state();
        state.check_usable()?;
        Ok(connections::get(state.vault_connection(), &bot.to_string(), id)?)
    }

    /// The connection of an alias and persona, `None` being the bot's own. Works on a locked vault.
    pub fn connection_of(
        &self,
        bot: BotId,
        alias: &str,
        persona: Option<&str>,
    ) -> Result<Option<Connection>, StoreError> {
        let state = self.state();
        state.check_usable()?;
        let persona = persona.unwrap_or_default();
        Ok(connections::at(state.vault_connection(), &bot.to_string(), alias, persona)?)
    }

    /// Seals a grant and keeps it as a new connection with a new id, in place of the one that the alias and persona had. All or
    /// nothing.
    pub fn put_connection(
        &self,
        bot: BotId,
        new: &NewConnection<'_>,
        grant: &Secret<String>,
    ) -> Result<Put, StoreError> {
        for (what, text) in [("alias", new.alias), ("provider", new.provider)]
            .into_iter()
            .chain(new.persona.map(|text| ("persona", text)))
        {
            within(what, text, ALIAS_LIMIT)?;
        }
        fits(grant)?;
        let (bot, made) = (bot.to_string(), new.made(Timestamp::from_millisecond(self.now()).unwrap_or_default()));
        self.with_key(|state, key| {
            let replaced = state.write_vault(|engine| {
                let before = connections::at(engine, &bot, new.alias, new.persona.unwrap_or_default())?;
                let replaced = before.map(|before| {
                    let grant = open(engine, key, &bot, &before).ok().flatten();
                    connections::remove(engine, &bot, &before.id).map(|_| (before, grant))
                });
                let replaced = replaced.transpose()?;
                let sealed = seal(engine, key, &bot, &made, grant)?;
                connections::insert(engine, &bot, &made, &sealed)?;
                Ok(replaced)
            })?;
            if replaced.is_some() {
                database::empty_log(&state.connection);
            }
            Ok(Put { id: made.id, replaced })
        })
    }

    /// Opens a grant; `None` if this bot has no such connection, which needs neither vault nor key. Also notes the use, at most once
    /// a minute, without ever failing for that.
    pub fn grant(&self, bot: BotId, id: &str) -> Result<Option<(Connection, Secret<String>)>, StoreError> {
        if self.connection(bot, id)?.is_none() {
            return Ok(None);
        }
        let (bot, now) = (bot.to_string(), self.now());
        self.with_key(|state, key| {
            let engine = state.vault_connection();
            let Some(connection) = connections::get(engine, &bot, id)? else { return Ok(None) };
            let Some(grant) = open(engine, key, &bot, &connection)? else { return Ok(None) };
            if due(connection.used_at.map(|at| at.as_millisecond()), now) {
                state.note_use(|engine| connections::mark_used(engine, &bot, id, now));
            }
            Ok(Some((connection, grant)))
        })
    }

    /// Keeps other facts; false if this bot has no such connection. Works on a locked vault.
    pub fn set_facts(&self, bot: BotId, id: &str, facts: &str) -> Result<bool, StoreError> {
        let mut state = self.state();
        state.check_usable()?;
        state.write_vault(|engine| Ok(connections::set_facts(engine, &bot.to_string(), id, facts)?))
    }

    /// Keeps another grant and other facts if the connection still has `version`; false if it is gone or was written meanwhile.
    pub fn replace_grant(
        &self,
        bot: BotId,
        id: &str,
        version: u64,
        grant: &Secret<String>,
        facts: &str,
    ) -> Result<bool, StoreError> {
        fits(grant)?;
        let bot = bot.to_string();
        self.with_key(|state, key| {
            state.write_vault(|engine| match connections::get(engine, &bot, id)? {
                Some(connection) if connection.version == version => {
                    write(engine, key, &bot, &connection, grant, self.now())?;
                    Ok(connections::set_facts(engine, &bot, id, facts)?)
                }
                _ => Ok(false),
            })
        })
    }

    /// Removes a connection at once and for good; false if this bot has no such one. Works on a locked vault.
    pub fn delete_connection(&self, bot: BotId, id: &str) -> Result<bool, StoreError> {
        let mut state = self.state();
        state.check_usable()?;
        let existed = state.write_vault(|engine| Ok(connections::remove(engine, &bot.to_string(), id)?))?;
        database::empty_log(&state.connection);
        Ok(existed)
    }
}

impl NewConnection<'_> {
    fn made(&self, at: Timestamp) -> Connection {
        Connection {
            id: Uuid::new_v4().simple().to_string(),
            alias: self.alias.to_owned(),
            persona: self.persona.map(str::to_owned),
            provider: self.provider.to_owned(),
            practice: self.practice,
            facts: self.facts.to_owned(),
            version: 1,
            created_at: at,
            changed_at: at,
            used_at: None,
            refresh: Refresh::default(),
        }
    }
}

impl Connection {
    fn row(&self) -> String {
        grant_row(&self.id, &self.alias, self.persona.as_deref().unwrap_or_default())
    }
}

pub(crate) fn fits(grant: &Secret<String>) -> Result<(), StoreError> {
    within("sign-in", grant.expose(), GRANT_LIMIT)
}

/// Replaces the grant of a connection that is there.
pub(crate) fn write(
    engine: &Engine,
    key: &Key,
    bot: &str,
    connection: &Connection,
    grant: &Secret<String>,
    now: i64,
) -> Result<(), StoreError> {
    let sealed = seal(engine, key, bot, connection, grant)?;
    Ok(connections::set_grant(engine, &connection.id, &sealed, now)?)
}

fn seal(
    engine: &Engine,
    key: &Key,
    bot: &str,
    connection: &Connection,
    grant: &Secret<String>,
) -> Result<crate::cells::Sealed, StoreError> {
    GRANT.seal(engine, key, bot, &connection.row(), grant)
}

fn open(engine: &Engine, key: &Key, bot: &str, connection: &Connection) -> Result<Option<Secret<String>>, StoreError> {
    let sealed = connections::sealed(engine, bot, &connection.id)?;
    sealed.map(|sealed| GRANT.open(engine, key, bot, &connection.row(), &sealed)).transpose()
}

#[cfg(test)]
mod tests;
