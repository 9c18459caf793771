use std::net::{IpAddr, SocketAddr};

use url::Url;

/// The host that approvals and questions are about: its name or address in lower case, with the port unless it is the
/// scheme's own. Two ports are two servers, so they are two hosts.
pub fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// Where the practice server plays `url`: the host becomes the first part of the path, and the rest stays.
///
/// `https://graph.facebook.com/v2.11/me?x=1` on 127.0.0.1:47840 is
/// `http://127.0.0.1:47840/graph.facebook.com/v2.11/me?x=1`. The one rule for the browser and the wire. `url` is http or
/// https; one that already points at the practice server stays as it is.
pub fn practice_url(practice: SocketAddr, url: &Url) -> Url {
    if is_at(practice, url) {
        return url.clone();
    }
    let path = format!("/{}{}", host_of(url), url.path());
    let mut played = url.clone();
    // None of these can fail for an http or https URL with a host.
    let _ = played.set_scheme("http");
    let _ = played.set_ip_host(practice.ip());
    let _ = played.set_port(Some(practice.port()));
    let _ = played.set_username("");
    let _ = played.set_password(None);
    played.set_path(&path);
    played.set_fragment(None);
    played
}

/// Whether a URL points at the practice server itself.
pub(crate) fn is_at(practice: SocketAddr, url: &Url) -> bool {
    let ip = match url.host() {
        Some(url::Host::Ipv4(ip)) => IpAddr::from(ip),
        Some(url::Host::Ipv6(ip)) => IpAddr::from(ip),
        _ => return false,
    };
    url.scheme() == "http" && practice.ip() == ip && url.port_or_known_default() == Some(practice.port())
}

/// The host that the practice server plays for a URL that points at it.
pub(crate) fn played_host(url: &Url) -> Option<&str> {
    url.path_segments()?.next().filter(|segment| !segment.is_empty())
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::*;

    fn check(url: &str, expect: &str) {
        let practice = SocketAddr::from(([127, 0, 0, 1], 47840));
        let played = practice_url(practice, &url.parse().unwrap());
        assert_eq!(played.as_str(), expect);
        assert_eq!(practice_url(practice, &played), played, "twice is once");
    }

    #[test]
    fn plays_a_host_under_its_name() {
        let base = "http://127.0.0.1:47840";
        check("https://graph.facebook.com/v2.11/me?x=1", &format!("{base}/graph.facebook.com/v2.11/me?x=1"));
        check("https://GRAPH.facebook.com.:443", &format!("{base}/graph.facebook.com/"));
        check("http://api.example:8080/a%2Fb/?q=%26#part", &format!("{base}/api.example:8080/a%2Fb/?q=%26"));
        check("https://user:word@[2001:db8::1]/x", &format!("{base}/[2001:db8::1]/x"));
    }
}
