//! The system's browser, where there is one.

use url::Url;

pub(crate) struct Browser;

impl studio::Opener for Browser {
    fn open(&self, address: &Url) -> Result<(), String> {
        let has_display = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        // Without a display the opener would start a browser in this terminal, over the conversation.
        if cfg!(target_os = "linux") && !["DISPLAY", "WAYLAND_DISPLAY"].into_iter().any(has_display) {
            return Err("there is no display".to_owned());
        }
        open::that_detached(address.as_str()).map_err(|error| error.to_string())
    }
}
