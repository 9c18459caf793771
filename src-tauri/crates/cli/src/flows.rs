//! `patchbay flows`: where tokens may go.

use crate::args::{FlowsCommand, Globals};
use crate::connect::entry;
use crate::session::Session;
use crate::stop::Stop;
use crate::{input, output};

pub(crate) fn run(globals: &Globals, command: &FlowsCommand) -> Result<(), Stop> {
    let session = Session::start(globals)?;
    let bot = session.settled_bot()?;
    match command {
        FlowsCommand::Approve { alias, host, yes } => {
            entry(&bot, alias)?;
            agreed(*yes, &format!("Let the token {alias} go to {host} from now on?"))?;
            session.studio.approve_host(&bot.bot, alias, host)?;
            output::say(&format!("The token {alias} may go to {host} now."));
        }
        FlowsCommand::ApproveAddress { host, yes } => {
            agreed(*yes, &format!("Let the scripts of this bot reach {host} from now on?"))?;
            session.studio.approve_address(&bot.bot, host)?;
            output::say(&format!("The scripts of this bot may reach {host} now."));
        }
    }
    Ok(())
}

fn agreed(yes: bool, question: &str) -> Result<(), Stop> {
    match yes {
        true => Ok(()),
        false if !input::can_ask() => {
            Err(Stop::wrong_use("Approving needs a person at a terminal.", "Run it on a terminal, or give --yes."))
        }
        false if input::confirm(question)? => Ok(()),
        false => Err(Stop::cancelled()),
    }
}
