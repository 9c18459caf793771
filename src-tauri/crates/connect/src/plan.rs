//! An entry together with the facts of its provider: all that requests are built from.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use providers::{Choice, ClientAuth, Kind, Need, Pkce, Protocol, Provider, Redirect, Revoke, SignIn};
use store::BotId;
use url::{Host, Url};
use zeroize::Zeroizing;

use crate::entry::{Entry, Flow, OAuth2, RedirectTo, SecretFrom};
use crate::grant::Origins;
use crate::trouble::Trouble;
use crate::words;

/// The client that practice is told when the builder has none. It opens nothing but practice.
const PRACTICE_CLIENT: &str = "practice-client";
const PRACTICE_SECRET: &str = "practice-secret-that-opens-nothing-else";

/// What is sent where for one entry. Cloning is cheap enough for every request to own one.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) bot: BotId,
    pub(crate) open_bot: String,
    pub(crate) alias: String,
    pub(crate) persona: Option<String>,
    pub(crate) provider: &'static Provider,
    pub(crate) sign_in: &'static SignIn,
    /// The entry's name.
    pub(crate) title: String,
    /// The name of the other party.
    pub(crate) party: String,
    pub(crate) flow: Flow,
    pub(crate) authorize: Option<Url>,
    pub(crate) token: Option<Url>,
    pub(crate) request_token: Option<Url>,
    pub(crate) userinfo: Option<Url>,
    pub(crate) revoke: Option<Url>,
    pub(crate) issuer: Option<String>,
    pub(crate) issuer_required: bool,
    pub(crate) client_id: String,
    pub(crate) client_secret: Option<Arc<Zeroizing<String>>>,
    pub(crate) secret_from: SecretFrom,
    pub(crate) client_auth: ClientAuth,
    pub(crate) pkce: bool,
    pub(crate) scope: String,
    pub(crate) authorize_params: Vec<(String, String)>,
    pub(crate) token_params: Vec<(String, String)>,
    pub(crate) refresh_params: Vec<(String, String)>,
    pub(crate) userinfo_map: BTreeMap<String, String>,
    pub(crate) response: ResponseMode,
    pub(crate) route: Route,
    pub(crate) path: String,
    pub(crate) practice: Option<SocketAddr>,
}

/// How the answer reaches the callback address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseMode {
    Query,
    FormPost,
    Fragment,
}

/// Where the callback goes unless the person chooses otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    DeepLink,
    /// `ports` empty: any.
    Loopback {
        host: String,
        ports: Vec<u16>,
    },
    Paste,
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Plan({} at {})", self.alias, self.provider.id)
    }
}

impl Plan {
    /// Puts an entry and its provider together. With it, everything that keeps it from working, in the order of mending.
    pub(crate) fn of(entry: &Entry, ports: &[u16]) -> Result<(Self, Vec<Trouble>), Trouble> {
        let provider =
            providers::find(&entry.provider).filter(|provider| provider.kind == Kind::Oauth).ok_or_else(|| {
                Trouble::new(format!("{} has no sign-in.", entry.title), "Fill in its credentials instead.")
            })?;
        let setting = |key: &str| entry.settings.get(key).map(String::as_str).filter(|value| !value.trim().is_empty());
        let none = OAuth2::default();
        let block = entry.oauth2.as_ref().unwrap_or(&none);
        let secret = entry.client.secret.as_ref().map(|secret| secret.expose()).filter(|secret| !secret.is_empty());
        let given =
            |own: &str, key: &str| if own.is_empty() { setting(key).unwrap_or("").to_owned() } else { own.to_owned() };
        let (authorize_url, token_url) =
            (given(&block.authorize_url, "authorize_url"), given(&block.token_url, "token_url"));
        let choice = Choice {
            scope: &entry.scope,
            has_secret: secret.is_some(),
            wanted: setting("sign_in"),
            authorize_url: &authorize_url,
            token_url: &token_url,
        };
        let sign_in = providers::sign_in(provider, &choice)
            .ok_or_else(|| Trouble::new(format!("{} has no sign-in.", provider.title), "Choose another provider."))?;
        let party = match providers::known(provider, &choice) {
            Some(service) => service.title.to_owned(),
            None if provider.id == "oauth2" && !entry.title.is_empty() => entry.title.clone(),
            None => provider.title.to_owned(),
        };

        let mut troubles = Vec::new();
        let mut address = |what: &str, fixed: &str, own: &str, needed: bool| -> Option<Url> {
            // An `oauth2` block names its own servers, also where the service is known.
            let is_own = fixed.is_empty() || (provider.id == "oauth2" && !own.is_empty());
            let text = if is_own { Some(own.to_owned()) } else { provider.fill(fixed, setting) };
            match text.as_deref().map(str::trim) {
                None => troubles.push(words::no_address(&party, what)),
                Some("") if needed => troubles.push(words::no_address(&party, what)),
                Some("") => {}
                Some(text) => match endpoint(text) {
                    Some(url) => return Some(url),
                    None => troubles.push(Trouble::new(
                        format!("The {what} of {party} is not usable."),
                        "Use an https address without a user name and without a #.",
                    )),
                },
            }
            None
        };
        let flow = block.flow;
        let code = flow == Flow::AuthCode;
        let ends = &sign_in.endpoints;
        let authorize = address("authorize URL", ends.authorize, &authorize_url, code);
        let token = address("token URL", ends.token, &token_url, true);
        let request_token = address("request token URL", ends.request_token, "", sign_in.protocol == Protocol::OAuth1);
        let own = |value: &Option<String>, key: &str| {
            value
                .clone()
                .filter(|value| !value.trim().is_empty())
                .or_else(|| setting(key).map(str::to_owned))
                .unwrap_or_default()
        };
        let userinfo_url = sign_in.userinfo.as_ref().map_or("", |info| info.url);
        let userinfo = address("userinfo URL", userinfo_url, &own(&block.userinfo_url, "userinfo_url"), false);
        let revoke_url = match sign_in.revoke {
            Revoke::Form { url, .. } | Revoke::Signed { url } => url,
            // Its address holds the account's id, which is known at the time of revoking only.
            Revoke::Delete { .. } | Revoke::None { .. } => "",
        };
        let revoke = address("revoke URL", revoke_url, &own(&block.revoke_url, "revoke_url"), false);

        let client_auth = match block.auth_style.as_deref().map(str::trim) {
            Some("basic") => ClientAuth::Basic,
            Some("body" | "post") => ClientAuth::Body,
            Some("none") => ClientAuth::None,
            Some("auto") => ClientAuth::Auto,
            _ => sign_in.client_auth,
        };
        let (client_id, client_secret) = client(entry, block, sign_in, secret, &party, &mut troubles);
        let pairs = |own: &[(String, String)], usual: &[(&str, &str)]| {
            let usual = usual.iter().filter(|(name, _)| !own.iter().any(|(given, _)| given == name));
            let usual = usual.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            usual.chain(own.iter().cloned()).collect::<Vec<_>>()
        };
        let scope = match (entry.scope.trim().is_empty(), setting("scope")) {
            (false, _) => entry.scope.clone(),
            (true, Some(scope)) => scope.to_owned(),
            (true, None) => sign_in.default_scope.to_owned(),
        };
        let issuer = block.issuer.clone().or_else(|| setting("issuer").map(str::to_owned));
        let issuer = issuer.filter(|issuer| !issuer.is_empty());
        let response = match block.response_mode.as_deref() {
            Some("form_post") => ResponseMode::FormPost,
            Some("fragment") => ResponseMode::Fragment,
            _ => ResponseMode::Query,
        };
        let route = route(sign_in.redirect, block.redirect.as_ref(), ports, entry.practice.is_some());
        let plan = Self {
            bot: entry.bot,
            open_bot: entry.open_bot.clone(),
            alias: entry.alias.clone(),
            persona: entry.persona.clone(),
            provider,
            sign_in,
            title: if entry.title.is_empty() { party.clone() } else { entry.title.clone() },
            party,
            flow,
            authorize,
            token,
            request_token,
            userinfo,
            revoke,
            issuer: issuer.or_else(|| sign_in.issuer.map(str::to_owned)),
            issuer_required: block.issuer_required,
            client_id,
            client_secret,
            secret_from: entry.client.secret_from,
            client_auth,
            pkce: code && block.pkce.unwrap_or(sign_in.pkce != Pkce::Unsupported),
            scope,
            authorize_params: pairs(&block.authorize_params, sign_in.authorize_params),
            token_params: pairs(&block.token_params, sign_in.token_params),
            refresh_params: pairs(&block.refresh_params, sign_in.refresh_params),
            userinfo_map: block.userinfo_map.clone(),
            response,
            route,
            path: path(block.redirect.as_ref()),
            practice: entry.practice,
        };
        Ok((plan, troubles))
    }

    /// The plan, or the first thing that keeps it from working.
    pub(crate) fn ready(entry: &Entry, ports: &[u16]) -> Result<Self, Trouble> {
        let (plan, mut troubles) = Self::of(entry, ports)?;
        if troubles.is_empty() { Ok(plan) } else { Err(troubles.swap_remove(0)) }
    }

    /// The servers that a sign-in of this plan is bound to.
    pub(crate) fn origins(&self) -> Origins {
        let origin = |url: &Option<Url>| url.as_ref().map(|url| url.origin().ascii_serialization());
        let revoke = match self.sign_in.revoke {
            Revoke::Delete { url } => Url::parse(&url.replace("{uid}", "0")).ok(),
            _ => self.revoke.clone(),
        };
        Origins { authorize: origin(&self.authorize), token: origin(&self.token), revoke: origin(&revoke) }
    }

    /// Where the browser or a request goes for an address: to the practice server if the entry is practised.
    pub(crate) fn played(&self, url: &Url) -> Url {
        self.practice.map_or_else(|| url.clone(), |practice| wire::practice_url(practice, url))
    }

    /// The issuer that answers must come from, or what stands for it: `Err` has the origins that count when none is known.
    pub(crate) fn is_issuer(&self, given: &str) -> bool {
        match &self.issuer {
            // A part in braces is known to the provider only (Microsoft's tenant).
            Some(issuer) => match (issuer.split_once('{'), issuer.rsplit_once('}')) {
                (Some((head, _)), Some((_, tail))) => {
                    let middle = given.strip_prefix(head).and_then(|rest| rest.strip_suffix(tail));
                    middle.is_some_and(|part| !part.is_empty() && !part.contains(['/', '?', '#', '@']))
                }
                _ => issuer == given,
            },
            None => {
                let origins = self.origins();
                let given = Url::parse(given).map(|url| url.origin().ascii_serialization());
                given
                    .is_ok_and(|given| [origins.authorize, origins.token].iter().flatten().any(|known| *known == given))
            }
        }
    }
}

fn client(
    entry: &Entry,
    block: &OAuth2,
    sign_in: &SignIn,
    secret: Option<&String>,
    party: &str,
    troubles: &mut Vec<Trouble>,
) -> (String, Option<Arc<Zeroizing<String>>>) {
    let id = Some(entry.client.id.trim()).filter(|id| !id.is_empty()).or(block.client_id.as_deref().map(str::trim));
    let id = id.filter(|id| !id.is_empty()).map(str::to_owned);
    let shared = |secret: &str| Some(Arc::new(Zeroizing::new(secret.to_owned())));
    let forbidden = sign_in.client_secret == Need::Forbidden;
    let confidential = sign_in.client_secret == Need::Required || block.flow == Flow::ClientCredentials;
    if entry.practice.is_some() {
        // The builder's own secret stays at home: practice gets a made-up one.
        let made_up = !forbidden && (confidential || secret.is_some());
        return (id.unwrap_or_else(|| PRACTICE_CLIENT.into()), made_up.then(|| shared(PRACTICE_SECRET)).flatten());
    }
    if id.is_none() {
        troubles.push(words::no_client_id(party));
    }
    if secret.is_none() && confidential {
        troubles.push(words::no_client_secret(party));
    }
    (id.unwrap_or_default(), secret.filter(|_| !forbidden).and_then(|secret| shared(secret)))
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

/// An address that may be asked (RFC 6749 sections 3.1 and 3.2): https, or http to a loopback literal; no user name, no
/// fragment, no control characters, which some programs would read differently than others.
pub(crate) fn endpoint(text: &str) -> Option<Url> {
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let loopback = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(ip) => IpAddr::from(ip).is_loopback(),
        Host::Ipv6(ip) => IpAddr::from(ip).is_loopback(),
    };
    let scheme = url.scheme() == "https" || (url.scheme() == "http" && loopback);
    let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    (scheme && bare).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_https_or_this_computer() {
        let check = |text: &str, expect: bool| assert_eq!(endpoint(text).is_some(), expect, "{text}");
        check("https://a.example/token", true);
        check("https://a.example/token?x=1", true);
        check("http://127.0.0.1:8080/token", true);
        check("http://[::1]:8080/token", true);
        check("http://localhost/token", true);
        check("http://a.example/token", false);
        check("http://127.0.0.1.a.example/token", false);
        check("http://localhost.a.example/token", false);
        check("https://user@a.example/token", false);
        check("https://a.example/token#x", false);
        check("https://a.example/\ntoken", false);
        check("file:///etc/passwd", false);
        check("javascript:alert(1)", false);
        check("patchbay://auth", false);
        check("data:text/html,x", false);
        check("/token", false);
        check("", false);
    }
}
