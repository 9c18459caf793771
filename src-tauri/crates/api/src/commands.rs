//! The commands of the table as typed functions. Each asks the studio and shapes the answer; none decides anything.

use studio::store::{NewVault, RecoveryKey, Unlock};
use studio::{
    ChatStart, EntryFlow, EnvSource as Source, IdentityChoice as Choice, KeyFile, PersonaFields,
    PickPurpose as Purpose, Secret, Studio,
};

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
        notice: studio.take_notice(),
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
    Ok(studio.start_chat(&request.bot, ChatStart { persona: request.persona, script: request.script })?.into())
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

/// Presses a button that the bot showed.
pub fn chat_press(studio: &Studio, request: PressButton) -> Outcome<ChatView> {
    Ok(studio.press_button(&request.chat, request.item.into(), request.button as usize)?.into())
}

/// Opens a link that the bot showed.
pub fn chat_open_link(studio: &Studio, request: OpenLink) -> Outcome<Nothing> {
    studio.open_link(&request.chat, &request.url)?;
    Ok(Nothing {})
}

/// Sends an event to the bot.
pub fn chat_event(studio: &Studio, request: SendEvent) -> Outcome<ChatView> {
    Ok(studio.send_event(&request.chat, &request.name, &request.payload)?.into())
}

/// Answers a pause.
pub fn chat_answer_pause(studio: &Studio, request: AnswerPause) -> Outcome<ChatView> {
    Ok(studio.answer_pause(&request.chat, request.allow)?.into())
}

/// Moves the conversation's clock ahead.
pub fn chat_jump(studio: &Studio, request: JumpClock) -> Outcome<ChatView> {
    Ok(studio.jump_clock(&request.chat, request.seconds.into())?.into())
}

/// What connecting an entry needs and what will happen.
pub fn connect_preflight(studio: &Studio, request: IntegrationRequest) -> Outcome<Preflight> {
    let flow = match studio.flow(&request.bot, &request.alias)? {
        EntryFlow::AuthCode => ConnectFlow::AuthCode,
        EntryFlow::ClientCredentials => ConnectFlow::ClientCredentials,
        EntryFlow::OAuth1 => ConnectFlow::OAuth1,
        EntryFlow::ServiceAccount => ConnectFlow::ServiceAccount,
    };
    Ok(views::preflight(&studio.preflight(&request.bot, &request.alias)?, flow))
}

/// Starts a sign-in.
pub fn connect_start(studio: &Studio, request: StartConnect) -> Outcome<AttemptView> {
    let way = request.way.map(Into::into);
    Ok(studio.start_connect(&request.bot, &request.alias, request.persona.as_deref(), way)?.into())
}

/// A sign-in of this run.
pub fn connect_get(studio: &Studio, request: AttemptRequest) -> Outcome<AttemptView> {
    Ok(studio.attempt(&request.attempt)?.into())
}

/// Opens the browser once more.
pub fn connect_open_again(studio: &Studio, request: AttemptRequest) -> Outcome<AttemptView> {
    Ok(studio.open_attempt_again(&request.attempt)?.into())
}

/// Ends a sign-in under way.
pub fn connect_cancel(studio: &Studio, request: AttemptRequest) -> Outcome<AttemptView> {
    Ok(studio.cancel_attempt(&request.attempt)?.into())
}

/// Takes the address that the browser stopped on.
pub fn connect_paste(studio: &Studio, request: PasteCallback) -> Outcome<AttemptView> {
    Ok(studio.paste_callback(&request.attempt, &request.address)?.into())
}

/// Makes one call that only an accepted token can make.
pub fn connection_test(studio: &Studio, request: IntegrationRequest) -> Outcome<TestView> {
    Ok(studio.test_connection(&request.bot, &request.alias)?.into())
}

/// Ends a connection, at the provider where that is offered, and here.
pub fn connection_remove(studio: &Studio, request: IntegrationRequest) -> Outcome<Advice> {
    Ok(views::disconnected(&studio.disconnect(&request.bot, &request.alias)?))
}

/// Accepts that a manifest's addresses changed.
pub fn connection_confirm_origins(studio: &Studio, request: IntegrationRequest) -> Outcome<Nothing> {
    studio.confirm_origins(&request.bot, &request.alias)?;
    Ok(Nothing {})
}

/// Takes back that a token may go to a host.
pub fn approval_remove(studio: &Studio, request: ApprovalRequest) -> Outcome<Nothing> {
    studio.withdraw_approval(&request.bot, &request.alias, &request.host)?;
    Ok(Nothing {})
}

/// Chooses between the provider and practice.
pub fn practice_choose(studio: &Studio, request: ChoosePractice) -> Outcome<Nothing> {
    studio.choose_practice(&request.bot, &request.alias, request.practice)?;
    Ok(Nothing {})
}

/// Stores a service account's key file.
pub fn key_file_set(studio: &Studio, request: SetKeyFile) -> Outcome<KeyFileSet> {
    let source = match request.source {
        KeyFileSource::Pick {} => KeyFile::Pick,
        KeyFileSource::Text { text } => KeyFile::Text(Secret::new(text)),
        KeyFileSource::Dropped { file } => KeyFile::Dropped(file),
        KeyFileSource::Practice {} => KeyFile::Practice,
    };
    let account = studio.set_key_file(&request.bot, &request.alias, source)?;
    Ok(KeyFileSet { account: account.map(|account| account.client_email) })
}

/// Keeps the client secret of one entry in the vault.
pub fn client_secret_set(studio: &Studio, request: SetClientSecret) -> Outcome<Nothing> {
    let value = request.value.map(Secret::new);
    studio.set_client_secret(&request.bot, &request.alias, value.as_ref())?;
    Ok(Nothing {})
}

/// Asks the provider whether it knows the client.
pub fn credentials_check(studio: &Studio, request: IntegrationRequest) -> Outcome<CheckView> {
    Ok(studio.check_credentials(&request.bot, &request.alias)?.into())
}

/// What this machine knows of each provider's client.
pub fn credentials_list(studio: &Studio, _: Nothing) -> Outcome<Vec<CredentialsView>> {
    Ok(studio.credentials()?.iter().map(views::credentials).collect())
}

/// Stores a provider's client.
pub fn credentials_set(studio: &Studio, request: SetCredentials) -> Outcome<Nothing> {
    let secret = request.client_secret.map(Secret::new);
    let settings: Vec<_> = request.settings.into_iter().map(|own| (own.name, own.value)).collect();
    studio.set_credentials(&request.provider, &request.client_id, secret.as_ref(), &settings)?;
    Ok(Nothing {})
}

/// Forgets a provider's client.
pub fn credentials_remove(studio: &Studio, request: ProviderRequest) -> Outcome<Nothing> {
    studio.remove_credentials(&request.provider)?;
    Ok(Nothing {})
}

/// The practice server as it is.
pub fn practice_get(studio: &Studio, _: Nothing) -> Outcome<PracticeView> {
    Ok(studio.practice()?.into())
}

/// Switches a fault of practice on or off.
pub fn practice_fault(studio: &Studio, request: SetFault) -> Outcome<PracticeView> {
    Ok(studio.set_fault(&request.name, request.on)?.into())
}

/// The personas of a bot.
pub fn personas_list(studio: &Studio, request: BotRequest) -> Outcome<Vec<PersonaView>> {
    Ok(studio.personas(&request.bot)?.into_iter().map(PersonaView::from).collect())
}

/// Changes or adds a persona.
pub fn persona_save(studio: &Studio, request: SavePersona) -> Outcome<PersonaView> {
    let fields = PersonaFields { first_name: request.first_name, last_name: request.last_name, email: request.email };
    Ok(studio.save_persona(&request.bot, request.persona.as_deref(), &fields)?.into())
}

/// Forgets a persona.
pub fn persona_remove(studio: &Studio, request: PersonaRequest) -> Outcome<Nothing> {
    studio.remove_persona(&request.bot, &request.persona)?;
    Ok(Nothing {})
}

/// Makes a persona the one who talks to the bot.
pub fn persona_use(studio: &Studio, request: PersonaRequest) -> Outcome<Nothing> {
    studio.use_persona(&request.bot, &request.persona)?;
    Ok(Nothing {})
}
