//! What is kept openly: preferences, recently opened bots, the bot that was open last.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::tables::{recent, settings};
use crate::{Store, StoreError};

const RECENT_KEPT: u32 = 20;

/// The person's preferences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Light, dark, or as the system has it.
    pub theme: Theme,
    /// Size of the interface in percent.
    pub scale: u32,
    /// How long a revealed secret stays visible, in seconds.
    pub reveal_seconds: u32,
    /// After how many seconds a copied secret is cleared from the clipboard.
    pub clipboard_seconds: u32,
}

/// Colours of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// A bot that was opened before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentBot {
    /// Its folder.
    pub path: PathBuf,
    /// Its title when it was last open.
    pub title: String,
    /// When it was last opened, to the millisecond.
    pub last_opened: Timestamp,
    /// What its row of jacks showed, as JSON of the caller's own shape.
    pub jacks: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self { theme: Theme::System, scale: 100, reveal_seconds: 20, clipboard_seconds: 30 }
    }
}

impl Theme {
    fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl Store {
    /// The preferences; one that was never set or is unreadable has its default.
    pub fn settings(&self) -> Result<Settings, StoreError> {
        let state = self.state();
        let connection = &state.connection;
        let usual = Settings::default();
        let theme = settings::get::<String>(connection, "theme")?;
        let theme = [Theme::Light, Theme::Dark].into_iter().find(|known| theme.as_deref() == Some(known.name()));
        let number = |name, usual| settings::get(connection, name).map(|value| value.unwrap_or(usual));
        Ok(Settings {
            theme: theme.unwrap_or_default(),
            scale: number("scale", usual.scale)?,
            reveal_seconds: number("reveal_seconds", usual.reveal_seconds)?,
            clipboard_seconds: number("clipboard_seconds", usual.clipboard_seconds)?,
        })
    }

    /// Keeps the preferences.
    pub fn save_settings(&self, settings: &Settings) -> Result<(), StoreError> {
        self.state().write(|connection| {
            settings::put(connection, "theme", settings.theme.name())?;
            settings::put(connection, "scale", settings.scale)?;
            settings::put(connection, "reveal_seconds", settings.reveal_seconds)?;
            settings::put(connection, "clipboard_seconds", settings.clipboard_seconds)?;
            Ok(())
        })
    }

    /// Recently opened bots, the latest first; at most 20 are kept.
    pub fn recent_bots(&self) -> Result<Vec<RecentBot>, StoreError> {
        Ok(recent::list(&self.state().connection)?)
    }

    /// Adds or renews an entry of the recent bots.
    pub fn remember_bot(&self, bot: &RecentBot) -> Result<(), StoreError> {
        self.state().write(|connection| Ok(recent::put(connection, bot, RECENT_KEPT)?))
    }

    /// Takes a folder off the recent bots; its secrets stay.
    pub fn forget_recent(&self, path: &Path) -> Result<(), StoreError> {
        self.state().write(|connection| Ok(recent::remove(connection, path)?))
    }

    /// The folder that was open last, to open it again.
    pub fn last_open_bot(&self) -> Result<Option<PathBuf>, StoreError> {
        Ok(settings::last_bot(&self.state().connection)?)
    }

    /// Remembers which folder is open; `None` when none is.
    pub fn set_last_open_bot(&self, path: Option<&Path>) -> Result<(), StoreError> {
        self.state().write(|connection| Ok(settings::put_last_bot(connection, path)?))
    }
}
