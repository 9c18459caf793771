use super::*;
use crate::practice_url;

fn practising(server: &Server) -> Decided {
    Decided {
        practice: Some(server.address),
        practised: vec!["graph.example".to_owned()],
        approved: vec!["facebook graph.example".to_owned(), "facebook cdn.example".to_owned()],
        ..Decided::default()
    }
}

fn carrying(caller: Caller, url: &str, practice: bool) -> Request {
    Request {
        headers: vec![header("Authorization", "Bearer canary-4711")],
        secrets: vec![secret("facebook", "canary-4711", practice)],
        follow: if caller == Caller::Script { 3 } else { 0 },
        ..request(caller, url)
    }
}

#[tokio::test]
async fn practised_hosts_are_played_at_the_practice_server() {
    let server = server(|_| ok("played")).await;
    let bench = bench(practising(&server), &[]);
    for caller in [Caller::OAuth, Caller::Script] {
        let url = "https://graph.example/v2.11/me?x=1";
        let answer = bench.wire.send(carrying(caller, url, true)).await.unwrap();
        assert_eq!((answer.body.as_slice(), answer.practice, answer.url.as_str()), (&b"played"[..], true, url));
        let mapped = practice_url(server.address, &url.parse().unwrap());
        assert!(bench.wire.send(carrying(caller, mapped.as_str(), true)).await.unwrap().practice);
    }
    assert_eq!(server.lines(), ["GET /graph.example/v2.11/me?x=1"; 4]);
    assert!(server.asked()[0].contains(&format!("host: {}\r\n", server.address)));
    assert!(bench.exchanges().iter().all(|exchange| exchange.practice));
}

#[tokio::test]
async fn a_practice_token_stays_at_practice_also_after_a_redirect() {
    let outside = server(|_| ok("outside")).await;
    let elsewhere = outside.url("/");
    let server = server(move |request| match request.split(' ').nth(1) {
        Some("/graph.example/out") => redirect_to(307, &elsewhere),
        Some("/graph.example/cdn") => redirect_to(307, "https://cdn.example/picture"),
        Some("/graph.example/own") => redirect_to(307, "/graph.example/me"),
        _ => ok("played"),
    })
    .await;
    let bench = bench(Decided { own_ports: vec![outside.address.port()], ..practising(&server) }, &[]);
    let send = async |path: &str| {
        bench.wire.send(carrying(Caller::Script, &format!("https://graph.example/{path}"), true)).await
    };
    let refused = send("out").await.unwrap_err();
    let host = outside.address.to_string();
    assert_eq!(refused, WireError::PracticeTokenElsewhere { alias: "facebook".to_owned(), host });
    assert!(outside.asked().is_empty());
    assert_eq!(send("own").await.unwrap().body, b"played");
    assert!(server.asked()[2].contains("canary-4711"), "it is the same host");
    assert_eq!(send("cdn").await.unwrap().body, b"played");
    assert_eq!(server.lines()[4], "GET /cdn.example/picture");
    assert!(!server.asked()[4].contains("canary-4711"), "it is another host");
}

#[tokio::test]
async fn a_real_token_never_reaches_practice_also_after_a_redirect() {
    let practice = server(|_| ok("played")).await;
    let real = server(|_| redirect_to(307, "https://graph.example/me")).await;
    let approved = vec![format!("facebook {}", real.address), "facebook graph.example".to_owned()];
    let rules = Decided { approved, own_ports: vec![real.address.port()], ..practising(&practice) };
    let bench = bench(rules, &[]);
    let refusal = WireError::RealTokenToPractice { alias: "facebook".to_owned(), host: "graph.example".to_owned() };
    for url in [real.url("/"), "https://graph.example/me".to_owned()] {
        let refused = bench.wire.send(carrying(Caller::Script, &url, false)).await.unwrap_err();
        assert_eq!(refused, refusal, "{url}");
    }
    assert_eq!(real.asked().len(), 1);
    assert!(practice.asked().is_empty());
}

#[tokio::test]
async fn says_when_practice_does_not_run() {
    let rules = Decided { practised: vec!["graph.example".to_owned()], ..Decided::default() };
    let bench = bench(rules, &[]);
    let refused = bench.wire.send(request(Caller::Script, "https://graph.example/")).await.unwrap_err();
    assert_eq!(refused, WireError::PracticeStopped { host: "graph.example".to_owned() });
}
