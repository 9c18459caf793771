use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64URL_NOPAD;
use subtle::ConstantTimeEq;

/// The header that carries a server's token.
pub const TOKEN_HEADER: &str = "x-patchbay-token";

/// What a loopback server accepts.
#[derive(Debug, Clone)]
pub struct Guard {
    /// Every request must carry this token in [`TOKEN_HEADER`]. `None`: the routes check a credential of their own.
    pub token: Option<Token>,
    /// Connections at the same time; further ones wait.
    pub connections: usize,
    /// Largest request body in bytes.
    pub body_bytes: usize,
    /// Largest sum of header names and values in bytes.
    pub header_bytes: usize,
    /// A connection that has not sent the whole head of its next request after this time is closed.
    pub header_deadline: Duration,
    /// Which `Origin` a request may have.
    pub origin: OriginRule,
    /// A browser may come here from another site, as long as it navigates: the address stands in its own tab.
    pub navigation: bool,
    /// Further values of `Host` that are accepted besides the bound address, as `localhost:47823`.
    pub hosts: Vec<String>,
}

impl Default for Guard {
    fn default() -> Self {
        Self {
            token: None,
            connections: 64,
            body_bytes: 2 * 1024 * 1024,
            header_bytes: 16 * 1024,
            header_deadline: Duration::from_secs(5),
            origin: OriginRule::OwnOnly,
            navigation: false,
            hosts: Vec::new(),
        }
    }
}

/// Which `Origin` a request may have, if it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OriginRule {
    /// The server's own, or `null` from a page of its own that sends no referrer.
    #[default]
    OwnOnly,
    /// Any: another site's form posts here.
    Any,
}

/// Largest request target (path and query) in bytes.
pub(crate) const TARGET_BYTES: usize = 8 * 1024;

/// 256 random bits that a server's callers must know. `Debug` does not show them.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new token from the system's random source.
    ///
    /// # Errors
    /// The system has no random source.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(BASE64URL_NOPAD.encode(&bytes)))
    }

    /// The text that callers send.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Compares in a time that depends on the length only.
    fn matches(&self, given: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(given).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// A guard together with the address it protects.
#[derive(Clone)]
pub(crate) struct Checked {
    guard: Arc<Guard>,
    /// Every accepted `Host`.
    hosts: Arc<[String]>,
}

type Refusal = (StatusCode, &'static str);

impl Checked {
    pub(crate) fn new(guard: Guard, address: SocketAddr) -> Self {
        let hosts = std::iter::once(address.to_string()).chain(guard.hosts.iter().cloned()).collect();
        Self { guard: Arc::new(guard), hosts }
    }

    /// Why a request is turned away, if it is.
    fn refusal(&self, request: &Request) -> Option<Refusal> {
        let headers = request.headers();
        let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        if size > self.guard.header_bytes {
            return Some((StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too large."));
        }
        if request.uri().path_and_query().is_some_and(|target| target.as_str().len() > TARGET_BYTES) {
            return Some((StatusCode::URI_TOO_LONG, "The address is too long."));
        }
        // A page that rebinds its own name to 127.0.0.1 still sends that name here.
        let Some(host) =
            one(headers, &header::HOST).filter(|host| self.hosts.iter().any(|own| own.as_bytes() == *host))
        else {
            return Some((StatusCode::MISDIRECTED_REQUEST, "This server answers to its own address only."));
        };
        if !self.accepts_origin(headers, host) {
            return Some((StatusCode::FORBIDDEN, "Requests of other origins are refused."));
        }
        if !self.accepts_site(headers) {
            return Some((StatusCode::FORBIDDEN, "Requests of other sites are refused."));
        }
        let token = self.guard.token.as_ref()?;
        let given = one(headers, &HeaderName::from_static(TOKEN_HEADER));
        if given.is_some_and(|given| token.matches(given)) {
            None
        } else {
            Some((StatusCode::UNAUTHORIZED, "The token of this run is missing or wrong."))
        }
    }

    fn accepts_origin(&self, headers: &HeaderMap, host: &[u8]) -> bool {
        if self.guard.origin == OriginRule::Any || !headers.contains_key(header::ORIGIN) {
            return true;
        }
        match one(headers, &header::ORIGIN) {
            // What a page under `Referrer-Policy: no-referrer` sends when it posts its form; only the browser itself
            // can say that it is of the same origin.
            Some(b"null") => one(headers, &SITE) == Some(b"same-origin"),
            Some(origin) => origin.strip_prefix(b"http://") == Some(host),
            None => false,
        }
    }

    fn accepts_site(&self, headers: &HeaderMap) -> bool {
        if !headers.contains_key(&SITE) {
            return true;
        }
        match one(headers, &SITE) {
            Some(b"none" | b"same-origin") => true,
            Some(b"cross-site" | b"same-site") => {
                self.guard.navigation
                    && one(headers, &MODE) == Some(b"navigate")
                    && one(headers, &DESTINATION) == Some(b"document")
            }
            _ => false,
        }
    }
}

const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const DESTINATION: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// The value of a header that must stand there exactly once.
fn one<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h [u8]> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    values.next().is_none().then_some(first.as_bytes())
}

pub(crate) async fn check(State(checked): State<Checked>, request: Request, next: Next) -> Response {
    match checked.refusal(&request) {
        Some(refusal) => refusal.into_response(),
        None => next.run(request).await,
    }
}
