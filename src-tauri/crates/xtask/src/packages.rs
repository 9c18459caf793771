//! The system packages that building and testing need: one list, with what each is for.
//!
//! On Debian and its children they are installed (as root) or named in one line to copy. Elsewhere the purposes are
//! named, and the verb goes on: the build says soon enough what it lacks.

use crate::shell;
use crate::{FINE, NEEDS_YOU, Status};
use anyhow::{Result, bail};

/// A Debian package and what it is needed for.
struct Package {
    name: &'static str,
    purpose: &'static str,
    need: Need,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// Building the engine and the command line.
    Engine,
    /// Building and opening the window as well.
    Window,
    /// Running every tier of the tests as well.
    Tests,
}

const PACKAGES: &[Package] = &[
    Package { name: "build-essential", purpose: "a C compiler and linker", need: Need::Engine },
    Package { name: "pkg-config", purpose: "finding the system's libraries", need: Need::Window },
    Package { name: "libwebkit2gtk-4.1-dev", purpose: "WebKitGTK 4.1, which draws the window", need: Need::Window },
    Package { name: "librsvg2-dev", purpose: "SVG images in the window", need: Need::Window },
    Package { name: "webkit2gtk-driver", purpose: "driving the real window in tests", need: Need::Tests },
    Package { name: "chromium", purpose: "the browser of the interface's tests", need: Need::Tests },
    Package { name: "chromium-driver", purpose: "driving it as the system's browser in tests", need: Need::Tests },
    Package { name: "xvfb", purpose: "a display without a screen", need: Need::Tests },
    Package { name: "xauth", purpose: "what xvfb-run protects its display with", need: Need::Tests },
    Package { name: "openbox", purpose: "a window manager for tests", need: Need::Tests },
    Package { name: "x11-utils", purpose: "looking at windows in tests", need: Need::Tests },
    Package { name: "imagemagick", purpose: "screenshots in tests", need: Need::Tests },
    Package { name: "dbus", purpose: "a session bus of the tests' own", need: Need::Tests },
    Package { name: "dbus-x11", purpose: "starting services on that bus", need: Need::Tests },
    Package { name: "gnome-keyring", purpose: "a real keychain", need: Need::Tests },
    Package { name: "keepassxc", purpose: "a second real keychain", need: Need::Tests },
    Package { name: "libsecret-tools", purpose: "looking into a keychain from outside", need: Need::Tests },
    Package { name: "python3-venv", purpose: "programs that judge sign-ins, in long tests", need: Need::Tests },
    Package { name: "xdg-utils", purpose: "opening the browser", need: Need::Window },
    Package { name: "desktop-file-utils", purpose: "links that lead back to the window", need: Need::Window },
    Package { name: "xclip", purpose: "filling the clipboard in tests", need: Need::Tests },
    Package { name: "strace", purpose: "cutting a write at every system call", need: Need::Tests },
];

/// Installs what is missing for `need`, or says what to type. [`FINE`] means: go on.
pub(crate) fn provide(need: Need) -> Result<Status> {
    if !cfg!(target_os = "linux") {
        return Ok(FINE);
    }
    if !(shell::on_path("dpkg-query") && shell::on_path("apt-get")) {
        name_purposes(need);
        return Ok(FINE);
    }
    let missing = missing(need);
    if missing.is_empty() {
        return Ok(FINE);
    }
    if !is_root() {
        println!(
            "These system packages are missing. Install them, then run this again:\n\n  {}\n",
            install_line(&missing)
        );
        return Ok(NEEDS_YOU);
    }
    println!("Installing system packages: {}", missing.join(" "));
    install(&missing)?;
    Ok(FINE)
}

fn wanted(need: Need) -> impl Iterator<Item = &'static Package> {
    PACKAGES.iter().filter(move |package| package.need <= need)
}

fn missing(need: Need) -> Vec<&'static str> {
    wanted(need).map(|package| package.name).filter(|name| !installed(name)).collect()
}

fn installed(name: &str) -> bool {
    let status = shell::output_of(shell::command("dpkg-query").args(["-W", "-f=${db:Status-Status}\n", name]));
    // A package known for two architectures prints two lines.
    status.is_some_and(|text| text.lines().any(|line| line == "installed"))
}

fn install_line(names: &[&str]) -> String {
    format!("sudo apt-get install -y {}", names.join(" "))
}

/// A machine that never fetched its package lists, or fetched them long ago, gets them on the second attempt.
fn install(names: &[&str]) -> Result<()> {
    if shell::succeeds(apt_get().args(["install", "-y", "--no-install-recommends"]).args(names))? {
        return Ok(());
    }
    println!("The package lists may be missing or old. Fetching them, then trying once more.");
    shell::must(apt_get().arg("update"))?;
    if !shell::succeeds(apt_get().args(["install", "-y", "--no-install-recommends"]).args(names))? {
        bail!("apt-get could not install the packages; what it says is above.");
    }
    Ok(())
}

fn apt_get() -> std::process::Command {
    let mut command = shell::command("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").args(["-q", "-o", "DPkg::Lock::Timeout=120"]);
    command
}

fn is_root() -> bool {
    shell::output_of(shell::command("id").arg("-u")).is_some_and(|text| text.trim() == "0")
}

fn name_purposes(need: Need) {
    println!("This is not Debian, so nothing is installed here. Needed, with Debian's names for it:");
    for package in wanted(need) {
        println!("  {:<24} {}", package.name, package.purpose);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_need_includes_the_ones_before_it() {
        let count = |need| wanted(need).count();
        assert!(0 < count(Need::Engine));
        assert!(count(Need::Engine) < count(Need::Window));
        assert!(count(Need::Window) < count(Need::Tests));
        assert_eq!(count(Need::Tests), PACKAGES.len());
    }

    #[test]
    fn the_line_to_copy_is_complete() {
        assert_eq!(install_line(&["xvfb", "xauth"]), "sudo apt-get install -y xvfb xauth");
    }
}
