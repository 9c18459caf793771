//! Preferences by name, and which bot was open last.

use std::path::{Path, PathBuf};

use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension, ToSql};

use super::{bytes_path, path_bytes};

const LAST_BOT: &str = "last_bot";

/// A value; one that is missing or of another kind reads as `None`, so that a preference never stops the program.
pub(crate) fn get<T: FromSql>(connection: &Connection, name: &str) -> rusqlite::Result<Option<T>> {
    connection
        .prepare_cached("SELECT value FROM settings WHERE name = ?1")?
        .query_row([name], |row| Ok(row.get(0).ok()))
        .optional()
        .map(Option::flatten)
}

pub(crate) fn put(connection: &Connection, name: &str, value: impl ToSql) -> rusqlite::Result<()> {
    connection.prepare_cached("REPLACE INTO settings (name, value) VALUES (?1, ?2)")?.execute((name, value)).map(drop)
}

pub(crate) fn last_bot(connection: &Connection) -> rusqlite::Result<Option<PathBuf>> {
    get::<Vec<u8>>(connection, LAST_BOT).map(|bytes| bytes.map(bytes_path))
}

pub(crate) fn put_last_bot(connection: &Connection, path: Option<&Path>) -> rusqlite::Result<()> {
    match path {
        Some(path) => put(connection, LAST_BOT, path_bytes(path)),
        None => connection.execute("DELETE FROM settings WHERE name = ?1", [LAST_BOT]).map(drop),
    }
}
