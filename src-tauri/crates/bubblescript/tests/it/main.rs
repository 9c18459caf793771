//! Tests of the language through its public interface.

mod compiling;
mod host;
mod limits;
mod parsing;
mod provenance;
mod running;
mod saving;
mod tooling;
