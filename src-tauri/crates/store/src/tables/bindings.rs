//! Which folder is which bot, as approved on this machine.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, params};

use super::{bytes_path, path_bytes};

/// What a folder is bound to.
pub(crate) struct Binding {
    pub(crate) bot: String,
    /// The foreign id that the folder claimed when its person decided about it; the same claim is not asked about again.
    pub(crate) answered: Option<String>,
}

pub(crate) fn at(connection: &Connection, path: &Path) -> rusqlite::Result<Option<Binding>> {
    connection
        .query_row("SELECT bot, answered FROM bindings WHERE path = ?1", [path_bytes(path)], |row| {
            Ok(Binding { bot: row.get(0)?, answered: row.get(1)? })
        })
        .optional()
}

/// Whether anything is kept under this id: a folder, a key, a persona, an answer of the person. A bot whose folder is gone still owns
/// all that.
pub(crate) fn knows(connection: &Connection, bot: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM bindings WHERE bot = ?1) OR EXISTS (SELECT 1 FROM data_keys WHERE bot = ?1)
               OR EXISTS (SELECT 1 FROM approvals WHERE bot = ?1) OR EXISTS (SELECT 1 FROM personas WHERE bot = ?1)
               OR EXISTS (SELECT 1 FROM remembered WHERE bot = ?1)
               OR EXISTS (SELECT 1 FROM practice_choices WHERE bot = ?1)";
    connection.query_row(sql, [bot], |row| row.get(0))
}

/// The folder bound to this id last.
pub(crate) fn last_path(connection: &Connection, bot: &str) -> rusqlite::Result<Option<PathBuf>> {
    let sql = "SELECT path FROM bindings WHERE bot = ?1 ORDER BY bound_at DESC, rowid DESC LIMIT 1";
    connection.query_row(sql, [bot], |row| row.get(0).map(bytes_path)).optional()
}

pub(crate) fn bind(connection: &Connection, path: &Path, binding: &Binding, at: i64) -> rusqlite::Result<()> {
    let sql = "REPLACE INTO bindings (path, bot, answered, bound_at) VALUES (?1, ?2, ?3, ?4)";
    connection.execute(sql, params![path_bytes(path), binding.bot, binding.answered, at]).map(drop)
}

pub(crate) fn unbind(connection: &Connection, path: &Path) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM bindings WHERE path = ?1", [path_bytes(path)]).map(drop)
}

pub(crate) fn unbind_all(connection: &Connection, bot: &str) -> rusqlite::Result<bool> {
    connection.execute("DELETE FROM bindings WHERE bot = ?1", [bot]).map(|rows| rows > 0)
}
