//! A write that is cut at a system call leaves the old or the new value, never neither.

use std::collections::BTreeMap;
use std::fs;

use tests::{Cli, Keychain, LONG, Session, bots, need, run, strace};

const OLD: &str = "the-old-value";
const NEW: &str = "the-new-value-which-is-longer";

/// Calls that open, lock and close files.
const OPENING: [&str; 3] = ["close", "fcntl", "openat"];

/// Calls that change a file or its name.
const CHANGING: [&str; 11] = [
    "fchmod",
    "fdatasync",
    "fsync",
    "ftruncate",
    "linkat",
    "pwrite64",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
];

/// Every call in a long run, else a few of each kind.
fn points(counts: &BTreeMap<String, usize>) -> Vec<(String, usize)> {
    let long = std::env::var_os("PATCHBAY_LONG").is_some();
    let chosen = |count: usize| -> Vec<usize> {
        let all = 1..=count;
        // The last calls are those that matter; the first ones read libraries.
        if long { all.collect() } else { all.rev().take(3).chain([count.div_ceil(2)]).collect() }
    };
    let mut points: Vec<_> =
        counts.iter().flat_map(|(call, &count)| chosen(count).into_iter().map(|at| (call.clone(), at))).collect();
    points.sort();
    points.dedup();
    points
}

struct Cut<'s> {
    session: &'s Session,
    cli: Cli<'s>,
}

impl Cut<'_> {
    /// How often the command makes each call when nothing cuts it.
    fn counts(&self, calls: &[&str]) -> BTreeMap<String, usize> {
        let file = self.session.home().path("tmp/uncut");
        let mut words = strace::record_into(&file);
        words.extend(["-e".to_owned(), format!("trace={}", calls.join(","))]);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let output = run(&mut self.cli.behind("strace", &words, &["secret", "set", "myapi_key"]), NEW.as_bytes(), LONG);
        assert!(output.status.success(), "{output:?}");
        strace::counts(&file, calls)
    }

    /// Stores the new value and is killed at a call. True if it was.
    fn at(&self, call: &str, number: usize) -> bool {
        let (trace, inject) = (format!("trace={call}"), format!("inject={call}:signal=KILL:when={number}"));
        let words = ["-f", "-qq", "-o", "/dev/null", "-e", &trace, "-e", &inject];
        let output = run(&mut self.cli.behind("strace", &words, &["secret", "set", "myapi_key"]), NEW.as_bytes(), LONG);
        !output.status.success()
    }
}

#[test]
fn cut_write_leaves_the_old_or_the_new_value() {
    need(&["strace"]);
    let session = Session::new(Keychain::Gnome);
    let bot = bots::copy("secret", session.home());
    let cut = Cut { session: &session, cli: Cli::new(&session, &bot) };
    cut.cli.set("myapi_key", OLD);
    let (data, before) = (session.data(), session.home().path("tmp/before"));
    bots::copy_folder(&data, &before);

    let (mut killed, mut old, mut new) = (0, 0, 0);
    for (call, number) in points(&cut.counts(&[OPENING.as_slice(), &CHANGING].concat())) {
        fs::remove_dir_all(&data).unwrap();
        bots::copy_folder(&before, &data);
        killed += u32::from(cut.at(&call, number));
        match cut.cli.get("myapi_key") {
            Ok(value) if value == OLD => old += 1,
            Ok(value) if value == NEW => new += 1,
            other => panic!("killed at {call} number {number}: {other:?}"),
        }
        cut.cli.set("myapi_key", OLD);
        assert_eq!(cut.cli.get("myapi_key").unwrap(), OLD, "killed at {call} number {number}, then set again");
    }
    eprintln!("{killed} cuts: {old} times the old value, {new} times the new one");
    assert!(killed >= 10, "only {killed} runs were cut");
    assert!(old > 0 && new > 0, "cuts before and after the value changed: {old}, {new}");
}

#[test]
fn cut_write_of_the_first_value_leaves_nothing_or_all() {
    cut_the_first_value(&CHANGING);
}

#[test]
fn cut_write_of_the_first_value_at_opened_files_leaves_nothing_or_all() {
    cut_the_first_value(&OPENING);
}

fn cut_the_first_value(calls: &[&str]) {
    need(&["strace"]);
    let session = Session::new(Keychain::Gnome);
    let bot = bots::copy("secret", session.home());
    let cut = Cut { session: &session, cli: Cli::new(&session, &bot) };
    let counts = cut.counts(calls);

    let (mut killed, mut nothing, mut all) = (0, 0, 0);
    for (call, number) in points(&counts) {
        fs::remove_dir_all(session.data()).unwrap();
        fs::remove_dir_all(&bot).unwrap();
        bots::copy("secret", session.home());
        session.clear_keychain();
        killed += u32::from(cut.at(&call, number));
        match cut.cli.get("myapi_key") {
            Ok(value) if value == NEW => all += 1,
            Err(outcome) if outcome.code == Some(2) => nothing += 1,
            other => panic!("killed at {call} number {number}: {other:?}"),
        }
        cut.cli.set("myapi_key", OLD);
        assert_eq!(cut.cli.get("myapi_key").unwrap(), OLD, "killed at {call} number {number}, then set again");
        assert_eq!(session.keychain_entries().len(), 1, "killed at {call} number {number}: one key in the end");
    }
    eprintln!("{killed} cuts: {nothing} times nothing, {all} times all");
    assert!(killed >= 10, "only {killed} runs were cut");
    assert!(nothing > 0 && all > 0, "cuts before and after the value was there: {nothing}, {all}");
}
