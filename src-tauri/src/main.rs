//! The desktop shell of Patchbay: one window around the engine.
//!
//! `app` builds the window and its ways in (arguments, drops, second launches), `ipc` is the one command and the event
//! channel, `system` hands the studio what only a desktop has. Deliberately not here: anything a test could reach without
//! a window.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod app;
mod ipc;
mod system;

use std::process::ExitCode;

fn main() -> ExitCode {
    forbid_core_dumps();
    match app::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("the window could not be opened: {error:#}");
            ExitCode::from(70)
        }
    }
}

/// Keeps other processes of the user from reading this one's memory, and values from landing in a core file. Left out of
/// development builds, which debuggers attach to.
fn forbid_core_dumps() {
    #[cfg(all(target_os = "linux", not(debug_assertions)))]
    if let Err(error) = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable) {
        tracing::warn!("core dumps stay on: {error}");
    }
}
