//! SQL, one module per table. Nothing outside these modules, `database` and the transactions around them knows the engine.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

pub(crate) mod app_credentials;
pub(crate) mod approvals;
pub(crate) mod bindings;
pub(crate) mod client_secrets;
pub(crate) mod connections;
pub(crate) mod data_keys;
pub(crate) mod personas;
pub(crate) mod practice;
pub(crate) mod recent;
pub(crate) mod refresh;
pub(crate) mod removed;
pub(crate) mod secrets;
pub(crate) mod settings;
pub(crate) mod vault;

/// Paths are kept byte for byte: they need not be Unicode, and no two spellings are the same path.
#[cfg(unix)]
fn path_bytes(path: &Path) -> &[u8] {
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str().as_bytes()
}

#[cfg(unix)]
fn bytes_path(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn path_bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

#[cfg(not(unix))]
fn bytes_path(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// Times are kept in milliseconds since 1970.
fn time(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}
