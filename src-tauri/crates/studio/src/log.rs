//! The log: a file in the data folder, and standard error when `PATCHBAY_LOG` asks for it.
//!
//! Nothing secret is ever handed to it; it holds causes that a sentence on the screen leaves out.

use std::fs::{self, File, OpenOptions};
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::prelude::*;
use tracing_subscriber::{EnvFilter, fmt};

/// A log that grew beyond this many bytes is begun anew at the next start.
const LIMIT: u64 = 1024 * 1024;

/// Starts logging to `patchbay.log` in `data_dir`, which has to be there. Without a log file the program still runs.
pub fn start(data_dir: &Path) {
    let filter = || EnvFilter::try_from_env("PATCHBAY_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    let file =
        open(data_dir).map(|file| fmt::layer().with_ansi(false).with_writer(Mutex::new(file)).with_filter(filter()));
    let console =
        std::env::var_os("PATCHBAY_LOG").map(|_| fmt::layer().with_writer(std::io::stderr).with_filter(filter()));
    // A second call in one process keeps the first log.
    let _ = tracing_subscriber::registry().with(file).with(console).try_init();
}

fn open(data_dir: &Path) -> Option<File> {
    let path = data_dir.join("patchbay.log");
    let fresh = fs::metadata(&path).is_ok_and(|file| file.len() > LIMIT);
    OpenOptions::new().create(true).append(!fresh).write(true).truncate(fresh).open(path).ok()
}
