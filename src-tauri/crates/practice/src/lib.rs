//! Providers played on this machine: authorisation with a consent page and people, tokens, revocation, userinfo and the API
//! calls that scripts make, with faults on request.
//!
//! [`start`] serves everything on one loopback address; a provider's `https://HOST/PATH` is played at
//! `http://127.0.0.1:PORT/HOST/PATH`. [`Practice`] is the handle: it knows the [`Person`]s who can sign in, the registered
//! [`Client`]s and service accounts, and the [`Fault`]s that are on. All of these, and every code and token, are rows in the
//! store, so they outlive the process and two servers on one data folder agree.
//!
//! It judges by the standards alone: RFC 6749, 6750, 7009, 7523, 7636, 5849, 9207. Deliberately not here: the table of facts
//! that the connecting side works from. A mistake in that table must show as a refusal, not be repeated.
//!
//! Everything it hands out begins with `practice-` and opens nothing anywhere else.

mod api;
mod assertion;
mod authorize;
mod call;
mod client_auth;
mod consent;
mod control;
mod faults;
mod grants;
mod key_file;
mod metadata;
mod oauth1;
mod page;
mod params;
mod people;
mod refusal;
mod reply;
mod revoke;
mod rows;
mod scene;
mod server;
mod signature;
mod token;
mod vendors;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use store::{Clock, Secret, Store, StoreError};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use faults::{Fault, Lasting};
pub use people::Person;
pub use rows::Client;

use rows::Rows;
use scene::Stage;

/// The port that practice takes unless another is set.
pub const PORT: u16 = 47840;

/// The client id to use at practice when none is registered.
pub const CLIENT_ID: &str = "practice-client";

/// The client secret to use at practice, whatever the client's own one is: a real secret never goes there. An OAuth 1.0a
/// consumer that is not registered must sign with it.
pub const CLIENT_SECRET: &str = "practice-secret-that-opens-nothing-else";

/// What a practice server is started with.
pub struct Setup {
    /// Where people, clients, codes, tokens and faults are kept.
    pub store: Store,
    /// The time by which codes and tokens expire.
    pub clock: Clock,
    /// The loopback port; 0 lets the system choose one.
    pub port: u16,
}

/// A practice server that runs until it is stopped or dropped.
pub struct Practice {
    stage: Arc<Stage>,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<io::Result<()>>,
}

/// Binds the port and answers on the current tokio runtime. A client that is not registered is taken for whom it says it is, so
/// that a bot can be tried before anything is registered.
///
/// # Errors
/// The port is taken, or the store cannot be written.
pub async fn start(setup: Setup) -> io::Result<Practice> {
    serve(setup, false).await
}

/// As [`start`], but only registered clients are served, and posting to a feed needs its scope.
///
/// # Errors
/// The port is taken, or the store cannot be written.
pub async fn start_strict(setup: Setup) -> io::Result<Practice> {
    serve(setup, true).await
}

async fn serve(setup: Setup, strict: bool) -> io::Result<Practice> {
    let loopback = wire::Loopback::bind(setup.port).await?;
    let stage = Arc::new(Stage::new(setup.store, setup.clock, strict, loopback.address()));
    let preparing = Arc::clone(&stage);
    let prepare = move || {
        preparing.rows.purge(preparing.now())?;
        people::settle(&preparing.rows)
    };
    tokio::task::spawn_blocking(prepare).await.map_err(io::Error::other)?.map_err(io::Error::other)?;
    let (stop, stopped) = oneshot::channel::<()>();
    let routes = server::routes(Arc::clone(&stage));
    let until = async move {
        // A dropped handle ends the server just as a stopped one does.
        let _ = stopped.await;
    };
    let serving = tokio::spawn(wire::serve_until(loopback, server::guard(), routes, until));
    Ok(Practice { stage, stop: Some(stop), serving })
}

/// Everybody who can sign in, whether a server runs or not. Blocks on the store, as all calls below do.
///
/// # Errors
/// The store cannot be read or, the first time, written.
pub fn people(store: &Store) -> Result<Vec<Person>, StoreError> {
    let rows = Rows::new(store.clone());
    people::settle(&rows)?;
    people::list(&rows)
}

/// The faults that are on, whether a server runs or not.
///
/// # Errors
/// The store cannot be read.
pub fn faults(store: &Store) -> Result<Vec<Fault>, StoreError> {
    Ok(faults::list(&Rows::new(store.clone()))?.into_iter().map(|(fault, _)| fault).collect())
}

/// Turns a fault on or off for every server on this store, now and later.
///
/// # Errors
/// The store cannot be written.
pub fn set_fault(store: &Store, fault: &Fault, lasting: impl Into<Lasting>) -> Result<(), StoreError> {
    faults::set(&Rows::new(store.clone()), *fault, lasting.into())
}

impl Practice {
    /// The address that was bound.
    pub fn address(&self) -> SocketAddr {
        self.stage.address
    }

    /// The address as a URL without a final slash: `http://127.0.0.1:47840`.
    pub fn base(&self) -> String {
        self.stage.base()
    }

    /// Ends the server and waits until its port is free.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        if let Err(error) = (&mut self.serving).await {
            tracing::debug!(%error, "practice did not end cleanly");
        }
    }

    /// Everybody who can sign in, in the order in which the consent page lists them.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn people(&self) -> Result<Vec<Person>, StoreError> {
        people::list(&self.stage.rows)
    }

    /// Adds a person, or replaces the one with the same id.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn put_person(&self, person: &Person) -> Result<(), StoreError> {
        people::put(&self.stage.rows, person)
    }

    /// Registers a client, or replaces the one with the same id. From then on its secret and redirect addresses are checked.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn register_client(&self, client: &Client) -> Result<(), StoreError> {
        self.stage.rows.put(&client.id, client, None)
    }

    /// Registers the public half of a service account's key, as PEM (`BEGIN PUBLIC KEY`).
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn register_service_account(&self, email: &str, key_id: &str, public_key: &str) -> Result<(), StoreError> {
        key_file::register(&self.stage.rows, email, key_id, public_key)
    }

    /// Makes a service account with a new RSA key of 2048 bits, registers it, and gives the key file that its owner keeps:
    /// JSON in Google's form.
    ///
    /// # Errors
    /// No key could be made, or the store cannot be written.
    pub fn new_key_file(&self, email: &str) -> io::Result<Secret<String>> {
        key_file::make(&self.stage.rows, email)
    }

    /// The faults that are on, and for how long.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn faults(&self) -> Result<Vec<(Fault, Lasting)>, StoreError> {
        faults::list(&self.stage.rows)
    }

    /// Turns a fault on for good or for a number of requests, or off.
    ///
    /// # Errors
    /// The store cannot be written.
    pub fn set_fault(&self, fault: Fault, lasting: impl Into<Lasting>) -> Result<(), StoreError> {
        faults::set(&self.stage.rows, fault, lasting.into())
    }
}

impl fmt::Debug for Practice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Practice").field("address", &self.stage.address).finish_non_exhaustive()
    }
}
