//! The commands of the table as typed functions. Each asks the studio and shapes the answer; none decides anything.

use studio::store::{NewVault, RecoveryKey, Unlock};
use studio::{EnvSource as Source, IdentityChoice as Choice, PickPurpose as Purpose, Secret, Studio};

use crate::types::*;
use crate::views;

type Outcome<T> = Result<T, Failure>;

/// What the interface shows about the program, and what to open at start.
pub fn app_info(studio: &Studio, _: Nothing) -> Outcome<AppInfo> {
    Ok(AppInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        data_folder: studio::display(studio.data_dir()),
        vault: views::vault(studio),
        settings: studio.settings()?.into(),
        start_with: studio.take_start(),
    })
}

/// The settings of this machine.
pub fn settings_get(studio: &Studio, _: Nothing) -> Outcome<Settings> {
    Ok(studio.settings()?.into())
}

/// Replaces the settings.
pub fn settings_set(studio: &Studio, request: Settings) -> Outcome<Settings> {
    Ok(studio.set_settings(&request.into())?.into())
}

/// Bots that were open before, the last one first.
pub fn bots_recent(studio: &Studio, _: Nothing) -> Outcome<Vec<RecentBot>> {
    Ok(studio.recent_bots()?.into_iter().map(RecentBot::from).collect())
}

/// Takes a bot off the list.
pub fn bots_forget(studio: &Studio, request: FolderRequest) -> Outcome<Nothing> {
    studio.forget_recent(&request.folder)?;
    Ok(Nothing {})
}

/// The examples to start from.
pub fn bots_examples(_: &Studio, _: Nothing) -> Outcome<Vec<Example>> {
    Ok(studio::EXAMPLES.iter().map(Example::from).collect())
}

/// Asks the person for a folder.
pub fn folder_pick(studio: &Studio, request: PickFolder) -> Outcome<Picked> {
    let purpose = match request.purpose {
        PickPurpose::OpenBot => Purpose::OpenBot,
        PickPurpose::NewBot => Purpose::NewBot,
        PickPurpose::LocateBot => Purpose::LocateBot,
    };
    let folder = studio.pick_folder(purpose)?.map(|picked| PickedFolder {
        folder: picked.folder,
        path: studio::display(&picked.path),
        empty: picked.empty,
    });
    Ok(Picked { folder })
}

/// Makes a bot and opens it.
pub fn bot_create(studio: &Studio, request: CreateBot) -> Outcome<BotView> {
    views::bot(studio, studio.create_bot(&request.inside, &request.title, request.example.as_deref())?)
}

/// Opens the bot in a folder.
pub fn bot_open(studio: &Studio, request: OpenBot) -> Outcome<BotView> {
    views::bot(studio, studio.open_bot(&request.folder)?)
}

/// The bot as it is now.
pub fn bot_get(studio: &Studio, request: BotRequest) -> Outcome<BotView> {
    views::bot(studio, studio.snapshot(&request.bot)?)
}

/// Closes a bot.
pub fn bot_close(studio: &Studio, request: BotRequest) -> Outcome<Nothing> {
    studio.close_bot(&request.bot)?;
    Ok(Nothing {})
}

/// Settles what a folder with a known id is.
pub fn bot_identity(studio: &Studio, request: SettleIdentity) -> Outcome<BotView> {
    let choice = match request.choice {
        IdentityChoice::Moved => Choice::Moved,
        IdentityChoice::Copy => Choice::Copy,
        IdentityChoice::Share => Choice::Share,
    };
    views::bot(studio, studio.settle_identity(&request.bot, choice)?)
}

/// Opens a file in the editor.
pub fn document_open(studio: &Studio, request: OpenDocument) -> Outcome<DocumentView> {
    Ok(studio.open_document(&request.bot, &request.file)?.into())
}

/// Applies the editor's change.
pub fn document_change(studio: &Studio, request: ChangeDocument) -> Outcome<DocumentChanged> {
    let edits: Vec<_> = request.edits.into_iter().map(Into::into).collect();
    Ok(studio.change_document(&request.document, request.version, &edits)?.into())
}

/// Writes the buffer to its file.
pub fn document_save(studio: &Studio, request: SaveDocument) -> Outcome<DocumentChanged> {
    Ok(studio.save_document(&request.document, request.overwrite)?.into())
}

/// Puts the file's text in place of the buffer.
pub fn document_reload(studio: &Studio, request: DocumentRequest) -> Outcome<DocumentView> {
    Ok(studio.reload_document(&request.document)?.into())
}

/// Closes a document; what was not saved is dropped.
pub fn document_close(studio: &Studio, request: DocumentRequest) -> Outcome<Nothing> {
    studio.close_document(&request.document)?;
    Ok(Nothing {})
}

/// The secrets of a bot, without their values.
pub fn secrets_list(studio: &Studio, request: BotRequest) -> Outcome<Vec<SecretRow>> {
    Ok(studio.secrets(&request.bot)?.into_iter().map(SecretRow::from).collect())
}

/// Stores a value.
pub fn secret_set(studio: &Studio, request: SecretSet) -> Outcome<SecretRow> {
    Ok(studio.set_secret(&request.bot, &request.alias, &Secret::new(request.value))?.into())
}

/// Shows a value.
pub fn secret_reveal(studio: &Studio, request: SecretRequest) -> Outcome<Revealed> {
    Ok(Revealed { value: studio.reveal_secret(&request.bot, &request.alias)?.expose().clone() })
}

/// Puts a value on the clipboard for a while.
pub fn secret_copy(studio: &Studio, request: SecretRequest) -> Outcome<Copied> {
    Ok(Copied { clears_in_seconds: studio.copy_secret(&request.bot, &request.alias)? })
}

/// Removes a value.
pub fn secret_remove(studio: &Studio, request: SecretRequest) -> Outcome<Removed> {
    Ok(Removed { undo: studio.remove_secret(&request.bot, &request.alias)? })
}

/// Brings a removed value back.
pub fn secret_restore(studio: &Studio, request: Undo) -> Outcome<Nothing> {
    studio.restore_secret(&request.bot, &request.undo)?;
    Ok(Nothing {})
}

/// Tells what a `.env` would fill.
pub fn env_preview(studio: &Studio, request: PreviewEnv) -> Outcome<EnvPreview> {
    let source = match request.source {
        EnvSource::Pick {} => Source::Pick,
        EnvSource::Text { text } => Source::Text(Secret::new(text)),
    };
    Ok(studio.preview_env(&request.bot, source)?.into())
}

/// Stores the ticked values of a preview.
pub fn env_apply(studio: &Studio, request: ApplyEnv) -> Outcome<Applied> {
    Ok(Applied { count: studio.apply_env(&request.bot, &request.import, &request.aliases)? })
}

/// How the vault is.
pub fn vault_get(studio: &Studio, _: Nothing) -> Outcome<VaultView> {
    Ok(views::vault(studio))
}

/// Makes the vault.
pub fn vault_create(studio: &Studio, request: CreateVault) -> Outcome<VaultCreated> {
    let how = match request {
        CreateVault::Keychain {} => NewVault::Keychain,
        CreateVault::Passphrase { passphrase } => NewVault::Passphrase(Secret::new(passphrase)),
        CreateVault::Session {} => NewVault::Session,
    };
    let key = studio.create_vault(how)?;
    Ok(VaultCreated { recovery_key: key.map(|key| key.to_text().expose().clone()), vault: views::vault(studio) })
}

/// Opens the vault.
pub fn vault_unlock(studio: &Studio, request: UnlockVault) -> Outcome<VaultView> {
    let how = match request {
        UnlockVault::Keychain {} => Unlock::Keychain,
        UnlockVault::Passphrase { passphrase } => Unlock::Passphrase(Secret::new(passphrase)),
        UnlockVault::RecoveryKey { recovery_key } => {
            Unlock::RecoveryKey(RecoveryKey::parse(&recovery_key).map_err(|error| Failure::invalid(error.to_string()))?)
        }
    };
    studio.unlock_vault(how)?;
    Ok(views::vault(studio))
}

/// Locks the vault.
pub fn vault_lock(studio: &Studio, _: Nothing) -> Outcome<VaultView> {
    studio.lock_vault()?;
    Ok(views::vault(studio))
}

/// Starts a conversation with a bot.
pub fn chat_start(studio: &Studio, request: StartChat) -> Outcome<ChatView> {
    Ok(studio.start_chat(&request.bot)?.into())
}

/// The conversation as it is now.
pub fn chat_get(studio: &Studio, request: ChatRequest) -> Outcome<ChatView> {
    Ok(studio.chat(&request.chat)?.into())
}

/// Says something to the bot.
pub fn chat_send(studio: &Studio, request: SendText) -> Outcome<ChatView> {
    Ok(studio.send_text(&request.chat, &request.text)?.into())
}

/// Begins the conversation anew with the scripts as they are now.
pub fn chat_restart(studio: &Studio, request: ChatRequest) -> Outcome<ChatView> {
    Ok(studio.restart_chat(&request.chat)?.into())
}

/// Shows the value behind one secret part.
pub fn chat_reveal(studio: &Studio, request: RevealPart) -> Outcome<Revealed> {
    Ok(Revealed { value: studio.reveal_part(&request.chat, request.part)?.expose().clone() })
}

/// Ends a conversation.
pub fn chat_close(studio: &Studio, request: ChatRequest) -> Outcome<Nothing> {
    studio.close_chat(&request.chat)?;
    Ok(Nothing {})
}
