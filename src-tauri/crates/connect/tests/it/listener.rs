//! OA-05: the listener of an attempt takes nothing but its answer.

use std::time::{Duration, Instant};

use connect::{ConnectError, Stage};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::browser::{ask, browse, raw};
use crate::house::{House, callback, connected, entry, parameter, with};
use crate::server::Server;

fn address(redirect: &str) -> String {
    redirect.strip_prefix("http://").unwrap().split('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn oa_05_listener_answers_its_own_host_path_and_method_only() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let view = connect.start(entry(&store, &server), None).await.unwrap();
    let good = callback(&view, "code=code-1");
    let status = async |method: &str, url: &str, headers: &[(&str, &str)]| ask(method, url, headers, "").await.status;

    let base = format!("http://{}", address(&view.redirect_uri));
    for path in ["/", "/favicon.ico", "/auth/oauth2", "/auth/oauth2/callback/x", "/done"] {
        assert_eq!(browse(&format!("{base}{path}")).await.status, 404, "{path}");
    }
    for method in ["POST", "HEAD", "PUT", "DELETE", "OPTIONS"] {
        assert_eq!(status(method, &good, &[]).await, 405, "{method}");
    }
    for host in ["evil.example", "localhost", &address(&view.redirect_uri).replace("127.0.0.1", "localhost")] {
        assert_eq!(status("GET", &good, &[("Host", host)]).await, 421, "{host}");
    }
    assert_eq!(status("GET", &good, &[("Origin", "https://evil.example")]).await, 403);
    let fetch = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "image")];
    assert_eq!(status("GET", &good, &fetch).await, 403);
    let huge = "x".repeat(20_000);
    assert!(matches!(status("GET", &good, &[("X-Huge", &huge)]).await, 431 | 0));
    assert!(matches!(status("GET", &format!("{good}&x={huge}"), &[]).await, 400 | 414 | 431 | 0));
    assert_eq!(connect.attempt(&view.id).unwrap().stage, Stage::Waiting);
    assert!(server.seen("/token").is_empty());

    let navigation = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")];
    assert_eq!(status("GET", &good, &navigation).await, 302);
    let done = browse(&format!("{base}/done")).await;
    assert_eq!(done.status, 200);
    assert_eq!(status("GET", &good, &navigation).await, 400, "a second hit after success");
    assert_eq!(server.seen("/token").len(), 1);
}

#[tokio::test]
async fn oa_05_listener_survives_slow_and_many_connections() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let view = connect.start(entry(&store, &server), None).await.unwrap();
    let address = address(&view.redirect_uri);
    let mut slow = TcpStream::connect(&address).await.unwrap();
    slow.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n").await.unwrap();
    let begun = Instant::now();
    let mut idle = Vec::new();
    for _ in 0..100 {
        idle.push(TcpStream::connect(&address).await.unwrap());
    }
    let mut rest = Vec::new();
    slow.read_to_end(&mut rest).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(9), "a slow one is closed");
    drop(idle);
    assert_eq!(browse(&callback(&view, "code=code-1")).await.status, 302);
    connected(&connect.finished(&view.id).await.unwrap());
}

#[tokio::test]
async fn oa_05_listener_is_on_ipv6_too_where_the_address_says_localhost() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let named = with(entry(&store, &server), |block| block.redirect.as_mut().unwrap().host = "localhost".into());
    let view = connect.start(named, None).await.unwrap();
    assert!(view.redirect_uri.starts_with("http://localhost:"), "{}", view.redirect_uri);
    let port = address(&view.redirect_uri).rsplit(':').next().unwrap().to_owned();
    let state = parameter(&view.url, "state").unwrap();
    let text = format!(
        "GET /auth/oauth2/callback?code=c&state={state} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(raw(&format!("[::1]:{port}"), &text).await.status, 302);
    assert_eq!(server.last("/token").form["redirect_uri"], view.redirect_uri);

    let literal = with(entry(&store, &server), |block| block.redirect.as_mut().unwrap().host = "::1".into());
    let view = connect.start(literal, None).await.unwrap();
    assert!(view.redirect_uri.starts_with("http://[::1]:"), "{}", view.redirect_uri);
    assert_eq!(browse(&callback(&view, "code=c")).await.status, 302);
}

#[tokio::test]
async fn oa_05_busy_fixed_ports_are_tried_in_order_and_told() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let (one, two) = (wire::Loopback::bind(0).await.unwrap(), wire::Loopback::bind(0).await.unwrap());
    let ports = vec![one.address().port(), two.address().port()];
    let fixed = || with(entry(&store, &server), |block| block.redirect.as_mut().unwrap().ports = ports.clone());
    let refused = connect.start(fixed(), None).await.unwrap_err();
    assert!(matches!(refused, ConnectError::PortsTaken(_)));
    let expect = format!("Ports {} to {} are in use by other programs.", ports[0], ports[1]);
    assert_eq!(refused.trouble().message, expect);
    assert!(house.opened.lock().unwrap().is_empty(), "nothing is opened before it listens");
    drop(two);
    let view = connect.start(fixed(), None).await.unwrap();
    assert_eq!(address(&view.redirect_uri), format!("127.0.0.1:{}", ports[1]));
}

#[tokio::test]
async fn a_form_is_taken_only_by_an_attempt_that_asked_for_it() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let posting = with(entry(&store, &server), |block| block.response_mode = Some("form_post".into()));
    let view = connect.start(posting, None).await.unwrap();
    assert_eq!(parameter(&view.url, "response_mode").as_deref(), Some("form_post"));
    let form = format!("code=code-1&state={}", parameter(&view.url, "state").unwrap());
    let headers = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Origin", "https://provider.example"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Mode", "navigate"),
        ("Sec-Fetch-Dest", "document"),
    ];
    let large = format!("{form}&x={}", "x".repeat(20_000));
    assert_eq!(ask("POST", &view.redirect_uri, &headers, &large).await.status, 413);
    assert_eq!(ask("POST", &view.redirect_uri, &headers, &form).await.status, 302);
    connected(&connect.finished(&view.id).await.unwrap());
}

#[tokio::test]
async fn a_fragment_is_forwarded_only_by_an_attempt_that_asked_for_it() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let fragment = with(entry(&store, &server), |block| block.response_mode = Some("fragment".into()));
    let view = connect.start(fragment, None).await.unwrap();
    let page = browse(&view.redirect_uri).await;
    assert!(
        page.body.contains("<script>location.replace(")
            && page.header("content-security-policy").unwrap().contains("sha256-")
    );
    assert_eq!(browse(&callback(&view, "code=code-1")).await.status, 302);

    let plain = connect.start(entry(&store, &server), None).await.unwrap();
    let page = browse(&plain.redirect_uri).await;
    assert!(page.status == 400 && !page.body.contains("<script"));
}

#[tokio::test]
async fn nothing_of_the_query_stands_on_a_page() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let view = connect.start(entry(&store, &server), None).await.unwrap();
    let page = browse(&format!("{}?error=%3Cscript%3Ealert(1)%3C/script%3E&state=x", view.redirect_uri)).await;
    assert!(!page.body.contains("alert"), "{}", page.body);
    browse(&callback(&view, "error=x&error_description=%3Cimg%20src=x%3E")).await;
    let done = browse(&view.redirect_uri.replace("/auth/oauth2/callback", "/done")).await;
    assert!(done.body.contains("Demo did not connect") && !done.body.contains("img src"), "{}", done.body);
}
