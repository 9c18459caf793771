use std::error::Error;
use std::io;

use http::{HeaderMap, HeaderName, HeaderValue};
use reqwest::Client;

use crate::names::Barred;
use crate::policy::Route;
use crate::record::Pending;
use crate::send::Hop;
use crate::{Caller, Request, WireError};

/// Headers that belong to the connection or are worked out from the request.
const OWN: [&str; 12] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "upgrade",
    "te",
    "trailer",
    "expect",
    "accept-encoding",
    "proxy-authorization",
    "proxy-connection",
];

/// What one hop got.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// The headers of a request that are its caller's to choose.
pub(crate) fn sendable(headers: &[(String, String)]) -> Vec<(String, String)> {
    let own = |name: &str| OWN.iter().any(|own| name.eq_ignore_ascii_case(own));
    headers.iter().filter(|(name, _)| !own(name)).cloned().collect()
}

/// Sends one hop along its route and reads the answer to its end.
pub(crate) async fn send(
    client: &Client,
    request: &Request,
    hop: &Hop<'_>,
    route: &Route,
    pending: &mut Pending,
) -> Result<Answer, WireError> {
    let mut sent = client.request(hop.method.clone(), route.url.clone()).headers(header_map(&hop.headers)?);
    if let Some(body) = hop.body {
        sent = sent.body(body.to_vec());
    }
    let failed = |error: reqwest::Error| explain(&error, request, route);
    let mut answer = sent.send().await.map_err(failed)?;
    let status = answer.status().as_u16();
    let headers: Vec<(String, String)> = answer
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    pending.head(status, &headers);
    let mut body = Vec::new();
    let end = loop {
        match answer.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > request.body_limit => {
                body.extend_from_slice(&chunk[..request.body_limit - body.len()]);
                break Err(WireError::TooLarge { limit: request.body_limit });
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break Ok(()),
            Err(error) => break Err(failed(error)),
        }
    };
    pending.body(&body, &headers);
    end.map(|()| Answer { status, headers, body })
}

fn header_map(headers: &[(String, String)]) -> Result<HeaderMap, WireError> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        // A bad name is shown as far as it is a name, because a script may have mixed up name and value.
        let bad = || {
            let shown = name.chars().take_while(|char| char.is_ascii_alphanumeric() || "-_".contains(*char)).take(40);
            WireError::BadHeader { name: shown.collect() }
        };
        let parsed = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
        let mut value = HeaderValue::from_str(value).map_err(|_| bad())?;
        value.set_sensitive(true);
        map.append(parsed, value);
    }
    Ok(map)
}

/// What went wrong, read from the chain of causes; its texts are not shown, because they quote the URL.
fn explain(error: &reqwest::Error, request: &Request, route: &Route) -> WireError {
    let host = route.host.clone();
    if error.is_timeout() {
        return WireError::Unreachable { host };
    }
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(inner) = cause {
        if let Some(barred) = inner.downcast_ref::<Barred>() {
            return match *barred {
                Barred::Near(_) if request.cause.caller == Caller::Script => WireError::AskAddress { host },
                Barred::Near(why) | Barred::Never(why) => WireError::Address { host, why },
            };
        }
        if let Some(inner) = inner.downcast_ref::<io::Error>() {
            match inner.kind() {
                io::ErrorKind::ConnectionRefused => return WireError::Refused { host },
                // What rustls reports: certificates and broken records.
                io::ErrorKind::InvalidData if error.is_connect() => return WireError::Tls { host },
                io::ErrorKind::UnexpectedEof if error.is_connect() => return WireError::Tls { host },
                _ => {}
            }
        }
        cause = next_cause(inner);
    }
    if error.is_connect() { WireError::Unreachable { host } } else { WireError::Interrupted { host } }
}

/// The next error in the chain. An `io::Error` that wraps another one leaves it out of its own chain.
fn next_cause<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}
