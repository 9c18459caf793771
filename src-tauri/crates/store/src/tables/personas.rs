//! The personas of bots, and what scripts remembered of each.

use rusqlite::{Connection, OptionalExtension, params};

use crate::personas::Persona;

pub(crate) fn list(connection: &Connection, bot: &str) -> rusqlite::Result<Vec<Persona>> {
    let sql = "SELECT id, name, fields, position FROM personas WHERE bot = ?1 ORDER BY position, id";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([bot], |row| {
        Ok(Persona { id: row.get(0)?, name: row.get(1)?, fields: row.get(2)?, position: row.get(3)? })
    })?;
    rows.collect()
}

pub(crate) fn put(connection: &Connection, bot: &str, persona: &Persona) -> rusqlite::Result<()> {
    let sql = "REPLACE INTO personas (bot, id, name, fields, position) VALUES (?1, ?2, ?3, ?4, ?5)";
    connection.execute(sql, params![bot, persona.id, persona.name, persona.fields, persona.position]).map(drop)
}

/// Removes a persona and what is remembered of it.
pub(crate) fn remove(connection: &Connection, bot: &str, id: &str) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM personas WHERE bot = ?1 AND id = ?2", (bot, id))?;
    forget(connection, bot, id)
}

pub(crate) fn remembered(connection: &Connection, bot: &str, persona: &str) -> rusqlite::Result<Option<String>> {
    let sql = "SELECT json FROM remembered WHERE bot = ?1 AND persona = ?2";
    connection.prepare_cached(sql)?.query_row((bot, persona), |row| row.get(0)).optional()
}

pub(crate) fn remember(connection: &Connection, bot: &str, persona: &str, json: &str) -> rusqlite::Result<()> {
    let sql = "REPLACE INTO remembered (bot, persona, json) VALUES (?1, ?2, ?3)";
    connection.prepare_cached(sql)?.execute((bot, persona, json)).map(drop)
}

pub(crate) fn forget(connection: &Connection, bot: &str, persona: &str) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM remembered WHERE bot = ?1 AND persona = ?2", (bot, persona)).map(drop)
}

/// Removes everything of a bot from both tables.
pub(crate) fn remove_all(connection: &Connection, bot: &str) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM personas WHERE bot = ?1", [bot])?;
    connection.execute("DELETE FROM remembered WHERE bot = ?1", [bot]).map(drop)
}
