//! The same test binary as a second process: it runs one task, named in its environment, and reports on standard output.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use jiff::Timestamp;
use store::{Config, Key, Keychain, KeychainError, Lease, NewVault, Store, StoreError, SystemKeychain};

use crate::house::{self, FolderKeychain, bot, secret};

const TASK: &str = "PATCHBAY_STORE_TASK";
const ROOM: &str = "PATCHBAY_STORE_ROOM";

/// A command line that runs `task` in the folder `room`.
pub(crate) fn arguments() -> Vec<String> {
    let program = std::env::current_exe().unwrap().display().to_string();
    [&program, "--exact", "child::runs_a_task", "--nocapture", "--test-threads=1"].map(str::to_owned).into()
}

/// `wrapper` and then this binary, told to run `task`, with every home-like variable pointing into `room`.
pub(crate) fn command(wrapper: &[&str], task: &str, room: &Path) -> Command {
    let mut line: Vec<String> = wrapper.iter().map(|word| (*word).to_owned()).collect();
    line.extend(arguments());
    let mut command = Command::new(&line[0]);
    command.args(&line[1..]).env(TASK, task).env(ROOM, room);
    for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"] {
        command.env(name, room.join("home"));
    }
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "GNOME_KEYRING_CONTROL", "RUST_BACKTRACE"] {
        command.env_remove(name);
    }
    command
}

/// What the child reported, line by line.
pub(crate) fn reports(output: &Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().filter_map(|line| line.split_once("REPORT ")).map(|(_, report)| report.to_owned()).collect()
}

/// A store in `room` whose keychain several processes share.
pub(crate) fn shared(room: &Path) -> Store {
    std::fs::create_dir_all(room.join("keychain")).unwrap();
    open(room, Arc::new(FolderKeychain(room.join("keychain"))))
}

fn open(room: &Path, keychain: Arc<dyn Keychain>) -> Store {
    Store::open(Config { data_dir: room.join("data"), keychain, clock: Arc::new(Timestamp::now) }).unwrap()
}

#[test]
fn runs_a_task() {
    let (Ok(task), Some(room)) = (std::env::var(TASK), std::env::var_os(ROOM).map(PathBuf::from)) else { return };
    let (verb, argument) = task.split_once(' ').unwrap_or((&task, ""));
    match verb {
        "first-start" => first_start(&room, argument),
        "set" => set(&shared(&room), argument),
        "remove" => remove(&shared(&room)),
        "connect" => connect(&shared(&room), argument),
        "lease" => lease(&room, argument),
        "refresh" => refresh(&shared(&room), argument),
        "rekey" => rekey(&shared(&room), argument),
        "write-anywhere" => write_anywhere(&room),
        "keychain" => keychain(),
        "keychain-later" => keychain_later(),
        "vault" => vault(&open(&room, Arc::new(SystemKeychain)), argument),
        other => panic!("no such task: {other}"),
    }
}

/// Waits until standard input ends, so that several children start at once; then makes the vault and sets one value.
fn first_start(room: &Path, alias: &str) {
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
    let store = shared(room);
    let recovery = store.create_vault(NewVault::Keychain).unwrap();
    store.set(bot(&store, "/bot"), alias, &secret(alias)).unwrap();
    println!("REPORT {}", if recovery.is_some() { "made" } else { "joined" });
}

fn set(store: &Store, value: &str) {
    store.set(bot(store, "/bot"), "a", &secret(value)).unwrap();
    println!("REPORT set");
}

fn remove(store: &Store) {
    store.remove(bot(store, "/bot"), "a").unwrap();
    println!("REPORT removed");
}

fn connect(store: &Store, grant: &str) {
    house::connect(store, bot(store, "/bot"), "a", grant);
    println!("REPORT connected");
}

/// Waits until standard input ends, so that several children ask at once; then asks for the lease of the one connection and, if
/// it is granted, begins.
fn lease(room: &Path, owner: &str) {
    let store = shared(room);
    let bot = bot(&store, "/bot");
    let id = store.connection_of(bot, "a", None).unwrap().unwrap().id;
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
    let told = match store.take_lease(bot, &id, owner, 60).unwrap() {
        Lease::Taken { interrupted: None, .. } if store.start_refresh(bot, &id, owner).unwrap() => "taken",
        Lease::Held { .. } => "held",
        other => panic!("{other:?}"),
    };
    println!("REPORT {told}");
}

/// One whole refresh of the one connection.
fn refresh(store: &Store, grant: &str) {
    let bot = bot(store, "/bot");
    let id = store.connection_of(bot, "a", None).unwrap().unwrap().id;
    assert!(matches!(store.take_lease(bot, &id, "child", 60), Ok(Lease::Taken { .. })));
    assert!(store.start_refresh(bot, &id, "child").unwrap());
    assert!(store.finish_refresh(bot, &id, "child", &secret(grant), "{}").unwrap());
    println!("REPORT refreshed");
}

fn rekey(store: &Store, passphrase: &str) {
    let _ = store.rekey(store::Rekey::Passphrase(secret(passphrase))).unwrap();
    println!("REPORT rekeyed");
}

/// Opens the data folder as it is and tells what a write says.
fn write_anywhere(room: &Path) {
    let store = shared(room);
    println!("REPORT vault {:?}", store.vault().state);
    println!("REPORT settings {}", told(store.save_settings(&store::Settings::default())));
    println!("REPORT read {}", told(store.get(bot(&store, "/bot"), "a").map(drop)));
    println!("REPORT set {}", told(store.set(bot(&store, "/bot"), "a", &secret(&"x".repeat(60_000)))));
}

fn told(result: Result<(), StoreError>) -> String {
    result.map_or_else(|error| format!("{error:?}"), |()| "ok".to_owned())
}

/// Every call of the real keychain once.
fn keychain() {
    let (keychain, key, account) = (SystemKeychain, Key::new([0xC3; 32]), "vault-test");
    let say = |what: &str, result: Result<String, KeychainError>| {
        println!("REPORT {what} {}", result.unwrap_or_else(|error| format!("{error:?}")));
    };
    let ok = |()| "ok".to_owned();
    let found = |key: Option<Key>| {
        key.map_or("nothing", |key| if key.expose() == &[0xC3; 32] { "key" } else { "other" }).to_owned()
    };
    say("status", keychain.status().map(ok));
    say("load", keychain.load(account).map(found));
    say("store", keychain.store(account, &key).map(ok));
    say("load", keychain.load(account).map(found));
    say("again", keychain.store(account, &key).map(ok));
    say("delete", keychain.delete(account).map(ok));
    say("delete", keychain.delete(account).map(ok));
    say("load", keychain.load(account).map(found));
}

/// A keychain that is started while the process runs is found by the next try.
fn keychain_later() {
    println!("REPORT {:?}", SystemKeychain.status());
    let mut daemon = Command::new("gnome-keyring-daemon");
    let daemon = daemon.args(["--unlock", "--components=secrets"]).stdin(Stdio::piped()).stdout(Stdio::null()).spawn();
    let mut daemon = daemon.unwrap();
    daemon.stdin.take().unwrap().write_all(b"pass").unwrap();
    daemon.wait().unwrap();
    // It claims its name a moment after it has gone to the background.
    let found = (0..500).map(|_| SystemKeychain.status()).find(|status| *status != Err(KeychainError::NoService));
    println!("REPORT {found:?}");
}

/// Makes a vault or reads from it, with the real keychain.
fn vault(store: &Store, verb: &str) {
    let bot = bot(store, "/bot");
    let outcome = match verb {
        "make" => store
            .create_vault(NewVault::Keychain)
            .and_then(|_| store.set(bot, "a", &secret("kept")))
            .map(|()| "made".to_owned()),
        _ => store.get(bot, "a").map(|value| value.map_or("missing".to_owned(), |value| value.expose().clone())),
    };
    println!("REPORT {}", outcome.unwrap_or_else(|error| format!("{error:?}")));
}
