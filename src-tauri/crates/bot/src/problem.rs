use std::ops::Range;
use std::sync::Arc;

use manifest::Severity;

use crate::file::File;

/// Something wrong with the bot, at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub file: Arc<str>,
    /// Where it begins: line and column from 1, the column in UTF-16 units.
    pub line: u32,
    pub column: u32,
    /// Where it ends: behind the last character.
    pub end_line: u32,
    pub end_column: u32,
    /// The same as UTF-16 offsets in the text, from 0.
    pub range: Range<u32>,
    pub severity: Severity,
    /// The kind of problem, in kebab case.
    pub code: &'static str,
    /// A sentence: what is wrong.
    pub message: String,
    /// A sentence: what to do. Empty when the message says it.
    pub hint: String,
}

impl Problem {
    /// A problem at some bytes of a file.
    pub(crate) fn new(
        file: &File,
        bytes: Range<usize>,
        severity: Severity,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let (start, end) = (file.lines.position(bytes.start), file.lines.position(bytes.end));
        Self {
            file: file.path.clone(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            range: file.lines.utf16(bytes.start)..file.lines.utf16(bytes.end),
            severity,
            code,
            message: message.into(),
            hint: hint.into(),
        }
    }

    pub(crate) fn error(
        file: &File,
        bytes: Range<usize>,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self::new(file, bytes, Severity::Error, code, message, hint)
    }

    pub(crate) fn of_yaml(file: &File, found: manifest::Diagnostic) -> Self {
        Self::new(file, found.range, found.severity, found.code, found.message, found.hint)
    }

    pub(crate) fn of_script(file: &File, found: bubblescript::Diagnostic) -> Self {
        let severity = match found.severity {
            bubblescript::Severity::Error => Severity::Error,
            bubblescript::Severity::Warning => Severity::Warning,
        };
        Self::new(file, found.range, severity, found.code, found.message, found.hint.unwrap_or_default())
    }

    /// By file and place.
    pub(crate) fn order(&self) -> (&str, u32, u32, Severity, &str) {
        (&self.file, self.range.start, self.range.end, self.severity, self.code)
    }
}
