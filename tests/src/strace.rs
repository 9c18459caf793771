//! System calls: what was in them, and what happens when one of them is the last.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::{LONG, Running, Session, need, until};

/// One system call as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its name and its arguments before the first data: `write(1, `.
    pub start: String,
    /// All data in it, joined, so that a value is found although an array of buffers splits it.
    pub data: Vec<u8>,
}

/// Words for `strace` that record every call into files named `file.THREAD`: all data as hexadecimal, so that nothing is
/// lost, and each thread by itself, so that no call is split.
pub fn record_into(file: &Path) -> Vec<String> {
    let words = ["-ff", "-qq", "-xx", "-s", "4194304", "-e", "signal=none", "-o"];
    words.into_iter().map(str::to_owned).chain([file.display().to_string()]).collect()
}

/// All calls recorded into files named `file.THREAD`.
///
/// # Panics
/// There is no such file.
pub fn calls(file: &Path) -> Vec<Call> {
    let files = recorded(file);
    assert!(!files.is_empty(), "nothing was recorded into {}", file.display());
    let texts = files.iter().map(|file| fs::read_to_string(file).expect("a record"));
    texts.flat_map(|text| text.lines().map(call).collect::<Vec<_>>()).collect()
}

/// How often any one thread made each of these calls.
///
/// # Panics
/// There is no such file.
pub fn counts(file: &Path, names: &[&str]) -> BTreeMap<String, usize> {
    let mut most: BTreeMap<String, usize> = BTreeMap::new();
    for file in recorded(file) {
        let text = fs::read_to_string(file).expect("a record");
        for name in names {
            let start = format!("{name}(");
            let count = text.lines().filter(|line| line.starts_with(&start)).count();
            let most = most.entry((*name).to_owned()).or_default();
            *most = count.max(*most);
        }
    }
    most.retain(|_, count| *count > 0);
    most
}

/// Records what running processes do while `work` is done.
///
/// # Panics
/// `strace` is missing or cannot watch them.
pub fn while_watched(session: &Session, processes: &[u32], file: &Path, work: impl FnOnce()) -> Vec<Call> {
    need(&["strace"]);
    let mut command = session.command("strace");
    command.args(record_into(file)).stderr(Stdio::null());
    for process in processes {
        command.arg("-p").arg(process.to_string());
    }
    let watcher = Running::start(&mut command);
    until("strace to watch every thread", LONG, || processes.iter().all(|process| is_watched(*process)).then_some(()));
    work();
    watcher.end(LONG);
    calls(file)
}

fn is_watched(process: u32) -> bool {
    let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else { return true };
    let watched = |status: String| !status.contains("TracerPid:\t0\n");
    threads.flatten().all(|thread| fs::read_to_string(thread.path().join("status")).map_or(true, watched))
}

fn recorded(file: &Path) -> Vec<PathBuf> {
    let folder = file.parent().expect("a folder");
    let start = format!("{}.", file.file_name().expect("a name").to_string_lossy());
    let entries = fs::read_dir(folder).expect("the folder of the records").flatten();
    entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(&start)).map(|entry| entry.path()).collect()
}

fn call(line: &str) -> Call {
    let mut data = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find("\\x") {
        let Some(byte) = rest.get(at + 2..at + 4).and_then(|digits| u8::from_str_radix(digits, 16).ok()) else { break };
        data.push(byte);
        rest = &rest[at + 4..];
    }
    Call { start: line.split('"').next().unwrap_or(line).to_owned(), data }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_data_and_counts() {
        let folder = tempfile::tempdir().unwrap();
        let text = "writev(1, [{iov_base=\"\\x61\\x62\", iov_len=2}, {iov_base=\"\\x63\", iov_len=1}], 2) = 3\n\
                    fdatasync(4) = 0\nwrite(1, \"\\x64\", 1) = 1\nwrite(1, \"\\x65\", 1) = 1\n";
        fs::write(folder.path().join("trace.12"), text).unwrap();
        fs::write(folder.path().join("trace.13"), "write(1, \"\\x64\", 1) = 1\n").unwrap();
        let trace = folder.path().join("trace");
        assert_eq!(calls(&trace).len(), 5);
        let written = call(text.lines().next().unwrap());
        assert_eq!(written, Call { start: "writev(1, [{iov_base=".to_owned(), data: b"abc".to_vec() });
        let expect = BTreeMap::from([("fdatasync".to_owned(), 1), ("write".to_owned(), 2)]);
        assert_eq!(counts(&trace, &["write", "fdatasync", "unlink"]), expect);
    }
}
