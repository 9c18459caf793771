//! The wire against real servers on loopback.

mod practice;
mod redirects;
mod trouble;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use zeroize::Zeroizing;

use super::*;
use crate::{Caller, Carried, Cause};

/// What the studio decided, in a test.
#[derive(Default)]
struct Decided {
    /// `alias host`
    approved: Vec<String>,
    addresses: Vec<String>,
    own_ports: Vec<u16>,
    practice: Option<SocketAddr>,
    practised: Vec<String>,
}

impl Rules for Decided {
    fn approved(&self, _: &str, alias: &str, host: &str) -> bool {
        self.approved.contains(&format!("{alias} {host}"))
    }
    fn address_approved(&self, _: &str, host: &str) -> bool {
        self.addresses.iter().any(|approved| approved == host)
    }
    fn own_ports(&self) -> Vec<u16> {
        self.own_ports.clone()
    }
    fn practice(&self) -> Option<SocketAddr> {
        self.practice
    }
    fn is_practised(&self, _: &str, host: &str) -> bool {
        self.practised.iter().any(|practised| practised == host)
    }
}

/// A wire whose record a test can read and whose names it gives.
struct Bench {
    wire: Wire,
    record: Arc<Mutex<Vec<Exchange>>>,
}

fn bench(rules: Decided, names: &[(&str, &str)]) -> Bench {
    let record = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&record);
    let setup = Setup {
        clock: Arc::new(|| Timestamp::UNIX_EPOCH),
        record: Arc::new(move |exchange| sink.lock().unwrap().push(exchange)),
        rules: Arc::new(rules),
    };
    let names: BTreeMap<String, Vec<IpAddr>> = names
        .iter()
        .map(|(name, addresses)| ((*name).to_owned(), addresses.split(' ').map(|ip| ip.parse().unwrap()).collect()))
        .collect();
    let look_up: LookUp = Arc::new(move |name| {
        let found = names.get(&name).cloned().ok_or_else(|| std::io::Error::other("no such name"));
        Box::pin(async move { found })
    });
    Bench { wire: Wire::with_names(setup, look_up), record }
}

impl Bench {
    fn exchanges(&self) -> Vec<Exchange> {
        self.record.lock().unwrap().clone()
    }

    /// `status host-and-path` of every exchange, or why there was none.
    fn told(&self) -> Vec<String> {
        let tell = |exchange: Exchange| match exchange.status {
            Some(status) => format!("{status} {}", exchange.url),
            None => exchange.error.unwrap_or_default(),
        };
        self.exchanges().into_iter().map(tell).collect()
    }
}

fn request(caller: Caller, url: &str) -> Request {
    let cause = Cause { caller, bot: "b".to_owned(), chat: None, place: None, what: "a test".to_owned() };
    Request::new(Method::GET, url.parse().unwrap(), cause)
}

fn secret(alias: &str, value: &str, practice: bool) -> Carried {
    Carried { alias: alias.to_owned(), value: Zeroizing::new(value.to_owned()), practice }
}

fn header(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// A server that answers each request, given as text, with raw bytes, and remembers what it was asked.
struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

async fn server(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (kept, answer) = (Arc::clone(&asked), Arc::new(answer));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
            tokio::spawn(async move { converse(stream, &kept, &*answer).await });
        }
    });
    Server { address, asked }
}

async fn converse(mut stream: TcpStream, kept: &Mutex<Vec<String>>, answer: &(dyn Fn(&str) -> Vec<u8> + Send + Sync)) {
    let request = read_request(&mut stream).await;
    kept.lock().unwrap().push(request.clone());
    let _ = stream.write_all(&answer(&request)).await;
}

/// Reads one request with the body that it announces.
async fn read_request(stream: &mut TcpStream) -> String {
    let mut request = String::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).await.unwrap_or_default();
        request.push_str(&String::from_utf8_lossy(&buffer[..read]));
        let Some((head, body)) = request.split_once("\r\n\r\n") else {
            if read == 0 {
                return request;
            }
            continue;
        };
        let length =
            head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
        if read == 0 || body.len() >= length {
            return request;
        }
    }
}

impl Server {
    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// The request lines, without the protocol.
    fn lines(&self) -> Vec<String> {
        let line =
            |request: &String| request.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1").to_owned();
        self.asked().iter().map(line).collect()
    }
}

fn ok(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn redirect_to(status: u16, location: &str) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 {status} Moved\r\nConnection: close\r\nContent-Length: 0\r\nLocation: {location}\r\n\r\n");
    head.into_bytes()
}

/// Rules under which scripts reach this server.
fn reaching(servers: &[&Server]) -> Decided {
    Decided { own_ports: servers.iter().map(|server| server.address.port()).collect(), ..Decided::default() }
}

#[tokio::test]
async fn sends_and_records() {
    let server = server(|_| {
        let head = "HTTP/1.1 404 Not Found\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nX-Echo: canary-4711";
        format!("{head}\r\nContent-Length: 18\r\n\r\nsaid canary%2D4711").into_bytes()
    })
    .await;
    let host = server.address.to_string();
    let rules = Decided { approved: vec![format!("google {host}")], ..reaching(&[&server]) };
    let bench = bench(rules, &[]);
    let asked = Request {
        method: Method::POST,
        headers: vec![
            header("Authorization", "Bearer canary-4711"),
            header("Host", "evil.example"),
            header("X-Mine", "1"),
        ],
        body: b"token=canary-4711&plain=yes".to_vec(),
        secrets: vec![secret("google", "canary-4711", false)],
        aliases: vec!["google".to_owned()],
        ..request(Caller::Script, &server.url("/a?t=canary-4711"))
    };
    let answer = bench.wire.send(asked).await.unwrap();
    assert_eq!((answer.status, answer.exchange, answer.practice), (404, 1, false));
    assert_eq!(answer.body, b"said canary%2D4711", "the caller gets what came");
    assert_eq!(answer.date.unwrap().to_string(), "1994-11-06T08:49:37Z");
    assert_eq!(answer.header("x-echo"), Some("canary-4711"));

    let got = &server.asked()[0];
    assert!(got.starts_with("POST /a?t=canary-4711 HTTP/1.1\r\n"), "{got}");
    assert!(got.contains("authorization: Bearer canary-4711\r\n") && got.contains("x-mine: 1\r\n"), "{got}");
    assert!(got.contains(&format!("host: {host}\r\n")) && !got.contains("evil"), "{got}");
    assert!(got.contains(concat!("user-agent: Patchbay/", env!("CARGO_PKG_VERSION"), "\r\n")), "{got}");

    let exchange = bench.exchanges().remove(0);
    assert_eq!(exchange.url, format!("http://{host}/a?t=‹secret:google›"));
    assert_eq!(exchange.request_body, "token=‹secret:google›&plain=yes");
    assert_eq!(exchange.response_body, "said ‹secret:google›");
    assert_eq!((exchange.status, exchange.error.as_deref(), exchange.truncated), (Some(404), None, false));
    let whole = serde_json::to_string(&exchange).unwrap();
    assert!(!whole.contains("canary"), "{whole}");
    assert!(whole.contains("Bearer ‹secret:google›") && whole.contains("\"caller\":\"script\""), "{whole}");
}

#[tokio::test]
async fn asks_nobody_without_approval() {
    let server = server(|_| ok("")).await;
    let bench = bench(reaching(&[&server]), &[]);
    let asked = Request { aliases: vec!["google".to_owned()], ..request(Caller::Script, &server.url("/")) };
    let refused = bench.wire.send(asked).await.unwrap_err();
    assert_eq!(refused, WireError::NotApproved { alias: "google".to_owned(), host: server.address.to_string() });
    assert!(server.asked().is_empty(), "nothing was sent");
    assert_eq!(bench.told(), [refused.to_string()], "and the record says so");
}

async fn check_name(caller: Caller, addresses: &str, expect: Result<(), WireError>) {
    let server = server(|_| ok("")).await;
    let rules = Decided { addresses: vec![format!("allowed.example:{}", server.address.port())], ..Decided::default() };
    let bench = bench(rules, &[("rebound.example", addresses), ("allowed.example", addresses)]);
    let name = if expect.is_ok() { "allowed" } else { "rebound" };
    let schemes: &[&str] = if caller == Caller::Script { &["http", "https"] } else { &["https"] };
    // Our server speaks no TLS, so only http can get through.
    for scheme in schemes.iter().filter(|scheme| expect.is_err() || **scheme == "http") {
        let url = format!("{scheme}://{name}.example:{}/", server.address.port());
        let result = bench.wire.send(request(caller, &url)).await;
        let expect = expect.clone().map_err(|error| at_port(error, server.address.port()));
        assert_eq!(result.map(|_| ()), expect, "{url}: {addresses}");
    }
    assert_eq!(server.asked().len(), usize::from(expect.is_ok()));
}

fn at_port(error: WireError, port: u16) -> WireError {
    let host = format!("rebound.example:{port}");
    match error {
        WireError::Address { why, .. } => WireError::Address { host, why },
        WireError::AskAddress { .. } => WireError::AskAddress { host },
        other => other,
    }
}

/// NE-01: what counts is where a name leads, and one bad address is enough.
#[tokio::test]
async fn ne_01_judges_the_addresses_of_a_name() {
    let address = |why| Err(WireError::Address { host: String::new(), why });
    let ask = || Err(WireError::AskAddress { host: String::new() });
    check_name(Caller::OAuth, "127.0.0.1", address(Why::Loopback)).await;
    check_name(Caller::OAuth, "8.8.8.8 127.0.0.1", address(Why::Loopback)).await;
    check_name(Caller::OAuth, "::ffff:127.0.0.1", address(Why::Loopback)).await;
    check_name(Caller::OAuth, "192.168.1.1", address(Why::Private)).await;
    check_name(Caller::Script, "127.0.0.1", ask()).await;
    check_name(Caller::Script, "8.8.8.8 fd00::1", ask()).await;
    check_name(Caller::Script, "127.0.0.1", Ok(())).await;
    for caller in [Caller::OAuth, Caller::Script] {
        check_name(caller, "169.254.169.254", address(Why::Metadata)).await;
        check_name(caller, "127.0.0.1 fe80::1", address(Why::LinkLocal)).await;
    }
}

/// What one caller may reach is no way in for another, even while the connection is still open.
#[tokio::test]
async fn a_kept_connection_does_not_widen_the_rules() {
    let server = server(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec()).await;
    let port = server.address.port();
    let rules = Decided { addresses: vec![format!("a.example:{port}")], ..Decided::default() };
    let bench = bench(rules, &[("a.example", "127.0.0.1")]);
    assert!(bench.wire.send(request(Caller::Script, &format!("http://a.example:{port}/"))).await.is_ok());
    let refused = bench.wire.send(request(Caller::OAuth, &format!("https://a.example:{port}/"))).await;
    assert_eq!(refused.unwrap_err(), WireError::Address { host: format!("a.example:{port}"), why: Why::Loopback });
}
