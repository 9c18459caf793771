//! Names and values of a query or a form, in their order.

use url::form_urlencoded;

/// Decoded parameters. One without a value counts as absent (RFC 6749, 3.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    pub(crate) fn parse(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    /// The first value under a name, unless it is empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// The first of the names that stands there more than once.
    pub(crate) fn repeated<'n>(&self, names: &[&'n str]) -> Option<&'n str> {
        names.iter().copied().find(|name| self.0.iter().filter(|(key, _)| key == name).count() > 1)
    }

    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    pub(crate) fn joined(&self, other: &Self) -> Self {
        Self(self.0.iter().chain(&other.0).cloned().collect())
    }
}

/// Scopes apart, without doubles, in their order. Vendors join them with spaces or commas.
pub(crate) fn scopes(text: &str) -> Vec<String> {
    let mut apart = Vec::new();
    for scope in text.split([' ', ',']).filter(|scope| !scope.is_empty()) {
        if !apart.iter().any(|known| known == scope) {
            apart.push(scope.to_owned());
        }
    }
    apart
}

/// Whether a scope text keeps to RFC 6749, appendix A.4.
pub(crate) fn is_scope(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, 0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_doubles() {
        let params = Params::parse(b"a=1&b=&a=2&c=x%20y+z&d");
        assert_eq!(params.get("a"), Some("1"));
        assert_eq!(params.get("b"), None);
        assert_eq!(params.get("c"), Some("x y z"));
        assert!(params.has("d"));
        assert_eq!(params.repeated(&["c", "a"]), Some("a"));
        assert_eq!(params.repeated(&["b", "d"]), None);
    }

    #[test]
    fn scopes_apart() {
        let check = |text: &str, expect: &[&str]| assert_eq!(scopes(text), expect, "{text}");
        check("email profile", &["email", "profile"]);
        check("email,public_profile, email", &["email", "public_profile"]);
        check("", &[]);
        assert!(is_scope("a b/c"));
        assert!(!is_scope("a\"b") && !is_scope("a\\b") && !is_scope("a\nb") && !is_scope("é"));
    }
}
