//! The loopback server's door, knocked on with bytes as a browser or an attacker would send them.
#![allow(clippy::unwrap_used, reason = "what fails while a test is being set up fails the test")]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use wire::{Guard, Loopback, OriginRule, Token};

async fn start(guard: Guard) -> SocketAddr {
    let loopback = Loopback::bind(0).await.unwrap();
    let address = loopback.address();
    let routes =
        Router::new().route("/", get(|| async { "inside" })).route("/echo", post(|body: String| async move { body }));
    tokio::spawn(wire::serve(loopback, guard, routes));
    address
}

/// Sends raw bytes and returns the status line's number and the body.
async fn send(address: SocketAddr, request: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let status = answer.split(' ').nth(1).unwrap_or_default().parse().unwrap();
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default();
    (status, body)
}

async fn check(guard: Guard, headers: &[&str], expect: u16) {
    let address = start(guard).await;
    let headers = headers.join("\r\n").replace("{address}", &address.to_string());
    let (status, body) = send(address, &format!("GET / HTTP/1.1\r\nConnection: close\r\n{headers}\r\n\r\n")).await;
    assert_eq!(status, expect, "{headers}: {body}");
    assert_eq!(body == "inside", expect == 200, "only an accepted request reaches the routes");
}

#[tokio::test]
async fn answers_its_own_address() {
    check(Guard::default(), &["Host: {address}"], 200).await;
    check(Guard::default(), &["Host: {address}", "Origin: http://{address}", "Sec-Fetch-Site: same-origin"], 200).await;
    check(Guard::default(), &["Host: {address}", "Sec-Fetch-Site: none"], 200).await;
}

#[tokio::test]
async fn refuses_other_names_origins_and_sites() {
    check(Guard::default(), &["Host: evil.example"], 421).await;
    check(Guard::default(), &["Host: localhost"], 421).await;
    check(Guard::default(), &["Host: {address}", "Origin: http://evil.example"], 403).await;
    check(Guard::default(), &["Host: {address}", "Origin: null"], 403).await;
    check(Guard::default(), &["Host: {address}", "Origin: http://{address}", "Origin: http://{address}"], 403).await;
    check(Guard::default(), &["Host: {address}", "Sec-Fetch-Site: cross-site"], 403).await;
    check(Guard::default(), &["Host: {address}", "Sec-Fetch-Site: same-site"], 403).await;
}

#[tokio::test]
async fn asks_for_the_token() {
    let token = Token::random().unwrap();
    let guard = Guard { token: Some(token.clone()), ..Guard::default() };
    let right = format!("X-Patchbay-Token: {}", token.expose());
    check(guard.clone(), &["Host: {address}", &right], 200).await;
    check(guard.clone(), &["Host: {address}"], 401).await;
    check(guard.clone(), &["Host: {address}", "X-Patchbay-Token: guessed"], 401).await;
    check(guard, &["Host: {address}", &right, &right], 401).await;
    assert!(!format!("{token:?}").contains(token.expose()));
}

#[tokio::test]
async fn bounds_headers_and_body() {
    let huge = format!("X-Filler: {}", "a".repeat(20 * 1024));
    check(Guard::default(), &["Host: {address}", &huge], 431).await;

    let address = start(Guard { body_bytes: 16, ..Guard::default() }).await;
    let post = |body: &str| {
        format!(
            "POST /echo HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    assert_eq!(send(address, &post("sixteen bytes ok")).await, (200, "sixteen bytes ok".to_owned()));
    assert_eq!(send(address, &post("seventeen bytes !")).await.0, 413);
}

#[tokio::test]
async fn further_connections_wait_for_a_free_place() {
    let address = start(Guard { connections: 1, ..Guard::default() }).await;
    let request = format!("GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let holder = TcpStream::connect(address).await.unwrap();
    let waiting = tokio::spawn(async move { send(address, &request).await });
    // The holder occupies the only place, so the second cannot have been answered before it leaves.
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    drop(holder);
    assert_eq!(waiting.await.unwrap(), (200, "inside".to_owned()));
}

#[tokio::test]
async fn takes_further_hosts_exactly() {
    let guard = Guard { hosts: vec!["localhost:47823".to_owned()], ..Guard::default() };
    check(guard.clone(), &["Host: localhost:47823"], 200).await;
    check(guard.clone(), &["Host: localhost:47823", "Origin: http://localhost:47823"], 200).await;
    check(guard.clone(), &["Host: {address}"], 200).await;
    check(guard.clone(), &["Host: {address}", "Origin: http://localhost:47823"], 403).await;
    check(guard.clone(), &["Host: localhost:47824"], 421).await;
    check(guard, &["Host: localhost"], 421).await;
}

#[tokio::test]
async fn lets_a_browser_navigate_here_if_asked_to() {
    let come =
        ["Host: {address}", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"];
    let guard = Guard { navigation: true, ..Guard::default() };
    check(Guard::default(), &come, 403).await;
    check(guard.clone(), &come, 200).await;
    check(guard.clone(), &come[..2], 403).await;
    check(guard.clone(), &[come[0], come[1], "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"], 403).await;
    check(guard.clone(), &[come[0], come[1], come[2], "Sec-Fetch-Dest: iframe"], 403).await;
    let foreign = [&come[..], &["Origin: https://accounts.example"]].concat();
    check(guard.clone(), &foreign, 403).await;
    check(Guard { origin: OriginRule::Any, ..guard }, &foreign, 200).await;
}

#[tokio::test]
async fn takes_the_form_of_an_own_page_without_referrer() {
    check(Guard::default(), &["Host: {address}", "Origin: null", "Sec-Fetch-Site: same-origin"], 200).await;
    check(Guard::default(), &["Host: {address}", "Origin: null", "Sec-Fetch-Site: cross-site"], 403).await;
    check(Guard::default(), &["Host: {address}", "Origin: null", "Sec-Fetch-Site: none"], 403).await;
}

#[tokio::test]
async fn bounds_the_address() {
    let address = start(Guard::default()).await;
    let ask = |length: usize| {
        format!("GET /?{} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n", "a".repeat(length))
    };
    assert_eq!(send(address, &ask(8000)).await.0, 200);
    assert_eq!(send(address, &ask(8200)).await.0, 414);
}

/// Slow loris: a head that never ends, one byte after the other.
#[tokio::test]
async fn closes_on_who_does_not_finish_the_head() {
    let address = start(Guard { header_deadline: Duration::from_millis(300), ..Guard::default() }).await;
    for begun in ["", "GET / HTTP/1.1\r\nHost: "] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(begun.as_bytes()).await.unwrap();
        let (mut reading, mut writing) = stream.into_split();
        let dripping = tokio::spawn(async move {
            while !begun.is_empty() && writing.write_all(b"a").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            writing
        });
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(10), reading.read_to_end(&mut answer)).await;
        assert!(ended.is_ok(), "the connection was closed");
        assert!(!String::from_utf8_lossy(&answer).contains("200"));
        dripping.abort();
    }
}

#[tokio::test]
async fn stops_when_it_is_told_to() {
    let loopback = Loopback::bind(0).await.unwrap();
    let address = loopback.address();
    let (reached, at_work) = oneshot::channel::<()>();
    let (finish, finished) = oneshot::channel::<()>();
    let once = Arc::new(Mutex::new(Some((reached, finished))));
    let slow = move || {
        let pair = once.lock().unwrap().take();
        async move {
            if let Some((reached, finished)) = pair {
                reached.send(()).unwrap();
                finished.await.unwrap();
            }
            "done"
        }
    };
    let routes = Router::new().route("/", get(slow));
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(wire::serve_until(loopback, Guard::default(), routes, async move {
        stopped.await.unwrap();
    }));
    let request = format!("GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let idle = TcpStream::connect(address).await.unwrap();
    let asking = tokio::spawn(async move { send(address, &request).await });
    at_work.await.unwrap();
    stop.send(()).unwrap();
    // The port is free as soon as it stops, while the answer that has begun is still under way.
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert_eq!(Loopback::bind(address.port()).await.map(|again| again.address()).ok(), Some(address));
    finish.send(()).unwrap();
    assert_eq!(asking.await.unwrap(), (200, "done".to_owned()));
    serving.await.unwrap().unwrap();
    drop(idle);
}

#[tokio::test]
async fn takes_the_first_free_port() {
    let taken = Loopback::bind(0).await.unwrap();
    let free = {
        let loopback = Loopback::bind(0).await.unwrap();
        loopback.address().port()
    };
    let found = Loopback::first_free(&[taken.address().port(), free]).await.unwrap();
    assert_eq!(found.address().port(), free);
    let busy = [taken.address().port(), found.address().port()];
    for ports in [&busy[..], &[]] {
        let error = Loopback::first_free(ports).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
    }
}

#[tokio::test]
async fn listens_on_ipv6_too() {
    let Ok(loopback) = Loopback::bind_v6(0).await else {
        // A machine without IPv6 says so; nothing else may be wrong.
        assert!(std::net::TcpListener::bind("[::1]:0").is_err());
        return;
    };
    let address = loopback.address();
    tokio::spawn(wire::serve(loopback, Guard::default(), Router::new().route("/", get(|| async { "inside" }))));
    let ask = |host: String| format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    assert_eq!(send(address, &ask(format!("[::1]:{}", address.port()))).await.0, 200);
    assert_eq!(send(address, &ask(format!("127.0.0.1:{}", address.port()))).await.0, 421);
}
