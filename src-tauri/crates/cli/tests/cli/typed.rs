//! Help, version, completions, and what is typed wrongly.

use std::process::Stdio;

use crate::machine::{CANARY, Machine};

#[test]
fn help_and_version_are_results() {
    let machine = Machine::new();
    let help = machine.patchbay(&["--help"]).run().fine();
    for word in
        ["check", "integrations", "secret", "vault", "chat", "completions", "--json", "--data-dir", "-C", "Exit status"]
    {
        assert!(help.out.contains(word), "{word}");
    }
    assert_eq!(help.err, "");
    let version = machine.patchbay(&["--version"]).run().fine();
    assert_eq!(version.out, format!("patchbay {}\n", env!("CARGO_PKG_VERSION")));
    assert!(!machine.path("data").exists(), "help needs no data folder");
}

#[test]
fn every_command_explains_itself() {
    let machine = Machine::new();
    let commands: [&[&str]; 8] = [
        &["check"],
        &["integrations"],
        &["secret", "get"],
        &["secret", "set"],
        &["secret", "fill"],
        &["identity", "share"],
        &["vault", "rekey"],
        &["chat"],
    ];
    for command in commands {
        let help = machine.patchbay(&[command, &["--help"]].concat()).run().fine();
        assert!(help.out.contains("Usage: patchbay"), "{command:?}");
    }
    let get = machine.patchbay(&["secret", "get", "--help"]).run().fine();
    assert!(get.out.contains("no line break added") && get.out.contains("mask"), "{get:?}");
}

#[test]
fn nothing_and_nonsense_are_wrong_use() {
    let machine = Machine::new();
    machine.patchbay(&[]).run().exits(2).prints("");
    machine.patchbay(&["chekc"]).run().exits(2).prints("").says(&["chekc"]);
    machine.patchbay(&["check", "--frobnicate"]).run().exits(2).prints("");
    machine.patchbay(&["integrations", "a-folder"]).run().exits(2).prints("");
    machine.patchbay(&["completions", "tcsh"]).run().exits(2).prints("");
}

#[test]
fn a_value_in_an_argument_is_refused_and_not_repeated() {
    let machine = Machine::new();
    let bot = machine.secret_bot();
    let spellings: [&[&str]; 6] = [
        &["secret", "set", "api_key", CANARY],
        &["secret", "set", "api_key", "--value", CANARY],
        &["secret", "set", "api_key", &format!("--value={CANARY}")],
        &["secret", "set", "api_key", &format!("--{CANARY}")],
        &["secret", "put", CANARY],
        &["vault", "create", "--passphrase", CANARY],
    ];
    for words in spellings {
        // The machine itself checks that no output holds the value.
        let ran = machine.patchbay(words).of(&bot).run().exits(2).prints("");
        ran.says(&["never from an argument", "Usage: patchbay"]);
    }
    assert!(machine.files_with(CANARY).is_empty());
}

#[test]
fn completions_are_scripts_that_their_shells_accept() {
    let machine = Machine::new();
    for (shell, word) in [("bash", "_patchbay()"), ("zsh", "#compdef patchbay"), ("fish", "complete -c patchbay")] {
        let script = machine.patchbay(&["completions", shell]).run().fine().out;
        assert!(script.contains(word), "{shell}");
    }
    let script = machine.patchbay(&["completions", "bash"]).run().fine().out;
    std::fs::write(machine.path("completions"), script).unwrap();
    assert!(machine.command("bash").arg("-n").arg(machine.path("completions")).status().unwrap().success());
}

#[test]
fn a_reader_that_stops_reading_is_no_error() {
    let machine = Machine::new();
    let manifest = "- provider: twillio\n  context: bot\n".repeat(3000);
    let bot = machine.bot("large", &[("integrations.yaml", &manifest)]);
    for words in [&["integrations"][..], &["integrations", "--json"], &["check"], &["check", "--json"]] {
        let mut command = machine.command(env!("CARGO_BIN_EXE_patchbay"));
        command.args(words).arg("-C").arg(&bot).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let done = child.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.code() == Some(0) && !told.contains("pipe"), "{words:?} {done:?}");
    }
}

#[test]
fn the_data_folder_is_where_one_says() {
    let machine = Machine::new();
    let bot = machine.secret_bot();
    let other = machine.path("other");
    machine.patchbay(&["integrations", "--data-dir", &other.display().to_string()]).of(&bot).run().fine();
    assert!(other.is_dir() && !machine.path("data").exists());
    let mode = std::os::unix::fs::PermissionsExt::mode(&other.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o700, "the data folder is its owner's alone");
}
