//! How a conversation waits for what takes time.

use chat::{Answer, Chat, Handle, Pause, Reply, State, Status, Wanted};

use crate::host::{STOCKED, assert_clean, check, lines, log, program, send, setup, start, variable};

fn begin(script: &str) -> Chat {
    Chat::start(program(script), &setup(), &STOCKED)
}

fn number(chat: &Chat) -> u64 {
    chat.wanted().map_or(0, |(number, _)| number)
}

fn link(url: &str) -> Answer {
    Answer::Link(url.to_string())
}

#[test]
fn a_call_waits_for_its_answer_and_no_other() {
    let mut chat = begin("say 1\nsay oauth_link(\"google\")\nsay 2");
    let wanted = number(&chat);
    assert_eq!((lines(&chat).len(), chat.view().status), (1, Status::Working));
    assert_eq!(chat.view().at.map(|place| place.line), Some(2));
    chat.fulfil(wanted + 1, link("https://no.test"), &STOCKED);
    assert_eq!(chat.view().status, Status::Working);
    chat.fulfil(wanted, link("https://yes.test"), &STOCKED);
    chat.fulfil(wanted, link("https://no.test"), &STOCKED);
    assert_eq!(lines(&chat), ["Bot: 1", "Bot: https://yes.test", "Bot: 2"]);
}

#[test]
fn an_answer_to_an_earlier_conversation_is_ignored() {
    let mut chat = begin("say oauth_link(\"google\")");
    let earlier = number(&chat);
    chat.restart(program("say oauth_link(\"facebook\")"), &setup(), &STOCKED);
    assert_ne!(number(&chat), earlier);
    chat.fulfil(earlier, link("https://no.test"), &STOCKED);
    assert_eq!((lines(&chat).len(), chat.view().status), (0, Status::Working));
}

#[test]
fn a_saved_conversation_still_wants_the_same() {
    let script =
        "x = http_get \"https://a.test\", headers: [Authorization: get_access_token(bot.tokens.myapi_key)]\nsay x.body";
    let mut chat = begin(script);
    chat.fulfil(
        number(&chat),
        Answer::Token { alias: "myapi_key".to_string(), handle: Handle("id-myapi_key".into()) },
        &STOCKED,
    );
    let state: State = serde_json::from_str(&serde_json::to_string(chat.state()).unwrap()).unwrap();
    let mut restored = Chat::resume(program(script), state).unwrap();
    assert_eq!(restored.wanted(), chat.wanted());
    assert_clean(&restored);
    let mut fork = chat.clone();
    let reply = |body: &str| Answer::Http(Reply { status: 200, body: body.to_string(), ..Reply::default() });
    restored.fulfil(number(&restored), reply("a"), &STOCKED);
    fork.fulfil(number(&fork), reply("b"), &STOCKED);
    assert_eq!((lines(&restored).join(""), lines(&fork).join("")), ("Bot: a".to_string(), "Bot: b".to_string()));
    assert_eq!(chat.view().status, Status::Working);
}

#[test]
fn a_person_is_asked_first() {
    let mut chat = begin("http_get \"https://a.test\"\nsay http.status_code");
    let wanted = number(&chat);
    let place = chat.wanted().unwrap().1.place().clone();
    let pause = Pause { alias: Some("google".to_string()), host: "a.test".to_string(), place };
    chat.pause(wanted + 1, pause.clone());
    assert_eq!(chat.view().pause, None);
    chat.pause(wanted, pause.clone());
    assert_eq!((chat.view().status, chat.view().pause), (Status::Paused, Some(pause.clone())));
    chat.unpause(wanted);
    assert_eq!(chat.view().status, Status::Working);
    chat.pause(wanted, pause);
    chat.fulfil(wanted, Answer::Http(Reply { status: 204, ..Reply::default() }), &STOCKED);
    assert_eq!((lines(&chat), chat.view().pause), (vec!["Bot: 204".to_string()], None));
}

#[test]
fn what_comes_meanwhile_is_taken_up_in_order() {
    let script = "dialog main do\n x = oauth_link(\"google\")\n a = ask \"A?\"\n say a\nend\ndialog event: \"e\" do\n say event.payload\nend";
    let mut chat = begin(script);
    chat.send("answer", &STOCKED);
    chat.event("e", chat::Payload::Text("late".to_string()), &STOCKED).unwrap();
    assert_eq!(lines(&chat), ["User: answer"]);
    STOCKED.serve(&mut chat);
    assert_eq!(lines(&chat), ["User: answer", "Bot: A?", "Bot: answer", "Bot: late"]);
}

#[test]
fn nil_ids_never_go_out() {
    for (script, expect) in [
        ("say \"[#{get_access_token(nil)}]\"", "Bot: []"),
        ("say \"[#{get_token_info(\"\")}]\"", "Bot: []"),
        ("say \"[#{get_full_token(12)}]\"", "Bot: []"),
        ("say delete_token(nil)", "Bot: false"),
    ] {
        let chat = begin(script);
        assert_eq!((lines(&chat), chat.wanted()), (vec![expect.to_string()], None), "{script}");
        assert_eq!(log(&chat), ["Hint: There is no token with this id, so it is nil here."]);
    }
}

#[test]
fn a_deleted_token_leaves_its_ids() {
    let mut chat =
        begin("x = user.tokens.facebook\nsay delete_token(x)\nsay delete_token(x)\nlog user.tokens\nlog bot.tokens");
    let mut there = true;
    STOCKED.serve_with(&mut chat, |wanted| {
        assert!(matches!(wanted, Wanted::DeleteToken(call) if call.id == "id-facebook"));
        Answer::Bool(std::mem::take(&mut there))
    });
    assert_eq!(lines(&chat), ["Bot: true", "Bot: false"]);
    assert_eq!(log(&chat), ["Log: {}", "Log: {\"myapi_key\":\"id-myapi_key\"}"]);
}

#[test]
fn links_that_cannot_be_had() {
    check(
        "say oauth_link(\"nowhere\")",
        &[],
        &[
            "Error: main.bubble:1:5: No integration has the alias `nowhere`; there are `facebook` and `google`. Look at the line named here, and at the log for more.",
        ],
    );
    check(
        "say oauth_link(nil)",
        &[],
        &[
            "Error: main.bubble:1:5: `oauth_link` needs the alias of an integration as a text. Look at the line named here, and at the log for more.",
        ],
    );
    let mut chat = begin("say \"[#{oauth_link(\"mine\")}]\"");
    let note = "`mine` belongs to the bot: connect it in Settings, Integrations.".to_string();
    chat.fulfil(number(&chat), Answer::Nil { note: Some(note.clone()) }, &STOCKED);
    assert_eq!((lines(&chat), log(&chat)), (vec!["Bot: []".to_string()], vec![format!("Hint: {note}")]));
    assert_eq!(chat.view().log[0].alias.as_deref(), Some("mine"));
}

#[test]
fn a_link_in_a_button_that_cannot_be_had_opens_nothing() {
    let mut chat = begin("buttons \"x\" do\n \"y\" -> open oauth_link(\"mine\")\nend");
    chat.fulfil(number(&chat), Answer::Nil { note: None }, &STOCKED);
    let item = chat.view().items[0].id;
    assert_eq!(chat.press(item, 0, &STOCKED), chat::Pressed::Nothing);
}

#[test]
fn odd_answers_do_no_harm() {
    let mut chat =
        begin("say \"[#{get_token_info(\"a\")}]\"\nsay \"[#{get_full_token(\"a\")}]\"\nhttp_get \"x\"\nsay http.error");
    chat.fulfil(number(&chat), Answer::Info("{broken".to_string()), &STOCKED);
    chat.fulfil(number(&chat), Answer::Bool(true), &STOCKED);
    chat.fulfil(number(&chat), Answer::Bool(true), &STOCKED);
    assert_eq!(lines(&chat), ["Bot: []", "Bot: []", "Bot: The call could not be made."]);
}

#[test]
fn tokens_come_and_go() {
    let mut chat = start("ask \"?\"\nlog user.tokens\nlog bot.tokens", &STOCKED);
    chat.set_token(chat::Owner::Bot, "sheet", Some("id-sheet"));
    chat.set_token(chat::Owner::User, "facebook", None);
    assert!(variable(&chat, "bot").unwrap().contains("id-sheet"));
    send(&mut chat, "x", &STOCKED);
    assert_eq!(log(&chat), ["Log: {}", "Log: {\"myapi_key\":\"id-myapi_key\",\"sheet\":\"id-sheet\"}"]);
    assert!(chat.view().events.is_empty());
}
