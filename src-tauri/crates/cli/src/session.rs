//! The engine, started for one command, and the bot that the command is about.

use std::path::PathBuf;
use std::sync::Arc;

use api::commands;
use api::types::{BotRequest, BotView, FileKind, IdentityQuestion};
use studio::store::{LockReason, NewVault, Protection, StoreError, Unlock, VaultState};
use studio::{Secret, Setup, Studio};

use crate::args::Globals;
use crate::stop::Stop;
use crate::{browser, input, output, vault};

pub(crate) struct Session<'g> {
    pub(crate) studio: Studio,
    pub(crate) globals: &'g Globals,
}

impl<'g> Session<'g> {
    pub(crate) fn start(globals: &'g Globals) -> Result<Self, Stop> {
        let data_dir = globals.data_dir.clone().or_else(studio::data_dir).ok_or_else(|| {
            Stop::wrong_use(
                "The home folder is unknown, so the vault cannot be found.",
                "Name a folder with --data-dir.",
            )
        })?;
        let setup = Setup { opener: Arc::new(browser::Browser), ..Setup::new(absolute(data_dir)?) };
        let studio = Studio::start(setup)?;
        // Only now: the studio makes the data folder for its owner alone.
        studio::log::start(studio.data_dir());
        Ok(Self { studio, globals })
    }

    /// Opens the bot. A folder whose identity is in question is opened too; it reads no secrets.
    pub(crate) fn bot(&self) -> Result<BotView, Stop> {
        let opened = self.studio.visit(&self.globals.folder)?;
        let bot = commands::bot_get(&self.studio, BotRequest { bot: opened.id })?;
        let makes_a_bot =
            |kind: &FileKind| matches!(kind, FileKind::Manifest | FileKind::Script | FileKind::DataDefinition);
        if !bot.files.iter().any(|file| makes_a_bot(&file.kind)) {
            return Err(Stop::wrong_use(
                format!("There is no bot in {}: it has neither an integrations.yaml nor a script.", bot.path),
                "Go to a bot's folder, or name one with -C.",
            ));
        }
        Ok(bot)
    }

    /// As [`Session::bot`], for what reads or writes secrets: an open question of identity ends the command.
    pub(crate) fn settled_bot(&self) -> Result<BotView, Stop> {
        let bot = self.bot()?;
        match &bot.identity {
            Some(question) => Err(Stop::locked(said(question), choices(question))),
            None => Ok(bot),
        }
    }

    /// Asks for the passphrase, if that is what keeps the vault closed.
    pub(crate) fn open_vault(&self) -> Result<(), Stop> {
        if !self.needs_passphrase() {
            return Ok(());
        }
        let passphrase = self.passphrase("Passphrase of the vault: ")?;
        self.studio.unlock_vault(Unlock::Passphrase(passphrase))?;
        Ok(())
    }

    pub(crate) fn needs_passphrase(&self) -> bool {
        let status = self.studio.vault();
        matches!(status.state, VaultState::Locked(_)) && status.protection == Some(Protection::Passphrase)
    }

    /// The vault's passphrase, from the descriptor named by `--passphrase-fd` or a hidden prompt.
    pub(crate) fn passphrase(&self, prompt: &str) -> Result<Secret<String>, Stop> {
        match self.globals.passphrase_fd {
            Some(descriptor) => input::first_line(descriptor),
            None if input::can_ask() => input::hidden(prompt),
            None => Err(Stop::locked(
                StoreError::VaultLocked(LockReason::PassphraseNeeded).to_string(),
                vault::HOW_TO_GIVE_A_PASSPHRASE,
            )),
        }
    }

    /// Does what stores a value; a vault that is not there yet is made first, with its key in the system keychain.
    pub(crate) fn storing<T>(&self, store: impl Fn() -> Result<T, studio::Error>) -> Result<T, Stop> {
        self.open_vault()?;
        match store() {
            Err(studio::Error::Store(StoreError::VaultAbsent)) => {
                let key = vault::made(self.studio.create_vault(NewVault::Keychain))?;
                if let Some(key) = key {
                    output::say(&vault::recovery_note());
                    output::say(key.to_text().expose());
                }
                Ok(store()?)
            }
            done => Ok(done?),
        }
    }
}

/// Says on standard error that the secrets of this folder stay closed, if so.
pub(crate) fn warn_of_question(bot: &BotView) {
    if let Some(question) = &bot.identity {
        output::warn(&said(question), &choices(question));
    }
}

/// What an open question of identity is about.
pub(crate) fn said(question: &IdentityQuestion) -> String {
    if question.old_path.is_empty() {
        return "This folder has the id of a bot that this computer knows, so its secrets stay closed.".to_owned();
    }
    format!("This folder has the id of the bot in {}, so its secrets stay closed.", question.old_path)
}

/// What can be done about it.
pub(crate) fn choices(question: &IdentityQuestion) -> String {
    let moved = if question.may_be_moved { "`patchbay identity moved` if it is that bot, " } else { "" };
    format!(
        "Run {moved}`patchbay identity copy` to start without secrets, or `patchbay identity share` to let both folders read the same ones."
    )
}

fn absolute(folder: PathBuf) -> Result<PathBuf, Stop> {
    std::path::absolute(&folder)
        .map_err(|error| Stop::wrong_use(format!("{} cannot be used: {error}.", folder.display()), ""))
}
