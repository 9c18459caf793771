//! The boundary between engine and interface: one command table, the types that cross, the closed list of failures.
//!
//! [`dispatch`] runs a command by name; [`commands`] has the same commands as typed functions, for the command line;
//! [`bindings::typescript`] writes the table for the interface. This is the only crate that knows how things look as
//! JSON. Deliberately not here: decisions, which are the studio's, and transport, which is the hosts'.

pub mod bindings;
pub mod commands;
mod dispatch;
mod failure;
mod table;
pub mod types;
mod views;

pub use dispatch::{NAMES, dispatch};
