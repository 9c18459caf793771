//! What is looked at before any test runs, each counted as one.

use anyhow::Result;

use super::cargo::{Cargo, SHELL_FEATURES, has_nextest};
use super::counts::Counts;
use super::isolation::Display;
use crate::machine::{self, npm};
use crate::{bindings, policy, shell, ui};

pub(crate) fn checks(cargo: &Cargo) -> Result<Counts> {
    machine::provide_components()?;
    let mut counts = Counts::default();
    let mut check = |what: &str, outcome: Result<bool>| {
        let good = outcome.unwrap_or_else(|error| {
            println!("{error:#}");
            false
        });
        println!("{}: {what}", if good { "good" } else { "BAD" });
        counts += Counts::one(good);
    };
    // The shell embeds the interface, so nothing that compiles it may come before this.
    check("the interface builds", ui::provide().map(|()| true));
    check("formatting (cargo fmt)", shell::succeeds(shell::cargo().args(["fmt", "--all", "--check"])));
    check("lints (clippy)", shell::succeeds(&mut clippy()));
    check("lints of the interface (npm run lint)", npm_run("ui", "lint"));
    check("types of the interface (npm run check)", npm_run("ui", "check"));
    let specs = ui::install("tests").and_then(|()| npm_run("tests", "check"));
    check("types of the browser tests (npm run check)", specs);
    check("everything builds", cargo.build(&[]).map(|()| true));
    check("bindings are fresh", fresh_bindings(cargo));
    match policy::complaints() {
        Err(error) => check("policy", Err(error)),
        Ok(parts) => {
            for (what, complaints) in parts {
                complaints.iter().for_each(|complaint| println!("{complaint}"));
                check(what, Ok(complaints.is_empty()));
            }
        }
    }
    Ok(counts)
}

/// Like `cargo xtask bindings --check`, on what is built already where that is possible.
fn fresh_bindings(cargo: &Cargo) -> Result<bool> {
    if !has_nextest() {
        return bindings::export(false);
    }
    let counts = cargo.nextest(&["api"], bindings::TEST, Display::None)?;
    Ok(counts.passed > 0 && counts.failed == 0)
}

fn clippy() -> std::process::Command {
    let mut clippy = shell::cargo();
    clippy.args(["clippy", "--locked", "--workspace", "--all-targets", "--features", SHELL_FEATURES]);
    clippy.args(["--", "-D", "warnings"]);
    clippy
}

fn npm_run(folder: &str, script: &str) -> Result<bool> {
    shell::succeeds(npm().current_dir(shell::root().join(folder)).args(["run", script]))
}
