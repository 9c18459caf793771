//! The seven samples of the integrations document, each with and without what it needs.

use chat::{Answer, Body, Chat, Part, Pressed, Reply, Setup, Status, Wanted};

use crate::host::{CANARY, EMPTY, STOCKED, assert_clean, lines, log, send, setup, start, start_as, text, variable};

const LOGIN_BUTTONS: &str = include_str!("../fixtures/2-login-buttons.bubble");
const TOKEN_EVENT: &str = include_str!("../fixtures/3-token-event.bubble");
const STATUS_UPDATE: &str = include_str!("../fixtures/6-status-update.bubble");

#[test]
fn sample_1_shows_its_secret_masked() {
    let chat = start(include_str!("../fixtures/1-secret.bubble"), &STOCKED);
    assert_eq!(lines(&chat), ["Bot: Your token is: ‹secret:myapi_key›"]);
    assert_clean(&chat);
}

#[test]
fn sample_2_shows_two_buttons_that_open_the_sign_in() {
    let mut chat = start(LOGIN_BUTTONS, &EMPTY);
    assert_eq!(lines(&chat), ["Bot: You need to login to continue [Login with Google] [Login with Facebook]"]);
    let item = chat.view().items[0].clone();
    let place = item.place.as_ref().map(|place| (place.line, place.column));
    assert_eq!((place, chat.view().status), (Some((1, 1)), Status::Idle));
    let Pressed::Open(url) = chat.press(item.id, 1, &EMPTY) else { panic!() };
    assert_eq!(*url, "https://sign-in.test/facebook?state=1");
    let pressed: Vec<bool> = chat.view().items[0].buttons.iter().map(|button| button.pressed).collect();
    assert_eq!(pressed, [false, true]);
    assert_eq!(chat.press(item.id, 1, &EMPTY), Pressed::Open(url));
    assert_eq!(chat.press(item.id, 2, &EMPTY), Pressed::Nothing);
    assert_eq!(chat.press(item.id + 1, 0, &EMPTY), Pressed::Nothing);
}

#[test]
fn sample_3_thanks_for_the_sign_in_and_remembers_who_it_was() {
    let mut chat = start(TOKEN_EVENT, &STOCKED);
    assert_eq!((lines(&chat).len(), chat.view().status), (0, Status::Idle));
    chat.token_connected("google", "id-google", &STOCKED);
    assert_eq!(lines(&chat), ["Bot: Thank you for logging in."]);
    let Some((_, Wanted::TokenInfo(call))) = chat.wanted() else { panic!("{:?}", chat.wanted()) };
    assert_eq!((call.id.as_str(), call.place.line), ("id-google", 4));
    STOCKED.serve(&mut chat);
    let user = variable(&chat, "user").unwrap();
    for piece in [
        r#""first_name":"Ann""#,
        r#""profile_picture":"https://p.test/a.png""#,
        r#""tokens":{"facebook":"id-facebook","google":"id-google"}"#,
    ] {
        assert!(user.contains(piece), "{user}");
    }
    let event = &chat.view().events[0];
    assert_eq!((event.name.as_str(), text(&event.payload).as_str()), ("token:google", "id-google"));
    assert_eq!(event.handled_by.as_ref().map(|place| (place.line, place.column)), Some((1, 1)));
    let memories = chat.take_memories();
    let json = r#"{"id":"ann","first_name":"Ann","profile_picture":"https://p.test/a.png"}"#;
    assert_eq!(memories.len(), 1);
    assert_eq!((memories[0].path.join("."), memories[0].json.as_deref()), ("user".to_string(), Some(json)));
    assert!(chat.take_memories().is_empty());
}

#[test]
fn samples_2_and_3_together_sign_in() {
    let mut chat = start(&format!("{LOGIN_BUTTONS}\n{TOKEN_EVENT}"), &STOCKED);
    let item = chat.view().items[0].id;
    assert!(matches!(chat.press(item, 0, &STOCKED), Pressed::Open(_)));
    chat.token_connected("google", "id-google", &STOCKED);
    STOCKED.serve(&mut chat);
    assert_eq!(lines(&chat)[1..], ["Bot: Thank you for logging in."]);
    assert_eq!(chat.view().status, Status::Idle);
}

#[test]
fn sample_4_says_a_link() {
    let chat = start(include_str!("../fixtures/4-oauth-link.bubble"), &EMPTY);
    let link = Part::Link { url: "https://sign-in.test/google?state=1".to_string() };
    assert_eq!(chat.view().items[0].parts, [link]);
}

#[test]
fn sample_5_logs_who_has_signed_in() {
    let script = include_str!("../fixtures/5-token-info.bubble");
    let mut signed_in = setup();
    signed_in.persona.tokens = vec![("google".to_string(), "id-google".to_string())];
    let chat = start_as(script, &signed_in, &STOCKED);
    let info = r#"{"name":"Ann Example","first_name":"Ann","image":"https://p.test/a.png"}"#;
    assert_eq!(log(&chat), [format!("Log: {info}")]);
    let chat = start_as(script, &Setup::default(), &EMPTY);
    assert_eq!(log(&chat), ["Hint: There is no token for `google`, so it is nil here: connect google.", "Log: nil"]);
    assert_eq!(chat.view().log[0].alias.as_deref(), Some("google"));
}

/// Runs the status update up to its request.
fn posting(setup: &Setup) -> Chat {
    let mut chat = start_as(STATUS_UPDATE, setup, &STOCKED);
    chat.send("Hello world & all", &STOCKED);
    while let Some((number, wanted)) = chat.wanted().filter(|(_, wanted)| !matches!(wanted, Wanted::Http(_))) {
        let answer = STOCKED.answer(wanted);
        chat.fulfil(number, answer, &STOCKED);
    }
    chat
}

#[test]
fn sample_6_posts_with_the_token() {
    let mut chat = posting(&setup());
    let (number, wanted) = chat.wanted().map(|(number, wanted)| (number, wanted.clone())).unwrap();
    let Wanted::Http(call) = wanted else { panic!() };
    assert_eq!(chat.view().status, Status::Working);
    assert_eq!((call.aliases.as_slice(), call.method.as_str()), (["facebook".to_string()].as_slice(), "POST"));
    assert_eq!(call.url.masked(), "https://graph.facebook.com/v2.11/me/feed?access_token=‹secret:facebook›");
    let Body::Form(pairs) = &call.body else { panic!("{:?}", call.body) };
    assert_eq!(pairs.len(), 1);
    assert_clean(&chat);
    let clear = call.reveal(&STOCKED).unwrap();
    assert_eq!(*clear.url, format!("https://graph.facebook.com/v2.11/me/feed?access_token={CANARY}"));
    assert_eq!(*clear.body, "message=Hello+world+%26+all");
    assert_eq!(clear.secrets.len(), 1);
    assert!(call.reveal(&EMPTY).is_none());
    chat.fulfil(number, Answer::Http(Reply { status: 200, exchange: Some(7), ..Reply::default() }), &STOCKED);
    assert_eq!(lines(&chat).last().unwrap(), "Bot: Post created!");
    assert_eq!(chat.view().items.last().unwrap().exchange, Some(7));
    assert_clean(&chat);
}

#[test]
fn sample_6_says_so_when_it_cannot_post() {
    let sorry = "Bot: Something went wrong, check your logs.";
    let mut chat = posting(&setup());
    STOCKED.serve(&mut chat);
    assert_eq!(lines(&chat).last().unwrap(), sorry);
    assert_eq!(log(&chat), ["Hint: `http_post`: There is no network here."]);
    // Nobody has signed in: the call goes out without a token.
    let mut chat = posting(&Setup::default());
    let Some((_, Wanted::Http(call))) = chat.wanted() else { panic!() };
    assert_eq!(call.url.masked(), "https://graph.facebook.com/v2.11/me/feed?access_token=");
    STOCKED.serve(&mut chat);
    assert_eq!(lines(&chat).last().unwrap(), sorry);
}

#[test]
fn sample_7_logs_the_whole_token_masked() {
    let chat = start(include_str!("../fixtures/7-full-token.bubble"), &STOCKED);
    let mask = "‹secret:facebook›";
    let token = format!(
        "Log: {{\"uid\":\"17\",\"credentials\":{{\"token\":\"{mask}\",\"refresh_token\":\"{mask}\",\"scopes\":[\"email\"]}}}}"
    );
    assert_eq!((lines(&chat), log(&chat)), (vec!["Bot: Logging the token…".to_string()], vec![token]));
    let entry = chat.view().log[0].clone();
    let parts =
        entry.parts.iter().filter_map(|part| if let Part::Secret { part, .. } = part { Some(*part) } else { None });
    let clear: Vec<String> = parts.map(|part| chat.reveal(part, &STOCKED).unwrap().to_string()).collect();
    assert_eq!(clear, [CANARY.to_string(), format!("refresh-{CANARY}")]);
    assert_clean(&chat);
}

#[test]
fn every_sample_ends_well_without_anything() {
    for script in [
        include_str!("../fixtures/1-secret.bubble"),
        LOGIN_BUTTONS,
        TOKEN_EVENT,
        include_str!("../fixtures/4-oauth-link.bubble"),
        include_str!("../fixtures/5-token-info.bubble"),
        STATUS_UPDATE,
        include_str!("../fixtures/7-full-token.bubble"),
    ] {
        let seen = |script: &str| {
            let mut chat = start_as(script, &Setup::default(), &EMPTY);
            send(&mut chat, "hello", &EMPTY);
            assert_eq!(chat.view().status, Status::Idle, "{script}");
            (lines(&chat), log(&chat))
        };
        let expect = seen(script);
        // Copied from a page, a script has lost its indentation, and perhaps got other line ends.
        let flat: Vec<&str> = script.lines().map(str::trim).collect();
        assert_eq!(seen(&flat.join("\n")), expect);
        assert_eq!(seen(&flat.join("\r\n")), expect);
    }
}
