//! Where the tokens of scripts may go.

use serde_json::{Value, json};
use tests::{DevHost, Keychain, Session, bots};

use super::talk::{Bot, PASSPHRASE};
use crate::odd_provider::OddProvider;

const VALUE: &str = "value-of-myapi-4417";

const MANIFEST: &str = "\
- provider: google
  alias: google
  context: user
- provider: secret
  alias: myapi_key
  context: bot
";

/// A bot that posts something to an address, and the folder that it is in.
fn bot<'s>(session: &'s Session, address: &str, what: &str) -> (Bot<'s>, std::path::PathBuf) {
    let script = format!(
        "dialog main do\n  key = get_access_token({what})\n  http_post \"{address}\", form: [key: key]\n  \
         say \"status \" + http.status_code\n  say http.error\n  say http.body\nend\n"
    );
    let files = [("integrations.yaml", MANIFEST.as_bytes()), ("main.bubble", script.as_bytes())];
    let folder = bots::write(session.home(), "bot", &files);
    let bot = Bot::new(session, &folder);
    assert_eq!(bot.run_with(&["secret", "set", "myapi_key"], VALUE).code, Some(0));
    (bot, folder)
}

#[test]
fn a_secret_goes_to_a_host_once_somebody_allowed_it() {
    let collector = OddProvider::start([]);
    let session = Session::new(Keychain::None);
    let (bot, folder) = bot(&session, &format!("{}/collect", collector.base()), "bot.tokens.myapi_key");
    let host = collector.host();

    let refused = bot.run(&["chat"]);
    refused.expect(1, "main.bubble:3:");
    assert!(refused.err.contains("myapi_key") && refused.err.contains(&host), "the pair: {refused:?}");
    assert!(refused.err.contains(&format!("patchbay flows approve myapi_key {host}")), "{refused:?}");
    assert!(!refused.out.contains("status"), "{refused:?}");
    assert_eq!(collector.asked(), [], "nothing was sent");

    bot.run(&["flows", "approve", "myapi_key", &host]).expect(2, "needs a person at a terminal");
    bot.run(&["flows", "approve", "nowhere", &host, "--yes"]).expect(2, "alias nowhere");
    bot.run(&["flows", "approve", "myapi_key", "https://x/y", "--yes"]).expect(2, "not the name of a host");
    assert_eq!(bot.run(&["chat"]).code, Some(1), "nothing was approved yet");
    bot.run(&["flows", "approve", "myapi_key", &host, "--yes"]).expect(0, &format!("may go to {host} now."));

    // The pair is settled; an address of this computer is a question of its own.
    let asked = bot.run(&["chat"]);
    asked.expect(1, "main.bubble:3:");
    assert_eq!(collector.asked(), [], "nothing was sent");
    allow_address(&session, &folder);
    let before = collector.asked().len();
    let sent = bot.run(&["chat"]);
    assert!(sent.code == Some(0) && sent.out.contains("status 200"), "{sent:?}");
    let asked = collector.asked();
    assert_eq!(asked.len(), before + 1, "{asked:?}");
    assert_eq!(asked[before].field("key").as_deref(), Some(VALUE));
    assert!(!format!("{sent:?}").contains(VALUE), "{sent:?}");
}

/// The window asks about the address; this is its yes.
fn allow_address(session: &Session, folder: &std::path::Path) {
    let window = DevHost::start(session, Some(folder));
    let id = window.open_bot();
    window.ask("vault_unlock", &json!({ "type": "passphrase", "passphrase": PASSPHRASE }));
    let chat = window.ask("chat_start", &json!({ "bot": id, "persona": null, "script": null }));
    assert_eq!(chat["pause"]["alias"], Value::Null, "only the address is asked about: {chat}");
    window.ask("chat_answer_pause", &json!({ "chat": chat["chat"], "allow": true }));
}

#[test]
fn a_practice_token_never_leaves_practice() {
    let collector = OddProvider::start([]);
    let session = Session::new(Keychain::None);
    let (bot, folder) = bot(&session, &format!("{}/collect", collector.base()), "user.tokens.google");
    bot.connect("google");
    let host = collector.host();
    bot.run(&["flows", "approve", "google", &host, "--yes"]).expect(0, "now.");
    let outcome = bot.run(&["chat"]);
    let sentence = format!("The token of google is for practice only, so it was not sent to {host}.");
    assert!(format!("{outcome:?}").contains(&sentence), "{outcome:?}");
    assert!(outcome.out.contains("status 0"), "the script goes on: {outcome:?}");

    // Somewhere public: asked first, then played.
    let script = std::fs::read_to_string(folder.join("main.bubble")).unwrap();
    let public = script
        .replace(&format!("{}/collect", collector.base()), "https://collector.example.com/collect")
        .replace("form: [key: key]", "headers: [Authorization: \"Bearer \" + key]");
    std::fs::write(folder.join("main.bubble"), public).unwrap();
    let refused = bot.run(&["chat"]);
    refused.expect(1, "main.bubble:3:");
    assert!(refused.err.contains("patchbay flows approve google collector.example.com"), "{refused:?}");
    bot.run(&["flows", "approve", "google", "collector.example.com", "--yes"]).expect(0, "now.");
    let played = bot.run(&["chat"]);
    // Practice answers for the host, which does not exist, and does not take Google's token for it.
    assert!(played.out.contains("status 401") && played.out.contains("invalid_token"), "{played:?}");
    assert_eq!(collector.asked(), [], "nothing was sent");
}

#[test]
fn a_real_secret_never_goes_to_practice() {
    let session = Session::new(Keychain::None);
    let (bot, _) = bot(&session, "https://www.googleapis.com/collect", "bot.tokens.myapi_key");
    bot.run(&["flows", "approve", "myapi_key", "www.googleapis.com", "--yes"]).expect(0, "now.");
    let outcome = bot.run(&["chat"]);
    let sentence = "myapi_key is real and www.googleapis.com is practised, so nothing was sent.";
    assert!(format!("{outcome:?}").contains(sentence), "{outcome:?}");
}
