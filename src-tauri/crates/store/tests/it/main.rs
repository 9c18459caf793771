//! Tests of the store from outside: its public functions only, with real files, processes and keychain daemons.

// The lint knows only functions with a test attribute; here everything is a test or serves one.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod canary;
mod child;
mod connections;
mod credentials;
mod cut;
mod house;
mod identity;
mod keychain;
mod personas;
mod plain;
mod practice;
mod processes;
mod refresh;
mod rights;
mod secrets;
