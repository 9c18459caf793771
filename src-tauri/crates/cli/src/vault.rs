//! `patchbay vault`: how the vault is, making it, opening it, and what protects it.
//!
//! Each command is a process of its own, opens the vault for itself and forgets the key when it ends. Nothing stays open
//! between two of them, so there is nothing to lock.

use api::commands;
use api::types::{Nothing, Protection as Shown, VaultCreated, VaultState as State, VaultView};
use studio::store::{NewVault, Protection, RecoveryKey, Rekey, StoreError, Unlock};
use studio::{Error, Secret};

use crate::args::{Globals, ProtectArguments, VaultCommand};
use crate::session::Session;
use crate::stop::Stop;
use crate::{input, output};

pub(crate) const HOW_TO_GIVE_A_PASSPHRASE: &str =
    "Name a file descriptor that holds the passphrase with --passphrase-fd, or run this on a terminal.";
const NOTHING_OPEN: &str = "Each command opens the vault for itself and forgets the key when it ends.";

pub(crate) fn run(globals: &Globals, command: &VaultCommand) -> Result<(), Stop> {
    let session = Session::start(globals)?;
    match command {
        VaultCommand::Status => status(&session),
        VaultCommand::Create { passphrase } => create(&session, *passphrase),
        VaultCommand::Unlock => unlock(&session),
        VaultCommand::Lock => Err(Stop::wrong_use(
            format!("There is nothing to lock here. {NOTHING_OPEN}"),
            "A vault that is open in the window is locked in the window.",
        )),
        VaultCommand::Recover { protect } => recover(&session, protect),
        VaultCommand::Rekey { protect, recovery_key } => rekey(&session, protect, *recovery_key),
    }
}

/// What a person is told along with a new recovery key.
pub(crate) fn recovery_note() -> String {
    "The vault was made. Write this recovery key down and keep it apart from this computer; it is not shown again:"
        .to_owned()
}

/// The outcome of making a vault; without a usable keychain it names the other way.
pub(crate) fn made(outcome: Result<Option<RecoveryKey>, Error>) -> Result<Option<RecoveryKey>, Stop> {
    outcome.map_err(|error| {
        without_keychain(error, "`patchbay vault create --passphrase` makes a vault that needs no keychain.")
    })
}

fn status(session: &Session) -> Result<(), Stop> {
    let view = view(session)?;
    if session.globals.json {
        return Ok(output::print_json(&view)?);
    }
    let (message, hint) = match (&view.state, &view.protection) {
        (State::Locked, Some(Shown::Passphrase)) => (
            "Values are sealed in Patchbay's vault on this computer; its key comes from your passphrase.",
            "Each command asks for it, or reads it from --passphrase-fd.",
        ),
        _ => (view.message.as_str(), view.hint.as_str()),
    };
    Ok(output::print(format!("{message} {hint}").trim_end())?)
}

fn create(session: &Session, passphrase: bool) -> Result<(), Stop> {
    let with_passphrase = passphrase || session.globals.passphrase_fd.is_some();
    let how = if with_passphrase {
        NewVault::Passphrase(new_passphrase(session.globals.passphrase_fd)?)
    } else {
        NewVault::Keychain
    };
    let key = made(session.studio.create_vault(how))?;
    let recovery_key = key.map(|key| key.to_text());
    if session.globals.json {
        let recovery_key = recovery_key.map(|key| key.expose().clone());
        return Ok(output::print_json(&VaultCreated { recovery_key, vault: view(session)? })?);
    }
    match recovery_key {
        Some(key) => {
            output::say(&recovery_note());
            output::print(key.expose())?;
        }
        None => output::say("Another Patchbay made the vault at this moment and shows its recovery key."),
    }
    Ok(())
}

fn unlock(session: &Session) -> Result<(), Stop> {
    if session.needs_passphrase() {
        session.open_vault()?;
    } else {
        session.studio.unlock_vault(Unlock::Keychain)?;
    }
    if session.globals.json {
        return Ok(output::print_json(&view(session)?)?);
    }
    output::say(&format!("The vault opens. {NOTHING_OPEN}"));
    Ok(())
}

fn recover(session: &Session, protect: &ProtectArguments) -> Result<(), Stop> {
    let typed = input::value("Recovery key: ")?;
    let key = RecoveryKey::parse(typed.expose()).map_err(|error| Stop::wrong_use(error.to_string(), ""))?;
    session.studio.unlock_vault(Unlock::RecoveryKey(key))?;
    let by_passphrase = session.studio.vault().protection == Some(Protection::Passphrase);
    protect_with(
        session,
        asks_for_passphrase(protect) || (by_passphrase && !protect.keychain),
        protect.new_passphrase_fd,
    )
}

fn rekey(session: &Session, protect: &ProtectArguments, recovery_key: bool) -> Result<(), Stop> {
    if recovery_key {
        return renew_recovery_key(session);
    }
    if !asks_for_passphrase(protect) && !protect.keychain {
        return Err(Stop::wrong_use(
            "It was not said what to change.",
            "Add --keychain, --passphrase or --recovery-key.",
        ));
    }
    session.open_vault()?;
    protect_with(session, asks_for_passphrase(protect), protect.new_passphrase_fd)
}

fn renew_recovery_key(session: &Session) -> Result<(), Stop> {
    session.open_vault()?;
    let key = session.studio.renew_recovery_key()?.to_text();
    if session.globals.json {
        return Ok(output::print_json(&VaultCreated {
            recovery_key: Some(key.expose().clone()),
            vault: view(session)?,
        })?);
    }
    output::say("The old recovery key opens nothing any more. Write this one down; it is not shown again:");
    Ok(output::print(key.expose())?)
}

fn asks_for_passphrase(protect: &ProtectArguments) -> bool {
    protect.passphrase || protect.new_passphrase_fd.is_some()
}

/// Protects the open vault anew; until that is done, what protected it before still does.
fn protect_with(session: &Session, passphrase: bool, descriptor: Option<u32>) -> Result<(), Stop> {
    let (to, told) = if passphrase {
        (Rekey::Passphrase(new_passphrase(descriptor)?), "The vault opens with the new passphrase now.")
    } else {
        (Rekey::Keychain, "The vault's key is in the system keychain now.")
    };
    let done = session
        .studio
        .rekey_vault(to)
        .map_err(|error| without_keychain(error, "Add --passphrase to use a passphrase instead."))?;
    if done.keychain_entry_left {
        output::warn(
            "The entry in the system keychain could not be removed and still opens the vault.",
            "Remove the entry named Patchbay vault key in the system's keychain program.",
        );
    }
    if session.globals.json {
        return Ok(output::print_json(&view(session)?)?);
    }
    output::say(told);
    Ok(())
}

/// A passphrase to be: from a descriptor, or typed twice.
fn new_passphrase(descriptor: Option<u32>) -> Result<Secret<String>, Stop> {
    if let Some(descriptor) = descriptor {
        return input::first_line(descriptor);
    }
    if !input::can_ask() {
        return Err(Stop::wrong_use(
            "A new passphrase is needed.",
            "Name a file descriptor that holds it, or run this on a terminal.",
        ));
    }
    let first = input::hidden("New passphrase: ")?;
    let again = input::hidden("The same once more: ")?;
    if first.expose() == again.expose() {
        Ok(first)
    } else {
        Err(Stop::wrong_use("The two passphrases differ, so nothing was changed.", "Type the same one twice."))
    }
}

fn without_keychain(error: Error, hint: &str) -> Stop {
    match error {
        Error::Store(StoreError::Keychain(cause)) => Stop::locked(cause.to_string(), hint),
        other => other.into(),
    }
}

fn view(session: &Session) -> Result<VaultView, Stop> {
    Ok(commands::vault_get(&session.studio, Nothing {})?)
}
