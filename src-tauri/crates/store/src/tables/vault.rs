//! The one row that says whether there is a vault and how it is opened.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::vault::Protection;

/// The stored header. `Pending` means that a key may have been written to the keychain but nothing is sealed yet.
pub(crate) enum Header {
    Pending { uuid: String },
    Active(Active),
}

pub(crate) struct Active {
    pub(crate) uuid: String,
    /// `Keychain` or `Passphrase`, never `Session`.
    pub(crate) protection: Protection,
    pub(crate) check_value: Vec<u8>,
    /// Only with a passphrase: its parameters, and the vault key sealed under it.
    pub(crate) by_passphrase: Option<(Vec<u8>, Vec<u8>)>,
    /// The vault key, sealed under the recovery key.
    pub(crate) by_recovery: Vec<u8>,
}

pub(crate) fn read(connection: &Connection) -> rusqlite::Result<Option<Header>> {
    let sql =
        "SELECT uuid, state, protection, check_value, stretch, by_passphrase, by_recovery FROM vault WHERE id = 1";
    connection.prepare_cached(sql)?.query_row([], header).optional()
}

fn header(row: &Row<'_>) -> rusqlite::Result<Header> {
    let uuid = row.get(0)?;
    if row.get::<_, String>(1)? == "pending" {
        return Ok(Header::Pending { uuid });
    }
    let (stretch, by_passphrase): (Option<_>, Option<_>) = (row.get(4)?, row.get(5)?);
    let protection = if row.get::<_, String>(2)? == "keychain" { Protection::Keychain } else { Protection::Passphrase };
    Ok(Header::Active(Active {
        uuid,
        protection,
        check_value: row.get(3)?,
        by_passphrase: stretch.zip(by_passphrase),
        by_recovery: row.get(6)?,
    }))
}

/// Announces a vault whose key is about to be written to the keychain.
pub(crate) fn announce(connection: &Connection, uuid: &str) -> rusqlite::Result<()> {
    let sql = "INSERT INTO vault (id, uuid, state, protection) VALUES (1, ?1, 'pending', 'keychain')";
    connection.execute(sql, [uuid]).map(drop)
}

/// Writes the whole header.
pub(crate) fn write(connection: &Connection, active: &Active) -> rusqlite::Result<()> {
    let sql = "REPLACE INTO vault (id, uuid, state, protection, check_value, stretch, by_passphrase, by_recovery)
               VALUES (1, ?1, 'active', ?2, ?3, ?4, ?5, ?6)";
    let protection = if active.protection == Protection::Keychain { "keychain" } else { "passphrase" };
    let (stretch, by_passphrase) = active.by_passphrase.as_ref().map(|(stretch, sealed)| (stretch, sealed)).unzip();
    connection
        .execute(sql, params![active.uuid, protection, active.check_value, stretch, by_passphrase, active.by_recovery])
        .map(drop)
}
