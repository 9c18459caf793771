//! Connecting, connections, app credentials, practice, personas. No secret is in any of them.

use studio::connect::{self, Details, Revoked, SecretFrom as From_, Stage, Status, Verdict as Said, Way};
use studio::{EntryState, providers};

use crate::types::*;

impl From<Way> for CallbackWay {
    fn from(way: Way) -> Self {
        match way {
            Way::DeepLink => Self::DeepLink,
            Way::Loopback => Self::Loopback,
            Way::Paste => Self::Paste,
        }
    }
}

impl From<CallbackWay> for Way {
    fn from(way: CallbackWay) -> Self {
        match way {
            CallbackWay::DeepLink => Self::DeepLink,
            CallbackWay::Loopback => Self::Loopback,
            CallbackWay::Paste => Self::Paste,
        }
    }
}

pub(crate) fn preflight(preflight: &connect::Preflight, kind: ConnectFlow) -> Preflight {
    let own = |trouble: &connect::Trouble| Advice { message: trouble.message.clone(), hint: trouble.hint.clone() };
    let hosts = &preflight.hosts;
    let note = (!preflight.note.is_empty()).then(|| Advice { message: preflight.note.clone(), hint: String::new() });
    let way = preflight.ways.first();
    Preflight {
        practice: preflight.practice,
        flow: kind,
        client_id: preflight.client_id.clone(),
        secret_from: match preflight.secret_from {
            From_::Manifest => SecretFrom::Manifest,
            From_::Vault => SecretFrom::Vault,
            From_::Preferences => SecretFrom::Preferences,
            From_::None => SecretFrom::None,
        },
        needs_secret: preflight.sends_secret,
        callbacks: preflight.ways.iter().flat_map(callbacks).collect(),
        way: way.map_or(CallbackWay::Loopback, |own| own.way.into()),
        ways: preflight.ways.iter().map(|own| own.way.into()).collect(),
        authorize_at: hosts.first().cloned().unwrap_or_default(),
        token_at: hosts.get(1).or(hosts.first()).cloned().unwrap_or_default(),
        scopes: preflight
            .scopes
            .iter()
            .map(|own| ScopeView { scope: own.scope.clone(), words: own.words.unwrap_or_default().to_owned() })
            .collect(),
        register_url: preflight.register_url.clone(),
        register_help: preflight.register_help.clone(),
        hosts: hosts.clone(),
        problems: preflight.missing.iter().map(own).collect(),
        hints: note.into_iter().collect(),
    }
}

fn callbacks(way: &connect::WayChoice) -> Vec<Callback> {
    let name = match way.way {
        Way::DeepLink => "In this app",
        Way::Loopback if way.any_port => "On this computer, any port",
        Way::Loopback => "On this computer",
        Way::Paste => "When published",
    };
    way.redirect_uris.iter().map(|url| Callback { label: name.to_owned(), url: url.clone() }).collect()
}

impl From<studio::Attempt> for AttemptView {
    fn from(attempt: studio::Attempt) -> Self {
        let studio::Attempt { view, bot } = attempt;
        let link = url::Url::parse(&view.url).ok();
        let query = |name: &str| {
            let pairs = link.as_ref().map(url::Url::query_pairs);
            pairs.into_iter().flatten().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        let (state, message, hint) = outcome(&view);
        let scope = query("scope").unwrap_or_default();
        Self {
            details: details(&view, &query),
            authorize_at: link.as_ref().map(display).unwrap_or_default(),
            token_at: view.party.clone(),
            scopes: providers::split_scopes(&scope).into_iter().map(str::to_owned).collect(),
            callbacks: registered(&view),
            attempt: view.id,
            bot,
            alias: view.alias,
            persona: view.persona,
            title: view.title,
            practice: view.practice,
            state,
            opened: view.opened,
            link: view.url,
            way: view.way.into(),
            started_at: view.started_at.to_string(),
            ends_at: view.expires_at.to_string(),
            ended_at: None,
            message,
            hint,
        }
    }
}

fn outcome(view: &connect::AttemptView) -> (AttemptState, String, String) {
    let told = |trouble: &connect::Trouble| (trouble.message.clone(), trouble.hint.clone());
    match &view.stage {
        Stage::Waiting => {
            let (message, hint) = view.trouble.as_ref().map(told).unwrap_or_default();
            (AttemptState::Waiting, message, hint)
        }
        Stage::Exchanging => (AttemptState::Exchanging, String::new(), String::new()),
        Stage::Connected { who, notes, .. } => {
            let practice = if view.practice { " with practice" } else { "" };
            let message = match who {
                Some(who) => format!("{} is connected{practice} as {who}.", view.title),
                None => format!("{} is connected{practice}.", view.title),
            };
            let hint = notes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
            (AttemptState::Connected, message, hint)
        }
        Stage::Failed(trouble) => {
            let (message, hint) = told(trouble);
            (AttemptState::Failed, message, hint)
        }
        Stage::Cancelled => {
            let message = format!("The sign-in to {} was cancelled.", view.title);
            (AttemptState::Cancelled, message, "Try again when you are ready.".to_owned())
        }
        Stage::TimedOut(trouble) => {
            let (message, hint) = told(trouble);
            (AttemptState::TimedOut, message, hint)
        }
    }
}

fn registered(view: &connect::AttemptView) -> Vec<Callback> {
    if view.redirect_uri.is_empty() {
        return Vec::new();
    }
    let here = match view.way {
        Way::DeepLink => "In this app",
        Way::Loopback => "On this computer",
        Way::Paste => "When published",
    };
    let mut all = vec![Callback { label: here.to_owned(), url: view.redirect_uri.clone() }];
    if view.way != Way::Paste {
        all.push(Callback { label: "When published".to_owned(), url: providers::HOSTED_CALLBACK.to_owned() });
    }
    all
}

fn details(view: &connect::AttemptView, query: &dyn Fn(&str) -> Option<String>) -> Vec<Detail> {
    let row = |name: &str, value: Option<String>, note: &str| {
        value.map(|value| Detail { name: name.to_owned(), value, note: note.to_owned() })
    };
    let challenge = query("code_challenge");
    let flow = if challenge.is_some() { "auth_code, PKCE S256" } else { "auth_code" };
    let listener = url::Url::parse(&view.redirect_uri).ok().filter(|_| view.way == Way::Loopback);
    let wrong = (view.wrong > 0).then(|| view.wrong.to_string());
    let rows = [
        row("Flow", (!view.url.is_empty()).then(|| flow.to_owned()), ""),
        row("Challenge", challenge, ""),
        row("State", query("state"), "checked when the browser returns"),
        row("Scope", query("scope"), ""),
        row("Listener", listener.as_ref().and_then(authority), "open for this sign-in only"),
        row("Other callbacks", wrong, "with another state, refused"),
    ];
    rows.into_iter().flatten().collect()
}

/// Host and path.
fn display(address: &url::Url) -> String {
    format!("{}{}", authority(address).unwrap_or_default(), address.path())
}

fn authority(address: &url::Url) -> Option<String> {
    let host = address.host_str()?;
    Some(address.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// The jack of an entry that is signed in to, and why it is so where the state's own label does not say it.
pub(crate) fn jack(state: &EntryState, user: bool) -> (JackState, String) {
    match &state.state.status {
        Status::NotConnected if user => (JackState::AskedInChat, String::new()),
        Status::NotConnected => (JackState::NotConnected, String::new()),
        Status::Connecting(_) => (JackState::Connecting, "Waiting for you".to_owned()),
        Status::Connected { .. } if user => (JackState::AskedConnected, String::new()),
        Status::Connected { .. } => (JackState::Connected, String::new()),
        Status::NeedsAttention(trouble) => (JackState::NeedsAttention, trouble.message.clone()),
        Status::Failed { trouble, .. } => (JackState::Failed, trouble.message.clone()),
    }
}

pub(crate) fn connection(state: &EntryState) -> Option<ConnectionView> {
    let details = state.state.details.as_ref()?;
    let host = |own: &studio::Host| HostView { host: own.host.clone(), approved: own.approved };
    let change = |own: &connect::OriginChange| ChangedOrigin {
        what: "address".to_owned(),
        old: own.old.clone(),
        new: own.new.clone(),
    };
    Some(ConnectionView {
        token_id: details.id.clone(),
        practice: details.practice,
        account: account(details),
        scopes_asked: details.asked.clone(),
        scopes_granted: details.granted.clone(),
        expires_at: details.expires_at.and_then(moment),
        renews: details.renews,
        connected_at: details.connected_at.to_string(),
        last_used_at: details.used_at.map(|at| at.to_string()),
        last_result: details.last.as_ref().map(|last| ResultView {
            ok: last.ok,
            message: [last.message.as_str(), last.hint.as_str()].join(" ").trim().to_owned(),
            at: moment(last.at).unwrap_or_default(),
        }),
        hosts: state.hosts.iter().map(host).collect(),
        changed_origins: details.changes.iter().map(change).collect(),
    })
}

fn account(details: &Details) -> String {
    let who = &details.who;
    let name = who.name.clone().or_else(|| who.nickname.clone());
    match (name, &who.email) {
        (Some(name), Some(email)) if name != *email => format!("{name} ({email})"),
        (Some(name), _) => name,
        (None, Some(email)) => email.clone(),
        (None, None) => details.uid.clone().unwrap_or_default(),
    }
}

/// Unix seconds in the form in which times cross.
fn moment(seconds: i64) -> Option<String> {
    studio::moment(seconds)
}

impl From<connect::Tested> for TestView {
    fn from(tested: connect::Tested) -> Self {
        Self {
            ok: tested.ok,
            message: tested.message,
            hint: tested.hint,
            at: tested.at.to_string(),
            milliseconds: u32::try_from(tested.ms).unwrap_or(u32::MAX),
        }
    }
}

impl From<connect::Checked> for CheckView {
    fn from(checked: connect::Checked) -> Self {
        Self {
            verdict: match checked.verdict {
                Said::Right => Verdict::Right,
                Said::Wrong => Verdict::Wrong,
                Said::Unknown => Verdict::Unknown,
            },
            message: checked.trouble.message,
            hint: checked.trouble.hint,
        }
    }
}

pub(crate) fn disconnected(deleted: &connect::Deleted) -> Advice {
    let (message, hint) = match &deleted.revoked {
        _ if !deleted.existed => ("Nothing was connected any more.", ""),
        Revoked::Done => ("The sign-in was revoked at the provider and deleted here.", ""),
        Revoked::NotOffered { instead } => ("The sign-in was deleted here.", instead.as_str()),
        Revoked::Failed { why } => ("The sign-in was deleted here, but the provider was not told.", why.as_str()),
    };
    Advice { message: message.to_owned(), hint: hint.to_owned() }
}

pub(crate) fn credentials(own: &studio::Credentials) -> CredentialsView {
    let setting = |setting: &providers::Setting| SettingView {
        name: setting.key.to_owned(),
        label: setting.title.to_owned(),
        help: setting.help.to_owned(),
        value: own.settings.get(setting.key).cloned().unwrap_or_default(),
        required: setting.required,
    };
    CredentialsView {
        provider: own.provider.id.to_owned(),
        title: own.provider.title.to_owned(),
        client_id: own.client_id.clone(),
        has_secret: own.has_secret,
        settings: own.provider.settings.iter().map(setting).collect(),
        register_url: own.provider.register_url.to_owned(),
        register_help: own.provider.register_help.to_owned(),
        callbacks: own.provider.sign_in.iter().flat_map(|way| to_register(way.redirect)).collect(),
    }
}

/// What to register at a provider for this kind of callback.
fn to_register(redirect: providers::Redirect) -> Vec<Callback> {
    let callback = |label: &str, url: String| Callback { label: label.to_owned(), url };
    let path = providers::CALLBACK_PATH;
    match redirect {
        providers::Redirect::DeepLink => vec![callback("In this app", providers::DEEP_LINK_CALLBACK.to_owned())],
        providers::Redirect::Paste => vec![callback("When published", providers::HOSTED_CALLBACK.to_owned())],
        providers::Redirect::Loopback { host, fixed_port: false } => {
            vec![callback("On this computer, any port", format!("http://{host}{path}"))]
        }
        providers::Redirect::Loopback { host, fixed_port: true } => {
            let ports = providers::FIXED_PORTS.iter();
            ports.map(|port| callback("On this computer", format!("http://{host}:{port}{path}"))).collect()
        }
    }
}

impl From<studio::PracticeState> for PracticeView {
    fn from(state: studio::PracticeState) -> Self {
        let fault = |fault: studio::FaultState| FaultView { name: fault.name, label: fault.label, on: fault.on };
        Self {
            running: state.base.is_some(),
            base: state.base.unwrap_or_default(),
            people: state.people,
            faults: state.faults.into_iter().map(fault).collect(),
        }
    }
}

impl From<studio::PersonaRow> for PersonaView {
    fn from(row: studio::PersonaRow) -> Self {
        Self {
            persona: row.persona,
            name: row.name,
            first_name: row.first_name,
            last_name: row.last_name,
            email: row.email,
            connected: row.connected,
            remembered: row.remembered,
        }
    }
}
