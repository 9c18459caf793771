//! What comes back from the browser, read from a query, a form, a pasted address or a deep link. All of it is data that
//! anybody may have written: bounded, never logged, never shown.

use std::fmt;

use url::Url;
use zeroize::Zeroizing;

/// The longest code, in bytes.
const CODE_LIMIT: usize = 4096;
/// The longest state, in bytes.
const STATE_LIMIT: usize = 256;
/// The longest other value that is read, in bytes.
const TEXT_LIMIT: usize = 1024;
/// The longest whole answer, in bytes.
pub(crate) const ANSWER_LIMIT: usize = 16 * 1024;

/// An answer. Whether its state is that of a waiting attempt is for the attempt to say.
pub(crate) struct Answer {
    pub(crate) state: Option<Zeroizing<String>>,
    pub(crate) says: Result<Says, Malformed>,
}

/// What a well-formed answer says.
pub(crate) enum Says {
    /// OAuth 2.0: a code, and by whom it was issued (RFC 9207).
    Code { code: Zeroizing<String>, issuer: Option<String> },
    /// OAuth 2.0: an error of RFC 6749 section 4.1.2.1.
    Error { error: String, text: Option<String>, issuer: Option<String> },
    /// OAuth 1.0a: the verifier of RFC 5849 section 2.2, and the request token it is for.
    Verifier { token: Zeroizing<String>, verifier: Zeroizing<String> },
    /// OAuth 1.0a: the person said no (X's `denied`).
    Denied,
}

/// Why an answer cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// A parameter stands twice (RFC 6749 section 3.1).
    Twice,
    /// A code and an error at once.
    Both,
    /// Longer than anything that is expected.
    TooLong,
    /// Neither code nor error.
    Nothing,
    /// Not an address at all.
    NotAnAddress,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer(…)")
    }
}

impl Malformed {
    /// What happened, as a sentence about the provider called `title`.
    pub(crate) fn sentence(self, title: &str) -> String {
        match self {
            Self::Twice => format!("{title} answered with the same parameter twice, so the answer was not used."),
            Self::Both => format!("{title} answered with both a code and an error, so the answer was not used."),
            Self::TooLong => format!("{title} answered with more than an answer can hold, so it was not used."),
            Self::Nothing | Self::NotAnAddress => format!("{title} answered without a code."),
        }
    }
}

/// Reads the query of a callback, or the body of a posted form.
pub(crate) fn from_query(query: &str) -> Answer {
    if query.len() > ANSWER_LIMIT {
        return Answer { state: None, says: Err(Malformed::TooLong) };
    }
    let pairs: Vec<(String, Zeroizing<String>)> = url::form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (name.into_owned(), Zeroizing::new(value.into_owned())))
        .collect();
    let one = |name: &str| {
        let mut values = pairs.iter().filter(|(given, _)| given == name).map(|(_, value)| value);
        values.next().filter(|value| values.next().is_none() && !value.is_empty())
    };
    let state = one("state").filter(|state| state.len() <= STATE_LIMIT).cloned();
    Answer { state, says: says(&pairs) }
}

fn says(pairs: &[(String, Zeroizing<String>)]) -> Result<Says, Malformed> {
    let twice = |(at, (name, _)): (usize, &(String, _))| pairs[..at].iter().any(|(earlier, _)| earlier == name);
    if pairs.iter().enumerate().any(twice) {
        return Err(Malformed::Twice);
    }
    let get = |name: &str, limit: usize| match pairs.iter().find(|(given, _)| given == name).map(|(_, value)| value) {
        Some(value) if value.len() > limit => Err(Malformed::TooLong),
        Some(value) if value.is_empty() => Ok(None),
        value => Ok(value.cloned()),
    };
    get("state", STATE_LIMIT)?;
    let issuer = get("iss", TEXT_LIMIT)?.map(|issuer| issuer.to_string());
    let code = get("code", CODE_LIMIT)?;
    let error = get("error", TEXT_LIMIT)?;
    let text = get("error_description", 4 * TEXT_LIMIT)?.map(|text| readable(&text));
    let verifier = (get("oauth_token", CODE_LIMIT)?, get("oauth_verifier", CODE_LIMIT)?);
    let denied = get("denied", CODE_LIMIT)?;
    match (code, error, verifier, denied) {
        (Some(_), Some(_), ..) | (Some(_), _, (_, Some(_)), _) => Err(Malformed::Both),
        (Some(code), None, ..) => Ok(Says::Code { code, issuer }),
        (None, Some(error), ..) => Ok(Says::Error { error: readable(&error), text, issuer }),
        (None, None, (Some(token), Some(verifier)), None) => Ok(Says::Verifier { token, verifier }),
        (None, None, (_, Some(_)), Some(_)) => Err(Malformed::Both),
        (None, None, _, Some(_)) => Ok(Says::Denied),
        _ => Err(Malformed::Nothing),
    }
}

/// Untrusted words, short and on one line.
fn readable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect::<String>().trim().to_owned()
}

/// Reads what a person pasted: the whole address that the browser ended at, or what stands behind its `?`.
pub(crate) fn from_address(pasted: &str) -> Answer {
    let pasted = pasted.trim().trim_matches(['"', '\'', '<', '>']);
    let not_one = Answer { state: None, says: Err(Malformed::NotAnAddress) };
    if pasted.len() > ANSWER_LIMIT {
        return Answer { state: None, says: Err(Malformed::TooLong) };
    }
    if pasted.is_empty() || pasted.contains(char::is_whitespace) {
        return not_one;
    }
    match Url::parse(pasted) {
        Ok(url) if matches!(url.scheme(), "http" | "https" | "patchbay") => {
            // Fragment attempts leave their answer behind the `#`.
            let fragment = url.fragment().filter(|fragment| fragment.contains('='));
            from_query(url.query().filter(|query| !query.is_empty()).or(fragment).unwrap_or(""))
        }
        // A single word could be a code, but without its state it may belong to anyone.
        _ if pasted.contains("state=") => from_query(pasted.trim_start_matches(['?', '#'])),
        _ => not_one,
    }
}

/// Reads a deep link. `None` for anything but our own callback address.
pub(crate) fn from_deep_link(link: &str) -> Option<Answer> {
    if link.len() > ANSWER_LIMIT || link.contains(char::is_whitespace) {
        return None;
    }
    let expected = Url::parse(providers::DEEP_LINK_CALLBACK).ok()?;
    let url = Url::parse(link).ok()?;
    let path = url.path().strip_suffix('/').unwrap_or(url.path());
    let ours = url.scheme() == expected.scheme()
        && url.host_str() == expected.host_str()
        && path == expected.path()
        && url.port().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    ours.then(|| from_query(url.query().unwrap_or("")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(answer: &Answer) -> String {
        let state = answer.state.as_ref().map_or("-", |state| state.as_str());
        match &answer.says {
            Ok(Says::Code { code, issuer }) => {
                format!("{state} code {} {}", code.as_str(), issuer.as_deref().unwrap_or("-"))
            }
            Ok(Says::Error { error, text, .. }) => format!("{state} error {error} {}", text.as_deref().unwrap_or("-")),
            Ok(Says::Verifier { token, verifier }) => {
                format!("{state} verifier {} {}", token.as_str(), verifier.as_str())
            }
            Ok(Says::Denied) => format!("{state} denied"),
            Err(malformed) => format!("{state} {malformed:?}"),
        }
    }

    #[test]
    fn oa_06_queries_say_a_code_or_an_error_and_never_both() {
        let check = |query: &str, expect: &str| assert_eq!(show(&from_query(query)), expect, "{query}");
        check("code=c1&state=s1", "s1 code c1 -");
        check("code=c%2B1&state=s1&iss=https%3A%2F%2Fa.example", "s1 code c+1 https://a.example");
        check("code=c1", "- code c1 -");
        check("state=s1", "s1 Nothing");
        check("", "- Nothing");
        check("code=&state=s1", "s1 Nothing");
        check("error=access_denied&state=s1", "s1 error access_denied -");
        check("error=access_denied&error_description=No%0Away&state=s1", "s1 error access_denied No way");
        check("error=made_up&state=s1", "s1 error made_up -");
        check("code=c1&error=access_denied&state=s1", "s1 Both");
        check("code=c1&code=c2&state=s1", "s1 Twice");
        check("code=c1&state=s1&state=s2", "- Twice");
        check("code=c1&state=s1&x=1&x=2", "s1 Twice");
        check("code=c1&state=s1&iss=a&iss=b", "s1 Twice");
        check(&format!("code={}&state=s1", "c".repeat(4097)), "s1 TooLong");
        check(&format!("code={}&state=s1", "c".repeat(4096)), &format!("s1 code {} -", "c".repeat(4096)));
        check(&format!("code=c1&state={}", "s".repeat(257)), "- TooLong");
        check(&format!("code=c1&state=s1&x={}", "x".repeat(17_000)), "- TooLong");
        check("oauth_token=t1&oauth_verifier=v1&state=s1", "s1 verifier t1 v1");
        check("denied=t1&state=s1", "s1 denied");
        check("denied=t1&oauth_token=t1&oauth_verifier=v1&state=s1", "s1 Both");
        check("oauth_token=t1&state=s1", "s1 Nothing");
    }

    #[test]
    fn pasted_addresses_are_read_like_queries() {
        let check = |pasted: &str, expect: &str| assert_eq!(show(&from_address(pasted)), expect, "{pasted}");
        check("https://studio.dialox.ai/auth/oauth2/callback?code=c1&state=s1", "s1 code c1 -");
        check("  <http://127.0.0.1:47823/auth/oauth2/callback?code=c1&state=s1>\n", "s1 code c1 -");
        check("https://studio.dialox.ai/auth/oauth2/callback#code=c1&state=s1", "s1 code c1 -");
        check("https://www.facebook.com/x?code=c1&state=s1#_=_", "s1 code c1 -");
        check("?code=c1&state=s1", "s1 code c1 -");
        check("code=c1&state=s1", "s1 code c1 -");
        check("c1", "- NotAnAddress");
        check("", "- NotAnAddress");
        check("file:///etc/passwd?code=c1&state=s1", "s1 Nothing");
        check("two words?code=c1&state=s1", "- NotAnAddress");
        check("https://provider.example/authorize?response_type=code&state=s1", "s1 Nothing");
    }

    #[test]
    fn dl_01_deep_links_are_our_own_callback_only() {
        let check = |link: &str, expect: Option<&str>| {
            assert_eq!(from_deep_link(link).map(|answer| show(&answer)).as_deref(), expect, "{link}");
        };
        check("patchbay://auth/oauth2/callback?code=c1&state=s1", Some("s1 code c1 -"));
        check("patchbay://auth/oauth2/callback/?code=c1&state=s1", Some("s1 code c1 -"));
        check("patchbay://auth/oauth2/callback", Some("- Nothing"));
        check("patchbay://auth/oauth2/other?code=c1&state=s1", None);
        check("patchbay://evil/oauth2/callback?code=c1&state=s1", None);
        check("patchbay://user@auth/oauth2/callback?code=c1&state=s1", None);
        check("patchbay://auth:1/oauth2/callback?code=c1&state=s1", None);
        check("https://auth/oauth2/callback?code=c1&state=s1", None);
        check("patchbay:open?folder=/home", None);
        check("patchbay://auth/oauth2/callback?code=c1&state=s1 --folder /", None);
        check(&format!("patchbay://auth/oauth2/callback?code={}", "c".repeat(20_000)), None);
        check("", None);
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", from_query("code=c1&state=s1")), "Answer(…)");
    }

    proptest::proptest! {
        #[test]
        fn nothing_makes_it_panic(text in ".{0,200}") {
            drop(from_query(&text));
            drop(from_address(&text));
            drop(from_deep_link(&format!("patchbay://auth/oauth2/callback?{text}")));
        }
    }
}
