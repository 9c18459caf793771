//! What Patchbay does, as one struct: [`Studio`] opens bots, keeps their documents, secrets and chats, signs in at
//! providers, and tells what changed.
//!
//! Each module adds one room of use cases to [`Studio`]: `bots`, `documents`, `secrets`, `env_import`, `vault`, `chats`,
//! `preferences`, `sign_ins`, `connections` (what came of them), `credentials` (clients and key files), `personas`,
//! `practising` (the practice server and its faults). `entries` joins what a manifest says with what this machine knows;
//! `outward` is the one way out, with every decision about it; `exchanges` is the record of what went that way. [`Folder`] is
//! the one door to a bot's files. Calls block while they read, write or wait for a provider; hosts run them on a thread of
//! their own. No lock is held while a person is asked, a keychain answers, a file is read or a request is under way.
//!
//! Deliberately not here: how things look as JSON (`api`), how values are sealed (`store`), how scripts run
//! (`bubblescript`, `chat`), the protocols of signing in (`connect`), what is sent and to whom (`wire`).

mod bots;
mod chats;
mod connections;
mod credentials;
mod documents;
mod entries;
mod env_file;
mod env_import;
mod error;
mod events;
mod examples;
mod exchanges;
pub mod folder;
pub mod log;
mod new_bot;
mod outward;
mod personas;
mod practising;
mod preferences;
mod recent;
mod secrets;
mod sign_ins;
mod system;
mod tokens;
mod vault;
mod watch;

pub use bot::{FileKind, Problem, Severity};
pub use bots::{IdentityChoice, IdentityQuestion, Snapshot, display};
pub use chats::{ChatSnapshot, ChatStart, SIGN_IN_LINK};
pub use connections::{EntryState, Host};
pub use credentials::{Credentials, KeyFile};
pub use documents::{Changed, DocumentSnapshot, TextEdit};
pub use env_file::EnvProblem;
pub use env_import::{EnvEffect, EnvPreview, EnvRow, EnvSource};
pub use error::Error;
pub use events::Event;
pub use examples::{EXAMPLES, Example};
pub use folder::{Folder, FolderError};
pub use new_bot::{PickPurpose, Picked};
pub use personas::{PersonaFields, PersonaRow};
pub use practising::{FaultState, PracticeState};
pub use preferences::{Settings, Theme};
pub use recent::RecentBot;
pub use secrets::SecretRow;
pub use sign_ins::{Attempt, EntryFlow};
pub use store::Secret;
pub use system::{Clipboard, Clock, NoDesktop, Opener, Picker, Setup, data_dir};
pub use tokens::colours;
pub use {bot, chat, connect, manifest, practice, providers, store, wire};

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, OnceLock};

use store::Store;

use events::{Events, lock};
use outward::Outward;

/// The engine. Cloning gives another handle to the same one.
#[derive(Clone)]
pub struct Studio {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Clock,
    picker: Box<dyn Picker>,
    clipboard: Arc<dyn Clipboard>,
    data_dir: PathBuf,
    events: Events,
    /// Set before the studio is handed out: what goes out asks the studio first, so each must know the other.
    outward: OnceLock<Outward>,
    /// Folders that the person chose, opened before, dropped or named, by the id that the interface knows.
    folders: Mutex<HashMap<String, PathBuf>>,
    start_with: Mutex<Option<String>>,
    /// Held while a bot is being opened.
    opening: Mutex<()>,
    bots: Mutex<HashMap<String, Arc<bots::OpenBot>>>,
    documents: Mutex<HashMap<String, documents::OpenDocument>>,
    chats: Mutex<HashMap<String, Arc<Mutex<chats::OpenChat>>>>,
    imports: Mutex<HashMap<String, env_import::Import>>,
    /// The file that was dropped on the window last, by the id that the interface knows.
    dropped: Mutex<Option<(String, PathBuf)>>,
    /// What a link that answered no sign-in is to tell the person.
    notice: Mutex<Option<String>>,
    /// Entries that were connected without anybody signing in, told in the form of a sign-in.
    instant: Mutex<HashMap<String, connect::AttemptView>>,
    /// Threads that tell conversations of a new token.
    telling: Mutex<Vec<std::thread::JoinHandle<()>>>,
}

/// Unix seconds as the engine writes times.
pub fn moment(seconds: i64) -> Option<String> {
    jiff::Timestamp::from_second(seconds).ok().map(|at| at.to_string())
}

impl Studio {
    /// Opens the data folder. No key is made and no keychain asked before a value is stored or read.
    ///
    /// # Errors
    /// The data folder cannot be made or read.
    pub fn start(setup: Setup) -> Result<Self, Error> {
        let clock = Arc::clone(&setup.clock);
        let store = Store::open(store::Config {
            data_dir: setup.data_dir.clone(),
            keychain: setup.keychain,
            clock: setup.clock,
        })?;
        let inner = Arc::new(Inner {
            store,
            clock,
            picker: setup.picker,
            clipboard: setup.clipboard.into(),
            data_dir: setup.data_dir,
            events: Events::default(),
            outward: OnceLock::new(),
            folders: Mutex::default(),
            start_with: Mutex::default(),
            opening: Mutex::default(),
            bots: Mutex::default(),
            documents: Mutex::default(),
            chats: Mutex::default(),
            imports: Mutex::default(),
            instant: Mutex::default(),
            telling: Mutex::default(),
            dropped: Mutex::default(),
            notice: Mutex::default(),
        });
        let outward =
            Outward::start(&Arc::downgrade(&inner), &inner.store, &inner.clock, setup.opener, setup.deep_links)?;
        let _ = inner.outward.set(outward);
        let studio = Self { inner };
        watch::foreign_changes(&studio);
        Ok(studio)
    }

    /// Everything that changes from now on.
    pub fn subscribe(&self) -> Receiver<Event> {
        self.inner.events.subscribe()
    }

    /// Where the vault and the lists are kept.
    pub fn data_dir(&self) -> &std::path::Path {
        &self.inner.data_dir
    }

    fn send(&self, event: &Event) {
        self.inner.events.send(event);
    }

    /// The id under which the interface knows a folder; the same folder keeps its id.
    fn folder_id(&self, path: &std::path::Path) -> String {
        let mut folders = lock(&self.inner.folders);
        if let Some((id, _)) = folders.iter().find(|(_, known)| known.as_path() == path) {
            return id.clone();
        }
        let id = uuid::Uuid::new_v4().to_string();
        folders.insert(id.clone(), path.to_owned());
        id
    }

    fn folder_path(&self, id: &str) -> Result<PathBuf, Error> {
        lock(&self.inner.folders).get(id).cloned().ok_or(Error::NotFound("This folder is not known any more."))
    }
}
