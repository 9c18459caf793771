//! The call stack.

use serde::{Deserialize, Serialize};

/// A chunk that runs: where it stands, and where its registers start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Frame {
    pub(super) chunk: u32,
    pub(super) at: u32,
    pub(super) base: u32,
}

impl Frame {
    pub(super) fn new(chunk: u32) -> Self {
        Self { chunk, at: 0, base: 0 }
    }
}
