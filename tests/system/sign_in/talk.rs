//! A bot on the command line: its vault is opened by a passphrase, and a command may run while a browser is busy.

use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};
use tests::{Browser, Choice, Cli, LONG, Landing, Outcome, Session, run, until};

pub(super) const PASSPHRASE: &str = "four words open everything";

/// Who signs in unless a test says otherwise.
pub(super) const ADA: Choice<'static> = Choice::Allow("Ada Winter");

/// A bot whose vault is there.
pub(crate) struct Bot<'s> {
    cli: Cli<'s>,
    passphrase: PathBuf,
}

impl<'s> Bot<'s> {
    pub(crate) fn new(session: &'s Session, folder: &Path) -> Self {
        Cli::new(session, folder).make_vault(PASSPHRASE);
        Self::again(session, folder)
    }

    /// The same for a session whose vault is there already.
    pub(crate) fn again(session: &'s Session, folder: &Path) -> Self {
        let cli = Cli::new(session, folder);
        let passphrase = session.home().path("run/passphrase");
        std::fs::write(&passphrase, format!("{PASSPHRASE}\n")).unwrap();
        Self { cli, passphrase }
    }

    /// The passphrase comes by a descriptor of its own, so that standard input is free.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let passphrase = self.passphrase.to_str().unwrap();
        let words = [words, &["--passphrase-fd", "3"]].concat();
        self.cli.behind("/bin/sh", &["-c", "exec 3<\"$0\"; exec \"$@\"", passphrase], &words)
    }

    pub(crate) fn run(&self, words: &[&str]) -> Outcome {
        self.run_with(words, "")
    }

    pub(crate) fn run_with(&self, words: &[&str], input: &str) -> Outcome {
        run(&mut self.command(words), input.as_bytes(), LONG).into()
    }

    /// Runs a command that must work, and gives its standard output.
    #[track_caller]
    pub(crate) fn ok(&self, words: &[&str]) -> String {
        let outcome = self.run(words);
        assert_eq!(outcome.code, Some(0), "{words:?}: {outcome:?}");
        outcome.out
    }

    /// Starts a command and leaves it running.
    pub(crate) fn talk(&self, words: &[&str]) -> Talk {
        Talk::start(&mut self.command(words))
    }

    /// Signs in with a browser, and gives what was said and where the browser ended.
    #[track_caller]
    pub(crate) fn sign_in(&self, words: &[&str], choice: Choice<'_>) -> (Outcome, Landing) {
        let mut talk = self.talk(words);
        let link = talk.link();
        let landing = Browser::default().open(&link, choice);
        (talk.end(), landing)
    }

    /// Signs in and expects that to work.
    #[track_caller]
    pub(crate) fn connect(&self, alias: &str) {
        let (outcome, landing) = self.sign_in(&["connect", alias], ADA);
        assert_eq!(outcome.code, Some(0), "{outcome:?} {}", landing.text);
    }
}

/// A command that runs. Dropping it kills it.
pub(crate) struct Talk {
    child: Child,
    out: Heard,
    err: Heard,
    /// How much of standard error was searched for links.
    read: usize,
}

impl Talk {
    pub(crate) fn start(command: &mut Command) -> Self {
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let out = Heard::listen(child.stdout.take().unwrap());
        let err = Heard::listen(child.stderr.take().unwrap());
        Self { child, out, err, read: 0 }
    }

    /// The next link for a browser that was printed.
    #[track_caller]
    pub(crate) fn link(&mut self) -> String {
        until("a link on standard error", LONG, || {
            let text = self.err.text();
            let new = &text[self.read..];
            let mut at = 0;
            for line in new.split_inclusive('\n') {
                at += line.len();
                if line.ends_with('\n') && (line.starts_with("http://") || line.starts_with("https://")) {
                    self.read += at;
                    return Some(line.trim_end().to_owned());
                }
            }
            assert!(!self.has_ended(), "it ended without a link: {text}{}", self.out.text());
            None
        })
    }

    /// Types a line.
    pub(crate) fn say(&mut self, line: &str) {
        let input = self.child.stdin.as_mut().unwrap();
        input.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    /// Waits until standard output holds a text.
    #[track_caller]
    pub(crate) fn hear(&mut self, text: &str) {
        until(&format!("{text:?} on standard output"), LONG, || {
            let heard = self.out.text();
            let found = heard.contains(text).then_some(());
            assert!(found.is_some() || !self.has_ended(), "it ended without {text:?}: {heard}{}", self.err.text());
            found
        });
    }

    /// Waits until standard error holds a text.
    #[track_caller]
    pub(crate) fn warned(&mut self, text: &str) {
        until(&format!("{text:?} on standard error"), LONG, || self.err.text().contains(text).then_some(()));
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends standard input and waits for the end.
    #[track_caller]
    pub(crate) fn end(mut self) -> Outcome {
        drop(self.child.stdin.take());
        let status = until("the command to end", LONG, || self.child.try_wait().unwrap());
        until("the streams to end", LONG, || (self.out.is_over() && self.err.is_over()).then_some(()));
        Outcome { code: status.code(), out: self.out.text(), err: self.err.text() }
    }

    /// Ends it at once, as a fault of the machine would.
    pub(crate) fn kill(mut self) {
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        self.child.wait().unwrap();
    }

    /// As Ctrl+C does.
    pub(crate) fn interrupt(&self) {
        kill_process_group(Pid::from_child(&self.child), Signal::INT).unwrap();
    }
}

impl Drop for Talk {
    fn drop(&mut self) {
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _ = self.child.wait();
    }
}

/// What came on a stream until now.
struct Heard {
    text: Arc<Mutex<(Vec<u8>, bool)>>,
}

impl Heard {
    fn listen(mut stream: impl Read + Send + 'static) -> Self {
        let text: Arc<Mutex<(Vec<u8>, bool)>> = Arc::default();
        let shared = Arc::clone(&text);
        std::thread::spawn(move || {
            let mut piece = [0; 4096];
            loop {
                let read = stream.read(&mut piece).unwrap_or(0);
                let mut heard = shared.lock().unwrap_or_else(PoisonError::into_inner);
                heard.0.extend_from_slice(&piece[..read]);
                if read == 0 {
                    heard.1 = true;
                    return;
                }
            }
        });
        Self { text }
    }

    fn text(&self) -> String {
        let heard = self.text.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&heard.0).into_owned()
    }

    fn is_over(&self) -> bool {
        self.text.lock().unwrap_or_else(PoisonError::into_inner).1
    }
}
