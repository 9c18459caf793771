//! What a person is told when a provider misbehaves, for everything that practice can do wrong.
//!
//! The sentences stand in `fixtures/samples/faults.txt`. `PATCHBAY_WRITE_TRANSCRIPTS=1` writes them anew.

use std::fmt::Write;

use tests::{Choice, Keychain, Session, bots};

use super::samples;
use super::talk::{ADA, Bot, Talk};

const MANIFEST: &str = "\
- provider: google
  alias: own
  context: user
  scope: openid email profile
";

/// Practice that does something wrong for as long as this lives; every other process practises on the same.
fn with_faults(bot: &Bot<'_>, faults: &[&str]) -> Talk {
    let mut words = vec!["practice", "--port", "0"];
    faults.iter().for_each(|fault| words.extend(["--fault", fault]));
    let mut practice = bot.talk(&words);
    practice.hear("http://127.0.0.1:");
    practice
}

/// Messages of a sign-in that differ from run to run are left out.
fn told(err: &str) -> Vec<&str> {
    let usual = ["Open this address", "http://127.0.0.1", "Callback URL:"];
    err.lines().filter(|line| !usual.iter().any(|start| line.starts_with(start))).collect()
}

fn record(report: &mut String, step: &str, code: Option<i32>, lines: &[&str]) {
    let _ = writeln!(report, "{step}: {}", code.unwrap_or(-1));
    for line in lines {
        let _ = writeln!(report, "  {}", samples::without_times(line));
    }
}

/// Signs in under a fault; then, with a token that was good, asks for another under it.
fn report(fault: &str) -> String {
    let session = Session::new(Keychain::None);
    let files = [("integrations.yaml", MANIFEST.as_bytes()), ("main.bubble", b"say \"Hello\"\n".as_slice())];
    let bot = Bot::new(&session, &bots::write(session.home(), "bot", &files));
    let mut report = format!("== {fault}\n");

    let practice = with_faults(&bot, &[fault]);
    let (outcome, landing) = bot.sign_in(&["connect", "own"], if fault == "deny" { Choice::Deny } else { ADA });
    record(&mut report, "connect", outcome.code, &told(&outcome.err));
    record(&mut report, "browser", landing.status.map(i32::from), &landing.text.lines().collect::<Vec<_>>());
    assert_eq!(practice.end().code, Some(0));

    let expires = with_faults(&bot, &["expired"]);
    assert_eq!(bot.sign_in(&["connect", "own"], ADA).0.code, Some(0));
    assert_eq!(expires.end().code, Some(0));
    let practice = with_faults(&bot, &[fault]);
    let outcome = bot.run(&["token", "get", "own"]);
    let got = outcome.out.starts_with("practice-");
    assert_eq!(got, outcome.code == Some(0), "{outcome:?}");
    record(&mut report, "refresh", outcome.code, &told(&outcome.err));
    assert_eq!(practice.end().code, Some(0));
    let listed = bot.ok(&["integrations"]);
    let state = listed.lines().nth(1).unwrap_or_default().split("integrations.yaml").next().unwrap_or_default();
    record(&mut report, "state", Some(0), &[state.trim()]);
    report
}

#[test]
fn every_fault_is_told_in_a_sentence() {
    let faults = [
        "deny",
        "replay",
        "revoked",
        "too-many-requests",
        "too-many-requests=120",
        "bad-gateway",
        "server-error",
        "slow=300",
        "clock-skew",
        "clock-skew=-600",
        "no-refresh-token",
        "form-encoded",
        "fewer-scopes",
        "expired",
        "truncated-json",
        "wrong-content-type",
    ];
    let reports: Vec<String> = faults.iter().map(|fault| report(fault)).collect();
    samples::check("faults", &reports.concat());
}

#[test]
fn an_unknown_fault_is_a_wrong_use() {
    let session = Session::new(Keychain::None);
    let files = [("integrations.yaml", MANIFEST.as_bytes())];
    let bot = Bot::new(&session, &bots::write(session.home(), "bot", &files));
    let outcome = bot.run(&["practice", "--port", "0", "--fault", "nonsense"]);
    outcome.expect(2, "Practice has no fault `nonsense`.");
    assert!(outcome.err.contains("too-many-requests"), "{outcome:?}");
}
