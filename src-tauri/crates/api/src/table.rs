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
        }
    };
}
pub(crate) use commands;
