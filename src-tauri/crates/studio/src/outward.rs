//! The studio's way out: the one HTTP client, sign-ins, and the practice server, with the decisions that they ask for.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock, Weak};

use connect::Connect;
use practice::Practice;
use store::Store;
use tokio::runtime::Runtime;
use wire::{Rules, Wire};

use crate::events::lock;
use crate::exchanges::Exchanges;
use crate::system::{Clock, Opener};
use crate::{Error, Event, Inner, Studio};

/// Everything that talks to other programs.
pub(crate) struct Outward {
    pub(crate) runtime: Runtime,
    pub(crate) wire: Wire,
    pub(crate) connect: Connect,
    pub(crate) opener: Arc<dyn Opener>,
    pub(crate) deep_links: bool,
    pub(crate) exchanges: Arc<Exchanges>,
    /// Made when an entry is practised for the first time in this run.
    practice: OnceLock<Practice>,
    starting: Mutex<()>,
}

impl Outward {
    pub(crate) fn start(
        studio: &Weak<Inner>,
        store: &Store,
        clock: &Clock,
        opener: Arc<dyn Opener>,
        deep_links: bool,
    ) -> Result<Self, Error> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("patchbay-outward")
            .enable_all()
            .build()
            .map_err(|cause| unavailable("The program could not start its network threads.", &cause))?;
        let exchanges = Arc::new(Exchanges::default());
        let (recorded, owner) = (Arc::clone(&exchanges), studio.clone());
        let wire = Wire::new(wire::Setup {
            clock: Arc::clone(clock),
            record: Arc::new(move |exchange| {
                let chat = exchange.cause.chat.clone();
                recorded.add(exchange);
                if let (Some(inner), Some(chat)) = (owner.upgrade(), chat) {
                    inner.events.send(&Event::ChatChanged { chat });
                }
            }),
            rules: Arc::new(Decisions(studio.clone())),
        })
        .map_err(|cause| unavailable("The HTTP client could not be started.", &cause))?;
        let (browser, owner) = (Arc::clone(&opener), studio.clone());
        let connect = Connect::new(connect::Setup {
            store: store.clone(),
            wire: wire.clone(),
            clock: Arc::clone(clock),
            random: Arc::new(|bytes| getrandom::fill(bytes).expect("the system has a random source")),
            ports: providers::FIXED_PORTS.to_vec(),
            lifetime: connect::LIFETIME,
            opener: Arc::new(move |address| browser.open(address)),
            changed: Arc::new(move |change| {
                if let Some(inner) = owner.upgrade() {
                    Studio { inner }.connect_changed(change);
                }
            }),
        });
        Ok(Self {
            runtime,
            wire,
            connect,
            opener,
            deep_links,
            exchanges,
            practice: OnceLock::new(),
            starting: Mutex::default(),
        })
    }

    /// The practice server's address, if it runs.
    pub(crate) fn practice_address(&self) -> Option<SocketAddr> {
        self.practice.get().map(Practice::address)
    }

    /// The practice server, if it runs.
    pub(crate) fn practice(&self) -> Option<&Practice> {
        self.practice.get()
    }
}

impl Studio {
    /// The practice server, started if it does not run yet.
    pub(crate) fn practice_server(&self, port: Option<u16>) -> Result<&Practice, Error> {
        let outward = self.outward();
        let _turn = lock(&outward.starting);
        if let Some(running) = outward.practice.get() {
            return Ok(running);
        }
        let start = |port| {
            let (store, clock) = (self.inner.store.clone(), Arc::clone(&self.inner.clock));
            let setup = practice::Setup { store, clock, port };
            outward.runtime.block_on(practice::start(setup))
        };
        // A second Patchbay on this machine holds the usual port; both practise on the same people and tokens.
        let started = match port {
            Some(port) => start(port),
            None => start(practice::PORT).or_else(|_| start(0)),
        };
        let server = started.map_err(|cause| unavailable("The practice server could not be started.", &cause))?;
        let running = outward.practice.get_or_init(|| server);
        self.send(&Event::CredentialsChanged);
        Ok(running)
    }

    pub(crate) fn outward(&self) -> &Outward {
        self.inner.outward.get().expect("it is set before the studio is handed out")
    }
}

fn unavailable(message: &str, cause: &dyn std::fmt::Display) -> Error {
    tracing::error!("{message} {cause}");
    Error::Unavailable { message: message.to_owned(), hint: "Look at patchbay.log for the cause.".to_owned() }
}

/// What the wire asks before it sends anything.
struct Decisions(Weak<Inner>);

impl Decisions {
    fn studio(&self) -> Option<Studio> {
        self.0.upgrade().map(|inner| Studio { inner })
    }
}

impl Rules for Decisions {
    fn approved(&self, bot: &str, alias: &str, host: &str) -> bool {
        self.studio().is_some_and(|studio| studio.host_approved(bot, alias, host))
    }

    fn address_approved(&self, bot: &str, host: &str) -> bool {
        self.studio().is_some_and(|studio| studio.address_approved(bot, host))
    }

    fn own_ports(&self) -> Vec<u16> {
        let practice = self.studio().and_then(|studio| studio.outward().practice_address());
        practice.map(|address| address.port()).into_iter().collect()
    }

    fn practice(&self) -> Option<SocketAddr> {
        self.studio()?.outward().practice_address()
    }

    fn is_practised(&self, bot: &str, host: &str) -> bool {
        self.studio().is_some_and(|studio| studio.is_practised_host(bot, host))
    }
}
