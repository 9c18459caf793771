//! What must hold for any text.

use manifest::{LineIndex, mask, read, tokens};
use proptest::prelude::*;

const SAMPLES: [&str; 4] = [
    include_str!("fixtures/01-overview.yaml"),
    include_str!("fixtures/10-calendar-ddl.yaml"),
    include_str!("fixtures/11-oauth2.yaml"),
    "\u{feff}# c\r\n- &b\r\n  provider: secret\r\n  context: bot # é\r\n\r\n- {<<: *b, alias: \"😀\"}\r\n- title: |\r\n    a\r\n  alias: 'x'\r\n",
];

fn check(text: &str) {
    let manifest = read(text);
    let inside = |range: &std::ops::Range<usize>| text.get(range.clone()).is_some();
    for problem in &manifest.diagnostics {
        assert!(inside(&problem.range), "{problem:?}");
    }
    let mut end = 0;
    for entry in &manifest.entries {
        assert!(inside(&entry.range) && entry.range.start >= end, "{entry:?}");
        end = entry.range.end;
        for field in [&entry.provider, &entry.alias, &entry.context, &entry.scope].into_iter().flatten() {
            assert!(inside(&field.key_range) && inside(&field.value_range), "{entry:?}");
        }
        mask(text, entry.range.clone());
    }
    let mut end = 0;
    for token in tokens(text) {
        assert!(inside(&token.range) && token.range.start >= end && !token.range.is_empty(), "{token:?}");
        end = token.range.end;
    }
    let index = LineIndex::new(text);
    for (byte, _) in text.char_indices() {
        assert_eq!(index.byte(index.utf16(byte)), byte);
    }
}

/// A sample with some of its characters replaced, removed or doubled.
fn mutated() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), "[-:\"'\\[{}\\]#&*!|>%@\t\n\r \u{0}é😀a]{0,3}", 0..4_usize);
    (0..SAMPLES.len(), prop::collection::vec(change, 1..6)).prop_map(|(sample, changes)| {
        let mut chars: Vec<char> = SAMPLES[sample].chars().collect();
        for (at, insert, remove) in changes {
            let at = at.index(chars.len() + 1);
            let end = (at + remove).min(chars.len());
            chars.splice(at..end, insert.chars());
        }
        chars.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_samples(text in mutated()) {
        check(&text);
    }

    #[test]
    fn any_text(text in "\\PC{0,60}|[-a:?&*!|>\"'#%\\[\\]{},\t\n\r \u{0}é😀\u{feff}\\\\.~<]{0,60}") {
        check(&text);
    }

    /// Appending a well-formed entry never costs the ones before it, and a broken one only itself.
    #[test]
    fn entries_are_independent(broken in "[-a:?&*!|>\"'\\[\\]{}, \n]{0,20}") {
        let good = |alias: &str| format!("- provider: secret\n  context: bot\n  alias: {alias}\n");
        let text = format!("{}- title: x{}\n{}", good("one"), broken.replace('\n', "\n  "), good("two"));
        let aliases: Vec<_> = read(&text).entries.iter().map(|entry| entry.alias().to_owned()).collect();
        prop_assert_eq!(aliases.first().map(String::as_str), Some("one"), "{}", text);
        prop_assert_eq!(aliases.last().map(String::as_str), Some("two"), "{}", text);
    }
}
