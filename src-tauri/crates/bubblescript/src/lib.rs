//! Bubblescript: the language of the bots. Reads scripts, finds what is wrong with them, compiles them and runs them.
//!
//! * [`parse`] gives a lossless tree and diagnostics, whatever the text; [`tokens`] the colours, [`uses`] the integrations named.
//! * [`compile`] makes a [`Program`] of all scripts of a bot.
//! * [`Machine`] runs a program: [`Machine::resume`] takes an [`Input`] and gives an [`Effect`]; [`Machine::raise`] lets an event
//!   come in. Its whole state is data.
//! * [`Value`] is a value at run time. Every text, list and map carries the aliases of the tokens that went into it, and a token
//!   is a [`Secret`]: a handle, never clear text.
//!
//! Deliberately not here: any input or output, any clock, any randomness, any waiting. What a script wants from the world goes out
//! as an effect, tokens and HTTP included; what a secret is in clear text comes in through [`Reveal`] and is never kept.

pub mod ast;
mod colour;
mod compile;
mod diagnostic;
mod functions;
mod lexer;
mod machine;
mod operate;
mod parser;
mod path;
mod place;
mod program;
pub mod syntax;
mod uses;
mod value;
mod words;

pub use colour::{Token, TokenKind, tokens};
pub use compile::compile;
pub use diagnostic::{Diagnostic, Severity};
pub use machine::{
    Action, Button, Effect, FUEL_PER_TURN, Input, MAX_CALLS, MAX_HELD, MAX_ROUNDS, Machine, RuntimeError, StackEntry,
    Template,
};
pub use parser::{MAX_FILE_BYTES, MAX_NESTING, Parse, parse};
pub use place::{LineIndex, Place, place};
pub use program::{Program, Source};
pub use uses::{AliasUse, UseContext, uses};
pub use value::Source as SecretSource;
pub use value::{Aliases, Fault, Handle, List, MAX_DEPTH, MAX_WEIGHT, Map, Part, Reveal, Secret, Shape, Text, Value};
