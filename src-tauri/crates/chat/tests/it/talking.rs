//! Saying, asking, logging, saving.

use chat::{Chat, From, OtherScripts, Part, Persona, Setup, State, Status};

use crate::host::{
    CANARY, EMPTY, STOCKED, assert_clean, check, lines, log, program, send, setup, start, start_as, text,
};

const SECRET: &str = include_str!("../fixtures/1-secret.bubble");

#[test]
fn the_secret_script_with_its_secret_set() {
    let chat = check(SECRET, &[], &["Bot: Your token is: ‹secret:myapi_key›"]);
    let view = chat.view();
    let said = &view.items[0];
    assert_eq!(said.parts[0], Part::Text { text: "Your token is: ".to_string() });
    let Part::Secret { part, .. } = said.parts[1] else { panic!("{said:?}") };
    assert_eq!(chat.reveal(part, &STOCKED).as_deref().map(String::as_str), Some(CANARY));
    assert_eq!(chat.reveal(part, &EMPTY), None);
    assert_eq!(chat.reveal(part + 1, &STOCKED), None);
    let place = said.place.as_ref().unwrap();
    assert_eq!((&*place.file, place.line, place.column), ("main.bubble", 3, 3));
    assert_eq!((said.id, said.at.as_str(), view.status), (1, "2024-05-01T12:00:00Z", Status::Idle));
    let token = view.variables.iter().find(|variable| variable.name == "token").unwrap();
    assert_eq!(text(&token.parts), "\"‹secret:myapi_key›\"");
    assert!(token.parts.contains(&Part::Secret { alias: "myapi_key".to_string(), part }));
}

#[test]
fn the_secret_script_without_its_secret() {
    for setup in [setup(), Setup::default()] {
        let chat = start_as(SECRET, &setup, &EMPTY);
        assert_eq!(lines(&chat), ["Bot: Your token is: "]);
        assert_eq!(log(&chat), ["Hint: There is no token for `myapi_key`, so it is nil here: connect myapi_key."]);
        let entry = &chat.view().log[0];
        assert_eq!(entry.alias.as_deref(), Some("myapi_key"));
        assert_eq!(entry.place.as_ref().map(|place| (place.line, place.column)), Some((2, 11)));
    }
}

#[test]
fn no_secret_anywhere_but_through_reveal() {
    let script = r##"
        t = get_access_token(bot.tokens.myapi_key)
        say "Token #{t}, #{upcase(t)}, #{length(t)}"
        say [a: t, b: split(t, "-")]
        log t
        list = [t, %{deep: t + "!"}]
        _local = downcase(t)
        answer = ask "And " + t, expecting: ["Yes " + t, "No"]
    "##;
    let chat = start(script, &STOCKED);
    let view = chat.view();
    assert_eq!(view.status, Status::Waiting);
    let numbers: Vec<u32> = view
        .items
        .iter()
        .flat_map(|item| &item.parts)
        .chain(view.log.iter().flat_map(|entry| &entry.parts))
        .chain(view.variables.iter().flat_map(|variable| &variable.parts))
        .filter_map(|part| if let Part::Secret { part, .. } = part { Some(*part) } else { None })
        .collect();
    assert!(numbers.len() >= 10, "{numbers:?}");
    let revealed: Vec<String> = numbers.iter().map(|part| chat.reveal(*part, &STOCKED).unwrap().to_string()).collect();
    // The positive control: the canary and what was made of it are there for those who may ask.
    for clear in [CANARY, "C4N4RY-5ECR3T", "5ecr3t"] {
        assert!(revealed.iter().any(|own| own == clear), "{clear}");
    }
    assert_clean(&chat);
    assert!(serde_json::to_string(chat.state()).unwrap().contains("myapi_key"));
}

#[test]
fn an_answer_goes_to_the_question() {
    let script = "name = ask \"Name?\"\nsay \"Hi #{name}, #{answer.text}, #{message}\"\n";
    let chat = check(script, &["Ann"], &["Bot: Name?", "User: Ann", "Bot: Hi Ann, Ann, Ann"]);
    assert_eq!(chat.view().status, Status::Idle);
    assert_eq!(chat.view().at, None);
}

#[test]
fn an_answer_that_does_not_fit_brings_the_question_back() {
    let script = "x = ask \"Sure?\", expecting: [\"Yes\", \"No\"]\nsay x";
    let chat =
        check(script, &["maybe", " YES "], &["Bot: Sure?", "User: maybe", "Bot: Sure?", "User:  YES ", "Bot:  YES "]);
    assert_eq!(chat.view().items[0].quick_replies, ["Yes", "No"]);
    check("x = ask \"Sure?\", quick_replies: [\"Yes\"]\nsay x", &["no"], &["Bot: Sure?", "User: no", "Bot: no"]);
}

#[test]
fn text_that_nothing_waits_for() {
    let chat = check("say 1", &["hello"], &["Bot: 1", "User: hello", "Note: Nothing in this bot reacts to that yet."]);
    let message = chat.view().variables.into_iter().find(|variable| variable.name == "message").unwrap();
    assert_eq!(text(&message.parts), "\"hello\"");
}

#[test]
fn a_runtime_error_stops_the_chat_at_its_place() {
    let chat = check(
        "say 1\nx = 1 / 0\nsay 2",
        &["hello"],
        &[
            "Bot: 1",
            "Error: main.bubble:2:5: This divides by zero. Check the right side with `if` before dividing.",
            "User: hello",
            "Note: The bot has stopped. Restart the chat to try again.",
        ],
    );
    let view = chat.view();
    assert_eq!(view.status, Status::Stopped);
    assert_eq!(view.items[1].from, From::Error);
    assert_eq!(view.items[1].place.as_ref().map(|place| (place.line, place.column)), Some((2, 5)));
    assert_eq!(view.at, view.items[1].place);
}

#[test]
fn endless_and_growing_scripts_stop() {
    for script in
        ["repeat while true do\n x += 1\nend", "dialog main do\n invoke main\nend", "repeat 60 do\n x = [x, x]\nend"]
    {
        let chat = start(script, &EMPTY);
        assert_eq!(chat.view().status, Status::Stopped, "{script}");
        assert!(serde_json::to_string(&chat.view()).unwrap().len() < 10_000);
    }
}

#[test]
fn a_locked_vault_stops_the_chat() {
    check(
        "say get_access_token(\"locked\")",
        &[],
        &[
            "Error: main.bubble:1:5: The vault is locked, so no token can be read. Look at the line named here, and at the log for more.",
        ],
    );
}

#[test]
fn empty_says_draw_nothing() {
    let chat = check("say nil\nsay \"\"\nlog nil", &[], &[]);
    assert_eq!(
        log(&chat),
        ["Hint: This `say` has nothing to show.", "Hint: This `say` has nothing to show.", "Log: nil"]
    );
}

#[test]
fn bot_and_user_have_their_fields() {
    let fields = r#"{"first_name":"Ann"}"#.to_string();
    let setup = Setup { persona: Persona { fields, ..Persona::default() }, ..setup() };
    let script = "log bot.title\nlog user\nuser.email = \"a@b\"\nlog user.email\nlog user.tokens.google";
    let chat = start_as(script, &setup, &EMPTY);
    let user = "{\"id\":null,\"first_name\":\"Ann\",\"last_name\":null,\"profile_picture\":null,\"timezone\":null,\"locale\":null,\
                \"frontend\":null,\"presence\":null,\"extra\":null,\"tokens\":{}}";
    assert_eq!(log(&chat), ["Log: Weather".to_string(), format!("Log: {user}"), "Log: a@b".into(), "Log: nil".into()]);
}

#[test]
fn a_saved_chat_goes_on_the_same() {
    let script =
        "t = get_access_token(bot.tokens.myapi_key)\nx = ask \"First \" + t\ny = ask \"Second #{x}\"\nsay x + y + t";
    let mut chat = start(script, &STOCKED);
    send(&mut chat, "a", &STOCKED);
    let saved = serde_json::to_string(chat.state()).unwrap();
    let state: State = serde_json::from_str(&saved).unwrap();
    assert_eq!(&state, chat.state());
    let mut restored = Chat::resume(program(script), state).unwrap();
    let mut fork = chat.clone();
    send(&mut chat, "b", &STOCKED);
    send(&mut restored, "b", &STOCKED);
    assert_eq!(chat.view(), restored.view());
    assert_eq!(lines(&chat).last().unwrap(), "Bot: ab‹secret:myapi_key›");
    send(&mut fork, "c", &STOCKED);
    assert_eq!(lines(&fork).last().unwrap(), "Bot: ac‹secret:myapi_key›");
    assert_eq!(lines(&chat).last().unwrap(), "Bot: ab‹secret:myapi_key›");
}

#[test]
fn the_stack_shows_where_it_waits() {
    let script = "dialog main do\n  invoke inner\n  say 1\nend\ndialog inner do\n  _x = 1\n  ask \"?\"\nend";
    let view = start(script, &EMPTY).view();
    let stack: Vec<(&str, u32)> = view.stack.iter().map(|own| (own.name.as_str(), own.place.line)).collect();
    assert_eq!(stack, [("main", 2), ("inner", 7)]);
    assert_eq!(view.at.unwrap().line, 7);
    assert!(view.variables.iter().any(|own| own.name == "_x"));
}

#[test]
fn restart_forgets() {
    let mut chat = start("x = ask \"?\"\nsay x", &EMPTY);
    send(&mut chat, "a", &EMPTY);
    chat.restart(program("say \"new\""), &setup(), &EMPTY);
    assert_eq!(lines(&chat), ["Bot: new"]);
}

#[test]
fn a_saved_chat_of_other_scripts_is_refused() {
    let chat = start("x = ask \"?\"", &EMPTY);
    let resumed = Chat::resume(program("y = ask \"!\""), chat.state().clone());
    assert_eq!(resumed.err(), Some(OtherScripts));
    assert!(Chat::resume(program("x = ask \"?\""), chat.state().clone()).is_ok());
}
