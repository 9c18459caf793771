//! A folder that does not allow writing, and a disk without room: told clearly, with the old state unharmed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::child::{command, reports, shared};
use crate::house::{bot, read, secret};

fn furnish(room: &Path) {
    let store = shared(room);
    store.create_vault(store::NewVault::Keychain).unwrap();
    store.set(bot(&store, "/bot"), "a", &secret("old")).unwrap();
}

fn still_old(room: &Path) {
    let store = shared(room);
    assert_eq!(read(&store, bot(&store, "/bot"), "a").unwrap(), "old");
}

/// Root may write anywhere, so the child runs as somebody else, from a copy of this binary that anyone may run.
#[test]
fn a_read_only_folder_is_told() {
    let room = tempfile::tempdir().unwrap();
    furnish(room.path());
    let program = room.path().join("program");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let mut child = command(&["env"], "write-anywhere", room.path());
    if am_root() {
        let owned = Command::new("chown").args(["-R", "65534:65534"]).arg(room.path()).status().unwrap();
        assert!(owned.success());
        child =
            command(&["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"], "write-anywhere", room.path());
    }
    let words: Vec<_> = child
        .get_args()
        .map(|word| if word == std::env::current_exe().unwrap() { program.clone().into() } else { word.to_owned() })
        .collect();
    let mut run = Command::new(child.get_program());
    run.args(words).envs(child.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let data = room.path().join("data");
    fs::set_permissions(&data, fs::Permissions::from_mode(0o500)).unwrap();
    let output = run.output().unwrap();
    fs::set_permissions(&data, fs::Permissions::from_mode(0o700)).unwrap();
    let expected = ["vault Unusable(ReadOnly)", "settings ok", "read ReadOnly", "set ReadOnly"];
    assert_eq!(reports(&output), expected, "{}", String::from_utf8_lossy(&output.stderr));
    still_old(room.path());
}

/// A small file system of its own, in a name space of its own, filled to the brim.
#[test]
fn a_full_disk_is_told() {
    let room = tempfile::tempdir().unwrap();
    furnish(room.path());
    // About 40 KiB stay free: enough to open the vault, not enough for a value of 60,000 bytes.
    let script = r#"mount -t tmpfs -o size=256k tmpfs "$0/small" && cp -r "$0/data" "$0/keychain" "$0/small/" &&
        free=$(df --output=avail -B1k "$0/small" | tail -1) && dd if=/dev/zero of="$0/small/rest" bs=1k count=$((free - 40)) 2>/dev/null;
        "$@"; cp -r "$0/small/data" "$0/after""#;
    fs::create_dir(room.path().join("small")).unwrap();
    let room_name = room.path().display().to_string();
    let wrapper = ["unshare", "-rm", "bash", "-c", script, &room_name];
    let output = command(&wrapper, "write-anywhere", &room.path().join("small")).output().unwrap();
    let told = reports(&output);
    assert_eq!(
        told.last().map(String::as_str),
        Some("set DiskFull"),
        "{told:?} {}",
        String::from_utf8_lossy(&output.stderr)
    );
    fs::rename(room.path().join("data"), room.path().join("before")).unwrap();
    fs::rename(room.path().join("after"), room.path().join("data")).unwrap();
    still_old(room.path());
}

fn am_root() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    output.stdout.trim_ascii() == b"0"
}
