//! Conversations through the chat's public interface.

mod calling;
mod events;
mod host;
mod http;
mod memory;
mod samples;
mod talking;
mod time;
