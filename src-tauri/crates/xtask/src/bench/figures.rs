//! Times, what is said about them, and how they are put side by side.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::shell;

/// Times of one thing, in the order they were measured.
#[derive(Default)]
pub(super) struct Times(Vec<Duration>);

impl Times {
    pub(super) fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// The middle one; the later of the two middle ones for an even count.
    pub(super) fn median(&self) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).copied().unwrap_or_default()
    }

    fn line(&self, what: &str) -> String {
        let shortest = self.0.iter().min().copied().unwrap_or_default();
        let longest = self.0.iter().max().copied().unwrap_or_default();
        let (median, rounds) = (self.median(), self.0.len());
        format!(
            "  {what:<36} {:>8} median of {rounds}, {} to {}",
            milliseconds(median),
            milliseconds(shortest),
            milliseconds(longest)
        )
    }
}

/// Prints both and the difference of their medians, which is what the bar is about where there is one.
pub(super) fn side_by_side(ours: (&str, &Times), other: (&str, &Times), bar: &str) {
    println!("{}", ours.1.line(ours.0));
    println!("{}", other.1.line(other.0));
    let difference = ours.1.median().as_secs_f64() - other.1.median().as_secs_f64();
    println!("  {:<36} {:>+8.1} ms   bar: {bar}", "difference of the medians", difference * 1000.0);
}

/// Runs it to its end, with this on its standard input, and gives the time and what it printed.
pub(super) fn timed(command: &mut Command) -> Result<(Duration, String)> {
    let start = Instant::now();
    let output = command.output()?;
    let time = start.elapsed();
    if !output.status.success() {
        // Only standard error: standard output may be a secret.
        bail!("`{}` failed: {}", shell::shown(command), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok((time, String::from_utf8_lossy(&output.stdout).into_owned()))
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one_whatever_the_order() {
        #[track_caller]
        fn check(times: &[u64], expect: u64) {
            let mut all = Times::default();
            times.iter().for_each(|time| all.add(Duration::from_millis(*time)));
            assert_eq!(all.median(), Duration::from_millis(expect));
        }
        check(&[], 0);
        check(&[9], 9);
        check(&[30, 1, 2], 2);
        check(&[4, 3, 2, 1], 3);
    }

    #[test]
    fn a_line_says_how_it_was_measured() {
        let mut times = Times::default();
        [10, 20, 30].into_iter().for_each(|time| times.add(Duration::from_millis(time)));
        let line = times.line("reading");
        assert!(line.contains("20.0 ms median of 3, 10.0 ms to 30.0 ms"), "{line}");
    }

    #[test]
    fn a_failing_command_is_no_figure() {
        assert!(timed(shell::cargo().arg("no-such-verb-here")).is_err());
    }
}
