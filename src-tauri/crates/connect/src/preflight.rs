//! What will happen, before anything is opened or asked.

use providers::{Kind, split_scopes};

use crate::attempt::Way;
use crate::entry::{Entry, Flow, SecretFrom};
use crate::mint;
use crate::plan::{Plan, Route};
use crate::start::{check_way, fixed_redirect, loopback, usual_way};
use crate::trouble::Trouble;
use crate::{Connect, words};

/// What signing in needs and does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preflight {
    /// The name of the other party.
    pub party: String,
    /// The variant of signing in, and its name; empty where there is one only.
    pub variant: (String, String),
    /// Whether a person signs in, in a browser.
    pub browser: bool,
    /// The ways in which the answer can come back, the usual one first.
    pub ways: Vec<WayChoice>,
    /// The client id; empty when it is missing.
    pub client_id: String,
    /// Where the client secret was found.
    pub secret_from: SecretFrom,
    /// Whether one is sent.
    pub sends_secret: bool,
    /// Whether the code is bound to this attempt by PKCE S256.
    pub pkce: bool,
    /// What will be asked for.
    pub scopes: Vec<ScopeLine>,
    /// The hosts that get something: sign-in first, then tokens, then the rest.
    pub hosts: Vec<String>,
    /// Where to register.
    pub register_url: String,
    /// How to register.
    pub register_help: String,
    /// What else is worth knowing; may be empty.
    pub note: String,
    /// What is missing, in the order of mending; empty when it can start.
    pub missing: Vec<Trouble>,
    /// Whether practice plays the provider.
    pub practice: bool,
}

/// One way for the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WayChoice {
    /// The way.
    pub way: Way,
    /// The exact callback addresses to register. More than one: each of them. With port 0 in none of them, `any_port` says
    /// whether the port is left out.
    pub redirect_uris: Vec<String>,
    /// Whether any port is taken, so that the addresses are without one.
    pub any_port: bool,
    /// One sentence on it.
    pub label: String,
}

/// One scope in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeLine {
    /// As the provider writes it.
    pub scope: String,
    /// Continues "This lets the bot …"; `None` where that is not known.
    pub words: Option<&'static str>,
}

impl Connect {
    /// What signing in with this entry needs and does. Contacts nobody and opens nothing.
    pub fn preflight(&self, entry: &Entry) -> Preflight {
        let fixed = &self.0.setup.ports;
        match Plan::of(entry, fixed) {
            Ok((plan, missing)) => sign_in(entry, &plan, missing, fixed),
            Err(trouble) => other(entry, trouble),
        }
    }
}

fn sign_in(entry: &Entry, plan: &Plan, missing: Vec<Trouble>, fixed: &[u16]) -> Preflight {
    let browser = plan.flow == Flow::AuthCode;
    let usual = usual_way(plan);
    let mut ways = vec![usual];
    // A listener and pasting work wherever the address can be registered; they are the way out when a link does not arrive.
    ways.extend([Way::Loopback, Way::Paste].into_iter().filter(|way| {
        *way != usual && entry.provider == "oauth2" && (plan.practice.is_none() || *way == Way::Loopback)
    }));
    let ways: Vec<_> = ways
        .into_iter()
        .filter(|way| browser && check_way(plan, *way).is_ok())
        .map(|way| choice(plan, way, usual, fixed))
        .collect();
    let addresses = [&plan.authorize, &plan.request_token, &plan.token, &plan.userinfo, &plan.revoke];
    let mut hosts: Vec<String> = Vec::new();
    for host in addresses.into_iter().flatten().map(wire::host_of) {
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    let choice = providers::Choice {
        scope: &entry.scope,
        has_secret: plan.client_secret.is_some(),
        wanted: None,
        authorize_url: plan.authorize.as_ref().map_or("", |url| url.as_str()),
        token_url: plan.token.as_ref().map_or("", |url| url.as_str()),
    };
    let known = providers::known(plan.provider, &choice);
    let words = |scope: &str| match known {
        Some(service) => service.scope_words(scope),
        None => plan.provider.scope_words(scope),
    };
    let scopes = split_scopes(&plan.scope).into_iter();
    let texts = known
        .map_or((plan.provider.register_url, plan.provider.register_help, plan.provider.note), |service| {
            (service.register_url, service.register_help, service.note)
        });
    Preflight {
        party: plan.party.clone(),
        variant: (plan.sign_in.id.to_owned(), plan.sign_in.title.to_owned()),
        browser,
        ways,
        client_id: plan.client_id.clone(),
        secret_from: plan.secret_from,
        sends_secret: plan.client_secret.is_some(),
        pkce: plan.pkce,
        scopes: scopes.map(|scope| ScopeLine { scope: scope.to_owned(), words: words(scope) }).collect(),
        hosts,
        register_url: texts.0.to_owned(),
        register_help: texts.1.to_owned(),
        note: texts.2.to_owned(),
        missing,
        practice: plan.practice.is_some(),
    }
}

fn choice(plan: &Plan, way: Way, usual: Way, fixed: &[u16]) -> WayChoice {
    let (redirect_uris, any_port) = match way {
        Way::DeepLink | Way::Paste => (vec![fixed_redirect(plan, way)], false),
        Way::Loopback => {
            let (host, ports) = loopback(plan, fixed);
            let host = if host.contains(':') { format!("[{host}]") } else { host };
            match ports.is_empty() {
                true => (vec![format!("http://{host}{}", plan.path)], true),
                false => (ports.iter().map(|port| format!("http://{host}:{port}{}", plan.path)).collect(), false),
            }
        }
    };
    let label = match (way, &plan.route) {
        (way, _) if way == usual && matches!(plan.route, Route::Loopback { .. }) == (way == Way::Loopback) => {
            let kind = match &plan.route {
                Route::DeepLink => providers::Redirect::DeepLink,
                Route::Paste => providers::Redirect::Paste,
                Route::Loopback { host, ports } => providers::Redirect::Loopback {
                    host: if host == "localhost" { "localhost" } else { "127.0.0.1" },
                    fixed_port: !ports.is_empty(),
                },
            };
            words::redirect(&plan.party, kind)
        }
        (Way::Loopback, _) => "A callback on this computer; register each of these.".into(),
        (Way::Paste, _) => "The published callback; paste the address that the browser ends at.".into(),
        (Way::DeepLink, _) => "The browser hands the answer to the app; register this URL as it stands.".into(),
    };
    WayChoice { way, redirect_uris, any_port, label }
}

/// Entries without a sign-in.
fn other(entry: &Entry, trouble: Trouble) -> Preflight {
    let provider = providers::find(&entry.provider);
    let is_key = provider.is_some_and(|provider| provider.kind == Kind::ServiceAccount);
    let scopes = split_scopes(mint::scope(entry)).into_iter();
    Preflight {
        party: provider.map_or_else(|| entry.provider.clone(), |provider| provider.title.to_owned()),
        variant: (String::new(), String::new()),
        browser: false,
        ways: Vec::new(),
        client_id: String::new(),
        secret_from: SecretFrom::None,
        sends_secret: false,
        pkce: false,
        scopes: scopes.map(|scope| ScopeLine { scope: scope.to_owned(), words: None }).collect(),
        hosts: if is_key { vec!["oauth2.googleapis.com".into()] } else { Vec::new() },
        register_url: provider.map_or("", |provider| provider.register_url).to_owned(),
        register_help: provider.map_or("", |provider| provider.register_help).to_owned(),
        note: provider.map_or("", |provider| provider.note).to_owned(),
        missing: if is_key { Vec::new() } else { vec![trouble] },
        practice: entry.practice.is_some(),
    }
}
