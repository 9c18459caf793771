//! `deny.toml`, as far as it is read here.

use std::path::Path;

use anyhow::{Context, Result};
use cargo_metadata::semver::{Version, VersionReq};
use serde::Deserialize;

/// The parts of cargo-deny's file that this program judges by; the rest is for cargo-deny itself.
#[derive(Debug, Deserialize)]
pub(super) struct Lists {
    pub(super) graph: Graph,
    pub(super) licenses: Licenses,
    pub(super) bans: Bans,
    pub(super) sources: Sources,
}

#[derive(Debug, Deserialize)]
pub(super) struct Graph {
    /// Platforms whose crates are judged for licences and doubles.
    pub(super) targets: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Licenses {
    pub(super) allow: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Bans {
    pub(super) deny: Vec<Entry>,
    /// Doubles that cannot be avoided now.
    pub(super) skip: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Sources {
    pub(super) allow_registry: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Entry {
    /// `name` or `name@requirement`.
    #[serde(rename = "crate")]
    pub(super) spec: String,
    pub(super) reason: String,
}

impl Entry {
    pub(super) fn name(&self) -> &str {
        self.spec.split_once('@').map_or(self.spec.as_str(), |(name, _)| name)
    }

    pub(super) fn covers(&self, name: &str, version: &Version) -> bool {
        let requirement = self.spec.split_once('@').map(|(_, requirement)| VersionReq::parse(requirement));
        // An unreadable requirement covers nothing, so that it shows up as a complaint.
        self.name() == name && requirement.is_none_or(|parsed| parsed.is_ok_and(|parsed| parsed.matches(version)))
    }
}

pub(super) fn read(path: &Path) -> Result<Lists> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is not what cargo-deny reads", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_covers_its_versions() {
        #[track_caller]
        fn check(spec: &str, version: &str, expect: bool) {
            let entry = Entry { spec: spec.to_owned(), reason: String::new() };
            assert_eq!(entry.covers("syn", &Version::parse(version).expect("a version")), expect);
        }
        check("syn", "1.0.0", true);
        check("syn@1", "1.9.0", true);
        check("syn@1", "2.0.0", false);
        check("syn@0.5", "0.6.0", false);
        check("sync", "1.0.0", false);
        check("syn@nonsense", "1.0.0", false);
    }
}
