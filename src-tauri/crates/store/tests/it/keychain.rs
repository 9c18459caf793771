//! The real keychain daemons, each in a bus session and home of its own: gnome-keyring and KeePassXC.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use tempfile::TempDir;

use crate::child::{command, reports};

const INSTALL: &str = "apt-get install -y gnome-keyring dbus libglib2.0-bin keepassxc";

/// A bus on which nothing starts by itself.
const BARE_BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>"#;

/// The daemon may claim its name a moment after it has gone to the background.
const UNLOCKED: &str = r#"printf pass | gnome-keyring-daemon --unlock --components=secrets >/dev/null || exit 9
until gdbus call --session -d org.freedesktop.DBus -o / -m org.freedesktop.DBus.NameHasOwner org.freedesktop.secrets |
    grep -q true; do :; done
exec "$@""#;
const WRONG_PASSWORD: &str =
    r#"printf wrong | gnome-keyring-daemon --unlock --components=secrets >/dev/null; exec "$@""#;
const AS_IT_IS: &str = "exec \"$@\"";

const WORKS: [&str; 8] =
    ["status ok", "load nothing", "store ok", "load key", "again Occupied", "delete ok", "delete ok", "load nothing"];

fn room() -> TempDir {
    for program in ["gnome-keyring-daemon", "dbus-run-session", "gdbus", "keepassxc", "keepassxc-cli"] {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let found = std::env::split_paths(&path).any(|folder| folder.join(program).exists());
        assert!(found, "{program} is missing; run: {INSTALL}");
    }
    let room = tempfile::tempdir().unwrap();
    fs::DirBuilder::new().mode(0o700).create(room.path().join("home")).unwrap();
    fs::write(room.path().join("bus.conf"), BARE_BUS).unwrap();
    room
}

/// Runs `task` after `script` on a bus where the keychain starts by itself, as on a desktop.
fn on_a_bus(room: &Path, script: &str, task: &str) -> Vec<String> {
    run(room, &["dbus-run-session", "--", "bash", "-c", script, "bash"], task)
}

fn on_a_bare_bus(room: &Path, task: &str) -> Vec<String> {
    let config = format!("--config-file={}", room.join("bus.conf").display());
    run(room, &["dbus-run-session", &config, "--"], task)
}

fn run(room: &Path, wrapper: &[&str], task: &str) -> Vec<String> {
    let output = command(wrapper, task, room).output().unwrap();
    let told = reports(&output);
    assert!(!told.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    told
}

fn all(answer: &str) -> Vec<String> {
    WORKS.map(|line| format!("{} {answer}", line.split(' ').next().unwrap())).into()
}

#[test]
fn keychain_without_a_bus() {
    assert_eq!(run(room().path(), &[], "keychain"), all("NoService"));
}

#[test]
fn keychain_on_a_bus_without_a_service() {
    assert_eq!(on_a_bare_bus(room().path(), "keychain"), all("NoService"));
}

#[test]
fn keychain_without_any_collection() {
    assert_eq!(on_a_bus(room().path(), AS_IT_IS, "keychain"), all("Locked"));
}

#[test]
fn keychain_unlocked() {
    assert_eq!(on_a_bus(room().path(), UNLOCKED, "keychain"), WORKS);
}

#[test]
fn keychain_started_later_is_found_by_the_same_process() {
    assert_eq!(on_a_bare_bus(room().path(), "keychain-later"), ["Err(NoService)", "Some(Ok(()))"]);
}

#[test]
fn keychain_vault_survives_every_state() {
    let room = room();
    assert_eq!(on_a_bus(room.path(), UNLOCKED, "vault make"), ["made"]);
    assert_eq!(on_a_bus(room.path(), UNLOCKED, "vault read"), ["kept"]);
    assert_eq!(on_a_bus(room.path(), AS_IT_IS, "vault read"), ["VaultLocked(KeychainLocked)"]);
    assert_eq!(on_a_bus(room.path(), WRONG_PASSWORD, "vault read"), ["VaultLocked(KeychainLocked)"]);
    assert_eq!(on_a_bus(room.path(), AS_IT_IS, "vault make"), ["VaultLocked(KeychainLocked)"]);
    assert_eq!(on_a_bare_bus(room.path(), "vault read"), ["VaultLocked(NoService)"]);
    assert_eq!(run(room.path(), &[], "vault read"), ["VaultLocked(NoService)"]);
    assert_eq!(on_a_bus(room.path(), UNLOCKED, "vault read"), ["kept"]);
    // Another person's keychain, as after moving the data folder to another computer.
    fs::rename(room.path().join("home"), room.path().join("elsewhere")).unwrap();
    fs::DirBuilder::new().mode(0o700).create(room.path().join("home")).unwrap();
    assert_eq!(on_a_bus(room.path(), UNLOCKED, "vault read"), ["VaultLocked(KeyMissing)"]);
    assert_eq!(on_a_bus(room.path(), UNLOCKED, "vault make"), ["VaultLocked(KeyMissing)"]);
}

#[test]
fn keychain_that_is_locked_makes_no_vault() {
    let room = room();
    assert_eq!(on_a_bus(room.path(), AS_IT_IS, "vault make"), ["Keychain(Locked)"]);
    assert_eq!(on_a_bus(room.path(), AS_IT_IS, "vault read"), ["missing"]);
    assert_eq!(on_a_bus(room.path(), UNLOCKED, "vault make"), ["made"]);
}

/// The exposed group's id stands in the database itself.
const DATABASE: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<KeePassFile><Meta><DatabaseName>test</DatabaseName><CustomData><Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key>
<Value>{11111111-2222-4333-8444-555555555555}</Value></Item></CustomData></Meta>
<Root><Group><UUID>ERERESIiQzOERFVVVVVVVQ==</UUID><Name>Root</Name></Group></Root></KeePassFile>"#;

const SETTINGS: &str = "[General]\nConfigVersion=2\nUpdateCheckMessageShown=true\n[GUI]\nCheckForUpdates=false\n\
    [FdoSecrets]\nEnabled=true\nShowNotification=false\nConfirmAccessItem=false\nConfirmDeleteItem=false\n";

/// Starts KeePassXC, waits for its collection to be there (and locked, if the first word says so), and runs the rest.
const KEEPASSXC: &str = r#"
cd "$0"; export QT_QPA_PLATFORM=offscreen TMPDIR="$0/home" # Its lock against a second instance is in there.
[ -e test.kdbx ] || printf 'pw\npw\n' | keepassxc-cli import -p test.xml test.kdbx >/dev/null 2>&1 || exit 9
printf pw | keepassxc --pw-stdin test.kdbx >/dev/null 2>&1 & keepassxc=$!
ask() { gdbus call --session --dest org.freedesktop.secrets --object-path "$1" --method org.freedesktop.DBus.Properties.Get "org.freedesktop.Secret.$2" "$3" 2>/dev/null; }
until ask /org/freedesktop/secrets Service Collections | grep -q collection/; do kill -0 $keepassxc || exit 9; done
collection=$(ask /org/freedesktop/secrets Service Collections | grep -o '/org/[^'"'"']*')
lock() { keepassxc --lock >/dev/null 2>&1; until ask "$collection" Collection Locked | grep -q true; do kill -0 $keepassxc || exit 9; done; }
[ "$1" = locked ] && lock
state=$1; shift
"$@"
[ $state = unlocked ] && lock # It saves its file when it is locked.
kill $keepassxc; wait $keepassxc
"#;

fn with_keepassxc(room: &Path, state: &str, task: &str) -> Vec<String> {
    fs::create_dir_all(room.join("home/keepassxc")).unwrap();
    fs::write(room.join("home/keepassxc/keepassxc.ini"), SETTINGS).unwrap();
    fs::write(room.join("test.xml"), DATABASE).unwrap();
    let config = format!("--config-file={}", room.join("bus.conf").display());
    let name = room.display().to_string();
    run(room, &["dbus-run-session", &config, "--", "bash", "-c", KEEPASSXC, &name, state], task)
}

#[test]
fn keychain_keepassxc_unlocked() {
    assert_eq!(with_keepassxc(room().path(), "unlocked", "keychain"), WORKS);
}

/// KeePassXC answers a locked look-up with a prompt for a person; without a display the wait ends by itself.
#[test]
fn keychain_keepassxc_vault_and_its_lock() {
    let room = room();
    assert_eq!(with_keepassxc(room.path(), "unlocked", "vault make"), ["made"]);
    assert_eq!(with_keepassxc(room.path(), "locked", "vault read"), ["VaultLocked(KeychainLocked)"]);
    assert_eq!(with_keepassxc(room.path(), "unlocked", "vault read"), ["kept"]);
}
