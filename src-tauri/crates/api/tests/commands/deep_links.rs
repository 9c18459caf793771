//! Links that any program or page can send: they answer a sign-in that waits for them, and do nothing else.

use serde_json::{Value, json};

use crate::Desk;
use crate::browser::{Decision, decide};
use crate::connections::{CRM, entry};

fn waiting() -> (Desk, Value, Value) {
    let desk = Desk::linked();
    let bot = desk.bot_with_vault(CRM, "");
    desk.call("practice_choose", json!({ "bot": bot["bot"], "alias": "crm", "practice": true }));
    let attempt =
        desk.call("connect_start", json!({ "bot": bot["bot"], "alias": "crm", "persona": null, "way": null }));
    assert_eq!((&attempt["way"], &attempt["state"]), (&json!("deepLink"), &json!("waiting")), "{attempt}");
    (desk, bot, attempt)
}

fn state(desk: &Desk, attempt: &Value) -> Value {
    desk.call("connect_get", json!({ "attempt": attempt["attempt"] }))["state"].clone()
}

#[test]
fn a_link_answers_the_sign_in_that_waits_for_it() {
    let (desk, bot, attempt) = waiting();
    let link = decide(attempt["link"].as_str().unwrap(), Decision::Allow);
    assert!(link.starts_with("patchbay://auth/oauth2/callback?"), "{link}");
    desk.studio.deep_link(&link);
    assert_eq!(state(&desk, &attempt), "connected");
    assert_eq!(entry(&desk, &bot, "crm")["state"], "connected");
    let before = desk.call("bot_get", json!({ "bot": bot["bot"] }));
    desk.studio.deep_link(&link);
    assert_eq!(desk.call("bot_get", json!({ "bot": bot["bot"] })), before, "the same link once more does nothing");
}

#[test]
fn a_declining_link_ends_it() {
    let (desk, _, attempt) = waiting();
    desk.studio.deep_link(&decide(attempt["link"].as_str().unwrap(), Decision::Deny));
    assert_eq!(state(&desk, &attempt), "failed");
}

#[test]
fn a_link_that_nobody_waits_for_does_nothing() {
    let desk = Desk::linked();
    let bot = desk.bot_with_vault(CRM, "");
    let before = desk.call("bot_get", json!({ "bot": bot["bot"] }));
    desk.studio.deep_link("patchbay://auth/oauth2/callback?code=made-up&state=made-up");
    desk.studio.deep_link("patchbay://login/crm");
    assert_eq!(desk.call("bot_get", json!({ "bot": bot["bot"] })), before);
    let noticed = desk.events.try_iter().filter(|event| *event == studio::Event::Noticed).count();
    assert_eq!(noticed, 1, "what was not read yet is not told again");
    let notice = desk.call("app_info", json!({}))["notice"].clone();
    assert_eq!(notice, "This callback belongs to another sign-in. Start again from here.");
    assert_eq!(desk.call("app_info", json!({}))["notice"], Value::Null, "told once");
    assert!(desk.browser.opened().is_empty(), "a link starts nothing");
}

#[test]
fn a_flood_does_not_keep_the_right_one_out() {
    let (desk, _, attempt) = waiting();
    let right = decide(attempt["link"].as_str().unwrap(), Decision::Allow);
    let began = std::time::Instant::now();
    for number in 0..1_000 {
        desk.studio.deep_link(&format!("patchbay://auth/oauth2/callback?code=c&state=guess-{number}"));
    }
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    assert_eq!(state(&desk, &attempt), "waiting");
    desk.studio.deep_link(&right);
    assert_eq!(state(&desk, &attempt), "connected");
}

#[test]
fn odd_links_are_dropped() {
    let (desk, _, attempt) = waiting();
    let right = decide(attempt["link"].as_str().unwrap(), Decision::Allow);
    let query = right.split_once('?').unwrap().1.to_owned();
    for odd in [
        String::new(),
        "patchbay:".to_owned(),
        "patchbay://".to_owned(),
        format!("patchbay://auth/oauth2/callback?code={}&state=s", "x".repeat(10_000_000)),
        format!("patchbay://auth/other?{query}"),
        format!("patchbay://evil/oauth2/callback?{query}"),
        format!("patchbay://user@auth/oauth2/callback?{query}"),
        format!("https://auth/oauth2/callback?{query}"),
        format!("other://auth/oauth2/callback?{query}"),
        "patchbay://auth/oauth2/callback?code=\u{0}\u{202e}&state=%FF%FE".to_owned(),
        "\u{0}".to_owned(),
    ] {
        desk.studio.deep_link(&odd);
        let shown: String = odd.chars().take(80).collect();
        assert_eq!(state(&desk, &attempt), "waiting", "{shown:?}");
    }
    desk.studio.deep_link(&right);
    assert_eq!(state(&desk, &attempt), "connected");
}
