//! What is wrong, or doubtful, in a script: data, never an error value.

use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

/// One remark about a script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// The file meant; `None` when a single text was parsed.
    pub file: Option<Arc<str>>,
    /// Bytes within the file; both ends lie on character boundaries.
    pub range: Range<usize>,
    /// How bad it is.
    pub severity: Severity,
    /// A stable name in kebab-case.
    pub code: &'static str,
    /// One plain sentence: what is wrong.
    pub message: String,
    /// The next step, where one is known.
    pub hint: Option<String>,
}

/// How bad a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The script cannot run as it stands.
    Error,
    /// The script runs, but probably not as meant.
    Warning,
}

impl Diagnostic {
    pub(crate) fn error(range: Range<usize>, code: &'static str, message: impl Into<String>) -> Self {
        Self { file: None, range, severity: Severity::Error, code, message: message.into(), hint: None }
    }

    pub(crate) fn warning(range: Range<usize>, code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(range, code, message) }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
