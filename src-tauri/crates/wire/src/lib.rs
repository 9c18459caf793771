//! HTTP on this machine: the only client, and the one builder of loopback servers.
//!
//! Main types: [`Wire`] sends a [`Request`] and hands an [`Exchange`], with every secret masked, to the record. What may be
//! asked of whom is decided on every hop: the address policy by [`Caller`], the approved pairs of alias and host, and what
//! goes to the practice server, all of it from [`Rules`]. [`Mask`] is the one masker for texts that leave the engine.
//! [`Guard`] says what a loopback server accepts, and [`serve`] or [`serve_until`] runs a router behind it: it listens on
//! this machine only, answers nobody who names another host, comes from another origin or lacks the token, and takes a
//! bounded number of connections, bytes and seconds.
//!
//! Deliberately not here: cookies (a client's or a server's), CORS headers, proxies (they would resolve names past the
//! address policy), a switch that turns off certificate checks, and anything that knows a provider.

mod address;
mod clients;
mod error;
mod guard;
mod hop;
mod mask;
mod names;
mod policy;
mod practice;
mod record;
mod redirect;
mod request;
mod send;
mod server;

pub use error::{Why, WireError};
pub use guard::{Guard, OriginRule, TOKEN_HEADER, Token};
pub use mask::Mask;
pub use policy::Rules;
pub use practice::{host_of, practice_url};
pub use record::Exchange;
pub use request::{Caller, Carried, Cause, Request, Response};
pub use send::{Setup, Wire};
pub use server::{Loopback, serve, serve_until};
