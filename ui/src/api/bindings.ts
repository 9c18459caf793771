// Made by `cargo xtask bindings` from the command table in src-tauri/crates/api. Change it there.

export type BotId = string;
export type FolderId = string;
export type DocumentId = string;
export type ChatId = string;
export type AttemptId = string;
export type PersonaId = string;

/**
 * A request without parameters.
 */
export type Nothing = Record<symbol, never>;

/**
 * What the interface shows about the program.
 */
export type AppInfo = { version: string, 
/**
 * Where the vault and the lists are kept, for display.
 */
dataFolder: string, vault: VaultView, settings: Settings, 
/**
 * A folder given as argument, or the bot that was open last: to be opened at start. `None`: show Welcome.
 */
startWith: string | null, 
/**
 * A link that reached the program and answered no sign-in: told once.
 */
notice: string | null, };

/**
 * Settings apply at once and are kept on this machine.
 */
export type Settings = { theme: Theme, 
/**
 * Size of the interface in percent, 80 to 200.
 */
scale: number, 
/**
 * Seconds until a revealed secret hides, 5 to 300.
 */
revealSeconds: number, 
/**
 * Seconds until a copied secret leaves the clipboard, 5 to 300.
 */
clipboardSeconds: number, };

export type Theme = "system" | "light" | "dark";

/**
 * Why a command did not do what it was asked. The interface acts on `code`, shows `message`, offers `hint`.
 */
export type Failure = { code: FailureCode, 
/**
 * One plain sentence that says what happened.
 */
message: string, 
/**
 * The next step, one sentence. Empty when `message` says it already.
 */
hint: string, };

/**
 * Closed: a code exists only if the interface acts on it.
 */
export type FailureCode = "invalid" | "notFound" | "vaultAbsent" | "vaultLocked" | "identityOpen" | "conflict" | "unavailable" | "internal";

/**
 * The one event channel. Each says what to ask for again; a document's event carries the change itself.
 */
export type Event = { "type": "recentChanged", } | { "type": "settingsChanged", } | { "type": "vaultChanged", } | { "type": "botChanged", bot: string, } | { "type": "secretsChanged", bot: string, } | { "type": "chatChanged", chat: string, } | { "type": "connectChanged", attempt: string, } | { "type": "noticed", } | { "type": "keyFileOffered", file: string, } | { "type": "credentialsChanged", } | { "type": "personasChanged", bot: string, } | { "type": "documentChanged", document: string, change: DocumentChanged, } | { "type": "folderOffered", folder: string, path: string, known: boolean, };

export type RecentBot = { folder: string, title: string, 
/**
 * For display, the home folder written as `~`.
 */
path: string, exists: boolean, lastOpened: string, 
/**
 * The jacks of the bot-level entries as they were when the bot was last open.
 */
jacks: Array<JackState>, };

export type Example = { id: string, title: string, description: string, 
/**
 * Provider ids, for the glyphs.
 */
providers: Array<string>, };

export type FolderRequest = { folder: string, };

export type PickFolder = { purpose: PickPurpose, };

export type PickPurpose = "openBot" | "newBot" | "locateBot";

/**
 * `None`: the person cancelled the dialog.
 */
export type Picked = { folder: PickedFolder | null, };

export type PickedFolder = { folder: string, path: string, empty: boolean, };

export type CreateBot = { 
/**
 * The folder in which the bot's own folder is made.
 */
inside: string, 
/**
 * The bot's title; its folder's name is derived from it.
 */
title: string, 
/**
 * Start from this example. `None`: an empty manifest and a greeting.
 */
example: string | null, };

export type OpenBot = { folder: string, };

export type BotRequest = { bot: string, };

export type SettleIdentity = { bot: string, choice: IdentityChoice, };

/**
 * What a folder with a known id at a new path is.
 */
export type IdentityChoice = "moved" | "copy" | "share";

/**
 * A bot as the interface shows it.
 */
export type BotView = { bot: string, title: string, 
/**
 * For display, the home folder written as `~`.
 */
path: string, 
/**
 * Nothing in the folder can be written.
 */
readOnly: boolean, 
/**
 * The folder is not there any more; what was read before is still shown.
 */
missing: boolean, 
/**
 * An open question: until it is settled every secret reads as missing.
 */
identity: IdentityQuestion | null, files: Array<FileView>, integrations: Array<IntegrationView>, problems: Array<Problem>, secretsTotal: number, secretsMissing: number, };

export type IdentityQuestion = { 
/**
 * Empty when no folder is bound to the id any more.
 */
oldPath: string, 
/**
 * The old folder is gone, so "moved" may be chosen.
 */
mayBeMoved: boolean, 
/**
 * Whose values "share" would let this folder read.
 */
aliases: Array<string>, };

export type FileView = { 
/**
 * Relative to the bot's folder, with `/`.
 */
file: string, kind: FileKind, 
/**
 * `None`: the bot itself.
 */
skill: string | null, problems: number, };

export type FileKind = "manifest" | "script" | "dataDefinition" | "data";

/**
 * One entry of a manifest.
 */
export type IntegrationView = { 
/**
 * The provider's name unless given.
 */
alias: string, provider: string, 
/**
 * `title`, else the provider's own name.
 */
title: string, 
/**
 * The provider's own name; empty for an unknown one.
 */
providerTitle: string, context: Context | null, description: string, scope: string, 
/**
 * The entry's own `icon`, as written.
 */
icon: string, oauth2: OAuth2View | null, kind: IntegrationKind, file: string, skill: string | null, line: number, 
/**
 * The last line of the entry.
 */
endLine: number, 
/**
 * The entry's own lines, as in the file (a client secret masked).
 */
source: string, tokens: Array<Token>, state: JackState, 
/**
 * Why the state is what it is; empty when the state's own label says it all.
 */
note: string, 
/**
 * Practice plays the provider.
 */
practice: boolean, 
/**
 * What is connected: the bot's own, or that of the persona in use.
 */
connection: ConnectionView | null, 
/**
 * The sign-in under way, or the last one since the bot was opened.
 */
attempt: string | null, usedBy: Array<Place>, };

export type OAuth2View = { flow: string, clientId: string, 
/**
 * Whether the manifest holds one; its text never crosses.
 */
hasClientSecret: boolean, authorizeUrl: string, tokenUrl: string, };

export type Context = "bot" | "user";

/**
 * Decides which action an entry offers.
 */
export type IntegrationKind = "oauth" | "serviceAccount" | "static" | "calendar" | "secret" | "unknown";

/**
 * The seven states of a jack.
 */
export type JackState = "connected" | "connecting" | "notConnected" | "needsAttention" | "failed" | "askedInChat" | "askedConnected";

export type Problem = { file: string, line: number, column: number, endLine: number, endColumn: number, range: Range, severity: Severity, 
/**
 * Stable, in kebab-case: `unknown-key`.
 */
code: string, message: string, 
/**
 * The next step; may be empty.
 */
hint: string, };

export type Severity = "error" | "warning" | "hint";

/**
 * UTF-16 offsets into the file's text, `from` inclusive, `to` exclusive.
 */
export type Range = { from: number, to: number, };

export type Place = { file: string, line: number, column: number, };

/**
 * A coloured stretch of text.
 */
export type Token = { from: number, to: number, kind: TokenKind, };

export type TokenKind = "comment" | "keyword" | "function" | "string" | "escape" | "number" | "constant" | "key" | "punctuation" | "variable" | "invalid";

export type StartChat = { bot: string, 
/**
 * Who talks; `None`: the persona used last.
 */
persona: string | null, 
/**
 * A pasted script to run in place of the bot's own scripts.
 */
script: string | null, };

export type ChatRequest = { chat: string, };

export type SendText = { chat: string, text: string, };

/**
 * Presses a button of an item.
 */
export type PressButton = { chat: string, item: number, button: number, };

/**
 * Opens a link that the bot showed, in the system browser.
 */
export type OpenLink = { chat: string, url: string, };

/**
 * Sends an event to the bot. `payload` is JSON, or empty for none.
 */
export type SendEvent = { chat: string, name: string, payload: string, };

/**
 * The person's answer to a pause.
 */
export type AnswerPause = { chat: string, allow: boolean, };

/**
 * Moves the conversation's clock ahead.
 */
export type JumpClock = { chat: string, seconds: number, };

export type ChatView = { chat: string, persona: string, 
/**
 * A pasted script runs in place of the bot's own.
 */
pasted: boolean, events: Array<EventLine>, 
/**
 * Every request of this conversation, masked.
 */
exchanges: Array<ExchangeView>, 
/**
 * Why it waits for the person at the studio.
 */
pause: PauseView | null, 
/**
 * How far its clock is ahead.
 */
aheadSeconds: number, items: Array<ChatItem>, log: Array<LogLine>, variables: Array<VariableView>, stack: Array<Frame>, status: ChatStatus, 
/**
 * Where the script waits, stopped or ended.
 */
at: Place | null, 
/**
 * The scripts on disk are newer than the running ones: restart to apply.
 */
stale: boolean, };

export type ChatStatus = "waiting" | "idle" | "stopped" | "working" | "paused";

export type ChatItem = { id: number, at: string, from: Speaker, text: Array<Part>, buttons: Array<ButtonView>, quickReplies: Array<string>, place: Place | null, };

export type ButtonView = { label: Array<Part>, kind: ButtonKind, 
/**
 * The alias that a sign-in button signs in to.
 */
alias: string | null, pressed: boolean, };

export type ButtonKind = "link" | "signIn" | "event";

export type EventLine = { id: number, at: string, name: string, payload: Array<Part>, 
/**
 * Where it came from: "sign-in", "button", "you".
 */
source: string, 
/**
 * The dialog that handled it; `None`: none did.
 */
handledBy: Place | null, };

/**
 * A token is about to go to a host that nobody approved, or a request to a private address.
 */
export type PauseView = { alias: string | null, host: string, message: string, place: Place | null, };

/**
 * One HTTP exchange, secrets shown as `‹secret:alias›`.
 */
export type ExchangeView = { id: number, at: string, 
/**
 * What caused it: `http_post`, "refresh of google".
 */
what: string, place: Place | null, method: string, url: string, host: string, 
/**
 * `None`: no answer came.
 */
status: number | null, milliseconds: number, practice: boolean, aliases: Array<string>, requestHeaders: Array<HeaderView>, requestBody: string, responseHeaders: Array<HeaderView>, responseBody: string, 
/**
 * Why there is no answer; empty when there is one.
 */
error: string, 
/**
 * A body was cut for display.
 */
truncated: boolean, };

export type HeaderView = { name: string, value: string, };

export type Speaker = "bot" | "user" | "note" | "error";

/**
 * A stretch of text. A secret's value is not in it.
 */
export type Part = { "type": "text", text: string, } | { "type": "link", url: string, } | { "type": "secret", alias: string, part: number, };

export type LogLine = { id: number, at: string, text: Array<Part>, 
/**
 * The alias to connect, when that is what the line is about.
 */
alias: string | null, place: Place | null, hint: boolean, };

export type VariableView = { name: string, scope: VariableScope, value: Array<Part>, };

export type VariableScope = "global" | "local" | "builtIn";

export type Frame = { dialog: string, place: Place, };

/**
 * Asks for the text behind one secret part of the chat.
 */
export type RevealPart = { chat: string, part: number, };

export type IntegrationRequest = { bot: string, alias: string, };

/**
 * What connecting an entry needs and what will happen; nobody is contacted for it.
 */
export type Preflight = { 
/**
 * Practice plays the provider.
 */
practice: boolean, flow: ConnectFlow, clientId: string, secretFrom: SecretFrom, needsSecret: boolean, 
/**
 * What to register at the provider, exactly; the first one is used now.
 */
callbacks: Array<Callback>, way: CallbackWay, ways: Array<CallbackWay>, 
/**
 * Host and path, for display.
 */
authorizeAt: string, tokenAt: string, scopes: Array<ScopeView>, registerUrl: string, registerHelp: string, 
/**
 * Hosts that the token may go to without asking.
 */
hosts: Array<string>, 
/**
 * What keeps it from working; empty when it can start.
 */
problems: Array<Advice>, 
/**
 * What is worth knowing: retired scopes, a provider that takes https callbacks only.
 */
hints: Array<Advice>, };

export type ConnectFlow = "authCode" | "clientCredentials" | "oAuth1" | "serviceAccount";

export type SecretFrom = "none" | "manifest" | "vault" | "preferences";

/**
 * How the answer of the browser comes back.
 */
export type CallbackWay = "deepLink" | "loopback" | "paste";

export type Callback = { label: string, url: string, };

export type ScopeView = { scope: string, words: string, };

/**
 * A sentence, and the next step; the second may be empty.
 */
export type Advice = { message: string, hint: string, };

export type StartConnect = { bot: string, alias: string, 
/**
 * Whose sign-in; `None` for the bot's own.
 */
persona: string | null, 
/**
 * `None`: the provider's own way.
 */
way: CallbackWay | null, };

export type AttemptRequest = { attempt: string, };

/**
 * Entry: the address that the browser stopped on travels inwards only.
 */
export type PasteCallback = { attempt: string, address: string, };

export type AttemptView = { attempt: string, bot: string, alias: string, persona: string | null, title: string, practice: boolean, state: AttemptState, 
/**
 * The system browser took the link.
 */
opened: boolean, 
/**
 * Host and path, for display.
 */
authorizeAt: string, tokenAt: string, 
/**
 * The whole link, to open or copy.
 */
link: string, scopes: Array<string>, way: CallbackWay, callbacks: Array<Callback>, 
/**
 * Technical details, in order.
 */
details: Array<Detail>, startedAt: string, endsAt: string, endedAt: string | null, 
/**
 * How it ended, as one sentence; empty while it goes on.
 */
message: string, hint: string, };

export type Detail = { name: string, value: string, note: string, };

export type AttemptState = "waiting" | "exchanging" | "connected" | "failed" | "cancelled" | "timedOut";

/**
 * What is connected under an alias.
 */
export type ConnectionView = { 
/**
 * The token id that scripts hold.
 */
tokenId: string, practice: boolean, 
/**
 * Who signed in, as people know them; empty when the provider does not say.
 */
account: string, scopesAsked: Array<string>, 
/**
 * `None`: the provider does not say.
 */
scopesGranted: Array<string> | null, expiresAt: string | null, 
/**
 * It renews itself when it expires.
 */
renews: boolean, connectedAt: string, lastUsedAt: string | null, 
/**
 * The last real result, not the existence of a row.
 */
lastResult: ResultView | null, 
/**
 * Where the token may go.
 */
hosts: Array<HostView>, 
/**
 * Set when the manifest's addresses changed since: confirm before anything is sent.
 */
changedOrigins: Array<ChangedOrigin>, };

export type ResultView = { ok: boolean, message: string, at: string, };

export type HostView = { host: string, 
/**
 * Approved by the person, so it can be withdrawn.
 */
approved: boolean, };

export type ChangedOrigin = { what: string, old: string, new: string, };

export type TestView = { ok: boolean, message: string, hint: string, at: string, milliseconds: number, };

export type ChoosePractice = { bot: string, alias: string, practice: boolean, };

export type SetKeyFile = { bot: string, alias: string, source: KeyFileSource, };

/**
 * Entry: a key file travels inwards only.
 */
export type KeyFileSource = { "type": "pick", } | { "type": "text", text: string, } | { "type": "dropped", file: string, } | { "type": "practice", };

/**
 * `None`: the person cancelled the dialog.
 */
export type KeyFileSet = { account: string | null, };

/**
 * Entry: the client secret of one manifest entry, kept in the vault. `None` removes it.
 */
export type SetClientSecret = { bot: string, alias: string, value: string | null, };

/**
 * Client id and secret that the builder registered at a provider, for this machine.
 */
export type CredentialsView = { provider: string, title: string, clientId: string, hasSecret: boolean, settings: Array<SettingView>, registerUrl: string, registerHelp: string, callbacks: Array<Callback>, };

export type SettingView = { name: string, label: string, help: string, value: string, required: boolean, };

export type SettingValue = { name: string, value: string, };

/**
 * Entry: the secret travels inwards only; `None` keeps the stored one.
 */
export type SetCredentials = { provider: string, clientId: string, clientSecret: string | null, settings: Array<SettingValue>, };

export type ProviderRequest = { provider: string, };

export type CheckView = { verdict: Verdict, message: string, hint: string, };

export type Verdict = "right" | "wrong" | "unknown";

export type ApprovalRequest = { bot: string, alias: string, host: string, };

export type PersonaView = { persona: string, name: string, firstName: string, lastName: string, email: string, 
/**
 * Aliases that this persona is signed in to.
 */
connected: Array<string>, 
/**
 * Something is remembered of this persona.
 */
remembered: boolean, };

export type SavePersona = { bot: string, 
/**
 * `None`: a new one.
 */
persona: string | null, firstName: string, lastName: string, email: string, };

export type PersonaRequest = { bot: string, persona: string, };

export type PracticeView = { running: boolean, 
/**
 * Its address; empty while it does not run.
 */
base: string, people: Array<string>, faults: Array<FaultView>, };

export type FaultView = { name: string, label: string, on: boolean, };

export type SetFault = { name: string, on: boolean, };

export type OpenDocument = { bot: string, file: string, };

export type DocumentRequest = { document: string, };

export type DocumentView = { document: string, file: string, 
/**
 * Counts the changes; the next change must name it.
 */
version: number, text: string, readOnly: boolean, 
/**
 * The buffer differs from the file.
 */
dirty: boolean, problems: Array<Problem>, tokens: Array<Token>, };

/**
 * Changes to one version, in the text's own UTF-16 offsets before any of them, ascending, not overlapping.
 */
export type ChangeDocument = { document: string, version: number, edits: Array<TextEdit>, };

export type TextEdit = { from: number, to: number, insert: string, };

/**
 * The answer to a change, or the news that the file changed on disk.
 */
export type DocumentChanged = { version: number, dirty: boolean, 
/**
 * What changed in the text. Empty in the answer to the editor's own change.
 */
edits: Array<TextEdit>, 
/**
 * The file on disk is newer than the buffer and the buffer is dirty: reload or keep.
 */
conflict: boolean, problems: Array<Problem>, 
/**
 * The tokens of the stretch that was read again; they replace all tokens that overlap `tokens_from..tokens_to`.
 */
tokens: Array<Token>, tokensFrom: number, tokensTo: number, };

export type SaveDocument = { document: string, 
/**
 * Write although the file changed underneath.
 */
overwrite: boolean, };

export type SecretRow = { alias: string, description: string, file: string, line: number, skill: string | null, set: boolean, changedAt: string | null, lastUsedAt: string | null, usedBy: Array<Place>, };

export type SecretRequest = { bot: string, alias: string, };

/**
 * Entry: `value` travels inwards only.
 */
export type SecretSet = { bot: string, alias: string, value: string, };

/**
 * Reveal: asked for by the person, shown for `Settings::reveal_seconds`.
 */
export type Revealed = { value: string, };

/**
 * The value is on the clipboard; it never crossed the boundary.
 */
export type Copied = { clearsInSeconds: number, };

/**
 * `undo` gives the value back for ten seconds.
 */
export type Removed = { undo: string, };

export type Undo = { bot: string, undo: string, };

export type PreviewEnv = { bot: string, source: EnvSource, };

/**
 * Where a `.env` comes from.
 */
export type EnvSource = { "type": "pick", } | { "type": "text", text: string, };

/**
 * What applying would do. The values wait in the engine until applied or dropped.
 */
export type EnvPreview = { 
/**
 * `None`: the person cancelled the dialog.
 */
import: string | null, rows: Array<EnvRow>, problems: Array<EnvProblem>, };

export type EnvRow = { 
/**
 * The name as in the file.
 */
name: string, line: number, 
/**
 * The secret it would fill; `None`: no entry of this name.
 */
alias: string | null, effect: EnvEffect, };

export type EnvEffect = "add" | "replace" | "same" | "noEntry";

export type EnvProblem = { line: number, message: string, };

export type ApplyEnv = { bot: string, import: string, aliases: Array<string>, };

export type Applied = { count: number, };

export type VaultView = { state: VaultState, protection: Protection | null, 
/**
 * One sentence: what is the case.
 */
message: string, 
/**
 * The next step; empty when there is none to take.
 */
hint: string, 
/**
 * Which ways to open it make sense now.
 */
ways: Array<Way>, };

export type VaultState = "absent" | "unlocked" | "locked" | "unusable";

export type Protection = "keychain" | "passphrase" | "session";

export type Way = "keychain" | "passphrase" | "recoveryKey" | "createKeychain" | "createPassphrase" | "createSession";

/**
 * Entry: the passphrase travels inwards only.
 */
export type CreateVault = { "type": "keychain", } | { "type": "passphrase", passphrase: string, } | { "type": "session", };

/**
 * Shown once: whoever holds it can open the vault without keychain or passphrase.
 */
export type VaultCreated = { recoveryKey: string | null, vault: VaultView, };

/**
 * Entry: passphrase and recovery key travel inwards only.
 */
export type UnlockVault = { "type": "keychain", } | { "type": "passphrase", passphrase: string, } | { "type": "recoveryKey", recoveryKey: string, };

/** Every command of the engine. */
export type Commands = {
  app_info: { request: Nothing; response: AppInfo };
  settings_get: { request: Nothing; response: Settings };
  settings_set: { request: Settings; response: Settings };
  bots_recent: { request: Nothing; response: Array<RecentBot> };
  bots_forget: { request: FolderRequest; response: Nothing };
  bots_examples: { request: Nothing; response: Array<Example> };
  folder_pick: { request: PickFolder; response: Picked };
  bot_create: { request: CreateBot; response: BotView };
  bot_open: { request: OpenBot; response: BotView };
  bot_get: { request: BotRequest; response: BotView };
  bot_close: { request: BotRequest; response: Nothing };
  bot_identity: { request: SettleIdentity; response: BotView };
  document_open: { request: OpenDocument; response: DocumentView };
  document_change: { request: ChangeDocument; response: DocumentChanged };
  document_save: { request: SaveDocument; response: DocumentChanged };
  document_reload: { request: DocumentRequest; response: DocumentView };
  document_close: { request: DocumentRequest; response: Nothing };
  secrets_list: { request: BotRequest; response: Array<SecretRow> };
  secret_set: { request: SecretSet; response: SecretRow };
  secret_reveal: { request: SecretRequest; response: Revealed };
  secret_copy: { request: SecretRequest; response: Copied };
  secret_remove: { request: SecretRequest; response: Removed };
  secret_restore: { request: Undo; response: Nothing };
  env_preview: { request: PreviewEnv; response: EnvPreview };
  env_apply: { request: ApplyEnv; response: Applied };
  vault_get: { request: Nothing; response: VaultView };
  vault_create: { request: CreateVault; response: VaultCreated };
  vault_unlock: { request: UnlockVault; response: VaultView };
  vault_lock: { request: Nothing; response: VaultView };
  chat_start: { request: StartChat; response: ChatView };
  chat_get: { request: ChatRequest; response: ChatView };
  chat_send: { request: SendText; response: ChatView };
  chat_restart: { request: ChatRequest; response: ChatView };
  chat_reveal: { request: RevealPart; response: Revealed };
  chat_close: { request: ChatRequest; response: Nothing };
  chat_press: { request: PressButton; response: ChatView };
  chat_open_link: { request: OpenLink; response: Nothing };
  chat_event: { request: SendEvent; response: ChatView };
  chat_answer_pause: { request: AnswerPause; response: ChatView };
  chat_jump: { request: JumpClock; response: ChatView };
  connect_preflight: { request: IntegrationRequest; response: Preflight };
  connect_start: { request: StartConnect; response: AttemptView };
  connect_get: { request: AttemptRequest; response: AttemptView };
  connect_open_again: { request: AttemptRequest; response: AttemptView };
  connect_cancel: { request: AttemptRequest; response: AttemptView };
  connect_paste: { request: PasteCallback; response: AttemptView };
  connection_test: { request: IntegrationRequest; response: TestView };
  connection_remove: { request: IntegrationRequest; response: Advice };
  connection_confirm_origins: { request: IntegrationRequest; response: Nothing };
  approval_remove: { request: ApprovalRequest; response: Nothing };
  practice_choose: { request: ChoosePractice; response: Nothing };
  key_file_set: { request: SetKeyFile; response: KeyFileSet };
  client_secret_set: { request: SetClientSecret; response: Nothing };
  credentials_check: { request: IntegrationRequest; response: CheckView };
  credentials_list: { request: Nothing; response: Array<CredentialsView> };
  credentials_set: { request: SetCredentials; response: Nothing };
  credentials_remove: { request: ProviderRequest; response: Nothing };
  practice_get: { request: Nothing; response: PracticeView };
  practice_fault: { request: SetFault; response: PracticeView };
  personas_list: { request: BotRequest; response: Array<PersonaView> };
  persona_save: { request: SavePersona; response: PersonaView };
  persona_remove: { request: PersonaRequest; response: Nothing };
  persona_use: { request: PersonaRequest; response: Nothing };
};
