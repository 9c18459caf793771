//! One secret from a new process: the vault opened with the key from a real keychain, and the value unsealed. The peer
//! is `secret-tool`, which asks the same keychain for a value directly.

use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use super::Bed;
use super::figures::{Times, side_by_side, timed};
use crate::shell;

/// Made up; it never leaves the bench's own keychain and vault.
const VALUE: &str = "bench-value-4711";
const MANIFEST: &str = "- provider: secret\n  alias: bench_key\n  context: bot\n";

pub(super) fn measure(bed: &Bed) -> Result<()> {
    open_keychain()?;
    let bot = bed.bot("bot", MANIFEST)?;
    feed(bed.patchbay(&bot).args(["secret", "set", "bench_key"]), VALUE)?;
    feed(shell::command("secret-tool").args(["store", "--label=Patchbay bench", "bench", "patchbay"]), VALUE)?;

    let (mut ours, mut peer) = (Times::default(), Times::default());
    for _ in 0..bed.rounds(30) {
        ours.add(look_up(bed.patchbay(&bot).args(["secret", "get", "bench_key"]))?);
        peer.add(look_up(shell::command("secret-tool").args(["lookup", "bench", "patchbay"]))?);
    }
    if bed.smoke {
        println!("secret-get: 1 value from the vault, 1 from secret-tool");
    } else {
        side_by_side(("patchbay secret get", &ours), ("secret-tool lookup", &peer), "60 ms for the first line");
    }
    Ok(())
}

/// The keychain of the bench's own session bus.
pub(super) fn open_keychain() -> Result<()> {
    // No newline: it would become part of the keychain's password.
    feed(shell::command("gnome-keyring-daemon").args(["--unlock", "--components=secrets"]), "bench")
}

fn look_up(command: &mut Command) -> Result<std::time::Duration> {
    let (time, text) = timed(command)?;
    ensure!(text.trim_end() == VALUE, "`{}` gave something other than what was stored", shell::shown(command));
    Ok(time)
}

/// Runs it with this on its standard input.
pub(super) fn feed(command: &mut Command, text: &str) -> Result<()> {
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("`{}` could not be started", shell::shown(command)))?;
    child.stdin.take().context("no standard input")?.write_all(text.as_bytes())?;
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("`{}` failed: {}", shell::shown(command), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}
