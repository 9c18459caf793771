//! Settings of this machine.

pub use store::{Settings, Theme};

use crate::{Error, Event, Studio};

impl Studio {
    /// The settings as they are.
    ///
    /// # Errors
    /// The data folder cannot be read.
    pub fn settings(&self) -> Result<Settings, Error> {
        Ok(self.inner.store.settings()?)
    }

    /// Replaces the settings; numbers outside their range are refused.
    ///
    /// # Errors
    /// A number is out of range, or the data folder cannot be written.
    pub fn set_settings(&self, settings: &Settings) -> Result<Settings, Error> {
        let seconds = 5..=300;
        if !(80..=200).contains(&settings.scale) {
            return Err(Error::invalid("The scale goes from 80 to 200 percent.", ""));
        }
        if !seconds.contains(&settings.reveal_seconds) || !seconds.contains(&settings.clipboard_seconds) {
            return Err(Error::invalid("Times go from 5 to 300 seconds.", ""));
        }
        self.inner.store.save_settings(settings)?;
        self.send(&Event::SettingsChanged);
        self.settings()
    }
}
