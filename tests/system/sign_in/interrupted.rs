//! A refresh whose process dies between the request and its own write, and refreshes at once in many processes.

use std::path::PathBuf;
use std::time::Duration;

use tests::{Keychain, LONG, Outcome, Patience, Session, bots, run};

use super::fixed_ports;
use super::talk::{ADA, Bot};
use crate::odd_provider::{OddProvider, Reply, manifest, refused, tokens};

/// A lease that nobody gives back lasts a minute.
const AFTER_A_LEASE: Patience = Duration::from_secs(100);

fn folder(session: &Session, provider: &OddProvider) -> PathBuf {
    let manifest = manifest(&provider.base(), &provider.base());
    let files = [("integrations.yaml", manifest.as_bytes()), ("main.bubble", b"say \"Hello\"\n".as_slice())];
    bots::write(session.home(), "bot", &files)
}

/// Signs in with a token that has to be renewed at once.
fn connected<'s>(session: &'s Session, provider: &OddProvider) -> Bot<'s> {
    let _ports = fixed_ports();
    let bot = Bot::new(session, &folder(session, provider));
    let (outcome, landing) = bot.sign_in(&["connect", "own"], ADA);
    assert_eq!(outcome.code, Some(0), "{outcome:?} {}", landing.text);
    bot
}

/// Kills a process that waits for its new token, then asks again.
fn asks_again_after_a_kill(then: Reply) -> (OddProvider, Outcome, Session) {
    let provider = OddProvider::start([tokens("first-access", "first-refresh", 1), Reply::Hold]);
    let session = Session::new(Keychain::None);
    let outcome = {
        let bot = connected(&session, &provider);
        let winner = bot.talk(&["token", "get", "own"]);
        provider.wait_until_held();
        winner.kill();
        provider.release();
        provider.then(then.clone());
        provider.then(then);
        run(&mut bot.command(&["token", "get", "own"]), b"", AFTER_A_LEASE).into()
    };
    (provider, outcome, session)
}

#[test]
fn oa_09_killed_while_refreshing_is_told_as_interrupted() {
    let (provider, outcome, session) = asks_again_after_a_kill(refused("invalid_grant"));
    outcome.expect(4, "The refresh of Own was interrupted, so its sign-in was lost.");
    assert!(outcome.err.contains("Connect again."), "{outcome:?}");
    let sent = provider.grants("refresh_token");
    assert_eq!(sent.len(), 2, "the request that was cut off, and one more: {sent:?}");
    // It stays said, and nobody is asked in vain.
    let bot = Bot::again(&session, &session.home().path("bots/bot"));
    bot.run(&["token", "get", "own"]).expect(4, "The refresh of Own was interrupted, so its sign-in was lost.");
    assert_eq!(provider.grants("refresh_token").len(), 2);
    let listed = bot.ok(&["integrations"]);
    assert!(listed.contains("failed: The refresh of Own was interrupted"), "{listed}");
}

#[test]
fn oa_09_killed_while_refreshing_goes_on_where_the_provider_takes_the_old_token() {
    let (provider, outcome, _session) = asks_again_after_a_kill(tokens("second-access", "second-refresh", 3600));
    assert_eq!((outcome.code, outcome.out.as_str()), (Some(0), "second-access"), "{outcome:?}");
    let sent: Vec<_> = provider.grants("refresh_token").iter().map(|one| one.field("refresh_token")).collect();
    assert_eq!(sent, vec![Some("first-refresh".to_owned()); 2]);
}

#[test]
fn oa_09_eight_processes_refresh_once() {
    const PROCESSES: usize = 8;
    let provider = OddProvider::start([tokens("first-access", "first-refresh", 1), Reply::Hold]);
    let session = Session::new(Keychain::None);
    let bot = connected(&session, &provider);
    let racers: Vec<_> = (0..PROCESSES)
        .map(|_| {
            let mut command = bot.command(&["token", "get", "own"]);
            std::thread::spawn(move || run(&mut command, b"", LONG))
        })
        .collect();
    // Held back until one of them has asked, so that the others find it at work.
    provider.wait_until_held();
    provider.then(tokens("second-access", "second-refresh", 3600));
    provider.release();
    for racer in racers {
        let output = racer.join().unwrap();
        assert!(output.status.success() && output.stdout == b"second-access", "{output:?}");
    }
    let sent = provider.grants("refresh_token");
    assert_eq!(sent.len(), 1, "{sent:?}");
}

/// What came back is written down before anybody uses it, so the next refresh sends the newest token.
#[test]
fn rotation_sends_the_newest_refresh_token() {
    let replies = (1..=4).map(|round| tokens(&format!("access-{round}"), &format!("refresh-{round}"), 1));
    let provider = OddProvider::start(replies);
    let session = Session::new(Keychain::None);
    let bot = connected(&session, &provider);
    for round in 2..=4 {
        assert_eq!(bot.ok(&["token", "get", "own"]), format!("access-{round}"));
    }
    let sent: Vec<_> = provider.grants("refresh_token").iter().filter_map(|one| one.field("refresh_token")).collect();
    assert_eq!(sent, ["refresh-1", "refresh-2", "refresh-3"]);
}

/// Only `invalid_grant` ends a sign-in.
#[test]
fn other_errors_keep_the_sign_in() {
    for (reply, sentence) in [
        (Reply::Json(503, String::new()), "Own has a fault of its own for now."),
        (Reply::Json(429, String::new()), "Own wants fewer requests for now."),
        (Reply::Json(200, "<html>".to_owned()), "Own answered, but"),
        (refused("invalid_client"), "Own does not know this client id"),
    ] {
        let provider = OddProvider::start([tokens("first-access", "first-refresh", 0), reply.clone(), reply]);
        let session = Session::new(Keychain::None);
        let bot = connected(&session, &provider);
        bot.run(&["token", "get", "own"]).expect(4, sentence);
        let asked = provider.grants("refresh_token").len();
        // A pause follows: the same sentence, and no request.
        bot.run(&["token", "get", "own"]).expect(4, sentence);
        assert_eq!(provider.grants("refresh_token").len(), asked, "{sentence}");
        assert!(bot.ok(&["connections"]).contains("renews itself"), "the refresh token is kept: {sentence}");
    }
}
