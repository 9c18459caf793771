//! The command line, driven as a person or a script would.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::{LONG, Session, binary, run};

/// `patchbay` for one bot, on the session's own data folder.
#[derive(Debug, Clone)]
pub struct Cli<'s> {
    session: &'s Session,
    program: PathBuf,
    bot: PathBuf,
    data_dir: Option<PathBuf>,
}

/// What a command left behind.
#[derive(Debug)]
pub struct Outcome {
    /// The exit status; `None` when a signal ended it.
    pub code: Option<i32>,
    /// Standard output: results.
    pub out: String,
    /// Standard error: messages.
    pub err: String,
}

impl<'s> Cli<'s> {
    /// The command line for the bot in a folder.
    ///
    /// # Panics
    /// It is not built.
    pub fn new(session: &'s Session, bot: &Path) -> Self {
        Self { session, program: binary("patchbay"), bot: bot.to_owned(), data_dir: None }
    }

    /// The same with another data folder.
    pub fn with_data_dir(&self, folder: &Path) -> Self {
        Self { data_dir: Some(folder.to_owned()), ..self.clone() }
    }

    /// The same with a copy of the program that another user can reach as well.
    ///
    /// # Panics
    /// It cannot be copied.
    pub fn copied_to(&self, folder: &Path) -> Self {
        let program = folder.join("patchbay");
        std::fs::copy(&self.program, &program).expect("a copy of the program");
        Self { program, ..self.clone() }
    }

    /// The command, not yet run.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = self.session.command(&self.program);
        self.arguments(&mut command, words);
        command
    }

    /// The command behind another program, such as a tracer or one that drops rights.
    pub fn behind(&self, program: &str, its_words: &[&str], words: &[&str]) -> Command {
        let mut command = self.session.command(program);
        command.args(its_words).arg(&self.program);
        self.arguments(&mut command, words);
        command
    }

    fn arguments(&self, command: &mut Command, words: &[&str]) {
        command.arg("-C").arg(&self.bot);
        if let Some(folder) = &self.data_dir {
            command.arg("--data-dir").arg(folder);
        }
        command.args(words).current_dir(self.session.home().path("home"));
    }

    /// Makes a vault without a keychain, opened by a passphrase.
    ///
    /// # Panics
    /// It is not made.
    #[track_caller]
    pub fn make_vault(&self, passphrase: &str) {
        let made =
            self.run_with(&["vault", "create", "--passphrase", "--passphrase-fd", "0"], &format!("{passphrase}\n"));
        assert_eq!(made.code, Some(0), "{made:?}");
    }

    /// Runs a command with nothing on its standard input.
    ///
    /// # Panics
    /// It does not end.
    pub fn run(&self, words: &[&str]) -> Outcome {
        self.run_with(words, "")
    }

    /// Runs a command with a text on its standard input.
    ///
    /// # Panics
    /// It does not end.
    pub fn run_with(&self, words: &[&str], input: &str) -> Outcome {
        run(&mut self.command(words), input.as_bytes(), LONG).into()
    }

    /// Stores a secret and expects that to work.
    ///
    /// # Panics
    /// It does not work.
    #[track_caller]
    pub fn set(&self, alias: &str, value: &str) {
        let outcome = self.run_with(&["secret", "set", alias], value);
        assert_eq!(outcome.code, Some(0), "secret set {alias}: {outcome:?}");
    }

    /// The value of a secret, or the outcome that has none.
    pub fn get(&self, alias: &str) -> Result<String, Outcome> {
        let outcome = self.run(&["secret", "get", alias]);
        if outcome.code == Some(0) { Ok(outcome.out) } else { Err(outcome) }
    }
}

impl Outcome {
    /// The one JSON document on standard output.
    ///
    /// # Panics
    /// There is none.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Checks the exit status and that the message holds a text.
    ///
    /// # Panics
    /// They differ.
    #[track_caller]
    pub fn expect(&self, code: i32, message: &str) {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(self.err.contains(message), "no {message:?} in {self:?}");
    }
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }
}
