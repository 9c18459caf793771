//! The file `vault.db`: made in one piece, looked at before it is touched, opened with the settings that a vault needs.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use fs4::FileExt;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};

use crate::error::{StoreError, UnusableReason};

/// `PBVT`, so that a foreign file of the same kind is told from ours.
const APPLICATION_ID: i32 = 0x5042_5654;
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// How long to wait for another process's write.
const PATIENCE: Duration = Duration::from_secs(5);
/// More than there are different statements, so that none is ever prepared twice.
const STATEMENTS_KEPT: usize = 128;
const FILE: &str = "vault.db";
const UNFINISHED: &str = ".vault-new-";

/// Only ever appended to. The version in a file counts how many of them it has seen.
const MIGRATIONS: &[M<'static>] = &[M::up(include_str!("migrations/1.sql")), M::up(include_str!("migrations/2.sql"))];

/// The data folder and what stands in it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Waits for the lock that one process holds while a file or vault is being made; dropped with the returned handle.
    pub(crate) fn lock(&self) -> Result<File, StoreError> {
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        private(&mut options);
        let file = options.open(self.0.join("vault.lock"))?;
        FileExt::lock(&file)?;
        Ok(file)
    }

    /// Opens the file, making it first if there is none. A file that cannot be used is left untouched, byte for byte.
    pub(crate) fn open(&self) -> Result<Connection, UnusableReason> {
        self.open_or_fail().map_err(|error| {
            tracing::warn!(%error, "the data file cannot be used");
            match error {
                StoreError::VaultUnusable(reason) => reason,
                StoreError::DiskFull => UnusableReason::DiskFull,
                StoreError::ReadOnly => UnusableReason::ReadOnly,
                StoreError::Damaged(_) => UnusableReason::Damaged,
                _ => UnusableReason::Unreachable,
            }
        })
    }

    fn open_or_fail(&self) -> Result<Connection, StoreError> {
        make_private_folder(&self.0)?;
        let path = self.0.join(FILE);
        if !path.try_exists()? {
            self.make(&path)?;
        }
        inspect(&path)?;
        tighten(&path)?;
        let mut connection =
            Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        prepare(&connection)?;
        if version(&connection)? < MIGRATIONS.len() {
            let _lock = self.lock()?;
            migrate(&mut connection)?;
        }
        Ok(connection)
    }

    /// Builds the file under another name and gives it its own only when it is whole, so that a crash leaves none rather than half.
    fn make(&self, path: &Path) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        self.sweep();
        if path.try_exists()? {
            return Ok(());
        }
        let unfinished = tempfile::Builder::new().prefix(UNFINISHED).suffix(".db").tempfile_in(&self.0)?;
        let mut connection = Connection::open(unfinished.path())?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        migrate(&mut connection)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.close().map_err(|(_, error)| error)?;
        unfinished.as_file().sync_all()?;
        unfinished.persist_noclobber(path).map_err(|error| error.error)?;
        sync_folder(&self.0)
    }

    /// Removes what a process left behind that died while making the file. Only called with the lock held.
    fn sweep(&self) {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        for entry in entries.filter(|entry| starts_with(&entry.file_name(), UNFINISHED)) {
            if let Err(error) = fs::remove_file(entry.path()) {
                tracing::debug!(%error, "an unfinished file could not be removed");
            }
        }
    }
}

/// A store without a file, with the same tables.
pub(crate) fn in_memory() -> Result<Connection, StoreError> {
    let mut connection = Connection::open_in_memory()?;
    prepare(&connection)?;
    migrate(&mut connection)?;
    Ok(connection)
}

/// A number that changes when another connection has written to the file.
pub(crate) fn seen(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "data_version", |row| row.get(0))
}

/// Moves the log into the file and empties it, so that deleted rows are in neither. Readers elsewhere may put it off.
pub(crate) fn empty_log(connection: &Connection) {
    let busy: rusqlite::Result<i64> = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
    if !matches!(busy, Ok(0)) {
        tracing::debug!("the log was not emptied; the next removal does it");
    }
}

/// Runs `work` so that it fails at once instead of waiting for another process's write.
pub(crate) fn without_waiting<T>(
    connection: &Connection,
    work: impl FnOnce() -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    connection.busy_timeout(Duration::ZERO)?;
    let done = work();
    connection.busy_timeout(PATIENCE)?;
    done
}

/// Looks at an existing file without changing a byte of it.
fn inspect(path: &Path) -> Result<(), StoreError> {
    let length = fs::metadata(path)?.len();
    let mut head = Vec::new();
    File::open(path)?.take(100).read_to_end(&mut head)?;
    if length == 0 {
        return Err(UnusableReason::Empty.into());
    }
    let common = head.len().min(MAGIC.len());
    if head[..common] != MAGIC[..common] {
        return Err(UnusableReason::NotAVault.into());
    }
    if length < 512 || (length % page_size(&head) != 0 && !has_log(path)) {
        return Err(UnusableReason::Truncated.into());
    }
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.busy_timeout(PATIENCE)?;
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if application != APPLICATION_ID {
        return Err(UnusableReason::NotAVault.into());
    }
    if version(&connection)? > MIGRATIONS.len() {
        return Err(UnusableReason::LaterVersion.into());
    }
    let verdict: String = connection.pragma_query_value(None, "quick_check", |row| row.get(0))?;
    if verdict != "ok" {
        return Err(UnusableReason::Damaged.into());
    }
    Ok(())
}

/// Bytes 16 and 17 of the header; the value 1 stands for 65,536 (<https://sqlite.org/fileformat2.html#page_size>).
fn page_size(head: &[u8]) -> u64 {
    match head.get(16..18) {
        Some([0, 1]) => 65_536,
        Some([high, low]) => u64::from(u16::from_be_bytes([*high, *low])).max(1),
        _ => 1,
    }
}

/// With a log beside it, the file itself may rightly be shorter than its header says.
fn has_log(path: &Path) -> bool {
    fs::metadata(path.with_extension("db-wal")).is_ok_and(|log| log.len() > 0)
}

fn prepare(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    for (name, value) in
        [("synchronous", "FULL"), ("foreign_keys", "ON"), ("secure_delete", "ON"), ("temp_store", "MEMORY")]
    {
        connection.pragma_update(None, name, value)?;
    }
    Ok(())
}

fn version(connection: &Connection) -> Result<usize, StoreError> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    usize::try_from(version).map_err(|_| UnusableReason::NotAVault.into())
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    Migrations::from_slice(MIGRATIONS).to_latest(connection).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
        other => StoreError::io(other),
    })
}

fn starts_with(name: &OsStr, prefix: &str) -> bool {
    name.as_encoded_bytes().starts_with(prefix.as_bytes())
}

#[cfg(unix)]
mod rights {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};

    use super::*;

    pub(super) fn private(options: &mut OpenOptions) {
        options.mode(0o600);
    }

    pub(super) fn make_private_folder(path: &Path) -> Result<(), StoreError> {
        Ok(fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?)
    }

    pub(super) fn tighten(path: &Path) -> Result<(), StoreError> {
        let mut rights = fs::metadata(path)?.permissions();
        if rights.mode() & 0o077 != 0 {
            rights.set_mode(0o600);
            fs::set_permissions(path, rights)?;
        }
        Ok(())
    }

    pub(super) fn sync_folder(path: &Path) -> Result<(), StoreError> {
        Ok(File::open(path)?.sync_all()?)
    }
}

/// Elsewhere the user's profile folder is private already, and folders cannot be synced.
#[cfg(not(unix))]
mod rights {
    use super::*;

    pub(super) fn private(_options: &mut OpenOptions) {}

    pub(super) fn make_private_folder(path: &Path) -> Result<(), StoreError> {
        Ok(fs::create_dir_all(path)?)
    }

    pub(super) fn tighten(_path: &Path) -> Result<(), StoreError> {
        Ok(())
    }

    pub(super) fn sync_folder(_path: &Path) -> Result<(), StoreError> {
        Ok(())
    }
}

use rights::{make_private_folder, private, sync_folder, tighten};

#[cfg(test)]
mod tests;
