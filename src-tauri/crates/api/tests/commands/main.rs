//! Every command: JSON in, JSON out, as the interface sends and sees it.
#![allow(clippy::unwrap_used, reason = "what fails while a test is being set up fails the test")]

mod bots;
mod browser;
mod chat;
mod connect;
mod connections;
mod credentials;
mod deep_links;
mod documents;
mod identity;
mod key_files;
mod personas;
mod practice;
mod preflight;
mod reach;
mod secrets;
mod shape;
mod vault;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use studio::store::MemoryKeychain;
use studio::{Event, Picker, Setup, Studio};
use tempfile::TempDir;

use browser::Browser;

/// The secret script, its manifest, and a value that must be found nowhere else.
pub(crate) const MANIFEST: &str =
    "- provider: secret\n  alias: myapi_key\n  context: bot\n  description: API key for myapi.com\n";
pub(crate) const SCRIPT: &str =
    "dialog main do\n  token = get_access_token(bot.tokens.myapi_key)\n  say \"Your token is: \" + token\nend\n";
pub(crate) const CANARY: &str = "canary-7f3a9c-value";

/// A studio with a keychain and dialogs of its own, and folders that vanish with it.
pub(crate) struct Desk {
    pub(crate) studio: Studio,
    pub(crate) events: Receiver<Event>,
    pub(crate) home: TempDir,
    pub(crate) clipboard: Arc<Mutex<String>>,
    pub(crate) keychain: Arc<MemoryKeychain>,
    pub(crate) browser: Arc<Browser>,
}

/// Answers every dialog with the same path; `None` acts as cancelled.
struct Always(Option<PathBuf>);

impl Picker for Always {
    fn folder(&self, _title: &str) -> Option<PathBuf> {
        self.0.clone()
    }

    fn file(&self, _title: &str) -> Option<PathBuf> {
        self.0.clone()
    }
}

struct Board(Arc<Mutex<String>>);

impl studio::Clipboard for Board {
    fn read(&self) -> Option<studio::Secret<String>> {
        Some(studio::Secret::new(self.0.lock().unwrap().clone()))
    }

    fn write(&self, text: &str) -> Result<(), String> {
        text.clone_into(&mut self.0.lock().unwrap());
        Ok(())
    }
}

impl Desk {
    pub(crate) fn new() -> Self {
        let home = TempDir::new().unwrap();
        fs::create_dir(home.path().join("bots")).unwrap();
        Self::at(home, None)
    }

    /// A desk whose dialogs answer `bots` below its own folder.
    pub(crate) fn picking() -> Self {
        let home = TempDir::new().unwrap();
        let bots = home.path().join("bots");
        fs::create_dir(&bots).unwrap();
        Self::at(home, Some(bots))
    }

    /// A desk whose dialogs answer this file below its own folder.
    pub(crate) fn picking_file(name: &str, text: &str) -> Self {
        let home = TempDir::new().unwrap();
        fs::create_dir(home.path().join("bots")).unwrap();
        let file = home.path().join(name);
        fs::write(&file, text).unwrap();
        Self::at(home, Some(file))
    }

    /// A desk that deep links reach, as they reach the window.
    pub(crate) fn linked() -> Self {
        let home = TempDir::new().unwrap();
        fs::create_dir(home.path().join("bots")).unwrap();
        Self::with(home, None, Arc::new(MemoryKeychain::default()), true)
    }

    fn at(home: TempDir, pick: Option<PathBuf>) -> Self {
        Self::with(home, pick, Arc::new(MemoryKeychain::default()), false)
    }

    /// The same folders and keychain, as after quitting and starting again.
    pub(crate) fn again(self) -> Self {
        self.again_with(|| ())
    }

    /// As [`Desk::again`], with something done in between.
    pub(crate) fn again_with(self, between: impl FnOnce()) -> Self {
        let Self { home, keychain, studio, .. } = self;
        drop(studio);
        between();
        Self::with(home, None, keychain, false)
    }

    fn with(home: TempDir, pick: Option<PathBuf>, keychain: Arc<MemoryKeychain>, deep_links: bool) -> Self {
        let clipboard = Arc::<Mutex<String>>::default();
        let browser = Arc::<Browser>::default();
        let studio = Studio::start(Setup {
            keychain: Arc::clone(&keychain) as Arc<dyn studio::store::Keychain>,
            picker: Box::new(Always(pick)),
            clipboard: Box::new(Board(Arc::clone(&clipboard))),
            opener: Arc::clone(&browser) as Arc<dyn studio::Opener>,
            deep_links,
            ..Setup::new(home.path().join("data"))
        })
        .unwrap();
        let events = studio.subscribe();
        Self { studio, events, home, clipboard, keychain, browser }
    }

    /// Writes a bot's files below `bots/NAME`.
    pub(crate) fn write(&self, name: &str, files: &[(&str, &str)]) -> PathBuf {
        let folder = self.home.path().join("bots").join(name);
        for (file, text) in files {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    /// Opens a folder as a drop on the window would.
    pub(crate) fn open(&self, folder: &Path) -> Value {
        self.studio.start_with(Some(folder));
        let start = self.call("app_info", json!({}))["startWith"].clone();
        self.call("bot_open", json!({ "folder": start }))
    }

    /// The secret bot, open.
    pub(crate) fn secret_bot(&self) -> Value {
        let folder = self.write("secret", &[("integrations.yaml", MANIFEST), ("main.bubble", SCRIPT)]);
        self.open(&folder)
    }

    /// The secret bot with its value stored in a new vault.
    pub(crate) fn secret_bot_with_value(&self) -> Value {
        let bot = self.secret_bot();
        self.call("vault_create", json!({ "type": "keychain" }));
        self.call("secret_set", json!({ "bot": bot["bot"], "alias": "myapi_key", "value": CANARY }));
        bot
    }

    /// A bot with this manifest and script, open, beside a new vault.
    pub(crate) fn bot_with_vault(&self, manifest: &str, script: &str) -> Value {
        let bot = self.open(&self.write("signs-in", &[("integrations.yaml", manifest), ("main.bubble", script)]));
        self.call("vault_create", json!({ "type": "keychain" }));
        bot
    }

    pub(crate) fn call(&self, name: &str, request: Value) -> Value {
        self.try_call(name, request).unwrap_or_else(|failure| panic!("{name}: {failure}"))
    }

    pub(crate) fn fail(&self, name: &str, request: Value) -> Value {
        self.try_call(name, request).expect_err(name)
    }

    pub(crate) fn try_call(&self, name: &str, request: Value) -> Result<Value, Value> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let answer = runtime.block_on(api::dispatch(&self.studio, name, request));
        answer.map_err(|failure| serde_json::to_value(failure).unwrap())
    }

    /// Waits until `holds` is true of what `name` answers, for at most ten seconds.
    pub(crate) fn until(&self, name: &str, request: &Value, holds: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let answer = self.call(name, request.clone());
            if holds(&answer) {
                return answer;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{name} still answers {answer}");
            // An event says that something changed; without one the answer stays.
            let _ = self.events.recv_timeout(left);
        }
    }
}
