//! A process killed at every system call that writes: afterwards the old or the new state is there, never neither.

use std::path::Path;
use std::process::Command;

use store::NewVault;

use crate::child::{command, shared};
use crate::house::{FolderKeychain, bot, connect, grant, read, secret};

const CALLS: [&str; 9] =
    ["pwrite64", "write", "fdatasync", "fsync", "ftruncate", "unlink", "linkat", "renameat2", "rename"];

/// Runs `task` once for every one of `calls` that it makes, cut there, each time in a room that `prepare` has made; `check`
/// gets the room and whether the task was cut. Returns how many cuts there were.
fn cut_everywhere(task: &str, calls: &[&str], prepare: impl Fn(&Path), check: impl Fn(&Path, &str)) -> usize {
    let mut cuts = 0;
    for call in calls {
        for nth in 1.. {
            let room = tempfile::tempdir().unwrap();
            prepare(room.path());
            let rule = format!("inject={call}:signal=KILL:when={nth}");
            let log = room.path().join("trace").display().to_string();
            let only = format!("trace={call}");
            let wrapper = ["strace", "-f", "-o", &log, "-e", &only, "-e", &rule];
            let output = command(&wrapper, task, room.path()).output().expect("run: apt-get install -y strace");
            check(room.path(), &format!("{task} cut at {call} {nth}"));
            if output.status.success() {
                break;
            }
            let log = std::fs::read_to_string(&log).unwrap();
            assert!(log.contains("killed by SIGKILL"), "{}{log}", String::from_utf8_lossy(&output.stderr));
            cuts += 1;
        }
    }
    cuts
}

fn furnish(room: &Path) {
    let store = shared(room);
    store.create_vault(NewVault::Keychain).unwrap();
    store.set(bot(&store, "/bot"), "a", &secret("old")).unwrap();
}

fn value(room: &Path) -> Option<String> {
    let store = shared(room);
    read(&store, bot(&store, "/bot"), "a")
}

#[test]
fn replacing_a_value_leaves_the_old_or_the_new_one() {
    let old_or_new = |room: &Path, point: &str| {
        let found = value(room);
        assert!(matches!(found.as_deref(), Some("old" | "new")), "{point}: {found:?}");
    };
    assert!(cut_everywhere("set new", &CALLS, furnish, old_or_new) >= 8);
}

#[test]
fn removing_a_value_leaves_it_or_not() {
    let old_or_none = |room: &Path, point: &str| {
        let found = value(room);
        assert!(matches!(found.as_deref(), Some("old") | None), "{point}: {found:?}");
    };
    assert!(cut_everywhere("remove", &CALLS, furnish, old_or_none) >= 8);
}

fn connected(room: &Path) {
    let store = shared(room);
    store.create_vault(NewVault::Keychain).unwrap();
    connect(&store, bot(&store, "/bot"), "a", "old");
}

#[test]
fn a_second_sign_in_cut_anywhere_leaves_the_old_or_the_new_connection() {
    let one = |room: &Path, point: &str| {
        let store = shared(room);
        let all = store.connections(bot(&store, "/bot")).unwrap();
        assert_eq!(all.len(), 1, "{point}");
        let found = grant(&store, bot(&store, "/bot"), &all[0].id);
        assert!(matches!(found.as_deref(), Some("old" | "new")), "{point}: {found:?}");
    };
    assert!(cut_everywhere("connect new", &CALLS, connected, one) >= 8);
}

/// Wherever a refresh is cut, what it brought is kept whole, or the journal tells that it was begun, or nothing was begun.
#[test]
fn a_refresh_cut_anywhere_is_done_begun_or_never_was() {
    let seen = std::cell::RefCell::new(std::collections::BTreeSet::new());
    let told = |room: &Path, point: &str| {
        let store = shared(room);
        let id = bot(&store, "/bot");
        let found = store.connection_of(id, "a", None).unwrap().unwrap();
        let begun = found.refresh.started_at.is_some();
        let grant = grant(&store, id, &found.id).unwrap();
        let fits = match grant.as_str() {
            "old" => found.version == 1 && (!begun || found.refresh.lease_by.is_some()),
            "new" => found.version == 2 && !begun && found.refresh.lease_by.is_none(),
            _ => false,
        };
        assert!(fits, "{point}: {grant} {found:?}");
        seen.borrow_mut().insert((grant, begun));
    };
    assert!(cut_everywhere("refresh new", &["pwrite64", "fdatasync"], connected, told) >= 6);
    let all = [("new".to_owned(), false), ("old".to_owned(), false), ("old".to_owned(), true)];
    assert!(seen.into_inner().into_iter().eq(all));
}

#[test]
fn a_first_start_cut_anywhere_can_be_taken_up_again() {
    let usable = |room: &Path, point: &str| {
        let store = shared(room);
        let made = store.create_vault(NewVault::Keychain);
        assert!(made.is_ok(), "{point}: {made:?}");
        let id = bot(&store, "/bot");
        store.set(id, "b", &secret("later")).unwrap();
        assert_eq!(read(&store, id, "b").unwrap(), "later", "{point}");
        assert_eq!(FolderKeychain(room.join("keychain")).accounts(), 1, "{point}");
        let left: Vec<_> =
            std::fs::read_dir(room.join("data")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(!left.iter().any(|name| name.to_string_lossy().starts_with(".vault-new-")), "{point}: {left:?}");
    };
    assert!(cut_everywhere("first-start a", &CALLS, |_| {}, usable) >= 20);
}

#[test]
fn a_rekeying_cut_anywhere_leaves_the_vault_openable() {
    let openable = |room: &Path, point: &str| {
        let store = shared(room);
        let id = bot(&store, "/bot");
        if store.get(id, "a").is_err() {
            store.unlock(store::Unlock::Passphrase(secret("pass"))).unwrap_or_else(|error| panic!("{point}: {error}"));
        }
        assert_eq!(read(&store, id, "a").unwrap(), "old", "{point}");
    };
    // Every run stretches a passphrase, so only the calls by which vault and keychain change are cut.
    let calls = ["pwrite64", "fdatasync", "ftruncate", "unlink"];
    assert!(cut_everywhere("rekey pass", &calls, furnish, openable) >= 8);
}

#[test]
fn a_trace_without_a_cut_changes_nothing() {
    let room = tempfile::tempdir().unwrap();
    furnish(room.path());
    let mut traced: Command = command(&["strace", "-f", "-o", "/dev/null"], "set new", room.path());
    assert!(traced.output().expect("run: apt-get install -y strace").status.success());
    assert_eq!(value(room.path()).unwrap(), "new");
}
