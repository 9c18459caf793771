//! The command line as a person or a script meets it: the real binary, in a home, data folder and session of its own,
//! without a keychain.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails where it stands")]

mod chat;
mod check;
mod identity;
mod integrations;
mod machine;
mod secrets;
mod terminal;
mod typed;
mod vault;
