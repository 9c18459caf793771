/// What a scope lets the bot do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScopeWords {
    /// The scope, as the provider writes it.
    pub scope: &'static str,
    /// Continues "This lets the bot …".
    pub words: &'static str,
}

/// The scopes in a scope text, split at commas and whitespace, each once, in order. For comparing and listing; what is sent
/// is the text as it stands.
pub fn split_scopes(text: &str) -> Vec<&str> {
    let mut scopes = Vec::new();
    for scope in text.split(|c: char| c == ',' || c.is_whitespace()).filter(|scope| !scope.is_empty()) {
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    scopes
}

/// Scopes of OpenID Connect (Core 1.0 sections 5.4 and 11), which many providers share.
pub(crate) const OPENID: &[ScopeWords] = &[
    ScopeWords { scope: "openid", words: "know which account signed in" },
    ScopeWords { scope: "profile", words: "see your name and picture" },
    ScopeWords { scope: "email", words: "see your e-mail address" },
    ScopeWords { scope: "phone", words: "see your telephone number" },
    ScopeWords { scope: "address", words: "see your postal address" },
    ScopeWords { scope: "offline_access", words: "stay signed in" },
];
