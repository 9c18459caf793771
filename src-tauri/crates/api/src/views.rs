//! From the studio's data to what the interface shows.

mod bots;
mod chats;
mod connect;
mod documents;
mod secrets;
mod vault;

pub(crate) use bots::bot;
pub(crate) use connect::{credentials, disconnected, preflight};
pub(crate) use vault::vault;

use crate::types::{Settings, Theme};

impl From<studio::Settings> for Settings {
    fn from(settings: studio::Settings) -> Self {
        Self {
            theme: match settings.theme {
                studio::Theme::System => Theme::System,
                studio::Theme::Light => Theme::Light,
                studio::Theme::Dark => Theme::Dark,
            },
            scale: settings.scale,
            reveal_seconds: settings.reveal_seconds,
            clipboard_seconds: settings.clipboard_seconds,
        }
    }
}

impl From<Settings> for studio::Settings {
    fn from(settings: Settings) -> Self {
        Self {
            theme: match settings.theme {
                Theme::System => studio::Theme::System,
                Theme::Light => studio::Theme::Light,
                Theme::Dark => studio::Theme::Dark,
            },
            scale: settings.scale,
            reveal_seconds: settings.reveal_seconds,
            clipboard_seconds: settings.clipboard_seconds,
        }
    }
}
