//! The command line `patchbay`: the engine of the window for an editor, a script or a CI job; needs no display.
//!
//! [`args`] is what can be typed, [`run`] sends each command to its module, [`stop`] holds the exit status of every way
//! to fail. Results go to standard output, messages to standard error. Deliberately not here: decisions, which are the
//! studio's, and any way to give a secret as an argument, where other programs and the shell's history would see it.

mod args;
mod browser;
mod chat;
mod check;
mod completions;
mod connect;
mod excerpt;
mod flows;
mod identity;
mod input;
mod integrations;
mod output;
mod persona;
mod practice;
mod secret;
mod session;
mod stop;
mod token;
mod vault;

use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use args::{Arguments, Command};
use stop::{Status, Stop};

fn main() -> ExitCode {
    keep_memory_private();
    tell_panics_without_values();
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| run(&args::read()?)));
    match outcome {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(stop)) => stop.tell(),
        Err(_) => Status::Internal.into(),
    }
}

fn run(arguments: &Arguments) -> Result<(), Stop> {
    let globals = &arguments.globals;
    match &arguments.command {
        Command::Check { folder } => check::run(globals, folder.as_deref()),
        Command::Integrations => integrations::run(globals),
        Command::Secret { command } => secret::run(globals, command),
        Command::Identity { command } => identity::run(globals, command.as_ref()),
        Command::Vault { command } => vault::run(globals, command),
        Command::Chat { persona, script } => chat::run(globals, persona.as_deref(), *script),
        Command::Connect { alias, persona, practice, real, paste } => {
            let mode = connect::Mode { practice: practice.then_some(true).or(real.then_some(false)), paste: *paste };
            connect::run(globals, alias, persona.as_deref(), &mode)
        }
        Command::Connections => connect::list(globals),
        Command::Token { command } => token::run(globals, command),
        Command::TestConnection { alias, persona } => connect::test(globals, alias, persona.as_deref()),
        Command::Practice { port, fault, key_file } => practice::run(globals, *port, fault, key_file.as_deref()),
        Command::Flows { command } => flows::run(globals, command),
        Command::Completions { shell } => completions::run(*shell),
    }
}

/// A panic's own text may quote what it was working on, so only its place is told.
fn tell_panics_without_values() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        output::say(&format!("Patchbay made a mistake at {place}. Try again; if it stays, report this place."));
    }));
}

/// Keeps values out of core dumps and from other programs of the same person. Left open in development, for debuggers.
fn keep_memory_private() {
    #[cfg(all(target_os = "linux", not(debug_assertions)))]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}
