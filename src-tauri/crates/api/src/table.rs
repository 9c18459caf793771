//! The command table: one line each, from which `dispatch` and the TypeScript `Commands` type are made.

/// Calls `$with! { name: Request => Response, … }` with every command there is.
macro_rules! commands {
    ($with:ident) => {
        $with! {
            app_info: Nothing => AppInfo,
            settings_get: Nothing => Settings,
            settings_set: Settings => Settings,

            bots_recent: Nothing => Vec<RecentBot>,
            bots_forget: FolderRequest => Nothing,
            bots_examples: Nothing => Vec<Example>,
            folder_pick: PickFolder => Picked,
            bot_create: CreateBot => BotView,
            bot_open: OpenBot => BotView,
            bot_get: BotRequest => BotView,
            bot_close: BotRequest => Nothing,
            bot_identity: SettleIdentity => BotView,

            document_open: OpenDocument => DocumentView,
            document_change: ChangeDocument => DocumentChanged,
            document_save: SaveDocument => DocumentChanged,
            document_reload: DocumentRequest => DocumentView,
            document_close: DocumentRequest => Nothing,

            secrets_list: BotRequest => Vec<SecretRow>,
            secret_set: SecretSet => SecretRow,
            secret_reveal: SecretRequest => Revealed,
            secret_copy: SecretRequest => Copied,
            secret_remove: SecretRequest => Removed,
            secret_restore: Undo => Nothing,
            env_preview: PreviewEnv => EnvPreview,
            env_apply: ApplyEnv => Applied,

            vault_get: Nothing => VaultView,
            vault_create: CreateVault => VaultCreated,
            vault_unlock: UnlockVault => VaultView,
            vault_lock: Nothing => VaultView,

            chat_start: StartChat => ChatView,
            chat_get: ChatRequest => ChatView,
            chat_send: SendText => ChatView,
            chat_restart: ChatRequest => ChatView,
            chat_reveal: RevealPart => Revealed,
            chat_close: ChatRequest => Nothing,
            chat_press: PressButton => ChatView,
            chat_open_link: OpenLink => Nothing,
            chat_event: SendEvent => ChatView,
            chat_answer_pause: AnswerPause => ChatView,
            chat_jump: JumpClock => ChatView,

            connect_preflight: IntegrationRequest => Preflight,
            connect_start: StartConnect => AttemptView,
            connect_get: AttemptRequest => AttemptView,
            connect_open_again: AttemptRequest => AttemptView,
            connect_cancel: AttemptRequest => AttemptView,
            connect_paste: PasteCallback => AttemptView,
            connection_test: IntegrationRequest => TestView,
            connection_remove: IntegrationRequest => Advice,
            connection_confirm_origins: IntegrationRequest => Nothing,
            approval_remove: ApprovalRequest => Nothing,
            practice_choose: ChoosePractice => Nothing,
            key_file_set: SetKeyFile => KeyFileSet,
            client_secret_set: SetClientSecret => Nothing,
            credentials_check: IntegrationRequest => CheckView,

            credentials_list: Nothing => Vec<CredentialsView>,
            credentials_set: SetCredentials => Nothing,
            credentials_remove: ProviderRequest => Nothing,
            practice_get: Nothing => PracticeView,
            practice_fault: SetFault => PracticeView,

            personas_list: BotRequest => Vec<PersonaView>,
            persona_save: SavePersona => PersonaView,
            persona_remove: PersonaRequest => Nothing,
            persona_use: PersonaRequest => Nothing,
        }
    };
}
pub(crate) use commands;
