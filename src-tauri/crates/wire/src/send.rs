use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::Method;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use tokio::time;
use url::Url;

use crate::clients::Clients;
use crate::names::{self, LookUp};
use crate::policy::{Route, route};
use crate::record::{Pending, Sink};
use crate::{Exchange, Mask, Request, Response, Rules, Why, WireError, hop, redirect};

/// What a wire needs from the studio.
pub struct Setup {
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Gets every exchange when it is over. It is called where the request runs and must be quick.
    pub record: Sink,
    pub rules: Arc<dyn Rules>,
}

/// Redirects that are followed at most, whatever a request wishes.
const FOLLOW: u8 = 3;

/// The only HTTP client. A clone is the same wire.
#[derive(Clone)]
pub struct Wire {
    inner: Arc<Inner>,
}

struct Inner {
    setup: Setup,
    clients: Clients,
    last: AtomicU64,
}

impl Wire {
    /// A wire. Nothing is opened or read before the first request.
    ///
    /// # Errors
    /// None today; certificates that cannot be read are an error of the request that needs them.
    pub fn new(setup: Setup) -> Result<Self, WireError> {
        Ok(Self::with_names(setup, names::system()))
    }

    pub(crate) fn with_names(setup: Setup, look_up: LookUp) -> Self {
        Self { inner: Arc::new(Inner { setup, clients: Clients::new(look_up), last: AtomicU64::new(0) }) }
    }

    /// Sends a request and follows its redirects; every hop is judged by all rules before anything is sent to it, and is
    /// an exchange in the record. An answer with an error status is an answer.
    ///
    /// # Errors
    /// A rule forbids it, or there was no complete answer within the time and size of the request.
    pub async fn send(&self, request: Request) -> Result<Response, WireError> {
        let carried = request.secrets.iter().map(|secret| (secret.alias.clone(), secret.value.as_str()));
        let mask = Arc::new(Mask::new(carried));
        let deadline = time::Instant::now() + request.timeout;
        let mut hop = Hop::first(&request);
        let mut left = request.follow.min(FOLLOW);
        loop {
            let (answer, route) = self.exchange(&request, &mut hop, &mask, deadline).await?;
            let location = answer.header("location").map(str::to_owned);
            let base = if route.practice { &route.url } else { &hop.url };
            let Some(target) = redirect::target(answer.status, location.as_deref(), base) else { return Ok(answer) };
            if request.follow == 0 {
                return Ok(answer);
            }
            left = left.checked_sub(1).ok_or(WireError::Redirects)?;
            hop = hop.next(answer.status, target.map_err(|_| WireError::BadUrl)?, &route);
        }
    }

    /// One hop: judged, sent, recorded.
    async fn exchange(
        &self,
        request: &Request,
        hop: &mut Hop<'_>,
        mask: &Arc<Mask>,
        deadline: time::Instant,
    ) -> Result<(Response, Route), WireError> {
        let setup = &self.inner.setup;
        let routed = route(request, &hop.url, &*setup.rules).and_then(|route| hop.arrive(&route).map(|()| route));
        let mut pending = self.begin(request, hop, mask);
        let id = pending.id();
        let result = async {
            let route = routed?;
            if route.practice {
                pending.at_practice();
            }
            let client = self.inner.clients.get(route.reach, route.url.scheme() == "https").await?;
            let sent = hop::send(&client, request, hop, &route, &mut pending);
            let answer = time::timeout_at(deadline, sent).await;
            let answer = answer.unwrap_or(Err(WireError::TimedOut { after: request.timeout }))?;
            let date = answer.headers.iter().find(|(name, _)| name == "date").and_then(|(_, date)| date_of(date));
            let url = hop.url.clone();
            let hop::Answer { status, headers, body } = answer;
            Ok((Response { status, headers, body, url, exchange: id, date, practice: route.practice }, route))
        }
        .await;
        // A host is a text that came from outside like any other.
        pending.end(result.as_ref().err().map(|error: &WireError| mask.apply(&error.to_string())));
        result
    }

    fn begin(&self, request: &Request, hop: &Hop, mask: &Arc<Mask>) -> Pending {
        let setup = &self.inner.setup;
        let mut shown = hop.url.clone();
        // A URL with user information is refused, and its password is no secret that anybody knows of.
        let _ = shown.set_username("");
        let _ = shown.set_password(None);
        let exchange = Exchange {
            id: self.inner.last.fetch_add(1, Ordering::Relaxed) + 1,
            at: (setup.clock)(),
            cause: request.cause.clone(),
            method: hop.method.to_string(),
            url: shown.into(),
            request_headers: hop.headers.clone(),
            request_body: String::new(),
            status: None,
            response_headers: Vec::new(),
            response_body: String::new(),
            ms: 0,
            practice: false,
            aliases: request.aliases.clone(),
            error: None,
            truncated: false,
        };
        Pending::begin(exchange, hop.body.unwrap_or_default(), Arc::clone(mask), Arc::clone(&setup.record))
    }
}

/// What one hop sends.
pub(crate) struct Hop<'r> {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<&'r [u8]>,
    /// Where the hop before went, which decides what this one may tell.
    from: Option<Origin>,
}

#[derive(Clone, PartialEq, Eq)]
struct Origin {
    host: String,
    encrypted: bool,
    practice: bool,
}

impl Origin {
    fn of(route: &Route) -> Self {
        Self { host: route.host.clone(), encrypted: route.url.scheme() == "https", practice: route.practice }
    }
}

impl<'r> Hop<'r> {
    fn first(request: &'r Request) -> Self {
        let mut headers = hop::sendable(&request.headers);
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("user-agent")) {
            headers.push(("user-agent".to_owned(), concat!("Patchbay/", env!("CARGO_PKG_VERSION")).to_owned()));
        }
        let body = (!request.body.is_empty()).then_some(request.body.as_slice());
        Self { method: request.method.clone(), url: request.url.clone(), headers, body, from: None }
    }

    fn next(self, status: u16, url: Url, route: &Route) -> Self {
        let (method, with_body) = redirect::method(status, &self.method);
        let mut next = Self { method, url, from: Some(Origin::of(route)), ..self };
        if !with_body {
            next.drop_body();
        }
        next
    }

    /// Forgets what this host must not learn.
    fn arrive(&mut self, route: &Route) -> Result<(), WireError> {
        let Some(from) = self.from.take() else { return Ok(()) };
        let to = Origin::of(route);
        if from.encrypted && !to.encrypted && !to.practice {
            return Err(WireError::Address { host: to.host, why: Why::Downgrade });
        }
        if from != to {
            redirect::strip(&mut self.headers);
            self.drop_body();
        }
        Ok(())
    }

    fn drop_body(&mut self) {
        self.body = None;
        redirect::strip_body(&mut self.headers);
    }
}

fn date_of(header: &str) -> Option<Timestamp> {
    rfc2822::parse(header).ok().map(|date| date.timestamp())
}

#[cfg(test)]
mod tests;
