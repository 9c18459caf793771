//! What each provider is, as data: one row per id that a manifest's `provider` key may hold.
//!
//! [`find`] looks a [`Provider`] up, [`all`] lists them, [`nearest`] guesses what a misspelt id meant. [`sign_in`] chooses one
//! [`SignIn`], the facts of one way to sign in; [`known_service`] is for services that `oauth2` entries name by address. The
//! rows stand in one table file, the facts of signing in below it. [`nearest_word`] is the one rule of "Did you mean" for every
//! part of the engine.
//!
//! Deliberately absent: anything that does something. No credentials, no input or output, no clock, no reading of answers: a
//! [`Profile`] says where to look, and who asks looks.

mod choose;
mod fill;
mod known;
mod nearest;
mod profile;
mod revoke;
mod scopes;
mod sign_in;
mod table;

pub use choose::{Choice, covers, hosts, known, sign_in};
pub use known::{KnownService, known_service, known_services};
pub use nearest::nearest_word;
pub use profile::{Profile, ProfileField, Source};
pub use revoke::Revoke;
pub use scopes::{ScopeWords, split_scopes};
pub use sign_in::{
    CALLBACK_PATH, ClientAuth, DEEP_LINK_CALLBACK, Endpoints, ErrorHint, Exchange, FIXED_PORTS, HOSTED_CALLBACK, Need,
    Pkce, Protocol, Redirect, RefreshKind, Setting, SignIn, UserInfo,
};

/// One provider: what an integration can connect to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Provider {
    /// The id as manifests write it: lower case, unique.
    pub id: &'static str,
    /// The name shown to people.
    pub title: &'static str,
    /// How the integration is set up.
    pub kind: Kind,
    /// The contexts it may be used in; never empty.
    pub contexts: &'static [Context],
    /// What stands between two scopes. `None` where the provider takes no scopes, or where its separator is not documented
    /// or up to the server.
    pub scope_separator: Option<ScopeSeparator>,
    /// Whether the integration cannot work without a `scope`.
    pub needs_scope: bool,
    /// Scopes that the provider no longer grants; they stay valid in a manifest.
    pub retired_scopes: &'static [RetiredScope],
    /// A Lucide icon's name, or one or two letters to be drawn as they are.
    pub icon: &'static str,
    /// One sentence on what the integration gives the bot.
    pub help: &'static str,
    /// The ways to sign in, the usual one first; empty where nobody signs in.
    pub sign_in: &'static [SignIn],
    /// The hosts that its tokens are meant for, so that scripts may send them there without asking. See [`covers`].
    pub hosts: &'static [&'static str],
    /// What its scopes mean, besides those of OpenID Connect.
    pub scopes: &'static [ScopeWords],
    /// Where a client is registered, or a key is made; empty where that depends on the server.
    pub register_url: &'static str,
    /// One sentence: where, and as what, to register.
    pub register_help: &'static str,
    /// What app credentials hold besides client id and secret.
    pub settings: &'static [Setting],
    /// What else is worth knowing before connecting: limits, and what cannot work. Sentences, or empty.
    pub note: &'static str,
}

/// How an integration of a provider is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A person signs in at the provider.
    Oauth,
    /// A key file is pasted; tokens are minted from it.
    ServiceAccount,
    /// Fixed credentials are filled in.
    Static,
    /// Nothing to fill in: a calendar of the bot's own.
    Calendar,
    /// One secret text is stored.
    Secret,
}

/// Whose token an integration makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// One token for the whole bot, set up by its builder.
    Bot,
    /// One token per person who talks to the bot.
    User,
}

/// What stands between two scopes in one `scope` text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeSeparator {
    /// `email profile`
    Space,
    /// `email,user_friends`
    Comma,
}

/// A scope that a provider has stopped granting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetiredScope {
    /// The scope as manifests write it.
    pub scope: &'static str,
    /// What to do instead, as a sentence.
    pub advice: &'static str,
}

/// Every provider, in the order in which they are offered.
pub fn all() -> &'static [Provider] {
    table::PROVIDERS
}

/// The provider with exactly this id.
pub fn find(id: &str) -> Option<&'static Provider> {
    all().iter().find(|provider| provider.id == id)
}

/// The provider whose id is most like `id`, if one is like it at all.
pub fn nearest(id: &str) -> Option<&'static Provider> {
    nearest_word(id, all().iter().map(|provider| provider.id)).and_then(find)
}

impl Provider {
    /// Whether integrations of this provider may have this context.
    pub fn allows(&self, context: Context) -> bool {
        self.contexts.contains(&context)
    }
}

impl Context {
    /// The word that manifests and scripts use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::User => "user",
        }
    }

    /// The context that a manifest's word means.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "bot" => Some(Self::Bot),
            "user" => Some(Self::User),
            _ => None,
        }
    }
}

impl ScopeSeparator {
    /// The separator itself.
    pub fn as_char(self) -> char {
        match self {
            Self::Space => ' ',
            Self::Comma => ',',
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_the_words_of_manifests() {
        let ids: Vec<_> = all().iter().map(|provider| provider.id).collect();
        assert_eq!(
            ids,
            "google facebook linkedin microsoft operator salesforce twitter oauth2 google_service_account dialogflow twilio \
             mailgun pushwoosh dialog masvoz_sms smtp calendar secret"
                .split(' ')
                .collect::<Vec<_>>()
        );
        for id in ids {
            assert_eq!(find(id).map(|provider| provider.id), Some(id));
        }
        assert_eq!(find("Google"), None, "ids are lower case");
    }

    #[test]
    fn rows_are_complete() {
        for row in all() {
            assert!(row.allows(Context::Bot), "{}: every provider can serve the bot", row.id);
            assert_eq!(
                row.kind == Kind::Oauth,
                row.allows(Context::User),
                "{}: people sign in with OAuth only",
                row.id
            );
            assert!(row.help.ends_with('.') && !row.title.is_empty() && !row.icon.is_empty(), "{}", row.id);
            assert!(!row.needs_scope || row.kind == Kind::ServiceAccount, "{}", row.id);
            for retired in row.retired_scopes {
                assert!(retired.advice.ends_with('.'), "{}", retired.scope);
            }
        }
    }

    #[test]
    fn nearest_guesses_slips_only() {
        let check = |typed: &str, expect: Option<&str>| {
            assert_eq!(nearest(typed).map(|provider| provider.id), expect, "{typed}");
        };
        check("gogle", Some("google"));
        check("Google", Some("google"));
        check("TWILIO", Some("twilio"));
        check("googleserviceaccount", Some("google_service_account"));
        check("masvoz", Some("masvoz_sms"));
        check("secrets", Some("secret"));
        check("basecamp", None);
        check("", None);
        check(&"g".repeat(100_000), None);
    }

    #[test]
    fn contexts_have_one_spelling() {
        for context in [Context::Bot, Context::User] {
            assert_eq!(Context::from_word(context.as_str()), Some(context));
        }
        assert_eq!(Context::from_word("Bot"), None);
    }
}
