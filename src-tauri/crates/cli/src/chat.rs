//! `patchbay chat`: a conversation with the bot, lines in, messages out.

use std::io::{self, BufRead, IsTerminal, Read, Write};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use api::commands;
use api::types::{
    BotRequest, BotView, ButtonKind, ChatItem, ChatRequest, ChatStatus, ChatView, Failure, FailureCode, JumpClock,
    LogLine, Part, PauseView, Place, PressButton, SendEvent, SendText, Speaker, StartChat,
};
use studio::Event;

use crate::args::Globals;
use crate::output::{self, CYAN, DIM, RED};
use crate::session::{self, Session};
use crate::stop::{Status, Stop};
use crate::{input, persona, vault};

/// Longest line that is said, in bytes.
const LINE_LIMIT: u64 = 64 * 1024;
/// Longest wait for what a bot does with a sign-in; its scripts may call slow servers.
const EVENT_LIMIT: Duration = Duration::from_secs(60);

pub(crate) fn run(globals: &Globals, who: Option<&str>, script: bool) -> Result<(), Stop> {
    let session = Session::start(globals)?;
    let bot = session.bot()?;
    session::warn_of_question(&bot);
    open_vault_if_needed(&session, &bot)?;
    let persona = persona::named(&session, &bot.bot, who)?;
    let script = script.then(input::all).transpose()?.map(|text| text.expose().clone());
    let start_bot = bot.bot.clone();
    let start = StartChat { bot: bot.bot, persona, script };
    let started = commands::chat_start(&session.studio, start).map_err(cannot_run)?;
    let mut conversation =
        Conversation { session: &session, bot: start_bot, seen: Seen::default(), prompts: prompts() };
    conversation.run(started)
}

/// A script that cannot run is a problem found in it, not a wrong use of this command.
fn cannot_run(failure: Failure) -> Stop {
    match failure.code {
        FailureCode::Invalid => Stop::new(Status::Problems, failure.message, "`patchbay check` shows all problems."),
        _ => failure.into(),
    }
}

/// Values are asked for while a script runs, when there is no good moment to ask for a passphrase.
fn open_vault_if_needed(session: &Session, bot: &BotView) -> Result<(), Stop> {
    let secrets = commands::secrets_list(&session.studio, BotRequest { bot: bot.bot.clone() })?;
    let has_values = secrets.iter().any(|secret| secret.set) || is_connected(session, bot);
    if !has_values || !session.needs_passphrase() {
        return Ok(());
    }
    if session.globals.passphrase_fd.is_some() || input::can_ask() {
        return session.open_vault();
    }
    output::warn("The vault is locked, so scripts cannot read its values.", vault::HOW_TO_GIVE_A_PASSPHRASE);
    Ok(())
}

/// Whether anybody is signed in to anything: the bot itself, or one of its personas.
fn is_connected(session: &Session, bot: &BotView) -> bool {
    // A folder whose identity is open has no personas.
    let personas = commands::personas_list(&session.studio, BotRequest { bot: bot.bot.clone() }).unwrap_or_default();
    bot.integrations.iter().any(|entry| entry.connection.is_some())
        || personas.iter().any(|persona| !persona.connected.is_empty())
}

fn prompts() -> bool {
    input::from_terminal() && io::stderr().is_terminal()
}

struct Conversation<'s> {
    session: &'s Session<'s>,
    /// The open bot.
    bot: String,
    seen: Seen,
    /// A person types; otherwise lines come from a file or another program.
    prompts: bool,
}

/// What was printed already.
#[derive(Default)]
struct Seen {
    items: usize,
    log: usize,
}

/// What a line asks for.
#[derive(Debug, PartialEq, Eq)]
enum Line<'l> {
    Say(&'l str),
    Restart,
    Quit,
    Event(&'l str, &'l str),
    Jump(u32),
    /// Counted from 1.
    Press(u32),
    Login(&'l str),
    Unknown(&'l str),
    Nothing,
}

impl Conversation<'_> {
    fn run(&mut self, started: ChatView) -> Result<(), Stop> {
        let chat = started.chat.clone();
        let mut stopped = self.show(&started)?;
        let mut number = 0;
        while let Some(line) = self.next_line(&mut number)? {
            let view = match read(&line) {
                Line::Nothing => continue,
                Line::Quit => break,
                Line::Unknown(command) => {
                    output::warn(
                        &format!("There is no command {command}."),
                        "There are /event, /jump, /press, /login, /restart and /quit; begin with // to say a line that starts with /.",
                    );
                    continue;
                }
                Line::Restart => match commands::chat_restart(&self.session.studio, ChatRequest { chat: chat.clone() })
                {
                    Ok(view) => {
                        self.seen = Seen::default();
                        view
                    }
                    // The person mends the script in an editor and tries again.
                    Err(failure) if self.prompts => {
                        output::fail(&failure.message, &failure.hint);
                        continue;
                    }
                    Err(failure) => return Err(cannot_run(failure)),
                },
                Line::Event(name, payload) => {
                    let (name, payload) = (name.to_owned(), payload.to_owned());
                    commands::chat_event(&self.session.studio, SendEvent { chat: chat.clone(), name, payload })?
                }
                Line::Jump(seconds) => {
                    commands::chat_jump(&self.session.studio, JumpClock { chat: chat.clone(), seconds })?
                }
                Line::Press(number) => match self.press(&chat, number)? {
                    Some(view) => view,
                    None => continue,
                },
                Line::Login(alias) => self.login(&chat, alias)?,
                Line::Say(text) => {
                    let said = SendText { chat: chat.clone(), text: text.to_owned() };
                    commands::chat_send(&self.session.studio, said)?
                }
            };
            stopped = self.show(&view)?;
        }
        if stopped { Err(Stop::Told(Status::Problems)) } else { Ok(()) }
    }

    /// Prints what is new. True: an error stopped the bot; where nobody sits and reads, that ends the conversation.
    fn show(&mut self, view: &ChatView) -> Result<bool, Stop> {
        for line in view.log.iter().skip(self.seen.log) {
            output::say(&log_line(line));
        }
        for item in view.items.iter().skip(self.seen.items) {
            self.show_item(item)?;
        }
        self.seen = Seen { items: view.items.len(), log: view.log.len() };
        if let Some(pause) = &view.pause {
            return Err(not_allowed(pause));
        }
        let stopped = view.status == ChatStatus::Stopped;
        if stopped && !self.prompts {
            return Err(Stop::Told(Status::Problems));
        }
        if stopped {
            output::say("The bot stopped. /restart begins anew, /quit leaves.");
        }
        Ok(stopped)
    }

    fn show_item(&self, item: &ChatItem) -> Result<(), Stop> {
        let text = output::clean(&plain(&item.text));
        if item.from == Speaker::Error {
            output::say(&error_line(item, &text));
        }
        if self.session.globals.json {
            return Ok(output::print_json(item)?);
        }
        match item.from {
            Speaker::Bot => {
                output::print(&text)?;
                for (at, button) in item.buttons.iter().enumerate() {
                    output::print(&format!("  [{}] {}", at + 1, output::clean_line(&plain(&button.label))))?;
                }
                if let Some(alias) = item.buttons.iter().find_map(|button| button.alias.as_deref()) {
                    output::say(&output::styled(DIM, &format!("`/login {alias}` or `/press N` signs in.")));
                }
            }
            Speaker::Note => output::say(&output::styled(DIM, &text)),
            // Whoever said it knows it; the error is told above.
            Speaker::User | Speaker::Error => {}
        }
        Ok(())
    }

    /// Presses a button of the last message that has any. `None`: there is no such button.
    fn press(&self, chat: &str, number: u32) -> Result<Option<ChatView>, Stop> {
        let view = self.view(chat)?;
        let item = view.items.iter().rev().find(|item| !item.buttons.is_empty());
        let at = number.checked_sub(1).unwrap_or(u32::MAX);
        let Some((item, button)) = item.and_then(|item| Some((item, item.buttons.get(at as usize)?))) else {
            output::warn(&format!("There is no button {number}."), "");
            return Ok(None);
        };
        if let (ButtonKind::SignIn, Some(alias)) = (button.kind, button.alias.as_deref()) {
            return self.login(chat, alias).map(Some);
        }
        let press = PressButton { chat: chat.to_owned(), item: item.id, button: at };
        Ok(Some(commands::chat_press(&self.session.studio, press)?))
    }

    /// Signs the persona in and waits for the outcome, and for what the bot says to it.
    fn login(&self, chat: &str, alias: &str) -> Result<ChatView, Stop> {
        let changes = self.session.studio.subscribe();
        let before = self.view(chat)?;
        match crate::connect::within_chat(self.session, &self.bot, alias, &before.persona) {
            // What the provider says is no reason to end the conversation.
            Err(Stop::Failed { message, hint, .. }) => output::warn(&message, &hint),
            Err(stop) => return Err(stop),
            Ok(true) => return self.after_event(&before, &format!("token:{alias}"), &changes),
            Ok(false) => {}
        }
        self.view(chat)
    }

    /// The conversation once it has got an event of this name, which another thread brings, and has stopped working on it.
    fn after_event(&self, before: &ChatView, name: &str, changes: &Receiver<Event>) -> Result<ChatView, Stop> {
        let count = |view: &ChatView| view.events.iter().filter(|event| event.name == name).count();
        let deadline = Instant::now() + EVENT_LIMIT;
        loop {
            let view = self.view(&before.chat)?;
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || (count(&view) > count(before) && view.status != ChatStatus::Working) {
                return Ok(view);
            }
            let _ = changes.recv_timeout(left);
        }
    }

    fn view(&self, chat: &str) -> Result<ChatView, Stop> {
        Ok(commands::chat_get(&self.session.studio, ChatRequest { chat: chat.to_owned() })?)
    }

    /// The next line of standard input without its line break; `None` at the end.
    fn next_line(&self, number: &mut u32) -> Result<Option<String>, Stop> {
        if self.prompts {
            let mut err = anstream::stderr().lock();
            let _ = write!(err, "{CYAN}›{CYAN:#} ").and_then(|()| err.flush());
        }
        *number += 1;
        let mut bytes = Vec::new();
        let read = io::stdin().lock().take(LINE_LIMIT + 1).read_until(b'\n', &mut bytes);
        read.map_err(|error| Stop::wrong_use(format!("Standard input could not be read: {error}."), ""))?;
        if bytes.is_empty() {
            return Ok(None);
        }
        if bytes.len() as u64 > LINE_LIMIT {
            return Err(Stop::wrong_use(
                format!("Line {number} of standard input is longer than 64 KiB."),
                "Say less at once.",
            ));
        }
        let text = String::from_utf8(bytes);
        let text =
            text.map_err(|_| Stop::wrong_use(format!("Line {number} of standard input is not UTF-8 text."), ""))?;
        Ok(Some(text.trim_end_matches(['\n', '\r']).to_owned()))
    }
}

fn read(line: &str) -> Line<'_> {
    match line.trim() {
        "" => Line::Nothing,
        "/restart" => Line::Restart,
        "/quit" => Line::Quit,
        said if said.starts_with("//") => Line::Say(&said[1..]),
        command if command.starts_with('/') => read_command(command),
        _ => Line::Say(line),
    }
}

fn read_command(command: &str) -> Line<'_> {
    let (name, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
    let rest = rest.trim();
    match name {
        "/event" if !rest.is_empty() => {
            let (event, payload) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            Line::Event(event, payload.trim())
        }
        "/jump" => seconds(rest).map_or(Line::Unknown(command), Line::Jump),
        "/press" => rest.parse().map_or(Line::Unknown(command), Line::Press),
        "/login" if !rest.is_empty() => Line::Login(rest),
        _ => Line::Unknown(name),
    }
}

/// `90s`, `15m`, `2h`, `7d`; a number alone means seconds.
fn seconds(text: &str) -> Option<u32> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "" | "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    digits.parse::<u32>().ok()?.checked_mul(unit)
}

/// A token may go nowhere new without a person; a conversation without a window says which pair and line it is.
fn not_allowed(pause: &PauseView) -> Stop {
    let place = pause.place.as_ref().map(|place| format!("{}: ", place_text(place))).unwrap_or_default();
    let (message, hint) = match &pause.alias {
        Some(alias) => (
            format!("The token `{alias}` is about to go to {}, which nobody has allowed yet.", pause.host),
            format!("`patchbay flows approve {alias} {}` allows it.", pause.host),
        ),
        None => (pause.message.clone(), format!("`patchbay flows approve-address {}` allows it.", pause.host)),
    };
    Stop::new(Status::Problems, format!("{place}{message}"), hint)
}

/// As a compiler tells it: the place, once, and what is wrong.
fn error_line(item: &ChatItem, text: &str) -> String {
    let place = item.place.as_ref().map(|place| output::clean_line(&place_text(place)) + ": ").unwrap_or_default();
    format!("{place}{RED}error:{RED:#} {text}")
}

fn log_line(line: &LogLine) -> String {
    let place = line.place.as_ref().map(|place| format!(" ({})", place_text(place))).unwrap_or_default();
    let label = if line.hint { "hint" } else { "log" };
    output::styled(DIM, &format!("{label}: {}{place}", plain(&line.text)))
}

/// The text with secrets by name.
fn plain(parts: &[Part]) -> String {
    let shown = |part: &Part| match part {
        Part::Text { text } | Part::Link { url: text } => text.clone(),
        Part::Secret { alias, .. } => format!("‹secret:{alias}›"),
    };
    parts.iter().map(shown).collect()
}

fn place_text(place: &Place) -> String {
    format!("{}:{}:{}", place.file, place.line, place.column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_said_unless_they_are_commands() {
        let check = |line: &str, expect: Line| assert_eq!(read(line), expect, "{line:?}");
        check("hello  there ", Line::Say("hello  there "));
        check("  ", Line::Nothing);
        check(" /restart", Line::Restart);
        check("/quit", Line::Quit);
        check("//path", Line::Say("/path"));
        check("/jump 2h", Line::Jump(7_200));
        check("/jump 90", Line::Jump(90));
        check("/jump soon", Line::Unknown("/jump soon"));
        check("/jump 99999999d", Line::Unknown("/jump 99999999d"));
        check("/event order {\"id\": 1}", Line::Event("order", "{\"id\": 1}"));
        check("/event order", Line::Event("order", ""));
        check("/event", Line::Unknown("/event"));
        check("/press 2", Line::Press(2));
        check("/login google", Line::Login("google"));
        check("/nonsense here", Line::Unknown("/nonsense"));
        check("/", Line::Unknown("/"));
    }

    #[test]
    fn a_secret_is_shown_by_its_name() {
        let parts = [Part::Text { text: "key ".to_owned() }, Part::Secret { alias: "api".to_owned(), part: 0 }];
        assert_eq!(plain(&parts), "key ‹secret:api›");
    }
}
