//! Checking a client without anybody signing in, testing a connection, and what is told beforehand.

use connect::{Client, ConnectionState, Entry, SecretFrom, Status, Verdict, Way};

use crate::house::{House, entry, sign_in, with};
use crate::server::{Answer, Server, error, ok, raw, tokens, usual};

#[tokio::test]
async fn a_wrong_code_tells_whether_the_client_is_right() {
    let check = async |answer: fn() -> Answer, verdict: Verdict| {
        let (house, server) = (House::new(), Server::new().await);
        let (connect, store) = house.process();
        server.script(move |_, _| answer());
        let checked = connect.check_credentials(&entry(&store, &server)).await;
        assert_eq!(checked.verdict, verdict, "{checked:?}");
        assert!(house.opened.lock().unwrap().is_empty());
    };
    check(|| error(400, "invalid_grant"), Verdict::Right).await;
    check(|| error(401, "invalid_client"), Verdict::Wrong).await;
    check(|| error(400, "unauthorized_client"), Verdict::Wrong).await;
    check(|| error(400, "invalid_request"), Verdict::Unknown).await;
    check(|| raw(503, ""), Verdict::Unknown).await;
    check(
        || raw(400, r#"{"error":{"message":"Invalid verification code format.","type":"OAuthException","code":100}}"#),
        Verdict::Right,
    )
    .await;
    check(
        || raw(400, r#"{"error":{"message":"Error validating client secret.","type":"OAuthException","code":1}}"#),
        Verdict::Wrong,
    )
    .await;
}

#[tokio::test]
async fn client_authentication_falls_back_once_and_is_remembered() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    server.script(|seen, number| match seen.path.as_str() {
        "/token" if seen.authorization.is_some() => error(401, "invalid_client"),
        "/token" => ok(tokens(number)),
        _ => usual(seen, number),
    });
    let id = sign_in(&connect, entry(&store, &server)).await;
    let seen = server.seen("/token");
    assert_eq!(seen.len(), 2);
    assert!(
        seen[0].authorization.as_deref().unwrap().starts_with("Basic ") && !seen[0].form.contains_key("client_secret")
    );
    assert!(seen[1].authorization.is_none() && seen[1].form["client_secret"] == crate::house::CLIENT_SECRET);
    house.pass(3600);
    connect.access_token(&entry(&store, &server), &id).await.value.unwrap();
    assert_eq!(server.seen("/token").len(), 3, "what worked is used first");

    let public = Entry {
        alias: "public".into(),
        client: Client { id: "client-2".into(), secret: Some(store::Secret::new(String::new())), ..Client::default() },
        ..entry(&store, &server)
    };
    sign_in(&connect, public).await;
    let asked = server.last("/token");
    assert!(
        asked.authorization.is_none() && !asked.form.contains_key("client_secret"),
        "an empty secret is never sent"
    );
    assert_eq!(asked.form["client_id"], "client-2");
}

#[tokio::test]
async fn a_test_says_who_answered_and_its_result_is_the_last_one() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let id = sign_in(&connect, entry(&store, &server)).await;
    let entry = entry(&store, &server);
    let tested = connect.test(&entry, &id).await;
    assert!(tested.ok && tested.message == "Demo answered: signed in as Ada L.", "{tested:?}");
    server.script(|seen, number| if seen.path == "/userinfo" { raw(500, "") } else { usual(seen, number) });
    let tested = connect.test(&entry, &id).await;
    assert!(!tested.ok && !tested.message.is_empty());
    let ConnectionState { status, details } = connect.state(&entry).unwrap();
    assert!(matches!(status, Status::Failed { .. }), "{status:?}");
    assert_eq!(details.unwrap().last.unwrap().message, tested.message);
    assert!(!connect.test(&entry, "nonsense").await.ok);
}

#[tokio::test]
async fn preflight_tells_everything_and_asks_nobody() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let told = connect.preflight(&entry(&store, &server));
    assert_eq!(
        (told.party.as_str(), told.client_id.as_str(), told.secret_from),
        ("Demo", "client-1", SecretFrom::Vault)
    );
    assert!(told.missing.is_empty() && told.pkce && told.browser && told.sends_secret);
    assert_eq!(told.ways[0].way, Way::Loopback);
    assert_eq!(told.ways[0].redirect_uris, ["http://127.0.0.1/auth/oauth2/callback"]);
    assert!(told.ways[0].any_port);
    assert_eq!(told.hosts, [server.address.to_string()]);
    assert_eq!(told.scopes.iter().map(|line| line.scope.as_str()).collect::<Vec<_>>(), ["a", "b"]);

    let bare = Entry { client: Client::default(), ..with(entry(&store, &server), |block| block.token_url.clear()) };
    let missing: Vec<_> = connect.preflight(&bare).missing.into_iter().map(|trouble| trouble.message).collect();
    assert_eq!(missing, ["The token URL of Demo is not known.", "There is no client id for Demo yet."]);
    assert!(connect.start(bare, None).await.is_err());
    let evil = with(entry(&store, &server), |block| block.authorize_url = "file:///etc/passwd".into());
    assert!(connect.start(evil, None).await.unwrap_err().to_string().contains("authorize URL"));
    assert!(house.opened.lock().unwrap().is_empty() && server.seen("/token").is_empty());
}

#[tokio::test]
async fn every_provider_that_signs_people_in_has_a_usable_preflight() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let settings = [
        ("authorize_url", "https://operator.example/authorize"),
        ("token_url", "https://operator.example/token"),
        ("userinfo_url", "https://operator.example/userinfo"),
    ];
    for provider in providers::all().iter().filter(|provider| provider.kind == providers::Kind::Oauth) {
        if provider.id == "oauth2" {
            continue;
        }
        let entry = Entry {
            provider: provider.id.into(),
            oauth2: None,
            settings: settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            ..entry(&store, &server)
        };
        let told = connect.preflight(&entry);
        assert!(told.missing.is_empty(), "{}: {:?}", provider.id, told.missing);
        assert!(!told.ways.is_empty() && !told.ways[0].redirect_uris.is_empty(), "{}", provider.id);
        assert!(!told.hosts.is_empty(), "{}", provider.id);
        let view = connect.start(Entry { scope: "tweet.read".into(), ..entry }, None).await.unwrap();
        assert!(view.url.starts_with("https://"), "{}", view.url);
        connect.cancel(&view.id).await;
    }
}
