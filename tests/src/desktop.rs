//! A desktop of a test's own: home folders, session bus, keychain, display.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::{Display, LONG, Running, need};

/// Which keychain stands on the session bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keychain {
    /// No session bus at all.
    NoBus,
    /// A session bus without any keychain.
    None,
    /// GNOME's, open.
    Gnome,
    /// GNOME's, with a collection that is there and locked.
    GnomeLocked,
    /// KeePassXC's, with an open database.
    KeePassXc,
}

/// The folders of a user who exists for one test. Removed when dropped.
#[derive(Debug)]
pub struct Home {
    root: TempDir,
}

impl Home {
    const FOLDERS: [&str; 9] = ["home", "data", "config", "state", "cache", "run", "tmp", "bots", "bin"];
    /// Stands first on the path and keeps what the system's browser was to open, one address a line.
    const BROWSER: &str = "#!/bin/sh\nprintf '%s\\n' \"$1\" >> \"$HOME/opened\"\n";

    fn new() -> Self {
        // Short, because names of sockets may have about a hundred bytes only.
        let root = tempfile::Builder::new().prefix("pb-").tempdir().expect("a temporary folder");
        for name in Self::FOLDERS {
            fs::create_dir(root.path().join(name)).expect("a folder");
        }
        let private = fs::Permissions::from_mode(0o700);
        fs::set_permissions(root.path().join("run"), private).expect("rights");
        let browser = root.path().join("bin/xdg-open");
        fs::write(&browser, Self::BROWSER).expect("a browser");
        fs::set_permissions(browser, fs::Permissions::from_mode(0o755)).expect("rights");
        Self { root }
    }

    /// A place in the home; `""` is all of it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// The addresses that the system's browser was to open so far.
    pub fn opened(&self) -> Vec<String> {
        let lines = fs::read_to_string(self.path("home/opened")).unwrap_or_default();
        lines.lines().map(str::to_owned).collect()
    }

    fn apply(&self, command: &mut Command) {
        command.env_clear();
        let inherited = ["PATCHBAY_LOG", "RUST_BACKTRACE"];
        command.envs(inherited.into_iter().filter_map(|name| std::env::var_os(name).map(|value| (name, value))));
        let places = [
            ("HOME", "home"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_RUNTIME_DIR", "run"),
            ("TMPDIR", "tmp"),
        ];
        command.envs(places.map(|(name, place)| (name, self.path(place))));
        let mut path = self.path("bin").into_os_string();
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        command.env("PATH", path);
        command.env("LANG", "C.UTF-8").env("NO_AT_BRIDGE", "1").env("GTK_USE_PORTAL", "0");
        command.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    }
}

/// A user's session. Its processes end when it is dropped.
#[derive(Debug)]
pub struct Session {
    // Fields are dropped in this order: those who use the bus before the bus, the folders last.
    pub(crate) keychain: Option<Running>,
    display: Option<Display>,
    bus: Option<Bus>,
    home: Home,
}

#[derive(Debug)]
struct Bus {
    address: String,
    _daemon: Running,
}

impl Session {
    /// A session without a display.
    ///
    /// # Panics
    /// A program is missing or did not start.
    pub fn new(keychain: Keychain) -> Self {
        Self::build(keychain, None)
    }

    /// A session with a display of its own.
    ///
    /// # Panics
    /// A program is missing or did not start.
    pub fn with_display(keychain: Keychain) -> Self {
        let home = Home::new();
        let display = Display::start(&home.path("tmp"));
        Self::build_in(home, keychain, Some(display))
    }

    fn build(keychain: Keychain, display: Option<Display>) -> Self {
        Self::build_in(Home::new(), keychain, display)
    }

    fn build_in(home: Home, keychain: Keychain, display: Option<Display>) -> Self {
        let bus = (keychain != Keychain::NoBus).then(|| Bus::start(&home));
        let mut session = Self { keychain: None, display, bus, home };
        session.set_keychain(keychain);
        session
    }

    /// The user's folders.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Where the product keeps its things when nothing else is said.
    pub fn data(&self) -> PathBuf {
        self.home.path("data/patchbay")
    }

    /// The display.
    ///
    /// # Panics
    /// The session has none.
    pub fn display(&self) -> &Display {
        self.display.as_ref().expect("a session with a display")
    }

    /// A command inside the session.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        self.home.apply(&mut command);
        match &self.bus {
            Some(bus) => command.env("DBUS_SESSION_BUS_ADDRESS", &bus.address),
            // An address that leads nowhere, because without any a library would look for a bus in the runtime folder.
            None => command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere"),
        };
        if let Some(display) = &self.display {
            command.env("DISPLAY", display.name());
        }
        command
    }
}

impl Bus {
    /// A bus that starts no services by itself, so that the keychain on it is the one that the test put there.
    fn start(home: &Home) -> Self {
        need(&["dbus-daemon"]);
        let config = home.path("tmp/bus.xml");
        let text = format!(
            "<busconfig><type>session</type><listen>unix:path={}</listen><policy context=\"default\">\
             <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/>\
             </policy></busconfig>",
            home.path("run/bus").display()
        );
        fs::write(&config, text).expect("the configuration of the bus");
        let mut command = Command::new("dbus-daemon");
        home.apply(&mut command);
        command.args(["--nofork", "--nopidfile", "--nosyslog", "--print-address"]);
        command.arg(format!("--config-file={}", config.display())).stderr(Stdio::null());
        let mut daemon = Running::start(&mut command);
        Self { address: daemon.line(LONG), _daemon: daemon }
    }
}
