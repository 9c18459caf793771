//! The loopback server's door, knocked on with bytes as a browser or an attacker would send them.
#![allow(clippy::unwrap_used, reason = "what fails while a test is being set up fails the test")]

use std::net::SocketAddr;

use axum::Router;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wire::{Guard, Loopback, Token};

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
