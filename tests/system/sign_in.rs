//! Signing in by the command line: with practice, with other people's servers, and when something goes wrong.

mod callbacks;
mod faults;
mod flows;
mod interrupted;
mod origins;
mod providers;
mod referee;
mod samples;
pub(crate) mod talk;

use std::fs::File;

/// Holds the ports that are registered at providers for as long as it lives: one test at a time may need them.
pub(crate) fn fixed_ports() -> File {
    let lock = File::create(std::env::temp_dir().join("patchbay-tests-fixed-ports.lock")).unwrap();
    lock.lock().unwrap();
    lock
}
