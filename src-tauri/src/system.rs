//! What only a desktop has: dialogs, the clipboard, the browser.

use std::path::PathBuf;

use tauri::AppHandle;
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_plugin_dialog::DialogExt;
use url::Url;

/// The system's own dialogs.
pub(crate) struct Dialogs(pub(crate) AppHandle);

impl studio::Picker for Dialogs {
    fn folder(&self, title: &str) -> Option<PathBuf> {
        self.0.dialog().file().set_title(title).blocking_pick_folder()?.into_path().ok()
    }

    fn file(&self, title: &str) -> Option<PathBuf> {
        self.0.dialog().file().set_title(title).blocking_pick_file()?.into_path().ok()
    }
}

/// The system's clipboard.
pub(crate) struct Clipboard(pub(crate) AppHandle);

impl studio::Clipboard for Clipboard {
    fn read(&self) -> Option<studio::Secret<String>> {
        self.0.clipboard().read_text().ok().map(studio::Secret::new)
    }

    fn write(&self, text: &str) -> Result<(), String> {
        self.0.clipboard().write_text(text).map_err(|error| error.to_string())
    }
}

/// The system's browser. The studio decides what it may be given.
pub(crate) struct Browser;

impl studio::Opener for Browser {
    fn open(&self, address: &Url) -> Result<(), String> {
        open::that_detached(address.as_str()).map_err(|error| error.to_string())
    }
}
