//! One request to a played host.

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, Uri, header};

use crate::params::Params;
use crate::vendors::Vendor;

/// A request, addressed to the host that is played.
pub(crate) struct Call {
    pub(crate) method: Method,
    /// The original host, with its port if it has one.
    pub(crate) host: String,
    /// The original path; begins with a slash.
    pub(crate) path: String,
    pub(crate) query: Params,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The body's parameters if it is a form.
    pub(crate) form: Params,
}

impl Call {
    /// Splits `/HOST/PATH`. `None`: the first segment is not the name of a host.
    pub(crate) fn new(method: Method, uri: &Uri, headers: HeaderMap, body: Bytes) -> Option<Self> {
        let whole = uri.path().strip_prefix('/')?;
        let (host, path) = whole.split_at(whole.find('/').unwrap_or(whole.len()));
        let host = host.to_ascii_lowercase();
        let named = !host.is_empty()
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte))
            && host.bytes().any(|byte| byte.is_ascii_alphanumeric());
        if !named {
            return None;
        }
        let path = if path.is_empty() { "/".to_owned() } else { path.to_owned() };
        let query = Params::parse(uri.query().unwrap_or_default().as_bytes());
        let mut call = Self { method, host, path, query, headers, body, form: Params::default() };
        if call.is_form() {
            call.form = Params::parse(&call.body);
        }
        Some(call)
    }

    pub(crate) fn vendor(&self) -> Vendor {
        Vendor::of(&self.host)
    }

    pub(crate) fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The media type of the body, without parameters, in lower case.
    pub(crate) fn media_type(&self) -> Option<String> {
        let value = self.header(header::CONTENT_TYPE)?;
        Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }

    pub(crate) fn is_form(&self) -> bool {
        self.media_type().as_deref() == Some("application/x-www-form-urlencoded")
    }

    /// The last segment of the path.
    pub(crate) fn last(&self) -> &str {
        self.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
    }

    /// The value of the Authorization header under a scheme, which is compared without case.
    pub(crate) fn authorization(&self, scheme: &str) -> Option<&str> {
        let (given, value) = self.header(header::AUTHORIZATION)?.split_once(' ')?;
        given.eq_ignore_ascii_case(scheme).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_and_path_come_apart() {
        let check = |uri: &'static str, expect: Option<(&str, &str)>| {
            let call = Call::new(Method::GET, &Uri::from_static(uri), HeaderMap::new(), Bytes::new());
            assert_eq!(call.as_ref().map(|call| (call.host.as_str(), call.path.as_str())), expect, "{uri}");
        };
        check("/graph.facebook.com/v2.11/me?x=1", Some(("graph.facebook.com", "/v2.11/me")));
        check("/Discord.com", Some(("discord.com", "/")));
        check("/127.0.0.1:9000/token", Some(("127.0.0.1:9000", "/token")));
        check("/", None);
        check("/%2e%2e/token", None);
        check("/-/token", None);
    }
}
