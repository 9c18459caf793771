//! From an entry and the facts of its provider to a plan.

use std::sync::Arc;

use providers::{Choice, ClientAuth, Kind, Need, Pkce, Protocol, Provider, Redirect, Revoke, SignIn};
use url::Url;
use zeroize::Zeroizing;

use super::{Plan, ResponseMode, Route, UID, endpoint};
use crate::entry::{Entry, Flow, OAuth2, RedirectTo};
use crate::trouble::Trouble;
use crate::words;

/// The client that practice is told when the builder has none. It opens nothing but practice.
const PRACTICE_CLIENT: &str = "practice-client";
const PRACTICE_SECRET: &str = "practice-secret-that-opens-nothing-else";

impl Plan {
    /// Puts an entry and its provider together. With it, everything that keeps it from working, in the order of mending.
    pub(crate) fn of(entry: &Entry, ports: &[u16]) -> Result<(Self, Vec<Trouble>), Trouble> {
        let none = OAuth2::default();
        let mut source = Source::new(entry, &none)?;
        let (block, sign_in) = (source.block, source.sign_in);
        let code = block.flow == Flow::AuthCode;
        let authorize = source.address(AUTHORIZE, sign_in.endpoints.authorize, &source.authorize_url.clone(), code);
        let token = source.address(TOKEN, sign_in.endpoints.token, &source.token_url.clone(), true);
        let signed = sign_in.protocol == Protocol::OAuth1;
        let request_token = source.address("request token URL", sign_in.endpoints.request_token, "", signed);
        let userinfo = sign_in.userinfo.as_ref().map_or("", |info| info.url);
        let userinfo = source.address(USERINFO, userinfo, &source.own(&block.userinfo_url, "userinfo_url"), false);
        let revoke = match sign_in.revoke {
            Revoke::Form { url, .. } | Revoke::Signed { url } => url,
            // Its address holds the account's id, which is known at the time of revoking only.
            Revoke::Delete { .. } | Revoke::None { .. } => "",
        };
        let revoke = source.address("revoke URL", revoke, &source.own(&block.revoke_url, "revoke_url"), false);
        let (client_id, client_secret) = source.client();
        let issuer = source.own(&block.issuer, "issuer");
        let plan = Self {
            bot: entry.bot,
            open_bot: entry.open_bot.clone(),
            alias: entry.alias.clone(),
            persona: entry.persona.clone(),
            provider: source.provider,
            sign_in,
            title: if entry.title.is_empty() { source.party.clone() } else { entry.title.clone() },
            party: source.party.clone(),
            flow: block.flow,
            authorize,
            token,
            request_token,
            userinfo,
            revoke,
            revoke_account: source.revoke_account(),
            issuer: Some(issuer).filter(|issuer| !issuer.is_empty()).or_else(|| sign_in.issuer.map(str::to_owned)),
            issuer_required: block.issuer_required,
            client_id,
            client_secret,
            secret_from: entry.client.secret_from,
            client_auth: client_auth(block, sign_in),
            pkce: code && block.pkce.unwrap_or(sign_in.pkce != Pkce::Unsupported),
            scope: source.scope(),
            authorize_params: pairs(&block.authorize_params, sign_in.authorize_params),
            token_params: pairs(&block.token_params, sign_in.token_params),
            refresh_params: pairs(&block.refresh_params, sign_in.refresh_params),
            userinfo_map: block.userinfo_map.clone(),
            response: response_mode(block),
            route: route(sign_in.redirect, block.redirect.as_ref(), ports, entry.practice.is_some()),
            path: path(block.redirect.as_ref()),
            practice: entry.practice,
        };
        Ok((plan, source.troubles))
    }
}

const AUTHORIZE: &str = "authorize URL";
const TOKEN: &str = "token URL";
const USERINFO: &str = "userinfo URL";

/// Where the parts of a plan come from.
struct Source<'e> {
    entry: &'e Entry,
    block: &'e OAuth2,
    provider: &'static Provider,
    sign_in: &'static SignIn,
    party: String,
    /// As the block or the settings have them; may be empty.
    authorize_url: String,
    token_url: String,
    troubles: Vec<Trouble>,
}

impl<'e> Source<'e> {
    fn new(entry: &'e Entry, none: &'e OAuth2) -> Result<Self, Trouble> {
        let no_sign_in =
            || Trouble::new(format!("{} has no sign-in.", entry.title), "Fill in its credentials instead.");
        let provider = providers::find(&entry.provider).filter(|provider| provider.kind == Kind::Oauth);
        let provider = provider.ok_or_else(no_sign_in)?;
        let block = entry.oauth2.as_ref().unwrap_or(none);
        let given = |own: &str, key: &str| match own.trim() {
            "" => setting(entry, key).unwrap_or("").to_owned(),
            own => own.to_owned(),
        };
        let authorize_url = given(&block.authorize_url, "authorize_url");
        let token_url = given(&block.token_url, "token_url");
        let choice = Choice {
            scope: &entry.scope,
            has_secret: secret(entry).is_some(),
            wanted: setting(entry, "sign_in"),
            authorize_url: &authorize_url,
            token_url: &token_url,
        };
        let sign_in = providers::sign_in(provider, &choice).ok_or_else(no_sign_in)?;
        let party = match providers::known(provider, &choice) {
            Some(service) => service.title.to_owned(),
            None if provider.id == "oauth2" && !entry.title.is_empty() => entry.title.clone(),
            None => provider.title.to_owned(),
        };
        Ok(Self { entry, block, provider, sign_in, party, authorize_url, token_url, troubles: Vec::new() })
    }

    /// What the block says, else the setting; empty when neither does.
    fn own(&self, value: &Option<String>, key: &str) -> String {
        let value = value.as_deref().map(str::trim).filter(|value| !value.is_empty());
        value.or_else(|| setting(self.entry, key)).unwrap_or_default().to_owned()
    }

    /// One of the addresses: the provider's fixed one, or the entry's own.
    fn address(&mut self, what: &str, fixed: &str, own: &str, needed: bool) -> Option<Url> {
        // An `oauth2` block names its own servers, also where the service is known.
        let is_own = fixed.is_empty() || (self.provider.id == "oauth2" && !own.is_empty());
        let mut text =
            if is_own { Some(own.to_owned()) } else { self.provider.fill(fixed, |key| setting(self.entry, key)) };
        // Practice plays any server, so nobody has to know the real one to practise.
        if self.entry.practice.is_some() && text.as_deref() == Some("") {
            text = Some(stand_in(self.provider.id, what));
        }
        match text.as_deref().map(str::trim) {
            Some("") if !needed => None,
            None | Some("") => {
                self.troubles.push(words::no_address(&self.party, what));
                None
            }
            Some(text) => {
                let url = endpoint(text);
                if url.is_none() {
                    self.troubles.push(Trouble::new(
                        format!("The {what} of {} is not usable.", self.party),
                        "Use an https address without a user name and without a #.",
                    ));
                }
                url
            }
        }
    }

    fn revoke_account(&self) -> Option<String> {
        let value = |key: &str| if key == "uid" { Some(UID) } else { setting(self.entry, key) };
        match self.sign_in.revoke {
            Revoke::Delete { url } => self.provider.fill(url, value),
            _ => None,
        }
    }

    /// The entry's scope verbatim, else that of the settings, else the provider's usual one.
    fn scope(&self) -> String {
        let own = Some(self.entry.scope.as_str()).filter(|scope| !scope.trim().is_empty());
        own.or_else(|| setting(self.entry, "scope")).unwrap_or(self.sign_in.default_scope).to_owned()
    }

    fn client(&mut self) -> (String, Option<Arc<Zeroizing<String>>>) {
        let ids = [Some(self.entry.client.id.as_str()), self.block.client_id.as_deref()];
        let id = ids.into_iter().flatten().map(str::trim).find(|id| !id.is_empty());
        let shared = |secret: &str| Arc::new(Zeroizing::new(secret.to_owned()));
        let (secret, need) = (secret(self.entry), self.sign_in.client_secret);
        let confidential = need == Need::Required || self.block.flow == Flow::ClientCredentials;
        if self.entry.practice.is_some() {
            // The builder's own secret stays at home: practice gets a made-up one.
            let made_up = need != Need::Forbidden && (confidential || secret.is_some());
            return (id.unwrap_or(PRACTICE_CLIENT).to_owned(), made_up.then(|| shared(PRACTICE_SECRET)));
        }
        if id.is_none() {
            self.troubles.push(words::no_client_id(&self.party));
        }
        if secret.is_none() && confidential {
            self.troubles.push(words::no_client_secret(&self.party));
        }
        (id.unwrap_or_default().to_owned(), secret.filter(|_| need != Need::Forbidden).map(shared))
    }
}

fn setting<'e>(entry: &'e Entry, key: &str) -> Option<&'e str> {
    entry.settings.get(key).map(|value| value.trim()).filter(|value| !value.is_empty())
}

/// An empty secret is none.
fn secret(entry: &Entry) -> Option<&str> {
    entry.client.secret.as_ref().map(|secret| secret.expose().as_str()).filter(|secret| !secret.is_empty())
}

fn client_auth(block: &OAuth2, sign_in: &SignIn) -> ClientAuth {
    match block.auth_style.as_deref().map(str::trim) {
        Some("basic") => ClientAuth::Basic,
        Some("body" | "post") => ClientAuth::Body,
        Some("none") => ClientAuth::None,
        Some("auto") => ClientAuth::Auto,
        _ => sign_in.client_auth,
    }
}

fn response_mode(block: &OAuth2) -> ResponseMode {
    match block.response_mode.as_deref().map(str::trim) {
        Some("form_post") => ResponseMode::FormPost,
        Some("fragment") => ResponseMode::Fragment,
        _ => ResponseMode::Query,
    }
}

/// The provider's parameters, and the entry's own in their place where they have the same name.
fn pairs(own: &[(String, String)], usual: &[(&str, &str)]) -> Vec<(String, String)> {
    let usual = usual.iter().filter(|(name, _)| !own.iter().any(|(given, _)| given == name));
    let usual = usual.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    usual.chain(own.iter().cloned()).collect()
}

/// The address of a practised server that nobody named; empty where it is not needed.
fn stand_in(provider: &str, what: &str) -> String {
    let path = match what {
        AUTHORIZE => "authorize",
        TOKEN => "token",
        USERINFO => "userinfo",
        _ => return String::new(),
    };
    format!("https://{provider}.example/oauth2/{path}")
}

fn route(usual: Redirect, own: Option<&RedirectTo>, fixed: &[u16], practised: bool) -> Route {
    if let Some(own) = own {
        return match own.host.trim() {
            "app" | "patchbay" => Route::DeepLink,
            "paste" => Route::Paste,
            host @ ("localhost" | "::1" | "[::1]") => {
                Route::Loopback { host: host.trim_matches(['[', ']']).into(), ports: own.ports.clone() }
            }
            _ => Route::Loopback { host: "127.0.0.1".into(), ports: own.ports.clone() },
        };
    }
    match usual {
        Redirect::DeepLink => Route::DeepLink,
        Redirect::Loopback { host, fixed_port } => {
            Route::Loopback { host: host.into(), ports: if fixed_port { fixed.to_vec() } else { Vec::new() } }
        }
        // The stand-in of a provider that takes https only redirects to this computer.
        Redirect::Paste if practised => Route::Loopback { host: "127.0.0.1".into(), ports: Vec::new() },
        Redirect::Paste => Route::Paste,
    }
}

fn path(own: Option<&RedirectTo>) -> String {
    let path = own.map_or("", |own| own.path.trim());
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-._~".contains(c);
    if path.len() > 1 && path.starts_with('/') && path != "/done" && path.chars().all(plain) {
        path.to_owned()
    } else {
        providers::CALLBACK_PATH.to_owned()
    }
}
