//! The built binaries as users have them: the window, the command line, both at once, and everything that goes wrong.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in what it calls as well")]

mod bad_folders;
mod canaries;
mod cut_write;
mod full_disk;
mod hostile_scripts;
mod identity;
mod keychain_matrix;
mod odd_provider;
mod other_server;
mod referees;
mod sign_in;
mod sign_in_window;
mod two_processes;
mod window;
