//! `cargo xtask`: everything one does with the repository that is not writing code.
//!
//! One module per verb: [`run`], [`test`], [`bindings`], [`icons`], [`bench`], [`policy`]; what they share is in
//! [`shell`] (processes), [`machine`] (tools), [`packages`] (Debian packages) and [`ui`] (npm and the interface's build).
//!
//! Deliberately not here: anything the product itself needs at run time. No crate of the workspace depends on this one,
//! and it depends on none of them, so that it builds in seconds and works while they do not.
#![expect(clippy::print_stdout, reason = "printing is what this program is for")]

mod bench;
mod bindings;
mod icons;
mod machine;
mod packages;
mod policy;
mod referees;
mod run;
mod shell;
mod test;
mod ui;

use std::process::ExitCode;

const HELP: &str = "\
Usage: cargo xtask VERB

  run [FOLDER]            install what is missing, build, and open Patchbay on a bot's folder
                          (without FOLDER: on a copy of the example in ~/Patchbay/secret)
  test [TIER] [--long]    all tests, or one tier of: checks pure adapters commands components flows window
                          (--long: more cases, and the tests that are ignored otherwise)
  bindings [--check]      write ui/src/api/bindings.ts from the boundary types, or fail when it is stale
  bench [NAME] [--smoke]  figures beside a peer or a floor; --smoke runs everything once and only counts
  icons                   make all sizes of the icon from icons/patchbay.svg
  policy                  arrows between crates, licences, banned and doubled crates
";

/// Ends the program with this exit status; what there is to say has been said.
type Status = u8;
const FINE: Status = 0;
const FAILED: Status = 1;
/// Wrong use, or something that only the person at the machine can do.
const NEEDS_YOU: Status = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match verb(&arguments) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(FAILED)
        }
    }
}

fn verb(arguments: &[String]) -> anyhow::Result<Status> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["run"] => run::run(None),
        ["run", folder] if !folder.starts_with('-') => run::run(Some(folder)),
        ["test", rest @ ..] => match test::Plan::parse(rest) {
            Some(plan) => test::test(&plan),
            None => wrong_use("test", rest),
        },
        ["bindings"] => bindings::write(),
        ["bindings", "--check"] => bindings::check(),
        ["bench", rest @ ..] => match bench::Plan::parse(rest) {
            Some(plan) => bench::bench(&plan),
            None => wrong_use("bench", rest),
        },
        ["icons"] => icons::make(),
        ["policy"] => policy::print(),
        ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(FINE)
        }
        [] => {
            eprint!("{HELP}");
            Ok(NEEDS_YOU)
        }
        [verb, rest @ ..] => wrong_use(verb, rest),
    }
}

fn wrong_use(verb: &str, rest: &[&str]) -> anyhow::Result<Status> {
    eprintln!("`cargo xtask {verb} {}` is not something xtask knows.\n\n{HELP}", rest.join(" "));
    Ok(NEEDS_YOU)
}
