//! The practice server: runs when it is needed, does wrong on request.

use serde_json::{Value, json};

use crate::Desk;
use crate::browser::{Decision, get, sign_in};

const GOOGLE: &str = "- provider: google\n  context: bot\n  scope: email profile\n";

fn fault(desk: &Desk, name: &str) -> Value {
    let practice = desk.call("practice_get", json!({}));
    practice["faults"].as_array().unwrap().iter().find(|own| own["name"] == name).unwrap().clone()
}

#[test]
fn it_starts_when_an_entry_is_practised() {
    let desk = Desk::new();
    let before = desk.call("practice_get", json!({}));
    assert_eq!((&before["running"], &before["base"]), (&json!(false), &json!("")));
    assert_eq!(before["people"], json!(["Ada Winter", "Victor Cooper", "Noor Verhoeven"]));
    let bot = desk.bot_with_vault(GOOGLE, "");
    assert_eq!(desk.call("practice_get", json!({}))["running"], false, "showing a bot starts nothing");
    desk.call("connect_start", json!({ "bot": bot["bot"], "alias": "google", "persona": null, "way": null }));
    let running = desk.call("practice_get", json!({}));
    assert_eq!(running["running"], true);
    let page = get(&format!("{}/", running["base"].as_str().unwrap()));
    assert!(page.status == 200 && page.body.contains("Practice"), "{page:?}");
}

#[test]
fn faults_switch_on_and_off() {
    let desk = Desk::new();
    for own in desk.call("practice_get", json!({}))["faults"].as_array().unwrap() {
        assert_eq!(own["on"], false);
        assert!(!own["label"].as_str().unwrap().is_empty(), "{own}");
        let name = own["name"].as_str().unwrap();
        desk.call("practice_fault", json!({ "name": name, "on": true }));
        assert_eq!(fault(&desk, name)["on"], true);
        desk.call("practice_fault", json!({ "name": name, "on": false }));
        assert_eq!(fault(&desk, name)["on"], false);
    }
    desk.call("practice_fault", json!({ "name": "slow=5", "on": true }));
    assert_eq!(fault(&desk, "slow")["on"], true);
    for unknown in ["", "no-such", "slow=x", "slow=-1", "Slow"] {
        let failure = desk.fail("practice_fault", json!({ "name": unknown, "on": true }));
        assert_eq!(failure["code"], "invalid", "{unknown:?}");
        assert!(failure["hint"].as_str().unwrap().contains("too-many-requests"), "{failure}");
    }
    assert!(desk.events.try_iter().any(|event| event == studio::Event::CredentialsChanged));
}

/// What a sign-in comes to while a fault is on.
fn check(name: &str, state: &str) -> (Desk, Value) {
    let desk = Desk::new();
    let bot = desk.bot_with_vault(GOOGLE, "");
    desk.call("practice_fault", json!({ "name": name, "on": true }));
    let attempt =
        desk.call("connect_start", json!({ "bot": bot["bot"], "alias": "google", "persona": null, "way": null }));
    if name == "deny" {
        // Nobody is asked: the link itself leads back.
        let back = get(attempt["link"].as_str().unwrap());
        crate::browser::follow(&back.location());
    } else {
        sign_in(attempt["link"].as_str().unwrap(), Decision::Allow);
    }
    let ended = desk.call("connect_get", json!({ "attempt": attempt["attempt"] }));
    assert_eq!(ended["state"], state, "{name}: {ended}");
    if state == "failed" {
        let words = |field: &str| ended[field].as_str().unwrap().to_owned();
        assert!(words("message").ends_with('.') && words("hint").ends_with('.'), "{name}: {ended}");
    }
    (desk, bot)
}

#[test]
fn what_goes_wrong_is_told_in_words() {
    for name in ["deny", "replay", "too-many-requests", "server-error", "truncated-json"] {
        check(name, "failed");
    }
}

#[test]
fn what_is_merely_odd_connects() {
    for name in ["form-encoded", "wrong-content-type", "slow=20", "clock-skew", "fewer-scopes"] {
        check(name, "connected");
    }
    let (desk, bot) = check("no-refresh-token", "connected");
    let google = &desk.call("bot_get", json!({ "bot": bot["bot"] }))["integrations"][0];
    assert_eq!((&google["connection"]["renews"], &google["state"]), (&json!(false), &json!("needsAttention")));
}
