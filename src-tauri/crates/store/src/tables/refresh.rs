//! The columns of `connections` by which processes agree on who refreshes, and the journal of what was begun.

use rusqlite::Connection;

pub(crate) fn take(connection: &Connection, id: &str, owner: &str, until: i64) -> rusqlite::Result<()> {
    let sql = "UPDATE connections SET lease_by = ?2, lease_until = ?3 WHERE id = ?1";
    connection.execute(sql, (id, owner, until)).map(drop)
}

/// When a refresh was begun that somebody else than `owner` never finished.
pub(crate) fn interrupted(connection: &Connection, id: &str, owner: &str) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT iif(started_by = ?2, NULL, started_at) FROM connections WHERE id = ?1";
    connection.query_row(sql, (id, owner), |row| row.get(0))
}

pub(crate) fn start(connection: &Connection, id: &str, owner: &str, at: i64) -> rusqlite::Result<()> {
    let sql = "UPDATE connections SET started_by = ?2, started_at = ?3 WHERE id = ?1";
    connection.execute(sql, (id, owner, at)).map(drop)
}

/// Ends lease and journal, and forgets earlier failures.
pub(crate) fn finish(connection: &Connection, id: &str) -> rusqlite::Result<()> {
    let sql = "UPDATE connections SET lease_by = NULL, lease_until = NULL, started_by = NULL, started_at = NULL,
               failures = 0, retry_at = NULL WHERE id = ?1";
    connection.execute(sql, [id]).map(drop)
}

/// Ends lease and journal, and counts a failure.
pub(crate) fn fail(connection: &Connection, id: &str, retry_at: Option<i64>) -> rusqlite::Result<()> {
    let sql = "UPDATE connections SET lease_by = NULL, lease_until = NULL, started_by = NULL, started_at = NULL,
               failures = failures + 1, retry_at = ?2 WHERE id = ?1";
    connection.execute(sql, (id, retry_at)).map(drop)
}

/// Ends a lease; of the journal only what its own holder wrote.
pub(crate) fn release(connection: &Connection, id: &str, owner: &str) -> rusqlite::Result<()> {
    let sql = "UPDATE connections SET lease_by = NULL, lease_until = NULL,
               started_at = iif(started_by = ?2, NULL, started_at), started_by = nullif(started_by, ?2) WHERE id = ?1";
    connection.execute(sql, (id, owner)).map(drop)
}
