//! `cargo xtask bindings`: the TypeScript face of the boundary, written by a test of the `api` crate.

use anyhow::Result;

use crate::test::counts::Counts;
use crate::{FAILED, FINE, Status, shell};

/// The test that compares, or writes when told to.
pub(crate) const TEST: &str = "export_bindings";

/// Writes `ui/src/api/bindings.ts`.
pub(crate) fn write() -> Result<Status> {
    status(export(true)?)
}

/// Fails when `ui/src/api/bindings.ts` is not what would be written now.
pub(crate) fn check() -> Result<Status> {
    status(export(false)?)
}

/// Whether the test ran and was content. A filter that matches nothing is a failure: it would hide a stale file.
pub(crate) fn export(write: bool) -> Result<bool> {
    let mut test = shell::cargo();
    test.args(["test", "-p", "api", "--", TEST]);
    if write {
        test.env("PATCHBAY_WRITE_BINDINGS", "1");
    } else {
        test.env_remove("PATCHBAY_WRITE_BINDINGS");
    }
    let (succeeded, text) = shell::echoed(&mut test)?;
    let counts = Counts::from_libtest(&text);
    if counts.passed + counts.failed == 0 {
        println!("No test named {TEST} was found in the crate api, so nothing was written or compared.");
    }
    Ok(succeeded && counts.passed > 0)
}

fn status(content: bool) -> Result<Status> {
    if !content {
        println!("The bindings are not in order. `cargo xtask bindings` writes them.");
    }
    Ok(if content { FINE } else { FAILED })
}
