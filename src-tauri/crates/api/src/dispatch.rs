use std::any::Any;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use studio::Studio;

use crate::table::commands;
use crate::types::*;

macro_rules! dispatcher {
    ($($name:ident: $request:ty => $response:ty,)*) => {
        /// Runs the command `name` with `request` on a thread of its own.
        ///
        /// # Errors
        /// The command's failure; `Invalid` for an unknown name or a request of another shape; `Internal` when it panicked.
        pub async fn dispatch(studio: &Studio, name: &str, request: Value) -> Result<Value, Failure> {
            match name {
                $(stringify!($name) => {
                    run::<$request, $response>(studio.clone(), stringify!($name), request, crate::commands::$name).await
                })*
                _ => Err(Failure::invalid("There is no command of this name.")),
            }
        }

        /// The name of every command.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}
commands!(dispatcher);

async fn run<Request, Response>(
    studio: Studio,
    name: &'static str,
    request: Value,
    command: fn(&Studio, Request) -> Result<Response, Failure>,
) -> Result<Value, Failure>
where
    Request: DeserializeOwned + Send + 'static,
    Response: Serialize + Send + 'static,
{
    // The cause is left out: it can quote what was sent, and that can be a secret.
    let request: Request = serde_path_to_error::deserialize(request)
        .map_err(|error| Failure::invalid(format!("The request {name} cannot be read at {}.", error.path())))?;
    let answer = tokio::task::spawn_blocking(move || command(&studio, request)).await;
    let response = answer.map_err(|error| internal(name, error.try_into_panic().ok().as_deref()))??;
    serde_json::to_value(response).map_err(|error| {
        tracing::error!("{name} has no answer: {error}");
        internal(name, None)
    })
}

/// A fault of Patchbay. The cause goes to the log under a reference that the person can quote.
fn internal(name: &str, panic: Option<&(dyn Any + Send)>) -> Failure {
    let reference = uuid::Uuid::new_v4().simple().to_string();
    let reference = &reference[..8];
    let cause =
        panic.and_then(|panic| panic.downcast_ref::<&str>()).copied().unwrap_or("a panic without a constant text");
    tracing::error!("{reference}: {name} failed inside: {cause}");
    Failure {
        code: FailureCode::Internal,
        message: format!("Patchbay made a mistake (log entry {reference})."),
        hint: "Try again. If it stays, report the entry in patchbay.log.".to_owned(),
    }
}
