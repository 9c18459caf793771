use std::ops::Range;

/// One problem of a manifest, with its place. Never quotes a client secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Bytes of the text, on character boundaries; may be empty.
    pub range: Range<usize>,
    pub severity: Severity,
    /// The kind of problem, in kebab case.
    pub code: &'static str,
    /// A sentence: what is wrong.
    pub message: String,
    /// A sentence: what to do. Empty when the message says it.
    pub hint: String,
}

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The entry, or the file, does not work.
    Error,
    /// It works, and is most likely not meant so.
    Warning,
    /// Worth knowing.
    Hint,
}

/// More problems than this in one file are not listed: nobody reads them, and a hostile file could ask for millions.
const MOST: usize = 500;

/// The problems of one text as they are found.
#[derive(Default)]
pub(crate) struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    pub(crate) fn error(
        &mut self,
        range: Range<usize>,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.push(Severity::Error, range, code, message, hint);
    }

    pub(crate) fn warning(
        &mut self,
        range: Range<usize>,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.push(Severity::Warning, range, code, message, hint);
    }

    pub(crate) fn hint(
        &mut self,
        range: Range<usize>,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.push(Severity::Hint, range, code, message, hint);
    }

    fn push(
        &mut self,
        severity: Severity,
        range: Range<usize>,
        code: &'static str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        if !self.is_full() {
            let (message, hint) = (message.into(), hint.into());
            self.list.push(Diagnostic { range, severity, code, message, hint });
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// No further problem will be kept, so looking for more is wasted.
    pub(crate) fn is_full(&self) -> bool {
        self.list.len() >= MOST
    }

    /// The problems in the order of the text. A value that two entries share through a merge key is reported once.
    pub(crate) fn finish(mut self, end: usize) -> Vec<Diagnostic> {
        if self.is_full() {
            self.list.push(Diagnostic {
                range: end..end,
                severity: Severity::Hint,
                code: "too-many-problems",
                message: format!("Only the first {MOST} problems of this file are listed."),
                hint: String::new(),
            });
        }
        self.list.sort_by_key(|found| (found.range.start, found.range.end, found.severity));
        self.list.dedup();
        self.list
    }
}

/// A word of the text in back quotes, if it is short and plain enough to be repeated. Anything else might be a value that
/// slipped into a key's place, and so a secret.
pub fn quoted(word: &str) -> Option<String> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let fits = !word.is_empty() && word.chars().count() <= 40 && word.chars().all(plain);
    fits.then(|| format!("`{word}`"))
}
