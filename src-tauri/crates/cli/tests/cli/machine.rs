//! A made-up computer on which the binary runs, and what it answered.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The value that is planted; it may come out by `secret get` and by nothing else.
pub(crate) const CANARY: &str = "canary-5f1e0c77-blue";
pub(crate) const PASSPHRASE: &str = "correct horse battery staple";

/// A manifest with one secret, and a script that says it.
pub(crate) const MANIFEST: &str = "- provider: secret\n  alias: api_key\n  context: bot\n";
pub(crate) const SCRIPT: &str = "dialog main do\n  say \"Key: \" + get_access_token(bot.tokens.api_key)\n  name = ask \"Who are you?\"\n  say \"Hello #{name}.\"\nend\n";

pub(crate) struct Machine {
    folder: TempDir,
}

impl Machine {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["home", "run", "bots"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        fs::write(folder.path().join("passphrase"), format!("{PASSPHRASE}\n")).unwrap();
        Self { folder }
    }

    /// A machine whose vault was made with [`PASSPHRASE`].
    pub(crate) fn with_vault() -> Self {
        let machine = Self::new();
        machine.patchbay(&["vault", "create"]).unlocking().run().fine();
        machine
    }

    /// A bot's folder with these files.
    pub(crate) fn bot(&self, name: &str, files: &[(&str, &str)]) -> PathBuf {
        let bot = self.path("bots").join(name);
        for (file, text) in files {
            let path = bot.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        bot
    }

    /// The bot that most tests use.
    pub(crate) fn secret_bot(&self) -> PathBuf {
        self.bot("secret", &[("integrations.yaml", MANIFEST), ("main.bubble", SCRIPT)])
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn patchbay(&self, arguments: &[&str]) -> Call<'_> {
        let words = arguments.iter().map(|word| (*word).to_owned()).collect();
        Call { machine: self, words, bot: None, stdin: Vec::new(), unlocking: false, new_passphrase: None }
    }

    /// A command in this machine's surroundings.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.path("home")).env("PATCHBAY_DATA_DIR", self.path("data"));
        for name in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"] {
            command.env(name, self.path("home").join(name));
        }
        command.env("XDG_RUNTIME_DIR", self.path("run"));
        command.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", self.path("run/no-bus").display()));
        command.current_dir(self.path("home"));
        command
    }

    /// Files of this machine that hold `text` as it stands.
    pub(crate) fn files_with(&self, text: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        search(self.folder.path(), text.as_bytes(), &mut found);
        found
    }
}

fn search(folder: &Path, text: &[u8], found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            search(&path, text, found);
        } else if path.is_file() && fs::read(&path).unwrap().windows(text.len()).any(|window| window == text) {
            found.push(path);
        }
    }
}

/// One call of the binary, not yet made.
pub(crate) struct Call<'m> {
    machine: &'m Machine,
    words: Vec<String>,
    bot: Option<PathBuf>,
    stdin: Vec<u8>,
    unlocking: bool,
    new_passphrase: Option<String>,
}

impl Call<'_> {
    pub(crate) fn of(mut self, bot: &Path) -> Self {
        self.bot = Some(bot.to_owned());
        self
    }

    pub(crate) fn given(mut self, stdin: impl AsRef<[u8]>) -> Self {
        self.stdin = stdin.as_ref().to_owned();
        self
    }

    /// With the vault's passphrase on descriptor 7.
    pub(crate) fn unlocking(mut self) -> Self {
        self.unlocking = true;
        self
    }

    /// With a new passphrase on descriptor 8.
    pub(crate) fn with_new_passphrase(mut self, passphrase: &str) -> Self {
        self.new_passphrase = Some(passphrase.to_owned());
        self
    }

    pub(crate) fn run(self) -> Ran {
        let (command, words) = self.ready();
        let ran = finish(command, &self.stdin, words);
        if !ran.words.starts_with(&["secret".to_owned(), "get".to_owned()]) {
            assert!(!ran.out.contains(CANARY) && !ran.err.contains(CANARY), "the secret shows: {ran:?}");
        }
        ran
    }

    /// Starts it and lets it run; `stdin` is written and stays open.
    pub(crate) fn start(self) -> Running {
        let (mut command, words) = self.ready();
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(&self.stdin).unwrap();
        stdin.flush().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let err = BufReader::new(child.stderr.take().unwrap());
        Running { words, child, stdin: Some(stdin), out, err, shown: [String::new(), String::new()] }
    }

    fn ready(&self) -> (Command, Vec<String>) {
        // A shell opens the descriptors: a process cannot be started with any but the first three from here.
        let mut shell = String::from("exec \"$@\"");
        let mut words = self.words.clone();
        if self.unlocking {
            shell.push_str(" 7<\"$PASSPHRASE_FILE\"");
            words.extend(["--passphrase-fd".to_owned(), "7".to_owned()]);
        }
        if let Some(passphrase) = &self.new_passphrase {
            fs::write(self.machine.path("new-passphrase"), passphrase).unwrap();
            shell.push_str(" 8<\"$NEW_PASSPHRASE_FILE\"");
            words.extend(["--new-passphrase-fd".to_owned(), "8".to_owned()]);
        }
        if let Some(bot) = &self.bot {
            words.extend(["-C".to_owned(), bot.display().to_string()]);
        }
        let mut command = self.machine.command("sh");
        command.env("PASSPHRASE_FILE", self.machine.path("passphrase"));
        command.env("NEW_PASSPHRASE_FILE", self.machine.path("new-passphrase"));
        command.args(["-c", &shell, "sh", env!("CARGO_BIN_EXE_patchbay")]).args(&words);
        (command, words)
    }
}

/// A call that has not ended.
pub(crate) struct Running {
    words: Vec<String>,
    child: Child,
    stdin: Option<ChildStdin>,
    out: BufReader<ChildStdout>,
    err: BufReader<ChildStderr>,
    /// What was read of both.
    shown: [String; 2],
}

impl Running {
    /// Reads standard error up to a line that begins with `text`, and gives the line.
    pub(crate) fn says(&mut self, text: &str) -> String {
        next_line(&mut self.err, &mut self.shown[1], text)
    }

    /// As [`Running::says`], of standard output.
    pub(crate) fn prints(&mut self, text: &str) -> String {
        next_line(&mut self.out, &mut self.shown[0], text)
    }

    pub(crate) fn give(&mut self, text: &str) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(text.as_bytes()).unwrap();
        stdin.flush().unwrap();
    }

    /// Closes its standard input and waits for its end.
    pub(crate) fn end(mut self) -> Ran {
        drop(self.stdin.take());
        self.out.read_to_string(&mut self.shown[0]).unwrap();
        self.err.read_to_string(&mut self.shown[1]).unwrap();
        let status = self.child.wait().unwrap().code();
        let [out, err] = self.shown;
        Ran { words: self.words, status, out, err }
    }
}

fn next_line(from: &mut impl BufRead, shown: &mut String, text: &str) -> String {
    loop {
        let mut line = String::new();
        assert_ne!(from.read_line(&mut line).unwrap(), 0, "{text:?} never comes: {shown}");
        shown.push_str(&line);
        if line.starts_with(text) {
            return line.trim_end().to_owned();
        }
    }
}

fn finish(mut command: Command, stdin: &[u8], words: Vec<String>) -> Ran {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that does not read its input closes the pipe, which is its right.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    Ran {
        words,
        status: status.code(),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8(stderr).unwrap(),
    }
}

/// What a call answered.
#[derive(Debug)]
pub(crate) struct Ran {
    words: Vec<String>,
    pub(crate) status: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn fine(self) -> Self {
        self.exits(0)
    }

    #[track_caller]
    pub(crate) fn exits(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "{self:?}");
        self
    }

    /// Standard error holds each of these.
    #[track_caller]
    pub(crate) fn says(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.err.contains(text), "{text:?} is not said: {self:?}");
        }
        self
    }

    #[track_caller]
    pub(crate) fn prints(self, out: &str) -> Self {
        assert_eq!(self.out, out, "{self:?}");
        self
    }

    /// Standard output is one JSON document on one line.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.out.lines().count(), 1, "{self:?}");
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}
