//! What the token helpers give in each of the eleven cases.

use connect::{Flow, Status};
use serde_json::json;
use store::Secret;

use crate::browser::browse;
use crate::house::{House, bot, callback, connected, entry, failed, sign_in, token, with};
use crate::server::{Server, error, ok, raw, usual};

async fn signed_in() -> (House, Server, connect::Connect, store::Store, String) {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let id = sign_in(&connect, entry(&store, &server)).await;
    (house, server, connect, store, id)
}

#[tokio::test]
async fn case_01_a_valid_token_is_given_without_asking() {
    let (house, server, connect, store, id) = signed_in().await;
    house.pass(3539);
    assert_eq!(token(&connect, &entry(&store, &server), &id).await.as_deref(), Some("canary-at-1"));
    assert_eq!(server.seen("/token").len(), 1);
    let info = connect.token_info(&entry(&store, &server), &id).await.value.unwrap();
    assert_eq!((info.name.as_deref(), info.email.as_deref()), (Some("Ada L"), Some("ada@example.org")));
    let full = connect.full_token(&entry(&store, &server), &id).await.value.unwrap();
    assert_eq!((full.uid.as_deref(), full.provider.as_str()), (Some("7"), "oauth2"));
    assert_eq!((full.token.unwrap().expose().as_str(), full.scopes), ("canary-at-1", vec!["a".into(), "b".into()]));
    assert_eq!(full.refresh_token.unwrap().expose(), "canary-rt-1");
    assert_eq!(full.raw_info["sub"], "7");
}

#[tokio::test]
async fn case_02_a_token_about_to_end_is_refreshed_once_and_stored_first() {
    let (house, server, connect, store, id) = signed_in().await;
    house.pass(3541);
    let entry = entry(&store, &server);
    assert_eq!(token(&connect, &entry, &id).await.as_deref(), Some("canary-at-2"));
    assert_eq!(server.last("/token").form["refresh_token"], "canary-rt-1");
    assert!(!server.last("/token").form.contains_key("scope"), "no scope on refresh");
    let (_, grant) = store.grant(entry.bot, &id).unwrap().unwrap();
    assert!(grant.expose().contains("canary-at-2") && grant.expose().contains("canary-rt-2"));
    assert_eq!(token(&connect, &entry, &id).await.as_deref(), Some("canary-at-2"));
    assert_eq!(server.seen("/token").len(), 2);
}

#[tokio::test]
async fn case_03_a_server_in_trouble_costs_nothing_but_time() {
    let (house, server, connect, store, id) = signed_in().await;
    server.script(|seen, number| if seen.path == "/token" { raw(503, "<html>") } else { usual(seen, number) });
    let entry = entry(&store, &server);
    house.pass(3541);
    let outcome = connect.access_token(&entry, &id).await;
    assert_eq!(outcome.value.unwrap().expose(), "canary-at-1", "the old one still lives");
    assert!(outcome.note.unwrap().contains("fault of its own"));
    assert!(matches!(connect.state(&entry).unwrap().status, Status::Failed { retry_at: Some(_), .. }));
    house.pass(1);
    token(&connect, &entry, &id).await;
    assert_eq!(server.seen("/token").len(), 2, "it waits before it asks again");
    house.pass(60);
    assert_eq!(token(&connect, &entry, &id).await, None, "expired by now");
    assert_eq!(server.seen("/token").len(), 3);
    server.script(usual);
    house.pass(3600);
    assert_eq!(token(&connect, &entry, &id).await.as_deref(), Some("canary-at-4"), "the grant was kept");
    assert!(matches!(connect.state(&entry).unwrap().status, Status::Connected { renews: true, .. }));
}

#[tokio::test]
async fn case_04_invalid_grant_ends_the_connection_and_wipes_its_secrets() {
    let (house, server, connect, store, id) = signed_in().await;
    server.script(|seen, number| if seen.path == "/token" { error(400, "invalid_grant") } else { usual(seen, number) });
    let entry = entry(&store, &server);
    house.pass(3541);
    let outcome = connect.access_token(&entry, &id).await;
    assert!(outcome.value.is_none());
    assert_eq!(outcome.note.as_deref(), Some("Demo ended this sign-in: it was revoked, or it expired. Connect again."));
    let (kept, grant) = store.grant(entry.bot, &id).unwrap().unwrap();
    assert!(!grant.expose().contains("canary"), "wiped");
    assert!(kept.facts.contains("Ada L"), "the record stays for inspection");
    assert!(matches!(connect.state(&entry).unwrap().status, Status::Failed { retry_at: None, .. }));
    assert_eq!(token(&connect, &entry, &id).await, None);
    assert_eq!(server.seen("/token").len(), 2, "it is not asked for again");
    server.script(usual);
    let again = sign_in(&connect, entry).await;
    assert_ne!(again, id);
}

#[tokio::test]
async fn case_05_an_expired_token_without_refresh_is_nil() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    server.script(|seen, number| match seen.path.as_str() {
        "/token" => ok(json!({ "access_token": "canary-at-1", "expires_in": 3600 })),
        _ => usual(seen, number),
    });
    let id = sign_in(&connect, entry(&store, &server)).await;
    let entry = entry(&store, &server);
    assert!(matches!(connect.state(&entry).unwrap().status, Status::NeedsAttention(_)), "it will stop");
    house.pass(3599);
    assert_eq!(token(&connect, &entry, &id).await.as_deref(), Some("canary-at-1"), "to the last second");
    house.pass(1);
    let outcome = connect.access_token(&entry, &id).await;
    assert!(outcome.value.is_none() && outcome.note.unwrap().contains("has expired and cannot renew itself"));
    assert!(matches!(connect.state(&entry).unwrap().status, Status::NeedsAttention(_)));
}

#[tokio::test]
async fn case_06_client_credentials_are_fetched_again_and_kept_meanwhile() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    server.script(|_, number| ok(json!({ "access_token": format!("canary-cc-{number}"), "expires_in": 600 })));
    let own = || with(entry(&store, &server), |block| block.flow = Flow::ClientCredentials);
    let got = connect.client_credentials(&own()).await.unwrap();
    assert_eq!(server.last("/token").form["grant_type"], "client_credentials");
    assert_eq!(server.last("/token").form["scope"], "a b");
    house.pass(539);
    assert_eq!(token(&connect, &own(), &got.id).await.as_deref(), Some("canary-cc-1"));
    house.pass(2);
    assert_eq!(token(&connect, &own(), &got.id).await.as_deref(), Some("canary-cc-2"));
    assert!(matches!(connect.state(&own()).unwrap().status, Status::Connected { renews: true, .. }));
}

#[tokio::test]
async fn case_07_wrong_ids_are_nil_and_never_logged() {
    let (house, server, connect, store, id) = signed_in().await;
    let entry = entry(&store, &server);
    let flipped = id.replace(|c: char| c == id.chars().next().unwrap(), "0");
    for wrong in ["", "nil", "0", &flipped[..31], "../../etc/passwd", &"f".repeat(32), &"x".repeat(100_000)] {
        let outcome = connect.access_token(&entry, wrong).await;
        assert!(outcome.value.is_none(), "{wrong:.40}");
        assert_eq!(outcome.note.as_deref(), Some("There is no token with this id. Sign in again to get another."));
        assert!(connect.token_info(&entry, wrong).await.value.is_none());
        assert!(connect.full_token(&entry, wrong).await.value.is_none());
        assert!(!connect.delete_token(Some(&entry), entry.bot, wrong).await.unwrap().existed);
    }
    let other = store.identify(None, std::path::Path::new("/other")).unwrap().bot().unwrap();
    let foreign = connect::Entry { bot: other, ..self::entry(&store, &server) };
    assert_eq!(token(&connect, &foreign, &id).await, None, "another bot's");
    let alias = connect::Entry { alias: "else".into(), ..self::entry(&store, &server) };
    assert_eq!(token(&connect, &alias, &id).await, None, "another entry's");
    assert_eq!(token(&connect, &entry, &id).await.as_deref(), Some("canary-at-1"));
    drop(house);
}

#[tokio::test]
async fn case_08_a_deleted_token_is_nil_and_was_revoked() {
    let (_house, server, connect, store, id) = signed_in().await;
    let entry = entry(&store, &server);
    let first = connect.delete_token(Some(&entry), entry.bot, &id).await.unwrap();
    assert_eq!((first.existed, first.revoked), (true, connect::Revoked::Done));
    let revoked: Vec<_> = server.seen("/revoke").iter().map(|seen| seen.form["token"].clone()).collect();
    assert_eq!(revoked, ["canary-rt-1", "canary-at-1"], "the refresh token first");
    assert!(!connect.delete_token(Some(&entry), entry.bot, &id).await.unwrap().existed);
    assert_eq!(token(&connect, &entry, &id).await, None);
    assert_eq!(connect.state(&entry).unwrap().status, Status::NotConnected);
}

#[tokio::test]
async fn case_09_a_secret_is_the_text_that_was_filled_in() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    store.set(bot(&store), "demo", &Secret::new("canary-key".to_owned())).unwrap();
    for provider in ["secret", "twilio"] {
        let fixed = connect::Entry { provider: provider.into(), oauth2: None, ..entry(&store, &server) };
        assert_eq!(token(&connect, &fixed, "demo").await.as_deref(), Some("canary-key"), "{provider}");
    }
}

#[tokio::test]
async fn case_10_a_refusal_in_the_browser_makes_no_event_and_leaves_the_old_token() {
    let (house, server, connect, store, id) = signed_in().await;
    house.changes.lock().unwrap().clear();
    let view = connect.start(entry(&store, &server), None).await.unwrap();
    browse(&callback(&view, "error=access_denied")).await;
    assert!(failed(&connect.finished(&view.id).await.unwrap()).contains("access was declined"));
    assert!(!house.changes.lock().unwrap().iter().any(|change| matches!(change, connect::Change::Token { .. })));
    assert_eq!(token(&connect, &entry(&store, &server), &id).await.as_deref(), Some("canary-at-1"));
}

#[tokio::test]
async fn case_11_a_second_sign_in_replaces_and_revokes_only_another_account() {
    let (house, server, connect, store, first) = signed_in().await;
    let persona = |name: &str| connect::Entry { persona: Some(name.into()), ..entry(&store, &server) };
    let of_ann = sign_in(&connect, persona("ann")).await;
    assert_eq!(token(&connect, &entry(&store, &server), &first).await.as_deref(), Some("canary-at-1"), "apart");
    let second = sign_in(&connect, persona("ann")).await;
    assert_eq!(token(&connect, &persona("ann"), &of_ann).await, None, "the old id is gone");
    assert_eq!(token(&connect, &persona("ann"), &second).await.as_deref(), Some("canary-at-3"));
    assert!(server.seen("/revoke").is_empty(), "revoking could end the new one of the same account");
    let event = house.changes.lock().unwrap().iter().rev().find_map(|change| match change {
        connect::Change::Token { persona, id, alias, .. } => Some((persona.clone(), id.clone(), alias.clone())),
        _ => None,
    });
    assert_eq!(event, Some((Some("ann".into()), second.clone(), "demo".into())));

    server.script(|seen, number| match seen.path.as_str() {
        "/userinfo" => ok(json!({ "sub": "8", "name": "Bob" })),
        _ => usual(seen, number),
    });
    let view = connect.start(persona("ann"), None).await.unwrap();
    browse(&callback(&view, "code=c")).await;
    connected(&connect.finished(&view.id).await.unwrap());
    for _ in 0..200 {
        if server.seen("/revoke").len() == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(server.seen("/revoke")[0].form["token"], "canary-rt-3");
}
