//! Signing in at practice through a browser: every state, every way back.

use serde_json::{Value, json};

use crate::Desk;
use crate::browser::{Decision, decide, follow, listens, parameter, sign_in};
use crate::connections::{CRM, connect, entry, token};

const GOOGLE: &str = "- provider: google\n  context: bot\n  scope: email profile\n";

fn google(desk: &Desk) -> Value {
    desk.bot_with_vault(GOOGLE, "")
}

fn start(desk: &Desk, bot: &Value) -> Value {
    desk.call("connect_start", json!({ "bot": bot["bot"], "alias": "google", "persona": null, "way": null }))
}

fn of(attempt: &Value) -> Value {
    json!({ "attempt": attempt["attempt"] })
}

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap()
}

#[test]
fn a_person_signs_in() {
    let desk = Desk::new();
    let bot = google(&desk);
    let attempt = start(&desk, &bot);
    assert_eq!((&attempt["state"], &attempt["opened"]), (&json!("waiting"), &json!(true)), "{attempt}");
    assert_eq!(
        (&attempt["bot"], &attempt["practice"], &attempt["way"]),
        (&bot["bot"], &json!(true), &json!("loopback"))
    );
    assert_eq!(attempt["scopes"], json!(["email", "profile"]));
    assert!(text(&attempt, "authorizeAt").contains("accounts.google.com"), "{attempt}");
    assert!(text(&attempt, "startedAt") < text(&attempt, "endsAt"));
    assert_eq!(desk.browser.opened(), [text(&attempt, "link")]);
    let row = |name: &str| attempt["details"].as_array().unwrap().iter().find(|row| row["name"] == name).cloned();
    assert_eq!(row("Flow").unwrap()["value"], "auth_code, PKCE S256");
    let listener = row("Listener").unwrap();
    assert!(text(&attempt["callbacks"][0], "url").contains(text(&listener, "value")), "{attempt}");
    let waiting = entry(&desk, &bot, "google");
    assert_eq!((&waiting["state"], &waiting["attempt"]), (&json!("connecting"), &attempt["attempt"]));

    let page = sign_in(text(&attempt, "link"), Decision::Allow);
    assert!(page.body.contains("Google is connected") && page.body.contains("Ada Winter"), "{}", page.body);
    let ended = desk.call("connect_get", of(&attempt));
    assert_eq!(ended["state"], "connected");
    assert_eq!(ended["message"], "Google is connected with practice as Ada Winter.");
    assert_eq!(entry(&desk, &bot, "google")["state"], "connected");
    let token = token(&desk, &bot, "google");
    assert!(!ended.to_string().contains(&token) && !page.body.contains(&token));
    for event in desk.events.try_iter() {
        assert!(!format!("{event:?}").contains(&token));
    }
}

#[test]
fn whoever_waits_is_told() {
    let desk = Desk::new();
    let bot = google(&desk);
    let attempt = start(&desk, &bot);
    sign_in(text(&attempt, "link"), Decision::Allow);
    let id = text(&attempt, "attempt").to_owned();
    let told = desk.events.try_iter().any(|event| event == studio::Event::ConnectChanged { attempt: id.clone() });
    assert!(told, "the card that waits asks again");
}

#[test]
fn a_person_declines() {
    let desk = Desk::new();
    let bot = google(&desk);
    let attempt = start(&desk, &bot);
    let page = sign_in(text(&attempt, "link"), Decision::Deny);
    assert!(page.body.contains("did not connect"), "{}", page.body);
    let ended = desk.call("connect_get", of(&attempt));
    assert_eq!(ended["state"], "failed");
    assert_eq!(ended["message"], "Google did not connect: access was declined in the browser.");
    assert_eq!(ended["hint"], "Try again when you are ready.");
    assert_eq!(entry(&desk, &bot, "google")["state"], "notConnected");
}

#[test]
fn a_cancelled_sign_in_takes_no_answer() {
    let desk = Desk::new();
    let bot = google(&desk);
    let attempt = start(&desk, &bot);
    let late = decide(text(&attempt, "link"), Decision::Allow);
    let ended = desk.call("connect_cancel", of(&attempt));
    assert_eq!(
        (&ended["state"], &ended["message"]),
        (&json!("cancelled"), &json!("The sign-in to Google was cancelled."))
    );
    assert!(!listens(&late), "the listener is closed");
    let paste = json!({ "attempt": attempt["attempt"], "address": late });
    let refused = desk.fail("connect_paste", paste);
    assert_eq!(refused["message"], "This callback belongs to another sign-in.");
    assert_eq!(desk.call("connect_get", of(&attempt))["state"], "cancelled");
    assert_eq!(desk.call("connect_cancel", of(&attempt))["state"], "cancelled", "once more changes nothing");
    assert_eq!(entry(&desk, &bot, "google")["state"], "notConnected");
}

#[test]
fn a_second_start_ends_the_first() {
    let desk = Desk::new();
    let bot = google(&desk);
    let first = start(&desk, &bot);
    let second = start(&desk, &bot);
    assert_eq!(desk.call("connect_get", of(&first))["state"], "cancelled");
    assert_eq!(desk.call("connect_get", of(&second))["state"], "waiting");
    assert_eq!(entry(&desk, &bot, "google")["attempt"], second["attempt"]);
}

#[test]
fn without_a_browser_the_link_is_shown() {
    let desk = Desk::new();
    let bot = google(&desk);
    desk.browser.refuse(true);
    let attempt = start(&desk, &bot);
    assert_eq!((&attempt["state"], &attempt["opened"]), (&json!("waiting"), &json!(false)));
    assert!(!text(&attempt, "message").is_empty() && !text(&attempt, "hint").is_empty(), "{attempt}");
    assert!(!attempt.to_string().contains("no browser here"), "the desktop's own words stay in the log");
    let again = desk.call("connect_open_again", of(&attempt));
    assert_eq!((&again["opened"], &again["message"]), (&json!(false), &attempt["message"]));
    assert_eq!(again["link"], attempt["link"]);

    desk.browser.refuse(false);
    let opened = desk.call("connect_open_again", of(&attempt));
    assert_eq!((&opened["opened"], &opened["message"]), (&json!(true), &json!("")));
    sign_in(text(&opened, "link"), Decision::Allow);
    assert_eq!(desk.call("connect_get", of(&attempt))["state"], "connected");
    assert_eq!(desk.fail("connect_open_again", of(&attempt))["code"], "notFound", "it is over");
}

#[test]
fn the_address_can_be_pasted() {
    let desk = Desk::new();
    let bot = google(&desk);
    let attempt = start(&desk, &bot);
    let callback = decide(text(&attempt, "link"), Decision::Allow);
    let paste = |address: &str| json!({ "attempt": attempt["attempt"], "address": address });
    let state = parameter(&callback, "state");
    // Neither ends the sign-in, nor is what was pasted quoted.
    for (address, what) in [
        (String::new(), "nothing"),
        ("what is this".to_owned(), "words"),
        (callback.split('?').next().unwrap().to_owned(), "no answer in it"),
        (callback.replace(&state, "another-state"), "another state"),
        ("https://example.org/?code=canary-code".to_owned(), "no state"),
        ("x".repeat(70_000), "far too long"),
    ] {
        let refused = desk.fail("connect_paste", paste(&address));
        assert!(!text(&refused, "message").is_empty() && !refused.to_string().contains("canary-code"), "{what}");
        assert_eq!(refused["code"], "invalid", "{what}: {refused}");
        assert_eq!(desk.call("connect_get", of(&attempt))["state"], "waiting", "{what}");
    }
    assert_eq!(desk.call("connect_paste", paste(&callback))["state"], "connected");
    assert_eq!(desk.fail("connect_paste", paste(&callback))["code"], "invalid", "an answer counts once");
    assert_eq!(entry(&desk, &bot, "google")["state"], "connected");
}

#[test]
fn an_answer_of_another_sign_in_is_refused() {
    let desk = Desk::new();
    let bot = desk.bot_with_vault(&format!("{GOOGLE}{CRM}"), "");
    desk.call("practice_choose", json!({ "bot": bot["bot"], "alias": "crm", "practice": true }));
    let google = start(&desk, &bot);
    let crm = desk.call("connect_start", json!({ "bot": bot["bot"], "alias": "crm", "persona": null, "way": null }));
    let foreign = decide(text(&crm, "link"), Decision::Allow);
    let paste = json!({ "attempt": google["attempt"], "address": foreign });
    assert_eq!(desk.fail("connect_paste", paste)["message"], "This callback belongs to another sign-in.");
    let state = parameter(&foreign, "state");
    let callback = format!("{}?code=made-up&state={state}", text(&google["callbacks"][0], "url"));
    assert!(follow(&callback).body.contains("belongs to another sign-in"));
    assert_eq!(desk.call("connect_get", of(&google))["state"], "waiting");
    follow(&foreign);
    assert_eq!(desk.call("connect_get", of(&crm))["state"], "connected");
}

#[test]
fn a_sign_in_needs_a_vault_first() {
    let desk = Desk::new();
    let bot = desk.open(&desk.write("signs-in", &[("integrations.yaml", GOOGLE), ("main.bubble", "")]));
    let request = json!({ "bot": bot["bot"], "alias": "google", "persona": null, "way": null });
    assert_eq!(desk.fail("connect_start", request)["code"], "vaultAbsent");
    assert!(desk.browser.opened().is_empty(), "nobody signs in for a token that cannot be kept");
}

#[test]
fn what_is_missing_is_said_before_anything_opens() {
    let desk = Desk::new();
    let bot = google(&desk);
    desk.call("practice_choose", json!({ "bot": bot["bot"], "alias": "google", "practice": false }));
    let request = json!({ "bot": bot["bot"], "alias": "google", "persona": null, "way": null });
    let refused = desk.fail("connect_start", request);
    assert!(text(&refused, "message").contains("client id"), "{refused}");
    assert!(desk.browser.opened().is_empty());
    for (name, request) in [
        ("connect_start", json!({ "bot": bot["bot"], "alias": "other", "persona": null, "way": null })),
        ("connect_get", json!({ "attempt": "none" })),
        ("connect_cancel", json!({ "attempt": "none" })),
        ("connect_open_again", json!({ "attempt": "none" })),
        ("connect_paste", json!({ "attempt": "none", "address": "https://example.org/?code=c&state=s" })),
    ] {
        assert_eq!(desk.fail(name, request)["code"], "notFound", "{name}");
    }
}

#[test]
fn client_credentials_connect_at_once() {
    let desk = Desk::new();
    let bot = desk.bot_with_vault(&CRM.replace("auth_code", "client_credentials"), "");
    desk.call("practice_choose", json!({ "bot": bot["bot"], "alias": "crm", "practice": true }));
    let request = json!({ "bot": bot["bot"], "alias": "crm", "persona": null, "way": null });
    let ended = desk.call("connect_start", request.clone());
    assert_eq!((&ended["state"], &ended["link"]), (&json!("connected"), &json!("")), "{ended}");
    assert_eq!(desk.call("connect_get", of(&ended)), ended);
    assert!(desk.browser.opened().is_empty());
    assert_eq!(entry(&desk, &bot, "crm")["state"], "connected");

    desk.call("practice_fault", json!({ "name": "server-error", "on": true }));
    let failed = desk.call("connect_start", request);
    assert_eq!(failed["state"], "failed");
    assert!(!text(&failed, "message").is_empty() && !text(&failed, "hint").is_empty(), "{failed}");
}

#[test]
fn oauth_1_signs_in_too() {
    let desk = Desk::new();
    let bot = desk.bot_with_vault("- provider: twitter\n  context: bot\n", "");
    connect(&desk, &bot, "twitter");
    let twitter = entry(&desk, &bot, "twitter");
    assert_eq!(twitter["state"], "connected");
    assert_eq!(twitter["connection"]["expiresAt"], Value::Null, "{twitter}");
}

#[test]
fn every_provider_connects_at_practice() {
    let manifest = "- provider: facebook\n  context: bot\n  scope: email\n- provider: linkedin\n  context: bot\n- provider: microsoft\n  context: bot\n";
    let desk = Desk::new();
    let bot = desk.bot_with_vault(manifest, "");
    for alias in ["facebook", "linkedin", "microsoft"] {
        connect(&desk, &bot, alias);
        let account = entry(&desk, &bot, alias)["connection"]["account"].clone();
        assert!(account.as_str().unwrap().contains("Ada"), "{alias}: {account}");
    }
}

#[test]
fn a_locked_vault_shows_what_is_connected_and_starts_nothing() {
    let desk = Desk::new();
    let bot = desk.open(&desk.write("signs-in", &[("integrations.yaml", GOOGLE), ("main.bubble", "")]));
    desk.call("vault_create", json!({ "type": "passphrase", "passphrase": "correct horse" }));
    connect(&desk, &bot, "google");
    desk.call("vault_lock", json!({}));
    let google = entry(&desk, &bot, "google");
    assert_eq!(
        (&google["state"], &google["connection"]["account"]),
        (&json!("connected"), &json!("Ada Winter (ada@example.org)"))
    );
    let request = json!({ "bot": bot["bot"], "alias": "google", "persona": null, "way": null });
    let opened = desk.browser.opened().len();
    assert_eq!(desk.fail("connect_start", request)["code"], "vaultLocked");
    assert_eq!(desk.browser.opened().len(), opened);
    let alias = json!({ "bot": bot["bot"], "alias": "google" });
    let tested = desk.call("connection_test", alias.clone());
    assert!(tested["ok"] == false && tested["message"].as_str().unwrap().contains("locked"), "{tested}");
    let advice = desk.call("connection_remove", alias);
    assert!(advice["message"].as_str().unwrap().starts_with("The sign-in was deleted here"), "{advice}");
    assert_eq!(entry(&desk, &bot, "google")["connection"], Value::Null);
}

#[test]
fn a_sign_in_outlives_its_window() {
    let desk = Desk::new();
    let bot = google(&desk);
    let attempt = start(&desk, &bot);
    desk.call("bot_close", json!({ "bot": bot["bot"] }));
    sign_in(text(&attempt, "link"), Decision::Allow);
    let ended = desk.call("connect_get", of(&attempt));
    assert_eq!((&ended["state"], &ended["bot"]), (&json!("connected"), &json!("")));
    let bot = desk.open(&desk.home.path().join("bots/signs-in"));
    assert_eq!(entry(&desk, &bot, "google")["state"], "connected");
}

#[test]
fn two_bots_with_one_alias_do_not_meet() {
    let desk = Desk::new();
    let first = google(&desk);
    let second = desk.open(&desk.write("other", &[("integrations.yaml", GOOGLE), ("main.bubble", "")]));
    let (one, two) = (start(&desk, &first), start(&desk, &second));
    assert_eq!(desk.call("connect_get", of(&one))["state"], "waiting", "a start in another bot ends nothing");
    sign_in(text(&two, "link"), Decision::Allow);
    assert_eq!(entry(&desk, &first, "google")["state"], "connecting");
    assert_eq!(entry(&desk, &second, "google")["state"], "connected");
}
