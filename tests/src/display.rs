//! A virtual screen with a window manager.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::{LONG, Running, need, run};

/// A screen of 1280 × 900 that nobody looks at.
#[derive(Debug)]
pub struct Display {
    name: String,
    _windows: Running,
    _server: Running,
}

impl Display {
    pub(crate) fn start(tmp: &Path) -> Self {
        need(&["Xvfb", "openbox", "import"]);
        let mut command = Command::new("Xvfb");
        // The server chooses a free number and writes it to standard output.
        command.args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]).stderr(Stdio::null());
        let mut server = Running::start(&mut command);
        let name = format!(":{}", server.line(LONG).trim());
        let mut command = Command::new("openbox");
        command.env("DISPLAY", &name).env("HOME", tmp).env("XDG_CACHE_HOME", tmp).stderr(Stdio::null());
        Self { name, _windows: Running::start(&mut command), _server: server }
    }

    /// For the environment variable `DISPLAY`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Takes a picture of the whole screen.
    ///
    /// # Panics
    /// No picture could be taken.
    pub fn shoot(&self, file: &Path) {
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder for pictures");
        let mut import = Command::new("import");
        import.env("DISPLAY", &self.name).args(["-window", "root"]).arg(file);
        let output = run(&mut import, b"", LONG);
        assert!(output.status.success(), "import: {}", String::from_utf8_lossy(&output.stderr));
    }
}
