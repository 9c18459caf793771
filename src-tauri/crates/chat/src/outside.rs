//! What the chat wants from the world at once. What takes time goes out as [`Wanted`](crate::Wanted) instead.

use bubblescript::{Handle, Reveal};
use zeroize::Zeroizing;

/// The world as a conversation sees it. Nothing here may block: a lock is usually held around the conversation.
pub trait Outside {
    /// The clear text behind a handle that an [`Answer`](crate::Answer) gave.
    fn reveal(&self, handle: &Handle) -> Option<Zeroizing<String>>;

    /// The time on this computer, in the form of RFC 3339. What a conversation jumped ahead is added to it.
    fn now(&self) -> String;
}

/// Gives the machine access to clear text, through the host.
pub(crate) struct Revealing<'o>(pub(crate) &'o dyn Outside);

impl Reveal for Revealing<'_> {
    fn reveal(&self, handle: &Handle) -> Option<Zeroizing<String>> {
        self.0.reveal(handle)
    }
}
