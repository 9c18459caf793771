//! `secret`: what goes in comes out by `get`, and nowhere else.

use crate::machine::{CANARY, MANIFEST, Machine, PASSPHRASE, SCRIPT};

#[test]
fn a_value_goes_in_and_comes_out_as_it_was() {
    let machine = Machine::with_vault();
    let bot = machine.secret_bot();
    let set = machine.patchbay(&["secret", "set", "api_key"]).of(&bot).unlocking().given(format!("{CANARY}\n")).run();
    set.fine().prints("").says(&["api_key is stored in the vault"]);
    machine.patchbay(&["secret", "get", "api_key"]).of(&bot).unlocking().run().fine().prints(CANARY);
    let json = machine.patchbay(&["secret", "get", "api_key", "--json"]).of(&bot).unlocking().run().fine().json();
    assert_eq!(json, serde_json::json!({ "alias": "api_key", "value": CANARY }));
    assert!(machine.files_with(CANARY).is_empty(), "{:?}", machine.files_with(CANARY));
    assert_eq!(machine.files_with(PASSPHRASE), [machine.path("passphrase")], "the search finds what is there");
}

#[test]
fn only_one_line_break_at_the_end_is_dropped() {
    let machine = Machine::with_vault();
    let bot = machine.secret_bot();
    for (given, kept) in [("a\nb\n\n", "a\nb\n"), (" a\t\r\n", " a\t"), ("日本", "日本")] {
        machine.patchbay(&["secret", "set", "api_key"]).of(&bot).unlocking().given(given).run().fine();
        machine.patchbay(&["secret", "get", "api_key"]).of(&bot).unlocking().run().fine().prints(kept);
    }
}

#[test]
fn passphrase_and_value_may_both_come_from_standard_input() {
    let machine = Machine::with_vault();
    let bot = machine.secret_bot();
    let both = format!("{PASSPHRASE}\n{CANARY}\n");
    machine.patchbay(&["secret", "set", "api_key", "--passphrase-fd", "0"]).of(&bot).given(both).run().fine();
    machine.patchbay(&["secret", "get", "api_key"]).of(&bot).unlocking().run().fine().prints(CANARY);
}

#[test]
fn the_list_tells_everything_but_the_value() {
    let machine = Machine::with_vault();
    let bot = machine.secret_bot();
    let list = || machine.patchbay(&["secret", "list", "--json"]).of(&bot).run().fine().json();
    let row = list()[0].clone();
    assert_eq!(
        (&row["alias"], &row["set"], &row["changedAt"]),
        (&"api_key".into(), &false.into(), &serde_json::Value::Null)
    );
    assert_eq!((&row["usedBy"][0]["file"], &row["usedBy"][0]["line"]), (&"main.bubble".into(), &2.into()));
    let ran = machine.patchbay(&["secret", "list"]).of(&bot).run().fine();
    assert!(ran.out.contains("missing") && ran.out.contains("main.bubble:2"), "{ran:?}");

    let set = machine
        .patchbay(&["secret", "set", "api_key", "--json"])
        .of(&bot)
        .unlocking()
        .given(CANARY)
        .run()
        .fine()
        .json();
    assert_eq!(set, list()[0]);
    assert_eq!(set["set"], true);
    let ran = machine.patchbay(&["secret", "list"]).of(&bot).run().fine();
    assert!(ran.out.contains("set") && ran.out.contains(" UTC") && !ran.out.contains("missing"), "{ran:?}");
}

#[test]
fn a_removed_value_is_gone() {
    let machine = Machine::with_vault();
    let bot = machine.secret_bot();
    machine.patchbay(&["secret", "set", "api_key"]).of(&bot).unlocking().given(CANARY).run().fine();
    machine.patchbay(&["secret", "remove", "api_key"]).of(&bot).run().fine().prints("").says(&["was removed"]);
    machine
        .patchbay(&["secret", "get", "api_key"])
        .of(&bot)
        .unlocking()
        .run()
        .exits(2)
        .prints("")
        .says(&["No value is stored"]);
    machine.patchbay(&["secret", "remove", "api_key"]).of(&bot).run().exits(2).prints("");
}

#[test]
fn an_alias_that_is_not_there_is_wrong_use() {
    let machine = Machine::new();
    let bot = machine.secret_bot();
    for command in ["get", "set", "remove"] {
        let ran = machine.patchbay(&["secret", command, "apikey"]).of(&bot).given(CANARY).run().exits(2);
        ran.prints("").says(&["no secret apikey", "api_key"]);
    }
}

#[test]
fn without_a_keychain_the_way_to_a_passphrase_is_named() {
    let machine = Machine::new();
    let bot = machine.secret_bot();
    let ran = machine.patchbay(&["secret", "set", "api_key"]).of(&bot).given(CANARY).run().exits(3).prints("");
    ran.says(&["keychain", "patchbay vault create --passphrase"]);
    assert!(machine.files_with(CANARY).is_empty());
    machine.patchbay(&["secret", "get", "api_key"]).of(&bot).run().exits(2).prints("");
}

#[test]
fn a_locked_vault_is_said_and_changes_nothing() {
    let machine = Machine::with_vault();
    let bot = machine.secret_bot();
    let locked = ["The vault is locked", "--passphrase-fd"];
    machine.patchbay(&["secret", "set", "api_key"]).of(&bot).given(CANARY).run().exits(3).prints("").says(&locked);
    machine.patchbay(&["secret", "set", "api_key"]).of(&bot).unlocking().given(CANARY).run().fine();
    machine.patchbay(&["secret", "get", "api_key"]).of(&bot).run().exits(3).prints("").says(&locked);
    let wrong = machine.patchbay(&["secret", "get", "api_key", "--passphrase-fd", "0"]).of(&bot).given("wrong\n").run();
    wrong.exits(3).prints("").says(&["This passphrase does not open the vault"]);
    machine
        .patchbay(&["secret", "get", "api_key", "--passphrase-fd", "99"])
        .of(&bot)
        .run()
        .exits(2)
        .prints("")
        .says(&["99"]);
}

#[test]
fn values_that_cannot_be_kept_are_refused() {
    let machine = Machine::with_vault();
    let bot = machine.secret_bot();
    let set = |value: &[u8]| machine.patchbay(&["secret", "set", "api_key"]).of(&bot).unlocking().given(value).run();
    set(CANARY.as_bytes()).fine();
    set(b"").exits(2).says(&["The value is empty"]);
    set(b"\n").exits(2).says(&["The value is empty"]);
    set(b"caf\xe9").exits(2).says(&["byte 3"]);
    set(&vec![b'x'; 70_000]).exits(2).says(&["longer than 65536 bytes"]);
    set(&vec![b'x'; 3_000_000]).exits(2).says(&["more than 2 MiB"]);
    machine.patchbay(&["secret", "get", "api_key"]).of(&bot).unlocking().run().fine().prints(CANARY);
}

#[test]
fn a_dot_env_fills_what_it_names() {
    let machine = Machine::with_vault();
    let two = format!("{MANIFEST}- provider: secret\n  alias: other-key\n  context: bot\n");
    let bot = machine.bot("env", &[("integrations.yaml", &two), ("main.bubble", SCRIPT)]);
    let env = format!("# keys\nexport API_KEY='{CANARY}'\nOTHER_KEY=two\nNOBODY=x\n");

    let dry = machine.patchbay(&["secret", "fill", "--dry-run"]).of(&bot).unlocking().given(&env).run().fine();
    assert!(dry.out.contains("no entry of this name"), "{dry:?}");
    dry.says(&["Nothing was stored"]);
    machine.patchbay(&["secret", "get", "api_key"]).of(&bot).unlocking().run().exits(2);

    machine.patchbay(&["secret", "fill"]).of(&bot).unlocking().given(&env).run().fine().says(&["Stored 2 values"]);
    machine.patchbay(&["secret", "get", "api_key"]).of(&bot).unlocking().run().fine().prints(CANARY);
    machine.patchbay(&["secret", "get", "other-key"]).of(&bot).unlocking().run().fine().prints("two");

    let again = machine
        .patchbay(&["secret", "fill", "--json"])
        .of(&bot)
        .unlocking()
        .given("API_KEY=new\nOTHER_KEY=two\n")
        .run();
    let again = again.fine().json();
    assert_eq!((&again["stored"], &again["problems"]), (&1.into(), &serde_json::json!([])));
    assert_eq!((&again["rows"][0]["effect"], &again["rows"][1]["effect"]), (&"replace".into(), &"same".into()));
}

#[test]
fn a_dot_env_with_an_unreadable_line_fills_nothing() {
    let machine = Machine::with_vault();
    let bot = machine.secret_bot();
    let env = format!("API_KEY=fine\n{CANARY}\n");
    let ran = machine.patchbay(&["secret", "fill"]).of(&bot).unlocking().given(&env).run().exits(1);
    ran.says(&["Line 2:", "Nothing was stored"]);
    machine.patchbay(&["secret", "get", "api_key"]).of(&bot).unlocking().run().exits(2).prints("");
    let json = machine.patchbay(&["secret", "fill", "--json"]).of(&bot).unlocking().given(&env).run().exits(1).json();
    assert_eq!((&json["stored"], &json["problems"][0]["line"]), (&0.into(), &2.into()));
}
