//! Places in a text: from byte offsets to lines and columns.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A place in a script, as shown to people: line and column start at 1, the column counts UTF-16 units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The file's name as it was handed to the compiler.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column in UTF-16 units, from 1.
    pub column: u32,
    /// The bytes meant, within the file.
    pub range: Range<usize>,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Turns byte offsets of one text into lines and columns, without keeping the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineIndex {
    /// Where each line starts, in bytes.
    starts: Vec<u32>,
    /// For each character beyond ASCII: the byte behind it, and by how much bytes exceed UTF-16 units up to there.
    wide: Vec<(u32, u32)>,
}

impl LineIndex {
    /// Reads a text once.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        let mut wide = Vec::new();
        let mut excess = 0;
        for (offset, character) in text.char_indices() {
            let end = (offset + character.len_utf8()) as u32;
            if character == '\n' {
                starts.push(end);
            } else if !character.is_ascii() {
                excess += (character.len_utf8() - character.len_utf16()) as u32;
                wide.push((end, excess));
            }
        }
        Self { starts, wide }
    }

    /// Line and UTF-16 column of a byte offset, both from 1. An offset behind the end counts on in the last line.
    pub fn position(&self, offset: usize) -> (u32, u32) {
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let column = (offset - start).saturating_sub(self.excess(offset) - self.excess(start));
        (line as u32, column + 1)
    }

    /// The place of a byte range, named after its start.
    pub fn place(&self, file: &Arc<str>, range: Range<usize>) -> Place {
        let (line, column) = self.position(range.start);
        Place { file: file.clone(), line, column, range }
    }

    fn excess(&self, offset: u32) -> u32 {
        let before = self.wide.partition_point(|(end, _)| *end <= offset);
        before.checked_sub(1).and_then(|last| self.wide.get(last)).map_or(0, |(_, excess)| *excess)
    }
}

/// Line and UTF-16 column, both from 1, of a byte offset. For many offsets of one text, build a [`LineIndex`] once.
pub fn place(text: &str, offset: usize) -> (u32, u32) {
    LineIndex::new(text).position(offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, offset: usize, expect: (u32, u32)) {
        assert_eq!(place(text, offset), expect, "{text:?} at {offset}");
    }

    #[test]
    fn counts_lines_and_utf16_columns() {
        check("", 0, (1, 1));
        check("ab\ncd", 1, (1, 2));
        check("ab\ncd", 3, (2, 1));
        check("ab\r\ncd", 4, (2, 1));
        check("é1", 2, (1, 2));
        check("😀1", 4, (1, 3));
        check("x\n…😀1", 9, (2, 4));
        check("ab", 99, (1, 100));
    }
}
