//! A folder that carries another bot's id reads none of its secrets until the person says what it is.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::{CANARY, Desk, MANIFEST, SCRIPT};

/// A bot with a value, and a folder elsewhere that carries its id.
fn clone_of_a_bot() -> (Desk, Value, PathBuf) {
    let desk = Desk::new();
    desk.secret_bot_with_value();
    let hint = fs::read_to_string(desk.home.path().join("bots/secret/patchbay.yaml")).unwrap();
    let folder =
        desk.write("clone", &[("integrations.yaml", MANIFEST), ("main.bubble", SCRIPT), ("patchbay.yaml", &hint)]);
    let clone = desk.open(&folder);
    (desk, clone, folder)
}

#[test]
fn a_clone_reads_nothing() {
    let (desk, clone, _) = clone_of_a_bot();
    assert_eq!(clone["identity"]["aliases"], json!(["myapi_key"]));
    assert_eq!(clone["identity"]["mayBeMoved"], false);
    assert_eq!(clone["integrations"][0]["state"], "needsAttention");
    let reveal = json!({ "bot": clone["bot"], "alias": "myapi_key" });
    assert_eq!(desk.fail("secret_reveal", reveal)["code"], "identityOpen");
    let set = json!({ "bot": clone["bot"], "alias": "myapi_key", "value": "mine" });
    assert_eq!(desk.fail("secret_set", set)["code"], "identityOpen");
    let chat = desk.call("chat_start", json!({ "bot": clone["bot"] }));
    assert!(!chat.to_string().contains("\"secret\""), "{chat}");
}

#[test]
fn a_copy_starts_empty_and_gets_its_own_id() {
    let (desk, clone, folder) = clone_of_a_bot();
    let before = fs::read_to_string(folder.join("patchbay.yaml")).unwrap();
    let view = desk.call("bot_identity", json!({ "bot": clone["bot"], "choice": "copy" }));
    assert_eq!(view["identity"], json!(null));
    assert_eq!(view["secretsMissing"], 1);
    assert_ne!(fs::read_to_string(folder.join("patchbay.yaml")).unwrap(), before);
}

#[test]
fn sharing_reads_the_same_values() {
    let (desk, clone, _) = clone_of_a_bot();
    desk.call("bot_identity", json!({ "bot": clone["bot"], "choice": "share" }));
    let reveal = json!({ "bot": clone["bot"], "alias": "myapi_key" });
    assert_eq!(desk.call("secret_reveal", reveal)["value"], CANARY);
}

#[test]
fn moved_is_refused_while_the_old_folder_is_there() {
    let (desk, clone, _) = clone_of_a_bot();
    let moved = json!({ "bot": clone["bot"], "choice": "moved" });
    assert_eq!(desk.fail("bot_identity", moved.clone())["code"], "invalid");
    fs::remove_dir_all(desk.home.path().join("bots/secret")).unwrap();
    desk.call("bot_identity", moved);
    let reveal = json!({ "bot": clone["bot"], "alias": "myapi_key" });
    assert_eq!(desk.call("secret_reveal", reveal)["value"], CANARY);
}
