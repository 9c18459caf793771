//! Tests must not reach the keychain, bots or settings of the person who runs them.
//!
//! On Linux each run gets a session bus of its own and fresh folders in place of the home-like ones. `HOME` itself
//! stays, for cargo, rustup and npm live under it.

use std::process::Command;

use anyhow::Result;

use crate::shell::{self, Scratch};

/// Folders of their own for one run, removed when dropped.
pub(crate) struct Isolation(Scratch);

impl Isolation {
    pub(crate) fn new(purpose: &str) -> Result<Self> {
        let scratch = Scratch::new(purpose)?;
        for (_, folder) in HOMES {
            std::fs::create_dir_all(scratch.path().join(folder))?;
        }
        private(&scratch.path().join("runtime"))?;
        Ok(Self(scratch))
    }

    /// The command inside a session bus and, when it needs one, a display of its own.
    pub(crate) fn around(&self, command: &Command, display: Display) -> Command {
        let mut words: Vec<&std::ffi::OsStr> = Vec::new();
        if cfg!(target_os = "linux") {
            if display == Display::Virtual {
                words.extend(["xvfb-run", "-a", "-s", "-screen 0 1280x900x24"].map(std::ffi::OsStr::new));
            }
            words.extend(["dbus-run-session", "--"].map(std::ffi::OsStr::new));
        }
        words.push(command.get_program());
        words.extend(command.get_args());
        let mut around = shell::command(words[0]);
        around.args(&words[1..]);
        self.apply(&mut around, display);
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => around.env(name, value),
                None => around.env_remove(name),
            };
        }
        if let Some(folder) = command.get_current_dir() {
            around.current_dir(folder);
        }
        around
    }

    fn apply(&self, command: &mut Command, display: Display) {
        for (name, folder) in HOMES {
            command.env(name, self.0.path().join(folder));
        }
        for name in ["PATCHBAY_DATA_DIR", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"] {
            command.env_remove(name);
        }
        if display == Display::None {
            command.env_remove("DISPLAY");
        }
        // WebKitGTK shows a blank window on some virtual displays otherwise.
        command.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Display {
    None,
    Virtual,
}

const HOMES: [(&str, &str); 5] = [
    ("XDG_DATA_HOME", "data"),
    ("XDG_CONFIG_HOME", "config"),
    ("XDG_STATE_HOME", "state"),
    ("XDG_CACHE_HOME", "cache"),
    ("XDG_RUNTIME_DIR", "runtime"),
];

#[cfg(unix)]
fn private(folder: &std::path::Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?)
}

#[cfg(not(unix))]
fn private(_: &std::path::Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_run_sees_none_of_the_persons_own_places() {
        let isolation = Isolation::new("isolation-test").expect("folders");
        let env = isolation.around(&shell::command("env"), Display::None);
        assert_eq!(shell::shown(&env), "dbus-run-session -- env");
        let window = isolation.around(&shell::command("env"), Display::Virtual);
        assert_eq!(shell::shown(&window), "xvfb-run -a -s -screen 0 1280x900x24 dbus-run-session -- env");
        let removed = |name: &str| env.get_envs().any(|(key, value)| key == name && value.is_none());
        assert!(removed("DISPLAY") && removed("PATCHBAY_DATA_DIR"));
        for (name, folder) in HOMES {
            let expected = isolation.0.path().join(folder);
            assert!(expected.is_dir());
            assert!(env.get_envs().any(|(key, value)| key == name && value == Some(expected.as_os_str())), "{name}");
        }
    }

    #[test]
    fn what_a_command_sets_itself_wins() {
        let isolation = Isolation::new("isolation-own").expect("folders");
        let mut own = shell::command("env");
        own.env("XDG_DATA_HOME", "/own").current_dir("/");
        let around = isolation.around(&own, Display::None);
        assert!(around.get_envs().any(|(key, value)| key == "XDG_DATA_HOME" && value == Some("/own".as_ref())));
        assert_eq!(around.get_current_dir(), Some("/".as_ref()));
    }
}
