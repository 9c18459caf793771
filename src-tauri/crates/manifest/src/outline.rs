use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::read::{TEXT_LIMIT, forbidden_characters, loose_aliases, too_large};
use crate::syntax;
use crate::tree::{Budget, Content, Root, Subtree, parse};

/// What stands at the top of any YAML text, for telling files apart before reading them into types.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// The keys of the map at the top, in order; empty when there is none.
    pub keys: Vec<String>,
    /// Why the text is no YAML, or more than is read. Bounds and words are those of manifests.
    pub diagnostics: Vec<Diagnostic>,
}

/// Looks at a YAML text of any kind. Only the first of several documents counts.
pub fn outline(text: &str) -> Outline {
    let mut found = Diagnostics::default();
    let mut keys = Vec::new();
    if text.len() > TEXT_LIMIT {
        too_large(&mut found);
    } else if forbidden_characters(text, &mut found).is_empty() {
        let parsed = parse(text, 0..text.len(), &mut Budget::default());
        loose_aliases(parsed.loose, &mut found);
        match (parsed.failure, parsed.root) {
            (Some(failure), _) => syntax::explain(text, 0..text.len(), &failure, &mut found),
            (None, Root::Other(tree)) => keys = keys_of(&tree),
            (None, _) => {}
        }
    }
    Outline { keys, diagnostics: found.finish(text.len()) }
}

fn keys_of(tree: &Subtree) -> Vec<String> {
    let Content::Map(pairs) = &tree.node(Subtree::TOP).content else { return Vec::new() };
    pairs.iter().filter_map(|(key, _)| tree.scalar(*key)).map(|key| key.value.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::outline;

    fn check(text: &str, keys: &[&str], codes: &[&str]) {
        let found = outline(text);
        assert_eq!(found.keys, keys, "{text}");
        assert_eq!(found.diagnostics.iter().map(|found| found.code).collect::<Vec<_>>(), codes, "{text}");
    }

    #[test]
    fn tops() {
        check("", &[], &[]);
        check("- a: b", &[], &[]);
        check("type: x\n\"b\": {c: d}\n[e]: f\n", &["type", "b"], &[]);
        check("a: 1\n---\nb: 2\n", &["a"], &[]);
        check("text", &[], &[]);
    }

    #[test]
    fn what_is_no_yaml() {
        check("a: 1\n\tb: 2\n", &[], &["tab-indentation"]);
        check("a: \"x\nb: c\n", &[], &["unclosed-quote"]);
        check("a: b: c\n", &[], &["unquoted-colon"]);
        check("a: [1\nb: 2\n", &[], &["unclosed-bracket"]);
        check("a: *b\n", &["a"], &["unknown-anchor"]);
        check("a: \u{0}\n", &[], &["control-character"]);
        check(&"[".repeat(99), &[], &["too-deep"]);
        check(&" ".repeat(1024 * 1024 + 1), &[], &["too-large"]);
    }
}
