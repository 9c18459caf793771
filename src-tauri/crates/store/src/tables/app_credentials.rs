//! The open part of app credentials, one row per provider.

use rusqlite::Connection;

use super::time;
use crate::app_credentials::AppCredentials;

/// All rows by provider; whether a secret is kept is not known here.
pub(crate) fn list(connection: &Connection) -> rusqlite::Result<Vec<AppCredentials>> {
    let sql = "SELECT provider, settings, changed_at FROM app_credentials ORDER BY provider";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| {
        let (provider, settings, changed_at) = (row.get(0)?, row.get(1)?, time(row.get(2)?));
        Ok(AppCredentials { provider, settings, has_secret: false, changed_at })
    })?;
    rows.collect()
}

pub(crate) fn put(connection: &Connection, provider: &str, settings: &str, at: i64) -> rusqlite::Result<()> {
    let sql = "REPLACE INTO app_credentials (provider, settings, changed_at) VALUES (?1, ?2, ?3)";
    connection.execute(sql, (provider, settings, at)).map(drop)
}

pub(crate) fn remove(connection: &Connection, provider: &str) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM app_credentials WHERE provider = ?1", [provider]).map(drop)
}
