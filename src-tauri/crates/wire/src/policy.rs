use std::net::{IpAddr, SocketAddr};

use url::{Host, Url};

use crate::address::{Zone, is_local_name, is_metadata_name, zone};
use crate::names::Reach;
use crate::practice::{host_of, is_at, played_host, practice_url};
use crate::{Caller, Request, Why, WireError};

/// What the studio decides, asked again on every hop. `host` is what [`crate::host_of`] gives, and stays the provider's
/// own when the practice server plays it.
pub trait Rules: Send + Sync {
    /// Whether somebody approved that tokens of this alias go to this host.
    fn approved(&self, bot: &str, alias: &str, host: &str) -> bool;
    /// Whether somebody allowed this bot to reach this loopback or private host.
    fn address_approved(&self, bot: &str, host: &str) -> bool;
    /// The ports of Patchbay's own servers on this machine.
    fn own_ports(&self) -> Vec<u16>;
    /// The practice server, if it runs.
    fn practice(&self) -> Option<SocketAddr>;
    /// Whether this bot's requests to this host are played by practice.
    fn is_practised(&self, bot: &str, host: &str) -> bool;
}

/// Where one hop really goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    /// The host that approvals and messages are about.
    pub(crate) host: String,
    /// What is connected to.
    pub(crate) url: Url,
    pub(crate) reach: Reach,
    pub(crate) practice: bool,
}

/// Judges one hop of a request: shape, practice, approvals, address. Names are judged when they are looked up.
pub(crate) fn route(request: &Request, url: &Url, rules: &dyn Rules) -> Result<Route, WireError> {
    let has_user = !url.username().is_empty() || url.password().is_some();
    if !matches!(url.scheme(), "http" | "https") || has_user || url.host().is_none() {
        return Err(WireError::BadUrl);
    }
    let bot = request.cause.bot.as_str();
    let server = rules.practice();
    let at_practice = server.is_some_and(|server| is_at(server, url));
    let host = match played_host(url) {
        Some(played) if at_practice => played.to_owned(),
        _ => host_of(url),
    };
    let practised = at_practice || rules.is_practised(bot, &host);
    let token = request.secrets.iter().find(|secret| secret.practice);
    let played = practised || token.is_some();
    if let Some(token) = token.filter(|_| !practised && near(url).is_some()) {
        return Err(WireError::PracticeTokenElsewhere { alias: token.alias.clone(), host });
    }
    if played {
        if let Some(real) = request.secrets.iter().find(|secret| !secret.practice) {
            return Err(WireError::RealTokenToPractice { alias: real.alias.clone(), host });
        }
        let server = server.ok_or_else(|| WireError::PracticeStopped { host: host.clone() })?;
        check_approvals(request, &host, rules)?;
        return Ok(Route { host, url: practice_url(server, url), reach: Reach::Near, practice: true });
    }
    let judged = judge(request, url, &host, rules);
    // What can be allowed is asked after what must be approved, so that a person is not asked in vain.
    if !matches!(judged, Err(WireError::Address { .. })) {
        check_approvals(request, &host, rules)?;
    }
    Ok(Route { reach: judged?, host, url: url.clone(), practice: false })
}

/// Every alias whose token is in the request, by its provenance or because a script carries its text.
fn check_approvals(request: &Request, host: &str, rules: &dyn Rules) -> Result<(), WireError> {
    let carried = request.secrets.iter().map(|secret| &secret.alias).filter(|_| request.cause.caller == Caller::Script);
    for alias in request.aliases.iter().chain(carried) {
        if !rules.approved(&request.cause.bot, alias, host) {
            return Err(WireError::NotApproved { alias: alias.clone(), host: host.to_owned() });
        }
    }
    Ok(())
}

fn judge(request: &Request, url: &Url, host: &str, rules: &dyn Rules) -> Result<Reach, WireError> {
    let refuse = |why| Err(WireError::Address { host: host.to_owned(), why });
    let encrypted = url.scheme() == "https";
    let metadata = url.domain().is_some_and(is_metadata_name);
    let zone = if metadata { Some(Zone::Never(Why::Metadata)) } else { near(url) };
    match (request.cause.caller, zone) {
        (_, Some(Zone::Never(why))) => refuse(why),
        (Caller::OAuth | Caller::Test, Some(Zone::Loopback)) => Ok(Reach::Near),
        (Caller::OAuth | Caller::Test, Some(Zone::Private)) => refuse(Why::Private),
        (Caller::OAuth | Caller::Test, _) if encrypted => Ok(Reach::Public),
        (Caller::OAuth | Caller::Test, _) => refuse(Why::PlainHttp),
        (Caller::Script, near) => {
            let own = near == Some(Zone::Loopback)
                && url.port_or_known_default().is_some_and(|port| rules.own_ports().contains(&port));
            let has_secret = !request.secrets.is_empty() || !request.aliases.is_empty();
            if own || rules.address_approved(&request.cause.bot, host) {
                Ok(Reach::Near)
            } else if near.is_some() {
                Err(WireError::AskAddress { host: host.to_owned() })
            } else if has_secret && !encrypted {
                refuse(Why::PlainHttp)
            } else {
                Ok(Reach::Public)
            }
        }
    }
}

/// The zone that the URL itself shows, if it is anything but public: a literal address or a name of this computer.
fn near(url: &Url) -> Option<Zone> {
    let zone = match url.host()? {
        Host::Ipv4(ip) => zone(IpAddr::from(ip)),
        Host::Ipv6(ip) => zone(IpAddr::from(ip)),
        Host::Domain(name) if is_local_name(name) => Zone::Loopback,
        Host::Domain(_) => return None,
    };
    (zone != Zone::Public).then_some(zone)
}

#[cfg(test)]
mod tests;
