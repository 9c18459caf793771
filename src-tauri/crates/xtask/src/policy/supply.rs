//! Other people's crates: their licences, those we never take, those we take twice.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use cargo_metadata::MetadataCommand;
use cargo_metadata::semver::Version;
use serde::Deserialize;

use super::lists::Lists;
use super::spdx;
use crate::shell;

/// A crate of the graph that is built.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Package {
    name: String,
    version: Version,
    licence: Option<String>,
}

/// A crate of the lock file: of any platform, built here or not.
#[derive(Debug, Deserialize)]
pub(super) struct Locked {
    name: String,
    version: Version,
    /// Absent for the workspace's own.
    source: Option<String>,
}

/// The crates built for the platforms that `deny.toml` names.
pub(super) fn graph(lists: &Lists) -> Result<Vec<Package>> {
    let mut packages = BTreeSet::new();
    for target in &lists.graph.targets {
        let options = ["--locked", "--filter-platform", target.as_str()].map(str::to_owned);
        let metadata = MetadataCommand::new()
            .current_dir(shell::root())
            .other_options(options)
            .exec()
            .context("cargo metadata could not resolve the workspace")?;
        let built: BTreeSet<_> =
            metadata.resolve.iter().flat_map(|resolve| &resolve.nodes).map(|node| &node.id).collect();
        packages.extend(metadata.packages.iter().filter(|package| built.contains(&package.id)).map(|package| {
            Package {
                name: package.name.to_string(),
                version: package.version.clone(),
                licence: package.license.clone(),
            }
        }));
    }
    Ok(packages.into_iter().collect())
}

/// Every crate of the lock file.
pub(super) fn locked(path: &Path) -> Result<Vec<Locked>> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Locked>,
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let lock: Lock = toml::from_str(&text).with_context(|| format!("{} is not a lock file", path.display()))?;
    Ok(lock.package)
}

/// Crates whose licence is not among the allowed ones.
pub(super) fn licences(graph: &[Package], lists: &Lists) -> Vec<String> {
    let unfit = graph.iter().filter(|package| {
        let licence = package.licence.as_deref().unwrap_or_default();
        !spdx::satisfied(licence, &lists.licenses.allow)
    });
    unfit
        .map(|package| {
            let licence = package.licence.as_deref().unwrap_or("no licence");
            format!("{} {} has {licence}, which deny.toml does not allow.", package.name, package.version)
        })
        .collect()
}

/// Banned crates and foreign sources on any platform; doubled crates in what is built.
pub(super) fn bans(graph: &[Package], locked: &[Locked], lists: &Lists) -> Vec<String> {
    let mut complaints = Vec::new();
    for package in locked {
        let Locked { name, version, source } = package;
        if let Some(entry) = lists.bans.deny.iter().find(|entry| entry.covers(name, version)) {
            complaints.push(format!("{name} {version} is banned: {}", entry.reason));
        }
        if let Some(source) = source
            && !lists.sources.allow_registry.iter().any(|registry| source == &format!("registry+{registry}"))
        {
            complaints.push(format!("{name} {version} comes from {source}, which deny.toml does not allow."));
        }
    }
    complaints.extend(doubles(graph, lists));
    complaints
}

fn doubles(graph: &[Package], lists: &Lists) -> Vec<String> {
    let mut versions: BTreeMap<&str, Vec<&Version>> = BTreeMap::new();
    for package in graph {
        versions.entry(&package.name).or_default().push(&package.version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    let mut complaints = Vec::new();
    for (name, found) in &versions {
        let mut counted =
            found.iter().filter(|version| !lists.bans.skip.iter().any(|entry| entry.covers(name, version)));
        if counted.by_ref().nth(1).is_some() {
            let found: Vec<_> = found.iter().map(ToString::to_string).collect();
            complaints.push(format!("{name} is there more than once: {}.", found.join(", ")));
        }
    }
    for entry in &lists.bans.skip {
        let needed = versions
            .get(entry.name())
            .is_some_and(|found| found.iter().any(|version| entry.covers(entry.name(), version)));
        if !needed {
            complaints
                .push(format!("deny.toml skips {}, which is not doubled any more. Remove that line.", entry.spec));
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTS: &str = r#"
        [graph]
        targets = []
        [licenses]
        allow = ["MIT"]
        [bans]
        deny = [{ crate = "serde_yaml", reason = "its author has given it up" }]
        skip = [{ crate = "syn@1", reason = "an old macro" }]
        [sources]
        allow-registry = ["https://here"]
    "#;

    fn lists() -> Lists {
        toml::from_str(LISTS).expect("lists")
    }

    fn package(text: &str) -> Package {
        let mut words = text.splitn(3, ' ');
        let mut word = || words.next().map(str::to_owned);
        Package {
            name: word().expect("a name"),
            version: word().expect("a version").parse().expect("a version"),
            licence: word(),
        }
    }

    fn locked_as(name: &str, source: Option<&str>) -> Locked {
        Locked { name: name.to_owned(), version: Version::new(0, 9, 34), source: source.map(str::to_owned) }
    }

    #[track_caller]
    fn same(found: Vec<String>, expect: &[&str]) {
        assert_eq!(found.len(), expect.len(), "{found:#?}");
        for (found, expect) in found.iter().zip(expect) {
            assert!(found.starts_with(expect), "{found:?} is not about {expect:?}");
        }
    }

    #[test]
    fn licences_off_the_list_are_named() {
        let graph = ["a 1.0.0 MIT", "b 1.0.0 GPL-3.0-only", "c 1.0.0"].map(package);
        same(licences(&graph, &lists()), &["b 1.0.0 has GPL-3.0-only", "c 1.0.0 has no licence"]);
    }

    #[test]
    fn banned_crates_and_foreign_sources_are_named() {
        let locked = [
            locked_as("mine", None),
            locked_as("serde", Some("registry+https://here")),
            locked_as("serde_yaml", Some("registry+https://here")),
            locked_as("stray", Some("git+https://elsewhere")),
        ];
        let graph = ["syn 1.0.0 MIT", "syn 2.0.0 MIT"].map(package);
        same(
            bans(&graph, &locked, &lists()),
            &["serde_yaml 0.9.34 is banned: its author", "stray 0.9.34 comes from git+"],
        );
    }

    #[test]
    fn doubles_are_named_unless_skipped() {
        let check = |graph: &[&str], expect: &[&str]| {
            let graph: Vec<Package> = graph.iter().map(|text| package(text)).collect();
            same(bans(&graph, &[], &lists()), expect);
        };
        check(&["syn 1.0.0", "syn 2.0.0"], &[]);
        check(&["syn 1.0.0", "syn 2.0.0", "syn 3.0.0"], &["syn is there more than once: 1.0.0, 2.0.0, 3.0.0"]);
        check(&["syn 1.0.0", "syn 2.0.0", "http 0.2.0", "http 1.0.0"], &["http is there more than once"]);
        check(&["syn 2.0.0"], &["deny.toml skips syn@1"]);
        check(&["syn 2.0.0", "syn 3.0.0"], &["syn is there more than once", "deny.toml skips syn@1"]);
    }
}
