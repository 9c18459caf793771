use crate::{Provider, ScopeWords, scopes};

impl Provider {
    /// Puts settings into an address: every `{key}` becomes what `setting` knows for it, else the setting's default. `None`
    /// when a value is missing, or holds anything but letters, digits, `.`, `_` and `-`, which could turn it into another address.
    pub fn fill<'s>(&self, address: &str, setting: impl Fn(&str) -> Option<&'s str>) -> Option<String> {
        let mut filled = String::with_capacity(address.len() + 16);
        let mut rest = address;
        while let Some((before, after)) = rest.split_once('{') {
            let (key, after) = after.split_once('}')?;
            let given = setting(key).map(str::trim).filter(|value| !value.is_empty());
            let value = given.or_else(|| self.default_of(key))?;
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
            if !value.chars().all(plain) || value.chars().all(|c| c == '.') {
                return None;
            }
            filled.push_str(before);
            filled.push_str(value);
            rest = after;
        }
        filled.push_str(rest);
        Some(filled)
    }

    /// What a setting is when nothing was filled in.
    pub fn default_of(&self, key: &str) -> Option<&'static str> {
        let setting = self.settings.iter().find(|setting| setting.key == key)?;
        (!setting.default.is_empty()).then_some(setting.default)
    }

    /// What a scope lets the bot do, where it is known.
    pub fn scope_words(&self, scope: &str) -> Option<&'static str> {
        words_for(self.scopes, scope)
    }
}

/// What a scope means: by the given list, else by OpenID Connect.
pub(crate) fn words_for(own: &'static [ScopeWords], scope: &str) -> Option<&'static str> {
    own.iter().chain(scopes::OPENID).find(|words| words.scope == scope).map(|words| words.words)
}
