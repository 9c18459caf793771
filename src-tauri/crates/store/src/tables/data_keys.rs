//! One sealed data key per bot and key id. Without its row a bot's values can never be read again.

use rusqlite::{Connection, OptionalExtension};

/// The newest key of a bot: its id and the sealed key.
pub(crate) fn newest(connection: &Connection, bot: &str) -> rusqlite::Result<Option<(u32, Vec<u8>)>> {
    let sql = "SELECT key_id, wrapped FROM data_keys WHERE bot = ?1 ORDER BY key_id DESC LIMIT 1";
    connection.prepare_cached(sql)?.query_row([bot], |row| Ok((row.get(0)?, row.get(1)?))).optional()
}

pub(crate) fn get(connection: &Connection, bot: &str, key_id: u32) -> rusqlite::Result<Option<Vec<u8>>> {
    let sql = "SELECT wrapped FROM data_keys WHERE bot = ?1 AND key_id = ?2";
    connection.prepare_cached(sql)?.query_row((bot, key_id), |row| row.get(0)).optional()
}

pub(crate) fn insert(connection: &Connection, bot: &str, key_id: u32, wrapped: &[u8]) -> rusqlite::Result<()> {
    connection
        .execute("INSERT INTO data_keys (bot, key_id, wrapped) VALUES (?1, ?2, ?3)", (bot, key_id, wrapped))
        .map(drop)
}

/// Removes a bot's keys and, through their references, all its sealed values.
pub(crate) fn remove_all(connection: &Connection, bot: &str) -> rusqlite::Result<bool> {
    connection.execute("DELETE FROM data_keys WHERE bot = ?1", [bot]).map(|rows| rows > 0)
}
