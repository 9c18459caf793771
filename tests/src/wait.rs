//! Waiting for conditions.

use std::time::{Duration, Instant};

/// How long a wait may take before the test fails. Far more than anything needs: a bound on hangs, not a measure.
pub type Patience = Duration;

/// For anything a person would wait for at a screen, on a machine that is busy with other things.
pub const LONG: Patience = Duration::from_secs(30);

const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// Looks again and again until there is something, and returns it.
///
/// # Panics
/// With `what` when nothing came within `patience`.
#[track_caller]
pub fn until<T>(what: &str, patience: Patience, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < patience, "waited {patience:?} in vain for: {what}");
        std::thread::sleep(BETWEEN_LOOKS);
    }
}
