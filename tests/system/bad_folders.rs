//! Folders and files that are not what they should be: a sentence with the place, an exit status, nothing lost.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use serde_json::json;
use tests::{Cli, DevHost, Keychain, LONG, Outcome, Session, bots, need, run};

const MANIFEST: &[u8] = b"- provider: secret\n  alias: myapi_key\n  context: bot\n";
const SCRIPT: &[u8] = b"dialog main do\n  say \"Hello\"\nend\n";

/// One file in an otherwise good bot: what `check` says about it, and that the rest of the bot is read.
#[track_caller]
fn check_file(file: &str, bytes: &[u8], line: u64, code: i32, message: &str) {
    let session = Session::new(Keychain::NoBus);
    let bot =
        bots::write(session.home(), "bot", &[("main.bubble", SCRIPT), ("integrations.yaml", MANIFEST), (file, bytes)]);
    let outcome = Cli::new(&session, &bot).run(&["check", "--json"]);
    assert_eq!(outcome.code, Some(code), "{outcome:?}");
    let problems = outcome.json();
    let all = problems.as_array().unwrap();
    let said = |problem: &&serde_json::Value| {
        problem["file"] == file && problem["line"] == line && problem["message"].as_str().unwrap().contains(message)
    };
    assert!(all.iter().find(said).is_some(), "no {message:?} at {file}:{line} in {problems:#}");
    assert_eq!(fs::read(bot.join(file)).unwrap(), bytes, "nothing is written");
}

#[test]
fn bad_folders_broken_yaml_has_a_place() {
    check_file("integrations.yaml", b"- provider: secret\n\talias: x\n", 2, 1, "ab");
    check_file("integrations.yaml", b"- provider: secret\n  alias: \"open\n", 2, 1, "quote");
    check_file("integrations.yaml", b"- provider: secret\n  alias: a\n  alias: b\n", 3, 1, "alias");
    check_file("integrations.yaml", b"- provider: secret\n  alias: a\n  contxt: bot\n", 3, 1, "contxt");
}

#[test]
fn bad_folders_alias_bomb_is_one_problem() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let before = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb += &format!("a{level}: &a{level} [{before}]\n");
    }
    check_file("integrations.yaml", bomb.as_bytes(), 6, 1, "200,000 values");
    check_file("data/bomb.yaml", bomb.as_bytes(), 6, 1, "200,000 values");
}

#[test]
fn bad_folders_twenty_thousand_brackets_are_one_problem() {
    check_file("integrations.yaml", "[".repeat(20_000).as_bytes(), 1, 1, "");
    check_file("skills/deep/integrations.yaml", "[".repeat(20_000).as_bytes(), 1, 1, "");
}

#[test]
fn bad_folders_too_large_a_file_is_named() {
    let large = [b"# ".as_slice(), &vec![b'x'; 1024 * 1024]].concat();
    check_file("integrations.yaml", &large, 1, 1, "1 MiB");
    check_file("other.bubble", &large, 1, 1, "1 MiB");
}

#[test]
fn bad_folders_not_utf8_is_named_with_its_byte() {
    check_file("integrations.yaml", b"- provider: secret\n  alias: caf\xe9\n", 1, 1, "byte 31");
    check_file("other.bubble", b"say \"\xff\"\n", 1, 1, "byte 5");
}

/// A byte order mark and carriage returns are no problem, and places are still right.
#[test]
fn bad_folders_bom_and_crlf_are_read() {
    let session = Session::new(Keychain::NoBus);
    let manifest = b"\xef\xbb\xbf- provider: secret\r\n  alias: myapi_key\r\n  context: bot\r\n";
    let script = b"\xef\xbb\xbfdialog main do\r\n  say \"Hello\"\r\nend\r\n";
    let bot = bots::write(session.home(), "bot", &[("main.bubble", script), ("integrations.yaml", manifest)]);
    let cli = Cli::new(&session, &bot);
    let checked = cli.run(&["check"]);
    assert_eq!(checked.code, Some(0), "{checked:?}");
    assert_eq!(cli.run(&["chat"]).out, "Hello\n");
    let entries = cli.run(&["integrations", "--json"]).json();
    assert_eq!(entries[0]["alias"], "myapi_key", "{entries}");

    let wrong = b"\xef\xbb\xbf- provider: secret\r\n  contxt: bot\r\n";
    check_file("integrations.yaml", wrong, 2, 1, "contxt");
}

/// Things that are no files: named, not touched, and not waited for.
#[test]
fn bad_folders_links_fifos_and_devices_are_named() {
    let session = Session::new(Keychain::NoBus);
    let bot = bots::write(session.home(), "bot", &[("main.bubble", SCRIPT)]);
    let outside = session.home().path("home/outside.yaml");
    fs::write(&outside, "- provider: secret\n  alias: outside_secret\n").unwrap();
    symlink(&outside, bot.join("integrations.yaml")).unwrap();
    symlink("/dev/zero", bot.join("endless.bubble")).unwrap();
    symlink("nowhere.bubble", bot.join("dangling.bubble")).unwrap();
    symlink("round.bubble", bot.join("round.bubble")).unwrap();
    let fifo = run(session.command("mkfifo").arg(bot.join("pipe.bubble")), b"", LONG);
    assert!(fifo.status.success(), "{fifo:?}");
    let mut expect = vec![
        ("integrations.yaml", "leads out"),
        ("endless.bubble", ""),
        ("pipe.bubble", "not a regular file"),
        ("round.bubble", ""),
    ];
    // Only root may make a device.
    let device = run(session.command("mknod").arg(bot.join("device.bubble")).args(["c", "1", "5"]), b"", LONG);
    if device.status.success() {
        expect.push(("device.bubble", "not a regular file"));
    }
    let outcome = Cli::new(&session, &bot).run(&["check", "--json"]);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    for (file, message) in expect {
        let problems = outcome.json();
        let said = problems
            .as_array()
            .unwrap()
            .iter()
            .any(|problem| problem["file"] == file && problem["message"].as_str().unwrap().contains(message));
        assert!(said, "no {message:?} about {file} in {problems:#}");
    }
    assert!(!outcome.out.contains("outside_secret"), "nothing outside is read: {outcome:?}");
    let entries = Cli::new(&session, &bot).run(&["integrations", "--json"]);
    assert!(!entries.out.contains("outside_secret"), "{entries:?}");
}

#[test]
fn bad_folders_missing_and_wrong_ones_are_named() {
    let session = Session::new(Keychain::NoBus);
    let bot = bots::write(session.home(), "bot", &[("main.bubble", SCRIPT)]);
    Cli::new(&session, &bot.join("nothing")).run(&["check"]).expect(2, "is not there");
    Cli::new(&session, &bot.join("main.bubble")).run(&["check"]).expect(2, "not a folder");
    Cli::new(&session, &session.home().path("cache")).run(&["check"]).expect(2, "no bot");
}

#[test]
fn bad_folders_that_vanish_are_shown_as_missing() {
    let session = Session::new(Keychain::NoBus);
    let bot = bots::copy("secret", session.home());
    let host = DevHost::start(&session, Some(&bot));
    let id = host.open_bot();
    let events = host.events();
    let away = session.home().path("bots/away");
    fs::rename(&bot, &away).unwrap();
    events.wait_for("botChanged", LONG);
    let missing = |expect: bool| {
        tests::until("the folder's absence to be shown", LONG, || {
            let view = host.ask("bot_get", &json!({ "bot": id }));
            (view["missing"] == expect).then_some(view)
        })
    };
    let view = missing(true);
    assert_eq!(view["integrations"].as_array().unwrap().len(), 1, "what was read is still shown: {view}");
    fs::rename(&away, &bot).unwrap();
    missing(false);
}

/// As a user who may not write there. Root may write everywhere, so root becomes nobody first.
#[test]
fn bad_folders_read_only_are_read_and_say_so() {
    need(&["setpriv"]);
    let session = Session::new(Keychain::NoBus);
    let bot = bots::write(session.home(), "bot", &[("main.bubble", SCRIPT), ("integrations.yaml", MANIFEST)]);
    let data = session.home().path("tmp/data");
    fs::create_dir(&data).unwrap();
    let rights = |folder: &Path, mode| fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
    // Everybody may pass through the home, and its folders are open to all.
    rights(&session.home().path(""), 0o755);
    rights(&bot, 0o555);
    rights(&data, 0o777);
    let cli = Cli::new(&session, &bot).with_data_dir(&data.join("patchbay")).copied_to(&session.home().path("tmp"));

    let checked = unprivileged(&cli, &["check"]);
    assert_eq!(checked.code, Some(0), "a folder that can only be read can be checked: {checked:?}");
    assert_eq!(unprivileged(&cli, &["chat"]).out, "Hello\n");

    rights(&bot.join("main.bubble"), 0o000);
    let denied = unprivileged(&cli, &["check"]);
    denied_names(&denied, "main.bubble");

    // A data folder that cannot be made: nothing is stored anywhere else instead.
    let sealed = session.home().path("tmp/sealed");
    fs::create_dir(&sealed).unwrap();
    rights(&sealed, 0o555);
    let cli = cli.with_data_dir(&sealed.join("patchbay"));
    let mut command = cli.behind("setpriv", &no_rights(), &["secret", "set", "myapi_key"]);
    let refused: Outcome = run(&mut command, b"value", LONG).into();
    assert!(matches!(refused.code, Some(1 | 3)), "{refused:?}");
    assert!(refused.err.contains("permissions"), "{refused:?}");
}

#[track_caller]
fn denied_names(outcome: &Outcome, file: &str) {
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(outcome.out.contains(file) && outcome.out.contains("denied access"), "{outcome:?}");
}

fn unprivileged(cli: &Cli<'_>, words: &[&str]) -> Outcome {
    run(&mut cli.behind("setpriv", &no_rights(), words), b"", LONG).into()
}

/// Words that make root nobody. Who is not root has no rights to give up.
fn no_rights() -> Vec<&'static str> {
    if rustix::process::geteuid().is_root() {
        vec!["--reuid=65534", "--regid=65534", "--clear-groups", "--"]
    } else {
        vec!["--"]
    }
}

#[test]
fn bad_folders_damaged_vaults_are_left_as_they_are() {
    let session = Session::new(Keychain::Gnome);
    let bot = bots::copy("secret", session.home());
    let cli = Cli::new(&session, &bot);
    cli.set("myapi_key", "value");
    let file = session.data().join("vault.db");
    let whole = fs::read(&file).unwrap();
    let log = session.data().join("vault.db-wal");
    assert!(!log.exists() || fs::metadata(&log).unwrap().len() == 0, "one process leaves no log behind");
    let mut later = whole.clone();
    // The version stands at byte 60 of the file's header.
    later[60..64].copy_from_slice(&999_u32.to_be_bytes());
    let cases: [(&str, Vec<u8>, &str); 4] = [
        ("empty", Vec::new(), "empty"),
        ("cut off", whole[..whole.len() / 2 + 100].to_vec(), "cut off"),
        ("something else", b"this is no vault at all, only text\n".repeat(40), "not a vault"),
        ("of a later version", later, "later version"),
    ];
    for (name, bytes, message) in cases {
        fs::write(&file, &bytes).unwrap();
        cli.get("myapi_key").expect_err(name).expect(3, message);
        cli.run_with(&["secret", "set", "myapi_key"], "new").expect(3, message);
        assert!(fs::read(&file).unwrap() == bytes, "the file that is {name} was changed");
    }
    fs::write(&file, whole).unwrap();
    assert_eq!(cli.get("myapi_key").unwrap(), "value");
}
