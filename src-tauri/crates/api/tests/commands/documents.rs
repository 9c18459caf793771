//! Documents: edits by version, problems as one types, saving that never overwrites another program's work.

use std::fs;

use serde_json::{Value, json};

use crate::{Desk, SCRIPT};

fn open(desk: &Desk, file: &str) -> (Value, Value) {
    let bot = desk.secret_bot();
    let document = desk.call("document_open", json!({ "bot": bot["bot"], "file": file }));
    (bot, document)
}

fn change(document: &Value, version: u32, from: u32, to: u32, insert: &str) -> Value {
    let edits = json!([{ "from": from, "to": to, "insert": insert }]);
    json!({ "document": document["document"], "version": version, "edits": edits })
}

#[test]
fn an_edit_brings_problems_and_only_the_tokens_that_changed() {
    let desk = Desk::new();
    let (_, document) = open(&desk, "integrations.yaml");
    assert_eq!(document["version"], 0);
    assert!(document["tokens"].as_array().unwrap().len() > 8);
    // `context` becomes `contxt`.
    let at = u32::try_from(crate::MANIFEST.find("context").unwrap()).unwrap() + 4;
    let changed = desk.call("document_change", change(&document, 0, at, at + 1, ""));
    assert_eq!(changed["version"], 1);
    assert_eq!(changed["dirty"], true);
    assert!(changed["problems"].as_array().unwrap().iter().any(|problem| problem["code"] == "unknown-key"));
    assert!(changed["tokens"].as_array().unwrap().len() < 3, "{changed}");
    let back = desk.call("document_change", change(&document, 1, at, at, "e"));
    assert_eq!(back["dirty"], false);
    assert_eq!(back["problems"], document["problems"]);
}

#[test]
fn an_edit_of_another_version_is_refused() {
    let desk = Desk::new();
    let (_, document) = open(&desk, "main.bubble");
    desk.call("document_change", change(&document, 0, 0, 0, "# "));
    assert_eq!(desk.fail("document_change", change(&document, 0, 0, 0, "# "))["code"], "conflict");
    assert_eq!(desk.fail("document_change", change(&document, 1, 9999, 9999, "x"))["code"], "invalid");
}

#[test]
fn saving_writes_the_buffer_and_entries_follow_it_before() {
    let desk = Desk::new();
    let (bot, document) = open(&desk, "integrations.yaml");
    let end = u32::try_from(crate::MANIFEST.len()).unwrap();
    let more = "- provider: twilio\n  context: bot\n";
    desk.call("document_change", change(&document, 0, end, end, more));
    let view = desk.call("bot_get", json!({ "bot": bot["bot"] }));
    assert_eq!(view["integrations"][1]["alias"], "twilio", "the buffer is what the bot is made of");
    let path = desk.home.path().join("bots/secret/integrations.yaml");
    assert_eq!(fs::read_to_string(&path).unwrap(), crate::MANIFEST);
    let saved = desk.call("document_save", json!({ "document": document["document"], "overwrite": false }));
    assert_eq!(saved["dirty"], false);
    assert_eq!(fs::read_to_string(&path).unwrap(), format!("{}{more}", crate::MANIFEST));
}

#[test]
fn another_programs_change_is_never_overwritten_unasked() {
    let desk = Desk::new();
    let (_, document) = open(&desk, "main.bubble");
    let path = desk.home.path().join("bots/secret/main.bubble");
    desk.call("document_change", change(&document, 0, 0, 0, "# mine\n"));
    fs::write(&path, "# theirs\n").unwrap();
    let save = |overwrite: bool| json!({ "document": document["document"], "overwrite": overwrite });
    assert_eq!(desk.fail("document_save", save(false))["code"], "conflict");
    assert_eq!(fs::read_to_string(&path).unwrap(), "# theirs\n");
    desk.call("document_save", save(true));
    assert_eq!(fs::read_to_string(&path).unwrap(), format!("# mine\n{SCRIPT}"));
}

#[test]
fn a_clean_document_follows_the_file_and_a_reload_drops_changes() {
    let desk = Desk::new();
    let (bot, document) = open(&desk, "main.bubble");
    let path = desk.home.path().join("bots/secret/main.bubble");
    fs::write(&path, SCRIPT.replace("Your", "The")).unwrap();
    let again = json!({ "bot": bot["bot"], "file": "main.bubble" });
    let followed = desk.until("document_open", &again, |view| view["version"] == 1);
    assert_eq!(followed["document"], document["document"]);
    assert!(followed["text"].as_str().unwrap().contains("The token"));
    desk.call("document_change", change(&document, 1, 0, 0, "# mine\n"));
    let reloaded = desk.call("document_reload", json!({ "document": document["document"] }));
    assert_eq!(reloaded["text"], followed["text"]);
    assert_eq!(reloaded["dirty"], false);
}

#[test]
fn files_outside_the_bot_cannot_be_opened() {
    let desk = Desk::new();
    let bot = desk.secret_bot();
    for file in ["../secret/main.bubble", "/etc/passwd", "no.bubble"] {
        let failure = desk.fail("document_open", json!({ "bot": bot["bot"], "file": file }));
        assert_ne!(failure["code"], "internal", "{file}");
    }
}

#[test]
fn closing_drops_what_was_not_saved() {
    let desk = Desk::new();
    let (bot, document) = open(&desk, "integrations.yaml");
    desk.call("document_change", change(&document, 0, 0, 2, "x"));
    desk.call("document_close", json!({ "document": document["document"] }));
    let view = desk.call("bot_get", json!({ "bot": bot["bot"] }));
    assert_eq!(view["integrations"][0]["alias"], "myapi_key");
    assert_eq!(desk.fail("document_reload", json!({ "document": document["document"] }))["code"], "notFound");
}
