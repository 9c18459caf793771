//! Processes that end with the test.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use rustix::process::{Pid, Signal, kill_process_group};

use crate::wait::{Patience, until};

/// A running process with everything it started. Dropping it kills them all.
#[derive(Debug)]
pub struct Running {
    child: Child,
    lines: Option<Receiver<String>>,
}

impl Running {
    /// Starts a process in a group of its own; its standard output can be read line by line.
    ///
    /// # Panics
    /// It cannot be started.
    pub fn start(command: &mut Command) -> Self {
        command.process_group(0).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?} did not start: {error}"));
        let out = child.stdout.take().expect("a pipe");
        let (sender, lines) = channel();
        // Keeps reading even if nobody listens, so that the process never waits for a full pipe.
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Self { child, lines: Some(lines) }
    }

    /// The process id, which is the group's too.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next line on its standard output.
    ///
    /// # Panics
    /// None came in time, or the process ended.
    pub fn line(&mut self, patience: Patience) -> String {
        let lines = self.lines.as_ref().expect("lines");
        lines.recv_timeout(patience).unwrap_or_else(|error| {
            panic!("the process {} said nothing more: {error}; {:?}", self.child.id(), self.child.try_wait())
        })
    }

    /// Writes to its standard input, which must have been piped.
    ///
    /// # Panics
    /// It cannot be written.
    pub fn write(&mut self, text: &str) {
        let input = self.child.stdin.as_mut().expect("a piped standard input");
        input.write_all(text.as_bytes()).and_then(|()| input.flush()).expect("standard input takes the text");
    }

    /// Ends its standard input.
    pub fn close_input(&mut self) {
        drop(self.child.stdin.take());
    }

    /// Whether it has ended.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Asks the process, and only it, to end, and waits until it has.
    ///
    /// # Panics
    /// It does not end in time.
    pub fn end(mut self, patience: Patience) {
        let pid = Pid::from_child(&self.child);
        let _ = rustix::process::kill_process(pid, Signal::TERM);
        until("the process to end", patience, || self.has_ended().then_some(()));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _ = self.child.wait();
    }
}

/// Runs a command to its end with `input` on its standard input.
///
/// # Panics
/// It cannot be started, or does not end within `patience`; it is then killed with everything it started.
pub fn run(command: &mut Command, input: &[u8], patience: Patience) -> Output {
    command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?} did not start: {error}"));
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_owned();
    // A process that ends without reading its input is no failure of the test.
    std::thread::spawn(move || stdin.write_all(&input));
    let out = drain(child.stdout.take().expect("a pipe"));
    let err = drain(child.stderr.take().expect("a pipe"));
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a child") {
            let collect = |bytes: Receiver<Vec<u8>>| bytes.recv_timeout(patience).unwrap_or_default();
            return Output { status, stdout: collect(out), stderr: collect(err) };
        }
        if start.elapsed() > patience {
            let _ = kill_process_group(Pid::from_child(&child), Signal::KILL);
            let _ = child.wait();
            panic!("{command:?} did not end within {patience:?}");
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

fn drain(mut pipe: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, bytes) = channel();
    std::thread::spawn(move || {
        let mut all = Vec::new();
        let _ = pipe.read_to_end(&mut all);
        let _ = sender.send(all);
    });
    bytes
}
