//! Signing in against scripted servers on this machine, over real connections.

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
