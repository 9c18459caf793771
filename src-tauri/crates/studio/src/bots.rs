//! Bots: folders that are opened, read again when they change, and known by an identity.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use bot::{Bot, Entry, Problem, ReadProblem, SourceFile, Token};
use store::{BotId, Identity, Settle, VaultState};

use crate::events::lock;
use crate::folder::{Before, Folder, FolderError, Found};
use crate::secrets::SecretRow;
use crate::watch::Watch;
use crate::{Error, Event, Studio};

/// The file in a bot's folder that hints at its identity and names its title.
pub(crate) const STUDIO_FILE: &str = "patchbay.yaml";

/// A folder that is open as a bot.
pub(crate) struct OpenBot {
    id: String,
    folder: Folder,
    state: Mutex<State>,
    /// Who talks to the bot; `None`: the first persona.
    persona: Mutex<Option<String>>,
    /// Set once, right after the bot is made; dropped with it.
    watch: OnceLock<Watch>,
}

struct State {
    bot: Arc<Bot>,
    identity: Identity,
    missing: bool,
    read_only: bool,
}

/// A bot as it is at one moment.
#[derive(Clone)]
pub struct Snapshot {
    /// Names the open bot until it is closed.
    pub id: String,
    pub title: String,
    pub path: PathBuf,
    pub read_only: bool,
    /// The folder is gone; what was read before is still here.
    pub missing: bool,
    pub identity: Option<IdentityQuestion>,
    pub bot: Arc<Bot>,
    /// Aliases of secrets that hold a value.
    pub secrets_set: Vec<String>,
    pub vault: VaultState,
}

/// A folder that carries the id of a bot which this machine knows at another path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityQuestion {
    /// `None`: no folder is bound to the id any more.
    pub old_path: Option<PathBuf>,
    /// The old folder is gone.
    pub may_be_moved: bool,
    pub aliases: Vec<String>,
}

/// The person's answer to an [`IdentityQuestion`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityChoice {
    Moved,
    Copy,
    Share,
}

impl OpenBot {
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn folder(&self) -> &Folder {
        &self.folder
    }

    pub(crate) fn picture(&self) -> Arc<Bot> {
        Arc::clone(&lock(&self.state).bot)
    }

    /// What people call the bot: the title in its `patchbay.yaml`, else its folder's name.
    pub(crate) fn title(&self) -> String {
        self.picture().title().map_or_else(|| self.folder.name(), str::to_owned)
    }

    pub(crate) fn persona(&self) -> Option<String> {
        lock(&self.persona).clone()
    }

    pub(crate) fn use_persona(&self, persona: Option<String>) {
        *lock(&self.persona) = persona;
    }

    pub(crate) fn is_read_only(&self) -> bool {
        lock(&self.state).read_only
    }

    /// The identity under which values are stored.
    pub(crate) fn bound(&self) -> Result<BotId, Error> {
        Ok(lock(&self.state).identity.bot()?)
    }

    pub(crate) fn problems_of(&self, file: &str) -> Vec<Problem> {
        self.picture().problems().iter().filter(|problem| &*problem.file == file).cloned().collect()
    }

    pub(crate) fn tokens_of(&self, file: &str) -> Vec<Token> {
        self.picture().tokens(file)
    }

    /// Puts a buffer in place of a file's text.
    pub(crate) fn replace(&self, file: &str, text: Arc<str>) {
        Arc::make_mut(&mut lock(&self.state).bot).replace(file, text);
    }

    /// The `provider: secret` entries, their values not yet looked up.
    pub(crate) fn secret_entries(&self) -> Vec<SecretRow> {
        let bot = self.picture();
        bot.entries()
            .iter()
            .filter(|entry| entry.integration.provider_id() == "secret")
            .map(|entry| row(&bot, entry))
            .collect()
    }

    pub(crate) fn secret_entry(&self, alias: &str) -> Result<SecretRow, Error> {
        let found = self.secret_entries().into_iter().find(|row| row.alias == alias);
        found.ok_or(Error::NotFound("No manifest of this bot has a secret of this name."))
    }

    /// Leaves the bot's id in its folder, as a hint for the day the folder is moved. A folder that cannot be written
    /// simply has no hint.
    pub(crate) fn leave_id(&self) {
        let Ok(id) = self.bound() else { return };
        if self.picture().studio_file().and_then(|file| file.id.as_deref()) == Some(&id.to_string()) {
            return;
        }
        let written = match self.folder.read(STUDIO_FILE) {
            Ok(text) => {
                with_id(&text, &id).and_then(|new| self.folder.write(STUDIO_FILE, Before::Text(&text), &new).ok())
            }
            Err(FolderError::FileMissing(_)) => {
                let text = format!(
                    "# Kept by Patchbay: which bot this is on the machine that stored its secrets.\nid: {id}\n"
                );
                self.folder.write(STUDIO_FILE, Before::Absent, &text).ok()
            }
            Err(_) => None,
        };
        if written.is_none() {
            tracing::info!("no id was left in the bot's folder");
        }
    }
}

fn row(bot: &Bot, entry: &Entry) -> SecretRow {
    let alias = entry.integration.alias();
    SecretRow {
        alias: alias.to_owned(),
        description: entry.integration.description.as_ref().map(|field| field.value.clone()).unwrap_or_default(),
        file: entry.file.to_string(),
        line: entry.line,
        skill: entry.skill.as_deref().map(str::to_owned),
        set: false,
        changed_at: None,
        last_used_at: None,
        used_by: bot.uses(alias),
    }
}

/// `patchbay.yaml` with `id` set, everything else as it was. `None` when its `id` cannot be told apart from the rest.
fn with_id(text: &str, id: &BotId) -> Option<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let at = lines.iter().position(|line| line.starts_with("id:"));
    match at {
        Some(at) => {
            let end = if lines[at].ends_with("\r\n") {
                "\r\n"
            } else if lines[at].ends_with('\n') {
                "\n"
            } else {
                ""
            };
            let new = format!("id: {id}{end}");
            Some(lines.iter().enumerate().map(|(i, line)| if i == at { new.as_str() } else { line }).collect())
        }
        None => {
            let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
            Some(format!("{text}{gap}id: {id}\n"))
        }
    }
}

impl Studio {
    /// Opens the bot in a folder; one that is open already is given again.
    ///
    /// # Errors
    /// The folder is missing or cannot be read.
    pub fn open_bot(&self, folder: &str) -> Result<Snapshot, Error> {
        self.open_path(&self.folder_path(folder)?)
    }

    /// Opens the bot in a folder that the person named on the command line.
    ///
    /// # Errors
    /// The folder is missing or cannot be read.
    pub fn open_path(&self, path: &Path) -> Result<Snapshot, Error> {
        let folder = Folder::open(path)?;
        // Two requests at once must find the same bot.
        let _turn = lock(&self.inner.opening);
        let known = self.open_bots().into_iter().find(|bot| bot.folder == folder);
        let open = match known {
            Some(open) => open,
            None => {
                let open = self.open_folder(folder)?;
                match Watch::start(self, &open) {
                    Ok(watch) => drop(open.watch.set(watch)),
                    Err(error) => tracing::warn!("changes in the folder will not be noticed: {error}"),
                }
                open
            }
        };
        let snapshot = self.snapshot_of(&open)?;
        self.remember(&snapshot)?;
        Ok(snapshot)
    }

    /// Opens a bot for one command: it is not watched, and does not become the one that the window opens next.
    ///
    /// # Errors
    /// The folder is missing or cannot be read.
    pub fn visit(&self, path: &Path) -> Result<Snapshot, Error> {
        let open = self.open_folder(Folder::open(path)?)?;
        self.snapshot_of(&open)
    }

    /// What a folder holds, without opening it as a bot: no identity is asked for and nothing is written.
    ///
    /// # Errors
    /// The folder is missing or cannot be read.
    pub fn look(folder: &Folder) -> Result<Bot, Error> {
        Ok(Bot::read(&sources(folder.read_all()?)))
    }

    fn open_folder(&self, folder: Folder) -> Result<Arc<OpenBot>, Error> {
        let bot = Bot::read(&sources(folder.read_all()?));
        let identity =
            self.inner.store.identify(bot.studio_file().and_then(|file| file.id.as_deref()), folder.path())?;
        let read_only = folder.is_read_only();
        let open = Arc::new(OpenBot {
            id: uuid::Uuid::new_v4().to_string(),
            folder,
            state: Mutex::new(State { bot: Arc::new(bot), identity, missing: false, read_only }),
            persona: Mutex::default(),
            watch: OnceLock::new(),
        });
        lock(&self.inner.bots).insert(open.id.clone(), Arc::clone(&open));
        Ok(open)
    }

    /// The bot as it is now.
    ///
    /// # Errors
    /// It is not open.
    pub fn snapshot(&self, bot: &str) -> Result<Snapshot, Error> {
        self.snapshot_of(&*self.bot(bot)?)
    }

    /// Closes a bot with its documents and chats.
    ///
    /// # Errors
    /// None that the interface could act on.
    pub fn close_bot(&self, bot: &str) -> Result<(), Error> {
        if let Some(open) = lock(&self.inner.bots).remove(bot) {
            lock(&self.inner.documents).retain(|_, document| !document.is_of(&open));
            lock(&self.inner.chats).retain(|_, chat| !lock(chat).is_of(&open));
            lock(&self.inner.imports).retain(|_, import| import.bot != open.id);
        }
        self.inner.store.set_last_open_bot(None)?;
        Ok(())
    }

    /// Settles what a folder with a known id is.
    ///
    /// # Errors
    /// "Moved" while the old folder is still there, or the data folder cannot be written.
    pub fn settle_identity(&self, bot: &str, choice: IdentityChoice) -> Result<Snapshot, Error> {
        let open = self.bot(bot)?;
        let question = lock(&open.state).identity.clone();
        let Identity::Question { old_path, .. } = question else { return self.snapshot_of(&open) };
        let answer = match choice {
            IdentityChoice::Moved => Settle::Moved { old_path_exists: old_path.is_some_and(|path| path.exists()) },
            IdentityChoice::Copy => Settle::Copy,
            IdentityChoice::Share => Settle::Share,
        };
        let id = self.inner.store.settle(open.folder.path(), answer)?;
        lock(&open.state).identity = Identity::Bound(id);
        open.leave_id();
        self.reread(&open);
        self.secrets_changed(&open);
        self.snapshot_of(&open)
    }

    pub(crate) fn bot(&self, id: &str) -> Result<Arc<OpenBot>, Error> {
        lock(&self.inner.bots).get(id).cloned().ok_or(Error::NotFound("This bot is not open any more."))
    }

    pub(crate) fn open_bots(&self) -> Vec<Arc<OpenBot>> {
        lock(&self.inner.bots).values().cloned().collect()
    }

    /// Reads the folder again; whatever changed is told.
    pub(crate) fn reread(&self, open: &Arc<OpenBot>) {
        match open.folder.read_all() {
            Ok(found) => {
                let files = sources(found);
                for file in &files {
                    if let Ok(text) = &file.text {
                        self.note_disk(open, &file.path, text);
                    }
                }
                let read_only = open.folder.is_read_only();
                // Held together, so that no key stroke falls between the reading of the buffers and their use.
                let documents = lock(&self.inner.documents);
                let mut state = lock(&open.state);
                let bot = Arc::make_mut(&mut state.bot);
                bot.update(&files);
                for (file, text) in documents.values().filter_map(|document| document.unsaved(open)) {
                    bot.replace(file, Arc::clone(text));
                }
                state.missing = false;
                state.read_only = read_only;
            }
            // What was read before stays: a failed read never deletes anything.
            Err(error) => lock(&open.state).missing = error.is_missing_folder(),
        }
        self.tell_chats(open);
        self.send(&Event::BotChanged { bot: open.id.clone() });
        self.send(&Event::SecretsChanged { bot: open.id.clone() });
    }

    fn snapshot_of(&self, open: &OpenBot) -> Result<Snapshot, Error> {
        // Entries are shown without the vault too; its state says why nothing is known of their values.
        let stored = self.stored(open).unwrap_or_default();
        let secrets_set = stored.into_iter().map(|meta| meta.alias).collect();
        let state = lock(&open.state);
        let identity = match &state.identity {
            Identity::Question { old_path, aliases, .. } => Some(IdentityQuestion {
                may_be_moved: old_path.as_ref().is_none_or(|path| !path.exists()),
                old_path: old_path.clone(),
                aliases: aliases.clone(),
            }),
            Identity::Bound(_) | Identity::Fresh(_) => None,
        };
        Ok(Snapshot {
            id: open.id.clone(),
            title: state.bot.title().map_or_else(|| open.folder.name(), str::to_owned),
            path: open.folder.path().to_owned(),
            read_only: state.read_only,
            missing: state.missing,
            identity,
            bot: Arc::clone(&state.bot),
            secrets_set,
            vault: self.vault().state,
        })
    }
}

fn sources(found: Vec<Found>) -> Vec<SourceFile> {
    let source = |file: Found| SourceFile {
        path: file.file.into(),
        text: match file.text {
            Ok(text) => Ok(text.into()),
            Err(error) => Err(ReadProblem { message: error.to_string(), hint: error.hint().to_owned() }),
        },
    };
    found.into_iter().map(source).collect()
}

/// A path for the screen: the home folder is `~`.
pub fn display(path: &Path) -> String {
    let home = dirs::home_dir().and_then(|home| path.strip_prefix(home).ok().map(Path::to_owned));
    match home {
        Some(rest) if rest.as_os_str().is_empty() => "~".to_owned(),
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}
