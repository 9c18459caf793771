use crate::{Profile, Revoke};

/// Where the platform receives callbacks; a person pastes the address that the browser ended at.
pub const HOSTED_CALLBACK: &str = "https://studio.dialox.ai/auth/oauth2/callback";
/// Where the operating system hands callbacks to the app.
pub const DEEP_LINK_CALLBACK: &str = "patchbay://auth/oauth2/callback";
/// The path of every callback address, on the loopback listener too.
pub const CALLBACK_PATH: &str = "/auth/oauth2/callback";
/// The ports tried, in this order, for providers that compare the port of a loopback address.
pub const FIXED_PORTS: [u16; 3] = [47823, 47824, 47825];

/// One way to sign in at a provider: what to send where, and what its answers mean.
///
/// Addresses may hold `{key}` in braces, the key of one of the provider's [`Setting`]s; [`crate::Provider::fill`] puts the
/// values in. An empty address comes from the setting, or the key of an `oauth2` block, that is named with the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignIn {
    /// Unique within the provider, such as `web` or `1.0a`.
    pub id: &'static str,
    /// The variant's name for people; empty where the provider has one variant only.
    pub title: &'static str,
    /// The protocol spoken.
    pub protocol: Protocol,
    /// The addresses of the flow.
    pub endpoints: Endpoints,
    /// Whether the code is bound to its asker with PKCE S256 (RFC 7636).
    pub pkce: Pkce,
    /// How the client proves itself at the token endpoint and when revoking.
    pub client_auth: ClientAuth,
    /// Whether a client secret is sent. A forbidden one must not be sent even if it is known.
    pub client_secret: Need,
    /// What refreshing does to the refresh token.
    pub refresh: RefreshKind,
    /// The kind of callback address that the provider accepts from a program on a desktop.
    pub redirect: Redirect,
    /// What joins scopes where the engine writes a list itself; a manifest's scope is sent verbatim. Empty: no scopes.
    pub scope_separator: &'static str,
    /// The scope sent when the entry has none. Empty: none is sent.
    pub default_scope: &'static str,
    /// Added to the authorization address.
    pub authorize_params: &'static [(&'static str, &'static str)],
    /// Added to the form that exchanges the code.
    pub token_params: &'static [(&'static str, &'static str)],
    /// Added to the form that refreshes.
    pub refresh_params: &'static [(&'static str, &'static str)],
    /// A scope without which no refresh token is given.
    pub refresh_scope: Option<&'static str>,
    /// What to do when no refresh token was given, as a sentence; empty where none is ever given and nothing helps.
    pub refresh_advice: &'static str,
    /// Trades a short-lived token for a long-lived one, directly after the sign-in.
    pub exchange: Option<Exchange>,
    /// Who signed in. `None`: the provider has no such address.
    pub userinfo: Option<UserInfo>,
    /// Used in place of `userinfo` when one of these scopes was granted.
    pub older_userinfo: Option<(&'static [&'static str], UserInfo)>,
    /// How a sign-in is ended at the provider.
    pub revoke: Revoke,
    /// The issuer that an `iss` in the callback must equal (RFC 9207). With `{key}` for a part that is not known beforehand.
    pub issuer: Option<&'static str>,
    /// How long an access token usually lives, in seconds, for when the answer does not say. `None`: unknown.
    pub access_seconds: Option<u32>,
    /// Whether access tokens end at all.
    pub expires: bool,
    /// What the provider's own errors mean. The first that fits applies.
    pub hints: &'static [ErrorHint],
}

/// The protocol of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// RFC 6749.
    OAuth2,
    /// RFC 5849, signed with HMAC-SHA1.
    OAuth1,
}

/// The addresses of a flow. Empty: from the settings `authorize_url` and `token_url`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoints {
    /// Opened in the browser.
    pub authorize: &'static str,
    /// Exchanges the code; in OAuth 1.0a the access token request.
    pub token: &'static str,
    /// OAuth 1.0a only; else empty.
    pub request_token: &'static str,
}

/// Whether a provider takes PKCE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pkce {
    /// It refuses the sign-in without.
    Required,
    /// It is sent; a server that does not know it ignores it (RFC 6749 section 3.1).
    Supported,
    /// It is not sent: the provider refuses or mishandles it.
    Unsupported,
}

/// How a client proves itself (RFC 6749 section 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClientAuth {
    /// Id and secret in the header `Authorization: Basic`, each form-encoded first.
    Basic,
    /// `client_id` and `client_secret` in the form.
    Body,
    /// `client_id` alone in the form.
    None,
    /// `Basic`, then `Body` once when the answer is `invalid_client`; what worked is remembered. Without a secret: `None`.
    Auto,
}

/// Whether something must, may or must not be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Need {
    /// Nothing works without.
    Required,
    /// Used where it is known.
    Optional,
    /// Never sent.
    Forbidden,
}

/// What happens to refresh tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefreshKind {
    /// The same one goes on working; refresh answers leave it out.
    Stable,
    /// Every refresh gives a new one and ends the old one.
    Rotates,
    /// None is given, but for partners of the provider; if the answer holds one, it is used.
    Never,
    /// Not documented, or up to the server.
    Unknown,
}

/// The callback address that a provider accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Redirect {
    /// [`DEEP_LINK_CALLBACK`].
    DeepLink,
    /// A listener on this machine.
    Loopback {
        /// What stands in the address: `127.0.0.1` or `localhost`. With the latter the listener is on `::1` too.
        host: &'static str,
        /// The provider compares the port, so one of [`FIXED_PORTS`] is registered and used.
        fixed_port: bool,
    },
    /// Addresses with https only: [`HOSTED_CALLBACK`].
    Paste,
}

/// How to ask who signed in. With the access token as `Authorization: Bearer`, or signed in OAuth 1.0a.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserInfo {
    /// A GET of this address. Empty: the setting `userinfo_url`; without it nobody is asked.
    pub url: &'static str,
    /// Added to the request.
    pub headers: &'static [(&'static str, &'static str)],
    /// Whether `appsecret_proof` is added to the query: the HMAC-SHA256 of the access token with the client secret as key, in
    /// lower-case hexadecimal digits (Facebook, "Securing Graph API calls").
    pub app_secret_proof: bool,
    /// Where the answer holds what.
    pub profile: Profile,
    /// Asked next; fills what the first answer left empty.
    pub then: Option<&'static UserInfo>,
}

/// Trades a short-lived access token for a long-lived one at the token endpoint: a form with `grant_type`, `client_id`,
/// `client_secret` and the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exchange {
    /// The value of `grant_type`.
    pub grant_type: &'static str,
    /// The name of the field that holds the short-lived token.
    pub token_field: &'static str,
}

/// What one error of a provider means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorHint {
    /// The error's code: the `error` of RFC 6749, or a number of the provider's own as text. Empty: any.
    pub code: &'static str,
    /// What the error's text must hold, whatever its case. Empty: anything.
    pub text: &'static str,
    /// What happened, as a sentence.
    pub message: &'static str,
    /// What to do next, as a sentence.
    pub next: &'static str,
}

/// Something that app credentials hold besides client id and secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// The key: what stands in braces in an address, or one of `authorize_url`, `token_url`, `userinfo_url`, `revoke_url`,
    /// `issuer`, `scope`, `sign_in`.
    pub key: &'static str,
    /// The label.
    pub title: &'static str,
    /// One sentence on what goes in.
    pub help: &'static str,
    /// Used when nothing was filled in. Empty: nothing.
    pub default: &'static str,
    /// Whether nothing works without a value.
    pub required: bool,
    /// The only values it takes. Empty: any.
    pub choices: &'static [&'static str],
}

impl SignIn {
    /// The address that tells who signed in, for a token with this scope.
    pub fn userinfo_for(&self, granted_scope: &str) -> Option<&UserInfo> {
        let granted = crate::split_scopes(granted_scope);
        match &self.older_userinfo {
            Some((scopes, older)) if scopes.iter().any(|scope| granted.contains(scope)) => Some(older),
            _ => self.userinfo.as_ref(),
        }
    }

    /// Whether an `iss` that came with a callback is the expected issuer (RFC 9207 section 2.4): the same text, where `{key}` in
    /// what is expected stands for some letters, digits and `-`. Without an expected issuer nothing fits.
    pub fn issuer_fits(&self, iss: &str) -> bool {
        let Some(expected) = self.issuer else { return false };
        let Some((before, rest)) = expected.split_once('{') else { return iss == expected };
        let after = rest.split_once('}').map_or("", |(_, after)| after);
        let part = iss.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        part.is_some_and(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
    }

    /// The first hint that fits an error's code and text.
    pub fn hint(&self, code: &str, text: &str) -> Option<&'static ErrorHint> {
        let text = text.to_lowercase();
        self.hints.iter().find(|hint| {
            (hint.code.is_empty() || hint.code == code)
                && (hint.text.is_empty() || text.contains(&hint.text.to_lowercase()))
        })
    }
}
