//! The table itself: names, strictness, faults.

use serde_json::json;

use crate::Desk;

#[test]
fn unknown_commands_and_fields_are_refused() {
    let desk = Desk::new();
    assert_eq!(desk.fail("no_such_command", json!({}))["code"], "invalid");
    let failure = desk.fail("app_info", json!({ "extra": 1 }));
    assert_eq!(failure["code"], "invalid");
    assert_eq!(desk.fail("bot_open", json!({ "folder": 7 }))["code"], "invalid");
    assert_eq!(desk.fail("bot_open", json!([]))["code"], "invalid");
}

#[test]
fn a_refused_request_is_not_quoted() {
    let desk = Desk::new();
    let request = json!({ "bot": "b", "alias": "a", "value": { "nested": crate::CANARY } });
    assert!(!desk.fail("secret_set", request).to_string().contains(crate::CANARY));
}

#[test]
fn every_command_answers_an_empty_request_without_a_panic() {
    let desk = Desk::new();
    for name in api::NAMES {
        if let Err(failure) = desk.try_call(name, json!({})) {
            assert_ne!(failure["code"], "internal", "{name}: {failure}");
        }
    }
}

#[test]
fn settings_apply_and_stay_in_range() {
    let desk = Desk::new();
    let mut settings = desk.call("settings_get", json!({}));
    assert_eq!(settings, json!({ "theme": "system", "scale": 100, "revealSeconds": 20, "clipboardSeconds": 30 }));
    settings["theme"] = json!("dark");
    assert_eq!(desk.call("settings_set", settings.clone()), settings);
    assert_eq!(desk.call("app_info", json!({}))["settings"], settings);
    settings["scale"] = json!(300);
    assert_eq!(desk.fail("settings_set", settings)["code"], "invalid");
}
