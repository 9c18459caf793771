//! A forgiving reader of YAML's surface: colours for any text, and the faults that a parser reports in the wrong place.
//!
//! It goes line by line and never gives up. It does not build anything and does not decide whether a text is valid; when
//! the parser has refused a text, the faults seen here say why in words that fit.

use std::ops::Range;

use crate::split::{Line, line_at};

/// A stretch of text with its colour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Bytes of the text, on character boundaries; never empty. Tokens do not overlap and are in order.
    pub range: Range<usize>,
    pub kind: TokenKind,
}

/// What a token is. Plain text without quotes is no token, unless it reads as a number or a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    Comment,
    Key,
    /// Text in quotes, or a line of a block of text.
    String,
    Number,
    /// `true`, `no`, `null`, `~` and their like.
    Constant,
    /// `&name` and `*name`.
    Anchor,
    /// `!name`.
    Tag,
    Punctuation,
    /// What cannot be right: a quote that is not closed, a tab as indentation, a control character.
    Invalid,
}

/// The tokens of a text, valid or not, in time proportional to its length.
pub fn tokens(text: &str) -> Vec<Token> {
    lex(text, 0..text.len()).tokens
}

/// Something that makes a text invalid, where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) range: Range<usize>,
    pub(crate) kind: FaultKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// A quote without an end.
    UnclosedQuote,
    /// White space before a line's content that holds a tab.
    TabIndent,
    /// A word with a colon in the middle of a line's value.
    SecondKey,
}

#[derive(Default)]
pub(crate) struct Lexed {
    pub(crate) tokens: Vec<Token>,
    pub(crate) faults: Vec<Fault>,
}

/// Characters that may not stand in YAML at all.
pub(crate) fn is_forbidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}')
}

/// Reads `range`, which must start where a line starts.
pub(crate) fn lex(text: &str, range: Range<usize>) -> Lexed {
    let mut lexer = Lexer {
        text,
        limit: range.end,
        at: range.start,
        line: line_at(text, range.start, range.end),
        flow: 0,
        column: None,
        has_key: false,
        hopeless: [0; 2],
        out: Lexed::default(),
    };
    if range.start == 0 && text.starts_with('\u{feff}') {
        lexer.at += '\u{feff}'.len_utf8();
    }
    while lexer.at < lexer.limit {
        lexer.line();
    }
    lexer.out
}

struct Lexer<'t> {
    text: &'t str,
    limit: usize,
    at: usize,
    line: Line,
    /// How many `[` and `{` are open.
    flow: usize,
    /// Column of the last dash or key of this line: what follows it must stand deeper.
    column: Option<usize>,
    /// This line has a key, so a second one is a mistake.
    has_key: bool,
    /// For each kind of quote: up to where it is known that no quote closes. Keeps the work linear.
    hopeless: [usize; 2],
    out: Lexed,
}

impl Lexer<'_> {
    fn line(&mut self) {
        self.line = line_at(self.text, self.at, self.limit);
        self.column = None;
        self.has_key = false;
        self.indentation();
        if self.flow == 0 && self.line.is_document_mark(self.text) {
            self.push(self.at..self.at + 3, TokenKind::Punctuation);
        } else if self.flow == 0 && self.line.indent == 0 && self.peek() == Some(b'%') {
            self.push(self.at..self.line.end, TokenKind::Tag);
        }
        let mut block = false;
        while self.skip_blanks() < self.line.end {
            block = self.token();
        }
        self.at = self.line.next;
        if block {
            self.block_of_text();
        }
    }

    fn indentation(&mut self) {
        let start = self.at;
        let content = self.skip_blanks();
        let blank = content >= self.line.end || self.peek() == Some(b'#');
        let tab = self.text[start..content].find('\t').map(|found| start + found);
        if let Some(tab) = tab.filter(|_| self.flow == 0 && !blank) {
            self.push(tab..content, TokenKind::Invalid);
            self.fault(tab..content, FaultKind::TabIndent);
        }
    }

    /// Reads one token; true when it announces a block of text on the next lines.
    fn token(&mut self) -> bool {
        let start = self.at;
        let Some(first) = self.peek() else { return false };
        match first {
            b'#' if start == self.line.start || self.text.as_bytes()[start - 1].is_ascii_whitespace() => {
                self.push(start..self.line.end, TokenKind::Comment);
            }
            b'-' | b'?' if self.flow == 0 && self.ends_word(start + 1) => {
                self.column = Some(start - self.line.start);
                self.push(start..start + 1, TokenKind::Punctuation);
            }
            b':' if self.ends_word(start + 1) || self.follows_quoted_key() => {
                self.push(start..start + 1, TokenKind::Punctuation)
            }
            b'[' | b'{' => {
                self.flow += 1;
                self.push(start..start + 1, TokenKind::Punctuation);
            }
            b']' | b'}' | b',' if self.flow > 0 => {
                self.flow -= usize::from(first != b',');
                self.push(start..start + 1, TokenKind::Punctuation);
            }
            b'&' | b'*' => self.push(start..self.word_end(), TokenKind::Anchor),
            b'!' => self.push(start..self.word_end(), TokenKind::Tag),
            b'"' | b'\'' => self.quoted(first),
            b'|' | b'>' if self.flow == 0 && self.is_block_header() => {
                let end = self.word_end();
                self.push(start..end, TokenKind::Punctuation);
                return true;
            }
            _ => self.plain(),
        }
        false
    }

    fn quoted(&mut self, quote: u8) {
        let start = self.at;
        match self.closing_quote(quote) {
            Some(end) => {
                // In brackets, a key in quotes needs no space after its colon: `{"a":1}`.
                let key = self.is_key_end(end) || (self.flow > 0 && self.text[end..self.limit].starts_with(':'));
                self.after_key(start, key);
                self.push(start..end, if key { TokenKind::Key } else { TokenKind::String });
                if end > self.line.end {
                    // The text went on over several lines: the rest of its last line belongs to no line start.
                    self.line = Line { start: self.line.start, ..line_at(self.text, end, self.limit) };
                }
            }
            None => {
                self.fault(start..self.line.end, FaultKind::UnclosedQuote);
                self.push(start..self.line.end, TokenKind::Invalid);
            }
        }
    }

    /// Where the text in quotes that starts here ends, its closing quote included.
    fn closing_quote(&mut self, quote: u8) -> Option<usize> {
        let bytes = &self.text.as_bytes()[..self.limit];
        let index = usize::from(quote == b'"');
        if self.at < self.hopeless[index] {
            return None;
        }
        let least_indent = self.column.map_or(self.line.indent, |column| column + 1);
        let mut at = self.at + 1;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'\\' if quote == b'"' && !matches!(bytes.get(at + 1), Some(b'\n' | b'\r')) => at += 2,
                b if *b == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 2,
                b if *b == quote => return Some(at + 1),
                b'\n' | b'\r' => {
                    let next = line_at(self.text, line_at(self.text, at, self.limit).next, self.limit);
                    let blank = next.content(self.text).trim().is_empty();
                    if self.flow == 0 && !blank && next.indent < least_indent {
                        break;
                    }
                    at = next.start;
                }
                _ => at += 1,
            }
        }
        self.hopeless[index] = at;
        None
    }

    fn plain(&mut self) {
        let start = self.at;
        let rest = &self.text[start..self.line.end];
        let mut end = rest.len();
        for (offset, c) in rest.char_indices() {
            let stops = match c {
                ':' => offset > 0 && self.ends_word(start + offset + 1),
                '#' => offset > 0 && rest.as_bytes()[offset - 1].is_ascii_whitespace(),
                ',' | '[' | ']' | '{' | '}' => self.flow > 0,
                c => is_forbidden(c),
            };
            if stops {
                end = offset;
                break;
            }
        }
        if end == 0 {
            let width = rest.chars().next().map_or(1, char::len_utf8);
            self.push(start..start + width, TokenKind::Invalid);
            return;
        }
        let word = rest[..end].trim_end_matches([' ', '\t']);
        let range = start..start + word.len();
        let key = self.is_key_end(range.end);
        if key && self.flow == 0 && self.has_key {
            let last = word.rfind([' ', '\t']).map_or(start, |blank| start + blank + 1);
            self.fault(last..range.end, FaultKind::SecondKey);
            self.push(last..range.end, TokenKind::Invalid);
            return;
        }
        self.after_key(start, key);
        match plain_kind(word) {
            _ if key => self.push(range, TokenKind::Key),
            Some(kind) => self.push(range, kind),
            None => self.at = range.end,
        }
    }

    fn follows_quoted_key(&self) -> bool {
        let last = self.out.tokens.last();
        self.flow > 0 && last.is_some_and(|token| token.kind == TokenKind::Key && token.range.end == self.at)
    }

    fn after_key(&mut self, start: usize, key: bool) {
        if key && self.flow == 0 {
            self.has_key = true;
            self.column = Some(start.saturating_sub(self.line.start));
        }
    }

    /// The lines of a block of text: all that stand deeper than what announced it.
    fn block_of_text(&mut self) {
        let least = self.column.map_or(self.line.indent, |column| column + 1);
        while self.at < self.limit {
            let line = line_at(self.text, self.at, self.limit);
            let content = line.start + line.indent..line.end;
            if content.is_empty() {
                self.at = line.next;
                continue;
            }
            if line.indent < least {
                break;
            }
            self.push(content, TokenKind::String);
            self.at = line.next;
        }
    }

    fn is_block_header(&self) -> bool {
        let rest = &self.text[self.at + 1..self.line.end];
        let header = rest.trim_start_matches(|c: char| matches!(c, '+' | '-') || c.is_ascii_digit());
        header.is_empty() || header.starts_with([' ', '\t'])
    }

    /// Whether a colon that makes a key of what ends at `end` follows on this line.
    fn is_key_end(&self, end: usize) -> bool {
        let line_end = if end <= self.line.end { self.line.end } else { line_at(self.text, end, self.limit).end };
        let rest = &self.text[end..line_end];
        let colon = end + blanks(rest);
        self.text.as_bytes()[..self.limit].get(colon) == Some(&b':') && self.ends_word(colon + 1)
    }

    /// Whether white space, the end, or inside brackets a bracket or comma stands at `at`.
    fn ends_word(&self, at: usize) -> bool {
        match self.text.as_bytes()[..self.limit].get(at) {
            None => true,
            Some(b',' | b'[' | b']' | b'{' | b'}') => self.flow > 0,
            Some(byte) => byte.is_ascii_whitespace(),
        }
    }

    fn word_end(&self) -> usize {
        let rest = &self.text[self.at..self.line.end];
        let ends = |c: char| c.is_whitespace() || (self.flow > 0 && matches!(c, ',' | '[' | ']' | '{' | '}'));
        self.at + rest.find(ends).unwrap_or(rest.len())
    }

    fn skip_blanks(&mut self) -> usize {
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        self.at
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes()[..self.line.end].get(self.at).copied()
    }

    fn push(&mut self, range: Range<usize>, kind: TokenKind) {
        self.at = range.end;
        if !range.is_empty() {
            self.out.tokens.push(Token { range, kind });
        }
    }

    fn fault(&mut self, range: Range<usize>, kind: FaultKind) {
        self.out.faults.push(Fault { range, kind });
    }
}

/// How many spaces and tabs a text begins with.
fn blanks(text: &str) -> usize {
    text.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

fn plain_kind(word: &str) -> Option<TokenKind> {
    const CONSTANTS: [&str; 8] = ["true", "false", "yes", "no", "on", "off", "null", "~"];
    if CONSTANTS.iter().any(|constant| word.eq_ignore_ascii_case(constant)) {
        return Some(TokenKind::Constant);
    }
    let digits = word.trim_start_matches(['-', '+']);
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '_' | '.'))
        && digits.matches('.').count() <= 1;
    is_number.then_some(TokenKind::Number)
}

#[cfg(test)]
mod tests;
