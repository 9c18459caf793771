//! The engine behind a loopback port, for browser tests of the built interface. Never shipped.
//!
//! Serves `--ui FOLDER`, runs the commands at `POST /rpc/NAME`, streams events as JSON lines from `GET /events`. Every
//! request carries the token of the run, which the first line on standard output names along with the address. What a
//! desktop would ask the person is answered from the command line: folders and files by `--pick`, one after the other;
//! what the system's browser is to open is written to `--opened`.

mod pages;
mod system;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use api::types::{Event, Failure};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use clap::Parser;
use serde_json::{Value, json};
use studio::{Setup, Studio};
use tokio::sync::mpsc::unbounded_channel;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::UnboundedReceiverStream;
use wire::{Guard, Loopback, Token};

/// Runs the engine behind a loopback port, for tests.
#[derive(Parser)]
struct Arguments {
    /// The built interface.
    #[arg(long)]
    ui: PathBuf,
    /// Where the vault and the lists are kept.
    #[arg(long, env = "PATCHBAY_DATA_DIR")]
    data_dir: PathBuf,
    /// What the next dialog answers; may be given several times.
    #[arg(long)]
    pick: Vec<PathBuf>,
    /// Where the addresses go that the system's browser is to open, one a line.
    #[arg(long)]
    opened: Option<PathBuf>,
    /// The port; 0 lets the system choose.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// A bot to open at start.
    folder: Option<PathBuf>,
}

#[derive(Clone)]
struct Host {
    studio: Studio,
    ui: Arc<PathBuf>,
    token: Token,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let studio = Studio::start(Setup {
        picker: Box::new(system::Queue::new(arguments.pick)),
        clipboard: Box::new(system::Clipboard::default()),
        opener: Arc::new(system::Browser(arguments.opened)),
        ..Setup::new(arguments.data_dir)
    })?;
    studio.start_with(arguments.folder.as_deref());

    let token = Token::random().context("no random source")?;
    let loopback = Loopback::bind(arguments.port).await.context("the port is taken")?;
    announce(&json!({ "url": format!("http://{}/", loopback.address()), "token": token.expose() }))?;

    let host = Host { studio, ui: Arc::new(arguments.ui), token: token.clone() };
    let routes = Router::new()
        .route("/rpc/{name}", post(rpc))
        .route("/events", get(events))
        .fallback(get(pages::page))
        .with_state(host);
    wire::serve(loopback, Guard { token: Some(token), ..Guard::default() }, routes).await?;
    Ok(())
}

/// Tells whoever started this where it listens, in one line.
fn announce(line: &Value) -> std::io::Result<()> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

async fn rpc(State(host): State<Host>, Path(name): Path<String>, body: Bytes) -> Response {
    let answer: Result<Value, Failure> = match serde_json::from_slice(&body) {
        Ok(request) => api::dispatch(&host.studio, &name, request).await,
        Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    };
    match answer {
        Ok(value) => axum::Json(value).into_response(),
        Err(failure) => (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(failure)).into_response(),
    }
}

async fn events(State(host): State<Host>) -> Response {
    let (sender, receiver) = unbounded_channel::<String>();
    let events = host.studio.subscribe();
    std::thread::spawn(move || {
        for event in events {
            let Ok(line) = serde_json::to_string(&Event::from(event)) else { continue };
            if sender.send(line + "\n").is_err() {
                break;
            }
        }
    });
    let lines = UnboundedReceiverStream::new(receiver).map(Ok::<_, std::convert::Infallible>);
    ([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(lines)).into_response()
}
