//! Signing in against scripted servers on this machine, over real connections.

// The lint knows only functions with a test attribute; here everything is a test or serves one.
#![allow(clippy::unwrap_used)]

mod attempts;
mod browser;
mod checks;
mod credentials;
mod house;
mod listener;
mod matrix;
mod refresh;
mod revoke;
mod server;
