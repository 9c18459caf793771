//! `integrations`: a table for people, views for machines.

use crate::machine::{CANARY, Call, MANIFEST, Machine};

const TWO: &str =
    "- provider: twilio\n  title: Messages\n  context: bot\n- provider: google\n  alias: drive\n  context: user\n";

#[test]
fn entries_stand_in_columns() {
    let machine = Machine::new();
    let bot = machine.bot("two", &[("integrations.yaml", TWO), ("skills/keys/integrations.yaml", MANIFEST)]);
    let ran = machine.patchbay(&["integrations"]).of(&bot).run().fine();
    let lines: Vec<Vec<&str>> =
        ran.out.lines().map(|line| line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect()).collect();
    assert_eq!(lines[0], ["TITLE", "PROVIDER", "ALIAS", "CONTEXT", "STATE", "PLACE"]);
    assert_eq!(lines[1], ["Messages", "twilio", "twilio", "bot", "not connected", "integrations.yaml:1"]);
    assert_eq!(lines[2][1..], ["google", "drive", "user", "asked for in chat", "integrations.yaml:4"]);
    assert_eq!(lines[3][1..4], ["secret", "api_key", "bot"]);
    assert_eq!(lines[3][5], "skills/keys/integrations.yaml:1");
    let columns: Vec<_> = ran.out.lines().map(|line| line.find("integrations.yaml:").or(line.find("PLACE"))).collect();
    assert!(columns[..3].iter().all(|at| *at == columns[0]), "{ran:?}");
}

#[test]
fn machines_get_the_views() {
    let machine = Machine::with_vault();
    let bot = machine.secret_bot();
    let first = |call: Call| call.of(&bot).run().fine().json()[0].clone();
    let entry = first(machine.patchbay(&["integrations", "--json"]));
    assert_eq!((&entry["alias"], &entry["provider"], &entry["line"]), (&"api_key".into(), &"secret".into(), &1.into()));
    assert_eq!(entry["usedBy"][0]["file"], "main.bubble");
    assert_eq!((&entry["state"], &entry["note"]), (&"needsAttention".into(), &"No value".into()));

    machine.patchbay(&["secret", "set", "api_key"]).of(&bot).unlocking().given(CANARY).run().fine();
    let entry = first(machine.patchbay(&["integrations", "--json"]));
    assert_eq!((&entry["state"], &entry["note"]), (&"needsAttention".into(), &"The vault is locked".into()));
    let entry = first(machine.patchbay(&["integrations", "--json"]).unlocking());
    assert_eq!(entry["state"], "connected");
}

#[test]
fn a_bot_without_entries_says_so() {
    let machine = Machine::new();
    let bot = machine.bot("none", &[("main.bubble", "dialog main do\n  say \"Hi\"\nend\n")]);
    machine.patchbay(&["integrations"]).of(&bot).run().fine().prints("").says(&["no integrations yet"]);
    machine.patchbay(&["integrations", "--json"]).of(&bot).run().fine().prints("[]\n");
}

#[test]
fn the_current_folder_is_the_bot() {
    let machine = Machine::new();
    machine.patchbay(&["integrations"]).run().exits(2).says(&["There is no bot in ~"]);
    let bot = machine.secret_bot();
    let mut command = machine.command(env!("CARGO_BIN_EXE_patchbay"));
    let done = command.arg("integrations").current_dir(&bot).output().unwrap();
    assert!(done.status.success() && String::from_utf8_lossy(&done.stdout).contains("api_key"), "{done:?}");
}

#[test]
fn broken_files_are_mentioned_beside_what_can_be_read() {
    let machine = Machine::new();
    let bot = machine.bot("half", &[("integrations.yaml", TWO), ("skills/a/integrations.yaml", "- provider: \"x\n")]);
    let ran = machine.patchbay(&["integrations"]).of(&bot).run().fine().says(&["patchbay check"]);
    assert!(ran.out.contains("drive"), "{ran:?}");
}
