//! What crosses the boundary between engine and interface, and nothing else.
//!
//! Every request denies unknown fields. No type here can hold a secret, except where its documentation says "entry" (a
//! value the person typed, inwards) or "reveal" (a value the person asked to see, outwards). Times are RFC 3339 strings
//! in UTC. Lines and columns count from 1, columns in UTF-16 units; `Range` counts UTF-16 units from 0.

mod app;
mod bots;
mod chat;
mod connect;
mod documents;
mod secrets;
mod vault;

pub use self::{app::*, bots::*, chat::*, connect::*, documents::*, secrets::*, vault::*};

/// Declares boundary types: derives what each needs, and `declarations()` for the TypeScript side.
macro_rules! boundary {
    ($($(#[$meta:meta])* pub $kind:ident $name:ident $body:tt)*) => {
        $(
            #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
            #[serde(rename_all = "camelCase", deny_unknown_fields)]
            $(#[$meta])*
            pub $kind $name $body
        )*

        /// The TypeScript declaration of every type of this module.
        pub(crate) fn declarations(config: &ts_rs::Config) -> Vec<String> {
            vec![$(crate::bindings::declaration::<$name>(config)),*]
        }
    };
}
pub(crate) use boundary;

/// The TypeScript declarations of all modules.
pub(crate) fn declarations(config: &ts_rs::Config) -> Vec<String> {
    [
        app::declarations,
        bots::declarations,
        chat::declarations,
        connect::declarations,
        documents::declarations,
        secrets::declarations,
        vault::declarations,
    ]
    .iter()
    .flat_map(|module| module(config))
    .collect()
}
