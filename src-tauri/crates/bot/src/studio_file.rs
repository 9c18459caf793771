use manifest::{Diagnostic, outline};
use serde::Deserialize;

use crate::yaml::from_yaml;

/// What a bot's `patchbay.yaml` says. Other keys are left to later versions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct StudioFile {
    /// Names the bot across folders; a hint, never proof.
    pub id: Option<String>,
    /// What people call the bot.
    pub title: Option<String>,
}

/// Reads the file, or finds out why that cannot be done.
pub(crate) fn read(text: &str) -> Result<StudioFile, Vec<Diagnostic>> {
    let diagnostics = outline(text).diagnostics;
    if !diagnostics.is_empty() {
        return Err(diagnostics);
    }
    let read = from_yaml::<Option<StudioFile>>(text).map_err(|found| vec![found])?;
    Ok(read.unwrap_or_default())
}
