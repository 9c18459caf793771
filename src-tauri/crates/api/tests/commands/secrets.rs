//! Values: stored, shown on request, removed, brought back, filled from a `.env`.

use std::fs;

use serde_json::{Value, json};

use crate::{CANARY, Desk, MANIFEST, SCRIPT};

fn of(bot: &Value) -> Value {
    json!({ "bot": bot["bot"], "alias": "myapi_key" })
}

#[test]
fn storing_asks_for_a_vault_first() {
    let desk = Desk::new();
    let bot = desk.secret_bot();
    let set = json!({ "bot": bot["bot"], "alias": "myapi_key", "value": CANARY });
    assert_eq!(desk.fail("secret_set", set.clone())["code"], "vaultAbsent");
    assert_eq!(desk.call("vault_get", json!({}))["state"], "absent");
    let made = desk.call("vault_create", json!({ "type": "keychain" }));
    assert_eq!(made["vault"]["state"], "unlocked");
    assert!(made["recoveryKey"].as_str().unwrap().len() > 40);
    let row = desk.call("secret_set", set);
    assert_eq!(row["set"], true);
    assert!(row["changedAt"].is_string());
    let view = desk.call("bot_get", json!({ "bot": bot["bot"] }));
    assert_eq!(view["integrations"][0]["state"], "connected");
    assert_eq!(view["secretsMissing"], 0);
}

#[test]
fn a_value_crosses_only_when_revealed() {
    let desk = Desk::new();
    let bot = desk.secret_bot_with_value();
    let shown = [
        desk.call("secrets_list", json!({ "bot": bot["bot"] })),
        desk.call("bot_get", json!({ "bot": bot["bot"] })),
        desk.call("chat_start", json!({ "bot": bot["bot"] })),
    ];
    for answer in shown {
        assert!(!answer.to_string().contains(CANARY), "{answer}");
    }
    assert_eq!(desk.call("secret_reveal", of(&bot)), json!({ "value": CANARY }));
    for event in desk.events.try_iter() {
        assert!(!format!("{event:?}").contains(CANARY));
    }
}

#[test]
fn replacing_and_removing_with_undo() {
    let desk = Desk::new();
    let bot = desk.secret_bot_with_value();
    desk.call("secret_set", json!({ "bot": bot["bot"], "alias": "myapi_key", "value": "second" }));
    assert_eq!(desk.call("secret_reveal", of(&bot))["value"], "second");
    let removed = desk.call("secret_remove", of(&bot));
    assert_eq!(desk.fail("secret_reveal", of(&bot))["code"], "notFound");
    assert_eq!(desk.call("secrets_list", json!({ "bot": bot["bot"] }))[0]["set"], false);
    desk.call("secret_restore", json!({ "bot": bot["bot"], "undo": removed["undo"] }));
    assert_eq!(desk.call("secret_reveal", of(&bot))["value"], "second");
    assert_eq!(desk.fail("secret_restore", json!({ "bot": bot["bot"], "undo": removed["undo"] }))["code"], "notFound");
}

#[test]
fn only_entries_of_a_manifest_hold_values() {
    let desk = Desk::new();
    let bot = desk.secret_bot_with_value();
    for name in ["secret_reveal", "secret_copy", "secret_remove"] {
        assert_eq!(desk.fail(name, json!({ "bot": bot["bot"], "alias": "other" }))["code"], "notFound", "{name}");
    }
    let set = json!({ "bot": bot["bot"], "alias": "other", "value": "x" });
    assert_eq!(desk.fail("secret_set", set)["code"], "notFound");
    let empty = json!({ "bot": bot["bot"], "alias": "myapi_key", "value": "" });
    assert_eq!(desk.fail("secret_set", empty)["code"], "invalid");
    let large = json!({ "bot": bot["bot"], "alias": "myapi_key", "value": "x".repeat(70_000) });
    assert_eq!(desk.fail("secret_set", large)["code"], "invalid");
    assert_eq!(desk.call("secret_reveal", of(&bot))["value"], CANARY, "a refused value changes nothing");
}

#[test]
fn copying_never_crosses_the_boundary() {
    let desk = Desk::new();
    let bot = desk.secret_bot_with_value();
    assert_eq!(desk.call("secret_copy", of(&bot)), json!({ "clearsInSeconds": 30 }));
    assert_eq!(*desk.clipboard.lock().unwrap(), CANARY);
}

#[test]
fn storing_leaves_the_id_in_the_folder_as_a_hint() {
    let desk = Desk::new();
    desk.secret_bot_with_value();
    let hint = fs::read_to_string(desk.home.path().join("bots/secret/patchbay.yaml")).unwrap();
    assert!(hint.lines().any(|line| line.starts_with("id: ") && line.len() == 40), "{hint}");
    assert!(!hint.contains(CANARY));
}

#[test]
fn fills_from_pasted_env_text() {
    let desk = Desk::new();
    let two = format!("{MANIFEST}- provider: secret\n  alias: other\n  context: bot\n");
    let bot = desk.open(&desk.write("env", &[("integrations.yaml", &two), ("main.bubble", SCRIPT)]));
    desk.call("vault_create", json!({ "type": "session" }));
    desk.call("secret_set", json!({ "bot": bot["bot"], "alias": "other", "value": "kept" }));
    let text = format!("MYAPI_KEY=\"{CANARY}\"\nOTHER=new\nUNKNOWN=1\nnonsense\n");
    let preview = desk.call("env_preview", json!({ "bot": bot["bot"], "source": { "type": "text", "text": text } }));
    let rows: Vec<_> = preview["rows"].as_array().unwrap().iter().map(|row| (&row["name"], &row["effect"])).collect();
    let expected =
        [("MYAPI_KEY", "add"), ("OTHER", "replace"), ("UNKNOWN", "noEntry")].map(|(a, b)| (json!(a), json!(b)));
    assert_eq!(rows, expected.iter().map(|(a, b)| (a, b)).collect::<Vec<_>>());
    assert_eq!(preview["problems"][0]["line"], 4);
    assert!(!preview.to_string().contains(CANARY));

    let apply = json!({ "bot": bot["bot"], "import": preview["import"], "aliases": ["myapi_key"] });
    assert_eq!(desk.call("env_apply", apply.clone()), json!({ "count": 1 }));
    assert_eq!(desk.call("secret_reveal", of(&bot))["value"], CANARY);
    let other = json!({ "bot": bot["bot"], "alias": "other" });
    assert_eq!(desk.call("secret_reveal", other)["value"], "kept", "what was not ticked stays");
    assert_eq!(desk.fail("env_apply", apply)["code"], "notFound", "a preview applies once");
}

#[test]
fn a_cancelled_env_dialog_gives_an_empty_preview() {
    let desk = Desk::new();
    let bot = desk.secret_bot();
    let preview = desk.call("env_preview", json!({ "bot": bot["bot"], "source": { "type": "pick" } }));
    assert_eq!(preview, json!({ "import": null, "rows": [], "problems": [] }));
}
