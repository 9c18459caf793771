//! Signing in at providers, and the tokens that come of it.
//!
//! The main type is [`Connect`]: it starts attempts ([`AttemptView`]), takes what comes back from the browser, and gives out
//! tokens that are refreshed when they must be. An [`Entry`] says what is to be connected; the studio resolves it from the
//! manifest, the vault and the preferences. What a connection may talk to is sealed with its tokens ([`Origins`]).
//!
//! Invariants. A refresh writes what it got before anybody uses it. Only `invalid_grant` ends a connection. A token is asked for
//! once however many callers and processes want it. A wrong state never ends an attempt, and the right one works once.
//!
//! Deliberately absent: reading manifests, deciding whether an entry is practised, opening windows, HTTP of its own (all of it
//! goes through [`wire`]), and static credentials beyond the text that they are.

mod attempt;
mod callback;
mod check;
mod client_auth;
mod complete;
mod entry;
mod error;
mod explain;
mod facts;
mod grant;
mod http;
mod landing;
mod listener;
mod mint;
mod normalise;
mod oauth1;
mod peek;
mod plan;
mod preflight;
mod profile;
mod refresh;
mod request_token;
mod revoke;
mod service_account;
mod start;
mod state;
mod token_request;
mod tokens;
mod trouble;
mod userinfo;
mod words;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use store::{BotId, Clock, Store, StoreError};
use url::Url;
use wire::Wire;
use zeroize::Zeroizing;

pub use attempt::{AttemptView, Stage, Way};
pub use check::{Checked, Tested, Verdict};
pub use entry::{Client, Entry, Flow, OAuth2, RedirectTo, SecretFrom};
pub use error::ConnectError;
pub use facts::Last;
pub use grant::Origins;
pub use peek::TokenField;
pub use preflight::{Preflight, ScopeLine, WayChoice};
pub use profile::Info;
pub use revoke::{Deleted, Revoked};
pub use service_account::{KeyFileProblem, ServiceAccountView};
pub use state::{ConnectionState, Details, OriginChange, Status};
pub use tokens::{Credentials, FullToken, Outcome};
pub use trouble::Trouble;

use attempt::Attempt;

/// How long a sign-in may take: 5 minutes.
pub const LIFETIME: Duration = Duration::from_secs(300);

/// Fills bytes with random ones.
pub type Random = Arc<dyn Fn(&mut [u8]) + Send + Sync>;
/// Opens an address in the person's browser.
pub type Opener = Arc<dyn Fn(&Url) -> Result<(), String> + Send + Sync>;

/// What signing in needs of the world.
#[derive(Clone)]
pub struct Setup {
    /// Where connections are kept.
    pub store: Store,
    /// Where requests go out.
    pub wire: Wire,
    /// The clock.
    pub clock: Clock,
    /// Fills bytes from the system's random source.
    pub random: Random,
    /// Opens an address in the person's browser; called on a thread that may block. The text of an error is for the log.
    pub opener: Opener,
    /// Told of every change; must be quick.
    pub changed: Arc<dyn Fn(Change) + Send + Sync>,
    /// The ports for providers that compare them, in the order of trying. Usually [`providers::FIXED_PORTS`].
    pub ports: Vec<u16>,
    /// How long an attempt may take. Usually [`LIFETIME`].
    pub lifetime: Duration,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A sign-in went on.
    Attempt(Box<AttemptView>),
    /// A connection is there, gone, or has another state.
    Connection {
        /// Whose.
        bot: BotId,
        /// The alias.
        alias: String,
        /// The persona; `None` is the bot's own.
        persona: Option<String>,
    },
    /// A sign-in brought a token: what scripts know as the event `token:ALIAS`.
    Token {
        /// Whose.
        bot: BotId,
        /// The alias.
        alias: String,
        /// The persona; `None` is the bot's own.
        persona: Option<String>,
        /// The token id.
        id: String,
    },
}

/// Signs in, and keeps what comes of it. A clone is the same one.
#[derive(Clone)]
pub struct Connect(Arc<Core>);

pub(crate) struct Core {
    pub(crate) setup: Setup,
    attempts: Mutex<Vec<Arc<Attempt>>>,
    /// One lock per connection: who holds it asks the provider.
    flights: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

impl Connect {
    /// Nothing is asked or opened yet.
    pub fn new(setup: Setup) -> Self {
        Self(Arc::new(Core { setup, attempts: Mutex::default(), flights: Mutex::default() }))
    }
}

impl fmt::Debug for Connect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connect(…)")
    }
}

impl Core {
    pub(crate) fn now(&self) -> Timestamp {
        (self.setup.clock)()
    }

    /// 256 random bits as text.
    pub(crate) fn random(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        (self.setup.random)(&mut *bytes);
        Zeroizing::new(BASE64URL_NOPAD.encode(&*bytes))
    }

    /// Runs a call of the store on a thread that may block.
    pub(crate) async fn store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.setup.store.clone();
        match tokio::task::spawn_blocking(move || work(&store)).await {
            Ok(done) => done,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            // The runtime ends; nobody will read this.
            Err(_) => Err(StoreError::Busy),
        }
    }

    pub(crate) fn changed(&self, change: Change) {
        (self.setup.changed)(change);
    }

    pub(crate) fn connection_changed(&self, bot: BotId, alias: &str, persona: Option<&str>) {
        self.changed(Change::Connection { bot, alias: alias.to_owned(), persona: persona.map(str::to_owned) });
    }

    pub(crate) fn attempts(&self) -> MutexGuard<'_, Vec<Arc<Attempt>>> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lock of one connection or key. Locks that nobody holds are dropped, so that the list stays short.
    pub(crate) fn flight(&self, of: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        flights.retain(|name, lock| name == of || Arc::strong_count(lock) > 1);
        Arc::clone(flights.entry(of.to_owned()).or_default())
    }
}
