use std::fmt;
use std::time::Duration;

use http::Method;
use jiff::Timestamp;
use serde::Serialize;
use url::Url;
use zeroize::Zeroizing;

/// Who asks, which decides the address policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Caller {
    /// Endpoints of a sign-in: https to public addresses; loopback only when the URL itself says so.
    OAuth,
    /// A bot's script: public addresses and Patchbay's own ports; other loopback and private ones once approved.
    Script,
    /// The studio's own test of a connection, under the rules of [`Caller::OAuth`].
    Test,
}

/// What caused a request, for the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cause {
    pub caller: Caller,
    /// The id of the open bot, or empty.
    pub bot: String,
    /// The test chat that asked.
    pub chat: Option<String>,
    /// File and line of the script, as `main.bubble:3`.
    pub place: Option<String>,
    /// In words: `refresh of google`.
    pub what: String,
}

/// A secret that stands in the request, and is masked wherever the request or its answer shows.
#[derive(Clone)]
pub struct Carried {
    pub alias: String,
    pub value: Zeroizing<String>,
    /// It belongs to the practice server, which alone may get it; a real one never goes there.
    pub practice: bool,
}

impl fmt::Debug for Carried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Carried({}, …)", self.alias)
    }
}

/// A request to send.
#[derive(Clone)]
pub struct Request {
    pub method: Method,
    /// http or https, with a host and without user information.
    pub url: Url,
    /// `Host`, `Content-Length`, `Accept-Encoding` and what belongs to the connection are set by the wire and ignored here.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The texts in the request that are secret; everything else is recorded in the clear.
    pub secrets: Vec<Carried>,
    /// The aliases whose tokens went into the request. Each must be approved for every host on the way. Empty for OAuth.
    pub aliases: Vec<String>,
    /// Redirects to follow, at most 3; with 0 a redirect is an answer like any other.
    pub follow: u8,
    /// From the first look-up of a name to the last byte of the answer, over all redirects.
    pub timeout: Duration,
    /// Largest answer in bytes, unpacked.
    pub body_limit: usize,
    pub cause: Cause,
}

impl Request {
    /// Time for a request of a sign-in.
    pub const OAUTH_TIMEOUT: Duration = Duration::from_secs(30);
    /// Time for a request of a script.
    pub const SCRIPT_TIMEOUT: Duration = Duration::from_secs(10);
    /// Largest answer of a sign-in's endpoint: 1 MiB.
    pub const OAUTH_BODY: usize = 1024 * 1024;
    /// Largest answer to a script: 10 MiB.
    pub const SCRIPT_BODY: usize = 10 * 1024 * 1024;

    /// A request without headers, body, secrets or redirects, within the limits of its caller.
    pub fn new(method: Method, url: Url, cause: Cause) -> Self {
        let (timeout, body_limit) = match cause.caller {
            Caller::OAuth | Caller::Test => (Self::OAUTH_TIMEOUT, Self::OAUTH_BODY),
            Caller::Script => (Self::SCRIPT_TIMEOUT, Self::SCRIPT_BODY),
        };
        Self {
            method,
            url,
            headers: Vec::new(),
            body: Vec::new(),
            secrets: Vec::new(),
            aliases: Vec::new(),
            follow: 0,
            timeout,
            body_limit,
            cause,
        }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.url.host_str().unwrap_or("?");
        write!(f, "Request({} {host}, {:?}, {} bytes)", self.method, self.cause.caller, self.body.len())
    }
}

/// An answer, whatever its status.
#[derive(Clone)]
pub struct Response {
    pub status: u16,
    /// Names in lower case, in the order of arrival.
    pub headers: Vec<(String, String)>,
    /// Unpacked if the answer said that it was packed with gzip.
    pub body: Vec<u8>,
    /// The address that answered, after redirects; the provider's own when practice played it.
    pub url: Url,
    /// Its number in the record.
    pub exchange: u64,
    /// When the server says that it answered (its `Date` header).
    pub date: Option<Timestamp>,
    /// The practice server answered.
    pub practice: bool,
}

impl Response {
    /// The first header of a name, which is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({}, {} bytes, exchange {})", self.status, self.body.len(), self.exchange)
    }
}
