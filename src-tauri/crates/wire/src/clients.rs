use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};
use tokio::sync::OnceCell;
use tokio::task;

use crate::WireError;
use crate::names::{LookUp, Names, Reach};

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(10);

/// The clients, one for each reach with and without encryption. A connection is kept and used again within one of them
/// only, so what was reached under wide rules is never reused under narrow ones.
pub(crate) struct Clients {
    look_up: LookUp,
    public: Pair,
    near: Pair,
}

#[derive(Default)]
struct Pair {
    plain: OnceCell<Client>,
    encrypted: OnceCell<Client>,
}

impl Clients {
    pub(crate) fn new(look_up: LookUp) -> Self {
        Self { look_up, public: Pair::default(), near: Pair::default() }
    }

    /// The client for a hop; it is made when it is first needed, because the system's certificates take a while to read.
    pub(crate) async fn get(&self, reach: Reach, encrypted: bool) -> Result<Client, WireError> {
        let pair = match reach {
            Reach::Public => &self.public,
            Reach::Near => &self.near,
        };
        let cell = if encrypted { &pair.encrypted } else { &pair.plain };
        let names = Names { look_up: self.look_up.clone(), reach };
        let client = cell
            .get_or_try_init(|| async {
                let built = task::spawn_blocking(move || build(names, encrypted)).await;
                built.ok().and_then(Result::ok).ok_or(WireError::Certificates)
            })
            .await?;
        Ok(client.clone())
    }
}

fn build(names: Names, encrypted: bool) -> reqwest::Result<Client> {
    let client = ClientBuilder::new()
        .redirect(Policy::none())
        .no_proxy()
        .referer(false)
        .connect_timeout(CONNECT)
        .pool_idle_timeout(Duration::from_secs(30))
        .dns_resolver(names);
    // Without encryption no certificate is read; with it the system's verifier decides.
    if encrypted { client.https_only(true).build() } else { client.tls_certs_only([]).build() }
}
