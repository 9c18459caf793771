//! From text to tokens. Lossless: the tokens joined are the text. Modes keep strings, interpolation and heredocs apart.

use crate::syntax::SyntaxKind::{self, *};

/// One token: its kind and where it starts. It ends where the next one starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lexeme {
    pub(crate) kind: SyntaxKind,
    pub(crate) start: u32,
}

/// Cuts a text into tokens. The last one is [`SyntaxKind::Eof`], of no length.
pub(crate) fn lex(text: &str) -> Vec<Lexeme> {
    let mut lexer = Lexer { text, at: 0, modes: vec![Mode::Code { braces: 0 }], tokens: Vec::new() };
    while lexer.at < text.len() {
        let start = lexer.at as u32;
        let kind = lexer.token();
        lexer.tokens.push(Lexeme { kind, start });
    }
    lexer.tokens.push(Lexeme { kind: Eof, start: text.len() as u32 });
    lexer.tokens
}

#[derive(Clone, Copy)]
enum Mode {
    /// Code; `braces` counts the open `{` that an interpolation must not mistake for its own end.
    Code {
        braces: u32,
    },
    String,
    Heredoc,
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    modes: Vec<Mode>,
    tokens: Vec<Lexeme>,
}

const PUNCTUATION: &[(&str, SyntaxKind)] = &[
    ("->", Arrow),
    ("=>", FatArrow),
    ("|>", Pipe),
    ("||", OrOr),
    ("&&", AndAnd),
    ("==", EqualsEquals),
    ("=~", Matches),
    ("!=", NotEquals),
    ("<=", LessEquals),
    (">=", GreaterEquals),
    ("<>", Diamond),
    ("+=", PlusEquals),
    ("-=", MinusEquals),
    ("*=", StarEquals),
    ("/=", SlashEquals),
    ("++", PlusPlus),
    ("--", MinusMinus),
    ("%{", MapOpen),
    ("=", Equals),
    ("<", Less),
    (">", Greater),
    ("+", Plus),
    ("-", Minus),
    ("*", Star),
    ("/", Slash),
    ("!", Bang),
    (".", Dot),
    (",", Comma),
    (";", Semicolon),
    (":", Colon),
    ("(", ParenOpen),
    (")", ParenClose),
    ("[", BracketOpen),
    ("]", BracketClose),
    ("{", BraceOpen),
    ("}", BraceClose),
];

impl Lexer<'_> {
    fn token(&mut self) -> SyntaxKind {
        match self.modes.last() {
            Some(Mode::String) => self.string("\""),
            Some(Mode::Heredoc) => self.string("\"\"\""),
            _ => self.code(),
        }
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    fn take(&mut self, length: usize, kind: SyntaxKind) -> SyntaxKind {
        self.at += length;
        kind
    }

    fn take_while(&mut self, test: impl Fn(u8) -> bool) {
        let length = self.text.as_bytes()[self.at..].iter().take_while(|byte| test(**byte)).count();
        self.at += length;
    }

    fn code(&mut self) -> SyntaxKind {
        match self.byte(0) {
            b'\n' => self.take(1, Newline),
            b'\r' if self.byte(1) == b'\n' => self.take(2, Newline),
            b' ' | b'\t' | b'\r' => self.whitespace(),
            b'#' => {
                self.take_while(|byte| byte != b'\n' && byte != b'\r');
                Comment
            }
            b'"' if self.rest().starts_with("\"\"\"") => self.open(3, Mode::Heredoc),
            b'"' => self.open(1, Mode::String),
            b'0'..=b'9' => self.number(),
            byte if starts_name(byte) => self.name(),
            b'@' if starts_name(self.byte(1)) => {
                self.at += 1;
                self.name();
                Constant
            }
            b':' if starts_name(self.byte(1)) && !self.behind_key() => {
                self.at += 1;
                self.name();
                Atom
            }
            _ => self.punctuation(),
        }
    }

    fn whitespace(&mut self) -> SyntaxKind {
        while matches!(self.byte(0), b' ' | b'\t') || (self.byte(0) == b'\r' && self.byte(1) != b'\n') {
            self.at += 1;
        }
        Whitespace
    }

    fn open(&mut self, length: usize, mode: Mode) -> SyntaxKind {
        self.modes.push(mode);
        self.take(length, QuoteOpen)
    }

    /// Whether the token just read can be a key, so that a colon right behind it belongs to it.
    fn behind_key(&self) -> bool {
        self.tokens.last().is_some_and(|token| matches!(token.kind, Ident | QuoteClose))
    }

    fn number(&mut self) -> SyntaxKind {
        let digits = |byte: u8| byte.is_ascii_digit() || byte == b'_';
        let mut kind = Int;
        self.take_while(digits);
        if self.byte(0) == b'.' && self.byte(1).is_ascii_digit() {
            kind = Float;
            self.at += 1;
            self.take_while(digits);
        }
        let sign = usize::from(matches!(self.byte(1), b'+' | b'-'));
        if matches!(self.byte(0), b'e' | b'E') && self.byte(1 + sign).is_ascii_digit() {
            kind = Float;
            self.at += 1 + sign;
            self.take_while(|byte| byte.is_ascii_digit());
        }
        kind
    }

    fn name(&mut self) -> SyntaxKind {
        self.take_while(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        // `x!=1` compares; only otherwise may a name end in `!` or `?`.
        if matches!(self.byte(0), b'?' | b'!') && self.byte(1) != b'=' {
            self.at += 1;
        }
        Ident
    }

    fn punctuation(&mut self) -> SyntaxKind {
        let Some((symbol, kind)) = PUNCTUATION.iter().find(|(symbol, _)| self.rest().starts_with(symbol)) else {
            return self.unknown();
        };
        self.at += symbol.len();
        let nested = self.modes.len() > 1;
        let Some(Mode::Code { braces }) = self.modes.last_mut() else { return *kind };
        match kind {
            BraceOpen | MapOpen => *braces += 1,
            BraceClose if *braces > 0 => *braces -= 1,
            BraceClose if nested => {
                self.modes.pop();
                return InterpolationClose;
            }
            _ => {}
        }
        *kind
    }

    fn unknown(&mut self) -> SyntaxKind {
        const MARK: char = '\u{feff}';
        let mark = self.rest().starts_with(MARK);
        let foreign = |c: char| (c == MARK) == mark && (!c.is_ascii() || matches!(c, '\0'..='\u{8}'));
        let length: usize = self.rest().chars().take_while(|c| foreign(*c)).map(char::len_utf8).sum();
        self.at += length.max(self.rest().chars().next().map_or(1, char::len_utf8));
        if mark { Whitespace } else { Unknown }
    }

    fn string(&mut self, quote: &str) -> SyntaxKind {
        if self.rest().starts_with(quote) {
            self.modes.pop();
            return self.take(quote.len(), QuoteClose);
        }
        if self.rest().starts_with("#{") {
            self.modes.push(Mode::Code { braces: 0 });
            return self.take(2, InterpolationOpen);
        }
        if self.byte(0) == b'\\' {
            return self.escape();
        }
        let bytes = self.text.as_bytes();
        while self.at < bytes.len() {
            self.at += 1;
            let rest = &bytes[self.at..];
            if rest.starts_with(quote.as_bytes()) || rest.starts_with(b"#{") || rest.starts_with(b"\\") {
                break;
            }
        }
        StringText
    }

    fn escape(&mut self) -> SyntaxKind {
        self.at += 1;
        let escaped = self.rest().chars().next();
        self.at += escaped.map_or(0, char::len_utf8);
        if escaped == Some('u') {
            if self.byte(0) == b'{' {
                let digits = self.text.as_bytes()[self.at + 1..].iter().take(6);
                let length = digits.take_while(|byte| byte.is_ascii_hexdigit()).count();
                if self.byte(1 + length) == b'}' {
                    self.at += length + 2;
                }
            } else if (0..4).all(|ahead| self.byte(ahead).is_ascii_hexdigit()) {
                self.at += 4;
            }
        }
        Escape
    }
}

fn starts_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        let tokens = lex(text);
        let shown: Vec<String> = tokens
            .windows(2)
            .filter(|pair| pair[0].kind != Whitespace)
            .map(|pair| format!("{:?}:{}", pair[0].kind, &text[pair[0].start as usize..pair[1].start as usize]))
            .collect();
        assert_eq!(shown.join(" "), expect);
    }

    #[test]
    fn strings_nest_in_interpolation() {
        check(
            r##"open "#{oauth_link("google")}""##,
            r##"Ident:open QuoteOpen:" InterpolationOpen:#{ Ident:oauth_link ParenOpen:( QuoteOpen:" StringText:google QuoteClose:" ParenClose:) InterpolationClose:} QuoteClose:""##,
        );
        check(
            r##""#{%{a: 1}}""##,
            r##"QuoteOpen:" InterpolationOpen:#{ MapOpen:%{ Ident:a Colon:: Int:1 BraceClose:} InterpolationClose:} QuoteClose:""##,
        );
    }

    #[test]
    fn keys_atoms_and_names() {
        check("a: :b", "Ident:a Colon:: Atom::b");
        check("x[:b]", "Ident:x BracketOpen:[ Atom::b BracketClose:]");
        check("x!=1", "Ident:x NotEquals:!= Int:1");
        check("ok? @name", "Ident:ok? Constant:@name");
    }

    #[test]
    fn numbers() {
        check("1_000 1.5 2e3 1.x", "Int:1_000 Float:1.5 Float:2e3 Int:1 Dot:. Ident:x");
    }

    #[test]
    fn escapes_and_heredocs() {
        check(r#""a\"\u{e9}\n""#, r#"QuoteOpen:" StringText:a Escape:\" Escape:\u{e9} Escape:\n QuoteClose:""#);
        check("\"\"\"a \"b\" c\"\"\"", "QuoteOpen:\"\"\" StringText:a \"b\" c QuoteClose:\"\"\"");
    }

    #[test]
    fn foreign_characters_are_kept() {
        check("§§ x", "Unknown:§§ Ident:x");
        check("\u{feff}x", "Ident:x");
    }
}
