use std::path::Path;
use std::process::Stdio;

use crate::child::{command, reports, shared};
use crate::house::{FolderKeychain, bot, connect, read, secret};

/// Starts one child for each task, lets all begin at the same moment, and returns what they reported, sorted.
fn race(room: &Path, tasks: impl Iterator<Item = String>) -> Vec<String> {
    let children: Vec<_> = tasks
        .map(|task| {
            let mut child = command(&[], &task, room);
            child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    // Waiting closes each child's standard input, which is what they start at; the threads close them all at once.
    let outputs: Vec<_> = std::thread::scope(|scope| {
        let waits: Vec<_> =
            children.into_iter().map(|child| scope.spawn(|| child.wait_with_output().unwrap())).collect();
        waits.into_iter().map(|wait| wait.join().unwrap()).collect()
    });
    let mut told: Vec<String> = Vec::new();
    for output in &outputs {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        told.extend(reports(output));
    }
    told.sort();
    told
}

#[test]
fn racing_first_starts_make_one_key() {
    for _ in 0..3 {
        let room = tempfile::tempdir().unwrap();
        let told = race(room.path(), (0..6).map(|n| format!("first-start a{n}")));
        assert_eq!(told, ["joined", "joined", "joined", "joined", "joined", "made"]);
        assert_eq!(FolderKeychain(room.path().join("keychain")).accounts(), 1);
        let store = shared(room.path());
        for n in 0..6 {
            assert_eq!(read(&store, bot(&store, "/bot"), &format!("a{n}")).unwrap(), format!("a{n}"));
        }
    }
}

#[test]
fn of_racing_processes_one_gets_the_lease() {
    for _ in 0..3 {
        let room = tempfile::tempdir().unwrap();
        let store = shared(room.path());
        store.create_vault(store::NewVault::Keychain).unwrap();
        let id = bot(&store, "/bot");
        connect(&store, id, "a", "grant");
        let told = race(room.path(), (0..6).map(|n| format!("lease owner{n}")));
        assert_eq!(told, ["held", "held", "held", "held", "held", "taken"]);
        // All six have ended, and what the one began without an end is told.
        let found = store.connection_of(id, "a", None).unwrap().unwrap();
        assert!(found.refresh.lease_by.unwrap().starts_with("owner") && found.refresh.started_at.is_some());
    }
}

#[test]
fn another_processs_write_is_seen() {
    let room = tempfile::tempdir().unwrap();
    let store = shared(room.path());
    store.create_vault(store::NewVault::Keychain).unwrap();
    let id = bot(&store, "/bot");
    store.set(id, "a", &secret("mine")).unwrap();
    let before = store.changes().unwrap();
    let output = command(&[], "set theirs", room.path()).output().unwrap();
    assert_eq!(reports(&output), ["set"], "{}", String::from_utf8_lossy(&output.stdout));
    assert_ne!(store.changes().unwrap(), before);
    assert_eq!(read(&store, id, "a").unwrap(), "theirs");
}
