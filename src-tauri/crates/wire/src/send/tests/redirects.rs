use super::*;

fn following(url: &str) -> Request {
    Request { follow: 3, ..request(Caller::Script, url) }
}

#[tokio::test]
async fn a_sign_in_follows_nothing() {
    for status in [301, 302, 303, 307, 308] {
        let server = server(move |_| redirect_to(status, "/elsewhere")).await;
        let bench = bench(Decided::default(), &[]);
        let asked = Request {
            method: Method::POST,
            body: b"client_secret=canary-4711".to_vec(),
            secrets: vec![secret("google", "canary-4711", false)],
            ..request(Caller::OAuth, &server.url("/token"))
        };
        assert_eq!(bench.wire.send(asked).await.unwrap().status, status);
        assert_eq!(server.lines(), ["POST /token"], "{status}: the credentials went out once");
    }
}

#[tokio::test]
async fn follows_within_an_origin_with_everything() {
    let server = server(|request| {
        let path = request.split(' ').nth(1).unwrap_or_default();
        match path {
            "/301" => redirect_to(301, "/end"),
            "/307" => redirect_to(307, "end?x=1"),
            _ => ok("there"),
        }
    })
    .await;
    let bench = bench(reaching(&[&server]), &[]);
    let posting = |path: &str| Request {
        method: Method::POST,
        headers: vec![header("Authorization", "Bearer own"), header("Content-Type", "text/plain")],
        body: b"the body".to_vec(),
        ..following(&server.url(path))
    };
    let answer = bench.wire.send(posting("/301")).await.unwrap();
    assert_eq!((answer.status, answer.url.as_str(), answer.exchange), (200, &*server.url("/end"), 2));
    bench.wire.send(posting("/307")).await.unwrap();
    assert_eq!(server.lines(), ["POST /301", "GET /end", "POST /307", "POST /end?x=1"]);
    let asked = server.asked();
    assert!(asked[1].contains("authorization: Bearer own") && !asked[1].contains("content-type"), "{}", asked[1]);
    assert!(asked[3].contains("authorization: Bearer own") && asked[3].ends_with("the body"), "{}", asked[3]);
    assert_eq!(bench.exchanges().iter().map(|exchange| exchange.id).collect::<Vec<_>>(), [1, 2, 3, 4]);
}

#[tokio::test]
async fn tells_another_origin_nothing() {
    for status in [301, 307] {
        let second = server(|_| ok("")).await;
        let location = second.url("/landing");
        let first = server(move |_| redirect_to(status, &location)).await;
        let bench = bench(reaching(&[&first, &second]), &[]);
        let asked = Request {
            method: Method::POST,
            headers: ["Authorization", "Cookie", "X-Api-Key"].map(|name| header(name, "mine")).into(),
            body: b"mine".to_vec(),
            ..following(&first.url("/"))
        };
        bench.wire.send(asked).await.unwrap();
        assert!(first.asked()[0].contains("cookie: mine"));
        assert!(!second.asked()[0].contains("mine"), "{status}: {}", second.asked()[0]);
    }
}

/// NE-01: a redirect is judged like a request.
#[tokio::test]
async fn ne_01_judges_where_a_redirect_leads() {
    for (location, expect) in [
        ("http://169.254.169.254/latest/meta-data/", Why::Metadata),
        ("http://[::ffff:169.254.169.254]/", Why::Metadata),
        ("http://metadata.google.internal/", Why::Metadata),
        ("http://led.example/", Why::Metadata),
        ("http://[fe80::1]/", Why::LinkLocal),
    ] {
        for status in [301, 307] {
            let server = server(move |_| redirect_to(status, location)).await;
            let bench = bench(reaching(&[&server]), &[("led.example", "169.254.169.254")]);
            let refused = bench.wire.send(following(&server.url("/"))).await.unwrap_err();
            assert!(matches!(refused, WireError::Address { why, .. } if why == expect), "{location}: {refused}");
        }
    }
    let server = server(|_| redirect_to(302, "http://127.0.0.1:9/")).await;
    let bench = bench(reaching(&[&server]), &[]);
    let refused = bench.wire.send(following(&server.url("/"))).await.unwrap_err();
    assert_eq!(refused, WireError::AskAddress { host: "127.0.0.1:9".to_owned() });
    assert_eq!(bench.told(), [format!("302 {}", server.url("/")), refused.to_string()]);
}

#[tokio::test]
async fn asks_for_approval_on_every_hop() {
    let second = server(|_| ok("")).await;
    let location = second.url("/");
    let first = server(move |_| redirect_to(302, &location)).await;
    let approved = vec![format!("google {}", first.address)];
    let bench = bench(Decided { approved, ..reaching(&[&first, &second]) }, &[]);
    let asked = Request { aliases: vec!["google".to_owned()], ..following(&first.url("/")) };
    let refused = bench.wire.send(asked).await.unwrap_err();
    assert_eq!(refused, WireError::NotApproved { alias: "google".to_owned(), host: second.address.to_string() });
    assert!(second.asked().is_empty(), "nothing was sent to it");
}

#[tokio::test]
async fn stops_after_three() {
    let server = server(|_| redirect_to(302, "/again")).await;
    let bench = bench(reaching(&[&server]), &[]);
    let asked = Request { follow: 200, ..following(&server.url("/")) };
    assert_eq!(bench.wire.send(asked).await.unwrap_err(), WireError::Redirects);
    assert_eq!(server.asked().len(), 4);
}

#[tokio::test]
async fn does_not_leave_http() {
    for location in ["file:///etc/passwd", "data:text/plain,x", "http://user@127.0.0.1/"] {
        let server = server(move |_| redirect_to(302, location)).await;
        let bench = bench(reaching(&[&server]), &[]);
        assert_eq!(bench.wire.send(following(&server.url("/"))).await.unwrap_err(), WireError::BadUrl, "{location}");
    }
}

#[test]
fn does_not_leave_encryption() {
    let at = |url: &str| Route {
        host: "a.example".to_owned(),
        url: url.parse().unwrap(),
        reach: crate::names::Reach::Public,
        practice: false,
    };
    let asked = following("https://a.example/");
    let next = |to: &str| {
        let hop = Hop::first(&asked);
        hop.next(302, to.parse().unwrap(), &at("https://a.example/")).arrive(&at(to))
    };
    assert_eq!(next("https://a.example/x"), Ok(()));
    let refused = WireError::Address { host: "a.example".to_owned(), why: Why::Downgrade };
    assert_eq!(next("http://a.example/x"), Err(refused));
}
