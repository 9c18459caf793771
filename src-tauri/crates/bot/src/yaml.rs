//! YAML files other than manifests, read into types.

use std::ops::Range;

use manifest::{Diagnostic, Severity};
use serde::de::DeserializeOwned;
use serde_saphyr::Error;

/// The code of the problem that a file holds more than is read.
pub(crate) const TOO_MANY: &str = "too-many-values";

/// An error at some bytes of a text.
pub(crate) fn error(range: Range<usize>, code: &'static str, message: &str, hint: &str) -> Diagnostic {
    Diagnostic { range, severity: Severity::Error, code, message: message.to_owned(), hint: hint.to_owned() }
}

/// Reads one YAML document that [`manifest::outline`] has found to be well-formed. Texts keep their spelling; only `true`
/// and `false` are booleans.
pub(crate) fn from_yaml<T: DeserializeOwned>(text: &str) -> Result<T, Diagnostic> {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        with_snippet: false,
        // Replaying aliases is slow, and what is read into types is small: far less than a manifest may hold.
        budget: serde_saphyr::budget! {
            max_nodes: 20_000,
            max_aliases: 200,
            max_depth: 32,
            max_events: 100_000,
        },
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| diagnostic(text, &error))
}

fn diagnostic(text: &str, found: &Error) -> Diagnostic {
    let offset = found.location().and_then(|location| location.span().byte_offset()).unwrap_or(0);
    let range = rest_of_line(text, usize::try_from(offset).unwrap_or(0));
    let cause = match found {
        Error::AliasError { error, .. } => error,
        other => other,
    };
    let (code, message, hint) = match cause {
        Error::DuplicateMappingKey { .. } => {
            ("duplicate-key", "This key stands here a second time.", "Keep one of the two.")
        }
        Error::MultipleDocuments { .. } => {
            ("several-documents", "A second document begins here.", "Make it a file of its own.")
        }
        Error::Budget { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => {
            (TOO_MANY, "This file holds, or its aliases stand for, more than 20,000 values.", "Make it smaller.")
        }
        _ => ("unexpected-value", "A value of another form is expected here.", "Write a text."),
    };
    error(range, code, message, hint)
}

/// From `at` to the end of its line.
fn rest_of_line(text: &str, at: usize) -> Range<usize> {
    let mut start = at.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let line = text[start..].split(['\n', '\r']).next().unwrap_or_default();
    start..start + line.trim_end().len()
}
