//! What the chat wants from the world.

use bubblescript::Handle;
use zeroize::Zeroizing;

/// The world as a conversation sees it. Nothing here may block for long: the caller of the chat waits.
pub trait Outside {
    /// The token with this id, or `None` when there is none.
    ///
    /// # Errors
    /// Why it cannot be had right now, as one plain sentence that names no secret.
    fn token(&self, id: &str) -> Result<Option<Token>, String>;

    /// The clear text behind a handle that [`Outside::token`] gave.
    fn reveal(&self, handle: &Handle) -> Option<Zeroizing<String>>;

    /// The time, in the form of RFC 3339.
    fn now(&self) -> String;
}

/// A token that exists, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The alias it is known by.
    pub alias: String,
    /// What [`Outside::reveal`] takes.
    pub handle: Handle,
}
