//! The conversation's clock, which can be moved ahead, and questions that give up.

use bubblescript::{Input, Value};
use jiff::{SignedDuration, Timestamp};

use crate::{Chat, Outside};

/// How many questions one jump may let time out before it stops to stand still in between.
const MAX_STOPS: usize = 100;
/// A hundred years, which is as far as a clock goes.
const MAX_OFFSET: u64 = 100 * 366 * 24 * 3600;

impl Chat {
    /// The time in the conversation, in the form of RFC 3339.
    pub(crate) fn now(&self, outside: &dyn Outside) -> String {
        match self.state.offset {
            0 => outside.now(),
            _ => self.moment(outside).map_or_else(|| outside.now(), |now| now.to_string()),
        }
    }

    fn moment(&self, outside: &dyn Outside) -> Option<Timestamp> {
        let here: Timestamp = outside.now().parse().ok()?;
        here.checked_add(SignedDuration::from_secs(self.state.offset as i64)).ok()
    }

    /// Notes when the question that was just asked gives up.
    pub(crate) fn set_deadline(&mut self, timeout: Option<f64>, outside: &dyn Outside) {
        let ahead = timeout.and_then(|seconds| SignedDuration::try_from_secs_f64(seconds).ok());
        let deadline = ahead.and_then(|ahead| self.moment(outside)?.checked_add(ahead).ok());
        self.state.deadline = deadline.map(Timestamp::as_millisecond);
    }

    /// How many milliseconds are left for the open question.
    fn left(&self, outside: &dyn Outside) -> Option<i64> {
        let deadline = self.state.deadline.filter(|_| self.state.machine.is_asking())?;
        Some(deadline - self.moment(outside)?.as_millisecond())
    }

    pub(crate) fn seconds_left(&self, outside: &dyn Outside) -> Option<u64> {
        let left = self.left(outside)?.max(0);
        Some((left as u64).div_ceil(1_000))
    }

    pub(crate) fn time_out(&mut self, outside: &dyn Outside) {
        if self.left(outside).is_none_or(|left| left > 0) {
            return;
        }
        self.state.deadline = None;
        self.new_turn();
        // Nil takes no room, so this cannot fail.
        let _ = self.state.machine.set(&self.program, "answer", Value::Nil);
        self.run(Input::Answer(Value::Nil), outside);
    }

    pub(crate) fn move_clock(&mut self, seconds: u64, outside: &dyn Outside) {
        let target = self.state.offset.saturating_add(seconds).min(MAX_OFFSET);
        for _ in 0..MAX_STOPS {
            let ahead = target - self.state.offset;
            let Some(left) = self.seconds_left(outside).filter(|left| *left <= ahead) else { break };
            self.state.offset += left;
            self.time_out(outside);
        }
        self.state.offset = target;
        self.time_out(outside);
    }
}
