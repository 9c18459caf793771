//! `patchbay flows`: where tokens may go.

use crate::args::{FlowsCommand, Globals};
use crate::connect::entry;
use crate::session::Session;
use crate::stop::Stop;
use crate::{input, output};

pub(crate) fn run(globals: &Globals, command: &FlowsCommand) -> Result<(), Stop> {
    let FlowsCommand::Approve { alias, host, yes } = command;
    let session = Session::start(globals)?;
    let bot = session.settled_bot()?;
    entry(&bot, alias)?;
    let question = format!("Let the token {alias} go to {host} from now on?");
    if !yes && (!input::can_ask() || !input::confirm(&question)?) {
        return Err(if input::can_ask() {
            Stop::cancelled()
        } else {
            Stop::wrong_use("Approving needs a person at a terminal.", "Run it on a terminal, or give --yes.")
        });
    }
    session.studio.approve_host(&bot.bot, alias, host)?;
    output::say(&format!("The token {alias} may go to {host} now."));
    Ok(())
}
