use super::mask;
use crate::read;

/// Masks every entry of `text`; `expect` is what is shown, with `…` for the mask.
#[track_caller]
fn check(text: &str, expect: &str) {
    let shown: Vec<_> = read(text).entries.iter().map(|entry| mask(text, entry.range.clone())).collect();
    assert_eq!(shown.join("\n").replace("••••••••", "…"), expect);
}

#[test]
fn values_of_client_secrets() {
    check("- oauth2:\n    client_secret: yyy # c\n    flow: x\n", "- oauth2:\n    client_secret: … # c\n    flow: x");
    check("- oauth2: {client_secret: \"y,}\", flow: x}", "- oauth2: {client_secret: \"…\", flow: x}");
    check("- oauth2: {'client_secret': 'y''y'}", "- oauth2: {'client_secret': '…'}");
    check("- client_secret: |\n    a\n    b\n  title: x\n", "- client_secret: |\n    …\n  title: x");
    check("- client_secret: a\n    b\n  title: x\n", "- client_secret: …\n  title: x");
    check("- ? client_secret\n  : yyy\n", "- ? client_secret\n  : …");
    check("- \"client\\x5fsecret\": yyy\n", "- \"client\\x5fsecret\": …");
    check("- title: &s yyy\n  client_secret: *s\n", "- title: &s …\n  client_secret: …");
    check("- client_secret: !!str yyy\n", "- client_secret: !!str …");
    check("- client_secrt: yyy\n  client_id: x\n", "- client_secrt: …\n  client_id: x");
    check("- client_secret:\n  title: x\n", "- client_secret:\n  title: x");
    check("  - title: é\n    client_secret: yyy\n    alias: 😀\n", "- title: é\n    client_secret: …\n    alias: 😀");
}

#[test]
fn comments() {
    check("- title: x\n  # client_secret: yyy\n  alias: a\n", "- title: x\n  # client_secret: …\n  alias: a");
}

#[test]
fn broken_text() {
    let check = |text: &str, expect: &str| assert_eq!(mask(text, 0..text.len()).replace("••••••••", "…"), expect);
    check("- client_secret: \"yyy\n  title: x\n\ta: b", "- client_secret: \"…\"\n  title: x\n\ta: b");
    check("- a: [\n  client_secret: yyy\n    zzz\n  b: c", "- a: [\n  client_secret: …\n  b: c");
    check("- client_secret:yyy", "- client_secret:…");
    check("- \"client_secret\" : 'yyy\n", "- \"client_secret\" : '…'\n");
    check("- {client-secret:yyy}", "- {client-secret:…");
}

#[test]
fn odd_ranges() {
    assert_eq!(mask("- é", 0..99), "- é");
    assert_eq!(mask("- é", 3..4), "");
    assert_eq!(mask("", 0..0), "");
}
