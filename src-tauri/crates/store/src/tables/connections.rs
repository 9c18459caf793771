//! The connections, each with its sealed grant. The columns of the refresh are written in `refresh`.

use rusqlite::{Connection as Engine, OptionalExtension, Row, params};

use super::time;
use crate::cells::Sealed;
use crate::connections::Connection;
use crate::refresh::Refresh;

/// In the order in which [`known`] reads them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, alias, persona, provider, practice, facts, version, created_at, changed_at, used_at, ",
            "lease_by, lease_until, started_at, failures, retry_at FROM connections WHERE bot = ?1 ",
            $rest
        )
    };
}

fn known(row: &Row<'_>) -> rusqlite::Result<Connection> {
    let at = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(time));
    let persona: String = row.get(2)?;
    Ok(Connection {
        id: row.get(0)?,
        alias: row.get(1)?,
        // The bot's own: an empty text, because two NULLs would count as different in a unique key.
        persona: (!persona.is_empty()).then_some(persona),
        provider: row.get(3)?,
        practice: row.get(4)?,
        facts: row.get(5)?,
        version: row.get::<_, i64>(6)?.unsigned_abs(),
        created_at: time(row.get(7)?),
        changed_at: time(row.get(8)?),
        used_at: at(9)?,
        refresh: Refresh {
            lease_by: row.get(10)?,
            lease_until: at(11)?,
            started_at: at(12)?,
            failures: row.get(13)?,
            retry_at: at(14)?,
        },
    })
}

pub(crate) fn list(engine: &Engine, bot: &str) -> rusqlite::Result<Vec<Connection>> {
    engine.prepare_cached(select!("ORDER BY alias, persona"))?.query_map([bot], known)?.collect()
}

pub(crate) fn get(engine: &Engine, bot: &str, id: &str) -> rusqlite::Result<Option<Connection>> {
    engine.prepare_cached(select!("AND id = ?2"))?.query_row((bot, id), known).optional()
}

pub(crate) fn at(engine: &Engine, bot: &str, alias: &str, persona: &str) -> rusqlite::Result<Option<Connection>> {
    let sql = select!("AND alias = ?2 AND persona = ?3");
    engine.prepare_cached(sql)?.query_row((bot, alias, persona), known).optional()
}

pub(crate) fn sealed(engine: &Engine, bot: &str, id: &str) -> rusqlite::Result<Option<Sealed>> {
    let sql = "SELECT key_id, sealed FROM connections WHERE bot = ?1 AND id = ?2";
    let sealed = |row: &Row<'_>| Ok(Sealed { key_id: row.get(0)?, bytes: row.get(1)? });
    engine.prepare_cached(sql)?.query_row((bot, id), sealed).optional()
}

/// Adds a connection that was never refreshed, at version 1.
pub(crate) fn insert(engine: &Engine, bot: &str, new: &Connection, sealed: &Sealed) -> rusqlite::Result<()> {
    let sql = "INSERT INTO connections
               (id, bot, alias, persona, provider, practice, facts, key_id, sealed, version, created_at, changed_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1, ?10, ?10)";
    let persona = new.persona.as_deref().unwrap_or_default();
    let at = new.created_at.as_millisecond();
    let Sealed { key_id, bytes } = sealed;
    engine
        .execute(
            sql,
            params![new.id, bot, new.alias, persona, new.provider, new.practice, new.facts, key_id, bytes, at],
        )
        .map(drop)
}

/// Writes another grant and raises the version.
pub(crate) fn set_grant(engine: &Engine, id: &str, sealed: &Sealed, at: i64) -> rusqlite::Result<()> {
    let sql = "UPDATE connections SET key_id = ?2, sealed = ?3, changed_at = ?4, version = version + 1 WHERE id = ?1";
    engine.execute(sql, params![id, sealed.key_id, sealed.bytes, at]).map(drop)
}

pub(crate) fn set_facts(engine: &Engine, bot: &str, id: &str, facts: &str) -> rusqlite::Result<bool> {
    let sql = "UPDATE connections SET facts = ?3 WHERE bot = ?1 AND id = ?2";
    engine.execute(sql, (bot, id, facts)).map(|rows| rows > 0)
}

pub(crate) fn mark_used(engine: &Engine, bot: &str, id: &str, at: i64) -> rusqlite::Result<()> {
    engine.execute("UPDATE connections SET used_at = ?3 WHERE bot = ?1 AND id = ?2", (bot, id, at)).map(drop)
}

pub(crate) fn remove(engine: &Engine, bot: &str, id: &str) -> rusqlite::Result<bool> {
    engine.execute("DELETE FROM connections WHERE bot = ?1 AND id = ?2", (bot, id)).map(|rows| rows > 0)
}

/// Removes all connections of a persona.
pub(crate) fn remove_of(engine: &Engine, bot: &str, persona: &str) -> rusqlite::Result<()> {
    engine.execute("DELETE FROM connections WHERE bot = ?1 AND persona = ?2", (bot, persona)).map(drop)
}
