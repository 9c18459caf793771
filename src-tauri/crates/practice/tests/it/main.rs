//! Practice over real loopback HTTP, as browsers, clients and attackers speak to it.

#![allow(clippy::unwrap_used, reason = "what fails while a test is being set up fails the test")]

mod assertions;
mod clients;
mod codes;
mod consent;
mod faults;
mod house;
mod lasting;
mod providers;
mod refresh;
mod revoke;
mod signed;
