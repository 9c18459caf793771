//! Building and testing Rust: with nextest when it is there, which gives each test a process of its own, else with
//! `cargo test`.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::counts::{Counts, counted};
use super::isolation::{Display, Isolation};
use crate::shell::{self, Scratch};

/// Tests find the programs that they drive in the folder that this names, wherever cargo was told to build.
pub(crate) const BINARIES: &str = "PATCHBAY_BINARIES";

/// How cargo is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cargo {
    /// Select the whole workspace each time. Which features a dependency gets depends on what is selected, so a run over
    /// all tiers would otherwise build half of the dependencies again for each tier.
    pub(crate) whole: bool,
    /// More cases, and the tests that are ignored otherwise.
    pub(crate) long: bool,
}

impl Cargo {
    /// Builds these packages, or everything at once.
    pub(crate) fn build(&self, packages: &[&str]) -> Result<()> {
        let mut build = shell::cargo();
        build.args(["build", "--locked"]);
        if self.whole {
            build.args(["--workspace", "--all-targets"]);
        } else {
            select(&mut build, packages);
        }
        if self.whole || packages.contains(&"patchbay-desktop") {
            build.args(["--features", SHELL_FEATURES]);
        }
        shell::must(&mut build)
    }

    /// Runs the tests of these packages.
    pub(crate) fn test(&self, packages: &[&str], display: Display) -> Result<Counts> {
        if has_nextest() {
            return self.nextest(packages, "", display);
        }
        println!("cargo-nextest is not installed, so `cargo test` runs the tests, one at a time.");
        println!("Faster, once: cargo install cargo-nextest --locked");
        self.cargo_test(packages, display)
    }

    /// Runs the tests of these packages whose names contain `name`.
    pub(crate) fn nextest(&self, packages: &[&str], name: &str, display: Display) -> Result<Counts> {
        let scratch = Scratch::new("nextest")?;
        let (settings, report) = (scratch.path().join("nextest.toml"), scratch.path().join("report.xml"));
        std::fs::write(&settings, nextest_settings(&report, self.long)?)?;
        let mut test = shell::cargo();
        test.args(["nextest", "run", "--locked", "--no-fail-fast", "--no-tests=fail", "--status-level=slow"]);
        test.arg(format!("--tool-config-file=xtask:{}", settings.display()));
        if self.whole {
            test.args(["--workspace", "--features", SHELL_FEATURES, "-E", &filter(packages, name)]);
        } else {
            select(&mut test, packages);
            test.args((!name.is_empty()).then_some(name));
        }
        if display == Display::Virtual {
            // One screen has one focus.
            test.arg("--test-threads=1");
        }
        test.args(self.long.then_some("--run-ignored=all"));
        self.prepare(&mut test)?;
        let well = shell::succeeds(&mut Isolation::new("tests")?.around(&test, display))?;
        counted(&report, well, Counts::from_junit)
    }

    fn cargo_test(&self, packages: &[&str], display: Display) -> Result<Counts> {
        let mut test = shell::cargo();
        test.args(["test", "--locked", "--no-fail-fast"]);
        select(&mut test, packages);
        // One at a time, because tests may rely on a process of their own.
        test.args(["--", "--test-threads=1"]).args(self.long.then_some("--include-ignored"));
        self.prepare(&mut test)?;
        let (well, text) = shell::echoed(&mut Isolation::new("tests")?.around(&test, display))?;
        Ok(Counts::from_libtest(&text).ended(well))
    }

    fn prepare(&self, test: &mut Command) -> Result<()> {
        test.env(BINARIES, shell::binaries("debug")?);
        if self.long {
            test.env("PATCHBAY_LONG", "1").env("PROPTEST_CASES", "1000");
        }
        Ok(())
    }
}

/// The empty window that benches compare with.
pub(crate) const SHELL_FEATURES: &str = "patchbay-desktop/empty-window";

pub(crate) fn has_nextest() -> bool {
    shell::output_of(shell::cargo().args(["nextest", "--version"])).is_some()
}

fn select(command: &mut Command, packages: &[&str]) {
    for package in packages {
        command.args(["-p", package]);
    }
}

/// The same selection as a filter.
fn filter(packages: &[&str], name: &str) -> String {
    let packages: Vec<_> = packages.iter().map(|package| format!("package(={package})")).collect();
    let packages = packages.join(" | ");
    if name.is_empty() { packages } else { format!("({packages}) & test({name})") }
}

/// What is added to nextest's own defaults; a `.config/nextest.toml` in the root wins over it.
fn nextest_settings(report: &Path, long: bool) -> Result<String> {
    // A JSON string is a TOML string.
    let report = serde_json::to_string(report)?;
    // A test that hangs is ended and named, instead of holding up the whole run.
    let minutes = if long { 30 } else { 5 };
    Ok(format!(
        "[profile.default]\nslow-timeout = {{ period = \"60s\", terminate-after = {minutes} }}\n\n\
         [profile.default.junit]\npath = {report}\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextest_is_told_where_to_report() {
        let settings = |long| nextest_settings(Path::new("/a \"b\"/r.xml"), long).expect("text");
        let read = |long| settings(long).parse::<toml::Table>().expect("TOML")["profile"]["default"].clone();
        assert_eq!(read(false)["junit"]["path"].as_str(), Some("/a \"b\"/r.xml"));
        let patience = |long| read(long)["slow-timeout"]["terminate-after"].as_integer();
        assert_eq!((patience(false), patience(true)), (Some(5), Some(30)));
    }

    #[test]
    fn a_selection_becomes_a_filter() {
        assert_eq!(filter(&["store", "wire"], ""), "package(=store) | package(=wire)");
        assert_eq!(filter(&["api"], "export"), "(package(=api)) & test(export)");
    }
}
