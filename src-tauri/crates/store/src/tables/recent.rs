//! Recently opened bots.

use std::path::Path;

use rusqlite::{Connection, params};

use super::{bytes_path, path_bytes, time};
use crate::plain::RecentBot;

pub(crate) fn list(connection: &Connection) -> rusqlite::Result<Vec<RecentBot>> {
    let mut statement = connection
        .prepare_cached("SELECT path, title, last_opened, jacks FROM recent ORDER BY last_opened DESC, path")?;
    let rows = statement.query_map([], |row| {
        Ok(RecentBot {
            path: bytes_path(row.get(0)?),
            title: row.get(1)?,
            last_opened: time(row.get(2)?),
            jacks: row.get(3)?,
        })
    })?;
    rows.collect()
}

/// Writes the entry and drops the oldest beyond `keep`.
pub(crate) fn put(connection: &Connection, bot: &RecentBot, keep: u32) -> rusqlite::Result<()> {
    let sql = "REPLACE INTO recent (path, title, last_opened, jacks) VALUES (?1, ?2, ?3, ?4)";
    connection.execute(sql, params![path_bytes(&bot.path), bot.title, bot.last_opened.as_millisecond(), bot.jacks])?;
    let sql = "DELETE FROM recent WHERE path NOT IN (SELECT path FROM recent ORDER BY last_opened DESC, path LIMIT ?1)";
    connection.execute(sql, [keep]).map(drop)
}

pub(crate) fn remove(connection: &Connection, path: &Path) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM recent WHERE path = ?1", [path_bytes(path)]).map(drop)
}
