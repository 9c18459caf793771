//! Signed assertions as grants: RFC 7523, section 3, with the limits that Google sets to it.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;

use crate::call::Call;
use crate::grants::{self, NewTokens};
use crate::key_file;
use crate::params::{self, Params};
use crate::refusal::{Answer, Stop, Wrong, refuse};
use crate::rows::{AccountKey, Grant};
use crate::scene::Scene;

pub(crate) const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// The longest that an assertion may live, and its token with it: Google's limit.
const LIFE: i64 = 3600;

/// Exchanges an assertion for an access token; there is never a refresh token.
pub(crate) fn exchange(scene: &Scene<'_>, call: &Call, params: &Params) -> Answer {
    let Some(assertion) = params.get("assertion") else {
        return refuse(Wrong::Request, "Missing required parameter: assertion");
    };
    let claims = verified(scene, assertion)?;
    check_times(scene, &claims)?;
    if !audiences(scene, call).iter().any(|own| is_for(&claims["aud"], own)) {
        return refuse(Wrong::Grant, "Invalid JWT: the aud claim is not this token endpoint.");
    }
    let scopes = params::scopes(claims["scope"].as_str().unwrap_or_default());
    if scopes.is_empty() {
        return refuse(Wrong::Scope, "Empty or missing scope not allowed.");
    }
    let email = claims["iss"].as_str().unwrap_or_default().to_owned();
    let grant = Grant {
        client: email.clone(),
        host: call.host.clone(),
        path: String::new(),
        person: None,
        account: Some(email),
        scopes,
        offline: false,
        proved: true,
        ended: false,
    };
    let id = grants::begin(scene, &grant)?;
    grants::issue(scene, &NewTokens { id: &id, grant: &grant, scopes: &grant.scopes, seconds: LIFE - 1, refresh: None })
}

/// The claims of an assertion that a registered key signed for its own account.
fn verified(scene: &Scene<'_>, assertion: &str) -> Result<Value, Stop> {
    let malformed = || refuse(Wrong::Grant, "Invalid JWT: it is not three parts of base64url with JSON inside.");
    let parts: Vec<&str> = assertion.split('.').collect();
    let [header, claims, signature] = parts[..] else { return malformed() };
    let (Some(head), Some(body)) = (json(header), json(claims)) else { return malformed() };
    let Ok(signature) = BASE64URL_NOPAD.decode(signature.as_bytes()) else { return malformed() };
    if head["alg"] != "RS256" {
        return refuse(Wrong::Grant, "Invalid JWT: the algorithm has to be RS256.");
    }
    if head.get("crit").is_some() {
        return refuse(Wrong::Grant, "Invalid JWT: a critical header is not understood.");
    }
    let email = body["iss"].as_str().unwrap_or_default();
    let keys: Vec<(String, AccountKey)> = scene.rows.list()?;
    let mut own = keys.into_iter().filter(|(_, key)| key.email == email).peekable();
    if own.peek().is_none() {
        return refuse(Wrong::Grant, "Invalid grant: account not found");
    }
    let signed = format!("{header}.{claims}");
    let wanted = head["kid"].as_str();
    let proves = |(id, key): &(String, AccountKey)| {
        let der = key_file::der("PUBLIC KEY", &key.public_key).unwrap_or_default();
        let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der);
        wanted.is_none_or(|wanted| wanted == id) && public.verify(signed.as_bytes(), &signature).is_ok()
    };
    if own.any(|key| proves(&key)) { Ok(body) } else { refuse(Wrong::Grant, "Invalid JWT Signature.") }
}

fn json(part: &str) -> Option<Value> {
    let bytes = BASE64URL_NOPAD.decode(part.as_bytes()).ok()?;
    serde_json::from_slice(&bytes).ok().filter(Value::is_object)
}

fn check_times(scene: &Scene<'_>, claims: &Value) -> Result<(), Stop> {
    let now = scene.now.as_second();
    let (Some(issued), Some(expires)) = (claims["iat"].as_i64(), claims["exp"].as_i64()) else {
        return refuse(Wrong::Grant, "Invalid JWT: iat and exp have to be whole numbers of seconds.");
    };
    let short =
        "Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values.";
    let lives = expires.checked_sub(issued).is_some_and(|life| (0..=LIFE).contains(&life));
    let starts = claims["nbf"].as_i64().is_none_or(|start| start <= now);
    if issued > now || expires <= now || !lives || !starts { refuse(Wrong::Grant, short) } else { Ok(()) }
}

/// What an assertion may name as its audience: this endpoint under its own address, or under the one it is played at.
fn audiences(scene: &Scene<'_>, call: &Call) -> [String; 2] {
    [format!("https://{}{}", call.host, call.path), format!("{}/{}{}", scene.base, call.host, call.path)]
}

/// The claim is one audience or a list of them (RFC 7519, 4.1.3).
fn is_for(claim: &Value, own: &str) -> bool {
    match claim {
        Value::Array(several) => several.iter().any(|one| one == own),
        one => one == own,
    }
}
