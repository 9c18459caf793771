//! HTTP calls of scripts and what becomes of replies.

use chat::{Answer, Chat, HttpCall, Reply, Wanted};

use crate::host::{CANARY, EMPTY, STOCKED, assert_clean, lines, log, program, setup, variable};

const TOKEN: &str = "t = get_access_token(bot.tokens.myapi_key)\n";

/// Runs a script with a token in `t` until it wants an HTTP call.
fn calling(script: &str) -> (Chat, u64, HttpCall) {
    let mut chat = Chat::start(program(&format!("{TOKEN}{script}")), &setup(), &STOCKED);
    loop {
        match chat.wanted().map(|(number, wanted)| (number, wanted.clone())) {
            Some((number, Wanted::Http(call))) => return (chat, number, call),
            Some((number, other)) => chat.fulfil(number, STOCKED.answer(&other), &STOCKED),
            None => panic!("{:?} {:?}", lines(&chat), log(&chat)),
        }
    }
}

/// The call in clear text, one line each for request, headers and body.
fn check(script: &str, expect: &[&str]) {
    let (chat, _, call) = calling(script);
    assert_clean(&chat);
    let clear = call.reveal(&STOCKED).expect("a stocked world");
    let mut shown = vec![format!("{} {}", call.method.as_str(), *clear.url)];
    shown.extend(clear.headers.iter().map(|(name, value)| format!("{name}: {}", **value)));
    shown.extend((!clear.body.is_empty()).then(|| clear.body.to_string()));
    assert_eq!(shown, expect, "{script}");
}

#[test]
fn bodies() {
    const JSON: &str = "Content-Type: application/json";
    const FORM: &str = "Content-Type: application/x-www-form-urlencoded";
    check("http_get \"https://a.test/x\"", &["GET https://a.test/x"]);
    check(
        "http_post \"https://a.test\", form: [a: \"ü &\", b: 2, n: nil, l: [1, 2], m: [k: true]]",
        &["POST https://a.test", FORM, "a=%C3%BC+%26&b=2&l%5B%5D=1&l%5B%5D=2&m%5Bk%5D=true"],
    );
    check(
        "http_put \"https://a.test\", json: [a: 1, n: nil, l: [nil], f: 1.5, t: \"q\\\"\", z: :atom]",
        &["PUT https://a.test", JSON, r#"{"a":1,"l":[null],"f":1.5,"t":"q\"","z":"atom"}"#],
    );
    check("http_patch \"https://a.test\", %{a: 1}", &["PATCH https://a.test", JSON, r#"{"a":1}"#]);
    check(
        "http_post \"https://a.test\", [a: 1], headers: [\"X-A\": 2]",
        &["POST https://a.test", "X-A: 2", JSON, r#"{"a":1}"#],
    );
    check("http_post \"https://a.test\", a: 1", &["POST https://a.test", JSON, r#"{"a":1}"#]);
    check("http_post \"https://a.test\", [form: [a: 1]]", &["POST https://a.test", FORM, "a=1"]);
    check(
        "http_post \"https://a.test\", body: \"<x/>\", headers: [\"content-type\": \"text/xml\"]",
        &["POST https://a.test", "content-type: text/xml", "<x/>"],
    );
    check(
        "http_delete \"https://a.test?x=1\", query: [a: \"b c\", d: [1]]",
        &["DELETE https://a.test?x=1&a=b%20c&d%5B%5D=1"],
    );
    check("http_get \"https://a.test\", %{a: 1}", &["GET https://a.test?a=1"]);
}

#[test]
fn tokens_in_every_part() {
    check(
        "http_post \"https://a.test/\" + t, query: [q: t + \" \"], headers: [Authorization: \"Bearer \" + t], json: [t: t, u: upcase(t)]",
        &[
            &format!("POST https://a.test/{CANARY}?q={CANARY}%20"),
            &format!("Authorization: Bearer {CANARY}"),
            "Content-Type: application/json",
            &format!("{{\"t\":\"{CANARY}\",\"u\":\"{}\"}}", CANARY.to_uppercase()),
        ],
    );
}

#[test]
fn every_secret_of_a_call_is_told() {
    let (_, _, call) = calling(
        "http_post \"https://a.test\", form: [a: upcase(t), b: \"#{split(t, \"-\")[0]}!\", c: first(split(t, \"\"))]",
    );
    assert_eq!(call.aliases, ["myapi_key"]);
    let clear = call.reveal(&STOCKED).unwrap();
    let secrets: Vec<&str> = clear.secrets.iter().map(|own| own.value.as_str()).collect();
    assert_eq!(secrets, [CANARY, "C4N4RY-5ECR3T", "c4n4ry"]);
    assert!(clear.secrets.iter().all(|own| own.alias == "myapi_key" && &*own.handles[0].0 == "id-myapi_key"));
    assert!(!format!("{clear:?} {call:?}").contains("4n4ry"));
    assert!(call.reveal(&EMPTY).is_none());
    let (_, _, call) = calling("http_get \"https://a.test\"");
    assert!(call.aliases.is_empty());
}

#[test]
fn options() {
    let (chat, _, call) = calling("http_get \"https://a.test\", redirect: false, timeout: 2.5, retries: 3");
    assert_eq!((call.follow, call.timeout_seconds), (false, 3));
    assert_eq!(log(&chat), ["Hint: `http_get` has no option `retries`, so it is left out."]);
    let (_, _, call) = calling("http_get \"https://a.test\", timeout: 9999");
    assert_eq!((call.follow, call.timeout_seconds), (true, 120));
    assert_eq!(calling("http_get \"https://a.test\", timeout: -1").2.timeout_seconds, 1);
    assert_eq!(calling("http_get \"https://a.test\"").2.timeout_seconds, 10);
}

/// What a script sees of a reply to `http_get`.
fn reply(status: u16, kind: &str, body: &str) -> (Chat, String) {
    let script = "r = http_post \"https://a.test\", form: [t: t]\nsay r == http\nlog r.body";
    let (mut chat, number, _) = calling(script);
    let headers = vec![("Content-Type".to_string(), kind.to_string()), ("x-echo".to_string(), format!("a {CANARY}"))];
    let reply = Reply { status, headers, body: body.to_string(), exchange: Some(3), error: None };
    chat.fulfil(number, Answer::Http(reply), &STOCKED);
    assert_eq!(lines(&chat), ["Bot: true"]);
    assert_clean(&chat);
    let seen = log(&chat).pop().unwrap_or_default();
    (chat, seen)
}

#[test]
fn replies() {
    let json = |body: &str| reply(200, "application/json; charset=utf-8", body).1;
    assert_eq!(json("{\"b\":1,\"a\":[1.5,null,true,\"x\"]}"), "Log: {\"b\":1,\"a\":[1.5,null,true,\"x\"]}");
    assert_eq!(json("\u{feff}[12345678901234567890]"), "Log: [1.2345678901234567e19]");
    assert_eq!(json("not json"), "Log: not json");
    assert_eq!(json(&format!("{}1{}", "[".repeat(200), "]".repeat(200))).len(), 406);
    assert_eq!(reply(200, "application/problem+json", "[1]").1, "Log: [1]");
    assert_eq!(reply(500, "text/html", "[1]").1, "Log: [1]");
    assert_eq!(reply(500, "text/html", "").1, "Log: ");
    let (chat, _) = reply(404, "text/plain", "x");
    let http = variable(&chat, "http").unwrap();
    assert_eq!(
        http,
        "{\"status_code\":404,\"body\":\"x\",\"headers\":{\"Content-Type\":\"text/plain\",\"x-echo\":\"a ‹secret:myapi_key›\"}}"
    );
}

#[test]
fn a_token_that_comes_back_is_a_secret_again() {
    let (chat, seen) =
        reply(200, "application/json", &format!("{{\"a\":[\"x{CANARY}y{CANARY}\"],\"{CANARY}\":\"{CANARY}\"}}"));
    assert_eq!(
        seen,
        "Log: {\"a\":[\"x‹secret:myapi_key›y‹secret:myapi_key›\"],\"‹secret:myapi_key›\":\"‹secret:myapi_key›\"}"
    );
    let part = chat.view().log.last().unwrap().parts.iter().find_map(|part| match part {
        chat::Part::Secret { part, .. } => Some(*part),
        _ => None,
    });
    assert_eq!(chat.reveal(part.unwrap(), &STOCKED).unwrap().as_str(), CANARY);
    assert_eq!(reply(200, "text/plain", &format!("{CANARY}{CANARY}")).1, "Log: ‹secret:myapi_key›‹secret:myapi_key›");
    assert_eq!(reply(200, "text/plain", "plain").1, "Log: plain");
}

#[test]
fn failures_go_on() {
    let (mut chat, number, _) =
        calling("r = http_get \"https://a.test/#{t}\"\nsay r.status_code\nlog r\nif r.body, do: say \"no\"");
    let error = format!("The host a.test was not found for {CANARY}.");
    chat.fulfil(number, Answer::Http(Reply { exchange: Some(9), ..Reply::failed(error) }), &STOCKED);
    assert_eq!(lines(&chat), ["Bot: 0"]);
    let error = "The host a.test was not found for ‹secret:myapi_key›.";
    assert_eq!(
        log(&chat),
        [
            format!("Hint: `http_get`: {error}"),
            format!("Log: {{\"status_code\":0,\"body\":null,\"headers\":{{}},\"error\":\"{error}\"}}"),
        ]
    );
    assert_eq!(chat.view().log[0].exchange, Some(9));
    assert_clean(&chat);
    let chat = Chat::start(program("http_get nil\nsay http.error"), &setup(), &STOCKED);
    assert_eq!(lines(&chat), ["Bot: There is no address to call."]);
}

#[test]
fn too_large_or_unreadable_replies() {
    let script = "http_get \"https://a.test/#{t}\"\nsay http.error";
    let (mut chat, number, _) = calling(script);
    let body = "x".repeat(5 << 20);
    chat.fulfil(number, Answer::Http(Reply { status: 200, body, ..Reply::default() }), &STOCKED);
    assert_eq!(lines(&chat), ["Bot: The reply is too large for a script."]);
    let (mut chat, number, _) = calling(script);
    let body = CANARY.to_string();
    chat.fulfil(number, Answer::Http(Reply { status: 200, body, ..Reply::default() }), &EMPTY);
    assert_eq!(lines(&chat), ["Bot: The value of `myapi_key` cannot be read any more, so the reply was dropped."]);
    assert_clean(&chat);
}

#[test]
fn endless_calls_stop() {
    let (mut chat, ..) = calling("repeat while true do\n http_get \"https://a.test\"\nend");
    let mut calls = 0;
    STOCKED.serve_with(&mut chat, |wanted| {
        calls += 1;
        STOCKED.answer(wanted)
    });
    assert!(calls < 1_000, "{calls}");
    assert_eq!(chat.view().status, chat::Status::Stopped);
}
