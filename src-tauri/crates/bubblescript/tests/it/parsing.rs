//! The tree is lossless, whatever the text, and diagnostics point into it.

use bubblescript::{Source, compile, parse, tokens, uses};
use proptest::prelude::*;

const SCRIPTS: &[&str] = &[
    include_str!("../fixtures/1-secret.bubble"),
    include_str!("../fixtures/2-login-buttons.bubble"),
    include_str!("../fixtures/3-token-event.bubble"),
    include_str!("../fixtures/4-oauth-link.bubble"),
    include_str!("../fixtures/5-token-info.bubble"),
    include_str!("../fixtures/6-status-update.bubble"),
    include_str!("../fixtures/7-full-token.bubble"),
    include_str!("../fixtures/everything.bubble"),
];

/// All that must hold of any text.
fn check_invariants(text: &str) {
    let parsed = parse(text);
    assert_eq!(parsed.syntax().text().to_string(), text);
    let source = Source { file: "a.bubble".into(), text: text.into() };
    let (_, diagnostics) = compile(&[source]);
    for diagnostic in parsed.diagnostics.iter().chain(&diagnostics) {
        assert!(diagnostic.range.start <= diagnostic.range.end, "{diagnostic:?}");
        assert!(text.get(diagnostic.range.clone()).is_some(), "{diagnostic:?} in {text:?}");
    }
    let mut end = 0;
    for token in tokens(text) {
        assert!(token.range.start >= end && text.get(token.range.clone()).is_some_and(|text| !text.is_empty()));
        assert!(text[end..token.range.start].trim_matches(['\u{feff}', ' ', '\t', '\r', '\n']).is_empty());
        end = token.range.end;
    }
    for own in uses(&parsed) {
        assert!(text.get(own.range).is_some());
    }
}

#[test]
fn samples_have_no_diagnostics() {
    for script in SCRIPTS {
        assert_eq!(parse(script).diagnostics, [], "{script}");
        let source = Source { file: "a.bubble".into(), text: (*script).into() };
        assert_eq!(compile(&[source]).1, [], "{script}");
    }
}

#[test]
fn every_prefix_and_suffix_is_read() {
    for script in SCRIPTS {
        for (end, _) in script.char_indices() {
            check_invariants(&script[..end]);
            check_invariants(&script[end..]);
        }
    }
}

#[test]
fn every_deletion_is_read() {
    for script in SCRIPTS {
        for (start, character) in script.char_indices() {
            let rest = &script[start + character.len_utf8()..];
            check_invariants(&format!("{}{rest}", &script[..start]));
        }
    }
}

#[test]
fn line_ends_and_marks() {
    for script in SCRIPTS {
        let windows = format!("\u{feff}{}", script.replace('\n', "\r\n"));
        check_invariants(&windows);
        assert_eq!(parse(&windows).diagnostics, []);
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in any::<String>()) {
        check_invariants(&text);
    }

    #[test]
    fn any_mixture_of_pieces_is_read(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        check_invariants(&pieces.concat());
    }

    #[test]
    fn any_mutation_is_read(script in prop::sample::select(SCRIPTS), at in any::<prop::sample::Index>(), piece in prop::sample::select(PIECES)) {
        let places: Vec<usize> = script.char_indices().map(|(at, _)| at).collect();
        let (head, tail) = script.split_at(places[at.index(places.len())]);
        check_invariants(&format!("{head}{piece}{tail}"));
    }
}

const PIECES: &[&str] = &[
    "\"",
    "\"\"\"",
    "#{",
    "}",
    "{",
    "%{",
    "(",
    ")",
    "[",
    "]",
    "do",
    " do\n",
    "end",
    "\nend\n",
    "else",
    "after",
    "->",
    "=>",
    ",",
    ":",
    ";",
    ".",
    "=",
    "+=",
    "==",
    "|>",
    "||",
    "and",
    "in",
    "not",
    "-",
    "!",
    "@a",
    "@a 1",
    ":b",
    "a: ",
    "_x",
    "x",
    "say ",
    "if ",
    "dialog ",
    "function f(",
    "repeat ",
    "branch ",
    "invoke ",
    " ",
    "\n",
    "\r\n",
    "#",
    "\\",
    "\\u{",
    "1",
    "1.5",
    "é",
    "😀",
    "\u{feff}",
    "\0",
    "ask",
    "when ",
    "do: ",
    "else: ",
    "import \"x\"",
    "return ",
    "bot.tokens.",
    "oauth_link(",
    "while ",
];
