//! `patchbay token`: what the token functions of the language return.

use api::commands;
use api::types::{BotView, IntegrationRequest};
use studio::Secret;

use crate::args::{Globals, TokenArguments, TokenCommand};
use crate::connect::entry;
use crate::output;
use crate::session::Session;
use crate::stop::{Status, Stop};
use crate::{input, persona};

/// Stands for a token on a terminal; always as long, whatever the token's length.
const MASK: &str = "••••••••";

pub(crate) fn run(globals: &Globals, command: &TokenCommand) -> Result<(), Stop> {
    let (TokenCommand::Get { whose, .. }
    | TokenCommand::Info { whose }
    | TokenCommand::Full { whose }
    | TokenCommand::Delete { whose, .. }) = command;
    let session = Session::start(globals)?;
    let bot = session.settled_bot()?;
    entry(&bot, &whose.alias)?;
    session.open_vault()?;
    persona::named(&session, &bot.bot, whose.persona.as_deref())?;
    match command {
        TokenCommand::Get { reveal, .. } => get(&session, &bot, whose, *reveal),
        TokenCommand::Info { .. } => {
            let (info, note) = session.studio.token_info(&bot.bot, &whose.alias)?;
            print_json(info, note)
        }
        TokenCommand::Full { .. } => {
            let (full, note) = session.studio.full_token(&bot.bot, &whose.alias)?;
            print_json(full, note)
        }
        TokenCommand::Delete { yes, .. } => delete(&session, &bot, whose, *yes),
    }
}

fn get(session: &Session, bot: &BotView, whose: &TokenArguments, reveal: bool) -> Result<(), Stop> {
    let (token, note) = session.studio.access_token(&bot.bot, &whose.alias)?;
    let Some(token) = token else { return Err(nothing(note)) };
    show(&token, reveal)
}

fn show(token: &Secret<String>, reveal: bool) -> Result<(), Stop> {
    if !output::to_terminal() {
        return Ok(output::print_bytes(token.expose().as_bytes())?);
    }
    let text = if reveal { output::clean(token.expose()) } else { MASK.to_owned() };
    Ok(output::print(&text)?)
}

fn print_json(text: Option<String>, note: Option<String>) -> Result<(), Stop> {
    match text {
        Some(text) => Ok(output::print(&output::clean(&text))?),
        None => Err(nothing(note)),
    }
}

fn nothing(note: Option<String>) -> Stop {
    match note {
        // It says what to do next.
        Some(note) => Stop::new(Status::Refused, note, ""),
        None => Stop::new(Status::Refused, "There is no token.", "`patchbay connect ALIAS` signs in."),
    }
}

fn delete(session: &Session, bot: &BotView, whose: &TokenArguments, yes: bool) -> Result<(), Stop> {
    let question = format!("Revoke and delete the token {}?", whose.alias);
    if !yes && input::from_terminal() && !input::confirm(&question)? {
        return Err(Stop::cancelled());
    }
    let request = IntegrationRequest { bot: bot.bot.clone(), alias: whose.alias.clone() };
    let advice = commands::connection_remove(&session.studio, request)?;
    output::say(format!("{} {}", advice.message, advice.hint).trim_end());
    Ok(())
}
