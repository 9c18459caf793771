//! Failures in words for people.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use wire::WireError;

use crate::http::Failure;
use crate::normalise::{self, Refused};
use crate::plan::Plan;
use crate::trouble::Trouble;
use crate::words::{self, Said, Step};

/// What a failure of a request means.
pub(crate) fn failure(plan: &Plan, step: Step, failure: &Failure) -> Trouble {
    said(&plan.party, Some(plan.sign_in), step, failure)
}

/// The same, where there is no plan.
pub(crate) fn said(party: &str, way: Option<&providers::SignIn>, step: Step, failure: &Failure) -> Trouble {
    match failure {
        Failure::Wire(
            WireError::Unreachable { .. }
            | WireError::Refused { .. }
            | WireError::TimedOut { .. }
            | WireError::Interrupted { .. },
        ) if step == Step::Refresh => words::unreachable(party),
        Failure::Wire(error) => split(&error.to_string()),
        Failure::Refused(Refused::Said(said)) => words::said(party, way, step, view(said, 0)),
        Failure::Refused(Refused::Later { status, after, .. }) => {
            words::later(party, step, *status, after.map(Duration::from_secs))
        }
        Failure::Refused(Refused::Odd { status: status @ 400.., .. }) => {
            words::said(party, way, step, Said { status: *status, ..Said::default() })
        }
        Failure::Refused(Refused::Odd { odd, .. }) => words::odd_answer(party, odd.words()),
    }
}

fn view(said: &normalise::Said, status: u16) -> Said<'_> {
    Said {
        error: &said.error,
        code: said.code.as_deref().unwrap_or(""),
        text: said.text.as_deref().unwrap_or(""),
        status,
    }
}

/// Two sentences in one text: the first says what happened.
pub(crate) fn split(text: &str) -> Trouble {
    match text.split_once(". ") {
        Some((message, next)) => Trouble::new(format!("{message}."), next),
        None => Trouble::new(text, ""),
    }
}

/// A moment as people read it, in this computer's time zone.
pub(crate) fn time(at: i64, now: Timestamp) -> String {
    words::time(Timestamp::from_second(at).unwrap_or(now), now, &TimeZone::system())
}
