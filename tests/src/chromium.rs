//! Chromium without a screen, as the system's browser of a session.

use std::net::TcpListener;
use std::time::Duration;

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tokio::runtime::Runtime;

use crate::{Browse, LONG, Running, Session, folder, need, until};

/// A running browser. Dropping it kills it.
pub struct Chromium {
    runtime: Runtime,
    client: Client,
    _driver: Running,
}

impl Chromium {
    /// Starts a browser with a profile of its own.
    ///
    /// # Panics
    /// It does not start.
    pub fn start(session: &Session) -> Self {
        need(&["chromedriver", "chromium"]);
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
        let driver = Running::start(session.command("chromedriver").arg(format!("--port={port}")));
        until("chromedriver to listen", LONG, || std::net::TcpStream::connect(("127.0.0.1", port)).ok());
        let profile = session.home().path("tmp").join(format!("chromium-{port}"));
        // Root has no sandbox; the rest keeps it from asking hosts that are not there.
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1000,800",
            &format!("--user-data-dir={}", profile.display()),
        ];
        let options = json!({ "goog:chromeOptions": { "args": arguments, "binary": "/usr/bin/chromium" } });
        let capabilities: Capabilities = serde_json::from_value(options).expect("capabilities");
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let client = runtime.block_on(async {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            tokio::time::timeout(LONG, builder.capabilities(capabilities).connect(&format!("http://127.0.0.1:{port}")))
                .await
        });
        let client = client.expect("the browser opens in time").expect("the browser opens");
        Self { runtime, client, _driver: driver }
    }

    /// Opens a consent page, chooses a person, presses a button, and waits for a text on the page that follows.
    ///
    /// # Panics
    /// With the page's text, when it is another one than expected.
    #[track_caller]
    pub fn consent(&self, link: &str, browse: &Browse, context: &str) {
        self.wait_for(self.client.goto(link)).unwrap_or_else(|error| panic!("{context}: {link}: {error}"));
        if let Some(person) = &browse.person {
            self.click(&format!("//label[contains(., {person:?})]"), context);
        }
        self.shoot(&format!("consent-{}", browse.press.to_lowercase()));
        self.click(&format!("//button[normalize-space() = {:?}]", browse.press), context);
        let mut text = String::new();
        let start = std::time::Instant::now();
        while !text.contains(&browse.see) {
            assert!(start.elapsed() < LONG, "{context}: the page says\n{text}");
            std::thread::sleep(Duration::from_millis(20));
            // Between two pages there is none to ask.
            text = self.text().unwrap_or_default();
        }
        self.shoot(&format!("landing-{}", browse.press.to_lowercase()));
    }

    fn text(&self) -> Option<String> {
        self.wait_for(async { self.client.find(Locator::Css("body")).await?.text().await }).ok()
    }

    #[track_caller]
    fn click(&self, path: &str, context: &str) {
        let clicked = self.wait_for(async { self.client.find(Locator::XPath(path)).await?.click().await });
        clicked.unwrap_or_else(|error| panic!("{context}: {path}: {error}; the page says\n{:?}", self.text()));
    }

    fn shoot(&self, name: &str) {
        let picture = self.wait_for(self.client.screenshot()).expect("a picture");
        std::fs::write(folder("shots/window").join(format!("{name}.png")), picture).expect("a file for the picture");
    }

    fn wait_for<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(async { tokio::time::timeout(LONG, work).await }).expect("the browser answers")
    }
}
