//! Service accounts and OAuth 1.0a, against scripted servers.

use std::collections::BTreeMap;

use connect::{ConnectError, Entry, Status};
use serde_json::json;
use store::Secret;

use crate::browser::browse;
use crate::house::{House, connected, entry, token};
use crate::server::{Server, error, ok, raw, usual};

/// A key that was made for these tests and opens nothing.
fn key_file(token_uri: &str) -> Secret<String> {
    use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
    let pair = aws_lc_rs::rsa::KeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'static> = pair.as_der().unwrap();
    let body = data_encoding::BASE64.encode(der.as_ref());
    let lines: Vec<_> = body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"));
    Secret::new(
        json!({
            "type": "service_account", "project_id": "demo", "private_key_id": "k1", "private_key": pem,
            "client_email": "bot@demo.iam.gserviceaccount.com", "client_id": "1", "token_uri": token_uri,
        })
        .to_string(),
    )
}

fn account(store: &store::Store, server: &Server) -> Entry {
    Entry {
        provider: "google_service_account".into(),
        oauth2: None,
        scope: "https://www.googleapis.com/auth/calendar,https://www.googleapis.com/auth/drive".into(),
        practice: Some(server.address),
        ..entry(store, server)
    }
}

#[tokio::test]
async fn a_service_account_mints_a_token_and_keeps_it() {
    let (house, server) = (House::new(), Server::new().await);
    *house.practice.lock().unwrap() = Some(server.address);
    let (connect, store) = house.process();
    server.script(|_, number| ok(json!({ "access_token": format!("canary-sa-{number}"), "expires_in": 3600 })));
    let entry = account(&store, &server);
    let file = key_file("https://oauth2.googleapis.com/token");
    let view = connect.service_account(&entry, &file).unwrap();
    assert_eq!((view.client_email.as_str(), view.bits), ("bot@demo.iam.gserviceaccount.com", 2048));
    let id = connect.state(&entry).unwrap().details.unwrap().id;
    assert_eq!(token(&connect, &entry, &id).await.as_deref(), Some("canary-sa-1"));
    let path = "/oauth2.googleapis.com/token";
    let asked = server.last(path);
    assert_eq!(asked.form["grant_type"], "urn:ietf:params:oauth:grant-type:jwt-bearer");
    assert_eq!(asked.form["assertion"].split('.').count(), 3);
    assert!(!asked.form.contains_key("client_id") && asked.authorization.is_none());
    assert!(!house.recorded().contains(&asked.form["assertion"]));
    house.pass(3479);
    assert_eq!(token(&connect, &entry, &id).await.as_deref(), Some("canary-sa-1"), "kept");
    house.pass(2);
    assert_eq!(token(&connect, &entry, &id).await.as_deref(), Some("canary-sa-2"), "120 s before its end");
    let other = Entry { scope: "other".into(), ..account(&store, &server) };
    assert_eq!(token(&connect, &other, &id).await.as_deref(), Some("canary-sa-3"), "a token per scope");
    assert!(connect.test(&entry, &id).await.ok);
    assert!(matches!(connect.state(&entry).unwrap().status, Status::Connected { renews: true, .. }));
    assert!(connect.delete_token(Some(&entry), entry.bot, &id).await.unwrap().existed);
}

#[tokio::test]
async fn a_refused_key_and_a_wrong_clock_are_told_apart() {
    let (house, server) = (House::new(), Server::new().await);
    *house.practice.lock().unwrap() = Some(server.address);
    let (connect, store) = house.process();
    server.script(|_, _| error(400, "invalid_grant"));
    let entry = account(&store, &server);
    connect.service_account(&entry, &key_file("https://oauth2.googleapis.com/token")).unwrap();
    let id = connect.state(&entry).unwrap().details.unwrap().id;
    let tested = connect.test(&entry, &id).await;
    assert_eq!(tested.message, "Google refused the key. It was deleted or disabled.");
    house.pass(7 * 60);
    let tested = connect.test(&entry, &id).await;
    assert_eq!(tested.message, "This computer's clock is 7 min ahead.");
    let (_, grant) = store.grant(entry.bot, &id).unwrap().unwrap();
    assert!(grant.expose().contains("PRIVATE KEY"), "a key is never wiped by an answer");
}

#[tokio::test]
async fn a_key_file_that_is_none_is_refused_and_not_kept() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let entry = account(&store, &server);
    for text in ["", "{}", r#"{"installed":{"client_id":"x"}}"#] {
        let refused = connect.service_account(&entry, &Secret::new(text.to_owned())).unwrap_err();
        assert!(matches!(refused, ConnectError::Key(_)), "{refused}");
    }
    let elsewhere = connect.service_account(&entry, &key_file("https://evil.example/token")).unwrap_err();
    assert!(elsewhere.to_string().contains("token_uri"), "{elsewhere}");
    assert_eq!(connect.state(&entry).unwrap().status, Status::NotConnected);
}

#[tokio::test]
async fn facebook_gets_a_long_lived_token_a_proof_and_a_deletion() {
    let (house, server) = (House::new(), Server::new().await);
    *house.practice.lock().unwrap() = Some(server.address);
    let (connect, store) = house.process();
    server.script(|seen, number| match seen.path.rsplit('/').next().unwrap() {
        "access_token" if seen.form["grant_type"] == "fb_exchange_token" => {
            ok(json!({ "access_token": "canary-long", "token_type": "bearer", "expires_in": 5_183_944 }))
        }
        "access_token" => ok(json!({ "access_token": "canary-short", "token_type": "bearer", "expires_in": 3600 })),
        "me" => ok(json!({ "id": "7", "name": "Ada L", "picture": { "data": { "url": "https://x.example/p.jpg" } } })),
        "permissions" => ok(json!({ "success": true })),
        _ => usual(seen, number),
    });
    let facebook = || Entry {
        provider: "facebook".into(),
        oauth2: None,
        scope: "email,public_profile".into(),
        practice: Some(server.address),
        ..entry(&store, &server)
    };
    let view = connect.start(facebook(), None).await.unwrap();
    assert!(view.url.contains("scope=email%2Cpublic_profile") && !view.url.contains("code_challenge"), "{}", view.url);
    assert!(view.redirect_uri.starts_with("http://127.0.0.1:"), "practised, so no pasting");
    browse(&crate::house::callback(&view, "code=c")).await;
    let id = connected(&connect.finished(&view.id).await.unwrap());
    assert_eq!(token(&connect, &facebook(), &id).await.as_deref(), Some("canary-long"));
    let info = connect.token_info(&facebook(), &id).await.value.unwrap();
    assert_eq!(info.image.as_deref(), Some("https://x.example/p.jpg"));
    let asked = server.all().into_iter().find(|seen| seen.path.ends_with("/me")).unwrap();
    assert!(asked.target.contains("appsecret_proof=") && asked.authorization.as_deref() == Some("Bearer canary-long"));
    let deleted = connect.delete_token(Some(&facebook()), facebook().bot, &id).await.unwrap();
    assert_eq!(deleted.revoked, connect::Revoked::Done);
    let asked = server.all().pop().unwrap();
    assert_eq!(asked.method, "DELETE");
    assert!(
        asked.path.starts_with("/graph.facebook.com/v") && asked.path.ends_with("/7/permissions"),
        "{}",
        asked.path
    );
}

#[tokio::test]
async fn practice_needs_no_client_and_no_addresses() {
    let (house, server) = (House::new(), Server::new().await);
    *house.practice.lock().unwrap() = Some(server.address);
    let (connect, store) = house.process();
    server.script(|seen, number| match seen.path.rsplit('/').next().unwrap() {
        "userinfo" | "me" => ok(json!({ "sub": "7", "name": "Ada L" })),
        _ => ok(crate::server::tokens(number)),
    });
    for provider in providers::all().iter().filter(|provider| provider.kind == providers::Kind::Oauth) {
        let bare = || Entry {
            provider: provider.id.into(),
            alias: provider.id.into(),
            oauth2: None,
            client: connect::Client::default(),
            scope: "tweet.read".into(),
            practice: Some(server.address),
            ..entry(&store, &server)
        };
        let view = connect.start(bare(), None).await.unwrap();
        assert!(view.url.starts_with(&server.at("/")), "{}: {}", provider.id, view.url);
        assert!(view.practice && view.url.contains("client_id=practice-client"), "{}", view.url);
        let answer = crate::house::callback(&view, "code=c");
        let over = match view.way {
            connect::Way::DeepLink => connect.deep_link(&answer).await.unwrap(),
            _ => {
                browse(&answer).await;
                connect.finished(&view.id).await.unwrap()
            }
        };
        let id = connected(&over);
        assert!(token(&connect, &bare(), &id).await.is_some(), "{}", provider.id);
        let real = Entry { practice: None, ..bare() };
        assert_eq!(token(&connect, &real, &id).await, None, "{}: practice is not real", provider.id);
    }
}

#[tokio::test]
async fn twitter_without_a_scope_signs_in_with_oauth_1() {
    let (house, server) = (House::new(), Server::new().await);
    *house.practice.lock().unwrap() = Some(server.address);
    let (connect, store) = house.process();
    server.script(|seen, number| match seen.path.rsplit('/').next().unwrap() {
        "request_token" => raw(200, "oauth_token=rt1&oauth_token_secret=canary-rts&oauth_callback_confirmed=true"),
        "access_token" => raw(200, "oauth_token=canary-at1&oauth_token_secret=canary-ats&user_id=1&screen_name=ada"),
        "verify_credentials.json" => ok(json!({ "id_str": "1", "name": "Ada", "screen_name": "ada" })),
        _ => usual(seen, number),
    });
    let twitter = || Entry {
        provider: "twitter".into(),
        oauth2: None,
        scope: String::new(),
        settings: BTreeMap::new(),
        practice: Some(server.address),
        ..entry(&store, &server)
    };
    let view = connect.start(twitter(), None).await.unwrap();
    assert!(view.url.contains("oauth_token=rt1"), "{}", view.url);
    let asked = server.last("/api.twitter.com/oauth/request_token");
    let header = asked.authorization.unwrap();
    assert!(header.starts_with("OAuth ") && header.contains("oauth_callback="), "{header}");
    // The state rides in the callback that was asked for, and comes back with it.
    let encoded = header.split("oauth_callback=\"").nth(1).unwrap().split('"').next().unwrap();
    let asked = url::form_urlencoded::parse(format!("u={encoded}").as_bytes()).next().unwrap().1.into_owned();
    let page = browse(&format!("{asked}&oauth_token=other&oauth_verifier=v")).await;
    assert_eq!(page.status, 302);
    assert!(matches!(connect.finished(&view.id).await.unwrap().stage, connect::Stage::Failed(_)), "another token");

    let view = connect.start(twitter(), None).await.unwrap();
    let header = server.last("/api.twitter.com/oauth/request_token").authorization.unwrap();
    let encoded = header.split("oauth_callback=\"").nth(1).unwrap().split('"').next().unwrap();
    let asked = url::form_urlencoded::parse(format!("u={encoded}").as_bytes()).next().unwrap().1.into_owned();
    browse(&format!("{asked}&oauth_token=rt1&oauth_verifier=v")).await;
    let id = connected(&connect.finished(&view.id).await.unwrap());
    let full = connect.full_token(&twitter(), &id).await.value.unwrap();
    assert_eq!(
        (full.token.unwrap().expose().as_str(), full.secret.unwrap().expose().as_str()),
        ("canary-at1", "canary-ats")
    );
    assert_eq!((full.uid.as_deref(), full.expires, full.info.nickname.as_deref()), (Some("1"), false, Some("ada")));
    for canary in ["canary-at1", "canary-ats", "canary-rts"] {
        assert!(!house.recorded().contains(canary), "{canary}");
    }
}
