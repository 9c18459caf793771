//! OA-08 and OA-09: refreshing, by many at once, across processes, and cut off in the middle.

use std::time::Duration;

use connect::{Connect, Status};
use serde_json::json;
use store::{Lease, Store};

use crate::house::{House, entry, sign_in, token, with};
use crate::server::{Answer, Server, error, ok, raw, tokens, usual};

async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..1000 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("never: {what}");
}

/// Lets this many callers ask at once; gives what they got.
async fn crowd(server: &Server, processes: &[(Connect, Store)], id: &str, callers: usize) -> Vec<Option<String>> {
    let mut asking = tokio::task::JoinSet::new();
    for number in 0..callers {
        let (connect, store) = &processes[number % processes.len()];
        let (connect, entry, id) = (connect.clone(), entry(store, server), id.to_owned());
        asking.spawn(async move { token(&connect, &entry, &id).await });
    }
    asking.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn oa_09_fifty_callers_in_one_process_make_one_request() {
    let (house, server) = (House::new(), Server::new().await);
    let process = house.process();
    let id = sign_in(&process.0, entry(&process.1, &server)).await;
    house.pass(3600);
    let got = crowd(&server, &[process], &id, 50).await;
    assert!(got.iter().all(|token| token.as_deref() == Some("canary-at-2")), "{got:?}");
    assert_eq!(server.seen("/token").len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn oa_09_fifty_callers_in_two_processes_make_one_request() {
    let (house, server) = (House::new(), Server::new().await);
    let processes = [house.process(), house.process()];
    let id = sign_in(&processes[0].0, entry(&processes[0].1, &server)).await;
    for round in 2..5 {
        house.pass(3600);
        let got = crowd(&server, &processes, &id, 50).await;
        let expect = format!("canary-at-{round}");
        assert!(got.iter().all(|token| token.as_deref() == Some(&expect)), "{got:?}");
        assert_eq!(server.seen("/token").len(), round, "one request a round");
        assert_eq!(server.last("/token").form["refresh_token"], format!("canary-rt-{}", round - 1), "still alive");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn oa_09_a_failure_is_asked_for_once_too() {
    let (house, server) = (House::new(), Server::new().await);
    let process = house.process();
    let id = sign_in(&process.0, entry(&process.1, &server)).await;
    server.script(|_, _| raw(503, "{}"));
    house.pass(3600);
    let got = crowd(&server, &[process], &id, 50).await;
    assert!(got.iter().all(Option::is_none));
    assert_eq!(server.seen("/token").len(), 2);
}

#[tokio::test]
async fn oa_09_a_caller_that_stops_waiting_does_not_lose_the_token() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let id = sign_in(&connect, entry(&store, &server)).await;
    house.pass(3600);
    server.shut(true);
    let impatient = {
        let (connect, entry, id) = (connect.clone(), entry(&store, &server), id.clone());
        tokio::spawn(async move { token(&connect, &entry, &id).await })
    };
    until("the request arrived", || server.seen("/token").len() == 2).await;
    impatient.abort();
    server.shut(false);
    assert_eq!(token(&connect, &entry(&store, &server), &id).await.as_deref(), Some("canary-at-2"));
    assert_eq!(server.seen("/token").len(), 2);
}

/// Another program takes the lease, writes the journal, uses up the refresh token and is killed before it writes the answer.
fn killed_between(store: &Store, entry: &connect::Entry, id: &str) {
    assert!(matches!(store.take_lease(entry.bot, id, "killed", 60).unwrap(), Lease::Taken { .. }));
    assert!(store.start_refresh(entry.bot, id, "killed").unwrap());
}

#[tokio::test]
async fn oa_09_a_winner_killed_between_reply_and_write_is_told_as_interrupted() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let id = sign_in(&connect, entry(&store, &server)).await;
    let entry = entry(&store, &server);
    house.pass(3600);
    killed_between(&store, &entry, &id);
    server.script(|seen, number| if seen.path == "/token" { error(400, "invalid_grant") } else { usual(seen, number) });
    house.pass(61);
    let outcome = connect.access_token(&entry, &id).await;
    assert!(outcome.value.is_none());
    assert_eq!(
        outcome.note.as_deref(),
        Some("The refresh of Demo was interrupted, so its sign-in was lost. Connect again.")
    );
    assert_eq!(server.seen("/token").len(), 2, "it was tried once");
    match connect.state(&entry).unwrap().status {
        Status::Failed { trouble, .. } => assert!(trouble.message.contains("interrupted")),
        other => panic!("{other:?}"),
    }
}

#[test]
fn oa_09_a_program_that_ends_between_request_and_write_leaves_its_mark() {
    let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (ours, doomed) = (runtime(), runtime());
    let house = House::new();
    let (server, id, store) = ours.block_on(async {
        let server = Server::new().await;
        let (connect, store) = house.process();
        let id = sign_in(&connect, entry(&store, &server)).await;
        (server, id, store)
    });
    house.pass(3600);
    server.shut(true);
    let (connect, entry, wanted) = (house.process().0, entry(&store, &server), id.clone());
    doomed.spawn(async move { token(&connect, &entry, &wanted).await });
    ours.block_on(until("the request arrived", || server.seen("/token").len() == 2));
    // The provider uses the refresh token up; the program that asked ends before the answer is written.
    doomed.shutdown_timeout(Duration::ZERO);
    server.script(|seen, number| if seen.path == "/token" { error(400, "invalid_grant") } else { usual(seen, number) });
    server.shut(false);
    house.pass(61);
    let note = ours.block_on(async {
        let (connect, store) = house.process();
        connect.access_token(&crate::house::entry(&store, &server), &id).await.note.unwrap()
    });
    assert_eq!(note, "The refresh of Demo was interrupted, so its sign-in was lost. Connect again.");
}

#[tokio::test]
async fn oa_09_an_interrupted_refresh_that_never_arrived_goes_on() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let id = sign_in(&connect, entry(&store, &server)).await;
    let entry = entry(&store, &server);
    house.pass(3600);
    killed_between(&store, &entry, &id);
    let waiting = {
        let (connect, entry, id) = (connect.clone(), crate::house::entry(&store, &server), id.clone());
        tokio::spawn(async move { token(&connect, &entry, &id).await })
    };
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(server.seen("/token").len(), 1, "the lease is respected while it lasts");
    house.pass(61);
    assert_eq!(waiting.await.unwrap().as_deref(), Some("canary-at-2"));
    assert_eq!(token(&connect, &entry, &id).await.as_deref(), Some("canary-at-2"));
}

#[tokio::test]
async fn oa_09_the_row_is_read_again_before_a_grant_counts_as_lost() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let id = sign_in(&connect, entry(&store, &server)).await;
    let entry = entry(&store, &server);
    house.pass(3600);
    let (bot, other, wanted, now) = (entry.bot, store.clone(), id.clone(), house.now());
    // Another program, which knows nothing of leases, refreshes while our request is on its way; so ours is refused.
    server.script(move |seen, number| {
        if seen.path != "/token" {
            return usual(seen, number);
        }
        if number == 2 {
            let (connection, grant) = other.grant(bot, &wanted).unwrap().unwrap();
            let newer = grant.expose().replace("canary-at-1", "canary-at-9").replace("canary-rt-1", "canary-rt-9");
            let mut value: serde_json::Value = serde_json::from_str(&newer).unwrap();
            value["expires_at"] = json!(now + 3600);
            value["obtained_at"] = json!(now);
            let newer = store::Secret::new(value.to_string());
            assert!(other.replace_grant(bot, &wanted, connection.version, &newer, &connection.facts).unwrap());
        }
        error(400, "invalid_grant")
    });
    assert_eq!(token(&connect, &entry, &id).await.as_deref(), Some("canary-at-9"));
    assert_eq!(server.seen("/token").len(), 2);
}

#[tokio::test]
async fn oa_09_a_clock_set_back_is_not_believed_and_one_set_forward_only_refreshes() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let id = sign_in(&connect, entry(&store, &server)).await;
    let entry = entry(&store, &server);
    house.pass(-7200);
    assert_eq!(token(&connect, &entry, &id).await.as_deref(), Some("canary-at-2"), "set back");
    assert_eq!(token(&connect, &entry, &id).await.as_deref(), Some("canary-at-2"));
    house.pass(100 * 86_400);
    assert_eq!(token(&connect, &entry, &id).await.as_deref(), Some("canary-at-3"), "set forward");
    assert_eq!(server.seen("/token").len(), 3);
}

#[tokio::test]
async fn oa_09_expiry_unknown_is_neither_never_nor_expired() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    server.script(|seen, number| match seen.path.as_str() {
        "/token" => ok(json!({ "access_token": format!("canary-at-{number}"), "refresh_token": "canary-rt" })),
        _ => usual(seen, number),
    });
    let id = sign_in(&connect, entry(&store, &server)).await;
    let entry = entry(&store, &server);
    house.pass(30 * 86_400);
    assert_eq!(token(&connect, &entry, &id).await.as_deref(), Some("canary-at-1"));
    assert!(matches!(connect.state(&entry).unwrap().status, Status::Connected { expires_at: None, renews: true }));
    server.script(|seen, number| match seen.path.as_str() {
        "/userinfo" if seen.authorization.as_deref() == Some("Bearer canary-at-1") => raw(401, "{}"),
        _ => usual(seen, number),
    });
    let tested = connect.test(&entry, &id).await;
    assert!(tested.ok, "{tested:?}");
    assert_eq!(token(&connect, &entry, &id).await.as_deref(), Some("canary-at-2"), "the test renewed what was refused");
}

#[tokio::test]
async fn oa_09_a_refresh_token_left_out_stays() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    server.script(|seen, number| match (seen.path.as_str(), number) {
        ("/token", 1) => ok(tokens(1)),
        ("/token", _) => ok(json!({ "access_token": format!("canary-at-{number}"), "expires_in": 60 })),
        _ => usual(seen, number),
    });
    let id = sign_in(&connect, entry(&store, &server)).await;
    for number in 2..4 {
        house.pass(3600);
        let got = token(&connect, &entry(&store, &server), &id).await;
        assert_eq!(got, Some(format!("canary-at-{number}")));
        assert_eq!(server.last("/token").form["refresh_token"], "canary-rt-1");
    }
}

#[tokio::test]
async fn oa_08_answers_that_cannot_be_used_keep_the_grant() {
    let check = async |answer: fn() -> Answer, expect: &str| {
        let (house, server) = (House::new(), Server::new().await);
        let (connect, store) = house.process();
        let id = sign_in(&connect, entry(&store, &server)).await;
        let entry = with(entry(&store, &server), |block| block.auth_style = Some("body".into()));
        house.pass(3600);
        server.script(move |_, _| answer());
        let note = connect.access_token(&entry, &id).await.note.unwrap();
        assert!(note.contains(expect), "{note}");
        assert_eq!(server.seen("/token").len() + server.seen("/elsewhere").len(), 2, "not followed");
        server.script(usual);
        house.pass(100_000);
        assert_eq!(token(&connect, &entry, &id).await.as_deref(), Some("canary-at-3"), "{expect}");
    };
    check(
        || Answer { headers: vec![("location", "/elsewhere".into())], ..raw(301, "") },
        "sends the request elsewhere",
    )
    .await;
    check(
        || Answer { headers: vec![("location", "/elsewhere".into())], ..raw(307, "") },
        "sends the request elsewhere",
    )
    .await;
    check(|| raw(200, "<html>Maintenance</html>"), "the answer is a web page").await;
    check(|| raw(200, &format!("{{\"x\":\"{}\"}}", "x".repeat(10 * 1024 * 1024))), "larger than").await;
    check(|| error(401, "invalid_client"), "does not know this client id").await;
    check(|| error(400, "unauthorized_client"), "does not let this client").await;
    check(|| error(500, "invalid_grant"), "fault of its own").await;
    check(|| raw(400, "<html>Bad request</html>"), "Demo said no").await;
}

#[tokio::test]
async fn oa_09_a_lost_answer_is_told_as_interrupted() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let id = sign_in(&connect, entry(&store, &server)).await;
    let entry = entry(&store, &server);
    house.pass(3600);
    // The server rotates, and nobody can read what it gave.
    server.script(|_, _| raw(200, &" ".repeat(2 * 1024 * 1024)));
    let outcome = connect.access_token(&entry, &id).await;
    assert!(outcome.value.is_none() && outcome.note.is_some());
    server.script(|_, _| error(400, "invalid_grant"));
    house.pass(60);
    let note = connect.access_token(&entry, &id).await.note.unwrap();
    assert_eq!(note, "The refresh of Demo was interrupted, so its sign-in was lost. Connect again.");
}

#[tokio::test]
async fn oa_08_retry_after_is_kept() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let id = sign_in(&connect, entry(&store, &server)).await;
    let entry = entry(&store, &server);
    server.script(|_, _| Answer { headers: vec![("retry-after", "600".into())], ..raw(429, "{}") });
    house.pass(3600);
    let note = connect.access_token(&entry, &id).await.note.unwrap();
    assert_eq!(note, "Demo wants fewer requests for now. The sign-in is kept; try again in 10 min.");
    server.script(usual);
    house.pass(599);
    assert_eq!(token(&connect, &entry, &id).await, None);
    house.pass(2);
    assert_eq!(token(&connect, &entry, &id).await.as_deref(), Some("canary-at-3"));
}

#[tokio::test]
async fn google_near_the_seventh_day_is_told_of_testing_mode() {
    let (house, server) = (House::new(), Server::new().await);
    *house.practice.lock().unwrap() = Some(server.address);
    let (connect, store) = house.process();
    let google = || connect::Entry {
        provider: "google".into(),
        oauth2: None,
        practice: Some(server.address),
        ..entry(&store, &server)
    };
    server.script(|seen, number| match seen.path.rsplit('/').next().unwrap() {
        "token" if seen.form.get("grant_type").is_some_and(|kind| kind == "refresh_token") => {
            error(400, "invalid_grant")
        }
        "token" => ok(tokens(number)),
        "userinfo" => ok(json!({ "sub": "7", "name": "Ada L" })),
        _ => usual(seen, number),
    });
    let id = sign_in(&connect, google()).await;
    house.pass(7 * 86_400);
    let note = connect.access_token(&google(), &id).await.note.unwrap();
    assert!(note.contains("after 7 days") && note.contains("Google Cloud console"), "{note}");
    assert_eq!(server.seen("/oauth2.googleapis.com/token").len(), 2, "played by practice");
    let asked = &server.seen("/oauth2.googleapis.com/token")[0];
    assert_eq!(asked.form["client_id"], "client-1");
    assert!(!format!("{asked:?}").contains(crate::house::CLIENT_SECRET), "the real secret stays at home");
}
