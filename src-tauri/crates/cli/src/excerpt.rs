//! One source line with the place of a problem underlined.

use unicode_width::UnicodeWidthStr;

use crate::output::clean_line;

/// Widest piece of a line that is shown, in columns of the screen.
const WIDTH: usize = 100;
/// How much of the line stands before the problem if not all of it fits.
const BEFORE: usize = 30;
const TAB: &str = "    ";

/// A line and the marks below it, equally far from the left.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    pub(crate) line: String,
    pub(crate) marks: String,
}

/// `from` and `to` are columns as problems have them: from 1, in UTF-16 units. `to` is `None` if the problem goes on in
/// the next line. At least one mark is made, behind the last character if need be.
pub(crate) fn excerpt(line: &str, from: u32, to: Option<u32>) -> Excerpt {
    let line = line.trim_end_matches(['\n', '\r']);
    let cells = cells(line, from, to);
    let first = cells.iter().position(|cell| cell.marked);
    let (cells, left, right) = clipped(&cells, first.unwrap_or(cells.len()));
    let shown: String = cells.iter().map(|cell| cell.text.as_str()).collect();
    let width = |marked| cells.iter().filter(|cell| cell.marked == marked).map(Cell::width).sum::<usize>();
    let before = cells.iter().take_while(|cell| !cell.marked).map(Cell::width).sum::<usize>() + left.width();
    Excerpt {
        line: format!("{left}{shown}{right}").trim_end().to_owned(),
        marks: format!("{:before$}{}", "", "^".repeat(width(true).max(1))),
    }
}

struct Cell {
    text: String,
    marked: bool,
}

impl Cell {
    fn width(&self) -> usize {
        self.text.width()
    }
}

fn cells(line: &str, from: u32, to: Option<u32>) -> Vec<Cell> {
    let mut column = 1;
    let mut cell = |c: char| {
        let at = column;
        column += u32::try_from(c.len_utf16()).unwrap_or(1);
        let text = if c == '\t' { TAB.to_owned() } else { clean_line(c.encode_utf8(&mut [0; 4])) };
        Cell { text, marked: at >= from && to.is_none_or(|to| at < to) }
    };
    line.chars().map(&mut cell).collect()
}

/// The cells around the one at `first` that fit, and what stands for those left out on each side.
fn clipped(cells: &[Cell], first: usize) -> (&[Cell], &'static str, &'static str) {
    if cells.iter().map(Cell::width).sum::<usize>() <= WIDTH {
        return (cells, "", "");
    }
    let start = first.saturating_sub(BEFORE);
    let mut width = 0;
    let fits = |cell: &&Cell| {
        width += cell.width();
        width <= WIDTH
    };
    let end = start + cells[start..].iter().take_while(fits).count();
    (&cells[start..end], if start > 0 { "…" } else { "" }, if end < cells.len() { "…" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, from: u32, to: Option<u32>, expect: [&str; 2]) {
        let made = excerpt(line, from, to);
        assert_eq!([made.line.as_str(), made.marks.as_str()], expect, "{line:?} {from} {to:?}");
    }

    #[test]
    fn marks_stand_below_what_they_mean() {
        check("- provider: twillio", 13, Some(20), ["- provider: twillio", "            ^^^^^^^"]);
        check("alias: 😀 日本 x", 8, Some(10), ["alias: 😀 日本 x", "       ^^"]);
        check("alias: 😀 日本 x", 11, Some(13), ["alias: 😀 日本 x", "          ^^^^"]);
        check("\ttab: 1", 2, Some(5), ["    tab: 1", "    ^^^"]);
    }

    #[test]
    fn a_problem_without_width_gets_one_mark() {
        check("alias:", 7, Some(7), ["alias:", "      ^"]);
        check("", 1, Some(1), ["", "^"]);
        check("abc", 99, Some(120), ["abc", "   ^"]);
        check("abc\r\n", 2, None, ["abc", " ^^"]);
    }

    #[test]
    fn long_lines_are_cut_around_the_problem() {
        let made = excerpt(&"[".repeat(20_000), 5_000, None);
        assert_eq!(made.line, format!("…{}…", "[".repeat(WIDTH)));
        assert_eq!(made.marks, format!("{}{}", " ".repeat(BEFORE + 1), "^".repeat(WIDTH - BEFORE)));
    }

    #[test]
    fn a_terminal_is_given_nothing_to_obey() {
        check("a\x1b[2Jb", 2, Some(3), ["a␛[2Jb", " ^"]);
    }
}
