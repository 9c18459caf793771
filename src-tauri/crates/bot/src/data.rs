//! Data definitions: YAML maps with `type`, from which the studio makes forms.

use std::ops::Range;

use manifest::{Diagnostic, outline};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_saphyr::Spanned;

use crate::yaml::{TOO_MANY, error, from_yaml};

/// What a data definition says, as far as it matters between files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DataDefinition {
    /// Its `type`, such as `calendar` or `form`; empty when the key has no text as its value.
    pub kind: String,
    /// For a calendar, the alias of the calendar that it fills.
    pub calendar_name: Option<String>,
    /// The bytes where that stands.
    pub(crate) calendar_range: Range<usize>,
}

/// Reads a YAML file that may be a definition; plain data gives `None`.
pub(crate) fn read(text: &str) -> (Option<DataDefinition>, Vec<Diagnostic>) {
    let outline = outline(text);
    if !outline.diagnostics.is_empty() || !outline.keys.iter().any(|key| key == "type") {
        return (None, outline.diagnostics);
    }
    match definition(text) {
        Ok((definition, found)) => (Some(definition), found.into_iter().collect()),
        Err(found) => (Some(DataDefinition::default()), vec![found]),
    }
}

fn definition(text: &str) -> Result<(DataDefinition, Option<Diagnostic>), Diagnostic> {
    // Other types of definition have other forms of storage.
    let Typed { kind, storage } = match from_yaml::<Typed<Storage>>(text) {
        Ok(typed) => typed,
        Err(found) if found.code == TOO_MANY => return Err(found),
        Err(_) => {
            let Typed { kind, .. } = from_yaml::<Typed<IgnoredAny>>(text)?;
            Typed { kind, storage: None }
        }
    };
    let at = range(&kind, text);
    let kind = kind.value.unwrap_or_default();
    if kind.trim().is_empty() {
        let hint = "Write what it defines, such as `type: calendar`.";
        return Ok((DataDefinition::default(), Some(error(at, "type-missing", "`type` has no value.", hint))));
    }
    let name = storage.filter(|_| kind == "calendar").and_then(|storage| storage.calendar_name);
    let calendar_range = name.as_ref().map_or(0..0, |name| range(name, text));
    let calendar_name = name.and_then(|name| name.value).filter(|name| !name.trim().is_empty());
    let unnamed = kind == "calendar" && calendar_name.is_none();
    let found = unnamed.then(|| {
        let message = "A calendar's definition names no calendar.";
        let hint = "Write the calendar's alias as `calendar_name`, indented under `storage:`.";
        error(at, "calendar-name-missing", message, hint)
    });
    Ok((DataDefinition { kind, calendar_name, calendar_range }, found))
}

#[derive(Deserialize)]
struct Typed<S> {
    #[serde(rename = "type")]
    kind: Spanned<Option<String>>,
    storage: Option<S>,
}

#[derive(Deserialize)]
struct Storage {
    calendar_name: Option<Spanned<Option<String>>>,
}

fn range<T>(spanned: &Spanned<T>, text: &str) -> Range<usize> {
    let span = spanned.referenced.span();
    let start = usize::try_from(span.byte_offset().unwrap_or(0)).unwrap_or(0);
    let end = start.saturating_add(usize::try_from(span.byte_len().unwrap_or(0)).unwrap_or(0));
    if text.get(start..end).is_some() { start..end } else { 0..0 }
}
