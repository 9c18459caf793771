//! Where things are: the folder of this package, the built binaries, programs of the system.

use std::path::{Path, PathBuf};

/// A file or folder of this package.
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A built binary of the product: in the folder that `PATCHBAY_BIN_DIR` or `PATCHBAY_BINARIES` names, else where cargo
/// built this test.
///
/// # Panics
/// It has not been built; the text says how to.
pub fn binary(name: &str) -> PathBuf {
    let named = ["PATCHBAY_BIN_DIR", "PATCHBAY_BINARIES"].into_iter().find_map(std::env::var_os).map(PathBuf::from);
    let folder = named.or_else(beside_this_test).expect("the folder of the built binaries");
    let path = folder.join(name);
    let package = if name == "patchbay" { "cli" } else { name };
    assert!(path.is_file(), "{} is not built. Build it with: cargo build -p {package}", path.display());
    path
}

/// Tests are built into `target/debug/deps`.
fn beside_this_test() -> Option<PathBuf> {
    let test = std::env::current_exe().ok()?;
    test.ancestors().nth(2).map(Path::to_owned)
}

/// Programs of the system and the Debian package that each comes with.
const PROGRAMS: [(&str, &str); 16] = [
    ("WebKitWebDriver", "webkit2gtk-driver"),
    ("Xvfb", "xvfb"),
    ("bash", "bash"),
    ("dbus-daemon", "dbus"),
    ("dbus-send", "dbus"),
    ("gnome-keyring-daemon", "gnome-keyring"),
    ("import", "imagemagick"),
    ("keepassxc", "keepassxc"),
    ("keepassxc-cli", "keepassxc"),
    ("mount", "mount"),
    ("openbox", "openbox"),
    ("secret-tool", "libsecret-tools"),
    ("setpriv", "util-linux"),
    ("strace", "strace"),
    ("umount", "mount"),
    ("xdpyinfo", "x11-utils"),
];

/// Makes sure that programs of the system are there.
///
/// # Panics
/// With the line that installs what is missing.
pub fn need(programs: &[&str]) {
    let missing: Vec<&str> = programs
        .iter()
        .filter(|program| !on_path(program))
        .map(|program| PROGRAMS.iter().find(|(name, _)| name == program).map_or(*program, |(_, package)| package))
        .collect();
    assert!(missing.is_empty(), "Missing system packages. Install them with: apt-get install -y {}", missing.join(" "));
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
