//! OAuth 1.0a as X speaks it: RFC 5849, 2, with the callback confirmed before the person is asked.

use axum::http::{Method, header};
use serde_json::json;
use store::StoreError;

use crate::CLIENT_SECRET;
use crate::authorize;
use crate::call::Call;
use crate::consent;
use crate::page;
use crate::people::Person;
use crate::refusal::Answer;
use crate::reply::Reply;
use crate::rows::{Client, Nonce, Pending, Signed, Temporary};
use crate::scene::{Scene, new_id};
use crate::signature;
use crate::vendors::Vendor;

/// How far a timestamp may be from the server's clock, in seconds.
const CLOCKS: i64 = 300;
/// How long temporary credentials live, in seconds.
const TEMPORARY: i64 = 600;

/// What a request says in its `oauth_` parameters, wherever they stand.
pub(crate) struct Said {
    parameters: Vec<(String, String)>,
}

/// A request whose signature is right.
struct Verified {
    consumer: String,
    said: Said,
}

enum Failure {
    /// With X's code and text.
    Refused(u16, u16, &'static str),
    Store(StoreError),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

const UNSIGNED: Failure = Failure::Refused(401, 32, "Could not authenticate you.");
const BAD_TOKEN: Failure = Failure::Refused(401, 89, "Invalid or expired token.");

impl Said {
    /// `None`: nothing of OAuth 1.0a stands in it.
    pub(crate) fn of(call: &Call) -> Option<Self> {
        let given = match call.authorization("oauth") {
            Some(value) => signature::header_parameters(value)?,
            None => call.form.joined(&call.query).pairs().to_vec(),
        };
        let parameters: Vec<_> = given.into_iter().filter(|(name, _)| name.starts_with("oauth_")).collect();
        parameters.iter().any(|(name, _)| name == "oauth_consumer_key").then_some(Self { parameters })
    }

    fn get(&self, name: &str) -> &str {
        self.parameters.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}

/// The first step: temporary credentials (RFC 5849, 2.1).
pub(crate) fn request_token(scene: &Scene<'_>, call: &Call) -> Answer {
    answered(|| {
        let verified = verify(scene, call, "")?;
        let callback = verified.said.get("oauth_callback");
        if callback != "oob" && authorize::check_redirect(Vendor::Twitter, callback).is_err() {
            return Err(Failure::Refused(403, 415, "Callback URL not approved for this client application."));
        }
        if let Some(client) = scene.rows.get::<Client>(&verified.consumer)? {
            let place = callback.split('?').next().unwrap_or_default();
            if !client.redirect_uris.is_empty() && !client.redirect_uris.iter().any(|known| known == place) {
                return Err(Failure::Refused(403, 415, "Callback URL not approved for this client application."));
            }
        }
        let (token, secret) = (new_id("temporary"), new_id("secret"));
        let row = Temporary {
            consumer: verified.consumer.clone(),
            secret: secret.clone(),
            callback: callback.to_owned(),
            person: None,
            verifier: None,
            until: scene.after(TEMPORARY),
        };
        scene.rows.put(&token, &row, Some(row.until))?;
        let fields = [
            ("oauth_token", token.as_str()),
            ("oauth_token_secret", secret.as_str()),
            ("oauth_callback_confirmed", "true"),
        ];
        Ok(Reply::form(200, fields))
    })
}

/// The second step: the person (RFC 5849, 2.2).
pub(crate) fn ask(scene: &Scene<'_>, call: &Call) -> Answer {
    let token = call.query.text("oauth_token");
    let Some(row) = scene.rows.get::<Temporary>(token)?.filter(|row| row.until > scene.now && row.verifier.is_none())
    else {
        return Ok(page::problem(400, "This sign-in has ended.", "Start it again in the app that sent you here."));
    };
    if scene.fault("deny")?.is_some() {
        return decided(scene, token, None);
    }
    let pending = Pending {
        host: call.host.clone(),
        path: call.path.clone(),
        client: row.consumer,
        redirect: row.callback,
        redirect_named: true,
        scopes: Vec::new(),
        state: None,
        challenge: None,
        offline: false,
        again: false,
        form_post: false,
        oauth1: Some(token.to_owned()),
        until: row.until,
    };
    consent::open(scene, &pending, call.query.get("screen_name"))
}

/// Back to the callback with a verifier, or with the word that there is none.
pub(crate) fn decided(scene: &Scene<'_>, token: &str, person: Option<&Person>) -> Answer {
    let verifier = new_id("verifier");
    let mut callback = None;
    scene.rows.update::<Temporary>(token, |kept| {
        callback = kept.as_ref().map(|kept| kept.callback.clone());
        match (person, kept.as_mut()) {
            (Some(person), Some(kept)) => {
                kept.person = Some(person.id.clone());
                kept.verifier = Some(verifier.clone());
            }
            _ => *kept = None,
        }
    })?;
    let Some(callback) = callback else {
        return Ok(page::problem(400, "This sign-in has ended.", "Start it again in the app that sent you here."));
    };
    if callback == "oob" {
        return Ok(page::problem(
            200,
            "Enter this code in the app.",
            if person.is_some() { &verifier } else { "None." },
        ));
    }
    if person.is_none() {
        return Ok(authorize::go_back(&callback, &[("denied", token)], false));
    }
    Ok(authorize::go_back(&callback, &[("oauth_token", token), ("oauth_verifier", &verifier)], false))
}

/// The third step: token credentials (RFC 5849, 2.3).
pub(crate) fn access_token(scene: &Scene<'_>, call: &Call) -> Answer {
    answered(|| {
        let said = Said::of(call).ok_or(UNSIGNED)?;
        let token = said.get("oauth_token").to_owned();
        let row = scene.rows.get::<Temporary>(&token)?.filter(|row| row.until > scene.now).ok_or(BAD_TOKEN)?;
        let verified = verify(scene, call, &row.secret)?;
        let given = match verified.said.get("oauth_verifier") {
            "" => call.form.text("oauth_verifier"),
            given => given,
        };
        if row.consumer != verified.consumer || row.verifier.as_deref() != Some(given) {
            return Err(BAD_TOKEN);
        }
        // Taking it makes it count once.
        let Some(person) = scene.rows.take::<Temporary>(&token)?.and_then(|row| row.person) else {
            return Err(BAD_TOKEN);
        };
        let nickname = scene.rows.get::<Person>(&person)?.map(|person| person.nickname).unwrap_or_default();
        let (token, secret) = (new_id("access"), new_id("secret"));
        let row = Signed { consumer: verified.consumer, secret: secret.clone(), person: person.clone() };
        scene.rows.put(&token, &row, None)?;
        let fields = [
            ("oauth_token", token.as_str()),
            ("oauth_token_secret", secret.as_str()),
            ("user_id", person.as_str()),
            ("screen_name", nickname.as_str()),
        ];
        Ok(Reply::form(200, fields))
    })
}

/// Any call that a token signs. `act` says what comes of it.
pub(crate) fn signed_call(
    scene: &Scene<'_>,
    call: &Call,
    act: impl FnOnce(Person) -> Result<Reply, StoreError>,
) -> Answer {
    answered(|| {
        let said = Said::of(call).ok_or(UNSIGNED)?;
        let token = said.get("oauth_token").to_owned();
        let row = scene.rows.get::<Signed>(&token)?.ok_or(BAD_TOKEN)?;
        let verified = verify(scene, call, &row.secret)?;
        if verified.consumer != row.consumer || scene.fault("revoked")?.is_some() {
            return Err(BAD_TOKEN);
        }
        let person = scene.rows.get::<Person>(&row.person)?.ok_or(BAD_TOKEN)?;
        if call.last().trim_end_matches(".json") == "invalidate_token" {
            scene.rows.remove::<Signed>(&token)?;
            return Ok(Reply::json(200, &json!({ "access_token": token })));
        }
        Ok(act(person)?)
    })
}

fn answered(work: impl FnOnce() -> Result<Reply, Failure>) -> Answer {
    match work() {
        Ok(reply) => Ok(reply),
        Err(Failure::Store(error)) => Err(error.into()),
        Err(Failure::Refused(status, code, text)) => {
            let reply = Reply::json(status, &json!({ "errors": [{ "code": code, "message": text }] }));
            Ok(if status == 401 { reply.with("www-authenticate", "OAuth realm=\"practice\"") } else { reply })
        }
    }
}

/// Checks signature, time and nonce (RFC 5849, 3.2 and 3.3).
fn verify(scene: &Scene<'_>, call: &Call, token_secret: &str) -> Result<Verified, Failure> {
    let said = Said::of(call).ok_or(UNSIGNED)?;
    let mut names: Vec<_> = said.parameters.iter().map(|(name, _)| name).collect();
    names.sort();
    let twice = names.windows(2).any(|pair| pair[0] == pair[1]);
    let version = said.get("oauth_version");
    if twice || said.get("oauth_signature_method") != "HMAC-SHA1" || !(version.is_empty() || version == "1.0") {
        return Err(UNSIGNED);
    }
    let consumer = said.get("oauth_consumer_key").to_owned();
    let secret = match scene.rows.get::<Client>(&consumer)? {
        Some(client) => client.secret.unwrap_or_default(),
        None if scene.strict => return Err(UNSIGNED),
        None => CLIENT_SECRET.to_owned(),
    };
    let signed = signed_parameters(call, &said);
    let given = said.get("oauth_signature");
    let fits = uris(scene, call).iter().any(|uri| {
        let base = signature::base_string(call.method.as_str(), uri, &signed);
        signature::verifies(&base, &secret, token_secret, given)
    });
    if !fits {
        return Err(UNSIGNED);
    }
    let time = said.get("oauth_timestamp");
    let off = time.parse::<i64>().ok().map(|time| time.abs_diff(scene.now.as_second()));
    if off.is_some_and(|off| off > CLOCKS.unsigned_abs()) {
        return Err(Failure::Refused(401, 135, "Timestamp out of bounds."));
    }
    if off.is_none() || said.get("oauth_nonce").is_empty() {
        return Err(UNSIGNED);
    }
    if !is_new(scene, &[&consumer, said.get("oauth_token"), time, said.get("oauth_nonce")].map(signature::encode))? {
        return Err(UNSIGNED);
    }
    Ok(Verified { consumer, said })
}

/// All parameters but the signature: of the header, the query and the form (RFC 5849, 3.4.1.3.1).
fn signed_parameters(call: &Call, said: &Said) -> Vec<(String, String)> {
    let header = if call.headers.contains_key(header::AUTHORIZATION) { said.parameters.as_slice() } else { &[] };
    let form = if call.method == Method::GET { &[] } else { call.form.pairs() };
    let all = header.iter().chain(call.query.pairs()).chain(form);
    all.filter(|(name, _)| name != "oauth_signature").cloned().collect()
}

/// The address that was signed: the played one, or the one it is played at.
fn uris(scene: &Scene<'_>, call: &Call) -> [String; 2] {
    [format!("https://{}{}", call.host, call.path), format!("{}/{}{}", scene.base, call.host, call.path)]
}

/// Whether this combination was never seen before; from now on it was.
fn is_new(scene: &Scene<'_>, parts: &[String]) -> Result<bool, StoreError> {
    let id = parts.join("&");
    let mut fresh = false;
    scene.rows.update::<Nonce>(&id, |seen| {
        fresh = seen.is_none();
        *seen = Some(Nonce {});
    })?;
    if fresh {
        scene.rows.put(&id, &Nonce {}, Some(scene.after(2 * CLOCKS)))?;
    }
    Ok(fresh)
}
