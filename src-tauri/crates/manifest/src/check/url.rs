use std::net::{Ipv4Addr, Ipv6Addr};

/// Why a text is no address that a sign-in may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UrlFault {
    NotAnAddress,
    /// `http` to another computer.
    Insecure,
    HasCredentials,
    HasFragment,
}

/// Whether a text is an `https` address, or an `http` one of this computer, as OAuth servers need (RFC 6749, 3.1 and
/// 3.2: encrypted and without a fragment).
pub(super) fn check_url(text: &str) -> Result<(), UrlFault> {
    let (scheme, rest) = text.split_once("://").ok_or(UrlFault::NotAnAddress)?;
    let secure = scheme.eq_ignore_ascii_case("https");
    if !secure && !scheme.eq_ignore_ascii_case("http") {
        return Err(UrlFault::NotAnAddress);
    }
    let unfit = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\\' | '^' | '`');
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(UrlFault::HasCredentials);
    }
    let host = host(authority).filter(|_| !rest.contains(unfit)).ok_or(UrlFault::NotAnAddress)?;
    if rest.contains('#') {
        return Err(UrlFault::HasFragment);
    }
    if secure || is_this_computer(host) { Ok(()) } else { Err(UrlFault::Insecure) }
}

/// The host of `host`, `host:port` or `[v6]:port`.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(inside) => {
            let (host, rest) = inside.split_once(']')?;
            host.parse::<Ipv6Addr>().ok()?;
            (host, rest.strip_prefix(':').or(rest.is_empty().then_some(""))?)
        }
        None => {
            let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
            let fits = |label: &str| {
                !label.is_empty()
                    && !label.starts_with('-')
                    && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '{' | '}'))
            };
            if !host.strip_suffix('.').unwrap_or(host).split('.').all(fits) {
                return None;
            }
            (host, port)
        }
    };
    (port.is_empty() || port.parse::<u16>().is_ok_and(|port| port > 0)).then_some(host)
}

fn is_this_computer(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        || host.parse::<Ipv6Addr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        use UrlFault::*;
        let check = |text: &str, expect: Result<(), UrlFault>| assert_eq!(check_url(text), expect, "{text}");
        check("https://discord.com/oauth2/authorize", Ok(()));
        check("HTTPS://a.example:8443?x=1", Ok(()));
        check("https://bücher.example/", Ok(()));
        check("http://127.0.0.1:47840/token", Ok(()));
        check("http://127.9.9.9/", Ok(()));
        check("http://localhost/x", Ok(()));
        check("http://[::1]:80/x", Ok(()));
        check("http://example.com/", Err(Insecure));
        check("http://127.0.0.1.example.com/", Err(Insecure));
        check("http://[2001:db8::1]/", Err(Insecure));
        check("https://u:p@example.com/", Err(HasCredentials));
        check("http://127.0.0.1@example.com/", Err(HasCredentials));
        check("https://example.com/#x", Err(HasFragment));
        for text in [
            "",
            "example.com/token",
            "ftp://example.com",
            "https://",
            "https:///x",
            "https://a b.example/",
            "https://a..b/",
            "https://a.example:0/",
            "https://a.example:99999/",
            "https://a.example:x/",
            "https://[::g]/",
            "https://[::1]x/",
            "https://a.example/a b",
            "javascript://x\n",
            "https:/example.com",
            "https://-a.example/",
        ] {
            check(text, Err(NotAnAddress));
        }
    }
}
