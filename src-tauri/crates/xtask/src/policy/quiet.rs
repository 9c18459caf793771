//! Pure rooms name no part of the standard library that reads, writes, waits, or looks at a clock.
//!
//! A search in the text, which a determined hand could get around; it is there for the absent-minded one. Tests may do
//! as they like: everything after a file's `#[cfg(test)]` and everything in a file or folder called `tests` is left out.

use std::path::Path;

use anyhow::Result;

use super::arrows::PURE;

const LOUD: &[&str] = &[
    "std::env",
    "std::fs",
    "std::io",
    "std::process",
    "std::thread",
    "Instant::now",
    "SystemTime",
    "TcpListener",
    "TcpStream",
    "ToSocketAddrs",
    "UdpSocket",
];

/// One sentence per line of a pure room that names something loud.
pub(super) fn complaints(root: &Path) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    for room in PURE {
        for file in rust_files(&root.join("src-tauri/crates").join(room).join("src"))? {
            let shown = file.strip_prefix(root).unwrap_or(&file).display().to_string();
            complaints.extend(in_text(&shown, &std::fs::read_to_string(&file)?));
        }
    }
    Ok(complaints)
}

fn in_text(file: &str, text: &str) -> Vec<String> {
    let lines = text.lines().take_while(|line| !line.trim_start().starts_with("#[cfg(test)]")).enumerate();
    let code = lines.filter(|(_, line)| !line.trim_start().starts_with("//"));
    let loud = code.filter_map(|(index, line)| Some((index + 1, LOUD.iter().find(|name| names(line, name))?)));
    loud.map(|(line, name)| format!("{file}:{line}: {name} has no place in a pure room.")).collect()
}

/// Whether the name stands in the line and does not merely begin a longer one.
fn names(line: &str, name: &str) -> bool {
    line.split(name).skip(1).any(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

fn rust_files(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.file_stem().is_some_and(|name| name == "tests") {
            continue;
        }
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loud_names_are_found_where_they_matter() {
        #[track_caller]
        fn check(text: &str, expect: &[&str]) {
            assert_eq!(in_text("a.rs", text), expect);
        }
        check("use std::fs;\n", &["a.rs:1: std::fs has no place in a pure room."]);
        check("fn f() {\n    Instant::now();\n}", &["a.rs:2: Instant::now has no place in a pure room."]);
        check("use std::fmt;\nuse std::net::IpAddr;\nuse std::iox;", &[]);
        check("// std::fs is not used here.\n", &[]);
        check("fn f() {}\n#[cfg(test)]\nmod tests { use std::fs; }", &[]);
    }

    #[test]
    fn files_of_tests_are_left_out() {
        let scratch = crate::shell::Scratch::new("quiet").expect("a folder");
        for file in ["lib.rs", "tests.rs", "deep/down.rs", "deep/tests/x.rs", "notes.md"] {
            let path = scratch.path().join(file);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            std::fs::write(path, "").expect("a file");
        }
        let found = rust_files(scratch.path()).expect("files");
        assert_eq!(found, ["deep/down.rs", "lib.rs"].map(|file| scratch.path().join(file)));
    }
}
