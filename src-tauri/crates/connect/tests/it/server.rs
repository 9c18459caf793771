//! A provider on this machine that answers as a test tells it, and remembers what it was asked.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::sync::watch;
use wire::{Guard, Loopback};

/// A request as it arrived.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// With its query, for those that look.
    pub(crate) target: String,
    pub(crate) path: String,
    pub(crate) form: BTreeMap<String, String>,
    pub(crate) authorization: Option<String>,
}

/// An answer to it.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

type Script = Arc<dyn Fn(&Seen, usize) -> Answer + Send + Sync>;

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    script: Arc<Mutex<Script>>,
    /// While it is true, token requests are counted but wait.
    gate: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) fn ok(body: Value) -> Answer {
    raw(200, &body.to_string())
}

pub(crate) fn error(status: u16, error: &str) -> Answer {
    raw(status, &json!({ "error": error, "error_description": "In the provider's words." }).to_string())
}

pub(crate) fn raw(status: u16, body: &str) -> Answer {
    Answer { status, headers: vec![("content-type", "application/json".into())], body: body.into() }
}

/// The usual provider: tokens that carry the number of the token request, rotating refresh tokens, a person.
pub(crate) fn usual(seen: &Seen, number: usize) -> Answer {
    match seen.path.as_str() {
        "/token" => ok(tokens(number)),
        "/userinfo" => ok(json!({ "sub": "7", "name": "Ada L", "email": "ada@example.org" })),
        "/revoke" => raw(200, ""),
        _ => raw(404, "{}"),
    }
}

pub(crate) fn tokens(number: usize) -> Value {
    json!({
        "access_token": format!("canary-at-{number}"), "token_type": "Bearer", "expires_in": 3600,
        "refresh_token": format!("canary-rt-{number}"), "scope": "a b"
    })
}

impl Server {
    pub(crate) async fn new() -> Self {
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let script: Arc<Mutex<Script>> = Arc::new(Mutex::new(Arc::new(usual)));
        let gate = watch::Sender::new(false);
        let loopback = Loopback::bind(0).await.unwrap();
        let address = loopback.address();
        let (log, rules, shut) = (seen.clone(), script.clone(), gate.subscribe());
        let routes = Router::new().fallback(move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
            let (log, rules, mut shut) = (log.clone(), rules.clone(), shut.clone());
            async move {
                let request = Seen {
                    method: method.to_string(),
                    path: uri.path().to_owned(),
                    target: uri.to_string(),
                    form: url::form_urlencoded::parse(&body).into_owned().collect(),
                    authorization: headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap().to_owned()),
                };
                let number = {
                    let mut log = log.lock().unwrap();
                    log.push(request.clone());
                    log.iter().filter(|seen| seen.path == request.path).count()
                };
                if request.path.ends_with("/token") {
                    shut.wait_for(|shut| !shut).await.unwrap();
                }
                let script = rules.lock().unwrap().clone();
                let answer = script(&request, number);
                respond(answer)
            }
        });
        let guard = Guard { connections: 256, ..Guard::default() };
        let task = tokio::spawn(async move {
            wire::serve_until(loopback, guard, routes, std::future::pending()).await.unwrap();
        });
        Self { address, seen, script, gate, task }
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn script(&self, script: impl Fn(&Seen, usize) -> Answer + Send + Sync + 'static) {
        *self.script.lock().unwrap() = Arc::new(script);
    }

    pub(crate) fn shut(&self, shut: bool) {
        self.gate.send_replace(shut);
    }

    /// The requests of a path so far.
    pub(crate) fn seen(&self, path: &str) -> Vec<Seen> {
        self.seen.lock().unwrap().iter().filter(|seen| seen.path == path).cloned().collect()
    }

    pub(crate) fn all(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn last(&self, path: &str) -> Seen {
        self.seen(path).pop().unwrap()
    }
}

fn respond(answer: Answer) -> Response {
    let mut response = (StatusCode::from_u16(answer.status).unwrap(), answer.body).into_response();
    for (name, value) in answer.headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}
