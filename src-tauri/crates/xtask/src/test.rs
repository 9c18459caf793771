//! `cargo xtask test`: every tier in order, each with its time and counts, and one line at the end.
//!
//! The last line is always `N passed, N failed`, with `, N skipped` when something was. The exit status is 1 when
//! anything failed or when a tier ran no test, for a tier that tests nothing must not look green.

pub(crate) mod cargo;
mod checks;
pub(crate) mod counts;
pub(crate) mod isolation;
mod tiers;

use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::packages::Need;
use crate::{FAILED, FINE, Status, run};
use cargo::Cargo;
use counts::Counts;
use tiers::Tier;

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The checks that come before the tests: formatting, lints, types, bindings, policy.
    checks: bool,
    tiers: Vec<Tier>,
    /// More cases, and the tests that are ignored otherwise.
    long: bool,
}

impl Plan {
    /// Nothing for words that mean nothing here.
    pub(crate) fn parse(words: &[&str]) -> Option<Self> {
        let mut plan = Plan { checks: true, tiers: Tier::ALL.to_vec(), long: false };
        let mut named = false;
        for word in words {
            match *word {
                "--long" => plan.long = true,
                _ if named => return None,
                "checks" => plan.tiers.clear(),
                tier => (plan.checks, plan.tiers) = (false, vec![Tier::named(tier)?]),
            }
            named |= *word != "--long";
        }
        Some(plan)
    }
}

pub(crate) fn test(plan: &Plan) -> Result<Status> {
    let start = Instant::now();
    if let Some(status) = run::not_ready(Need::Tests)? {
        return Ok(status);
    }
    let cargo = Cargo { whole: plan.checks, long: plan.long };
    let mut total = Counts::default();
    let mut summary = Vec::new();
    if plan.checks {
        step("checks", "builds, formatting, lints, types, bindings, policy", &mut total, &mut summary, || {
            checks::checks(&cargo)
        })?;
    }
    for tier in &plan.tiers {
        step(tier.name(), tier.what(), &mut total, &mut summary, || tier.run(&cargo))?;
    }
    println!("\n{}", summary.join("\n"));
    println!("{:<12} {:>7}", "all", minutes(start.elapsed()));
    std::io::stderr().flush()?;
    println!("{total}");
    Ok(if total.failed == 0 { FINE } else { FAILED })
}

/// Runs one part and adds what it counted; a part that broke down, or tested nothing, counts as one failure.
fn step(
    name: &str,
    what: &str,
    total: &mut Counts,
    summary: &mut Vec<String>,
    work: impl FnOnce() -> Result<Counts>,
) -> Result<()> {
    println!("\n== {name}: {what}");
    std::io::stdout().flush()?;
    let start = Instant::now();
    let mut counts = work().unwrap_or_else(|error| {
        println!("{error:#}");
        Counts::one(false)
    });
    if counts.passed + counts.failed == 0 {
        println!("The tier {name} ran no test.");
        counts.failed = 1;
    }
    println!("-- {name}: {counts} in {}", minutes(start.elapsed()));
    summary.push(format!("{name:<12} {:>7}  {counts}", minutes(start.elapsed())));
    *total += counts;
    Ok(())
}

/// `3 min 07 s` without the words: `3:07`.
fn minutes(time: Duration) -> String {
    format!("{}:{:02}", time.as_secs() / 60, time.as_secs() % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_a_plan() {
        let everything = Plan { checks: true, tiers: Tier::ALL.to_vec(), long: false };
        assert_eq!(Plan::parse(&[]), Some(everything));
        assert_eq!(Plan::parse(&["checks"]), Some(Plan { checks: true, tiers: vec![], long: false }));
        for words in [["flows", "--long"], ["--long", "flows"]] {
            assert_eq!(Plan::parse(&words), Some(Plan { checks: false, tiers: vec![Tier::Flows], long: true }));
        }
        assert_eq!(Plan::parse(&["everything"]), None);
        assert_eq!(Plan::parse(&["pure", "flows"]), None);
    }

    #[test]
    fn a_part_that_counts_nothing_or_breaks_down_is_a_failure() {
        #[track_caller]
        fn check(work: Result<Counts>, expect: Counts) {
            let mut total = Counts::default();
            step("name", "what", &mut total, &mut Vec::new(), || work).expect("printed");
            assert_eq!(total, expect);
        }
        check(Ok(Counts { passed: 2, failed: 0, skipped: 1 }), Counts { passed: 2, failed: 0, skipped: 1 });
        check(Ok(Counts { passed: 0, failed: 0, skipped: 4 }), Counts { passed: 0, failed: 1, skipped: 4 });
        check(Err(anyhow::anyhow!("no compiler")), Counts { passed: 0, failed: 1, skipped: 0 });
    }

    #[test]
    fn times_read_as_minutes() {
        assert_eq!(minutes(Duration::from_millis(187_900)), "3:07");
    }
}
