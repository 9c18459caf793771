//! The interface's packages and build: done again only when something changed.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result};

use crate::machine::npm;
use crate::shell;

/// Installs and builds the interface where that is needed.
pub(crate) fn provide() -> Result<()> {
    install("ui")?;
    build()
}

/// `npm ci` in a folder whose `node_modules` is missing or older than the lock.
pub(crate) fn install(folder: &str) -> Result<()> {
    let folder = shell::root().join(folder);
    let lock = changed_at(&folder.join("package-lock.json"))
        .with_context(|| format!("{} has no package-lock.json", folder.display()))?;
    // npm writes this file last, so an interrupted install is done again.
    if changed_at(&folder.join("node_modules/.package-lock.json")).is_some_and(|done| done >= lock) {
        return Ok(());
    }
    println!("Installing the npm packages of {}", folder.display());
    shell::must(npm().current_dir(&folder).args(["ci", "--no-audit", "--no-fund"]))
}

/// `npm run build` when a source of the interface is newer than what was built.
pub(crate) fn build() -> Result<()> {
    let folder = shell::root().join("ui");
    if let Some(built) = changed_at(&folder.join("dist/index.html"))
        && newest_source(&folder).is_some_and(|source| source <= built)
    {
        return Ok(());
    }
    println!("Building the interface");
    shell::must(npm().current_dir(&folder).args(["run", "build"]))
}

/// When a file was last changed, if it is there.
pub(crate) fn changed_at(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

/// The latest change of anything in the folder that a build could read.
fn newest_source(folder: &Path) -> Option<SystemTime> {
    let mut newest = None;
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).ok()?.flatten() {
            let name = entry.file_name();
            if name == "node_modules" || name == "dist" {
                continue;
            }
            if entry.file_type().ok()?.is_dir() {
                folders.push(entry.path());
            } else {
                newest = newest.max(changed_at(&entry.path()));
            }
        }
    }
    newest
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_newest_source_is_found_in_depth_and_outputs_do_not_count() {
        let scratch = shell::Scratch::new("newest").expect("a folder");
        let at = |path: &str, seconds: u64| {
            let path = scratch.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            let file = fs::File::create(path).expect("a file");
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).expect("a time");
        };
        at("index.html", 10);
        at("src/deep/down.ts", 30);
        at("dist/index.html", 90);
        at("node_modules/x/y.js", 99);
        assert_eq!(newest_source(scratch.path()), Some(SystemTime::UNIX_EPOCH + Duration::from_secs(30)));
    }
}
