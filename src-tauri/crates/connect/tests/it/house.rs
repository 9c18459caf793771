//! A data folder of its own, a clock to turn, a wire, and a browser that only remembers what it was to open.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use connect::{
    AttemptView, Change, Client, Connect, Entry, Flow, LIFETIME, OAuth2, RedirectTo, SecretFrom, Setup, Stage,
};
use jiff::Timestamp;
use store::{BotId, Clock, Config, MemoryKeychain, NewVault, Secret, Store};
use tempfile::TempDir;
use url::Url;
use wire::{Exchange, Rules, Wire};

use crate::browser::browse;
use crate::server::Server;

pub(crate) struct House {
    dir: TempDir,
    keychain: Arc<MemoryKeychain>,
    seconds: Arc<AtomicI64>,
    pub(crate) practice: Arc<Mutex<Option<SocketAddr>>>,
    pub(crate) opened: Arc<Mutex<Vec<Url>>>,
    pub(crate) no_browser: Arc<AtomicBool>,
    pub(crate) changes: Arc<Mutex<Vec<Change>>>,
    /// Everything that was recorded, as text.
    pub(crate) record: Arc<Mutex<Vec<Exchange>>>,
    pub(crate) lifetime: Duration,
    pub(crate) ports: Vec<u16>,
}

struct OnlyPractice(Arc<Mutex<Option<SocketAddr>>>);

impl Rules for OnlyPractice {
    fn approved(&self, _: &str, _: &str, _: &str) -> bool {
        false
    }

    fn address_approved(&self, _: &str, _: &str) -> bool {
        false
    }

    fn own_ports(&self) -> Vec<u16> {
        Vec::new()
    }

    fn practice(&self) -> Option<SocketAddr> {
        *self.0.lock().unwrap()
    }

    fn is_practised(&self, _: &str, _: &str) -> bool {
        false
    }
}

impl House {
    pub(crate) fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            keychain: Arc::new(MemoryKeychain::new()),
            seconds: Arc::new(AtomicI64::new(Timestamp::now().as_second())),
            practice: Arc::default(),
            opened: Arc::default(),
            no_browser: Arc::default(),
            changes: Arc::default(),
            record: Arc::default(),
            lifetime: LIFETIME,
            ports: Vec::new(),
        }
    }

    fn clock(&self) -> Clock {
        let seconds = self.seconds.clone();
        Arc::new(move || Timestamp::from_second(seconds.load(Ordering::SeqCst)).unwrap())
    }

    pub(crate) fn now(&self) -> i64 {
        self.seconds.load(Ordering::SeqCst)
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    /// What another process would have: a store and a wire of its own on the same folder.
    pub(crate) fn process(&self) -> (Connect, Store) {
        let data_dir = self.dir.path().join("data");
        let config = Config { data_dir, keychain: self.keychain.clone(), clock: self.clock() };
        let store = Store::open(config).unwrap();
        if matches!(store.vault().state, store::VaultState::Absent) {
            store.create_vault(NewVault::Keychain).unwrap();
        }
        let record = self.record.clone();
        let wire = Wire::new(wire::Setup {
            clock: self.clock(),
            record: Arc::new(move |exchange| record.lock().unwrap().push(exchange)),
            rules: Arc::new(OnlyPractice(self.practice.clone())),
        });
        let (opened, no_browser, changes) = (self.opened.clone(), self.no_browser.clone(), self.changes.clone());
        let setup = Setup {
            store: store.clone(),
            wire: wire.unwrap(),
            clock: self.clock(),
            random: Arc::new(|bytes| getrandom::fill(bytes).unwrap()),
            opener: Arc::new(move |url| {
                opened.lock().unwrap().push(url.clone());
                if no_browser.load(Ordering::SeqCst) { Err("no browser".into()) } else { Ok(()) }
            }),
            changed: Arc::new(move |change| changes.lock().unwrap().push(change)),
            ports: self.ports.clone(),
            lifetime: self.lifetime,
        };
        (Connect::new(setup), store)
    }

    /// Everything that ever reached the record.
    pub(crate) fn recorded(&self) -> String {
        format!("{:?}", self.record.lock().unwrap())
    }
}

pub(crate) fn bot(store: &Store) -> BotId {
    store.identify(None, Path::new("/bot")).unwrap().bot().unwrap()
}

/// A generic entry whose servers are all this one.
pub(crate) fn entry(store: &Store, server: &Server) -> Entry {
    Entry {
        bot: bot(store),
        open_bot: "bot".into(),
        alias: "demo".into(),
        provider: "oauth2".into(),
        title: "Demo".into(),
        context_user: false,
        persona: None,
        scope: "a b".into(),
        oauth2: Some(OAuth2 {
            flow: Flow::AuthCode,
            authorize_url: server.at("/authorize"),
            token_url: server.at("/token"),
            userinfo_url: Some(server.at("/userinfo")),
            revoke_url: Some(server.at("/revoke")),
            redirect: Some(RedirectTo { host: "127.0.0.1".into(), ..RedirectTo::default() }),
            ..OAuth2::default()
        }),
        client: Client {
            id: "client-1".into(),
            secret: Some(Secret::new(CLIENT_SECRET.to_owned())),
            secret_from: SecretFrom::Vault,
        },
        settings: Default::default(),
        practice: None,
    }
}

pub(crate) const CLIENT_SECRET: &str = "canary-client-secret-5f2a";

/// The entry with another block.
pub(crate) fn with(mut entry: Entry, change: impl FnOnce(&mut OAuth2)) -> Entry {
    change(entry.oauth2.as_mut().unwrap());
    entry
}

pub(crate) fn parameter(url: &str, name: &str) -> Option<String> {
    let url = Url::parse(url).unwrap();
    url.query_pairs().find(|(given, _)| given == name).map(|(_, value)| value.into_owned())
}

/// The callback that a browser would go to.
pub(crate) fn callback(view: &AttemptView, answer: &str) -> String {
    let state = parameter(&view.url, "state").unwrap();
    format!("{}?{answer}&state={state}", view.redirect_uri)
}

/// Signs in over the loopback listener and gives the token id.
pub(crate) async fn sign_in(connect: &Connect, entry: Entry) -> String {
    let view = connect.start(entry, None).await.unwrap();
    let page = browse(&callback(&view, "code=code-1")).await;
    assert_eq!(page.status, 302, "{}", page.body);
    connected(&connect.finished(&view.id).await.unwrap())
}

pub(crate) fn connected(view: &AttemptView) -> String {
    match &view.stage {
        Stage::Connected { id, .. } => id.clone(),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn failed(view: &AttemptView) -> String {
    match &view.stage {
        Stage::Failed(trouble) | Stage::TimedOut(trouble) => trouble.to_string(),
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn token(connect: &Connect, entry: &Entry, id: &str) -> Option<String> {
    connect.access_token(entry, id).await.value.map(|token| token.expose().clone())
}
