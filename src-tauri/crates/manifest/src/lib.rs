//! One manifest's text, read: its integrations, its problems, its colours.
//!
//! [`read`] gives a [`Manifest`]: every entry as an [`Integration`] whose fields know their places, and every problem at
//! once as a [`Diagnostic`]. [`tokens`] colours any text, broken text included. [`mask`] shows an entry's source without
//! its client secret. [`LineIndex`] is the one place where byte offsets become lines, columns and UTF-16 offsets.
//! [`outline`] tells what any other YAML text is.
//!
//! Reading never fails and is bounded: 1 MiB of text, 200,000 values (aliases counted as what they stand for), 32 levels,
//! 200 aliases. When one entry is not valid YAML, the others are still read.
//!
//! Inside, `tree` holds one subtree per top-level entry with places relative to that entry, so that an entry can be read
//! again, or moved, on its own. The platform's loader reads values by their type; here every value keeps the spelling it
//! has in the text (`0123`, `1.10`, `no`), because all of a manifest's values are text.
//!
//! Deliberately absent: files, folders and other manifests (room `bot`), edits of the text, anything that waits or asks
//! the system.

mod check;
mod diagnostic;
mod integration;
mod lex;
mod line_index;
mod mask;
mod outline;
mod read;
mod split;
mod syntax;
mod tree;

pub use diagnostic::{Diagnostic, Severity, quoted};
pub use integration::{Field, Flow, Integration, OAuth2, SecretText};
pub use lex::{Token, TokenKind, tokens};
pub use line_index::{LineIndex, Position};
pub use mask::mask;
pub use outline::{Outline, outline};
pub use read::{Manifest, TEXT_LIMIT, read};
