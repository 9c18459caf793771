//! The one event channel: what changed, so that whoever shows it asks again.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};

use crate::documents::Changed;

/// Something that was shown may be out of date.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    RecentChanged,
    SettingsChanged,
    VaultChanged,
    BotChanged { bot: String },
    SecretsChanged { bot: String },
    ChatChanged { chat: String },
    DocumentChanged { document: String, change: Changed },
    ConnectChanged { attempt: String },
    CredentialsChanged,
    Noticed,
    KeyFileOffered { file: String },
    PersonasChanged { bot: String },
    FolderOffered { folder: String, path: String, known: bool },
}

/// Everyone who listens.
#[derive(Debug, Default)]
pub(crate) struct Events {
    listeners: Mutex<Vec<Sender<Event>>>,
}

impl Events {
    pub(crate) fn subscribe(&self) -> Receiver<Event> {
        let (sender, receiver) = channel();
        lock(&self.listeners).push(sender);
        receiver
    }

    pub(crate) fn send(&self, event: &Event) {
        lock(&self.listeners).retain(|listener| listener.send(event.clone()).is_ok());
    }
}

/// Locks a mutex whose data stays whole even if a holder panicked: every change to it is a single assignment or insert.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
