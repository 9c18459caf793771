//! `patchbay secret`: the values behind a bot's `provider: secret` entries.
//!
//! A value comes from standard input or a hidden prompt and goes out by `get` alone.

mod fill;

use anstyle::Style;
use api::types::{BotView, SecretRow};
use serde::Serialize;

use crate::args::{Globals, SecretCommand};
use crate::input;
use crate::output::{self, DIM, GREEN, Table, YELLOW};
use crate::session::{self, Session};
use crate::stop::Stop;

/// Stands for a value on a terminal; always as long, whatever the value's length.
const MASK: &str = "••••••••";
/// How many places that use a secret are listed before they are only counted.
const PLACES: usize = 3;

pub(crate) fn run(globals: &Globals, command: &SecretCommand) -> Result<(), Stop> {
    let session = Session::start(globals)?;
    match command {
        SecretCommand::Set { alias } => set(&session, alias),
        SecretCommand::Get { alias, reveal } => get(&session, alias, *reveal),
        SecretCommand::List => list(&session),
        SecretCommand::Remove { alias, yes } => remove(&session, alias, *yes),
        SecretCommand::Fill { dry_run } => fill::run(&session, *dry_run),
    }
}

fn set(session: &Session, alias: &str) -> Result<(), Stop> {
    let bot = session.settled_bot()?;
    row(session, &bot, alias)?;
    session.open_vault()?;
    let value = input::value(&format!("Value of {}: ", output::clean_line(alias)))?;
    session.storing(|| session.studio.set_secret(&bot.bot, alias, &value))?;
    if session.globals.json {
        return Ok(output::print_json(&row(session, &bot, alias)?)?);
    }
    output::say(&format!("{} is stored in the vault.", output::clean_line(alias)));
    Ok(())
}

/// What `get --json` writes. `value` is null where plain text would be a mask.
#[derive(Serialize)]
struct Shown<'v> {
    alias: &'v str,
    value: Option<&'v str>,
}

fn get(session: &Session, alias: &str, reveal: bool) -> Result<(), Stop> {
    let bot = session.settled_bot()?;
    let row = row(session, &bot, alias)?;
    if !row.set {
        return Err(Stop::wrong_use(
            format!("No value is stored for {alias}."),
            format!("`patchbay secret set {alias}` stores one."),
        ));
    }
    let to_terminal = output::to_terminal();
    let masked = to_terminal && !reveal;
    if masked && session.globals.json {
        return Ok(output::print_json(&Shown { alias, value: None })?);
    }
    if masked {
        return Ok(output::print(MASK)?);
    }
    session.open_vault()?;
    let value = session.studio.reveal_secret(&bot.bot, alias)?;
    let value = value.expose().as_str();
    let printed = match (session.globals.json, to_terminal) {
        (true, _) => output::print_json(&Shown { alias, value: Some(value) }),
        (false, true) => output::print(&output::clean(value)),
        (false, false) => output::print_bytes(value.as_bytes()),
    };
    Ok(printed?)
}

fn list(session: &Session) -> Result<(), Stop> {
    let bot = session.bot()?;
    session::warn_of_question(&bot);
    let rows = rows(session, &bot)?;
    if session.globals.json {
        return Ok(output::print_json(&rows)?);
    }
    if rows.is_empty() {
        output::say("This bot has no secrets. An entry with `provider: secret` in a manifest makes one.");
        return Ok(());
    }
    let mut table = Table::new(&["ALIAS", "VALUE", "CHANGED", "USED BY"]);
    rows.iter().for_each(|row| table.row(cells(row)));
    Ok(table.print()?)
}

fn cells(row: &SecretRow) -> Vec<(Style, String)> {
    let places: Vec<_> =
        row.used_by.iter().take(PLACES).map(|place| format!("{}:{}", place.file, place.line)).collect();
    let more = row.used_by.len().saturating_sub(PLACES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    vec![
        (Style::new(), row.alias.clone()),
        if row.set { (GREEN, "set".to_owned()) } else { (YELLOW, "missing".to_owned()) },
        (DIM, row.changed_at.as_deref().map(minute).unwrap_or_default()),
        (DIM, if places.is_empty() { "nothing yet".to_owned() } else { places.join(", ") + &more }),
    ]
}

/// `2026-01-31T12:30:59.123Z` to the minute, for people.
fn minute(time: &str) -> String {
    time.get(..16).map_or_else(|| time.to_owned(), |minute| format!("{} UTC", minute.replace('T', " ")))
}

fn remove(session: &Session, alias: &str, yes: bool) -> Result<(), Stop> {
    let bot = session.settled_bot()?;
    let row = row(session, &bot, alias)?;
    if !row.set {
        return Err(Stop::wrong_use(format!("No value is stored for {alias}, so nothing was removed."), ""));
    }
    let ask = !yes && input::can_ask() && input::from_terminal();
    if ask && !input::confirm(&format!("Remove the value of {alias}? It cannot be brought back."))? {
        return Err(Stop::cancelled());
    }
    session.studio.remove_secret(&bot.bot, alias)?;
    if session.globals.json {
        return Ok(output::print_json(&self::row(session, &bot, alias)?)?);
    }
    output::say(&format!("The value of {} was removed.", output::clean_line(alias)));
    Ok(())
}

/// The secret of this alias. Asked for before a value is typed, so that no value is typed in vain.
fn rows(session: &Session, bot: &BotView) -> Result<Vec<SecretRow>, Stop> {
    Ok(session.studio.secrets(&bot.bot)?.into_iter().map(SecretRow::from).collect())
}

fn row(session: &Session, bot: &BotView, alias: &str) -> Result<SecretRow, Stop> {
    let rows = rows(session, bot)?;
    let known: Vec<String> = rows.iter().map(|row| row.alias.clone()).collect();
    rows.into_iter().find(|row| row.alias == alias).ok_or_else(|| {
        let hint = if known.is_empty() {
            "Add an entry with `provider: secret` to its integrations.yaml.".to_owned()
        } else {
            format!("Its secrets are: {}.", known.join(", "))
        };
        Stop::wrong_use(format!("This bot has no secret {alias}."), hint)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_to_the_minute() {
        assert_eq!(minute("2026-01-31T12:30:59.123Z"), "2026-01-31 12:30 UTC");
        assert_eq!(minute("soon"), "soon");
    }
}
