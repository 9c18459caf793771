//! On a terminal: colour, masks, hidden prompts, questions. `script` gives the binary a terminal of its own.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Stdio};

use crate::machine::{CANARY, Machine};

/// The binary on a terminal, of which everything shown is read.
struct Terminal {
    child: Child,
    shown: String,
    device: String,
}

impl Terminal {
    fn start(machine: &Machine, bot: &Path, words: &str) -> Self {
        let run = format!("tty; exec {} {words}", env!("CARGO_BIN_EXE_patchbay"));
        let mut command = machine.command("script");
        command.args(["--quiet", "--return", "--command", &run, "/dev/null"]).current_dir(bot).env("TERM", "xterm");
        command.env("PASSPHRASE_FILE", machine.path("passphrase"));
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut terminal = Self { child, shown: String::new(), device: String::new() };
        terminal.wait_for("\n");
        terminal.device = terminal.shown.trim().to_owned();
        terminal.shown.clear();
        terminal
    }

    /// Reads until `text` is shown.
    fn wait_for(&mut self, text: &str) {
        let mut out = self.child.stdout.take().unwrap();
        let mut byte = [0];
        let mut bytes = std::mem::take(&mut self.shown).into_bytes();
        while !String::from_utf8_lossy(&bytes).contains(text) {
            assert_eq!(
                out.read(&mut byte).unwrap(),
                1,
                "{text:?} is never shown: {:?}",
                String::from_utf8_lossy(&bytes)
            );
            bytes.push(byte[0]);
        }
        self.shown = String::from_utf8_lossy(&bytes).into_owned();
        self.child.stdout = Some(out);
    }

    fn press(&mut self, keys: &str) {
        let stdin = self.child.stdin.as_mut().unwrap();
        stdin.write_all(keys.as_bytes()).unwrap();
        stdin.flush().unwrap();
    }

    /// Types what is not to be shown, once the terminal does not show it.
    fn press_hidden(&mut self, machine: &Machine, keys: &str) {
        loop {
            let state = machine.command("stty").args(["-F", &self.device, "-a"]).output().unwrap();
            if String::from_utf8_lossy(&state.stdout).contains("-echo ") {
                break;
            }
        }
        self.press(keys);
    }

    fn end(mut self) -> (i32, String) {
        let mut rest = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut rest).unwrap();
        drop(self.child.stdin.take());
        (self.child.wait().unwrap().code().unwrap(), (self.shown + &rest).replace("\r\n", "\n"))
    }
}

fn with_value() -> (Machine, std::path::PathBuf) {
    let machine = Machine::with_vault();
    let bot = machine.secret_bot();
    machine.patchbay(&["secret", "set", "api_key"]).of(&bot).unlocking().given(CANARY).run().fine();
    (machine, bot)
}

#[test]
fn a_value_is_masked_unless_asked_for() {
    let (machine, bot) = with_value();
    assert_eq!(Terminal::start(&machine, &bot, "secret get api_key").end(), (0, "••••••••\n".to_owned()));
    let masked = Terminal::start(&machine, &bot, "secret get api_key --json").end();
    assert_eq!(masked, (0, "{\"alias\":\"api_key\",\"value\":null}\n".to_owned()));
    let shown =
        Terminal::start(&machine, &bot, "secret get api_key --reveal --passphrase-fd 7 7<$PASSPHRASE_FILE").end();
    assert_eq!(shown, (0, format!("{CANARY}\n")));
}

#[test]
fn passphrase_and_value_are_typed_unseen() {
    let machine = Machine::with_vault();
    let bot = machine.secret_bot();
    let mut terminal = Terminal::start(&machine, &bot, "secret set api_key");
    terminal.wait_for("Passphrase of the vault: ");
    terminal.press_hidden(&machine, "correct horse battery staple\r");
    terminal.wait_for("Value of api_key: ");
    terminal.press_hidden(&machine, &format!("{CANARY}\r"));
    let (status, shown) = terminal.end();
    assert_eq!(status, 0, "{shown}");
    assert!(shown.contains("stored in the vault") && !shown.contains(CANARY) && !shown.contains("horse"), "{shown}");
    machine.patchbay(&["secret", "get", "api_key"]).of(&bot).unlocking().run().fine().prints(CANARY);
}

#[test]
fn a_removal_is_asked_about() {
    let (machine, bot) = with_value();
    let mut terminal = Terminal::start(&machine, &bot, "secret remove api_key");
    terminal.wait_for("[y/N] ");
    terminal.press("n\r");
    let (status, shown) = terminal.end();
    assert_eq!(status, 5, "{shown}");
    machine.patchbay(&["secret", "get", "api_key"]).of(&bot).unlocking().run().fine().prints(CANARY);
    let mut terminal = Terminal::start(&machine, &bot, "secret remove api_key");
    terminal.wait_for("[y/N] ");
    terminal.press("y\r");
    assert_eq!(terminal.end().0, 0);
    machine.patchbay(&["secret", "get", "api_key"]).of(&bot).unlocking().run().exits(2);
}

#[test]
fn colour_is_for_terminals() {
    let machine = Machine::new();
    let bot = machine.bot("wrong", &[("integrations.yaml", "- provider: twillio\n  context: bot\n")]);
    let (status, shown) = Terminal::start(&machine, &bot, "check").end();
    assert!(status == 1 && shown.contains("\x1b["), "{shown:?}");
    let (_, shown) = Terminal::start(&machine, &bot, "check --json").end();
    assert!(!shown.contains("\x1b["), "{shown:?}");
}

#[test]
fn a_dot_env_is_not_typed() {
    let machine = Machine::with_vault();
    let bot = machine.secret_bot();
    let (status, shown) = Terminal::start(&machine, &bot, "secret fill").end();
    assert!(status == 2 && shown.contains("patchbay secret fill < .env"), "{shown}");
}

#[test]
fn after_an_error_the_person_may_begin_anew() {
    let machine = Machine::new();
    let script = "dialog main do\n  x = ask \"Name?\"\n  say 1 / 0\nend\n";
    let bot = machine.bot("fails", &[("integrations.yaml", "[]\n"), ("main.bubble", script)]);
    let mut terminal = Terminal::start(&machine, &bot, "chat");
    terminal.wait_for("Name?");
    terminal.press("Ann\r");
    terminal.wait_for("/restart begins anew");
    terminal.shown.clear();
    terminal.press("/restart\r");
    terminal.wait_for("Name?");
    terminal.press("/quit\r");
    let (status, shown) = terminal.end();
    assert_eq!(status, 0, "{shown}");
}
