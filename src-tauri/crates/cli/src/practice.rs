//! `patchbay practice`: the practice providers, for whoever has no account or no network.

use std::io::Read;
use std::path::Path;

use serde::Serialize;

use crate::args::Globals;
use crate::output;
use crate::session::Session;
use crate::stop::Stop;

pub(crate) fn run(
    globals: &Globals,
    port: Option<u16>,
    faults: &[String],
    key_file: Option<&Path>,
) -> Result<(), Stop> {
    let session = Session::start(globals)?;
    for fault in faults {
        session.studio.set_fault(fault, true)?;
    }
    let state = session.studio.start_practice(port)?;
    if let Some(path) = key_file {
        let text = session.studio.practice_key_file("practice@example.org")?;
        write_privately(path, text.expose()).map_err(|error| {
            Stop::wrong_use(format!("{} could not be written: {error}.", path.display()), "Name another file.")
        })?;
    }
    let base = state.base.unwrap_or_default();
    if globals.json {
        output::print_json(&Running { base: &base, people: &state.people })?;
    } else {
        output::print(&base)?;
        output::say(&format!("Practice is running. These people can sign in: {}.", state.people.join(", ")));
        output::say(
            "An address of a provider is played at this address, its host in front of its path. Ctrl+C ends it.",
        );
    }
    // Ends with whoever started it: their end of standard input closes.
    let mut rest = [0; 1024];
    while std::io::stdin().read(&mut rest).is_ok_and(|read| read > 0) {}
    for fault in faults {
        session.studio.set_fault(fault, false)?;
    }
    Ok(())
}

/// What `practice --json` writes first.
#[derive(Serialize)]
struct Running<'a> {
    base: &'a str,
    people: &'a [String],
}

fn write_privately(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}
