//! Tests of the language through its public interface.

mod compiling;
mod events;
mod host;
mod limits;
mod parsing;
mod provenance;
mod running;
mod saving;
mod tooling;
