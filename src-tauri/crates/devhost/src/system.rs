//! Stands in for what only a desktop has.

use std::collections::VecDeque;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use url::Url;

/// Dialogs that answer what the command line said, then act as cancelled.
pub(crate) struct Queue(Mutex<VecDeque<PathBuf>>);

impl Queue {
    pub(crate) fn new(answers: Vec<PathBuf>) -> Self {
        Self(Mutex::new(answers.into()))
    }

    fn next(&self) -> Option<PathBuf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

impl studio::Picker for Queue {
    fn folder(&self, _title: &str) -> Option<PathBuf> {
        self.next()
    }

    fn file(&self, _title: &str) -> Option<PathBuf> {
        self.next()
    }
}

/// A clipboard of its own, so that a test never touches the person's.
#[derive(Default)]
pub(crate) struct Clipboard(Mutex<String>);

impl studio::Clipboard for Clipboard {
    fn read(&self) -> Option<studio::Secret<String>> {
        Some(studio::Secret::new(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()))
    }

    fn write(&self, text: &str) -> Result<(), String> {
        text.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(())
    }
}

/// Keeps what the system's browser is to open, one address a line, for the test to open.
pub(crate) struct Browser(pub(crate) Option<PathBuf>);

impl studio::Opener for Browser {
    fn open(&self, address: &Url) -> Result<(), String> {
        let path = self.0.as_ref().ok_or("there is no browser")?;
        let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
        file.and_then(|mut file| writeln!(file, "{address}")).map_err(|error| error.to_string())
    }
}
