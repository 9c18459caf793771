//! `patchbay connect`, `connections` and `test-connection`: signing in, and what came of it.

use api::commands;
use api::types::{
    Advice, AttemptState, AttemptView, BotView, CallbackWay, ChoosePractice, ConnectFlow, IntegrationKind,
    IntegrationRequest, IntegrationView, PasteCallback,
};
use serde::Serialize;

use crate::args::Globals;
use crate::output::{self, DIM, GREEN, Table, YELLOW};
use crate::session::Session;
use crate::stop::{Status, Stop};
use crate::{input, persona};

/// How to sign in.
pub(crate) struct Mode {
    /// `None`: as it is.
    pub(crate) practice: Option<bool>,
    pub(crate) paste: bool,
}

pub(crate) fn run(globals: &Globals, alias: &str, who: Option<&str>, mode: &Mode) -> Result<(), Stop> {
    let session = Session::start(globals)?;
    let bot = session.settled_bot()?;
    let kind = entry(&bot, alias)?.kind.clone();
    if let Some(practice) = mode.practice {
        let request = ChoosePractice { bot: bot.bot.clone(), alias: alias.to_owned(), practice };
        commands::practice_choose(&session.studio, request)?;
    }
    let persona = persona::named(&session, &bot.bot, who)?;
    match kind {
        IntegrationKind::Oauth => sign_in(&session, &bot, alias, persona, mode.paste),
        IntegrationKind::ServiceAccount => key_file(&session, &bot, alias, mode.practice == Some(true)),
        _ => Err(Stop::wrong_use(
            format!("`{alias}` is not signed in to."),
            "`patchbay secret set` stores the value of a secret.",
        )),
    }
}

fn sign_in(session: &Session, bot: &BotView, alias: &str, persona: Option<String>, paste: bool) -> Result<(), Stop> {
    session.open_vault()?;
    let request = IntegrationRequest { bot: bot.bot.clone(), alias: alias.to_owned() };
    let preflight = commands::connect_preflight(&session.studio, request)?;
    if let Some(problem) = preflight.problems.first() {
        return Err(Stop::wrong_use(problem.message.clone(), problem.hint.clone()));
    }
    // What a provider is known for does not concern practice.
    let hints = preflight.hints.iter().filter(|_| !preflight.practice);
    hints.for_each(|Advice { message, hint }| output::warn(message, hint));
    let way = if paste { CallbackWay::Paste } else { terminal_way(preflight.way) };
    let start =
        || session.studio.start_connect(&bot.bot, alias, persona.as_deref(), Some(way.into())).map(AttemptView::from);
    let attempt = session.storing(start)?;
    if attempt.state == AttemptState::Waiting {
        tell(&attempt, preflight.flow == ConnectFlow::AuthCode || preflight.flow == ConnectFlow::OAuth1);
    }
    if attempt.way == CallbackWay::Paste && attempt.state == AttemptState::Waiting {
        output::say("Paste the address that the browser stops on, then press Enter.");
        let address = input::value("Address: ")?;
        let pasted = PasteCallback { attempt: attempt.attempt.clone(), address: address.expose().trim().to_owned() };
        commands::connect_paste(&session.studio, pasted)?;
    }
    let ended = AttemptView::from(session.studio.finished_attempt(&attempt.attempt)?);
    outcome(session, &ended)
}

/// A link of ours would lead to the window, so a terminal listens, or takes the address by hand.
fn terminal_way(usual: CallbackWay) -> CallbackWay {
    match usual {
        CallbackWay::DeepLink => CallbackWay::Loopback,
        own => own,
    }
}

/// A sign-in from a conversation. True: it was the persona's, so the bot gets an event.
pub(crate) fn within_chat(session: &Session, bot: &str, alias: &str, persona: &str) -> Result<bool, Stop> {
    session.open_vault()?;
    let request = IntegrationRequest { bot: bot.to_owned(), alias: alias.to_owned() };
    let way = terminal_way(commands::connect_preflight(&session.studio, request)?.way);
    if way == CallbackWay::Paste {
        // Standard input is the conversation's.
        return Err(Stop::wrong_use(
            format!("The sign-in of {alias} comes back by an address to paste, which a conversation cannot take."),
            format!("Run `patchbay connect {alias}` first."),
        ));
    }
    let start = || session.studio.start_connect(bot, alias, Some(persona), Some(way.into())).map(AttemptView::from);
    let attempt = session.storing(start)?;
    tell(&attempt, true);
    let ended = AttemptView::from(session.studio.finished_attempt(&attempt.attempt)?);
    outcome(session, &ended)?;
    Ok(ended.persona.is_some())
}

/// What a person at a terminal needs to see while the browser is open.
fn tell(attempt: &AttemptView, in_browser: bool) {
    if !in_browser {
        return;
    }
    let practice = if attempt.practice { " (practice)" } else { "" };
    if attempt.opened {
        output::say(&format!("The browser has opened {}{practice}. Approve it there.", attempt.authorize_at));
        output::say("If it did not, open this address:");
    } else {
        output::say(&format!("Open this address in a browser{practice}:"));
    }
    output::say(&attempt.link);
    if let Some(callback) = attempt.callbacks.first() {
        output::say(&output::styled(DIM, &format!("Callback URL: {}", callback.url)));
    }
}

fn outcome(session: &Session, attempt: &AttemptView) -> Result<(), Stop> {
    if session.globals.json {
        output::print_json(&Outcome { alias: &attempt.alias, state: attempt.state, practice: attempt.practice })?;
    }
    let status = match attempt.state {
        AttemptState::Connected => {
            output::say(&attempt.message);
            if !attempt.hint.is_empty() {
                output::warn(&attempt.hint, "");
            }
            return Ok(());
        }
        AttemptState::Cancelled | AttemptState::TimedOut => Status::Cancelled,
        _ => Status::Refused,
    };
    Err(Stop::new(status, attempt.message.clone(), attempt.hint.clone()))
}

/// What `connect --json` writes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    alias: &'a str,
    state: AttemptState,
    practice: bool,
}

fn key_file(session: &Session, bot: &BotView, alias: &str, practice: bool) -> Result<(), Stop> {
    let text = if practice { None } else { Some(input::all()?) };
    let set = || {
        let source = match &text {
            Some(text) => studio::KeyFile::Text(studio::Secret::new(text.expose().clone())),
            None => studio::KeyFile::Practice,
        };
        session.studio.set_key_file(&bot.bot, alias, source)
    };
    let account = session.storing(set)?;
    output::say(&match account {
        Some(account) => format!("{alias} uses the key of {}.", account.client_email),
        None => "Nothing was changed.".to_owned(),
    });
    Ok(())
}

/// `patchbay connections`.
pub(crate) fn list(globals: &Globals) -> Result<(), Stop> {
    let session = Session::start(globals)?;
    if globals.passphrase_fd.is_some() {
        session.open_vault()?;
    }
    let bot = session.settled_bot()?;
    let connected: Vec<&IntegrationView> = bot.integrations.iter().filter(|own| own.connection.is_some()).collect();
    if globals.json {
        return Ok(output::print_json(&connected)?);
    }
    if connected.is_empty() {
        output::say("Nothing is connected yet. `patchbay connect ALIAS` signs in.");
        return Ok(());
    }
    let mut table = Table::new(&["ALIAS", "PROVIDER", "ACCOUNT", "KIND", "EXPIRES", "LAST RESULT"]);
    for (entry, connection) in connected.iter().filter_map(|entry| Some((entry, entry.connection.as_ref()?))) {
        let plain = |text: &str| (anstyle::Style::new(), text.to_owned());
        let expires = match &connection.expires_at {
            _ if connection.renews => "renews itself".to_owned(),
            Some(at) => at.clone(),
            None => "unknown".to_owned(),
        };
        let (style, last) = match &connection.last_result {
            Some(result) if result.ok => (GREEN, result.message.clone()),
            Some(result) => (YELLOW, result.message.clone()),
            None => (DIM, "not used yet".to_owned()),
        };
        table.row(vec![
            plain(&entry.alias),
            plain(&entry.provider),
            plain(&connection.account),
            plain(if connection.practice { "practice" } else { "real" }),
            plain(&expires),
            (style, last),
        ]);
    }
    Ok(table.print()?)
}

/// `patchbay test-connection`.
pub(crate) fn test(globals: &Globals, alias: &str, who: Option<&str>) -> Result<(), Stop> {
    let session = Session::start(globals)?;
    let bot = session.settled_bot()?;
    entry(&bot, alias)?;
    session.open_vault()?;
    persona::named(&session, &bot.bot, who)?;
    let request = IntegrationRequest { bot: bot.bot.clone(), alias: alias.to_owned() };
    let tested = commands::connection_test(&session.studio, request)?;
    if globals.json {
        output::print_json(&tested)?;
    }
    if !tested.ok {
        return Err(Stop::new(Status::Refused, tested.message, tested.hint));
    }
    output::say(&format!("{} ({} ms)", tested.message, tested.milliseconds));
    Ok(())
}

pub(crate) fn entry<'b>(bot: &'b BotView, alias: &str) -> Result<&'b IntegrationView, Stop> {
    bot.integrations.iter().find(|own| own.alias == alias).ok_or_else(|| {
        let known: Vec<_> = bot.integrations.iter().map(|own| own.alias.as_str()).collect();
        let hint = if known.is_empty() { String::new() } else { format!("There are {}.", known.join(", ")) };
        Stop::wrong_use(format!("No manifest of this bot has an entry with the alias {alias}."), hint)
    })
}
