//! Who is meant by `--as`: a persona's name or id.

use api::commands;
use api::types::{BotRequest, PersonaRequest};

use crate::session::Session;
use crate::stop::Stop;

/// Makes the named persona the one who talks to the bot, and gives its id; without a name the one used last.
pub(crate) fn named(session: &Session, bot: &str, name: Option<&str>) -> Result<Option<String>, Stop> {
    let Some(name) = name else { return Ok(None) };
    let known = commands::personas_list(&session.studio, BotRequest { bot: bot.to_owned() })?;
    let found = known.iter().find(|own| own.persona == name || own.name.eq_ignore_ascii_case(name));
    let Some(found) = found else {
        let names: Vec<_> = known.iter().map(|own| own.name.as_str()).collect();
        return Err(Stop::wrong_use(
            format!("There is no persona {name}."),
            format!("There are {}.", names.join(", ")),
        ));
    };
    let request = PersonaRequest { bot: bot.to_owned(), persona: found.persona.clone() };
    commands::persona_use(&session.studio, request)?;
    Ok(Some(found.persona.clone()))
}
