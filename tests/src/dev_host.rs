//! The engine behind its loopback port, spoken to as the interface does. Everything that crosses is kept.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

use crate::http::{Request, send};
use crate::{LONG, Patience, Running, Session, binary, folder, until};

/// A running `devhost`.
#[derive(Debug)]
pub struct DevHost {
    process: Running,
    address: SocketAddr,
    token: String,
    exchanges: Mutex<Vec<Exchange>>,
}

/// One command: what went in and what came out.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The command.
    pub name: String,
    /// The request as it was sent.
    pub request: String,
    /// The answer as it came.
    pub answer: String,
}

/// All events since they were asked for.
#[derive(Debug, Clone, Default)]
pub struct Events(Arc<Mutex<Vec<Value>>>);

impl DevHost {
    /// Starts the engine, with a bot if a folder is given.
    ///
    /// # Panics
    /// It is not built or does not start.
    pub fn start(session: &Session, bot: Option<&Path>) -> Self {
        let mut command = session.command(binary("devhost"));
        command.arg("--ui").arg(folder("../ui/dist")).arg("--data-dir").arg(session.data());
        command.args(bot).stderr(Stdio::null());
        Self::from(Running::start(&mut command))
    }

    fn from(mut process: Running) -> Self {
        let line = process.line(LONG);
        let told: Value = serde_json::from_str(&line).expect("a first line with address and token");
        let url = told["url"].as_str().expect("the url");
        let address = url.trim_start_matches("http://").trim_end_matches('/').parse().expect("an address");
        let token = told["token"].as_str().expect("the token").to_owned();
        Self { process, address, token, exchanges: Mutex::default() }
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Runs a command of the boundary. `Err` holds the failure.
    ///
    /// # Panics
    /// The engine does not answer.
    pub fn call(&self, name: &str, request: &Value) -> Result<Value, Value> {
        let body = request.to_string();
        let path = format!("/rpc/{name}");
        let request = Request { method: "POST", path: &path, token: &self.token, body: body.as_bytes() };
        let answer = send(self.address, &request).expect("an answer");
        let status = answer.status;
        let text = String::from_utf8(answer.body().expect("a body")).expect("text");
        let exchange = Exchange { name: name.to_owned(), request: body.clone(), answer: text.clone() };
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).push(exchange);
        let value: Value =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {status} {text}: {error}"));
        if status == 200 { Ok(value) } else { Err(value) }
    }

    /// As [`DevHost::call`], expecting it to work.
    ///
    /// # Panics
    /// It does not.
    #[track_caller]
    pub fn ask(&self, name: &str, request: &Value) -> Value {
        self.call(name, request).unwrap_or_else(|failure| panic!("{name} failed: {failure}"))
    }

    /// Opens the bot that the host was started with and returns its id.
    ///
    /// # Panics
    /// There is none.
    pub fn open_bot(&self) -> String {
        let info = self.ask("app_info", &json!({}));
        let view = self.ask("bot_open", &json!({ "folder": info["startWith"] }));
        view["bot"].as_str().expect("a bot").to_owned()
    }

    /// Everything that has crossed so far.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Collects events from now on.
    ///
    /// # Panics
    /// The engine does not answer.
    pub fn events(&self) -> Events {
        let events = Events::default();
        let all = events.clone();
        let request = Request { method: "GET", path: "/events", token: &self.token, body: b"" };
        let mut stream = send(self.address, &request).expect("a stream of events");
        std::thread::spawn(move || {
            let mut rest = Vec::new();
            // Silence for long ends the stream on this side only; tests are over by then.
            while let Ok(Some(chunk)) = stream.chunk() {
                rest.extend(chunk);
                while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
                    let line: Vec<u8> = rest.drain(..=end).collect();
                    if let Ok(event) = serde_json::from_slice(&line) {
                        all.0.lock().unwrap_or_else(PoisonError::into_inner).push(event);
                    }
                }
            }
        });
        events
    }
}

impl Events {
    /// All of them.
    pub fn all(&self) -> Vec<Value> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for one of a type.
    ///
    /// # Panics
    /// None comes in time.
    #[track_caller]
    pub fn wait_for(&self, kind: &str, patience: Patience) -> Value {
        until(&format!("the event {kind}"), patience, || self.all().into_iter().find(|event| event["type"] == kind))
    }
}
