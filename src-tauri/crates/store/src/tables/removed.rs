//! Removed values, still sealed, kept for the few seconds in which a removal can be undone.

use rusqlite::{Connection, OptionalExtension, params};

use super::secrets::Row;

/// A removed value and where it came from.
pub(crate) struct Removed {
    pub(crate) bot: String,
    pub(crate) alias: String,
    pub(crate) row: Row,
}

pub(crate) fn put(connection: &Connection, undo: &str, removed: &Removed, at: i64) -> rusqlite::Result<()> {
    let sql = "INSERT INTO removed (undo, bot, alias, key_id, sealed, changed_at, used_at, removed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let row = &removed.row;
    connection
        .execute(
            sql,
            params![undo, removed.bot, removed.alias, row.key_id, row.sealed, row.changed_at, row.used_at, at],
        )
        .map(drop)
}

pub(crate) fn get(connection: &Connection, undo: &str) -> rusqlite::Result<Option<Removed>> {
    let sql = "SELECT bot, alias, key_id, sealed, changed_at, used_at FROM removed WHERE undo = ?1";
    let removed = |row: &rusqlite::Row<'_>| {
        let sealed = Row { key_id: row.get(2)?, sealed: row.get(3)?, changed_at: row.get(4)?, used_at: row.get(5)? };
        Ok(Removed { bot: row.get(0)?, alias: row.get(1)?, row: sealed })
    };
    connection.query_row(sql, [undo], removed).optional()
}

pub(crate) fn forget(connection: &Connection, undo: &str) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM removed WHERE undo = ?1", [undo]).map(drop)
}

/// Deletes what was removed outside the span from `since` to `until`; a removal "in the future" only shows that the clock was set.
pub(crate) fn purge(connection: &Connection, since: i64, until: i64) -> rusqlite::Result<usize> {
    connection.execute("DELETE FROM removed WHERE removed_at <= ?1 OR removed_at > ?2", (since, until))
}

pub(crate) fn any(connection: &Connection) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM removed)")?.query_row([], |row| row.get(0))
}
