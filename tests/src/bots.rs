//! Bots to work on: copies of `fixtures/bots`, or written on the spot.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Home, folder};

/// A copy of a fixture in `home`, under its own name.
///
/// # Panics
/// There is no such fixture.
pub fn copy(name: &str, home: &Home) -> PathBuf {
    let to = home.path("bots").join(name);
    copy_folder(&folder("fixtures/bots").join(name), &to);
    to
}

/// A folder with the given files in `home`.
///
/// # Panics
/// It cannot be written.
pub fn write(home: &Home, name: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let bot = home.path("bots").join(name);
    for (file, bytes) in files {
        let path = bot.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder for the file");
        fs::write(path, bytes).expect("the file");
    }
    bot
}

/// Copies a folder with all that is in it.
///
/// # Panics
/// Something cannot be read or written.
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap_or_else(|error| panic!("{}: {error}", to.display()));
    let entries = fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    for entry in entries {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}
