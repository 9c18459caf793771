//! Texts made to hurt: each gets a clear problem, in bounded work. The tests have no clocks; a reader without the bounds
//! does not come back from them at all.

use manifest::{mask, read, tokens};

#[track_caller]
fn check(text: &str, code: &str) {
    let manifest = read(text);
    let codes: Vec<_> = manifest.diagnostics.iter().map(|problem| problem.code).collect();
    assert!(codes.contains(&code), "{codes:?}");
    assert!(codes.len() <= 501);
    tokens(text);
    mask(text, 0..text.len());
}

#[test]
fn nesting() {
    check(&"[".repeat(20_000), "too-deep");
    check(&format!("- provider: {}", "{a: ".repeat(20_000)), "too-deep");
    check(&"- ".repeat(20_000), "too-deep");
    check(&"? ".repeat(20_000), "too-deep");
    let block: String = (0..1_000).map(|depth| format!("{}a:\n", " ".repeat(depth + 3))).collect();
    check(&format!("- b:\n{block}"), "too-deep");
    check(&format!("- a: {}{}\n", "[".repeat(30), "]".repeat(30)), "unknown-key");
    check(&format!("- a: {}{}\n", "[".repeat(31), "]".repeat(31)), "too-deep");
}

#[test]
fn aliases() {
    let mut bomb = "- &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let alias = format!("*a{}, ", level - 1);
        bomb.push_str(&format!("- &a{level} [{}]\n", alias.repeat(9)));
    }
    check(&bomb, "too-many-values");
    check(&format!("- &a {{}}\n{}", "- *a\n".repeat(201)), "too-many-aliases");
    let wide: String = (0..20_000).map(|key| format!("  k{key}: v\n")).collect();
    check(&format!("- &a\n{wide}{}", "- <<: *a\n".repeat(3)), "unknown-key");
}

#[test]
fn size() {
    check(&"#".repeat(1024 * 1024 + 1), "too-large");
    check(&"- a\n".repeat(250_000), "too-many-values");
    check(&"- provider: x\n".repeat(60_000), "too-many-problems");
    check(&"- {}\n".repeat(199_000), "too-many-problems");
    check(&format!("- provider: {}\n", "x".repeat(1024 * 1024 - 20)), "unknown-provider");
    check(&format!("- {}: x\n", "k".repeat(1_000)), "unknown-key");
    let keys: String = (0..60_000).map(|key| format!("  key{key}: v\n")).collect();
    check(&format!("- provider: secret\n{keys}"), "too-many-problems");
    let twice: String = (0..90_000).map(|_| "  alias: v\n").collect();
    check(&format!("- provider: secret\n{twice}"), "duplicate-key");
}

#[test]
fn long_comments_are_no_problem() {
    let text = format!("{}- provider: secret\n{}  context: bot\n", "# c\n".repeat(50_000), "  # c\n".repeat(50_000));
    let manifest = read(&text);
    assert_eq!((manifest.entries.len(), manifest.diagnostics.len()), (1, 0));
}

#[test]
fn broken_many_times() {
    check(&"- a: \"\n".repeat(140_000), "unclosed-quote");
    check(&"- provider: a\ncontext: b\n".repeat(40_000), "indentation-lost");
    check(&"\t- a\n".repeat(200_000), "tab-indentation");
    check(&"\u{0}".repeat(1024 * 1024), "control-character");
    check(&format!("- a: b\n{}", "- \u{1}: \"\n".repeat(100_000)), "control-character");
    check(&"{\"\n".repeat(340_000), "too-deep");
    check(&"- client_secret: x\n".repeat(55_000), "too-many-problems");
}
