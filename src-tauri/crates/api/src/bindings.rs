//! The TypeScript side of the boundary, made from the same table and types as `dispatch`.

use ts_rs::{Config, TS};

use crate::table::commands;
use crate::types::{self, *};

/// The whole text of the interface's `bindings.ts`.
pub fn typescript() -> String {
    let config = Config::default();
    let aliases = ["BotId", "FolderId", "DocumentId", "ChatId", "AttemptId", "PersonaId"]
        .map(|name| format!("export type {name} = string;\n"));
    format!(
        "// Made by `cargo xtask bindings` from the command table in src-tauri/crates/api. Change it there.\n\n{}\n{}\n{}",
        aliases.concat(),
        types::declarations(&config).join("\n"),
        table(&config),
    )
}

/// One exported type with its documentation.
pub(crate) fn declaration<T: TS>(config: &Config) -> String {
    let docs = T::docs().unwrap_or_default();
    format!("{docs}export {}\n", T::decl(config))
}

macro_rules! typescript_table {
    ($($name:ident: $request:ty => $response:ty,)*) => {
        /// The `Commands` type: each command's request and response.
        fn table(config: &Config) -> String {
            let rows = [$(format!(
                "  {}: {{ request: {}; response: {} }};\n",
                stringify!($name), <$request>::name(config), <$response>::name(config),
            )),*];
            format!("/** Every command of the engine. */\nexport type Commands = {{\n{}}};\n", rows.concat())
        }
    };
}
commands!(typescript_table);
