//! The command line as a person or a script meets it: the real binary, in a home, data folder and session of its own,
//! without a keychain.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails where it stands")]

mod browser;
mod chat;
mod check;
mod connect;
mod identity;
mod integrations;
mod machine;
mod practice;
mod secrets;
mod signed_in;
mod terminal;
mod typed;
mod vault;
