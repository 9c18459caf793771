//! Which bots were open: the list on Welcome, and what to open at start.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::bots::{Snapshot, display};
use crate::events::lock;
use crate::{Error, Event, Studio};

/// A bot that was open before.
#[derive(Debug, Clone)]
pub struct RecentBot {
    pub folder: String,
    pub title: String,
    pub path: PathBuf,
    pub exists: bool,
    pub last_opened: Timestamp,
    /// The states of its bot-level entries when it was last open, as the host wrote them.
    pub jacks: String,
}

impl Studio {
    /// Bots that were open before, the last one first.
    ///
    /// # Errors
    /// The data folder cannot be read.
    pub fn recent_bots(&self) -> Result<Vec<RecentBot>, Error> {
        let recent = self.inner.store.recent_bots()?;
        Ok(recent
            .into_iter()
            .map(|bot| RecentBot {
                folder: self.folder_id(&bot.path),
                title: bot.title,
                exists: bot.path.is_dir(),
                path: bot.path,
                last_opened: bot.last_opened,
                jacks: bot.jacks,
            })
            .collect())
    }

    /// Takes a bot off the list. Its folder and secrets stay.
    ///
    /// # Errors
    /// The data folder cannot be written.
    pub fn forget_recent(&self, folder: &str) -> Result<(), Error> {
        self.inner.store.forget_recent(&self.folder_path(folder)?)?;
        self.send(&Event::RecentChanged);
        Ok(())
    }

    /// Offers a folder that was dropped on the window or named by a second launch; the interface decides.
    pub fn offer_folder(&self, path: &Path) {
        // A manifest or script that is dropped stands for its bot.
        let path = if path.is_file() { path.parent().unwrap_or(path) } else { path };
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let known = self.inner.store.recent_bots().is_ok_and(|recent| recent.iter().any(|bot| bot.path == path));
        let folder = self.folder_id(&path);
        self.send(&Event::FolderOffered { folder, path: display(&path), known });
    }

    /// Says which folder to open at start: the given one, else the bot that was open last.
    pub fn start_with(&self, folder: Option<&Path>) {
        let last = || self.inner.store.last_open_bot().ok().flatten().filter(|path| path.is_dir());
        let path = folder.map(|path| path.canonicalize().unwrap_or_else(|_| path.to_owned())).or_else(last);
        let id = path.map(|path| self.folder_id(&path));
        *lock(&self.inner.start_with) = id;
    }

    /// The folder to open at start, told once.
    pub fn take_start(&self) -> Option<String> {
        lock(&self.inner.start_with).take()
    }

    /// Keeps the states of a bot's entries for the list of recent bots.
    ///
    /// # Errors
    /// The data folder cannot be written.
    pub fn keep_jacks(&self, bot: &str, jacks: &str) -> Result<(), Error> {
        let open = self.bot(bot)?;
        let mut recent = self.inner.store.recent_bots()?;
        if let Some(bot) = recent.iter_mut().find(|bot| bot.path == open.folder().path() && bot.jacks != jacks) {
            jacks.clone_into(&mut bot.jacks);
            self.inner.store.remember_bot(bot)?;
        }
        Ok(())
    }

    pub(crate) fn remember(&self, snapshot: &Snapshot) -> Result<(), Error> {
        let known = self.inner.store.recent_bots()?.into_iter().find(|bot| bot.path == snapshot.path);
        self.inner.store.remember_bot(&store::RecentBot {
            path: snapshot.path.clone(),
            title: snapshot.title.clone(),
            last_opened: (self.inner.clock)(),
            jacks: known.map_or_else(|| "[]".to_owned(), |bot| bot.jacks),
        })?;
        self.inner.store.set_last_open_bot(Some(&snapshot.path))?;
        self.send(&Event::RecentChanged);
        Ok(())
    }
}
