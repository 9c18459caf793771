use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use super::*;

fn folder() -> (TempDir, Folder, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::new(dir.path().join("data"));
    let file = dir.path().join("data").join(FILE);
    (dir, folder, file)
}

/// Puts `bytes` where the vault should be: it is refused for `reason`, and not one byte of it changes.
fn check(bytes: &[u8], reason: UnusableReason) {
    let (_dir, folder, file) = folder();
    fs::create_dir_all(&folder.0).unwrap();
    fs::write(&file, bytes).unwrap();
    assert_eq!(folder.open().unwrap_err(), reason);
    assert!(fs::read(&file).unwrap() == bytes, "the file was touched");
}

fn whole() -> Vec<u8> {
    let (_dir, folder, file) = folder();
    drop(folder.open().unwrap());
    fs::read(file).unwrap()
}

/// A good file after some SQL was run on it without our settings.
fn after(sql: &str) -> Vec<u8> {
    let (_dir, folder, file) = folder();
    drop(folder.open().unwrap());
    let connection = Connection::open(&file).unwrap();
    connection.execute_batch(sql).unwrap();
    connection.close().unwrap();
    fs::read(file).unwrap()
}

#[test]
fn migrations_are_valid() {
    Migrations::from_slice(MIGRATIONS).validate().unwrap();
}

/// One row in every table of the first version.
const FIRST_ROWS: &str = "
    INSERT INTO vault VALUES (1, 'u', 'active', 'passphrase', x'01', x'02', x'03', x'04');
    INSERT INTO data_keys VALUES ('b', 1, x'05');
    INSERT INTO secrets VALUES ('b', 'a', 1, x'06', 7, NULL);
    INSERT INTO removed VALUES ('r', 'b', 'a', 1, x'08', 9, 10, 11);
    INSERT INTO bindings VALUES (x'2F62', 'b', 'c', 12);
    INSERT INTO settings VALUES ('theme', 'dark');
    INSERT INTO recent VALUES (x'2F62', 't', 13, '[]');";

/// Every row of the tables of the first version, as text.
fn first_rows(connection: &Connection) -> Vec<String> {
    let tables = ["vault", "data_keys", "secrets", "removed", "bindings", "settings", "recent"];
    let rows = |table| {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let row = |row: &rusqlite::Row<'_>| {
            let cells: Vec<rusqlite::types::Value> = (0..columns).map(|at| row.get(at).unwrap()).collect();
            Ok(format!("{table} {cells:?}"))
        };
        statement.query_map([], row).unwrap().collect::<Result<Vec<_>, _>>().unwrap()
    };
    tables.into_iter().flat_map(rows).collect()
}

#[test]
fn every_older_version_is_brought_up_to_date_and_keeps_every_row() {
    for from in 1..=MIGRATIONS.len() {
        let (_dir, folder, file) = folder();
        fs::create_dir_all(&folder.0).unwrap();
        let mut connection = Connection::open(&file).unwrap();
        Migrations::from_slice(MIGRATIONS).to_version(&mut connection, from).unwrap();
        connection.execute_batch(FIRST_ROWS).unwrap();
        let before = first_rows(&connection);
        assert_eq!(before.len(), 7);
        connection.close().unwrap();
        let connection = folder.open().unwrap();
        assert_eq!(version(&connection).unwrap(), MIGRATIONS.len());
        assert_eq!(first_rows(&connection), before, "from version {from}");
        let there: i64 = connection.query_row("SELECT count(*) FROM connections", [], |row| row.get(0)).unwrap();
        assert_eq!(there, 0);
    }
}

#[test]
fn the_settings_that_a_vault_needs_are_on() {
    let (_dir, folder, _) = folder();
    let connection = folder.open().unwrap();
    let text = |name| connection.pragma_query_value::<String, _>(None, name, |row| row.get(0)).unwrap();
    let number = |name| connection.pragma_query_value::<i64, _>(None, name, |row| row.get(0)).unwrap();
    assert_eq!(text("journal_mode"), "wal");
    assert_eq!((number("synchronous"), number("foreign_keys"), number("secure_delete")), (2, 1, 1));
    assert_eq!((number("busy_timeout"), number("trusted_schema")), (5000, 0));
    assert!(connection.db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE).unwrap());
}

#[test]
fn files_are_for_their_owner_only() {
    let (_dir, folder, file) = folder();
    let connection = folder.open().unwrap();
    connection.execute("INSERT INTO settings VALUES ('a', 1)", []).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.0), 0o700);
    let names: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(names.len() >= 4, "{names:?}");
    for name in names {
        assert_eq!(mode(&name), 0o600, "{}", name.display());
    }
    drop(connection);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    drop(folder.open().unwrap());
    assert_eq!(mode(&file), 0o600);
}

#[test]
fn what_an_interrupted_start_left_is_swept() {
    let (_dir, folder, _) = folder();
    fs::create_dir_all(&folder.0).unwrap();
    let left = [".vault-new-abc.db", ".vault-new-abc.db-journal"].map(|name| folder.0.join(name));
    for file in &left {
        fs::write(file, "half").unwrap();
    }
    drop(folder.open().unwrap());
    assert!(left.iter().all(|file| !file.exists()));
}

#[test]
fn files_that_are_no_vault_stay_untouched() {
    check(b"", UnusableReason::Empty);
    check(b"x", UnusableReason::NotAVault);
    check(&[0; 4096], UnusableReason::NotAVault);
    check(b"name: a text file\n", UnusableReason::NotAVault);
    check(MAGIC, UnusableReason::Truncated);
    check(&after("PRAGMA application_id = 7"), UnusableReason::NotAVault);
    check(&after("PRAGMA user_version = -1"), UnusableReason::NotAVault);
}

#[test]
fn a_later_version_stays_untouched() {
    check(&after("PRAGMA user_version = 99"), UnusableReason::LaterVersion);
    let next = format!("CREATE TABLE future (x); PRAGMA user_version = {}", MIGRATIONS.len() + 1);
    check(&after(&next), UnusableReason::LaterVersion);
}

#[test]
fn a_file_cut_anywhere_stays_untouched() {
    let whole = whole();
    let mut lengths: Vec<usize> = (1..whole.len()).step_by(509).collect();
    lengths.extend((1..whole.len() / 4096).map(|pages| pages * 4096));
    for length in lengths {
        let (_dir, folder, file) = folder();
        fs::create_dir_all(&folder.0).unwrap();
        fs::write(&file, &whole[..length]).unwrap();
        let reason = folder.open().unwrap_err();
        assert!(matches!(reason, UnusableReason::Truncated | UnusableReason::Damaged), "{length}: {reason:?}");
        assert!(fs::read(&file).unwrap() == whole[..length], "{length}: the file was touched");
    }
}

#[test]
fn a_page_of_noise_stays_untouched() {
    let mut bytes = whole();
    bytes[4096..8192].fill(0xA5);
    check(&bytes, UnusableReason::Damaged);
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), "").unwrap();
    let folder = Folder::new(dir.path().join("file/data"));
    assert_eq!(folder.open().unwrap_err(), UnusableReason::Unreachable);
}

#[test]
fn a_full_disk_changes_nothing() {
    let (_dir, folder, _) = folder();
    let mut connection = folder.open().unwrap();
    let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    connection.pragma_update(None, "max_page_count", pages).unwrap();
    let error = crate::write(&mut connection, |connection| {
        connection.execute("INSERT INTO settings VALUES ('small', 1)", [])?;
        connection.execute("INSERT INTO settings VALUES ('big', zeroblob(100000))", [])?;
        Ok(())
    });
    assert!(matches!(error, Err(StoreError::DiskFull)), "{error:?}");
    let rows: i64 = connection.query_row("SELECT count(*) FROM settings", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 0);
}
