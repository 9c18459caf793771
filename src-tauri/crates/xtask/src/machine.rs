//! The tools that must already be on the machine: Rust and Node.

use anyhow::Result;

use crate::packages::Need;
use crate::shell;

/// Rust as the workspace's `rust-version` asks.
const RUST: (u32, u32) = (1, 95);

/// One sentence per tool that is missing or too old, with the way to get it.
pub(crate) fn missing_tools(need: Need) -> Vec<String> {
    let version = |mut command: std::process::Command| shell::output_of(command.arg("--version"));
    let mut problems = vec![rust_problem(version(shell::command("rustc")).as_deref())];
    if need > Need::Engine {
        problems.push(node_problem(version(shell::command("node")).as_deref()));
        problems.push(npm_problem(version(npm()).as_deref()));
    }
    problems.into_iter().flatten().collect()
}

/// Adds the parts of Rust that checks need and that a minimal installation lacks.
pub(crate) fn provide_components() -> Result<()> {
    let lacks = |verb: &&str| shell::output_of(shell::cargo().args([verb, "--version"])).is_none();
    if ["fmt", "clippy"].iter().any(lacks) {
        println!("Adding rustfmt and clippy to Rust");
        shell::must(shell::command("rustup").args(["component", "add", "rustfmt", "clippy"]))?;
    }
    Ok(())
}

/// npm is a script on Windows, which needs its ending spelled out.
pub(crate) fn npm() -> std::process::Command {
    shell::command(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// Like [`npm`], for programs that a package brings.
pub(crate) fn npx() -> std::process::Command {
    shell::command(if cfg!(windows) { "npx.cmd" } else { "npx" })
}

fn rust_problem(version: Option<&str>) -> Option<String> {
    let (major, minor) = RUST;
    let way = format!(
        "Get it with `rustup update stable`, or from https://rustup.rs: \
         curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --default-toolchain {major}.{minor}"
    );
    match version.map(numbers) {
        Some(found) if found >= RUST => None,
        Some((a, b)) => Some(format!("Rust here is {a}.{b}; Patchbay needs {major}.{minor} or later. {way}")),
        None => Some(format!("Rust is not installed; Patchbay needs {major}.{minor} or later. {way}")),
    }
}

fn node_problem(version: Option<&str>) -> Option<String> {
    const WAY: &str = "Debian 12's own is too old. Get it from https://nodejs.org/en/download, \
                       or as root: curl -fsSL https://deb.nodesource.com/setup_22.x | bash - && apt-get install -y nodejs";
    match version.map(numbers) {
        Some(found) if node_fits(found) => None,
        Some((a, b)) => Some(format!("Node here is {a}.{b}; Patchbay needs 20.19, 22.12 or later. {WAY}")),
        None => Some(format!("Node is not installed; Patchbay needs 20.19, 22.12 or later. {WAY}")),
    }
}

fn npm_problem(version: Option<&str>) -> Option<String> {
    version
        .is_none()
        .then(|| "npm is not installed; it comes with Node from https://nodejs.org/en/download.".to_owned())
}

/// The range that Vite 8 states: 20.19 and up, or 22.12 and up; 21 and early 22 lack what it needs.
fn node_fits(version: (u32, u32)) -> bool {
    matches!(version, (20, 19..) | (22, 12..) | (23.., _))
}

/// Major and minor of the first version number in the text; zeros when there is none.
fn numbers(text: &str) -> (u32, u32) {
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let mut parts = text[start..].split(|c: char| !c.is_ascii_digit()).map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_the_tools_print() {
        assert_eq!(numbers("rustc 1.95.0 (59807616e 2026-04-14)"), (1, 95));
        assert_eq!(numbers("v20.20.2\n"), (20, 20));
        assert_eq!(numbers("nothing"), (0, 0));
    }

    #[test]
    fn old_or_missing_tools_are_named_with_the_way_to_get_them() {
        #[track_caller]
        fn check(problem: Option<String>, expect: &[&str]) {
            let problem = problem.expect("a problem");
            for part in expect {
                assert!(problem.contains(part), "{problem:?} lacks {part:?}");
            }
        }
        check(rust_problem(Some("rustc 1.94.1")), &["1.94", "1.95", "rustup update stable"]);
        check(rust_problem(None), &["not installed", "https://rustup.rs"]);
        check(node_problem(Some("v18.19.0")), &["18.19", "20.19", "nodejs.org"]);
        check(node_problem(None), &["not installed"]);
        check(npm_problem(None), &["npm"]);
    }

    #[test]
    fn good_enough_tools_are_not_mentioned() {
        assert_eq!(rust_problem(Some("rustc 1.95.0")), None);
        assert_eq!(rust_problem(Some("rustc 2.0.0")), None);
        for node in ["v20.19.0", "v22.12.0", "v24.1.0"] {
            assert_eq!(node_problem(Some(node)), None, "{node}");
        }
        for node in ["v20.18.9", "v21.7.0", "v22.11.0"] {
            assert!(node_problem(Some(node)).is_some(), "{node}");
        }
    }
}
