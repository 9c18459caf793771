//! Connecting: what it needs, sign-ins under way, what is connected, app credentials, practice, personas.

use super::BotId;
use super::boundary;

/// One sign-in under way or just ended.
pub type AttemptId = String;
/// A simulated person of one bot.
pub type PersonaId = String;

boundary! {
    pub struct IntegrationRequest { pub bot: BotId, pub alias: String }

    /// What connecting an entry needs and what will happen; nobody is contacted for it.
    pub struct Preflight {
        /// Practice plays the provider.
        pub practice: bool,
        pub flow: ConnectFlow,
        pub client_id: String,
        pub secret_from: SecretFrom,
        pub needs_secret: bool,
        /// What to register at the provider, exactly; the first one is used now.
        pub callbacks: Vec<Callback>,
        pub way: CallbackWay,
        pub ways: Vec<CallbackWay>,
        /// Host and path, for display.
        pub authorize_at: String,
        pub token_at: String,
        pub scopes: Vec<ScopeView>,
        pub register_url: String,
        pub register_help: String,
        /// Hosts that the token may go to without asking.
        pub hosts: Vec<String>,
        /// What keeps it from working; empty when it can start.
        pub problems: Vec<Advice>,
        /// What is worth knowing: retired scopes, a provider that takes https callbacks only.
        pub hints: Vec<Advice>,
    }

    pub enum ConnectFlow { AuthCode, ClientCredentials, OAuth1, ServiceAccount }

    pub enum SecretFrom { None, Manifest, Vault, Preferences }

    /// How the answer of the browser comes back.
    #[derive(Copy)]
    pub enum CallbackWay { DeepLink, Loopback, Paste }

    pub struct Callback { pub label: String, pub url: String }

    pub struct ScopeView { pub scope: String, pub words: String }

    /// A sentence, and the next step; the second may be empty.
    pub struct Advice { pub message: String, pub hint: String }

    pub struct StartConnect {
        pub bot: BotId,
        pub alias: String,
        /// Whose sign-in; `None` for the bot's own.
        pub persona: Option<PersonaId>,
        /// `None`: the provider's own way.
        pub way: Option<CallbackWay>,
    }

    pub struct AttemptRequest { pub attempt: AttemptId }

    /// Entry: the address that the browser stopped on travels inwards only.
    pub struct PasteCallback { pub attempt: AttemptId, pub address: String }

    pub struct AttemptView {
        pub attempt: AttemptId,
        pub bot: BotId,
        pub alias: String,
        pub persona: Option<PersonaId>,
        pub title: String,
        pub practice: bool,
        pub state: AttemptState,
        /// The system browser took the link.
        pub opened: bool,
        /// Host and path, for display.
        pub authorize_at: String,
        pub token_at: String,
        /// The whole link, to open or copy.
        pub link: String,
        pub scopes: Vec<String>,
        pub way: CallbackWay,
        pub callbacks: Vec<Callback>,
        /// Technical details, in order.
        pub details: Vec<Detail>,
        pub started_at: String,
        pub ends_at: String,
        pub ended_at: Option<String>,
        /// How it ended, as one sentence; empty while it goes on.
        pub message: String,
        pub hint: String,
    }

    pub struct Detail { pub name: String, pub value: String, pub note: String }

    #[derive(Copy)]
    pub enum AttemptState { Waiting, Exchanging, Connected, Failed, Cancelled, TimedOut }

    /// What is connected under an alias.
    pub struct ConnectionView {
        /// The token id that scripts hold.
        pub token_id: String,
        pub practice: bool,
        /// Who signed in, as people know them; empty when the provider does not say.
        pub account: String,
        pub scopes_asked: Vec<String>,
        /// `None`: the provider does not say.
        pub scopes_granted: Option<Vec<String>>,
        pub expires_at: Option<String>,
        /// It renews itself when it expires.
        pub renews: bool,
        pub connected_at: String,
        pub last_used_at: Option<String>,
        /// The last real result, not the existence of a row.
        pub last_result: Option<ResultView>,
        /// Where the token may go.
        pub hosts: Vec<HostView>,
        /// Set when the manifest's addresses changed since: confirm before anything is sent.
        pub changed_origins: Vec<ChangedOrigin>,
    }

    pub struct ResultView { pub ok: bool, pub message: String, pub at: String }

    pub struct HostView {
        pub host: String,
        /// Approved by the person, so it can be withdrawn.
        pub approved: bool,
    }

    pub struct ChangedOrigin { pub what: String, pub old: String, pub new: String }

    pub struct TestView { pub ok: bool, pub message: String, pub hint: String, pub at: String, pub milliseconds: u32 }

    pub struct ChoosePractice { pub bot: BotId, pub alias: String, pub practice: bool }

    pub struct SetKeyFile { pub bot: BotId, pub alias: String, pub source: KeyFileSource }

    /// Entry: a key file travels inwards only.
    #[serde(tag = "type")]
    pub enum KeyFileSource {
        #[serde(rename_all = "camelCase")]
        Pick {},
        #[serde(rename_all = "camelCase")]
        Text { text: String },
        /// The file that was dropped on the window, as its event named it.
        #[serde(rename_all = "camelCase")]
        Dropped { file: String },
        /// A key file made by practice, which it knows.
        #[serde(rename_all = "camelCase")]
        Practice {},
    }

    /// `None`: the person cancelled the dialog.
    pub struct KeyFileSet { pub account: Option<String> }

    /// Entry: the client secret of one manifest entry, kept in the vault. `None` removes it.
    pub struct SetClientSecret { pub bot: BotId, pub alias: String, pub value: Option<String> }

    /// Client id and secret that the builder registered at a provider, for this machine.
    pub struct CredentialsView {
        pub provider: String,
        pub title: String,
        pub client_id: String,
        pub has_secret: bool,
        pub settings: Vec<SettingView>,
        pub register_url: String,
        pub register_help: String,
        pub callbacks: Vec<Callback>,
    }

    pub struct SettingView { pub name: String, pub label: String, pub help: String, pub value: String, pub required: bool }

    pub struct SettingValue { pub name: String, pub value: String }

    /// Entry: the secret travels inwards only; `None` keeps the stored one.
    pub struct SetCredentials {
        pub provider: String,
        pub client_id: String,
        pub client_secret: Option<String>,
        pub settings: Vec<SettingValue>,
    }

    pub struct ProviderRequest { pub provider: String }

    pub struct CheckView { pub verdict: Verdict, pub message: String, pub hint: String }

    pub enum Verdict { Right, Wrong, Unknown }

    pub struct ApprovalRequest { pub bot: BotId, pub alias: String, pub host: String }

    pub struct PersonaView {
        pub persona: PersonaId,
        pub name: String,
        pub first_name: String,
        pub last_name: String,
        pub email: String,
        /// Aliases that this persona is signed in to.
        pub connected: Vec<String>,
        /// Something is remembered of this persona.
        pub remembered: bool,
    }

    pub struct SavePersona {
        pub bot: BotId,
        /// `None`: a new one.
        pub persona: Option<PersonaId>,
        pub first_name: String,
        pub last_name: String,
        pub email: String,
    }

    pub struct PersonaRequest { pub bot: BotId, pub persona: PersonaId }

    pub struct PracticeView {
        pub running: bool,
        /// Its address; empty while it does not run.
        pub base: String,
        pub people: Vec<String>,
        pub faults: Vec<FaultView>,
    }

    pub struct FaultView { pub name: String, pub label: String, pub on: bool }

    pub struct SetFault { pub name: String, pub on: bool }
}
