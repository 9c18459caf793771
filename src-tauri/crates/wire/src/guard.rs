use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64URL_NOPAD;

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
}

impl Default for Guard {
    fn default() -> Self {
        Self { token: None, connections: 64, body_bytes: 2 * 1024 * 1024, header_bytes: 16 * 1024 }
    }
}

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
        let own = self.0.as_bytes();
        own.len() == given.len() && own.iter().zip(given).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
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
    host: Arc<str>,
    origin: Arc<str>,
}

impl Checked {
    pub(crate) fn new(guard: Guard, address: SocketAddr) -> Self {
        Self { guard: Arc::new(guard), host: address.to_string().into(), origin: format!("http://{address}").into() }
    }

    /// Why a request is turned away, if it is.
    fn refusal(&self, headers: &HeaderMap) -> Option<(StatusCode, &'static str)> {
        let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        if size > self.guard.header_bytes {
            return Some((StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too large."));
        }
        // A page that rebinds its own name to 127.0.0.1 still sends that name here.
        if one(headers, &header::HOST) != Some(self.host.as_bytes()) {
            return Some((StatusCode::MISDIRECTED_REQUEST, "This server answers to its own address only."));
        }
        if headers.contains_key(header::ORIGIN) && one(headers, &header::ORIGIN) != Some(self.origin.as_bytes()) {
            return Some((StatusCode::FORBIDDEN, "Requests of other origins are refused."));
        }
        let site = HeaderName::from_static("sec-fetch-site");
        if headers.contains_key(&site) && !matches!(one(headers, &site), Some(b"none" | b"same-origin")) {
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
}

/// The value of a header that must stand there exactly once.
fn one<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h [u8]> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    values.next().is_none().then_some(first.as_bytes())
}

pub(crate) async fn check(State(checked): State<Checked>, request: Request, next: Next) -> Response {
    match checked.refusal(request.headers()) {
        Some(refusal) => refusal.into_response(),
        None => next.run(request).await,
    }
}
