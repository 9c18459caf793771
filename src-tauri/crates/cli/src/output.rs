//! How results and messages look: colour on terminals only, tables in columns, JSON for machines.

use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const RED: Style = AnsiColor::Red.on_default().bold();
pub(crate) const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const GREEN: Style = AnsiColor::Green.on_default();
pub(crate) const CYAN: Style = AnsiColor::Cyan.on_default();

/// `text` in a style, without anything in it that a terminal would obey.
pub(crate) fn styled(style: Style, text: &str) -> String {
    format!("{style}{}{style:#}", clean(text))
}

/// Makes control characters visible, and those that reorder text on the screen: a bot's files may come from anyone, and
/// a terminal obeys what it is sent. Line breaks and tabs stay.
pub(crate) fn clean(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\t' => c,
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\x7f'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            char::REPLACEMENT_CHARACTER
        }
        _ => c,
    };
    text.replace("\r\n", "\n").chars().map(shown).collect()
}

/// As [`clean`], for what must stay on one line.
pub(crate) fn clean_line(text: &str) -> String {
    clean(text).replace(['\n', '\t'], " ")
}

/// Writes lines of text to standard output; escape sequences are dropped unless it is a terminal.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// Writes one JSON document, on one line, to standard output.
pub(crate) fn print_json(value: &impl Serialize) -> io::Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, value)?;
    writeln!(out)?;
    out.flush()
}

/// Writes exactly these bytes to standard output.
pub(crate) fn print_bytes(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

pub(crate) fn to_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Writes a message to standard error. If that is closed there is nobody to tell.
pub(crate) fn say(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

pub(crate) fn warn(message: &str, hint: &str) {
    say(&message_line(YELLOW, "warning", message, hint));
}

pub(crate) fn fail(message: &str, hint: &str) {
    say(&message_line(RED, "error", message, hint));
}

fn message_line(style: Style, label: &str, message: &str, hint: &str) -> String {
    let gap = if hint.is_empty() { "" } else { " " };
    format!("{style}{label}:{style:#} {}{gap}{}", clean(message), clean(hint))
}

/// Rows in columns, with a head. Every cell is one line; the last column is not padded.
pub(crate) struct Table {
    head: Vec<&'static str>,
    rows: Vec<Vec<(Style, String)>>,
}

impl Table {
    pub(crate) fn new(head: &[&'static str]) -> Self {
        Self { head: head.to_vec(), rows: Vec::new() }
    }

    pub(crate) fn row(&mut self, cells: Vec<(Style, String)>) {
        self.rows.push(cells.into_iter().map(|(style, text)| (style, clean_line(&text))).collect());
    }

    pub(crate) fn print(&self) -> io::Result<()> {
        let widths: Vec<usize> = (0..self.head.len())
            .map(|at| self.rows.iter().map(|row| row[at].1.width()).chain([self.head[at].width()]).max().unwrap_or(0))
            .collect();
        let head: Vec<_> = self.head.iter().map(|name| (BOLD, (*name).to_owned())).collect();
        let lines: Vec<String> = std::iter::once(&head).chain(&self.rows).map(|row| line(row, &widths)).collect();
        print(&lines.join("\n"))
    }
}

fn line(cells: &[(Style, String)], widths: &[usize]) -> String {
    let last = cells.len().saturating_sub(1);
    let cell = |(at, (style, text)): (usize, &(Style, String))| {
        let gap = if at == last { 0 } else { widths[at] - text.width() + 2 };
        format!("{style}{text}{style:#}{:gap$}", "")
    };
    cells.iter().enumerate().map(cell).collect::<String>().trim_end().to_owned()
}

/// `1 file`, `2 files`.
pub(crate) fn count(number: usize, one: &str, more: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { more })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_never_given_anything_to_obey() {
        let check = |text: &str, expect: &str| assert_eq!(clean(text), expect);
        check("plain\n\ttext\r\n", "plain\n\ttext\n");
        check("\x1b[2J\x07\r", "␛[2J␇␍");
        check("a\u{9b}31m\u{202e}b\u{7f}", "a\u{fffd}31m\u{fffd}b\u{fffd}");
        assert_eq!(clean_line("two\nlines"), "two lines");
    }

    #[test]
    fn columns_line_up_by_width_on_the_screen() {
        let cells = |a: &str, b: &str| vec![(Style::new(), a.to_owned()), (Style::new(), b.to_owned())];
        assert_eq!(line(&cells("日本", "x"), &[5, 1]), "日本   x");
        assert_eq!(line(&cells("ab", ""), &[5, 0]), "ab");
    }
}
