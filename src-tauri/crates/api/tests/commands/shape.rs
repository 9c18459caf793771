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
fn no_command_takes_a_field_that_it_does_not_know() {
    let desk = Desk::new();
    for name in api::NAMES {
        let failure = desk.fail(name, json!({ "noSuchField": crate::CANARY }));
        assert_eq!(failure["code"], "invalid", "{name}");
        assert!(failure["message"].as_str().unwrap().contains("cannot be read"), "{name}: {failure}");
        assert!(!failure.to_string().contains(crate::CANARY), "{name}: {failure}");
    }
    let bot = desk.secret_bot();
    for (name, request) in [
        ("connect_start", json!({ "bot": bot["bot"], "alias": "a", "persona": null, "way": null, "url": "x" })),
        ("connect_start", json!({ "bot": bot["bot"], "alias": "a", "persona": null, "way": "carrierPigeon" })),
        ("key_file_set", json!({ "bot": bot["bot"], "alias": "a", "source": { "type": "practice", "text": "x" } })),
        (
            "key_file_set",
            json!({ "bot": bot["bot"], "alias": "a", "source": { "type": "path", "path": "/etc/passwd" } }),
        ),
        (
            "credentials_set",
            json!({ "provider": "google", "clientId": "", "clientSecret": null, "settings": [{ "name": "a", "value": "b", "c": 1 }] }),
        ),
    ] {
        assert!(desk.fail(name, request)["message"].as_str().unwrap().contains("cannot be read"), "{name}");
    }
}

#[test]
fn a_refused_request_is_not_quoted() {
    let desk = Desk::new();
    for (name, request) in [
        ("client_secret_set", json!({ "bot": "b", "alias": "a", "value": [crate::CANARY] })),
        (
            "key_file_set",
            json!({ "bot": "b", "alias": "a", "source": { "type": "text", "text": { "x": crate::CANARY } } }),
        ),
        ("connect_paste", json!({ "attempt": "a", "address": { "code": crate::CANARY } })),
        (
            "credentials_set",
            json!({ "provider": "google", "clientId": "", "clientSecret": [crate::CANARY], "settings": [] }),
        ),
    ] {
        assert!(!desk.fail(name, request).to_string().contains(crate::CANARY), "{name}");
    }
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
