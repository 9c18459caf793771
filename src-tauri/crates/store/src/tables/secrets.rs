//! The sealed values, one per bot and alias.

use rusqlite::{Connection, OptionalExtension, params};

use super::time;
use crate::secrets::SecretMeta;

/// A sealed value and what is known about it without opening it. Times are in milliseconds since 1970.
pub(crate) struct Row {
    pub(crate) key_id: u32,
    pub(crate) sealed: Vec<u8>,
    pub(crate) changed_at: i64,
    pub(crate) used_at: Option<i64>,
}

pub(crate) fn get(connection: &Connection, bot: &str, alias: &str) -> rusqlite::Result<Option<Row>> {
    let sql = "SELECT key_id, sealed, changed_at, used_at FROM secrets WHERE bot = ?1 AND alias = ?2";
    connection
        .prepare_cached(sql)?
        .query_row((bot, alias), |row| {
            Ok(Row { key_id: row.get(0)?, sealed: row.get(1)?, changed_at: row.get(2)?, used_at: row.get(3)? })
        })
        .optional()
}

/// Writes the row, replacing one that stands there.
pub(crate) fn put(connection: &Connection, bot: &str, alias: &str, row: &Row) -> rusqlite::Result<()> {
    let sql = "REPLACE INTO secrets (bot, alias, key_id, sealed, changed_at, used_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    connection.execute(sql, params![bot, alias, row.key_id, row.sealed, row.changed_at, row.used_at]).map(drop)
}

pub(crate) fn remove(connection: &Connection, bot: &str, alias: &str) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM secrets WHERE bot = ?1 AND alias = ?2", (bot, alias)).map(drop)
}

pub(crate) fn mark_used(connection: &Connection, bot: &str, alias: &str, at: i64) -> rusqlite::Result<()> {
    connection.execute("UPDATE secrets SET used_at = ?3 WHERE bot = ?1 AND alias = ?2", (bot, alias, at)).map(drop)
}

/// What is known about a bot's values, by alias.
pub(crate) fn list(connection: &Connection, bot: &str) -> rusqlite::Result<Vec<SecretMeta>> {
    let mut statement =
        connection.prepare_cached("SELECT alias, changed_at, used_at FROM secrets WHERE bot = ?1 ORDER BY alias")?;
    let rows = statement.query_map([bot], |row| {
        Ok(SecretMeta {
            alias: row.get(0)?,
            changed_at: time(row.get(1)?),
            last_used_at: row.get::<_, Option<i64>>(2)?.map(time),
        })
    })?;
    rows.collect()
}
