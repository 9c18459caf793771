//! `patchbay identity`: settles what a folder with the id of a known bot is.

use api::commands;
use api::types::{BotView, IdentityChoice, IdentityQuestion, SettleIdentity};

use crate::args::{Globals, IdentityCommand};
use crate::session::{self, Session};
use crate::stop::{Status, Stop};
use crate::{input, output};

pub(crate) fn run(globals: &Globals, command: Option<&IdentityCommand>) -> Result<(), Stop> {
    let session = Session::start(globals)?;
    let bot = session.bot()?;
    let Some(command) = command else { return show(globals, &bot) };
    let Some(question) = &bot.identity else {
        return Err(Stop::wrong_use("There is nothing to settle about this folder: its secrets can be used.", ""));
    };
    let choice = match command {
        IdentityCommand::Moved => IdentityChoice::Moved,
        IdentityCommand::Copy => IdentityChoice::Copy,
        IdentityCommand::Share { yes } => {
            agree_to_share(question, *yes)?;
            IdentityChoice::Share
        }
    };
    let told = match choice {
        IdentityChoice::Copy => "The folder is a bot of its own now and has no secrets.".to_owned(),
        IdentityChoice::Moved | IdentityChoice::Share => {
            format!("This folder reads these secrets now: {}.", list(question))
        }
    };
    let bot = commands::bot_identity(&session.studio, SettleIdentity { bot: bot.bot.clone(), choice })?;
    if globals.json {
        return Ok(output::print_json(&bot.identity)?);
    }
    output::say(&output::clean(&told));
    Ok(())
}

/// One sentence, or as JSON the question, `null` if none is open.
fn show(globals: &Globals, bot: &BotView) -> Result<(), Stop> {
    match &bot.identity {
        question if globals.json => Ok(output::print_json(question)?),
        None => Ok(output::print("This folder is known as this bot; its secrets can be used.")?),
        Some(question) => {
            output::print(&output::clean(&session::said(question)))?;
            output::say(&format!("It would read: {}. {}", output::clean(&list(question)), session::choices(question)));
            Ok(())
        }
    }
}

/// To share is to let this folder's scripts read the values, so it is never done without a yes.
fn agree_to_share(question: &IdentityQuestion, yes: bool) -> Result<(), Stop> {
    if yes {
        return Ok(());
    }
    if !(input::can_ask() && input::from_terminal()) {
        return Err(Stop::new(
            Status::WrongUse,
            format!("Sharing would let this folder read: {}.", list(question)),
            "Say so with --yes.",
        ));
    }
    let agreed = input::confirm(&format!("Let the scripts in this folder read {}?", list(question)))?;
    if agreed { Ok(()) } else { Err(Stop::cancelled()) }
}

fn list(question: &IdentityQuestion) -> String {
    if question.aliases.is_empty() { "no values yet".to_owned() } else { question.aliases.join(", ") }
}
