//! Events, what they interrupt, and buttons.

use chat::{Chat, EventSource, From, NotJson, Payload, Pressed, Status};

use crate::host::{STOCKED, check, lines, log, send, start, text};

/// Starts a script, sends events by name, and compares what is seen.
fn fires(script: &str, events: &[&str], expect: &[&str]) -> Chat {
    let mut chat = start(script, &STOCKED);
    for name in events {
        assert_eq!(chat.event(name, Payload::None, &STOCKED), Ok(()));
        STOCKED.serve(&mut chat);
    }
    assert_eq!(lines(&chat), expect, "{script}");
    chat
}

#[test]
fn an_event_interrupts_a_question_which_then_comes_back() {
    let script = "dialog main do\n x = ask \"Name?\", expecting: [\"Ann\"]\n say \"Hi #{x}\"\nend\ndialog event: \"e\" do\n say \"E\"\nend";
    let mut chat = fires(script, &["e"], &["Bot: Name?", "Bot: E", "Bot: Name?"]);
    assert_eq!(chat.view().items[2].quick_replies, ["Ann"]);
    send(&mut chat, "Ann", &STOCKED);
    assert_eq!(lines(&chat)[4..], ["Bot: Hi Ann"]);
}

#[test]
fn returning_runs_before_the_question_comes_back() {
    let script = "dialog main do\n dialog __returning__ do\n  say \"Back\"\n end\n x = ask \"?\"\n say x\nend\ndialog event: \"e\" do\n y = ask \"E?\"\n say y\nend\ndialog __returning__ do\n say \"no\"\nend";
    let mut chat = fires(script, &["e"], &["Bot: ?", "Bot: E?"]);
    assert_eq!(
        chat.view().stack.iter().map(|own| own.name.as_str()).collect::<Vec<_>>(),
        ["main", "__returning__", "event e"]
    );
    send(&mut chat, "a", &STOCKED);
    send(&mut chat, "b", &STOCKED);
    assert_eq!(lines(&chat)[2..], ["User: a", "Bot: a", "Bot: Back", "Bot: ?", "User: b", "Bot: b"]);
}

#[test]
fn a_task_leaves_the_question_alone() {
    let script = "x = ask \"?\", timeout: 60\nsay \"#{x} #{n}\"\ntask event: \"e\" do\n n = n + 1\n log n\nend";
    let mut chat = fires(script, &["e", "e"], &["Bot: ?"]);
    assert_eq!((log(&chat), chat.view().status), (vec!["Log: 1".to_string(), "Log: 2".to_string()], Status::Waiting));
    assert_eq!(chat.due(&STOCKED), Some(60));
    send(&mut chat, "a", &STOCKED);
    assert_eq!(lines(&chat)[2..], ["Bot: a 2"]);
}

#[test]
fn guards_choose_and_may_decline() {
    let script = "n = 1\nask \"?\"\ndialog event: \"e\" when n > 1 do\n say \"many\"\nend\ndialog event: \"e\" when n < 1 do\n say \"few\"\nend";
    let chat = fires(script, &["e"], &["Bot: ?"]);
    assert_eq!(log(&chat), ["Hint: Nothing in this bot reacts to the event `e` now."]);
    assert_eq!((chat.view().status, chat.view().events[0].handled_by.clone()), (Status::Waiting, None));
    assert_eq!(chat.view().stack.len(), 1);
    let second = script.replace("n = 1\n", "n = 0\n");
    let chat = fires(&second, &["e"], &["Bot: ?", "Bot: few", "Bot: ?"]);
    assert_eq!(chat.view().events[0].handled_by.as_ref().map(|place| place.line), Some(6));
    let named = "dialog cart, event: \"e\" when n do\n say \"cart\"\nend\ndialog cart do\n say \"empty\"\nend\ndialog main do\n invoke cart\nend";
    fires(named, &["e"], &["Bot: empty"]);
    fires(&named.replace(" invoke", " n = 1\n invoke"), &["e"], &["Bot: cart", "Bot: cart"]);
}

#[test]
fn a_nested_dialog_listens_while_the_outer_one_runs() {
    let script = "dialog main do\n dialog event: \"e\" when !deaf do\n  say \"inner\"\n end\n ask \"?\"\n deaf = true\n ask \"??\"\nend\ndialog event: \"e\" do\n say \"outer\"\nend";
    let mut chat = fires(script, &["e"], &["Bot: ?", "Bot: inner", "Bot: ?"]);
    send(&mut chat, "x", &STOCKED);
    chat.event("e", Payload::None, &STOCKED).unwrap();
    send(&mut chat, "x", &STOCKED);
    chat.event("e", Payload::None, &STOCKED).unwrap();
    assert_eq!(lines(&chat)[3..], ["User: x", "Bot: ??", "Bot: outer", "Bot: ??", "User: x", "Bot: outer"]);
}

#[test]
fn payloads() {
    let script = "dialog event: \"e\" do\n log event.payload\n log event.name\nend";
    let mut chat = start(script, &STOCKED);
    for payload in [Payload::None, Payload::Text("a".to_string()), Payload::Json("{\"a\":[1,null,\"x\"]}".to_string())]
    {
        chat.event("e", payload, &STOCKED).unwrap();
    }
    assert_eq!(log(&chat), ["Log: nil", "Log: e", "Log: a", "Log: e", "Log: {\"a\":[1,null,\"x\"]}", "Log: e"]);
    assert_eq!(chat.event("e", Payload::Json("{".to_string()), &STOCKED), Err(NotJson));
    let view = chat.view();
    let shown: Vec<String> = view.events.iter().map(|event| text(&event.payload)).collect();
    assert_eq!(shown, ["", "a", "{\"a\":[1,null,\"x\"]}"]);
    assert!(view.events.iter().all(|event| event.source == EventSource::Studio && event.handled_by.is_some()));
}

#[test]
fn an_event_that_nothing_takes_is_a_line_in_the_log() {
    let chat = fires("say 1", &["e"], &["Bot: 1"]);
    assert_eq!(log(&chat), ["Hint: Nothing in this bot reacts to the event `e` now."]);
}

#[test]
fn a_stopped_bot_takes_no_events() {
    let script = "dialog main do\n x = 1 / 0\nend\ndialog event: \"e\" do\n say 1\nend";
    let chat = fires(
        script,
        &["e"],
        &[
            "Error: main.bubble:2:6: This divides by zero. Check the right side with `if` before dividing.",
            "Note: The bot has stopped. Restart the chat to try again.",
        ],
    );
    assert_eq!(chat.view().events[0].handled_by, None);
}

#[test]
fn too_many_events_on_an_open_question() {
    let script = "dialog main do\n ask \"?\"\nend\ndialog event: \"e\" do\n ask \"E?\"\nend";
    let mut chat = start(script, &STOCKED);
    for _ in 0..1_100 {
        chat.event("e", Payload::None, &STOCKED).unwrap();
    }
    let notes = chat.view().items.iter().filter(|item| item.from == From::Note).count();
    assert!((90..110).contains(&notes), "{notes}");
    assert_eq!(chat.view().status, Status::Waiting);
}

#[test]
fn buttons_send_events_too() {
    let script = "dialog main do\n buttons \"Pick #{1 + 1}\" do\n  \"One #{n}\" -> event \"pick\", [1, \"a\"]\n  \"Two\" ->\n   postback \"old\"\n  \"Three\" -> event \"pick\", a: 1\n end\n say \"on\"\nend\ndialog event: \"pick\" do\n log event.payload\nend\ndialog event: \"old\" do\n log event.name\nend";
    let mut chat = check(script, &[], &["Bot: Pick 2 [One ] [Two] [Three]", "Bot: on"]);
    let item = chat.view().items[0].id;
    for button in [0, 1, 2, 0] {
        assert_eq!(chat.press(item, button, &STOCKED), Pressed::Event);
    }
    assert_eq!(log(&chat), ["Log: [1,\"a\"]", "Log: old", "Log: {\"a\":1}", "Log: [1,\"a\"]"]);
    assert!(chat.view().events.iter().all(|event| event.source == EventSource::Button));
}

#[test]
fn a_secret_in_an_address_shows_only_when_it_is_opened() {
    let script =
        "t = get_access_token(bot.tokens.myapi_key)\nbuttons t do\n \"a\" -> open \"https://a.test/?t=#{t}\"\nend";
    let mut chat = check(script, &[], &["Bot: ‹secret:myapi_key› [a]"]);
    crate::host::assert_clean(&chat);
    let item = chat.view().items[0].id;
    let pressed = chat.press(item, 0, &STOCKED);
    assert_eq!(format!("{pressed:?}"), "Open(…)");
    assert!(matches!(pressed, Pressed::Open(url) if *url == format!("https://a.test/?t={}", crate::host::CANARY)));
    assert_eq!(chat.press(item, 0, &crate::host::EMPTY), Pressed::Nothing);
}

#[test]
fn a_secret_in_a_payload_stays_one() {
    let script = "dialog main do\n t = get_access_token(bot.tokens.myapi_key)\n buttons \"x\" do\n  \"a\" -> event \"e\", t\n  \"b\" -> event \"e\", [t: t + \"!\"]\n end\nend\ndialog event: \"e\" do\n log event.payload\nend";
    let mut chat = start(script, &STOCKED);
    let item = chat.view().items[0].id;
    chat.press(item, 0, &STOCKED);
    chat.press(item, 1, &STOCKED);
    assert_eq!(log(&chat), ["Log: ‹secret:myapi_key›", "Log: {\"t\":\"‹secret:myapi_key›!\"}"]);
    let shown: Vec<String> = chat.view().events.iter().map(|event| text(&event.payload)).collect();
    assert_eq!(shown, ["‹secret:myapi_key›", "{\"t\":\"‹secret:myapi_key›!\"}"]);
    crate::host::assert_clean(&chat);
}

#[test]
fn a_notice_is_seen_and_logged() {
    let mut chat = start("ask \"?\"", &STOCKED);
    chat.notice("The sign-in to google was cancelled.", Some("google"), &STOCKED);
    assert_eq!(lines(&chat), ["Bot: ?", "Note: The sign-in to google was cancelled."]);
    assert_eq!(chat.view().log[0].alias.as_deref(), Some("google"));
    assert_eq!(chat.view().status, Status::Waiting);
}
