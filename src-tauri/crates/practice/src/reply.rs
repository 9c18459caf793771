//! What practice answers, before it becomes a response of the HTTP library.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use jiff::Timestamp;
use serde_json::Value;
use url::form_urlencoded;

/// A status, headers and a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn new(status: u16, media_type: &str, body: impl Into<String>) -> Self {
        Self { status, headers: vec![("content-type", media_type.to_owned())], body: body.into() }
    }

    pub(crate) fn json(status: u16, value: &Value) -> Self {
        Self::new(status, "application/json; charset=utf-8", value.to_string())
    }

    pub(crate) fn text(status: u16, text: impl Into<String>) -> Self {
        Self::new(status, "text/plain; charset=utf-8", text)
    }

    pub(crate) fn form<'p>(status: u16, pairs: impl IntoIterator<Item = (&'p str, &'p str)>) -> Self {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        Self::new(status, "application/x-www-form-urlencoded", body)
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: String::new() }
    }

    /// Sends a browser elsewhere with GET.
    pub(crate) fn redirect(to: &str) -> Self {
        Self::empty(303).with("location", to)
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Whether the body is JSON by its media type.
    pub(crate) fn is_json(&self) -> bool {
        self.headers.iter().any(|(name, value)| *name == "content-type" && value.starts_with("application/json"))
    }

    /// The response, dated `now` and never to be stored (RFC 6749, 5.1).
    pub(crate) fn into_response(self, now: Timestamp) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let fixed = [
            ("cache-control", "no-store"),
            ("pragma", "no-cache"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("x-patchbay-practice", "1"),
        ];
        let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let headers = fixed.into_iter().map(|(name, value)| (name, value.to_owned())).chain([("date", date)]);
        for (name, value) in headers.chain(self.headers) {
            // A value that is no header value, such as an address with a line break, is left out rather than sent in part.
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().append(HeaderName::from_static(name), value);
            }
        }
        response
    }
}
