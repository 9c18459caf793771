//! `cargo xtask bench`: figures, each beside a peer or a floor that was measured in the same minutes.
//!
//! Every bench runs in a process of its own, inside a session bus, a virtual display and fresh home-like folders.
//! `--smoke` runs everything once on development builds and prints counts only: it shows that the benches still work,
//! and says nothing about speed.

mod access_token;
mod figures;
mod manifest_read;
mod secret_get;
mod window_start;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::packages::Need;
use crate::shell::{self, Scratch};
use crate::test::cargo::SHELL_FEATURES;
use crate::test::counts::Counts;
use crate::test::isolation::{Display, Isolation};
use crate::{FAILED, FINE, Status, referees, run, ui};

/// Set for the process that measures, so that it does not wrap itself again.
const INSIDE: &str = "PATCHBAY_BENCH_INSIDE";

struct Bench {
    name: &'static str,
    what: &'static str,
    measure: fn(&Bed) -> Result<()>,
}

const BENCHES: &[Bench] = &[
    Bench {
        name: "manifest-read",
        what: "a manifest of 12,000 lines, beside one of a single entry",
        measure: manifest_read::measure,
    },
    Bench {
        name: "secret-get",
        what: "one secret from a new process, beside secret-tool",
        measure: secret_get::measure,
    },
    Bench {
        name: "access-token",
        what: "a token in one process and from new ones, and the first token of practice",
        measure: access_token::measure,
    },
    Bench {
        name: "window-start",
        what: "the window with its first list, beside an empty Tauri window",
        measure: window_start::measure,
    },
];

/// What a bench works with.
struct Bed {
    binaries: PathBuf,
    scratch: Scratch,
    smoke: bool,
}

impl Bed {
    /// How often to repeat, so that a median means something.
    fn rounds(&self, rounds: usize) -> usize {
        if self.smoke { 1 } else { rounds }
    }

    fn binary(&self, name: &str) -> PathBuf {
        self.binaries.join(shell::executable(name))
    }

    /// The command line on a bot, with a data folder of the bench's own.
    fn patchbay(&self, bot: &Path) -> std::process::Command {
        let mut command = shell::command(self.binary("patchbay"));
        command.env("PATCHBAY_DATA_DIR", self.scratch.path().join("data")).arg("-C").arg(bot);
        command
    }

    /// A bot of a manifest and nothing else.
    fn bot(&self, name: &str, manifest: &str) -> Result<PathBuf> {
        let folder = self.scratch.path().join(name);
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("integrations.yaml"), manifest)?;
        Ok(folder)
    }
}

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    only: Option<String>,
    smoke: bool,
}

impl Plan {
    /// Nothing for words that mean nothing here.
    pub(crate) fn parse(words: &[&str]) -> Option<Self> {
        let mut plan = Plan { only: None, smoke: false };
        for word in words {
            match *word {
                "--smoke" => plan.smoke = true,
                name if plan.only.is_none() && BENCHES.iter().any(|bench| bench.name == name) => {
                    plan.only = Some(name.to_owned());
                }
                _ => return None,
            }
        }
        Some(plan)
    }
}

pub(crate) fn bench(plan: &Plan) -> Result<Status> {
    let chosen = BENCHES.iter().filter(|bench| plan.only.as_deref().is_none_or(|only| only == bench.name));
    if std::env::var_os(INSIDE).is_some() {
        for bench in chosen {
            measure(bench, plan.smoke)?;
        }
        return Ok(FINE);
    }
    if let Some(status) = run::not_ready(Need::Tests)? {
        return Ok(status);
    }
    ui::provide()?;
    referees::provide(false)?;
    build(plan.smoke)?;
    let counts = outside(chosen, plan.smoke)?;
    Ok(if counts.failed == 0 { FINE } else { FAILED })
}

/// Every bench once, on what the tests have just built; each counts as one test.
pub(crate) fn smoke() -> Result<Counts> {
    outside(BENCHES.iter(), true)
}

fn outside(chosen: impl Iterator<Item = &'static Bench>, smoke: bool) -> Result<Counts> {
    let mut counts = Counts::default();
    for bench in chosen {
        // Not the path of this process: the tests may have put a new build in its place.
        let mut inside = shell::command(shell::binaries("debug")?.join(shell::executable("xtask")));
        inside.args(["bench", bench.name]).args(smoke.then_some("--smoke")).env(INSIDE, "1");
        let isolation = Isolation::new(bench.name)?;
        let good = shell::succeeds(&mut isolation.around(&inside, Display::Virtual))?;
        if !good {
            println!("The bench {} failed.", bench.name);
        }
        counts += Counts::one(good);
    }
    Ok(counts)
}

fn measure(bench: &Bench, smoke: bool) -> Result<()> {
    if !smoke {
        println!("\n{}: {}", bench.name, bench.what);
    }
    let binaries = shell::binaries(if smoke { "debug" } else { "release" })?;
    let bed = Bed { binaries, scratch: Scratch::new(&format!("bench-{}", bench.name))?, smoke };
    (bench.measure)(&bed).with_context(|| format!("the bench {} could not be run", bench.name))
}

fn build(smoke: bool) -> Result<()> {
    let mut build = shell::cargo();
    build.args(["build", "--locked", "-p", "cli", "-p", "patchbay-desktop"]);
    build.args(["--features", SHELL_FEATURES]).args((!smoke).then_some("--release"));
    shell::must(&mut build)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_a_plan() {
        let plan = |only: Option<&str>, smoke| Some(Plan { only: only.map(str::to_owned), smoke });
        assert_eq!(Plan::parse(&[]), plan(None, false));
        assert_eq!(Plan::parse(&["--smoke", "secret-get"]), plan(Some("secret-get"), true));
        assert_eq!(Plan::parse(&["speed"]), None);
        assert_eq!(Plan::parse(&["secret-get", "window-start"]), None);
    }
}
