//! `patchbay secret fill`: stores the values of a `.env`, all of them or none.

use anstyle::Style;
use api::types::{EnvEffect, EnvPreview, EnvProblem, EnvRow};
use serde::Serialize;
use studio::EnvSource;

use crate::input;
use crate::output::{self, DIM, GREEN, Table, YELLOW};
use crate::session::Session;
use crate::stop::{Status, Stop};

/// What `fill --json` writes.
#[derive(Serialize)]
struct Filled {
    rows: Vec<EnvRow>,
    problems: Vec<EnvProblem>,
    /// How many values were stored.
    stored: u32,
}

pub(super) fn run(session: &Session, dry_run: bool) -> Result<(), Stop> {
    let bot = session.settled_bot()?;
    if input::from_terminal() {
        return Err(Stop::wrong_use(
            "A terminal would show what you type.",
            "Give the file on standard input: `patchbay secret fill < .env`.",
        ));
    }
    session.open_vault()?;
    let preview = session.studio.preview_env(&bot.bot, EnvSource::Text(input::all()?))?;
    let EnvPreview { import, rows, problems } = preview.into();
    let aliases: Vec<String> = rows.iter().filter(|row| changes(row)).filter_map(|row| row.alias.clone()).collect();
    let stored = match import {
        Some(import) if !dry_run && problems.is_empty() && !aliases.is_empty() => {
            session.storing(|| session.studio.apply_env(&bot.bot, &import, &aliases))?
        }
        _ => 0,
    };
    let failed = !problems.is_empty();
    tell(session, Filled { rows, problems, stored }, dry_run)?;
    if failed { Err(Stop::Told(Status::Problems)) } else { Ok(()) }
}

fn changes(row: &EnvRow) -> bool {
    matches!(row.effect, EnvEffect::Add | EnvEffect::Replace)
}

fn tell(session: &Session, filled: Filled, dry_run: bool) -> Result<(), Stop> {
    if session.globals.json {
        return Ok(output::print_json(&filled)?);
    }
    if !filled.rows.is_empty() {
        let mut table = Table::new(&["NAME", "LINE", "SECRET", "EFFECT"]);
        filled.rows.iter().for_each(|row| table.row(cells(row)));
        table.print()?;
    }
    for problem in &filled.problems {
        output::fail(&format!("Line {}: {}", problem.line, problem.message), "");
    }
    let values = output::count(filled.stored as usize, "value", "values");
    output::say(&match (filled.problems.is_empty(), dry_run) {
        (false, _) => "Nothing was stored. Mend these lines, then fill again.".to_owned(),
        (true, true) => "Nothing was stored, as asked.".to_owned(),
        (true, false) => format!("Stored {values}."),
    });
    Ok(())
}

fn cells(row: &EnvRow) -> Vec<(Style, String)> {
    let (style, effect) = match row.effect {
        EnvEffect::Add => (GREEN, "add"),
        EnvEffect::Replace => (YELLOW, "replace"),
        EnvEffect::Same => (DIM, "same value"),
        EnvEffect::NoEntry => (DIM, "no entry of this name"),
    };
    vec![
        (Style::new(), row.name.clone()),
        (Style::new(), row.line.to_string()),
        (Style::new(), row.alias.clone().unwrap_or_default()),
        (style, effect.to_owned()),
    ]
}
