//! What the end-to-end tests share: everything that stands around the built binaries while they are driven.
//!
//! [`Session`] is a desktop of its own: home folders, session bus, keychain, display. [`Cli`], [`DevHost`] and [`Window`]
//! drive the three binaries inside one, [`Flow`] is a user's path read from `flows/*.json`, [`Browser`] opens the links of
//! sign-ins, [`canary`] looks for planted values, [`strace`] reads and cuts system calls. Every wait is a condition with a
//! deadline, and every process started here dies with the value that started it.
//!
//! Deliberately not here: any crate of the product. What is tested is what was built.

pub mod bots;
pub mod browser;
pub mod canary;
mod chromium;
mod cli;
mod desktop;
mod dev_host;
mod display;
mod flow;
mod http;
mod keychains;
mod places;
mod process;
pub mod strace;
mod wait;
mod window;

pub use browser::{Browser, Choice, Landing};
pub use chromium::Chromium;
pub use cli::{Cli, Outcome};
pub use desktop::{Home, Keychain, Session};
pub use dev_host::{DevHost, Events, Exchange};
pub use display::Display;
pub use flow::{Browse, Flow, Step, Target};
pub use places::{binary, folder, need};
pub use process::{Running, run};
pub use wait::{LONG, Patience, until};
pub use window::{Theme, Window};
