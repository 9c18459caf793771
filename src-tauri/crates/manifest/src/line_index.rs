/// Where lines begin in a text, and how its bytes map to UTF-16 units.
///
/// Lines end at `\n`, `\r\n` or a lone `\r`, as in YAML and in editors. Offsets past the end mean the end; an offset inside
/// a character means the character's start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineIndex {
    len: usize,
    /// Byte offset of the start of each line; never empty.
    starts: Vec<usize>,
    /// The characters that take more than one byte, in order.
    wide: Vec<Wide>,
    has_mark: bool,
}

/// A place as people count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// From 1.
    pub line: u32,
    /// From 1, in UTF-16 units. A byte order mark is not counted: editors do not show it.
    pub column: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Wide {
    start: usize,
    end: usize,
    /// UTF-16 offset of the character.
    unit: usize,
    units: usize,
}

const BYTE_ORDER_MARK: char = '\u{feff}';

impl LineIndex {
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        let mut wide = Vec::new();
        let mut unit = 0;
        for (at, c) in text.char_indices() {
            if !c.is_ascii() {
                wide.push(Wide { start: at, end: at + c.len_utf8(), unit, units: c.len_utf16() });
            }
            unit += c.len_utf16();
            if c == '\n' || (c == '\r' && bytes.get(at + 1) != Some(&b'\n')) {
                starts.push(at + 1);
            }
        }
        Self { len: text.len(), starts, wide, has_mark: text.starts_with(BYTE_ORDER_MARK) }
    }

    /// The line and column of a byte offset.
    pub fn position(&self, byte: usize) -> Position {
        let byte = byte.min(self.len);
        let line = self.starts.partition_point(|start| *start <= byte) - 1;
        let mut column = self.units(byte) - self.units(self.starts[line]);
        if line == 0 && self.has_mark {
            column = column.saturating_sub(1);
        }
        Position { line: narrow(line + 1), column: narrow(column + 1) }
    }

    /// The UTF-16 offset of a byte offset, from 0.
    pub fn utf16(&self, byte: usize) -> u32 {
        narrow(self.units(byte.min(self.len)))
    }

    /// The byte offset of a UTF-16 offset.
    pub fn byte(&self, utf16: u32) -> usize {
        let target = utf16 as usize;
        let after = self.wide.partition_point(|c| c.unit + c.units <= target);
        if let Some(inside) = self.wide.get(after).filter(|c| c.unit < target) {
            return inside.start;
        }
        let byte = match after.checked_sub(1).map(|before| &self.wide[before]) {
            Some(before) => before.end + (target - before.unit - before.units),
            None => target,
        };
        byte.min(self.len)
    }

    /// The byte offset at which a line begins, counted from 1; the end of the text for lines it does not have.
    pub fn line_start(&self, line: u32) -> usize {
        let index = (line as usize).saturating_sub(1);
        self.starts.get(index).copied().unwrap_or(self.len)
    }

    /// How many lines the text has, counting an empty one after a final line break.
    pub fn lines(&self) -> u32 {
        narrow(self.starts.len())
    }

    fn units(&self, byte: usize) -> usize {
        let after = self.wide.partition_point(|c| c.end <= byte);
        if let Some(inside) = self.wide.get(after).filter(|c| c.start < byte) {
            return inside.unit;
        }
        match after.checked_sub(1).map(|before| &self.wide[before]) {
            Some(before) => before.unit + before.units + (byte - before.end),
            None => byte,
        }
    }
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, byte: usize, line: u32, column: u32, utf16: u32) {
        let index = LineIndex::new(text);
        assert_eq!(index.position(byte), Position { line, column }, "{text:?} at {byte}");
        assert_eq!(index.utf16(byte), utf16, "{text:?} at {byte}");
    }

    #[test]
    fn lines_and_columns() {
        check("", 0, 1, 1, 0);
        check("ab\ncd", 0, 1, 1, 0);
        check("ab\ncd", 2, 1, 3, 2);
        check("ab\ncd", 3, 2, 1, 3);
        check("ab\ncd", 99, 2, 3, 5);
        check("ab\r\ncd", 4, 2, 1, 4);
        check("ab\rcd", 3, 2, 1, 3);
        check("ab\n", 3, 2, 1, 3);
        check("é😀x", 2, 1, 2, 1);
        check("é😀x", 6, 1, 4, 3);
        check("é😀x", 7, 1, 5, 4);
        check("a\n😀b", 6, 2, 3, 4);
    }

    #[test]
    fn inside_a_character_means_its_start() {
        check("a😀b", 3, 1, 2, 1);
        assert_eq!(LineIndex::new("a😀b").byte(2), 1);
        assert_eq!(LineIndex::new("a😀b").byte(3), 5);
        assert_eq!(LineIndex::new("a😀b").byte(99), 6);
    }

    #[test]
    fn a_byte_order_mark_is_in_the_offsets_and_not_in_the_columns() {
        check("\u{feff}ab\ncd", 3, 1, 1, 1);
        check("\u{feff}ab\ncd", 4, 1, 2, 2);
        check("\u{feff}ab\ncd", 6, 2, 1, 4);
        check("\u{feff}ab", 0, 1, 1, 0);
    }

    #[test]
    fn line_starts() {
        let index = LineIndex::new("a\r\nb\n");
        assert_eq!((index.lines(), index.line_start(1), index.line_start(2), index.line_start(3)), (3, 0, 3, 5));
        assert_eq!((index.line_start(0), index.line_start(9)), (0, 5));
    }

    proptest! {
        #[test]
        fn there_and_back(text in "[a-z\u{0}\r\né漢😀\u{feff}]{0,60}") {
            let index = LineIndex::new(&text);
            let mut unit = 0;
            for (byte, c) in text.char_indices() {
                prop_assert_eq!(index.utf16(byte), unit);
                prop_assert_eq!(index.byte(unit), byte);
                let before = text[..byte].replace("\r\n", "\n").matches(['\n', '\r']).count();
                // Between `\r` and `\n` the text up to here seems to have ended a line that goes on.
                let splits = c == '\n' && text[..byte].ends_with('\r');
                prop_assert_eq!(index.position(byte).line as usize, before + 1 - usize::from(splits));
                unit += c.len_utf16() as u32;
            }
            prop_assert_eq!(index.byte(unit), text.len());
            prop_assert_eq!(index.utf16(text.len()), unit);
        }
    }
}
