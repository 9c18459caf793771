//! What a host hands in when the studio starts: folders, clock, dialogs, clipboard.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use store::{Keychain, Secret, SystemKeychain};
use url::Url;

/// The one clock.
pub type Clock = Arc<dyn Fn() -> jiff::Timestamp + Send + Sync>;

/// Everything the studio gets from its host.
pub struct Setup {
    /// Where the vault and the lists are kept; made when missing.
    pub data_dir: PathBuf,
    pub keychain: Arc<dyn Keychain>,
    pub clock: Clock,
    pub picker: Box<dyn Picker>,
    pub clipboard: Box<dyn Clipboard>,
    pub opener: Arc<dyn Opener>,
    /// Whether deep links reach this process, so that a sign-in may come back by one.
    pub deep_links: bool,
}

impl Setup {
    /// The system's keychain and clock, no desktop.
    pub fn new(data_dir: impl AsRef<Path>) -> Self {
        Self {
            data_dir: data_dir.as_ref().to_owned(),
            keychain: Arc::new(SystemKeychain),
            clock: Arc::new(jiff::Timestamp::now),
            picker: Box::new(NoDesktop),
            clipboard: Box::new(NoDesktop),
            opener: Arc::new(NoDesktop),
            deep_links: false,
        }
    }
}

/// The data folder of this user: `$XDG_DATA_HOME/patchbay` on Linux, the system's own place elsewhere. `None` when the
/// home folder is unknown.
pub fn data_dir() -> Option<PathBuf> {
    dirs::data_dir().map(|folder| folder.join("patchbay"))
}

/// Asks the person for a folder or a file. `None`: cancelled. Blocks until answered.
pub trait Picker: Send + Sync {
    /// An existing folder.
    fn folder(&self, title: &str) -> Option<PathBuf>;
    /// An existing file.
    fn file(&self, title: &str) -> Option<PathBuf>;
}

/// The clipboard of the desktop.
pub trait Clipboard: Send + Sync {
    /// The text on it, if any.
    fn read(&self) -> Option<Secret<String>>;
    /// Replaces what is on it.
    ///
    /// # Errors
    /// Why the desktop refused, for the log.
    fn write(&self, text: &str) -> Result<(), String>;
}

/// Hands an address to the system's browser. What may be opened is decided before.
pub trait Opener: Send + Sync {
    /// Opens the address and does not wait for the browser.
    ///
    /// # Errors
    /// Why the desktop refused, for the log.
    fn open(&self, address: &Url) -> Result<(), String>;
}

/// A host without a desktop: every dialog is cancelled, there is no clipboard and no browser.
#[derive(Debug, Clone, Copy)]
pub struct NoDesktop;

impl Picker for NoDesktop {
    fn folder(&self, _title: &str) -> Option<PathBuf> {
        None
    }

    fn file(&self, _title: &str) -> Option<PathBuf> {
        None
    }
}

impl Clipboard for NoDesktop {
    fn read(&self) -> Option<Secret<String>> {
        None
    }

    fn write(&self, _text: &str) -> Result<(), String> {
        Err("there is no clipboard without a desktop".to_owned())
    }
}

impl Opener for NoDesktop {
    fn open(&self, _address: &Url) -> Result<(), String> {
        Err("there is no browser without a desktop".to_owned())
    }
}
