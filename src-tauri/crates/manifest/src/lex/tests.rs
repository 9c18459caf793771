use proptest::prelude::*;

use super::*;

/// `expect` lists the tokens as `letter:text`, where the letter is the first of the kind's name.
fn check(text: &str, expect: &[&str]) {
    let found: Vec<String> = tokens(text)
        .into_iter()
        .map(|token| {
            let kind = format!("{:?}", token.kind);
            format!("{}:{}", kind[..2].to_lowercase(), &text[token.range])
        })
        .collect();
    assert_eq!(found, expect, "{text:?}");
}

fn check_faults(text: &str, expect: &[(FaultKind, &str)]) {
    let found = lex(text, 0..text.len()).faults;
    let found: Vec<_> = found.into_iter().map(|fault| (fault.kind, &text[fault.range])).collect();
    assert_eq!(found, expect, "{text:?}");
}

#[test]
fn keys_and_values() {
    check(
        "# c\n- provider: google # d\n  scope: \"a b\"\n  n: 1_0.5\n  b: No\n",
        &[
            "co:# c",
            "pu:-",
            "ke:provider",
            "pu::",
            "co:# d",
            "ke:scope",
            "pu::",
            "st:\"a b\"",
            "ke:n",
            "pu::",
            "nu:1_0.5",
            "ke:b",
            "pu::",
            "co:No",
        ],
    );
    check("- 'k' : 'it''s'", &["pu:-", "ke:'k'", "pu::", "st:'it''s'"]);
    check("- u: http://x/#y:z", &["pu:-", "ke:u", "pu::"]);
    check("- - ? a\n    : b", &["pu:-", "pu:-", "pu:?", "pu::"]);
    check("- k:\tv # e", &["pu:-", "ke:k", "pu::", "co:# e"]);
}

#[test]
fn flow_and_decoration() {
    check(
        "- &b !t {\"a\":1, c: [x, *b], d}",
        &[
            "pu:-", "an:&b", "ta:!t", "pu:{", "ke:\"a\"", "pu::", "nu:1", "pu:,", "ke:c", "pu::", "pu:[", "pu:,",
            "an:*b", "pu:]", "pu:,", "pu:}",
        ],
    );
    check("%YAML 1.2\n---\n...\n", &["ta:%YAML 1.2", "pu:---", "pu:..."]);
}

#[test]
fn text_over_lines() {
    check(
        "- d: |-\n    # no\n\n    x: y\n  e: 1\n",
        &["pu:-", "ke:d", "pu::", "pu:|-", "st:# no", "st:x: y", "ke:e", "pu::", "nu:1"],
    );
    check("- d: \"a\n    b\" # c\n", &["pu:-", "ke:d", "pu::", "st:\"a\n    b\"", "co:# c"]);
    check("- d: >\nx: y\n", &["pu:-", "ke:d", "pu::", "pu:>", "ke:x", "pu::"]);
}

#[test]
fn marks_and_line_ends() {
    check(
        "\u{feff}- a: \"é\"\r\n  b: 😀\r  c: ~\n",
        &["pu:-", "ke:a", "pu::", "st:\"é\"", "ke:b", "pu::", "ke:c", "pu::", "co:~"],
    );
    check("- a: \u{0}b\n", &["pu:-", "ke:a", "pu::", "in:\u{0}"]);
}

#[test]
fn faults() {
    use FaultKind::*;
    check_faults("- t: \"a\n  d: \"b\"\n", &[(UnclosedQuote, "\"a")]);
    check_faults("- t: 'a\n", &[(UnclosedQuote, "'a")]);
    check_faults("- t: \"a\\\"\n  d: 'b\n", &[(UnclosedQuote, "\"a\\\""), (UnclosedQuote, "'b")]);
    check_faults("- a: b\n\tc: d\n  \te: f\n", &[(TabIndent, "\t"), (TabIndent, "\t")]);
    check_faults("- a:\tb\n\t\n\t# c\n- [\n\tx]\n", &[]);
    check_faults("- a: b c: d e: f\n", &[(SecondKey, "c"), (SecondKey, "e")]);
    check_faults("- a: http://b c:d\n", &[]);
    check_faults("- {a: b, c: d}\n", &[]);
}

#[test]
fn hostile_text_takes_linear_work() {
    // Each of these took time in the square of its length, or worse, without the bounds above.
    let nested: String = (0..1400).map(|depth| format!("{}a: \"b\n", " ".repeat(depth))).collect();
    for text in
        ["[".repeat(1 << 20), "- \"".repeat(350_000), "{\"\n".repeat(350_000), "'\"\n".repeat(350_000), nested + "x"]
    {
        assert!(tokens(&text).len() <= text.len());
    }
}

proptest! {
    #[test]
    fn tokens_are_in_order_and_inside(text in "[-a:?&*!|>\"'#%\\[\\]{},\t\n\r \u{0}é😀\\\\.1~]{0,80}") {
        let mut end = 0;
        for token in tokens(&text) {
            prop_assert!(token.range.start >= end && !token.range.is_empty());
            prop_assert!(text.get(token.range.clone()).is_some());
            end = token.range.end;
        }
    }
}
