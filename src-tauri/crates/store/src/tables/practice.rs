//! What the practice providers keep.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::time;
use crate::practice::PracticeRow;

fn row(row: &Row<'_>) -> rusqlite::Result<PracticeRow> {
    Ok(PracticeRow {
        kind: row.get(0)?,
        id: row.get(1)?,
        data: row.get(2)?,
        expires_at: row.get::<_, Option<i64>>(3)?.map(time),
    })
}

pub(crate) fn get(connection: &Connection, kind: &str, id: &str) -> rusqlite::Result<Option<PracticeRow>> {
    let sql = "SELECT kind, id, data, expires_at FROM practice WHERE kind = ?1 AND id = ?2";
    connection.prepare_cached(sql)?.query_row((kind, id), row).optional()
}

pub(crate) fn list(connection: &Connection, kind: &str) -> rusqlite::Result<Vec<PracticeRow>> {
    let sql = "SELECT kind, id, data, expires_at FROM practice WHERE kind = ?1 ORDER BY id";
    connection.prepare_cached(sql)?.query_map([kind], row)?.collect()
}

pub(crate) fn put(connection: &Connection, row: &PracticeRow) -> rusqlite::Result<()> {
    let sql = "REPLACE INTO practice (kind, id, data, expires_at) VALUES (?1, ?2, ?3, ?4)";
    let expires_at = row.expires_at.map(|at| at.as_millisecond());
    connection.prepare_cached(sql)?.execute(params![row.kind, row.id, row.data, expires_at]).map(drop)
}

pub(crate) fn remove(connection: &Connection, kind: &str, id: &str) -> rusqlite::Result<bool> {
    let sql = "DELETE FROM practice WHERE kind = ?1 AND id = ?2";
    connection.prepare_cached(sql)?.execute((kind, id)).map(|rows| rows > 0)
}

/// Removes what expired at `until` or before.
pub(crate) fn purge(connection: &Connection, until: i64) -> rusqlite::Result<usize> {
    connection.execute("DELETE FROM practice WHERE expires_at <= ?1", [until])
}
