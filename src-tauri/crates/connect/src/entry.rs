//! What is to be connected, as the studio resolved it from manifest, vault and preferences.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;

use store::{BotId, Secret};

/// One entry of a manifest together with everything that signing in needs. `Debug` shows no secret.
#[derive(Debug)]
pub struct Entry {
    /// Whose connections these are.
    pub bot: BotId,
    /// The id of the open bot as the wire's record names it; empty when there is none.
    pub open_bot: String,
    /// The alias that scripts use.
    pub alias: String,
    /// The id of the provider.
    pub provider: String,
    /// The name shown to people: the entry's title, else the provider's.
    pub title: String,
    /// Whether every person who talks to the bot signs in for themselves.
    pub context_user: bool,
    /// The persona who signs in; `None` is the bot's own connection.
    pub persona: Option<String>,
    /// The scope, verbatim; empty when there is none.
    pub scope: String,
    /// The `oauth2` block.
    pub oauth2: Option<OAuth2>,
    /// The client that was registered at the provider.
    pub client: Client,
    /// What app credentials hold besides, by the keys of the provider's settings.
    pub settings: BTreeMap<String, String>,
    /// The practice server, when this entry is practised.
    pub practice: Option<SocketAddr>,
}

/// An `oauth2` block. Everything but the first three fields is an extension of Patchbay's own and may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OAuth2 {
    /// The flow.
    pub flow: Flow,
    /// Where people approve.
    pub authorize_url: String,
    /// Where codes become tokens.
    pub token_url: String,
    /// The client id, if the block has one.
    pub client_id: Option<String>,
    /// Who signed in.
    pub userinfo_url: Option<String>,
    /// Where tokens are revoked (RFC 7009).
    pub revoke_url: Option<String>,
    /// The issuer (RFC 8414, RFC 9207).
    pub issuer: Option<String>,
    /// Whether an answer without `iss` is refused (`authorization_response_iss_parameter_supported` of RFC 9207).
    pub issuer_required: bool,
    /// `basic`, `body`, `none` or `auto`.
    pub auth_style: Option<String>,
    /// Whether PKCE is sent.
    pub pkce: Option<bool>,
    /// Added to the authorization address.
    pub authorize_params: Vec<(String, String)>,
    /// Added to the form that exchanges the code, and to that of client credentials.
    pub token_params: Vec<(String, String)>,
    /// Added to the form that refreshes.
    pub refresh_params: Vec<(String, String)>,
    /// Where the answer of `userinfo_url` holds what: field or `uid` to JSON pointer.
    pub userinfo_map: BTreeMap<String, String>,
    /// `query`, `form_post` or `fragment`.
    pub response_mode: Option<String>,
    /// Where the callback goes.
    pub redirect: Option<RedirectTo>,
}

/// A callback address of the entry's own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RedirectTo {
    /// `127.0.0.1`, `localhost`, `app` for the deep link, or `paste` for the hosted address.
    pub host: String,
    /// Tried in order; none: any free port.
    pub ports: Vec<u16>,
    /// The path; empty is the usual one.
    pub path: String,
}

/// How tokens are had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flow {
    /// A person approves in a browser (RFC 6749 section 4.1).
    #[default]
    AuthCode,
    /// The client asks for itself (RFC 6749 section 4.4).
    ClientCredentials,
}

/// The client at the provider.
#[derive(Default)]
pub struct Client {
    /// Its id; empty when none is known.
    pub id: String,
    /// Its secret. An empty one counts as none and is never sent.
    pub secret: Option<Secret<String>>,
    /// Where the secret was found.
    pub secret_from: SecretFrom,
}

/// Where a client secret was found. The order is that of looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SecretFrom {
    /// In the manifest's text.
    Manifest,
    /// In the vault, for this entry.
    Vault,
    /// In the preferences, for this provider.
    Preferences,
    /// Nowhere.
    #[default]
    None,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secret = if self.secret.is_some() { "with" } else { "without" };
        write!(f, "Client({}, {secret} secret from {:?})", self.id, self.secret_from)
    }
}
