//! Addresses within a shown text.

use crate::view::Part;

const SCHEMES: [&str; 3] = ["https://", "http://", "patchbay://"];

/// The parts with every address in a clear one as a part of its own. An address that runs into a secret stays text, because half
/// of it leads nowhere.
pub(crate) fn linked(parts: Vec<Part>) -> Vec<Part> {
    let secret = |index: Option<usize>| index.is_some_and(|at| matches!(parts.get(at), Some(Part::Secret { .. })));
    let mut all = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        match part {
            Part::Text { text } => split(text, secret(index.checked_sub(1)), secret(Some(index + 1)), &mut all),
            other => all.push(other.clone()),
        }
    }
    all
}

fn split(text: &str, behind_secret: bool, before_secret: bool, all: &mut Vec<Part>) {
    let mut rest = text;
    let mut clear = String::new();
    while let Some(start) = SCHEMES.iter().filter_map(|scheme| rest.find(scheme)).min() {
        let (before, from) = rest.split_at(start);
        let whole = from.find(|c: char| c.is_whitespace() || "<>\"".contains(c)).unwrap_or(from.len());
        let (url, _) = from.split_at(whole);
        let url = trimmed(url);
        let within_word = before.chars().next_back().map_or(behind_secret && clear.is_empty(), char::is_alphanumeric);
        let broken = whole == from.len() && before_secret;
        let bare = SCHEMES.iter().any(|scheme| url.len() <= scheme.len() && scheme.starts_with(url));
        clear.push_str(before);
        rest = &from[url.len().max(1)..];
        if within_word || broken || bare {
            clear.push_str(&from[..url.len().max(1)]);
            continue;
        }
        push_text(std::mem::take(&mut clear), all);
        all.push(Part::Link { url: url.to_string() });
    }
    clear.push_str(rest);
    push_text(clear, all);
}

/// Without the marks that end a sentence, and without a bracket that was opened before the address.
fn trimmed(url: &str) -> &str {
    let mut url = url;
    loop {
        let shorter = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
        let opened = |open: char, close: char| shorter.matches(open).count() >= shorter.matches(close).count();
        let shorter = match shorter.chars().next_back() {
            Some(')') if !opened('(', ')') => &shorter[..shorter.len() - 1],
            Some(']') if !opened('[', ']') => &shorter[..shorter.len() - 1],
            _ => shorter,
        };
        if shorter.len() == url.len() {
            return url;
        }
        url = shorter;
    }
}

fn push_text(text: String, all: &mut Vec<Part>) {
    if !text.is_empty() {
        all.push(Part::Text { text });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[&str]) {
        let shown = linked(vec![Part::Text { text: text.to_string() }]).into_iter().map(|part| match part {
            Part::Link { url } => format!("[{url}]"),
            other => other.to_string(),
        });
        assert_eq!(shown.collect::<Vec<_>>(), expect, "{text}");
    }

    #[test]
    fn addresses_become_links() {
        check("https://a.test/x?y=1#z", &["[https://a.test/x?y=1#z]"]);
        check(
            "See https://a.test. And (http://b.test/c_(d)), ok",
            &["See ", "[https://a.test]", ". And (", "[http://b.test/c_(d)]", "), ok"],
        );
        check("no link: https:// xhttps://a.test", &["no link: https:// xhttps://a.test"]);
        check("patchbay://sign-in/google", &["[patchbay://sign-in/google]"]);
        check("", &[]);
        check("é https://é.test/ü", &["é ", "[https://é.test/ü]"]);
    }

    #[test]
    fn an_address_that_holds_a_secret_is_text() {
        let secret = Part::Secret { alias: "a".to_string(), part: 0 };
        let text = |text: &str| Part::Text { text: text.to_string() };
        let parts = vec![text("https://a.test/?t="), secret.clone(), text("&x=https://b.test")];
        let links = linked(parts.clone());
        assert_eq!(links[..2], parts[..2]);
        let parts = vec![text("https://a.test "), secret];
        assert_eq!(linked(parts)[0], Part::Link { url: "https://a.test".to_string() });
    }
}
