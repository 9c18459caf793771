//! The one command and the one event channel between window and engine.

use api::types::{Event, Failure};
use serde_json::Value;
use studio::Studio;
use tauri::{AppHandle, Emitter, State};

/// The name under which the window receives every event.
const CHANNEL: &str = "patchbay";

/// Runs the command `name` of the table with `request`.
#[tauri::command]
pub(crate) async fn rpc(studio: State<'_, Studio>, name: String, request: Value) -> Result<Value, Failure> {
    let answer = api::dispatch(&studio, &name, request).await;
    tracing::debug!("answered {name}");
    answer
}

/// Passes the studio's events on until the studio is gone.
pub(crate) fn forward_events(app: AppHandle, studio: &Studio) {
    let events = studio.subscribe();
    std::thread::spawn(move || {
        for event in events {
            if let Err(error) = app.emit(CHANNEL, Event::from(event)) {
                tracing::warn!("an event did not reach the window: {error}");
            }
        }
    });
}
