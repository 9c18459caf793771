//! Sealed client secrets: of a bot by alias, or of the whole machine by provider.

use rusqlite::{Connection, OptionalExtension, params};

use crate::cells::Sealed;

pub(crate) fn get(connection: &Connection, bot: &str, name: &str) -> rusqlite::Result<Option<Sealed>> {
    let sql = "SELECT key_id, sealed FROM client_secrets WHERE bot = ?1 AND name = ?2";
    let sealed = |row: &rusqlite::Row<'_>| Ok(Sealed { key_id: row.get(0)?, bytes: row.get(1)? });
    connection.prepare_cached(sql)?.query_row((bot, name), sealed).optional()
}

pub(crate) fn names(connection: &Connection, bot: &str) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT name FROM client_secrets WHERE bot = ?1 ORDER BY name";
    connection.prepare_cached(sql)?.query_map([bot], |row| row.get(0))?.collect()
}

pub(crate) fn put(connection: &Connection, bot: &str, name: &str, sealed: &Sealed) -> rusqlite::Result<()> {
    let sql = "REPLACE INTO client_secrets (bot, name, key_id, sealed) VALUES (?1, ?2, ?3, ?4)";
    connection.execute(sql, params![bot, name, sealed.key_id, sealed.bytes]).map(drop)
}

pub(crate) fn remove(connection: &Connection, bot: &str, name: &str) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM client_secrets WHERE bot = ?1 AND name = ?2", (bot, name)).map(drop)
}
