//! Opening, making, reading again and forgetting bots.

use std::fs;

use serde_json::{Value, json};

use crate::{Desk, MANIFEST, SCRIPT};

fn entry<'v>(view: &'v Value, alias: &str) -> &'v Value {
    view["integrations"].as_array().unwrap().iter().find(|entry| entry["alias"] == alias).unwrap()
}

#[test]
fn opening_shows_entries_of_every_manifest() {
    let desk = Desk::new();
    let skill = "- provider: google\n  context: user\n  scope: email profile\n";
    let view = desk.open(&desk.write(
        "tally",
        &[("integrations.yaml", MANIFEST), ("main.bubble", SCRIPT), ("skills/login/integrations.yml", skill)],
    ));
    assert_eq!(view["title"], "tally");
    assert_eq!(view["integrations"].as_array().unwrap().len(), 2);
    let secret = entry(&view, "myapi_key");
    assert_eq!(secret["state"], "needsAttention");
    assert_eq!(secret["note"], "No value");
    assert_eq!(secret["kind"], "secret");
    assert_eq!(secret["description"], "API key for myapi.com");
    assert_eq!((&secret["line"], &secret["endLine"]), (&json!(1), &json!(4)));
    assert_eq!(secret["usedBy"][0]["file"], "main.bubble");
    assert_eq!(secret["usedBy"][0]["line"], 2);
    let google = entry(&view, "google");
    assert_eq!(google["state"], "askedInChat");
    assert_eq!(google["skill"], "login");
    assert_eq!(google["context"], "user");
}

#[test]
fn problems_carry_their_place_and_follow_the_file() {
    let desk = Desk::new();
    let folder = desk.write("broken", &[("integrations.yaml", "- provider: secret\n  contxt: bot\n  alias: a\n")]);
    let view = desk.open(&folder);
    let problems = view["problems"].as_array().unwrap();
    let unknown = problems.iter().find(|problem| problem["code"] == "unknown-key").unwrap();
    assert_eq!((&unknown["line"], &unknown["column"]), (&json!(2), &json!(3)));
    assert_eq!(unknown["message"], "Unknown key `contxt`. Did you mean `context`?");

    fs::write(folder.join("integrations.yaml"), MANIFEST).unwrap();
    desk.until("bot_get", &json!({ "bot": view["bot"] }), |view| {
        view["problems"].as_array().unwrap().iter().all(|problem| problem["severity"] != "error")
            && view["integrations"][0]["alias"] == "myapi_key"
    });
}

#[test]
fn a_vanished_folder_keeps_what_was_read() {
    let desk = Desk::new();
    let view = desk.secret_bot();
    fs::remove_dir_all(desk.home.path().join("bots/secret")).unwrap();
    let gone = desk.until("bot_get", &json!({ "bot": view["bot"] }), |view| view["missing"] == true);
    assert_eq!(gone["integrations"], view["integrations"]);
    let recent = desk.call("bots_recent", json!({}));
    assert_eq!(recent[0]["exists"], false);
    let failure = desk.fail("bot_open", json!({ "folder": "made up" }));
    assert_eq!(failure["code"], "notFound");
}

#[test]
fn the_same_folder_opens_once() {
    let desk = Desk::new();
    let first = desk.secret_bot();
    assert_eq!(desk.open(&desk.home.path().join("bots/../bots/secret"))["bot"], first["bot"]);
}

#[test]
fn recent_bots_are_listed_forgotten_and_opened_again() {
    let desk = Desk::new();
    let bot = desk.secret_bot();
    let recent = desk.call("bots_recent", json!({}));
    assert_eq!(recent[0]["title"], "secret");
    assert_eq!(recent[0]["jacks"], json!(["needsAttention"]));
    desk.call("bot_close", json!({ "bot": bot["bot"] }));
    assert_eq!(desk.fail("bot_get", json!({ "bot": bot["bot"] }))["code"], "notFound");
    let again = desk.call("bot_open", json!({ "folder": recent[0]["folder"] }));
    assert_eq!(again["title"], "secret");
    desk.call("bots_forget", json!({ "folder": recent[0]["folder"] }));
    assert_eq!(desk.call("bots_recent", json!({})), json!([]));
    assert!(desk.home.path().join("bots/secret").is_dir(), "forgetting a bot leaves its folder");
}

#[test]
fn new_bots_get_a_folder_of_their_own() {
    let desk = Desk::picking();
    let picked = desk.call("folder_pick", json!({ "purpose": "newBot" }));
    let inside = picked["folder"]["folder"].clone();
    for example in desk.call("bots_examples", json!({})).as_array().unwrap() {
        let title = format!("My {}", example["id"].as_str().unwrap());
        let request = json!({ "inside": inside, "title": title, "example": example["id"] });
        let view = desk.call("bot_create", request.clone());
        assert_eq!(view["title"], title);
        let wrong: Vec<_> = view["problems"].as_array().unwrap().iter().filter(|p| p["severity"] == "error").collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        let taken = desk.fail("bot_create", request);
        assert_eq!(taken["code"], "invalid");
    }
    let blank = desk.call("bot_create", json!({ "inside": inside, "title": "Say \"hi\" \\ äö", "example": null }));
    assert_eq!(blank["title"], "Say \"hi\" \\ äö");
    assert_eq!(blank["integrations"], json!([]));
    assert_eq!(
        desk.fail("bot_create", json!({ "inside": inside, "title": " ?! ", "example": null }))["code"],
        "invalid"
    );
    assert_eq!(
        desk.fail("bot_create", json!({ "inside": inside, "title": "x", "example": "none" }))["code"],
        "notFound"
    );
}

#[test]
fn a_cancelled_dialog_changes_nothing() {
    let desk = Desk::new();
    assert_eq!(desk.call("folder_pick", json!({ "purpose": "openBot" })), json!({ "folder": null }));
}

#[test]
fn the_last_bot_opens_at_the_next_start() {
    let desk = Desk::new();
    let bot = desk.secret_bot();
    desk.studio.start_with(None);
    let start = desk.call("app_info", json!({}))["startWith"].clone();
    assert_eq!(desk.call("bot_open", json!({ "folder": start }))["bot"], bot["bot"]);
    assert_eq!(desk.call("app_info", json!({}))["startWith"], Value::Null, "told once");
    desk.call("bot_close", json!({ "bot": bot["bot"] }));
    desk.studio.start_with(None);
    assert_eq!(desk.call("app_info", json!({}))["startWith"], Value::Null);
}
