//! A script's `get_access_token` with the vault open, beside the value of a secret; the same from a new process, beside
//! `secret get`; and the first token of practice from nothing, beside npm's oidc-provider.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::Bed;
use super::figures::{Times, side_by_side, timed};
use crate::shell;
use crate::test::cargo::SHELL_FEATURES;

const MANIFEST: &str = "\
- provider: google_service_account
  alias: bigquery
  context: bot
  scope: https://www.googleapis.com/auth/bigquery
- provider: secret
  alias: floor
  context: bot
";

pub(super) fn measure(bed: &Bed) -> Result<()> {
    super::secret_get::open_keychain()?;
    in_one_process(bed)?;
    from_new_processes(bed)?;
    from_nothing(bed)
}

fn in_one_process(bed: &Bed) -> Result<()> {
    let mut bench = shell::cargo();
    bench.args(["bench", "--quiet", "--locked", "--bench", "access_token"]);
    if bed.smoke {
        // The selection of the tests, on whose builds this stands.
        bench.args(["--profile", "dev", "--workspace", "--features", SHELL_FEATURES]);
    } else {
        bench.args(["-p", "studio"]);
    }
    bench.arg("--").args(bed.smoke.then_some("--smoke"));
    let text = shell::output_of(&mut bench).context("the bench `access_token` failed")?;
    let (mut token, mut floor) = (Times::default(), Times::default());
    for line in text.lines() {
        match line.split_once(' ') {
            Some((time, "token")) => token.add(Duration::from_micros(time.parse()?)),
            Some((time, "floor")) => floor.add(Duration::from_micros(time.parse()?)),
            _ => {}
        }
    }
    ensure!(token.median() > Duration::ZERO && floor.median() > Duration::ZERO, "the bench printed no figures");
    if bed.smoke {
        println!("access-token: 1 token and 1 value in one process");
    } else {
        side_by_side(("get_access_token, vault open", &token), ("a secret's value", &floor), "1 ms for the first line");
    }
    Ok(())
}

fn from_new_processes(bed: &Bed) -> Result<()> {
    let bot = bed.bot("tokens", MANIFEST)?;
    super::secret_get::feed(bed.patchbay(&bot).args(["secret", "set", "floor"]), "floor-value")?;
    super::secret_get::feed(bed.patchbay(&bot).args(["connect", "bigquery", "--practice"]), "")?;
    let (mut token, mut floor) = (Times::default(), Times::default());
    for _ in 0..bed.rounds(30) {
        let (time, text) = timed(bed.patchbay(&bot).args(["token", "get", "bigquery"]))?;
        ensure!(text.starts_with("practice-"), "practice gave no token");
        token.add(time);
        floor.add(timed(bed.patchbay(&bot).args(["secret", "get", "floor"]))?.0);
    }
    if bed.smoke {
        println!("access-token: 1 token and 1 value from new processes");
    } else {
        side_by_side(("patchbay token get", &token), ("patchbay secret get", &floor), "60 ms for the first line");
    }
    Ok(())
}

/// From nothing to the first token: a server, a key, a signature. The peer only has to listen.
fn from_nothing(bed: &Bed) -> Result<()> {
    let (mut ours, mut peer) = (Times::default(), Times::default());
    for round in 0..bed.rounds(10) {
        let bot = bed.bot(&format!("nothing-{round}"), MANIFEST)?;
        ours.add(timed(bed.patchbay(&bot).args(["connect", "bigquery", "--practice"]))?.0);
        timed(bed.patchbay(&bot).args(["test-connection", "bigquery"]))?;
        peer.add(until_it_listens()?);
    }
    if bed.smoke {
        println!("access-token: practice and oidc-provider started once");
    } else {
        side_by_side(("practice: start, key, first token", &ours), ("oidc-provider: start", &peer), "none");
    }
    Ok(())
}

fn until_it_listens() -> Result<Duration> {
    let start = Instant::now();
    let mut node = shell::command("node");
    node.current_dir(shell::root().join("tests/referees")).arg("oidc_provider.mjs").stdin(Stdio::piped());
    let mut child = node.stdout(Stdio::piped()).spawn().context("node could not be started")?;
    let mut line = String::new();
    let read = BufReader::new(child.stdout.take().context("no standard output")?).read_line(&mut line);
    let time = start.elapsed();
    child.kill()?;
    child.wait()?;
    ensure!(read? > 0, "oidc-provider did not start");
    Ok(time)
}
