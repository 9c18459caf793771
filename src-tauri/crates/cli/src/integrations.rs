//! `patchbay integrations`: the entries of all manifests.

use anstyle::Style;
use api::types::{Context, IntegrationView, JackState};

use crate::args::Globals;
use crate::output::{self, DIM, GREEN, RED, Table, YELLOW};
use crate::session::{self, Session};
use crate::stop::Stop;

pub(crate) fn run(globals: &Globals) -> Result<(), Stop> {
    let session = Session::start(globals)?;
    if globals.passphrase_fd.is_some() {
        session.open_vault()?;
    }
    let bot = session.bot()?;
    session::warn_of_question(&bot);
    if globals.json {
        return Ok(output::print_json(&bot.integrations)?);
    }
    if bot.integrations.is_empty() {
        output::say("This bot has no integrations yet. Write an entry in its integrations.yaml.");
    } else {
        let mut table = Table::new(&["TITLE", "PROVIDER", "ALIAS", "CONTEXT", "STATE", "PLACE"]);
        bot.integrations.iter().for_each(|entry| table.row(cells(entry)));
        table.print()?;
    }
    let errors = bot.problems.iter().filter(|problem| problem.severity == api::types::Severity::Error).count();
    if errors > 0 {
        let files = output::count(errors, "error", "errors");
        output::warn(&format!("There are {files} in this bot's files."), "Run `patchbay check` to see where.");
    }
    Ok(())
}

fn cells(entry: &IntegrationView) -> Vec<(Style, String)> {
    let plain = |text: &str| (Style::new(), text.to_owned());
    let (style, word) = state(entry.state);
    let state = if entry.note.is_empty() { word.to_owned() } else { format!("{word}: {}", entry.note) };
    let context = match entry.context {
        Some(Context::Bot) => "bot",
        Some(Context::User) => "user",
        None => "",
    };
    vec![
        plain(&entry.title),
        plain(&entry.provider),
        plain(&entry.alias),
        plain(context),
        (style, state),
        (DIM, format!("{}:{}", entry.file, entry.line)),
    ]
}

fn state(state: JackState) -> (Style, &'static str) {
    match state {
        JackState::Connected => (GREEN, "connected"),
        JackState::Connecting => (YELLOW, "connecting"),
        JackState::NotConnected => (DIM, "not connected"),
        JackState::NeedsAttention => (YELLOW, "needs attention"),
        JackState::Failed => (RED, "failed"),
        JackState::AskedInChat => (Style::new(), "asked for in chat"),
        JackState::AskedConnected => (GREEN, "connected for this persona"),
    }
}
