//! What every handler works with: the rows, the time, and the faults that are on.

use std::net::SocketAddr;

use jiff::{SignedDuration, Timestamp};
use store::{Clock, Store, StoreError};

use crate::faults::{self, On};
use crate::rows::Rows;

/// What lasts from request to request.
pub(crate) struct Stage {
    pub(crate) rows: Rows,
    pub(crate) strict: bool,
    pub(crate) address: SocketAddr,
    clock: Clock,
}

/// One request's view: the time as the played server has it, and the faults as they were when it came in.
pub(crate) struct Scene<'s> {
    pub(crate) rows: &'s Rows,
    pub(crate) strict: bool,
    pub(crate) now: Timestamp,
    pub(crate) base: String,
    faults: Vec<On>,
}

impl Stage {
    pub(crate) fn new(store: Store, clock: Clock, strict: bool, address: SocketAddr) -> Self {
        Self { rows: Rows::new(store), strict, address, clock }
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    pub(crate) fn scene(&self) -> Result<Scene<'_>, StoreError> {
        let faults = faults::all(&self.rows)?;
        let mut scene = Scene { rows: &self.rows, strict: self.strict, now: self.now(), base: self.base(), faults };
        if let Some(seconds) = scene.fault("clock-skew")? {
            scene.now = scene.now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(scene.now);
        }
        Ok(scene)
    }
}

impl Scene<'_> {
    /// The amount of a fault if it is on, using up one of its times.
    pub(crate) fn fault(&self, name: &str) -> Result<Option<i64>, StoreError> {
        match self.faults.iter().find(|on| on.name == name) {
            None => Ok(None),
            Some(on) => faults::use_up(self.rows, on),
        }
    }

    /// A moment so many seconds from now.
    pub(crate) fn after(&self, seconds: i64) -> Timestamp {
        self.now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
    }
}

/// A new value that nobody can guess: `practice-KIND-` and 128 random bits.
pub(crate) fn new_id(kind: &str) -> String {
    format!("practice-{kind}-{}", uuid::Uuid::new_v4().simple())
}
