//! The listener of one attempt, on this computer only and for no longer than the attempt.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::watch;
use wire::{Guard, Loopback, OriginRule};

use crate::Core;
use crate::attempt::{Attempt, Stage, Taken};
use crate::callback::{self, ANSWER_LIMIT};
use crate::landing::{self, Mood, Page};
use crate::plan::{Plan, ResponseMode};

/// Where the browser is sent on to.
const DONE: &str = "/done";
/// How long the listener stays after an attempt's end, for the page that tells of it.
const LINGER: Duration = Duration::from_secs(10);

/// Bound sockets, and the callback address that leads to them.
pub(crate) struct Bound {
    sockets: Vec<Loopback>,
    port: u16,
    pub(crate) redirect: String,
}

/// Binds before anybody is told the address, so that nobody else can take the port.
pub(crate) async fn bind(plan: &Plan, host: &str, ports: &[u16]) -> io::Result<Bound> {
    if host == "::1" {
        let socket = Loopback::bind_v6(ports.first().copied().unwrap_or(0)).await?;
        return Ok(Bound::new(plan, "[::1]", vec![socket]));
    }
    let first = if ports.is_empty() { Loopback::bind(0).await } else { Loopback::first_free(ports).await };
    let mut sockets = match first {
        Ok(socket) => vec![socket],
        // A machine with IPv6 only.
        Err(error) if host == "localhost" && error.kind() == io::ErrorKind::AddrNotAvailable => Vec::new(),
        Err(error) => return Err(error),
    };
    if host == "localhost" {
        // Browsers ask ::1 first for this name; without IPv6 they go on to 127.0.0.1.
        let port = sockets.first().map_or(ports.first().copied().unwrap_or(0), |socket| socket.address().port());
        match Loopback::bind_v6(port).await {
            Ok(socket) => sockets.push(socket),
            Err(error) if sockets.is_empty() => return Err(error),
            Err(_) => {}
        }
    }
    Ok(Bound::new(plan, host, sockets))
}

impl Bound {
    fn new(plan: &Plan, host: &str, sockets: Vec<Loopback>) -> Self {
        let port = sockets.first().map_or(0, |socket: &Loopback| socket.address().port());
        Self { sockets, port, redirect: format!("http://{host}:{port}{}", plan.path) }
    }

    /// Answers until the attempt is over.
    pub(crate) fn serve(self, core: &Arc<Core>, attempt: &Arc<Attempt>) {
        let form_post = attempt.plan.response == ResponseMode::FormPost;
        let guard = Guard {
            token: None,
            connections: 8,
            body_bytes: ANSWER_LIMIT,
            header_bytes: 16 * 1024,
            header_deadline: Duration::from_secs(5),
            origin: if form_post { OriginRule::Any } else { OriginRule::OwnOnly },
            navigation: true,
            hosts: self.hosts(),
        };
        for socket in self.sockets {
            let shared = Shared { core: Arc::clone(core), attempt: Arc::clone(attempt) };
            let callback = if form_post { get(query).post(form) } else { get(query) };
            let routes = Router::new()
                .route(&attempt.plan.path, callback)
                .route(DONE, get(done))
                .fallback(async || landing::nothing())
                .with_state(shared);
            let stop = attempt.stop.subscribe();
            let guard = guard.clone();
            attempt.listens(tokio::spawn(async move {
                if let Err(error) = wire::serve_until(socket, guard, routes, stopped(stop)).await {
                    tracing::warn!(%error, "the listener of a sign-in ended");
                }
            }));
        }
    }

    /// What `Host` may be besides the address itself.
    fn hosts(&self) -> Vec<String> {
        if self.redirect.starts_with("http://localhost:") {
            vec![format!("localhost:{}", self.port)]
        } else {
            Vec::new()
        }
    }
}

async fn stopped(mut stop: watch::Receiver<bool>) {
    // An attempt that is gone needs no listener either.
    let _ = stop.wait_for(|stop| *stop).await;
}

#[derive(Clone)]
struct Shared {
    core: Arc<Core>,
    attempt: Arc<Attempt>,
}

async fn query(State(shared): State<Shared>, method: Method, RawQuery(query): RawQuery) -> Response {
    if method != Method::GET {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let query = query.unwrap_or_default();
    if query.is_empty() && shared.attempt.plan.response == ResponseMode::Fragment {
        return landing::forward();
    }
    shared.take(callback::from_query(&query)).await
}

async fn form(State(shared): State<Shared>, body: Bytes) -> Response {
    match std::str::from_utf8(&body) {
        Ok(text) => shared.take(callback::from_query(text)).await,
        Err(_) => Page::neutral().into_response(),
    }
}

async fn done(State(shared): State<Shared>, method: Method) -> Response {
    if method != Method::GET {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let view = shared.attempt.view();
    match page(&view.stage, &view.title, view.practice) {
        Some(page) => {
            shared.attempt.shown.send_replace(true);
            shared.stop_after(Duration::from_secs(2));
            page.into_response()
        }
        None => landing::nothing(),
    }
}

impl Shared {
    async fn take(self, answer: callback::Answer) -> Response {
        match self.core.take(&self.attempt, answer).await {
            Taken::Accepted => {
                // Nothing is called a success before the code was exchanged.
                self.attempt.over().await;
                self.stop_after(LINGER);
                landing::done(DONE)
            }
            Taken::Wrong | Taken::Late => Page::neutral().into_response(),
        }
    }

    fn stop_after(&self, time: Duration) {
        let attempt = Arc::downgrade(&self.attempt);
        tokio::spawn(async move {
            tokio::time::sleep(time).await;
            if let Some(attempt) = attempt.upgrade() {
                attempt.stop.send_replace(true);
            }
        });
    }
}

/// What the browser shows at the end. `None`: it is not the end yet.
fn page(stage: &Stage, title: &str, practice: bool) -> Option<Page> {
    let page =
        |heading: String, text: String, mood| Some(Page { status: StatusCode::OK, heading, text, practice, mood });
    match stage {
        Stage::Waiting | Stage::Exchanging => None,
        Stage::Connected { who, notes, .. } => {
            let who = who.as_ref().map_or(String::new(), |who| format!("Signed in as {who}. "));
            let note = notes.first().map_or(String::new(), |note| format!("{note} "));
            let text = format!("{who}{note}You may close this page and go back to Patchbay.");
            page(format!("{title} is connected"), text, Mood::Good)
        }
        Stage::Failed(trouble) | Stage::TimedOut(trouble) => {
            page(format!("{title} did not connect"), format!("{trouble} Go back to Patchbay to go on."), Mood::Bad)
        }
        Stage::Cancelled => page(
            format!("{title} did not connect"),
            "This sign-in was cancelled in Patchbay. Start again there.".into(),
            Mood::Neutral,
        ),
    }
}
