//! What a sign-in is good for: `connections`, `test-connection`, `token …`, and conversations.

use std::path::PathBuf;

use serde_json::Value;

use crate::browser::sign_in;
use crate::connect::{GOOGLE, link};
use crate::machine::Machine;

/// A bot whose google is connected at practice.
fn connected() -> (Machine, PathBuf) {
    let machine = Machine::with_vault();
    let bot = machine.bot("google", &[("integrations.yaml", GOOGLE), ("main.bubble", "say \"hi\"\n")]);
    let mut running = machine.patchbay(&["connect", "google", "--practice"]).of(&bot).unlocking().start();
    sign_in(&link(&mut running), "allow");
    running.end().fine();
    (machine, bot)
}

#[test]
fn connections_are_listed() {
    let machine = Machine::new();
    let bot = machine.bot("google", &[("integrations.yaml", GOOGLE)]);
    machine.patchbay(&["connections"]).of(&bot).run().fine().prints("").says(&["`patchbay connect ALIAS`"]);
    let (machine, bot) = connected();
    let ran = machine.patchbay(&["connections"]).of(&bot).run().fine();
    let line = ran.out.lines().nth(1).unwrap();
    for cell in ["google", "Ada Winter (ada@example.org)", "practice", "renews itself"] {
        assert!(line.contains(cell), "{cell}: {line}");
    }
    let all = machine.patchbay(&["connections", "--json"]).of(&bot).run().fine().json();
    assert_eq!(all[0]["connection"]["practice"], true);
}

#[test]
fn a_token_is_given_told_and_ended() {
    let (machine, bot) = connected();
    let token = |words: &[&str]| machine.patchbay(words).of(&bot).unlocking().run();
    let got = token(&["token", "get", "google"]).fine();
    assert!(got.out.starts_with("practice-access-") && !got.out.contains('\n'), "{got:?}");
    let secret = got.out.clone();
    assert_eq!(token(&["token", "get", "google"]).fine().out, secret, "the same one while it lasts");
    let info: Value = serde_json::from_str(&token(&["token", "info", "google"]).fine().out).unwrap();
    assert_eq!((&info["name"], &info["email"]), (&"Ada Winter".into(), &"ada@example.org".into()));
    let full = token(&["token", "full", "google"]).fine();
    let record: Value = serde_json::from_str(&full.out).unwrap();
    assert_eq!(record["credentials"]["token"], "‹secret:google›");
    assert_eq!(record["credentials"]["refresh_token"], "‹secret:google›");
    assert!(!full.out.contains("practice-access-") && !full.out.contains("practice-refresh-"), "{full:?}");
    token(&["test-connection", "google"]).fine().says(&["Google answered: signed in as Ada Winter."]);

    machine.patchbay(&["token", "get", "google"]).of(&bot).run().exits(3).prints("").says(&["--passphrase-fd"]);
    token(&["token", "get", "nobody"]).exits(2);
    token(&["token", "delete", "google", "--yes"]).fine().says(&["revoked at the provider and deleted here"]);
    for words in [["token", "get", "google"], ["token", "info", "google"], ["token", "full", "google"]] {
        let ran = token(&words);
        assert_ne!(ran.status, Some(0), "{words:?}");
        ran.prints("").says(&["error:"]);
    }
    token(&["test-connection", "google"]).exits(2);
}

#[test]
fn a_revoked_token_is_told_as_refused() {
    let (machine, bot) = connected();
    let mut practice = machine.patchbay(&["practice", "--fault", "revoked"]).start();
    practice.prints("http://127.0.0.1:");
    let ran = machine.patchbay(&["test-connection", "google", "--json"]).of(&bot).unlocking().run().exits(4);
    assert_eq!(ran.json()["ok"], false);
    practice.end().fine();
}

#[test]
fn a_conversation_asks_for_the_vault_when_somebody_is_signed_in() {
    let (machine, bot) = connected();
    machine.patchbay(&["chat"]).of(&bot).run().fine().prints("hi\n").says(&["The vault is locked", "--passphrase-fd"]);
}

#[test]
fn a_persona_signs_in_from_a_conversation() {
    let machine = Machine::with_vault();
    let script = "buttons \"Sign in\" do\n  \"Google\" ->\n    open \"#{oauth_link(\"google\")}\"\nend\n\ndialog event: \"token:google\" do\n  info = get_token_info(event.payload)\n  say \"Thank you, #{info.first_name}.\"\n  t = get_access_token(user.tokens.google)\n  http_get \"https://www.googleapis.com/oauth2/v3/userinfo\", headers: [Authorization: \"Bearer \" + t]\n  say \"#{http.status_code} #{http.body.email}\"\nend\n";
    let bot = machine.bot("login", &[("integrations.yaml", &GOOGLE.replace("bot", "user")), ("main.bubble", script)]);
    for line in ["/press 1\n", "/login google\n"] {
        let mut running = machine.patchbay(&["chat"]).of(&bot).unlocking().given(line).start();
        sign_in(&link(&mut running), "allow");
        let ran = running.end().fine().says(&["Google is connected with practice as Ada Winter."]);
        assert!(ran.out.ends_with("Thank you, Ada.\n200 ada@example.org\n"), "{line:?}: {ran:?}");
    }
    let mut running = machine.patchbay(&["chat"]).of(&bot).unlocking().given("/login google\n").start();
    sign_in(&link(&mut running), "deny");
    let ran = running.end().fine().says(&["access was declined"]);
    assert!(!ran.out.contains("Thank you"), "{ran:?}");
    machine
        .patchbay(&["chat"])
        .of(&bot)
        .unlocking()
        .given("/login nobody\n")
        .run()
        .fine()
        .says(&["No manifest of this bot has an entry with this alias."]);
}
