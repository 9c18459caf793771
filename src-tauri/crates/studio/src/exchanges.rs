//! The record of HTTP exchanges, as far as this run remembers them. Everything in it was masked before it came here.

use std::collections::VecDeque;
use std::sync::Mutex;

use wire::Exchange;

use crate::events::lock;

/// How many exchanges are remembered; the oldest go first.
const KEPT: usize = 1_000;

/// The latest exchanges, oldest first.
#[derive(Default)]
pub(crate) struct Exchanges(Mutex<VecDeque<Exchange>>);

impl Exchanges {
    pub(crate) fn add(&self, exchange: Exchange) {
        let mut kept = lock(&self.0);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(exchange);
    }

    /// Those that one conversation caused.
    pub(crate) fn of_chat(&self, chat: &str) -> Vec<Exchange> {
        lock(&self.0).iter().filter(|exchange| exchange.cause.chat.as_deref() == Some(chat)).cloned().collect()
    }
}
