//! The six tiers: what each is, what it needs built, and how it is run and counted.

use anyhow::Result;

use super::cargo::{BINARIES, Cargo};
use super::counts::{Counts, counted};
use super::isolation::{Display, Isolation};
use crate::machine::{npm, npx};
use crate::shell::{self, Scratch};
use crate::{bench, referees, ui};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tier {
    Pure,
    Adapters,
    Commands,
    Components,
    Flows,
    Window,
}

impl Tier {
    pub(crate) const ALL: [Tier; 6] =
        [Tier::Pure, Tier::Adapters, Tier::Commands, Tier::Components, Tier::Flows, Tier::Window];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| tier.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Tier::Pure => "pure",
            Tier::Adapters => "adapters",
            Tier::Commands => "commands",
            Tier::Components => "components",
            Tier::Flows => "flows",
            Tier::Window => "window",
        }
    }

    pub(crate) fn what(self) -> &'static str {
        match self {
            Tier::Pure => "manifests, scripts and whole bots as texts",
            Tier::Adapters => "real database, real keychain, real loopback HTTP, sign-ins, practice",
            Tier::Commands => "the engine behind its commands, the command line, this tool",
            Tier::Components => "the interface's parts in a browser, against a made-up host",
            Tier::Flows => "the built interface on the real engine in a browser",
            Tier::Window => "the real binaries: the window, the command line, the benches once",
        }
    }

    pub(crate) fn run(self, cargo: &Cargo) -> Result<Counts> {
        match self {
            Tier::Pure => cargo.test(&["providers", "manifest", "bubblescript", "bot"], Display::None),
            Tier::Adapters => cargo.test(&["store", "wire", "connect", "practice"], Display::None),
            Tier::Commands => cargo.test(&["chat", "studio", "api", "cli", "devhost", "xtask"], Display::None),
            Tier::Components => components(),
            Tier::Flows => flows(cargo),
            Tier::Window => window(cargo),
        }
    }
}

fn components() -> Result<Counts> {
    ui::install("ui")?;
    let scratch = Scratch::new("vitest")?;
    let report = scratch.path().join("report.json");
    let mut vitest = npm();
    vitest.current_dir(shell::root().join("ui")).args(["test", "--", "--reporter=default", "--reporter=json"]);
    vitest.arg(format!("--outputFile.json={}", report.display()));
    let well = shell::succeeds(&mut vitest)?;
    counted(&report, well, Counts::from_vitest)
}

fn flows(cargo: &Cargo) -> Result<Counts> {
    ui::provide()?;
    ui::install("tests")?;
    cargo.build(&["devhost", "cli"])?;
    let isolation = Isolation::new("flows")?;
    let scratch = Scratch::new("playwright")?;
    let report = scratch.path().join("report.json");
    let mut playwright = npx();
    playwright.current_dir(shell::root().join("tests")).args(["playwright", "test", "--reporter=list,json"]);
    playwright.env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report).env("CI", "1");
    playwright.env(BINARIES, shell::binaries("debug")?);
    let well = shell::succeeds(&mut isolation.around(&playwright, Display::None))?;
    counted(&report, well, Counts::from_playwright)
}

fn window(cargo: &Cargo) -> Result<Counts> {
    ui::provide()?;
    referees::provide(cargo.long)?;
    cargo.build(&["patchbay-desktop", "cli", "devhost"])?;
    let mut counts = cargo.test(&["tests"], Display::Virtual)?;
    counts += bench::smoke()?;
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tier_is_found_by_its_name() {
        for tier in Tier::ALL {
            assert_eq!(Tier::named(tier.name()), Some(tier));
        }
        assert_eq!(Tier::named("all"), None);
    }
}
