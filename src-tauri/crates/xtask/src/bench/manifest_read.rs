//! A manifest of 12,000 lines through the command line; the floor is the same command on a single entry, so that the
//! difference is the reading and nothing else.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::Bed;
use super::figures::{Times, side_by_side, timed};

const LINES: usize = 12_000;
const LINES_PER_ENTRY: usize = 6;

pub(super) fn measure(bed: &Bed) -> Result<()> {
    let entries = LINES / LINES_PER_ENTRY;
    let big = bed.bot("big", &manifest(entries))?;
    let small = bed.bot("small", &manifest(1))?;
    let (mut reading, mut floor) = (Times::default(), Times::default());
    for _ in 0..bed.rounds(15) {
        reading.add(read(bed, &big, entries)?);
        floor.add(read(bed, &small, 1)?);
    }
    if bed.smoke {
        println!("manifest-read: {LINES} lines, {entries} entries");
    } else {
        side_by_side(("12,000 lines", &reading), ("one entry (the floor)", &floor), "none yet");
    }
    Ok(())
}

fn read(bed: &Bed, bot: &Path, entries: usize) -> Result<std::time::Duration> {
    let (time, text) = timed(bed.patchbay(bot).args(["integrations", "--json"]))?;
    let found = count(&text)?;
    ensure!(found == entries, "{found} entries were read instead of {entries}");
    Ok(time)
}

/// How many entries `integrations --json` told of.
fn count(text: &str) -> Result<usize> {
    let document: serde_json::Value = serde_json::from_str(text)?;
    let list = document.as_array().or_else(|| document.get("integrations")?.as_array());
    Ok(list.context("no list of integrations was printed")?.len())
}

fn manifest(entries: usize) -> String {
    let mut text = String::new();
    for number in 1..=entries {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "- provider: secret\n  alias: key_{number}\n  context: bot\n  title: Key {number}\n  icon: key\n  description: Key of service {number}\n"
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_is_as_long_as_promised() {
        assert_eq!(manifest(LINES / LINES_PER_ENTRY).lines().count(), LINES);
        assert_eq!(manifest(1).lines().count(), LINES_PER_ENTRY);
    }

    #[test]
    fn entries_are_counted_in_either_shape() {
        assert_eq!(count(r#"[{"alias":"a"},{"alias":"b"}]"#).expect("a count"), 2);
        assert_eq!(count(r#"{"integrations":[{}]}"#).expect("a count"), 1);
        assert!(count("{}").is_err());
    }
}
