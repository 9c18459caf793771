//! A manifest from elsewhere that changes where tokens are sent.

use std::fs;

use serde_json::json;
use tests::{DevHost, Keychain, Session, bots};

use super::fixed_ports;
use super::talk::{ADA, Bot, PASSPHRASE};
use crate::odd_provider::{OddProvider, manifest, tokens};

#[test]
fn a_pull_that_changes_the_token_url_sends_nothing_until_confirmed() {
    let old = OddProvider::start([tokens("old-access", "the-refresh", 1)]);
    let new = OddProvider::start([tokens("new-access", "new-refresh", 3600)]);
    let session = Session::new(Keychain::None);
    let files = [
        ("integrations.yaml", manifest(&old.base(), &old.base()).into_bytes()),
        ("main.bubble", b"log get_access_token(bot.tokens.own)\n".to_vec()),
    ];
    let folder = bots::write(session.home(), "bot", &files.each_ref().map(|(name, bytes)| (*name, bytes.as_slice())));
    let bot = Bot::new(&session, &folder);
    {
        let _ports = fixed_ports();
        let (outcome, landing) = bot.sign_in(&["connect", "own"], ADA);
        assert_eq!(outcome.code, Some(0), "{outcome:?} {}", landing.text);
    }
    let asked = old.asked().len();

    // As `git pull` leaves it.
    fs::write(folder.join("integrations.yaml"), manifest(&old.base(), &new.base())).unwrap();
    let sentence = format!("The addresses of Own changed from {} to {}", old.base(), new.base());
    let listed = bot.ok(&["integrations"]);
    assert!(listed.contains(&format!("needs attention: {sentence}")), "{listed}");
    let refused = bot.run(&["token", "get", "own"]);
    refused.expect(4, &sentence);
    assert!(refused.out.is_empty(), "{refused:?}");
    assert!(refused.err.contains("Confirm the new addresses if you changed them"), "{refused:?}");
    let tested = bot.run(&["test-connection", "own"]);
    tested.expect(4, &sentence);
    let connect = bot.run(&["connect", "own"]);
    assert_ne!(connect.code, Some(0), "{connect:?}");
    assert!(connect.err.contains("changed since it was connected"), "{connect:?}");
    let chat = bot.run(&["chat"]);
    assert!(chat.err.contains("log: nil") && chat.err.contains(&sentence), "{chat:?}");
    assert_eq!((old.asked().len(), new.asked().len()), (asked, 0), "nothing was sent to either");

    let host = DevHost::start(&session, Some(&folder));
    let id = host.open_bot();
    host.ask("vault_unlock", &json!({ "type": "passphrase", "passphrase": PASSPHRASE }));
    host.ask("connection_confirm_origins", &json!({ "bot": id, "alias": "own" }));
    assert_eq!((old.asked().len(), new.asked().len()), (asked, 0), "confirming sends nothing");
    assert_eq!(bot.ok(&["token", "get", "own"]), "new-access");
    let sent = new.grants("refresh_token");
    assert_eq!(sent.iter().filter_map(|one| one.field("refresh_token")).collect::<Vec<_>>(), ["the-refresh"]);
    assert_eq!(old.asked().len(), asked);
}

/// Deleting tells the provider only where the token came from.
#[test]
fn a_pull_that_changes_the_token_url_does_not_revoke_elsewhere() {
    let old = OddProvider::start([tokens("old-access", "the-refresh", 3600)]);
    let new = OddProvider::start([]);
    let session = Session::new(Keychain::None);
    let before = manifest(&old.base(), &old.base());
    let files = [("integrations.yaml", before.as_bytes()), ("main.bubble", b"say \"Hello\"\n".as_slice())];
    let folder = bots::write(session.home(), "bot", &files);
    let bot = Bot::new(&session, &folder);
    {
        let _ports = fixed_ports();
        bot.connect("own");
    }
    let asked = old.asked().len();
    fs::write(folder.join("integrations.yaml"), manifest(&new.base(), &new.base())).unwrap();
    bot.run(&["token", "get", "own"]).expect(4, "changed from");
    let deleted = bot.run(&["token", "delete", "own", "--yes"]);
    assert_eq!(deleted.code, Some(0), "{deleted:?}");
    assert_eq!((old.asked().len(), new.asked().len()), (asked, 0));
    bot.run(&["token", "get", "own"]).expect(2, "Nothing is connected");
}
