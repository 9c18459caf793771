//! From starting the binary to a window whose first list is drawn; the floor is an empty Tauri window, measured in
//! turn with it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::Bed;
use super::figures::{Times, side_by_side};
use crate::shell;

const MANIFEST: &str = "- provider: secret\n  alias: bench_key\n  context: bot\n";

pub(super) fn measure(bed: &Bed) -> Result<()> {
    let bot = bed.bot("bot", MANIFEST)?;
    let mut ours = shell::command(bed.binary("patchbay-desktop"));
    ours.env("PATCHBAY_DATA_DIR", bed.scratch.path().join("data"))
        .env("PATCHBAY_LOG", "patchbay_desktop=debug")
        .arg(&bot);
    let mut ours = Start { program: ours, ready: "answered bot_open" };
    let mut empty = Start { program: shell::command(bed.binary("empty-window")), ready: "page loaded" };

    if !bed.smoke {
        // The first start of each reads the binary from the disk and makes the data folder.
        until_ready(&mut ours)?;
        until_ready(&mut empty)?;
    }
    let (mut window, mut floor) = (Times::default(), Times::default());
    for _ in 0..bed.rounds(15) {
        window.add(until_ready(&mut ours)?);
        floor.add(until_ready(&mut empty)?);
    }
    if bed.smoke {
        println!("window-start: 1 window with its list, 1 empty window");
    } else {
        side_by_side(
            ("window with its first list", &window),
            ("empty Tauri window (the floor)", &floor),
            "+150 ms for the difference",
        );
    }
    Ok(())
}

/// A program and the words on its standard error that tell that its window is usable: for the product, that the window
/// asked for its first list and got it; for the empty window, that its page is loaded.
struct Start {
    program: Command,
    ready: &'static str,
}

/// Starts the program, waits until it says that its window is usable, and ends it.
fn until_ready(start: &mut Start) -> Result<Duration> {
    let Start { program, ready } = start;
    program.stdout(Stdio::null()).stderr(Stdio::piped());
    let start = Instant::now();
    let mut child = program.spawn().with_context(|| format!("`{}` could not be started", shell::shown(program)))?;
    let ready = line_from(&mut child, ready, Duration::from_secs(60));
    let time = start.elapsed();
    let _ = child.kill();
    child.wait()?;
    if !ready {
        bail!("`{}` did not say that it was ready within a minute", shell::shown(program));
    }
    Ok(time)
}

/// Whether the child prints a line with these words in time. Ends early when it prints nothing more.
fn line_from(child: &mut Child, wanted: &'static str, patience: Duration) -> bool {
    let Some(stderr) = child.stderr.take() else {
        return false;
    };
    let (found, wait) = mpsc::channel();
    std::thread::spawn(move || {
        let seen = BufReader::new(stderr).lines().map_while(Result::ok).any(|line| line.contains(wanted));
        // Nobody listens any more when patience ran out.
        let _ = found.send(seen);
    });
    wait.recv_timeout(patience).unwrap_or(false)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_ready_when_it_says_so() {
        let start = |script: &str| {
            let mut program = shell::command("sh");
            program.args(["-c", script]);
            until_ready(&mut Start { program, ready: "page loaded" })
        };
        assert!(start("echo starting >&2; echo the page loaded >&2; exec cat").is_ok());
        let silent = start("echo page loaded; echo nearly >&2").expect_err("never ready");
        assert!(silent.to_string().contains("did not say"), "{silent}");
    }
}
