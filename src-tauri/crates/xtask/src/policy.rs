//! What must stay true of the workspace as a whole: arrows between crates, pure crates that stay pure, licences, banned and
//! doubled crates.
//!
//! `deny.toml` in the root holds the lists about other people's crates, in cargo-deny's own format, so that
//! `cargo deny check bans licenses sources` says the same to those who have it. The arrows stand in [`arrows`].
//! Deliberately not here: advisories (they need a database from the network) and the interface's imports (eslint).

mod arrows;
mod lists;
mod quiet;
mod spdx;
mod supply;

use anyhow::{Context, Result};
use cargo_metadata::MetadataCommand;

use crate::{FAILED, FINE, Status, shell};

/// `cargo xtask policy`.
pub(crate) fn print() -> Result<Status> {
    let mut status = FINE;
    for (what, complaints) in complaints()? {
        println!("{}: {what}", if complaints.is_empty() { "good" } else { "BAD" });
        for complaint in complaints {
            println!("  {}", complaint.replace('\n', "\n  "));
            status = FAILED;
        }
    }
    Ok(status)
}

/// What was looked at, and what is wrong with it.
pub(crate) fn complaints() -> Result<Vec<(&'static str, Vec<String>)>> {
    let lists = lists::read(&shell::root().join("deny.toml"))?;
    let graph = supply::graph(&lists)?;
    let locked = supply::locked(&shell::root().join("Cargo.lock"))?;
    Ok(vec![
        ("arrows between the crates", arrows::complaints(&house()?)),
        ("pure rooms are quiet", quiet::complaints(&shell::root())?),
        ("licences", supply::licences(&graph, &lists)),
        ("banned and doubled crates, sources", supply::bans(&graph, &locked, &lists)),
    ])
}

/// The workspace's crates with what their manifests name, for every platform.
fn house() -> Result<arrows::House> {
    let metadata = MetadataCommand::new()
        .current_dir(shell::root())
        .no_deps()
        .exec()
        .context("cargo metadata could not read the workspace")?;
    Ok(arrows::House::of(&metadata))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn kept(index: usize) {
        let (what, complaints) = complaints().expect("a readable workspace").remove(index);
        assert!(complaints.is_empty(), "{what}:\n{}", complaints.join("\n"));
    }

    #[test]
    fn arrows_are_kept() {
        kept(0);
    }

    #[test]
    fn pure_rooms_are_quiet() {
        kept(1);
    }

    #[test]
    fn licences_are_allowed() {
        kept(2);
    }

    #[test]
    fn nothing_banned_or_doubled() {
        kept(3);
    }
}
