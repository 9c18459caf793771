use std::fmt;
use std::ops::Range;

use providers::{Context, Provider};

/// One entry of a manifest. Fields are `None` when the entry does not have them, or has them without a value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Integration {
    /// The whole entry, from its dash to the end of its last value, without the line break.
    pub range: Range<usize>,
    pub provider: Option<Field>,
    pub alias: Option<Field>,
    pub context: Option<Field>,
    pub scope: Option<Field>,
    pub description: Option<Field>,
    pub title: Option<Field>,
    pub icon: Option<Field>,
    pub oauth2: Option<OAuth2>,
}

/// The `oauth2` block of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OAuth2 {
    pub key_range: Range<usize>,
    pub value_range: Range<usize>,
    pub flow: Option<Field>,
    pub client_id: Option<Field>,
    pub client_secret: Option<Field<SecretText>>,
    pub authorize_url: Option<Field>,
    pub token_url: Option<Field>,
}

/// A key with its value, and where both stand. Ranges are bytes of the text; a value's quotes belong to its range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field<T = String> {
    /// As spelt in the text, after quotes and escapes.
    pub value: T,
    pub key_range: Range<usize>,
    pub value_range: Range<usize>,
}

/// A value that must not be shown by accident: `Debug` does not print it, and there is no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(String);

/// How the generic `oauth2` provider gets its token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// A person signs in.
    AuthCode,
    /// The bot signs in as itself.
    ClientCredentials,
}

impl Integration {
    /// The name of the resulting token: the `alias`, or else the provider as written. Empty only when the entry has
    /// neither, which is also a problem of the manifest.
    pub fn alias(&self) -> &str {
        self.alias.as_ref().map_or_else(|| self.provider_id(), |alias| &alias.value)
    }

    /// Where the alias stands: the `alias` value, or else the provider's, or else the entry.
    pub fn alias_range(&self) -> Range<usize> {
        let field = self.alias.as_ref().or(self.provider.as_ref());
        field.map_or_else(|| self.range.clone(), |field| field.value_range.clone())
    }

    /// The provider as written, known or not; empty when the entry has none.
    pub fn provider_id(&self) -> &str {
        self.provider.as_ref().map_or("", |provider| &provider.value)
    }

    /// What is known of the provider.
    pub fn known_provider(&self) -> Option<&'static Provider> {
        providers::find(self.provider_id())
    }

    /// The context, when the entry has a valid one.
    pub fn known_context(&self) -> Option<Context> {
        self.context.as_ref().and_then(|context| Context::from_word(&context.value))
    }

    /// What people read as the entry's name: its title, or else the provider's.
    pub fn display_title(&self) -> &str {
        match (&self.title, self.known_provider()) {
            (Some(title), _) => &title.value,
            (None, Some(provider)) => provider.title,
            (None, None) => self.provider_id(),
        }
    }
}

impl OAuth2 {
    /// The flow, when the block has a valid one.
    pub fn known_flow(&self) -> Option<Flow> {
        self.flow.as_ref().and_then(|flow| Flow::from_word(&flow.value))
    }
}

impl Flow {
    /// The flow that a manifest's word means.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "auth_code" => Some(Self::AuthCode),
            "client_credentials" => Some(Self::ClientCredentials),
            _ => None,
        }
    }
}

impl SecretText {
    pub(crate) fn new(value: String) -> Self {
        Self(value)
    }

    /// The value itself, for the one who is to use it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(…)")
    }
}
