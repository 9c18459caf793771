//! A folder with another bot's id reads nothing until the person says what it is.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::machine::{CANARY, Machine};

/// A machine that knows a bot with a value, and a clone of that bot's folder.
fn cloned() -> (Machine, PathBuf, PathBuf) {
    let machine = Machine::with_vault();
    let bot = machine.secret_bot();
    machine.patchbay(&["secret", "set", "api_key"]).of(&bot).unlocking().given(CANARY).run().fine();
    let clone = machine.path("bots").join("clone");
    copy(&bot, &clone);
    (machine, bot, clone)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
    assert!(to.join("patchbay.yaml").is_file(), "the bot's id is in its folder");
}

fn value(machine: &Machine, bot: &Path) -> Option<String> {
    let ran = machine.patchbay(&["secret", "get", "api_key"]).of(bot).unlocking().run();
    (ran.status == Some(0)).then_some(ran.out)
}

#[test]
fn a_hostile_clone_reads_nothing() {
    let (machine, bot, clone) = cloned();
    let closed = ["so its secrets stay closed", "patchbay identity copy", "patchbay identity share"];
    machine.patchbay(&["secret", "get", "api_key"]).of(&clone).unlocking().run().exits(3).prints("").says(&closed);
    machine.patchbay(&["secret", "set", "api_key"]).of(&clone).unlocking().given("mine").run().exits(3).says(&closed);
    machine.patchbay(&["secret", "remove", "api_key", "--yes"]).of(&clone).run().exits(3).says(&closed);
    machine.patchbay(&["secret", "fill"]).of(&clone).unlocking().given("API_KEY=mine").run().exits(3).says(&closed);
    let list = machine.patchbay(&["secret", "list", "--json"]).of(&clone).run().fine().says(&closed);
    assert_eq!(list.json()[0]["set"], false);
    let chat = machine.patchbay(&["chat"]).of(&clone).unlocking().given("Ann\n").run().fine().says(&closed);
    assert!(chat.out.contains("Hello Ann.") && !chat.out.contains("secret:"), "{chat:?}");
    assert_eq!(value(&machine, &bot).as_deref(), Some(CANARY), "the bot itself is as it was");
}

#[test]
fn the_question_can_be_asked_for() {
    let (machine, bot, clone) = cloned();
    let question = machine.patchbay(&["identity", "--json"]).of(&clone).run().fine().json();
    assert_eq!((&question["mayBeMoved"], &question["aliases"]), (&false.into(), &serde_json::json!(["api_key"])));
    let ran = machine.patchbay(&["identity"]).of(&clone).run().fine().says(&["api_key", "patchbay identity copy"]);
    assert!(ran.out.contains("so its secrets stay closed") && !ran.err.contains("identity moved"), "{ran:?}");
    assert_eq!(machine.patchbay(&["identity", "--json"]).of(&bot).run().fine().json(), Value::Null);
    machine.patchbay(&["identity", "copy"]).of(&bot).run().exits(2).says(&["nothing to settle"]);
}

#[test]
fn a_copy_starts_without_values() {
    let (machine, bot, clone) = cloned();
    machine.patchbay(&["identity", "copy"]).of(&clone).run().fine();
    assert_eq!(value(&machine, &clone), None);
    machine.patchbay(&["secret", "set", "api_key"]).of(&clone).unlocking().given("its own").run().fine();
    assert_eq!(value(&machine, &clone).as_deref(), Some("its own"));
    assert_eq!(value(&machine, &bot).as_deref(), Some(CANARY));
}

#[test]
fn sharing_is_never_done_without_a_yes() {
    let (machine, _, clone) = cloned();
    machine.patchbay(&["identity", "share"]).of(&clone).given("y\n").run().exits(2).says(&["api_key", "--yes"]);
    assert_eq!(value(&machine, &clone), None);
    machine.patchbay(&["identity", "share", "--yes"]).of(&clone).run().fine().says(&["api_key"]);
    assert_eq!(value(&machine, &clone).as_deref(), Some(CANARY));
}

#[test]
fn moved_needs_the_old_folder_to_be_gone() {
    let (machine, bot, clone) = cloned();
    machine.patchbay(&["identity", "moved"]).of(&clone).run().exits(2).says(&["The bot is still at"]);
    assert_eq!(value(&machine, &clone), None);
    fs::remove_dir_all(bot).unwrap();
    machine.patchbay(&["identity"]).of(&clone).run().fine().says(&["patchbay identity moved"]);
    machine.patchbay(&["identity", "moved"]).of(&clone).run().fine();
    assert_eq!(value(&machine, &clone).as_deref(), Some(CANARY));
}
