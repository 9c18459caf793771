//! Secrets of a bot: the values behind its `provider: secret` entries.

use std::time::Duration;

use bot::Use;
use jiff::Timestamp;
use store::{Secret, SecretMeta, UNDO_SECONDS, Undo};

use crate::bots::OpenBot;
use crate::{Error, Event, Studio};

/// One `provider: secret` entry and what the vault holds for it.
#[derive(Debug, Clone, PartialEq)]
pub struct SecretRow {
    pub alias: String,
    pub description: String,
    pub file: String,
    /// 1-based line of the entry.
    pub line: u32,
    pub skill: Option<String>,
    pub set: bool,
    pub changed_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    pub used_by: Vec<Use>,
}

impl Studio {
    /// One row for every `provider: secret` entry, in manifest order.
    ///
    /// # Errors
    /// The bot is not open, or the vault cannot be read.
    pub fn secrets(&self, bot: &str) -> Result<Vec<SecretRow>, Error> {
        let bot = self.bot(bot)?;
        let stored = self.stored(&bot)?;
        Ok(bot.secret_entries().into_iter().map(|row| with_state(row, &stored)).collect())
    }

    /// Stores a value; the old one is gone.
    ///
    /// # Errors
    /// There is no such entry, the vault is absent or locked, the identity is open, the value is empty or too large.
    pub fn set_secret(&self, bot: &str, alias: &str, value: &Secret<String>) -> Result<SecretRow, Error> {
        let bot = self.bot(bot)?;
        bot.secret_entry(alias)?;
        if value.expose().is_empty() {
            return Err(Error::invalid("The value is empty.", "Type or paste the value, or remove the secret."));
        }
        self.noting_locks(self.inner.store.set(bot.bound()?, alias, value))?;
        bot.leave_id();
        self.secret_changed(&bot, alias)
    }

    /// The value, for the person who asked to see it.
    ///
    /// # Errors
    /// There is no such entry or no value, or the vault is locked.
    pub fn reveal_secret(&self, bot: &str, alias: &str) -> Result<Secret<String>, Error> {
        let bot = self.bot(bot)?;
        bot.secret_entry(alias)?;
        self.noting_locks(self.inner.store.get(bot.bound()?, alias))?.ok_or(NO_VALUE)
    }

    /// Puts the value on the clipboard and takes it off again after the time set in the preferences, unless something
    /// else was copied by then. Returns that time in seconds.
    ///
    /// # Errors
    /// As [`Studio::reveal_secret`], or the desktop's clipboard refused.
    pub fn copy_secret(&self, bot: &str, alias: &str) -> Result<u32, Error> {
        let value = self.reveal_secret(bot, alias)?;
        let seconds = self.settings()?.clipboard_seconds;
        self.inner.clipboard.write(value.expose()).map_err(|cause| {
            tracing::warn!("the clipboard refused: {cause}");
            Error::Unavailable {
                message: "The clipboard did not take the value.".to_owned(),
                hint: "Reveal the value and copy it from there.".to_owned(),
            }
        })?;
        let clipboard = std::sync::Arc::clone(&self.inner.clipboard);
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_secs(seconds.into()));
            if clipboard.read().is_some_and(|now| now.expose() == value.expose())
                && let Err(cause) = clipboard.write("")
            {
                tracing::warn!("the clipboard was not cleared: {cause}");
            }
        });
        Ok(seconds)
    }

    /// Removes a value. The returned id brings it back for ten seconds.
    ///
    /// # Errors
    /// There is no such entry or no value, or the vault is locked.
    pub fn remove_secret(&self, bot: &str, alias: &str) -> Result<String, Error> {
        let bot = self.bot(bot)?;
        let undo = self.inner.store.remove(bot.bound()?, alias)?;
        self.secrets_changed(&bot);
        let store = self.inner.store.clone();
        std::thread::spawn(move || {
            // What was removed must not stay sealed on disk until the next write happens to pass by.
            std::thread::sleep(Duration::from_secs(UNDO_SECONDS.unsigned_abs() + 1));
            if let Err(error) = store.purge() {
                tracing::warn!("a removed value is still on disk, sealed: {error}");
            }
        });
        Ok(undo.to_string())
    }

    /// Brings back what [`Studio::remove_secret`] removed.
    ///
    /// # Errors
    /// Ten seconds are over, or another value was stored since.
    pub fn restore_secret(&self, bot: &str, undo: &str) -> Result<(), Error> {
        let bot = self.bot(bot)?;
        self.inner.store.restore(&Undo::from(undo.to_owned()))?;
        self.secrets_changed(&bot);
        Ok(())
    }

    /// What the vault holds for a bot; nothing while its identity is not settled.
    pub(crate) fn stored(&self, bot: &OpenBot) -> Result<Vec<SecretMeta>, Error> {
        match bot.bound() {
            Ok(id) => Ok(self.inner.store.list(id)?),
            Err(_) => Ok(Vec::new()),
        }
    }

    pub(crate) fn secrets_changed(&self, bot: &OpenBot) {
        self.send(&Event::SecretsChanged { bot: bot.id().to_owned() });
        self.send(&Event::BotChanged { bot: bot.id().to_owned() });
    }

    fn secret_changed(&self, bot: &OpenBot, alias: &str) -> Result<SecretRow, Error> {
        self.secrets_changed(bot);
        let stored = self.stored(bot)?;
        Ok(with_state(bot.secret_entry(alias)?, &stored))
    }
}

pub(crate) const NO_VALUE: Error = Error::NotFound("No value is stored for this secret.");

fn with_state(row: SecretRow, stored: &[SecretMeta]) -> SecretRow {
    let meta = stored.iter().find(|meta| meta.alias == row.alias);
    SecretRow {
        set: meta.is_some(),
        changed_at: meta.map(|meta| meta.changed_at),
        last_used_at: meta.and_then(|meta| meta.last_used_at),
        ..row
    }
}
