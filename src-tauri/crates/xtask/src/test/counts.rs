//! How many tests passed, failed and were skipped, as each test runner reports it.
//!
//! Runners are read through the reports they document (JUnit, JSON), never through what they print for people; the one
//! exception is `cargo test`, whose `test result:` line is all that stable Rust offers.

use std::fmt;
use std::ops::AddAssign;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Counts {
    /// A check that either holds or does not.
    pub(crate) fn one(passed: bool) -> Self {
        Counts { passed: passed.into(), failed: (!passed).into(), skipped: 0 }
    }

    /// A runner that ended badly without naming a failed test (it did not compile, it was killed) failed once.
    pub(crate) fn ended(mut self, well: bool) -> Self {
        if !well && self.failed == 0 {
            self.failed = 1;
        }
        self
    }

    /// nextest's JUnit report: the attributes of its first element.
    pub(crate) fn from_junit(report: &str) -> Result<Self> {
        let start = report.find("<testsuites").context("the report has no <testsuites>")?;
        let element = report[start..].split('>').next().unwrap_or_default();
        let attribute = |name: &str| -> Result<u64> {
            let value = element.split(&format!(" {name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
            value.with_context(|| format!("<testsuites> has no {name}"))?.parse().context("not a number")
        };
        let failed = attribute("failures")? + attribute("errors")?;
        // Older versions do not count the skipped ones.
        let skipped = attribute("skipped").unwrap_or(0);
        Ok(Counts { passed: attribute("tests")?.saturating_sub(failed + skipped), failed, skipped })
    }

    /// What `cargo test` prints, one `test result:` line per binary.
    pub(crate) fn from_libtest(text: &str) -> Self {
        let mut counts = Counts::default();
        for line in text.lines().filter(|line| line.starts_with("test result:")) {
            let of = |what: &str| -> u64 {
                let before = line.split(&format!(" {what}")).next().filter(|before| before.len() < line.len());
                before.and_then(|before| before.rsplit(' ').next()?.parse().ok()).unwrap_or(0)
            };
            counts += Counts { passed: of("passed"), failed: of("failed"), skipped: of("ignored") };
        }
        counts
    }

    /// Vitest's JSON report. A file that could not be loaded is a failed suite without a failed test.
    pub(crate) fn from_vitest(report: &str) -> Result<Self> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Report {
            num_passed_tests: u64,
            num_failed_tests: u64,
            num_pending_tests: u64,
            num_todo_tests: u64,
            success: bool,
        }
        let report: Report = serde_json::from_str(report)?;
        let counts = Counts {
            passed: report.num_passed_tests,
            failed: report.num_failed_tests,
            skipped: report.num_pending_tests + report.num_todo_tests,
        };
        Ok(counts.ended(report.success))
    }

    /// Playwright's JSON report. A test that passed only on a second try is not a passed one.
    pub(crate) fn from_playwright(report: &str) -> Result<Self> {
        #[derive(Deserialize)]
        struct Report {
            stats: Stats,
            #[serde(default)]
            errors: Vec<serde_json::Value>,
        }
        #[derive(Deserialize)]
        struct Stats {
            expected: u64,
            unexpected: u64,
            flaky: u64,
            skipped: u64,
        }
        let Report { stats, errors } = serde_json::from_str(report)?;
        let counts = Counts { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
        Ok(counts.ended(errors.is_empty()))
    }
}

/// Reads a runner's report; a runner that ended well must have left one.
pub(crate) fn counted(report: &Path, well: bool, read: fn(&str) -> Result<Counts>) -> Result<Counts> {
    match std::fs::read_to_string(report) {
        Ok(text) => Ok(read(&text)?.ended(well)),
        Err(_) if !well => Ok(Counts::one(false)),
        Err(error) => Err(error).with_context(|| format!("no report at {}", report.display())),
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(counts: Counts, expect: &str) {
        assert_eq!(counts.to_string(), expect);
    }

    #[test]
    fn nextest() {
        let report = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nextest-run" tests="9" failures="2" errors="1" uuid="x" timestamp="t" time="0.034">
    <testsuite name="xtask" tests="9" disabled="0" errors="1" failures="2">"#;
        check(Counts::from_junit(report).expect("counts"), "6 passed, 3 failed");
        let skipping = r#"<testsuites name="nextest-run" tests="9" skipped="2" failures="1" errors="0">"#;
        check(Counts::from_junit(skipping).expect("counts"), "6 passed, 1 failed, 2 skipped");
        assert!(Counts::from_junit("").is_err());
        assert!(Counts::from_junit("<testsuites tests=\"x\" failures=\"0\" errors=\"0\">").is_err());
    }

    #[test]
    fn cargo_test_sums_its_binaries() {
        let text = "running 2 tests\ntest a ... ok\n\n\
            test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.00s\n\
            test result: FAILED. 4 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s\n";
        check(Counts::from_libtest(text), "6 passed, 1 failed, 1 skipped");
        check(Counts::from_libtest("error: could not compile"), "0 passed, 0 failed");
    }

    #[test]
    fn vitest() {
        let report = |success: bool| {
            format!(
                r#"{{"numTotalTestSuites":3,"numPassedTests":5,"numFailedTests":0,"numPendingTests":1,"numTodoTests":0,
                "success":{success},"testResults":[]}}"#
            )
        };
        check(Counts::from_vitest(&report(true)).expect("counts"), "5 passed, 0 failed, 1 skipped");
        check(Counts::from_vitest(&report(false)).expect("counts"), "5 passed, 1 failed, 1 skipped");
        assert!(Counts::from_vitest("{}").is_err());
    }

    #[test]
    fn playwright() {
        let report = r#"{"config":{},"suites":[],"errors":[],
            "stats":{"startTime":"t","duration":1.5,"expected":7,"skipped":0,"unexpected":1,"flaky":1}}"#;
        check(Counts::from_playwright(report).expect("counts"), "7 passed, 2 failed");
        let broken =
            r#"{"errors":[{"message":"no config"}],"stats":{"expected":0,"skipped":0,"unexpected":0,"flaky":0}}"#;
        check(Counts::from_playwright(broken).expect("counts"), "0 passed, 1 failed");
    }

    #[test]
    fn a_bad_end_is_a_failure_once() {
        check(Counts::default().ended(false), "0 passed, 1 failed");
        check(Counts { passed: 1, failed: 3, skipped: 0 }.ended(false), "1 passed, 3 failed");
        check(Counts::one(true).ended(true), "1 passed, 0 failed");
    }

    #[test]
    fn a_missing_report_is_a_failure_and_never_a_pass() {
        let nowhere = Path::new("/nowhere/report.xml");
        assert_eq!(counted(nowhere, false, Counts::from_junit).expect("counts"), Counts::one(false));
        assert!(counted(nowhere, true, Counts::from_junit).is_err());
    }
}
