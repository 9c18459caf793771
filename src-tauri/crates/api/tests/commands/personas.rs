//! The simulated people of a bot: their fields, sign-ins and memory.

use serde_json::{Value, json};

use crate::Desk;
use crate::browser::{Decision, sign_in};

const GOOGLE: &str = "- provider: google\n  context: user\n  scope: email profile\n";

fn list(desk: &Desk, bot: &Value) -> Vec<Value> {
    desk.call("personas_list", json!({ "bot": bot["bot"] })).as_array().unwrap().clone()
}

fn save(bot: &Value, persona: Option<&Value>, first: &str, last: &str, email: &str) -> Value {
    json!({ "bot": bot["bot"], "persona": persona, "firstName": first, "lastName": last, "email": email })
}

fn of(bot: &Value, persona: &Value) -> Value {
    json!({ "bot": bot["bot"], "persona": persona["persona"] })
}

#[test]
fn somebody_is_there_from_the_start() {
    let desk = Desk::new();
    let bot = desk.secret_bot();
    let personas = list(&desk, &bot);
    assert_eq!(personas.len(), 1);
    assert_eq!((&personas[0]["name"], &personas[0]["email"]), (&json!("Victor Cooper"), &json!("victor@example.org")));
    assert_eq!((&personas[0]["connected"], &personas[0]["remembered"]), (&json!([]), &json!(false)));
    assert_eq!(list(&desk, &bot), personas, "the same one");
    let failure = desk.fail("persona_remove", of(&bot, &personas[0]));
    assert_eq!((&failure["code"], &failure["hint"]), (&json!("invalid"), &json!("Add another persona first.")));
    assert_eq!(list(&desk, &bot), personas, "the last one stays");
}

#[test]
fn people_are_added_changed_and_removed() {
    let desk = Desk::new();
    let bot = desk.secret_bot();
    let added = desk.call("persona_save", save(&bot, None, " Ada ", "", ""));
    assert_eq!((&added["name"], &added["firstName"]), (&json!("Ada"), &json!("Ada")));
    let changed = desk.call("persona_save", save(&bot, Some(&added["persona"]), "Ada", "Winter", "ada@example.org"));
    assert_eq!((&changed["persona"], &changed["name"]), (&added["persona"], &json!("Ada Winter")));
    assert_eq!(
        list(&desk, &bot).iter().map(|own| own["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>(),
        ["Victor Cooper", "Ada Winter"]
    );
    desk.call("persona_remove", of(&bot, &list(&desk, &bot)[0]));
    assert_eq!(list(&desk, &bot), [changed]);
    let gone = save(&bot, Some(&json!("gone")), "A", "B", "");
    assert_eq!(desk.fail("persona_save", gone)["code"], "notFound");
    for name in ["persona_use", "persona_remove"] {
        assert_eq!(desk.fail(name, json!({ "bot": bot["bot"], "persona": "gone" }))["code"], "notFound", "{name}");
    }
}

#[test]
fn fields_have_limits() {
    let desk = Desk::new();
    let bot = desk.secret_bot();
    let before = list(&desk, &bot);
    let long = "x".repeat(201);
    for (first, last, email) in [("", " ", "a@example.org"), (&*long, "", ""), ("A", &*long, ""), ("A", "", &*long)] {
        let failure = desk.fail("persona_save", save(&bot, None, first, last, email));
        assert_eq!(failure["code"], "invalid");
        assert!(!failure["hint"].as_str().unwrap().is_empty());
    }
    assert_eq!(list(&desk, &bot), before);
    let odd = desk.call("persona_save", save(&bot, None, &"é".repeat(100), "\"} \u{202e}", "x"));
    assert!(odd["name"].as_str().unwrap().starts_with("éé"));
}

#[test]
fn whoever_is_used_talks_to_the_bot() {
    let desk = Desk::new();
    let script = "dialog main do\n  say \"Hello #{user.first_name}\"\nend\n";
    let bot = desk.open(&desk.write("hello", &[("integrations.yaml", "[]\n"), ("main.bubble", script)]));
    let ada = desk.call("persona_save", save(&bot, None, "Ada", "Winter", ""));
    let hello = |persona: Value| desk.call("chat_start", json!({ "bot": bot["bot"], "persona": persona }));
    assert!(hello(Value::Null)["items"].to_string().contains("Hello Victor"));
    desk.call("persona_use", of(&bot, &ada));
    let chat = hello(Value::Null);
    assert!(chat["items"].to_string().contains("Hello Ada"), "{chat}");
    assert_eq!(chat["persona"], ada["persona"]);
    let victor = list(&desk, &bot)[0].clone();
    assert!(hello(victor["persona"].clone())["items"].to_string().contains("Hello Victor"));
    assert!(hello(Value::Null)["items"].to_string().contains("Hello Victor"), "the last one used");
    desk.call("persona_remove", of(&bot, &victor));
    assert!(hello(Value::Null)["items"].to_string().contains("Hello Ada"));
    assert_eq!(desk.fail("chat_start", json!({ "bot": bot["bot"], "persona": "gone" }))["code"], "notFound");
}

#[test]
fn each_has_sign_ins_and_memory_of_its_own() {
    let desk = Desk::new();
    let script = "dialog main do\n  user.colour = \"blue\"\n  remember user\nend\n";
    let bot = desk.bot_with_vault(GOOGLE, script);
    let victor = list(&desk, &bot)[0].clone();
    let ada = desk.call("persona_save", save(&bot, None, "Ada", "Winter", ""));
    let start = json!({ "bot": bot["bot"], "alias": "google", "persona": ada["persona"], "way": null });
    let attempt = desk.call("connect_start", start);
    assert_eq!(attempt["persona"], ada["persona"]);
    sign_in(attempt["link"].as_str().unwrap(), Decision::Allow);
    desk.until("personas_list", &json!({ "bot": bot["bot"] }), |people| people.to_string().contains("[\"google\"]"));
    desk.call("chat_start", json!({ "bot": bot["bot"], "persona": victor["persona"] }));
    let seen: Vec<_> =
        list(&desk, &bot).iter().map(|own| (own["connected"].clone(), own["remembered"].clone())).collect();
    assert_eq!(seen, [(json!([]), json!(true)), (json!(["google"]), json!(false))]);

    desk.call("persona_use", of(&bot, &ada));
    let view = desk.call("bot_get", json!({ "bot": bot["bot"] }));
    assert_eq!(view["integrations"][0]["state"], "askedConnected");
    desk.call("persona_remove", of(&bot, &ada));
    let view = desk.call("bot_get", json!({ "bot": bot["bot"] }));
    assert_eq!(view["integrations"][0]["state"], "askedInChat", "its sign-in went with it");
}

#[test]
fn a_question_of_identity_keeps_people_out() {
    let desk = Desk::new();
    desk.secret_bot_with_value();
    let hint = std::fs::read_to_string(desk.home.path().join("bots/secret/patchbay.yaml")).unwrap();
    let clone = desk
        .open(&desk.write("clone", &[("integrations.yaml", GOOGLE), ("main.bubble", ""), ("patchbay.yaml", &hint)]));
    assert_eq!(desk.fail("personas_list", json!({ "bot": clone["bot"] }))["code"], "identityOpen");
    assert_eq!(desk.fail("persona_save", save(&clone, None, "A", "B", ""))["code"], "identityOpen");
    let start = json!({ "bot": clone["bot"], "alias": "google", "persona": null, "way": null });
    assert_eq!(desk.fail("connect_start", start)["code"], "identityOpen");
    assert_eq!(
        desk.fail("connect_preflight", json!({ "bot": clone["bot"], "alias": "google" }))["code"],
        "identityOpen"
    );
}
