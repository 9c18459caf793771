//! Whose bot a folder is: an id that stands in a folder opens nothing.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use tests::{Cli, DevHost, Flow, Keychain, Session, Target, Window, bots};

const VALUE: &str = "only-for-the-real-bot-55";

/// A bot with a value, and a folder from elsewhere that carries the bot's id and wants its values.
fn bot_and_clone(session: &Session) -> (PathBuf, PathBuf) {
    let bot = bots::copy("secret", session.home());
    Cli::new(session, &bot).set("myapi_key", VALUE);
    let id = fs::read_to_string(bot.join("patchbay.yaml")).unwrap();
    assert!(id.contains("id: "), "the id that a clone would carry: {id}");
    let clone = session.home().path("bots/clone");
    bots::copy_folder(&bot, &clone);
    (bot, clone)
}

fn check_untouched(session: &Session, bot: &Path) {
    assert_eq!(Cli::new(session, bot).get("myapi_key").unwrap(), VALUE, "the bot itself still reads its value");
}

#[test]
fn hostile_clone_reads_nil_on_the_command_line() {
    let session = Session::new(Keychain::Gnome);
    let (bot, clone) = bot_and_clone(&session);
    let cli = Cli::new(&session, &clone);
    cli.get("myapi_key").expect_err("no value").expect(3, "id of the bot");
    cli.run_with(&["secret", "set", "myapi_key"], "mine").expect(3, "id of the bot");
    let chat = cli.run(&["chat"]);
    assert_eq!(chat.out, "I have no token yet.\n", "{chat:?}");
    for words in [["secret", "list"], ["chat", "--json"], ["integrations", "--json"], ["identity", "--json"]] {
        let outcome = cli.run(&words);
        assert!(!format!("{outcome:?}").contains(VALUE), "{outcome:?}");
    }
    let list = cli.run(&["secret", "list", "--json"]).json();
    assert_eq!(list[0]["set"], false, "{list}");
    check_untouched(&session, &bot);

    // A copy starts empty, and what it stores is its own.
    let copied = cli.run(&["identity", "copy"]);
    assert_eq!(copied.code, Some(0), "{copied:?}");
    cli.get("myapi_key").expect_err("a copy has no values").expect(2, "No value");
    cli.set("myapi_key", "mine");
    check_untouched(&session, &bot);
}

#[test]
fn hostile_clone_cannot_say_that_it_was_moved() {
    let session = Session::new(Keychain::Gnome);
    let (bot, clone) = bot_and_clone(&session);
    let refused = Cli::new(&session, &clone).run(&["identity", "moved"]);
    assert_ne!(refused.code, Some(0), "{refused:?}");
    assert!(Cli::new(&session, &clone).get("myapi_key").is_err());

    let elsewhere = session.home().path("bots/elsewhere");
    fs::rename(&bot, &elsewhere).unwrap();
    let cli = Cli::new(&session, &elsewhere);
    let moved = cli.run(&["identity", "moved"]);
    assert_eq!(moved.code, Some(0), "{moved:?}");
    check_untouched(&session, &elsewhere);
}

#[test]
fn hostile_clone_reads_nil_over_the_boundary() {
    let session = Session::new(Keychain::Gnome);
    let (bot, clone) = bot_and_clone(&session);
    let host = DevHost::start(&session, Some(&clone));
    let id = host.open_bot();
    let view = host.ask("bot_get", &json!({ "bot": id }));
    assert!(view["identity"].is_object(), "the question is open: {view}");
    let failure = host.call("secret_reveal", &json!({ "bot": id, "alias": "myapi_key" })).unwrap_err();
    assert_eq!(failure["code"], "identityOpen", "{failure}");
    let failure = host.call("secret_copy", &json!({ "bot": id, "alias": "myapi_key" })).unwrap_err();
    assert_eq!(failure["code"], "identityOpen", "{failure}");
    let chat = host.ask("chat_start", &json!({ "bot": id }));
    assert!(chat.to_string().contains("I have no token yet."), "{chat}");
    for exchange in host.exchanges() {
        assert!(!exchange.answer.contains(VALUE), "{exchange:?}");
    }
    check_untouched(&session, &bot);
}

#[test]
fn hostile_clone_reads_nil_in_the_window() {
    let session = Session::with_display(Keychain::Gnome);
    let (bot, clone) = bot_and_clone(&session);
    let mut window = Window::open(&session, Some(&clone));
    let flow = Flow::read("parts/clone");
    window.follow(&flow, "clone", Some(&clone));
    assert!(!window.shows(&Target { text: Some(VALUE.to_owned()), ..Target::default() }));
    check_untouched(&session, &bot);
}
