//! A disk without room: nothing is lost, and the message says what to do.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tests::{Cli, Keychain, LONG, Session, bots, need, run};

/// A small disk, as long as it is there.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None`: this user may not mount one.
    fn mount(at: &Path, kilobytes: u32) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={kilobytes}k,mode=700"), "none"]).arg(at);
        run(&mut mount, b"", LONG).status.success().then(|| Self(at.to_owned()))
    }

    /// Leaves less room than one page.
    fn fill(&self) {
        let mut size = 1 << 20;
        let file = self.0.join("ballast");
        let mut bytes = Vec::new();
        while size > 0 {
            bytes.resize(bytes.len() + size, 0);
            if fs::write(&file, &bytes).is_err() {
                bytes.truncate(bytes.len() - size);
                size /= 2;
                let _ = fs::write(&file, &bytes);
            }
        }
    }

    fn free(&self) {
        fs::remove_file(self.0.join("ballast")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let mut unmount = Command::new("umount");
        run(unmount.arg("--lazy").arg(&self.0), b"", LONG);
    }
}

#[test]
fn full_disk_keeps_the_old_value() {
    need(&["mount", "umount"]);
    let session = Session::new(Keychain::Gnome);
    let bot = bots::copy("secret", session.home());
    let folder = session.home().path("disk");
    let cli = Cli::new(&session, &bot).with_data_dir(&folder.join("patchbay"));
    let Some(disk) = SmallDisk::mount(&folder, 1024) else {
        return a_limit_on_file_size_keeps_the_old_value(&session, &cli);
    };
    cli.set("myapi_key", "old");
    disk.fill();
    let long = "x".repeat(60_000);
    let refused = cli.run_with(&["secret", "set", "myapi_key"], &long);
    refused.expect(1, "The disk is full");
    // Reading may need room too; what is not read must not be called missing.
    match cli.get("myapi_key") {
        Ok(value) => assert_eq!(value, "old"),
        Err(outcome) => assert!(outcome.err.contains("full"), "{outcome:?}"),
    }
    disk.free();
    assert_eq!(cli.get("myapi_key").unwrap(), "old");
    cli.set("myapi_key", &long);
    assert_eq!(cli.get("myapi_key").unwrap(), long);
}

/// Where no disk may be mounted, a limit on the size of files stands in: writing fails in the same places.
fn a_limit_on_file_size_keeps_the_old_value(session: &Session, cli: &Cli<'_>) {
    need(&["bash"]);
    cli.set("myapi_key", "old");
    let kilobytes = 48;
    let limit = format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$@\"");
    let mut command = cli.behind("bash", &["-c", &limit, "bash"], &["secret", "set", "myapi_key"]);
    let refused = run(&mut command, "x".repeat(60_000).as_bytes(), LONG);
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    assert_eq!(cli.get("myapi_key").unwrap(), "old");
    assert!(session.data().parent().is_some_and(Path::exists));
}

#[test]
fn full_disk_at_the_first_start_says_so() {
    need(&["mount", "umount"]);
    let session = Session::new(Keychain::Gnome);
    let bot = bots::copy("secret", session.home());
    let folder = session.home().path("disk");
    // Only root may mount; elsewhere the test above has its stand-in.
    let Some(disk) = SmallDisk::mount(&folder, 512) else { return };
    disk.fill();
    let cli = Cli::new(&session, &bot).with_data_dir(&folder.join("patchbay"));
    let refused = cli.run_with(&["secret", "set", "myapi_key"], "value");
    assert!(matches!(refused.code, Some(1 | 3)), "{refused:?}");
    assert!(refused.err.contains("full"), "{refused:?}");
    disk.free();
    cli.set("myapi_key", "value");
    assert_eq!(cli.get("myapi_key").unwrap(), "value");
}
