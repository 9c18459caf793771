//! The token endpoint: RFC 6749, 3.2 and 4 to 6, RFC 7636, 4.6.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::assertion;
use crate::call::Call;
use crate::client_auth::{self, Caller};
use crate::grants::{self, NewTokens};
use crate::params::{self, Params};
use crate::refusal::{Answer, Stop, Wrong, refuse};
use crate::rows::{Code, Grant, RefreshToken};
use crate::scene::Scene;
use crate::vendors::{self, Refresh, Rules, Vendor};

/// Largest body that is read, in bytes.
const BODY: usize = 56 * 1024;

pub(crate) fn answer(scene: &Scene<'_>, call: &Call) -> Answer {
    let params = parameters(call)?;
    let grant_type = match params.get("grant_type") {
        // Launchpad's own words for the same two grants, still accepted there.
        None if call.vendor() == Vendor::Basecamp => match params.text("type") {
            "web_server" => Some("authorization_code"),
            "refresh" => Some("refresh_token"),
            _ => None,
        },
        given => given,
    };
    let alone = call.headers.get(axum::http::header::AUTHORIZATION).is_none() && !params.has("client_id");
    if grant_type == Some(assertion::GRANT_TYPE) && alone {
        once(&params, &["grant_type", "assertion", "scope"])?;
        return assertion::exchange(scene, call, &params);
    }
    let caller = client_auth::authenticate(scene, call, &params)?;
    let rules = vendors::rules(&call.host, &call.path);
    if caller.basic && !rules.basic {
        return refuse(Wrong::Client, "Client authentication failed: the secret belongs in the body.");
    }
    once(&params, &["grant_type"])?;
    match grant_type {
        None => refuse(Wrong::Request, "missing required parameter grant_type"),
        Some("authorization_code") => {
            once(&params, &["code", "code_verifier", "redirect_uri"])?;
            redeem(scene, &caller, &params)
        }
        Some("refresh_token") => {
            once(&params, &["refresh_token", "scope"])?;
            check_scope(&params)?;
            refresh(scene, &caller, &params)
        }
        Some("client_credentials") => {
            once(&params, &["scope"])?;
            check_scope(&params)?;
            client_credentials(scene, call, &caller, &params)
        }
        Some("fb_exchange_token") if call.vendor() == Vendor::Facebook => lengthen(scene, &caller, &params),
        Some(assertion::GRANT_TYPE) => {
            once(&params, &["assertion", "scope"])?;
            assertion::exchange(scene, call, &params)
        }
        Some(_) => refuse(Wrong::GrantType, "unsupported grant_type requested"),
    }
}

/// The parameters, which stand in the body, and only there (RFC 6749, 3.2). Facebook takes them from the query as well, and
/// its documentation shows a GET for a token.
fn parameters(call: &Call) -> Result<Params, Stop> {
    if call.vendor() == Vendor::Facebook {
        // Without a grant type the presence of a code says which grant it is.
        let joined = call.form.joined(&call.query);
        let implied = if joined.has("grant_type") { "" } else { "grant_type=authorization_code" };
        return Ok(joined.joined(&Params::parse(implied.as_bytes())));
    }
    if call.body.len() > BODY {
        return refuse(Wrong::Request, "The body is too large.");
    }
    if call.media_type().is_some() && !call.is_form() {
        return refuse(Wrong::Request, "The body has to be application/x-www-form-urlencoded.");
    }
    Ok(call.form.clone())
}

fn once(params: &Params, names: &[&str]) -> Result<(), Stop> {
    match params.repeated(names) {
        Some(name) => refuse(Wrong::Request, format!("{name} must not stand there twice")),
        None => Ok(()),
    }
}

fn check_scope(params: &Params) -> Result<(), Stop> {
    if params::is_scope(params.text("scope")) {
        Ok(())
    } else {
        refuse(Wrong::Scope, "scope contains characters that no scope has")
    }
}

fn redeem(scene: &Scene<'_>, caller: &Caller, params: &Params) -> Answer {
    let Some(given) = params.get("code") else {
        return refuse(Wrong::Request, "missing required parameter code");
    };
    let (code, grant) = fitting(scene, caller, params, given)?;
    let rules = vendors::rules(&grant.host, &grant.path);
    check_proof(caller, &rules, &code)?;
    if code.until <= scene.now {
        return refuse(Wrong::Grant, "The code has expired.");
    }
    check_verifier(params.get("code_verifier"), code.challenge.as_deref())?;
    if params.get("redirect_uri").is_some_and(|redirect| redirect != code.redirect) {
        return refuse(Wrong::Grant, "The redirect_uri is not the one that the code was sent to.");
    }
    spend(scene, given, &code.grant)?;
    let grant = settle(scene, caller, &code.grant, grant)?;
    let refresh = if rules.refresh != Refresh::Never && grant.offline {
        Some(grants::new_refresh(scene, &code.grant)?)
    } else {
        None
    };
    let new = NewTokens { id: &code.grant, grant: &grant, scopes: &grant.scopes, seconds: rules.seconds, refresh };
    grants::issue(scene, &new)
}

/// The code and its grant, if they are this client's. The redirect address may be left out only if it was before.
fn fitting(scene: &Scene<'_>, caller: &Caller, params: &Params, given: &str) -> Result<(Code, Grant), Stop> {
    let found = scene.rows.get::<Code>(given)?;
    if params.get("redirect_uri").is_none() && found.as_ref().is_none_or(|code| code.redirect_named) {
        return refuse(Wrong::Request, "missing required parameter redirect_uri");
    }
    let Some(code) = found else {
        return refuse(Wrong::Grant, "The code is unknown.");
    };
    match scene.rows.get::<Grant>(&code.grant)?.filter(|grant| grant.client == caller.id) {
        Some(grant) => Ok((code, grant)),
        None => refuse(Wrong::Grant, "The code was issued to another client."),
    }
}

/// Notes on the grant how its code was redeemed, and what was not granted after all.
fn settle(scene: &Scene<'_>, caller: &Caller, id: &str, mut grant: Grant) -> Result<Grant, Stop> {
    grant.proved = caller.proved;
    if scene.fault("fewer-scopes")?.is_some() {
        grant.scopes.pop();
    }
    scene.rows.update::<Grant>(id, |kept| {
        if let Some(kept) = kept {
            // Another request may have ended it meanwhile, which stays.
            *kept = Grant { ended: kept.ended, ..grant.clone() };
        }
    })?;
    Ok(grant)
}

/// A secret where the vendor wants one, a challenge where there is none (RFC 9700, 2.1.1).
fn check_proof(caller: &Caller, rules: &Rules, code: &Code) -> Result<(), Stop> {
    if rules.secret && !caller.proved {
        return refuse(Wrong::Request, "client_secret is missing.");
    }
    if !caller.proved && code.challenge.is_none() {
        return refuse(Wrong::Grant, "A client without a secret has to use PKCE.");
    }
    Ok(())
}

/// RFC 7636, 4.6; the form of a verifier is that of 4.1.
fn check_verifier(verifier: Option<&str>, challenge: Option<&str>) -> Result<(), Stop> {
    let Some(verifier) = verifier else {
        return match challenge {
            Some(_) => refuse(Wrong::Grant, "The code_verifier is missing."),
            None => Ok(()),
        };
    };
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(unreserved) {
        return refuse(Wrong::Request, "The code_verifier has to be 43 to 128 unreserved characters.");
    }
    let hash = BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes()));
    let fits = challenge.is_some_and(|challenge| bool::from(hash.as_bytes().ct_eq(challenge.as_bytes())));
    if fits { Ok(()) } else { refuse(Wrong::Grant, "The code_verifier does not fit the code_challenge.") }
}

/// Marks a code as used. A second use ends everything that came from the first (RFC 6749, 4.1.2).
fn spend(scene: &Scene<'_>, code: &str, grant: &str) -> Result<(), Stop> {
    let mut fresh = false;
    scene.rows.update::<Code>(code, |kept| {
        if let Some(kept) = kept {
            fresh = !kept.used;
            kept.used = true;
        }
    })?;
    if !fresh || scene.fault("replay")?.is_some() {
        grants::end(scene, grant)?;
        return refuse(Wrong::Grant, "The code has already been used.");
    }
    Ok(())
}

fn refresh(scene: &Scene<'_>, caller: &Caller, params: &Params) -> Answer {
    let Some(given) = params.get("refresh_token") else {
        return refuse(Wrong::Request, "missing required parameter refresh_token");
    };
    let ended = "Token has been expired or revoked.";
    let Some(token) = scene.rows.get::<RefreshToken>(given)? else { return refuse(Wrong::Grant, ended) };
    let Some(grant) = grants::living(scene, &token.grant)?.filter(|grant| grant.client == caller.id) else {
        return refuse(Wrong::Grant, ended);
    };
    if grant.proved && !caller.proved {
        return refuse(Wrong::Client, "The client proved itself for the code, so it has to for a refresh.");
    }
    let asked = params.get("scope").map(params::scopes);
    if asked.iter().flatten().any(|scope| !grant.scopes.contains(scope)) {
        return refuse(Wrong::Scope, "The refresh asks for a scope that was not granted.");
    }
    if scene.fault("revoked")?.is_some() {
        grants::end(scene, &token.grant)?;
        return refuse(Wrong::Grant, ended);
    }
    let rules = vendors::rules(&grant.host, &grant.path);
    let next = rotate(scene, given, &token.grant, rules.refresh)?;
    let scopes = asked.unwrap_or_else(|| grant.scopes.clone());
    let new = NewTokens { id: &token.grant, grant: &grant, scopes: &scopes, seconds: rules.seconds, refresh: next };
    grants::issue(scene, &new)
}

/// The next refresh token, if the vendor rotates them. A second use of one ends the whole grant (RFC 9700, 4.14.2).
fn rotate(scene: &Scene<'_>, token: &str, grant: &str, kind: Refresh) -> Result<Option<String>, Stop> {
    let mut fresh = false;
    scene.rows.update::<RefreshToken>(token, |kept| {
        if let Some(kept) = kept {
            fresh = !kept.used;
            kept.used = kept.used || kind == Refresh::Rotates;
        }
    })?;
    if !fresh || scene.fault("replay")?.is_some() {
        grants::end(scene, grant)?;
        return refuse(Wrong::Grant, "The refresh token has already been used.");
    }
    Ok(if kind == Refresh::Rotates { Some(grants::new_refresh(scene, grant)?) } else { None })
}

fn client_credentials(scene: &Scene<'_>, call: &Call, caller: &Caller, params: &Params) -> Answer {
    if !caller.proved {
        let wrong = if caller.client.is_some() { Wrong::UnauthorizedClient } else { Wrong::Client };
        return refuse(wrong, "Only a client with a secret can act for itself.");
    }
    let mut grant = Grant {
        client: caller.id.clone(),
        host: call.host.clone(),
        path: String::new(),
        person: None,
        account: Some(caller.id.clone()),
        scopes: params::scopes(params.text("scope")),
        offline: false,
        proved: true,
        ended: false,
    };
    if scene.fault("fewer-scopes")?.is_some() {
        grant.scopes.pop();
    }
    let id = grants::begin(scene, &grant)?;
    let seconds = vendors::rules(&call.host, &call.path).seconds;
    grants::issue(scene, &NewTokens { id: &id, grant: &grant, scopes: &grant.scopes, seconds, refresh: None })
}

/// Facebook's exchange of a short-lived token for one of 60 days.
fn lengthen(scene: &Scene<'_>, caller: &Caller, params: &Params) -> Answer {
    if !caller.proved {
        return refuse(Wrong::Request, "client_secret is missing.");
    }
    let Some(given) = params.get("fb_exchange_token") else {
        return refuse(Wrong::Request, "fb_exchange_token is missing.");
    };
    match grants::shown(scene, Vendor::Facebook, given)?.filter(|shown| shown.grant.client == caller.id) {
        None => refuse(Wrong::Grant, "Error validating access token: it has expired or was withdrawn."),
        Some(shown) => {
            let (id, grant) = (&shown.grant_id, &shown.grant);
            grants::issue(
                scene,
                &NewTokens { id, grant, scopes: &shown.access.scopes, seconds: 60 * 24 * 3600, refresh: None },
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verifier_fits_its_challenge() {
        // RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        let wrong = |verifier: Option<&str>, challenge: Option<&str>| match check_verifier(verifier, challenge) {
            Ok(()) => None,
            Err(Stop::Refused(refusal)) => Some(refusal.wrong),
            Err(other) => panic!("{other:?}"),
        };
        assert_eq!(wrong(Some(verifier), Some(challenge)), None);
        assert_eq!(wrong(None, None), None);
        assert_eq!(wrong(None, Some(challenge)), Some(Wrong::Grant));
        assert_eq!(wrong(Some(verifier), None), Some(Wrong::Grant));
        assert_eq!(wrong(Some(challenge), Some(challenge)), Some(Wrong::Grant), "plain is never meant");
        assert_eq!(wrong(Some(&verifier[1..]), Some(challenge)), Some(Wrong::Request));
        assert_eq!(wrong(Some(&"a".repeat(129)), Some(challenge)), Some(Wrong::Request));
        assert_eq!(wrong(Some(&format!("{}=", &verifier[1..])), Some(challenge)), Some(Wrong::Request));
    }
}
