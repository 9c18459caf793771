//! Key files of service accounts: picked, pasted, or made by practice.

use serde_json::{Value, json};

use crate::Desk;
use crate::connections::{entry, of, token};

const SHEETS: &str = "- provider: google_service_account\n  alias: sheets\n  context: bot\n  scope: https://www.googleapis.com/auth/spreadsheets\n";

fn text(bot: &Value, text: &str) -> Value {
    json!({ "bot": bot["bot"], "alias": "sheets", "source": { "type": "text", "text": text } })
}

fn practised(desk: &Desk) -> Value {
    let bot = desk.bot_with_vault(SHEETS, "");
    desk.call("practice_choose", json!({ "bot": bot["bot"], "alias": "sheets", "practice": true }));
    bot
}

#[test]
fn practice_makes_a_key_file_and_takes_it() {
    let desk = Desk::new();
    let bot = desk.bot_with_vault(SHEETS, "");
    let source = json!({ "bot": bot["bot"], "alias": "sheets", "source": { "type": "practice" } });
    let set = desk.call("key_file_set", source);
    assert_eq!(set["account"], "sheets@practice.example.org");
    let sheets = entry(&desk, &bot, "sheets");
    assert_eq!((&sheets["state"], &sheets["practice"]), (&json!("connected"), &json!(true)));
    assert_eq!(sheets["connection"]["account"], "sheets@practice.example.org");
    assert_eq!(desk.call("connection_test", of(&bot, "sheets"))["ok"], true);
    let token = token(&desk, &bot, "sheets");
    let shown = desk.call("bot_get", json!({ "bot": bot["bot"] })).to_string();
    assert!(!shown.contains(&token) && !shown.contains("PRIVATE KEY"));
}

#[test]
fn a_pasted_key_file_is_unwrapped_and_proven() {
    let desk = Desk::new();
    let bot = practised(&desk);
    let file = desk.studio.practice_key_file("robot@practice.example.org").unwrap().expose().clone();
    let once = serde_json::to_string(&file).unwrap();
    let twice = serde_json::to_string(&once).unwrap();
    for pasted in [file.clone(), once, twice, format!("\u{feff}  {file}\n")] {
        assert_eq!(desk.call("key_file_set", text(&bot, &pasted))["account"], "robot@practice.example.org");
        assert_eq!(desk.call("connection_test", of(&bot, "sheets"))["ok"], true);
    }
    // One letter of the key is another.
    let at = file.find("BEGIN PRIVATE KEY").unwrap() + 200;
    let mut damaged = file.clone();
    let other = if &file[at..=at] == "A" { "B" } else { "A" };
    damaged.replace_range(at..=at, other);
    let refused = desk.fail("key_file_set", text(&bot, &damaged));
    assert_eq!(refused["code"], "invalid", "{refused}");
    assert!(!refused.to_string().contains(&file[at + 1..at + 30]), "the file is not quoted");
    assert_eq!(desk.call("connection_test", of(&bot, "sheets"))["ok"], true, "the one before stays");
}

#[test]
fn a_wrong_file_is_told_what_it_is() {
    let desk = Desk::new();
    let bot = practised(&desk);
    let check = |pasted: &str, sentence: &str| {
        let refused = desk.fail("key_file_set", text(&bot, pasted));
        assert_eq!((&refused["code"], &refused["message"]), (&json!("invalid"), &json!(sentence)), "{refused}");
        assert!(!refused["hint"].as_str().unwrap().is_empty(), "{refused}");
    };
    check("", "There is nothing in it.");
    check("canary text", "This is not a service account key.");
    check("{\"type\": \"service_account\", \"project", "The key file is cut off.");
    check(
        "{\"installed\": {\"client_id\": \"x\", \"client_secret\": \"y\"}}",
        "This is an OAuth client file, not a service account key.",
    );
    check(&"x".repeat(70_000), "This is too large for a service account key.");
    assert_eq!(entry(&desk, &bot, "sheets")["connection"], Value::Null);
}

#[test]
fn a_key_of_practice_is_not_taken_for_real() {
    let desk = Desk::new();
    let bot = desk.bot_with_vault(SHEETS, "");
    let file = desk.studio.practice_key_file("robot@practice.example.org").unwrap().expose().clone();
    let file = file.replace("https://oauth2.googleapis.com/", "http://127.0.0.1:47840/oauth2.googleapis.com/");
    let refused = desk.fail("key_file_set", text(&bot, &file));
    assert_eq!(refused["message"], "This key is for practice; Google does not know it.");
}

#[test]
fn only_service_accounts_take_a_key_file() {
    let desk = Desk::new();
    let bot = desk.bot_with_vault(&format!("{SHEETS}- provider: google\n  context: bot\n{}", crate::MANIFEST), "");
    for alias in ["google", "myapi_key"] {
        for source in [json!({ "type": "practice" }), json!({ "type": "text", "text": "{}" })] {
            let refused = desk.fail("key_file_set", json!({ "bot": bot["bot"], "alias": alias, "source": source }));
            assert_eq!(refused["code"], "invalid", "{alias}: {refused}");
        }
        assert_eq!(entry(&desk, &bot, alias)["connection"], Value::Null);
    }
    let unknown = json!({ "bot": bot["bot"], "alias": "other", "source": { "type": "practice" } });
    assert_eq!(desk.fail("key_file_set", unknown)["code"], "notFound");
}

#[test]
fn a_picked_file_is_read_and_a_cancelled_dialog_changes_nothing() {
    let pick = |bot: &Value| json!({ "bot": bot["bot"], "alias": "sheets", "source": { "type": "pick" } });
    let desk = Desk::new();
    let bot = practised(&desk);
    assert_eq!(desk.call("key_file_set", pick(&bot)), json!({ "account": null }));

    let desk = Desk::picking_file("key.json", "");
    let bot = practised(&desk);
    let file = desk.studio.practice_key_file("robot@practice.example.org").unwrap();
    std::fs::write(desk.home.path().join("key.json"), file.expose()).unwrap();
    assert_eq!(desk.call("key_file_set", pick(&bot))["account"], "robot@practice.example.org");
    std::fs::write(desk.home.path().join("key.json"), "x".repeat(70_000)).unwrap();
    assert_eq!(desk.fail("key_file_set", pick(&bot))["code"], "invalid");
    std::fs::write(desk.home.path().join("key.json"), b"\xff\xfe").unwrap();
    assert_eq!(desk.fail("key_file_set", pick(&bot))["code"], "invalid");
    std::fs::remove_file(desk.home.path().join("key.json")).unwrap();
    assert_eq!(desk.fail("key_file_set", pick(&bot))["code"], "invalid");
}

#[test]
fn a_key_needs_a_vault() {
    let desk = Desk::new();
    let bot = desk.open(&desk.write("signs-in", &[("integrations.yaml", SHEETS), ("main.bubble", "")]));
    let source = json!({ "bot": bot["bot"], "alias": "sheets", "source": { "type": "practice" } });
    assert_eq!(desk.fail("key_file_set", source)["code"], "vaultAbsent");
}
