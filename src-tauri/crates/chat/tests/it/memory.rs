//! What outlives a conversation, and what a conversation starts with.

use chat::{Persona, Setup, remembered};

use crate::host::{STOCKED, check, lines, log, setup, start, start_as, variable};

/// The memories of a script, one `path=value` each.
fn remembers(script: &str, expect: &[&str]) {
    let mut chat = start(script, &STOCKED);
    let shown: Vec<String> = chat
        .take_memories()
        .into_iter()
        .map(|memory| format!("{}={}", memory.path.join("."), memory.json.unwrap_or_else(|| "-".to_string())))
        .collect();
    assert_eq!(shown, expect, "{script} {:?}", lines(&chat));
}

#[test]
fn variables_and_members() {
    remembers("foo = [1, %{a: nil, b: :c}]\nremember foo", &["foo=[1,{\"b\":\"c\"}]"]);
    remembers("user.email = \"a@b\"\nremember user.email", &["user.email=\"a@b\""]);
    remembers("remember(never_set)", &["never_set=-"]);
    remembers("a.b.c = 1\nremember a.b[\"c\"], a", &["a.b.c=1", "a={\"b\":{\"c\":1}}"]);
    remembers("user.x = 1\nremember user", &["user={\"id\":\"ann\",\"x\":1}"]);
    remembers("remember user.tokens\nremember user.tokens.facebook", &[]);
    remembers("a.b = 1\nforget a.b\nforget a", &["a.b=-", "a=-"]);
}

#[test]
fn forgetting_clears_what_is_not_provided() {
    let script = "a.b.c = 1\na.d = 2\nforget a.b.c\nlog a\nforget a\nlog a\nuser.email = 1\nforget user.email\nlog user.email\nforget user\nlog user.id";
    let chat = start(script, &STOCKED);
    assert_eq!(log(&chat), ["Log: {\"d\":2}", "Log: nil", "Log: nil", "Log: ann"]);
}

#[test]
fn a_secret_is_not_remembered() {
    check(
        "x.t = \"a\" + get_access_token(bot.tokens.myapi_key)\nremember x",
        &[],
        &[
            "Error: main.bubble:2:10: `x` holds the secret `myapi_key`, which cannot be remembered. Remember the parts without it; the token can be had again with `get_access_token`.",
        ],
    );
    remembers("x = length(get_access_token(bot.tokens.myapi_key))\nremember x", &["x=13"]);
}

#[test]
fn a_conversation_starts_with_what_is_remembered() {
    let persona = Persona {
        id: "bob".to_string(),
        name: "Bob".to_string(),
        fields: r#"{"first_name":"Bob","email":"b@c","tags":["x"]}"#.to_string(),
        remembered: r#"{"user":{"email":"new@c","tokens":{"facebook":"stolen"}},"count":3}"#.to_string(),
        tokens: vec![("facebook".to_string(), "id-facebook".to_string())],
    };
    let setup = Setup { persona, ..setup() };
    let script = "log [user.id, user.first_name, user.email, user.tags, user.tokens.facebook, count, user.last_name]";
    let chat = start_as(script, &setup, &STOCKED);
    assert_eq!(log(&chat), ["Log: [\"bob\",\"Bob\",\"new@c\",[\"x\"],\"id-facebook\",3,null]"]);
    assert_eq!(chat.view().persona, "bob");
    let broken = Persona { fields: "{".to_string(), remembered: "[1]".to_string(), ..Persona::default() };
    let chat = start_as("log user.id", &Setup { persona: broken, ..Setup::default() }, &STOCKED);
    assert_eq!(log(&chat), ["Log: nil"]);
}

#[test]
fn one_conversation_remembers_for_the_next() {
    let script = "visits = visits + 1\nremember visits\nif visits > 1, do: forget(visits)";
    let mut setup = setup();
    for expect in [Some("{\"visits\":1}"), None, Some("{\"visits\":1}")] {
        let mut chat = start_as(script, &setup, &STOCKED);
        let after = remembered(Some(&setup.persona.remembered), &chat.take_memories());
        assert_eq!(after.as_deref(), expect);
        assert_eq!(variable(&chat, "visits").is_some(), expect.is_some());
        setup.persona.remembered = after.unwrap_or_default();
    }
}
