//! The secret script and an ordinary conversation, through the boundary.

use std::fs;

use serde_json::json;

use crate::{CANARY, Desk, SCRIPT};

#[test]
fn the_secret_script_shows_the_alias_until_revealed() {
    let desk = Desk::new();
    let bot = desk.secret_bot_with_value();
    let chat = desk.call("chat_start", json!({ "bot": bot["bot"] }));
    let said = chat["items"].as_array().unwrap().iter().find(|item| item["from"] == "bot").unwrap();
    assert_eq!(said["text"][0], json!({ "type": "text", "text": "Your token is: " }));
    assert_eq!(said["text"][1]["alias"], "myapi_key");
    assert_eq!(said["place"], json!({ "file": "main.bubble", "line": 3, "column": 3 }));
    assert_eq!(chat["status"], "idle");
    let reveal = json!({ "chat": chat["chat"], "part": said["text"][1]["part"] });
    assert_eq!(desk.call("chat_reveal", reveal)["value"], CANARY);
    assert_eq!(desk.fail("chat_reveal", json!({ "chat": chat["chat"], "part": 99 }))["code"], "notFound");
}

#[test]
fn without_a_value_the_text_stands_alone_and_the_log_says_why() {
    let desk = Desk::new();
    let bot = desk.secret_bot();
    let chat = desk.call("chat_start", json!({ "bot": bot["bot"] }));
    let said = chat["items"].as_array().unwrap().iter().find(|item| item["from"] == "bot").unwrap();
    assert_eq!(said["text"], json!([{ "type": "text", "text": "Your token is: " }]));
    let hint = chat["log"].as_array().unwrap().iter().find(|line| line["hint"] == true).unwrap();
    assert!(hint["text"].to_string().contains("myapi_key"), "{hint}");
}

#[test]
fn questions_wait_for_answers() {
    let desk = Desk::new();
    let script = "dialog main do\n  name = ask \"Who?\"\n  say \"Hi #{name}\"\nend\n";
    let bot = desk.open(&desk.write("ask", &[("integrations.yaml", "[]\n"), ("main.bubble", script)]));
    let chat = desk.call("chat_start", json!({ "bot": bot["bot"] }));
    assert_eq!(chat["status"], "waiting");
    assert_eq!(chat["at"]["line"], 2);
    let talked = desk.call("chat_send", json!({ "chat": chat["chat"], "text": "Ada" }));
    assert!(talked["items"].to_string().contains("Hi Ada"));
    assert_eq!(desk.call("chat_get", json!({ "chat": chat["chat"] })), talked);
    let anew = desk.call("chat_restart", json!({ "chat": chat["chat"] }));
    assert!(!anew["items"].to_string().contains("Hi Ada"));
    desk.call("chat_close", json!({ "chat": chat["chat"] }));
    assert_eq!(desk.fail("chat_get", json!({ "chat": chat["chat"] }))["code"], "notFound");
}

#[test]
fn a_changed_script_makes_the_chat_stale_until_restarted() {
    let desk = Desk::new();
    let bot = desk.secret_bot();
    let chat = desk.call("chat_start", json!({ "bot": bot["bot"] }));
    assert_eq!(chat["stale"], false);
    fs::write(desk.home.path().join("bots/secret/main.bubble"), SCRIPT.replace("Your", "The")).unwrap();
    let get = json!({ "chat": chat["chat"] });
    let stale = desk.until("chat_get", &get, |chat| chat["stale"] == true);
    assert!(stale["items"].to_string().contains("Your token"), "the old version keeps running");
    let anew = desk.call("chat_restart", get);
    assert!(anew["items"].to_string().contains("The token"));
    assert_eq!(anew["stale"], false);
}

#[test]
fn only_scripts_make_a_chat_stale() {
    let desk = Desk::new();
    let bot = desk.secret_bot();
    let chat = desk.call("chat_start", json!({ "bot": bot["bot"] }));
    desk.write("secret", &[("data.json", "{}")]);
    desk.until("bot_get", &json!({ "bot": bot["bot"] }), |view| view["files"].to_string().contains("data.json"));
    assert_eq!(desk.call("chat_get", json!({ "chat": chat["chat"] }))["stale"], false);
}

#[test]
fn a_script_with_an_error_does_not_start_and_names_the_place() {
    let desk = Desk::new();
    let bot =
        desk.open(&desk.write("bad", &[("integrations.yaml", "[]\n"), ("main.bubble", "dialog main do\n  say \"\n")]));
    let failure = desk.fail("chat_start", json!({ "bot": bot["bot"] }));
    assert_eq!(failure["code"], "invalid");
    assert!(failure["message"].as_str().unwrap().starts_with("main.bubble:"), "{failure}");
}

#[test]
fn an_endless_script_stops_at_its_line() {
    let desk = Desk::new();
    let script = "dialog main do\n  say \"before\"\n  repeat while true do\n    x = 1\n  end\nend\n";
    let bot = desk.open(&desk.write("endless", &[("integrations.yaml", "[]\n"), ("main.bubble", script)]));
    let chat = desk.call("chat_start", json!({ "bot": bot["bot"] }));
    assert_eq!(chat["status"], "stopped");
    let error = chat["items"].as_array().unwrap().iter().find(|item| item["from"] == "error").unwrap();
    assert!((3..=4).contains(&error["place"]["line"].as_u64().unwrap()), "{error}");
}
