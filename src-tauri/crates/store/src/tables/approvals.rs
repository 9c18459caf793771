//! What the person decided about a bot's aliases: which hosts they may be sent to, and whether they are practised.

use rusqlite::{Connection, OptionalExtension};

use super::time;
use crate::approvals::Approval;

pub(crate) fn list(connection: &Connection, bot: &str) -> rusqlite::Result<Vec<Approval>> {
    let sql = "SELECT alias, host, approved_at FROM approvals WHERE bot = ?1 ORDER BY alias, host";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([bot], |row| {
        Ok(Approval { alias: row.get(0)?, host: row.get(1)?, approved_at: time(row.get(2)?) })
    })?;
    rows.collect()
}

/// Adds an approval; one that stands keeps its time.
pub(crate) fn add(connection: &Connection, bot: &str, alias: &str, host: &str, at: i64) -> rusqlite::Result<()> {
    let sql = "INSERT INTO approvals (bot, alias, host, approved_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
    connection.execute(sql, (bot, alias, host, at)).map(drop)
}

pub(crate) fn remove(connection: &Connection, bot: &str, alias: &str, host: &str) -> rusqlite::Result<()> {
    let sql = "DELETE FROM approvals WHERE bot = ?1 AND alias = ?2 AND host = ?3";
    connection.execute(sql, (bot, alias, host)).map(drop)
}

pub(crate) fn practice(connection: &Connection, bot: &str, alias: &str) -> rusqlite::Result<Option<bool>> {
    let sql = "SELECT practice FROM practice_choices WHERE bot = ?1 AND alias = ?2";
    connection.prepare_cached(sql)?.query_row((bot, alias), |row| row.get(0)).optional()
}

pub(crate) fn set_practice(
    connection: &Connection,
    bot: &str,
    alias: &str,
    practice: Option<bool>,
) -> rusqlite::Result<()> {
    let put = "REPLACE INTO practice_choices (bot, alias, practice) VALUES (?1, ?2, ?3)";
    match practice {
        Some(practice) => connection.execute(put, (bot, alias, practice)),
        None => connection.execute("DELETE FROM practice_choices WHERE bot = ?1 AND alias = ?2", (bot, alias)),
    }
    .map(drop)
}

/// Removes everything of a bot from both tables.
pub(crate) fn remove_all(connection: &Connection, bot: &str) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM approvals WHERE bot = ?1", [bot])?;
    connection.execute("DELETE FROM practice_choices WHERE bot = ?1", [bot]).map(drop)
}
