//! Sealed cells: one text in one column of one row, under its bot's data key and a key of its own for every kind of cell.

use rusqlite::Connection;

use crate::StoreError;
use crate::envelope::{self, Place};
use crate::secret::{Key, Secret};
use crate::tables::data_keys;

/// The stored form of a cell.
pub(crate) struct Sealed {
    pub(crate) key_id: u32,
    pub(crate) bytes: Vec<u8>,
}

/// A kind of cell. No two kinds share a key, so that what was sealed for one never opens as another.
pub(crate) struct Cell {
    table: &'static str,
    purpose: &'static str,
    /// What a person calls it.
    what: &'static str,
}

/// A secret of a bot; its row is the alias.
pub(crate) const VALUE: Cell = Cell { table: "secrets", purpose: "value v1", what: "value" };
/// What a connection may do and for whom; its row is [`grant_row`].
pub(crate) const GRANT: Cell = Cell { table: "connections", purpose: "grant v1", what: "sign-in" };
/// A client secret; its row is the alias, or the provider where the bot is [`MACHINE`].
pub(crate) const CLIENT_SECRET: Cell = Cell { table: "client_secrets", purpose: "secret v1", what: "client secret" };

/// Stands in the place of a bot for what belongs to the whole machine. No bot has this id, for it is no uuid.
pub(crate) const MACHINE: &str = "";

impl Cell {
    /// Seals `text` for its row under the bot's newest data key, which is made if the bot has none yet.
    pub(crate) fn seal(
        &self,
        connection: &Connection,
        vault_key: &Key,
        bot: &str,
        row: &str,
        text: &Secret<String>,
    ) -> Result<Sealed, StoreError> {
        let (key_id, data_key) = newest_data_key(connection, vault_key, bot)?;
        let bytes = envelope::seal(&self.key(&data_key), &self.place(bot, row, key_id), text.expose().as_bytes())?;
        Ok(Sealed { key_id, bytes })
    }

    /// Opens what was sealed for this row.
    pub(crate) fn open(
        &self,
        connection: &Connection,
        vault_key: &Key,
        bot: &str,
        row: &str,
        sealed: &Sealed,
    ) -> Result<Secret<String>, StoreError> {
        let damaged = || StoreError::Damaged(self.what);
        let wrapped = data_keys::get(connection, bot, sealed.key_id)?.ok_or_else(damaged)?;
        let place = sealed.key_id.to_string();
        let data_key = envelope::unseal_key(&wrapping_key(vault_key), &key_place(bot, &place), &wrapped);
        let data_key = data_key.map_err(|_| damaged())?;
        let opened = envelope::unseal(&self.key(&data_key), &self.place(bot, row, sealed.key_id), &sealed.bytes);
        let opened = opened.map_err(|_| damaged())?;
        let text = str::from_utf8(opened.expose()).map_err(|_| damaged())?;
        Ok(Secret::new(text.to_owned()))
    }

    pub(crate) fn key(&self, data_key: &Key) -> Key {
        envelope::derive(data_key, &[self.table, self.purpose])
    }

    pub(crate) fn place<'a>(&self, bot: &'a str, row: &'a str, key_id: u32) -> Place<'a> {
        Place { bot, table: self.table, row, column: "sealed", key_id }
    }
}

/// The row of a grant: besides its id it names whose it is, so that a grant does not open for another persona or alias either.
pub(crate) fn grant_row(id: &str, alias: &str, persona: &str) -> String {
    format!("{id}:{}:{persona}:{alias}", persona.len())
}

/// The bot's key for new cells, made if it has none yet.
fn newest_data_key(connection: &Connection, vault_key: &Key, bot: &str) -> Result<(u32, Key), StoreError> {
    if let Some((key_id, wrapped)) = data_keys::newest(connection, bot)? {
        let key = envelope::unseal_key(&wrapping_key(vault_key), &key_place(bot, &key_id.to_string()), &wrapped)?;
        return Ok((key_id, key));
    }
    let (key_id, key) = (1, Key::random()?);
    let wrapped = envelope::seal(&wrapping_key(vault_key), &key_place(bot, &key_id.to_string()), key.expose())?;
    data_keys::insert(connection, bot, key_id, &wrapped)?;
    Ok((key_id, key))
}

pub(crate) fn wrapping_key(vault_key: &Key) -> Key {
    envelope::derive(vault_key, &["wrap v1"])
}

pub(crate) fn key_place<'a>(bot: &'a str, key_id: &'a str) -> Place<'a> {
    Place { bot, table: "data_keys", row: key_id, column: "wrapped", key_id: envelope::NO_DATA_KEY }
}
