//! Which crate may know which, as one table.

use std::fmt::Write;

use cargo_metadata::{DependencyKind, Metadata};

/// Every room of the house and the rooms it may depend on. A room may stand here before it is built.
const ARROWS: &[(&str, &[&str])] = &[
    ("providers", &[]),
    ("manifest", &["providers"]),
    ("bubblescript", &[]),
    ("bot", &["manifest", "bubblescript", "providers"]),
    ("wire", &[]),
    ("store", &[]),
    ("connect", &["providers", "wire", "store"]),
    ("campfire", &["wire", "store"]),
    ("practice", &["providers", "wire", "store"]),
    ("chat", &["bubblescript"]),
    (
        "studio",
        &["providers", "manifest", "bubblescript", "bot", "wire", "store", "connect", "campfire", "practice", "chat"],
    ),
    ("api", &["studio"]),
    ("cli", &["api", "studio"]),
    ("devhost", &["api", "studio", "wire"]),
    ("patchbay-desktop", &["api", "studio"]),
    ("tests", &[]),
    ("xtask", &[]),
];

/// Crates from outside that have one home; a name ending in `*` stands for all that begin like it.
const HOMES: &[(&str, &[&str])] = &[
    ("tauri*", &["patchbay-desktop"]),
    // The end-to-end tests look into the file from outside, as a thief would.
    ("rusqlite*", &["store", "tests"]),
    ("keyring*", &["store"]),
    ("*-keyring-store", &["store"]),
    ("reqwest", &["wire"]),
    // A server is built by `wire` alone; these only say what it answers.
    ("axum*", &["wire", "devhost", "connect", "practice", "campfire"]),
    ("oauth2", &["connect"]),
    ("ts-rs", &["api"]),
    ("granit-parser", &["manifest"]),
    ("rowan", &["bubblescript"]),
];

/// No async, no I/O, no clock: so these rooms may use nothing from outside but what is listed in [`PURE_MAY_USE`].
pub(super) const PURE: &[&str] = &["providers", "manifest", "bubblescript", "bot"];

/// Crates that neither wait, read, write, nor look at a clock.
const PURE_MAY_USE: &[&str] =
    &["granit-parser", "indexmap", "rowan", "serde", "serde-saphyr", "strsim", "thiserror", "zeroize"];

/// The workspace's crates and what their manifests name.
pub(super) struct House {
    rooms: Vec<String>,
    edges: Vec<Edge>,
}

struct Edge {
    from: String,
    to: String,
    /// Only its tests need it.
    only_tests: bool,
}

impl House {
    pub(super) fn of(metadata: &Metadata) -> Self {
        let packages = metadata.workspace_packages();
        let edges = packages.iter().flat_map(|package| {
            package.dependencies.iter().map(|dependency| Edge {
                from: package.name.to_string(),
                to: dependency.name.clone(),
                only_tests: dependency.kind == DependencyKind::Development,
            })
        });
        House { rooms: packages.iter().map(|package| package.name.to_string()).collect(), edges: edges.collect() }
    }
}

/// One sentence per wrong arrow, and the table after them when there is any.
pub(super) fn complaints(house: &House) -> Vec<String> {
    let mut complaints = Vec::new();
    for room in &house.rooms {
        if allowed(room).is_none() {
            complaints.push(format!("{room} is not in the table of arrows: draw its arrows first."));
        }
    }
    complaints.extend(house.edges.iter().filter_map(|edge| wrong(edge, house)));
    if !complaints.is_empty() {
        complaints.push(table());
    }
    complaints
}

fn wrong(edge: &Edge, house: &House) -> Option<String> {
    let Edge { from, to, only_tests } = edge;
    if house.rooms.contains(to) {
        let fine = from == to || allowed(from).is_some_and(|rooms| rooms.contains(&to.as_str()));
        return (!fine).then(|| format!("{from} -> {to}: there is no such arrow."));
    }
    if let Some((_, homes)) = HOMES.iter().find(|(pattern, _)| matches(pattern, to))
        && !homes.contains(&from.as_str())
    {
        return Some(format!("{from} -> {to}: {to} lives in {} only.", homes.join(", ")));
    }
    if PURE.contains(&from.as_str()) && !only_tests && !PURE_MAY_USE.contains(&to.as_str()) {
        return Some(format!("{from} -> {to}: {from} is pure and may use {} only.", PURE_MAY_USE.join(", ")));
    }
    None
}

fn allowed(room: &str) -> Option<&'static [&'static str]> {
    ARROWS.iter().find(|(name, _)| *name == room).map(|(_, rooms)| *rooms)
}

fn matches(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), _) => name.ends_with(end),
        (_, Some(start)) => name.starts_with(start),
        _ => name == pattern,
    }
}

fn table() -> String {
    let mut text = String::from("The arrows as drawn:\n");
    for (room, rooms) in ARROWS {
        let pure = if PURE.contains(room) { "   (pure)" } else { "" };
        let rooms = if rooms.is_empty() { "nothing".to_owned() } else { rooms.join(", ") };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {room:<17} -> {rooms}{pure}");
    }
    for (name, homes) in HOMES {
        let _ = writeln!(text, "  {name:<17} lives in {}", homes.join(", "));
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A house of made-up edges; `~>` marks one that only tests need.
    #[track_caller]
    fn check(edges: &str, expect: &[&str]) {
        let mut house = House { rooms: vec![], edges: vec![] };
        house.rooms.extend(ARROWS.iter().map(|(room, _)| (*room).to_owned()));
        for line in edges.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let only_tests = line.contains("~>");
            let (from, to) = line.split_once(if only_tests { " ~> " } else { " -> " }).expect("an arrow");
            if from == "room" {
                house.rooms.push(to.to_owned());
            } else {
                house.edges.push(Edge { from: from.to_owned(), to: to.to_owned(), only_tests });
            }
        }
        let mut found = complaints(&house);
        if !found.is_empty() {
            assert!(found.pop().expect("a table").contains("The arrows as drawn"));
        }
        assert_eq!(found.len(), expect.len(), "{found:#?}");
        for (found, expect) in found.iter().zip(expect) {
            assert!(found.starts_with(expect), "{found:?} is not about {expect:?}");
        }
    }

    #[test]
    fn drawn_arrows_are_fine() {
        check("bot -> manifest\n studio -> store\n devhost -> wire\n cli -> api\n api ~> api", &[]);
    }

    #[test]
    fn arrows_that_nobody_drew() {
        check("manifest -> bot", &["manifest -> bot: there is no such arrow"]);
        check("patchbay-desktop -> store", &["patchbay-desktop -> store: there is no such arrow"]);
        check("tests -> studio", &["tests -> studio: there is no such arrow"]);
        check("store ~> studio", &["store -> studio: there is no such arrow"]);
        check("room -> shed\n shed -> store", &["shed is not in the table", "shed -> store"]);
    }

    #[test]
    fn crates_that_have_one_home() {
        check("store -> rusqlite\n tests -> rusqlite\n patchbay-desktop -> tauri-build\n store -> keyring-core", &[]);
        check("studio -> tauri", &["studio -> tauri: tauri lives in patchbay-desktop only"]);
        check("cli ~> tauri-plugin-dialog", &["cli -> tauri-plugin-dialog: "]);
        check("studio -> rusqlite", &["studio -> rusqlite: "]);
        check("studio -> zbus-secret-service-keyring-store", &["studio -> zbus-secret-service-keyring-store: "]);
        check("studio -> reqwest\n studio -> oauth2", &["studio -> reqwest: ", "studio -> oauth2: "]);
    }

    #[test]
    fn pure_rooms_stay_pure() {
        check("manifest -> strsim\n manifest ~> proptest\n bubblescript ~> serde_json", &[]);
        check("bot -> tokio", &["bot -> tokio: bot is pure"]);
        check("providers -> jiff", &["providers -> jiff: providers is pure"]);
    }

    #[test]
    fn the_table_names_every_room() {
        let table = table();
        for (room, _) in ARROWS {
            assert!(table.contains(room));
        }
    }
}
