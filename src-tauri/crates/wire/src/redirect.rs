use http::{Method, StatusCode};
use url::Url;

/// Where an answer redirects to, joined to the address that gave it. `None`: it does not redirect.
pub(crate) fn target(status: u16, location: Option<&str>, base: &Url) -> Option<Result<Url, url::ParseError>> {
    matches!(status, 301 | 302 | 303 | 307 | 308).then_some(())?;
    Some(base.join(location?))
}

/// The method after a redirect, and whether the body goes along (RFC 9110 15.4, as browsers read it).
pub(crate) fn method(status: u16, method: &Method) -> (Method, bool) {
    match StatusCode::from_u16(status) {
        Ok(StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND) if *method == Method::POST => (Method::GET, false),
        Ok(StatusCode::SEE_OTHER) if *method != Method::HEAD => (Method::GET, false),
        _ => (method.clone(), true),
    }
}

/// The headers that go to another origin: none that could say who asks.
pub(crate) fn strip(headers: &mut Vec<(String, String)>) {
    const HARMLESS: [&str; 3] = ["accept", "accept-language", "user-agent"];
    headers.retain(|(name, _)| HARMLESS.iter().any(|kept| name.eq_ignore_ascii_case(kept)));
}

/// The headers that describe a body and go with it.
pub(crate) fn strip_body(headers: &mut Vec<(String, String)>) {
    const OF_BODY: [&str; 4] = ["content-type", "content-encoding", "content-language", "content-location"];
    headers.retain(|(name, _)| !OF_BODY.iter().any(|dropped| name.eq_ignore_ascii_case(dropped)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: u16, from: Method, expect: (Method, bool)) {
        assert_eq!(method(status, &from), expect, "{status}");
    }

    #[test]
    fn keeps_or_changes_the_method() {
        check(301, Method::POST, (Method::GET, false));
        check(302, Method::POST, (Method::GET, false));
        check(302, Method::PUT, (Method::PUT, true));
        check(303, Method::PUT, (Method::GET, false));
        check(303, Method::HEAD, (Method::HEAD, true));
        check(307, Method::POST, (Method::POST, true));
        check(308, Method::DELETE, (Method::DELETE, true));
    }

    #[test]
    fn reads_where_it_leads() {
        let base: Url = "https://a.example/b/c?d".parse().unwrap();
        let to = |status, location| target(status, location, &base).map(|url| url.map(|url| url.to_string()).ok());
        assert_eq!(to(302, Some("../x")), Some(Some("https://a.example/x".to_owned())));
        assert_eq!(to(307, Some("//b.example/")), Some(Some("https://b.example/".to_owned())));
        assert_eq!(to(302, Some("http://[")), Some(None));
        assert_eq!(to(302, None), None);
        assert_eq!(to(304, Some("/x")), None);
        assert_eq!(to(200, Some("/x")), None);
    }

    #[test]
    fn tells_another_origin_nothing() {
        let mut headers: Vec<(String, String)> = ["Accept", "authorization", "Cookie", "X-Api-Key", "User-Agent"]
            .map(|name| (name.to_owned(), String::new()))
            .into();
        strip(&mut headers);
        assert_eq!(headers.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["Accept", "User-Agent"]);
    }
}
