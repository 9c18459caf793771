//! Stands in for what only a desktop has.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

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
