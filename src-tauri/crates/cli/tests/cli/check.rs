//! `check`: problems with their places, on any folder, without a trace.

use std::fs;

use serde_json::json;

use crate::machine::{CANARY, MANIFEST, Machine, SCRIPT};

#[test]
fn a_sound_bot_has_no_problems() {
    let machine = Machine::new();
    let bot = machine.secret_bot();
    machine.patchbay(&["check"]).of(&bot).run().fine().prints("No problems in 2 files\n").says(&[]);
    assert_eq!(machine.patchbay(&["check", "--json"]).of(&bot).run().fine().json(), json!([]));
}

#[test]
fn problems_are_told_as_a_compiler_does() {
    let machine = Machine::new();
    let bot = machine
        .bot("wrong", &[("integrations.yaml", "- provider: twillio\n  context: bot\n"), ("main.bubble", SCRIPT)]);
    let ran = machine.patchbay(&["check"]).of(&bot).run().exits(1);
    let lines: Vec<_> = ran.out.lines().collect();
    let at = lines
        .iter()
        .position(|line| line.starts_with("integrations.yaml:1:13: error: "))
        .unwrap_or_else(|| panic!("{ran:?}"));
    assert!(lines[at].contains("twillio") && lines[at].ends_with(']'), "{ran:?}");
    assert_eq!(lines[at + 1], " 1 | - provider: twillio");
    assert_eq!(lines[at + 2], "   |             ^^^^^^^");
    assert!(lines.last().unwrap().contains("1 error"), "{ran:?}");
    assert!(!ran.out.contains('\x1b'), "colour is for terminals");
}

#[test]
fn json_has_one_object_for_every_problem() {
    let machine = Machine::new();
    let bot =
        machine.bot("wrong", &[("skills/a/integrations.yaml", "- provider: secret\n  contex: bot\n  alias: x\n")]);
    let problems = machine.patchbay(&["check", "--json"]).of(&bot).run().json();
    let problems = problems.as_array().unwrap();
    assert!(!problems.is_empty());
    for problem in problems {
        let mut keys: Vec<_> = problem.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        let expect = ["code", "column", "endColumn", "endLine", "file", "hint", "line", "message", "range", "severity"];
        assert_eq!(keys, expect);
        assert_eq!(problem["file"], "skills/a/integrations.yaml");
    }
    assert!(problems.iter().any(|problem| problem["line"] == 2 && problem["column"] == 3), "{problems:?}");
}

#[test]
fn warnings_alone_are_fine() {
    let machine = Machine::new();
    let bot = machine.bot("hinted", &[("integrations.yaml", MANIFEST)]);
    let ran = machine.patchbay(&["check", "--json"]).of(&bot).run().fine();
    for problem in ran.json().as_array().unwrap() {
        assert_ne!(problem["severity"], "error");
    }
}

#[test]
fn broken_texts_are_told_with_their_places() {
    let brackets = "[".repeat(20_000);
    let broken: [(&str, &[u8]); 6] = [
        ("tab", b"- provider: secret\n\talias: a\n"),
        ("unclosed", b"- provider: \"secret\n  alias: a\n"),
        ("twice", b"- provider: secret\n  alias: a\n  alias: b\n"),
        ("brackets", brackets.as_bytes()),
        ("bytes", b"- provider: secret\n  alias: \xff\xfe\n"),
        ("bomb", b"a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]\n"),
    ];
    let machine = Machine::new();
    for (name, text) in broken {
        let bot = machine.bot(name, &[("integrations.yaml", "")]);
        fs::write(bot.join("integrations.yaml"), text).unwrap();
        let ran = machine.patchbay(&["check"]).of(&bot).run().exits(1);
        let place = ran
            .out
            .strip_prefix("integrations.yaml:")
            .and_then(|rest| rest.split_once(": error: "))
            .map(|(place, _)| place);
        let numbers: Vec<Option<u32>> =
            place.unwrap_or_else(|| panic!("{name}: {ran:?}")).split(':').map(|n| n.parse().ok()).collect();
        assert!(matches!(numbers[..], [Some(1..), Some(1..)]), "{name}: {ran:?}");
        assert!(ran.out.len() < 4000, "{name}: a long line is cut");
    }
}

#[test]
fn a_script_s_errors_have_places_too() {
    let machine = Machine::new();
    let bot = machine.bot("script", &[("integrations.yaml", MANIFEST), ("main.bubble", "dialog main do\n  say \"a\n")]);
    let ran = machine.patchbay(&["check"]).of(&bot).run().exits(1);
    assert!(ran.out.contains("main.bubble:2:") || ran.out.contains("main.bubble:3:"), "{ran:?}");
}

#[test]
fn a_client_secret_is_never_quoted() {
    let sound = format!(
        "- provider: oauth2\n  alias: a\n  context: user\n  oauth2:\n    client_id: x\n    client_secret: {CANARY}\n    flow: nonsense\n    authorize_url: https://a.example/a\n    token_url: https://a.example/t\n"
    );
    let folded = format!("- provider: oauth2\n  oauth2:\n    client_secret: >\n\t  {CANARY}\n");
    let torn = format!("- provider: oauth2\n  oauth2:\n    client_secret: \"{CANARY}\n");
    let machine = Machine::new();
    for (name, text) in [("sound", sound), ("folded", folded), ("torn", torn)] {
        let bot = machine.bot(name, &[("integrations.yaml", &text)]);
        // The machine itself checks that no output holds it.
        for words in [&["check"][..], &["check", "--json"], &["integrations", "--json"], &["integrations"]] {
            let ran = machine.patchbay(words).of(&bot).run();
            assert!(matches!(ran.status, Some(0 | 1)), "{ran:?}");
        }
    }
}

#[test]
fn what_a_file_holds_cannot_steer_the_terminal() {
    let machine = Machine::new();
    let bot =
        machine.bot("escape", &[("integrations.yaml", "- provider: \"a\\e[2J\"\n  title: \"\x1b[2J\u{202e}\"\n")]);
    for words in [&["check"][..], &["integrations"]] {
        let ran = machine.patchbay(words).of(&bot).run();
        assert!(!ran.out.contains(['\x1b', '\u{202e}']) && !ran.err.contains(['\x1b', '\u{202e}']), "{ran:?}");
    }
}

#[test]
fn leaves_no_trace() {
    let machine = Machine::new();
    let bot = machine.secret_bot();
    let before: Vec<_> = fs::read_dir(&bot).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    machine.patchbay(&["check"]).of(&bot).run().fine();
    let after: Vec<_> = fs::read_dir(&bot).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(before, after);
    assert!(!machine.path("data").exists(), "no data folder is made");
    assert_eq!(fs::read_dir(machine.path("home")).unwrap().count(), 0);
}

#[test]
fn the_folder_may_be_an_argument() {
    let machine = Machine::new();
    let bot = machine.secret_bot();
    machine.patchbay(&["check", &bot.display().to_string()]).run().fine();
    machine.patchbay(&["check", "secret"]).of(&machine.path("bots")).run().fine();
}

#[test]
fn a_folder_without_a_bot_is_wrong_use() {
    let machine = Machine::new();
    machine.patchbay(&["check", "nowhere"]).run().exits(2).says(&["nowhere is not there"]).prints("");
    machine.patchbay(&["check"]).run().exits(2).says(&["There is no bot in ~"]).prints("");
    fs::write(machine.path("home/file"), "").unwrap();
    machine.patchbay(&["check", "file"]).run().exits(2).says(&["is not a folder"]).prints("");
}
