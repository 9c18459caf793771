//! The authorisation endpoint: RFC 6749, 3.1 and 4.1, RFC 7636, 4.3, RFC 8252, 7.

use std::net::IpAddr;

use axum::http::Method;
use data_encoding::BASE64URL_NOPAD;
use store::StoreError;
use url::{Host, Url, form_urlencoded};

use crate::call::Call;
use crate::consent;
use crate::page;
use crate::params::{self, Params};
use crate::refusal::Answer;
use crate::reply::Reply;
use crate::rows::{Client, Pending};
use crate::scene::Scene;
use crate::vendors::{self, Pkce, Vendor};

/// How long a consent page may stay open, in seconds.
pub(crate) const OPEN: i64 = 600;

/// Parameters that may not stand there twice (RFC 6749, 3.1).
const ONCE: [&str; 6] = ["response_type", "scope", "state", "code_challenge", "code_challenge_method", "response_mode"];

/// Where a sign-in leads back to, once that is trusted.
struct Back<'b> {
    redirect: &'b str,
    state: Option<&'b str>,
    issuer: Option<String>,
    form_post: bool,
}

/// Answers with the consent page, or with why there is none.
pub(crate) fn ask(scene: &Scene<'_>, call: &Call) -> Answer {
    let query = &call.query;
    if call.method != Method::GET {
        return Ok(
            page::problem(405, "A sign-in is opened in a browser.", "Open the address with GET.").with("allow", "GET")
        );
    }
    let (client_id, registered) = match client(scene, query)? {
        Ok(found) => found,
        Err(problem) => return Ok(problem),
    };
    let redirect = match redirect_of(call.vendor(), registered.as_ref(), query) {
        Ok(redirect) => redirect,
        Err((what, next)) => return Ok(page::problem(400, what, next)),
    };
    let back = Back {
        redirect: &redirect,
        state: query.get("state"),
        issuer: vendors::issuer(&call.host),
        form_post: query.get("response_mode") == Some("form_post"),
    };
    if let Err((error, text)) = check(call) {
        return Ok(back.refuse(call.vendor(), error, text));
    }
    if scene.fault("deny")?.is_some() {
        return Ok(denied(call.vendor(), &back));
    }
    let rules = vendors::rules(&call.host, &call.path);
    let scopes = params::scopes(query.text("scope"));
    let pending = Pending {
        host: call.host.clone(),
        path: call.path.clone(),
        client: client_id,
        redirect_named: query.has("redirect_uri"),
        offline: vendors::wants_refresh(call.vendor(), query, &scopes),
        again: query.text("prompt").split(' ').any(|prompt| prompt == "consent"),
        challenge: query.get("code_challenge").filter(|_| rules.pkce != Pkce::Ignored).map(str::to_owned),
        state: query.get("state").map(str::to_owned),
        form_post: back.form_post,
        oauth1: None,
        until: scene.after(OPEN),
        scopes,
        redirect,
    };
    consent::open(scene, &pending, query.get("login_hint"))
}

/// The client's id, with what it is registered as; or the page that says why it may not ask.
#[allow(clippy::type_complexity, reason = "a pair, or a page, or the store's failure")]
fn client(scene: &Scene<'_>, query: &Params) -> Result<Result<(String, Option<Client>), Reply>, StoreError> {
    let next = "Check the client id in the app that sent you here.";
    let (Some(id), None) = (query.get("client_id"), query.repeated(&["client_id", "redirect_uri"])) else {
        return Ok(Err(page::problem(400, "The app that sent you here did not say clearly who it is.", next)));
    };
    let registered = scene.rows.get::<Client>(id)?;
    if registered.is_none() && scene.strict {
        return Ok(Err(page::problem(401, "No app is registered with this client id.", next)));
    }
    Ok(Ok((id.to_owned(), registered)))
}

/// What is wrong with a request whose sender can be told by redirect.
fn check(call: &Call) -> Result<(), (&'static str, &'static str)> {
    let query = &call.query;
    if query.repeated(&ONCE).is_some() {
        return Err(("invalid_request", "A parameter stands there twice."));
    }
    // Launchpad calls the same thing `type=web_server`.
    let launchpad = call.vendor() == Vendor::Basecamp && query.get("type") == Some("web_server");
    match query.get("response_type") {
        Some("code") => {}
        None if launchpad => {}
        // Facebook takes a code for granted.
        None if call.vendor() == Vendor::Facebook => {}
        None => return Err(("invalid_request", "The response_type is missing.")),
        Some(_) => return Err(("unsupported_response_type", "Only the response_type code is supported.")),
    }
    if !matches!(query.get("response_mode"), None | Some("query" | "form_post")) {
        return Err(("invalid_request", "The response_mode is not supported."));
    }
    if !params::is_scope(query.text("scope")) {
        return Err(("invalid_scope", "The scope contains characters that no scope has."));
    }
    if query.text("prompt").split(' ').any(|prompt| prompt == "none") {
        return Err(("login_required", "Nobody is signed in; practice always asks."));
    }
    check_challenge(call)
}

/// RFC 7636, 4.2 to 4.4.1. `plain` protects nobody, so it is refused as a method that is not supported.
fn check_challenge(call: &Call) -> Result<(), (&'static str, &'static str)> {
    let pkce = vendors::rules(&call.host, &call.path).pkce;
    let method = call.query.get("code_challenge_method");
    let Some(challenge) = call.query.get("code_challenge").filter(|_| pkce != Pkce::Ignored) else {
        return match pkce {
            Pkce::Required => Err(("invalid_request", "Code challenge required.")),
            _ if method.is_some() && pkce != Pkce::Ignored => {
                Err(("invalid_request", "The code_challenge_method stands there without a code_challenge."))
            }
            _ => Ok(()),
        };
    };
    if method != Some("S256") {
        return Err(("invalid_request", "The code_challenge_method has to be S256."));
    }
    match BASE64URL_NOPAD.decode(challenge.as_bytes()) {
        Ok(hash) if hash.len() == 32 => Ok(()),
        _ => Err(("invalid_request", "The code_challenge is not a SHA-256 hash in base64url.")),
    }
}

type Problem = (&'static str, &'static str);

/// The address to go back to: named, or the only one that is registered.
fn redirect_of(vendor: Vendor, client: Option<&Client>, query: &Params) -> Result<String, Problem> {
    let known: &[String] = client.map_or(&[], |client| &client.redirect_uris);
    let Some(given) = query.get("redirect_uri") else {
        return match known {
            [only] => Ok(only.clone()),
            _ => Err(("The app did not say where to come back to.", "It has to send a redirect_uri.")),
        };
    };
    check_redirect(vendor, given)?;
    if known.is_empty() || known.iter().any(|one| is_same_place(one, given)) {
        Ok(given.to_owned())
    } else {
        Err((
            "The address to come back to is not registered for this app.",
            "Register exactly the address that the app shows.",
        ))
    }
}

/// Practice goes back to this computer, to Patchbay's own scheme, or to https.
pub(crate) fn check_redirect(vendor: Vendor, given: &str) -> Result<(), Problem> {
    let malformed = (
        "The address to come back to is not a usable one.",
        "It has to be https, patchbay: or this computer, without a fragment.",
    );
    let url = Url::parse(given).map_err(|_| malformed)?;
    let plain = url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    let usable = match url.scheme() {
        "https" | "patchbay" => true,
        "http" => is_loopback(&url),
        _ => false,
    };
    let clean = given.bytes().all(|byte| byte.is_ascii_graphic());
    if !(plain && usable && clean) {
        return Err(malformed);
    }
    let named = url.host_str() == Some("localhost");
    match vendor {
        Vendor::Microsoft if is_loopback(&url) && !named => Err((
            "AADSTS50011: the address to come back to is not registered.",
            "Microsoft takes http://localhost, not the address in numbers.",
        )),
        Vendor::Twitter if named => {
            Err(("The callback address is not approved for this app.", "X takes http://127.0.0.1, not localhost."))
        }
        _ => Ok(()),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::from(ip).is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// The same text, or the same loopback address on any port (RFC 8252, 7.3).
fn is_same_place(registered: &str, given: &str) -> bool {
    if registered == given {
        return true;
    }
    let (Ok(mut one), Ok(mut other)) = (Url::parse(registered), Url::parse(given)) else { return false };
    let loopback = |url: &Url| url.scheme() == "http" && is_loopback(url);
    loopback(&one) && loopback(&other) && one.set_port(None).is_ok() && other.set_port(None).is_ok() && one == other
}

impl Back<'_> {
    fn refuse(&self, vendor: Vendor, error: &str, text: &str) -> Reply {
        // Facebook adds its own words for the reason.
        let reason = if vendor == Vendor::Facebook && error == "access_denied" { Some("user_denied") } else { None };
        let fields = [("error", Some(error)), ("error_reason", reason), ("error_description", Some(text))];
        self.go(&fields)
    }

    fn go(&self, fields: &[(&str, Option<&str>)]) -> Reply {
        let always = [("state", self.state), ("iss", self.issuer.as_deref())];
        let present = fields.iter().copied().chain(always).filter_map(|(name, value)| Some((name, value?)));
        go_back(self.redirect, &present.collect::<Vec<_>>(), self.form_post)
    }
}

/// Leads the browser back with these fields.
pub(crate) fn go_back(redirect: &str, fields: &[(&str, &str)], form_post: bool) -> Reply {
    if form_post {
        return page::form_post(redirect, fields);
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let joint = if redirect.contains('?') { '&' } else { '?' };
    Reply::redirect(&format!("{redirect}{joint}{query}"))
}

/// Back with a code.
pub(crate) fn granted(pending: &Pending, code: &str) -> Reply {
    back_of(pending).go(&[("code", Some(code))])
}

/// Back without one, because the person did not want to.
pub(crate) fn declined(pending: &Pending) -> Reply {
    denied(Vendor::of(&pending.host), &back_of(pending))
}

fn denied(vendor: Vendor, back: &Back<'_>) -> Reply {
    let error = if vendor == Vendor::LinkedIn { "user_cancelled_authorize" } else { "access_denied" };
    back.refuse(vendor, error, "The person declined.")
}

fn back_of(pending: &Pending) -> Back<'_> {
    Back {
        redirect: &pending.redirect,
        state: pending.state.as_deref(),
        issuer: vendors::issuer(&pending.host),
        form_post: pending.form_post,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_to_come_back_to() {
        let check = |vendor, given: &str, expect: bool| {
            assert_eq!(check_redirect(vendor, given).is_ok(), expect, "{vendor:?} {given}");
        };
        check(Vendor::Other, "http://127.0.0.1:1234/cb?x=1", true);
        check(Vendor::Other, "http://[::1]:1234/cb", true);
        check(Vendor::Other, "http://localhost/cb", true);
        check(Vendor::Other, "patchbay://auth/oauth2/callback", true);
        check(Vendor::Other, "https://studio.dialox.ai/auth/oauth2/callback", true);
        check(Vendor::Other, "http://example.org/cb", false);
        check(Vendor::Other, "https://example.org/cb#part", false);
        check(Vendor::Other, "https://a@example.org/cb", false);
        check(Vendor::Other, "javascript:alert(1)", false);
        check(Vendor::Other, "https://example.org/a b", false);
        check(Vendor::Other, "/cb", false);
        check(Vendor::Microsoft, "http://127.0.0.1/cb", false);
        check(Vendor::Microsoft, "http://localhost:1/cb", true);
        check(Vendor::Twitter, "http://localhost:1/cb", false);
    }

    #[test]
    fn registered_places() {
        let check = |registered: &str, given: &str, expect: bool| {
            assert_eq!(is_same_place(registered, given), expect, "{registered} {given}");
        };
        check("http://127.0.0.1/cb", "http://127.0.0.1:5000/cb", true);
        check("http://127.0.0.1:1/cb", "http://127.0.0.1:2/cb", true);
        check("http://127.0.0.1/cb", "http://127.0.0.1:5000/other", false);
        check("http://127.0.0.1/cb", "http://[::1]:5000/cb", false);
        check("https://example.org/cb", "https://example.org:444/cb", false);
        check("https://example.org/cb", "https://example.org/cb/", false);
        check("https://example.org/cb", "https://EXAMPLE.org/cb", false);
    }
}
