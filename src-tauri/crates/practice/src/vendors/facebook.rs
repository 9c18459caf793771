use axum::http::Method;
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use crate::api::Shown;
use crate::call::Call;
use crate::people::Person;
use crate::refusal::{Refusal, Wrong};
use crate::reply::Reply;

/// Facebook names no scopes in a token answer and writes the type in lower case.
pub(super) fn token_fields(fields: &mut Map<String, Value>) {
    fields.remove("scope");
    fields.insert("token_type".to_owned(), "bearer".into());
}

/// The one error shape of the Graph API, token endpoint included.
pub(super) fn error(refusal: &Refusal) -> Reply {
    let (status, code, subcode) = match refusal.wrong {
        Wrong::Client | Wrong::UnauthorizedClient => (400, 1, None),
        Wrong::Grant => (400, 100, Some(36_007)),
        // The documentation shows 190 with 463 for an expired session; its status is 400, or 401 with newer versions.
        Wrong::Token => (401, 190, Some(463)),
        Wrong::InsufficientScope => (403, 200, None),
        _ => (400, 101, None),
    };
    let mut inner = json!({
        "message": refusal.text,
        "type": "OAuthException",
        "code": code,
        "fbtrace_id": "practice",
    });
    if let Some(subcode) = subcode {
        inner["error_subcode"] = subcode.into();
    }
    let reply = Reply::json(status, &json!({ "error": inner }));
    if status == 401 {
        reply
            .with("www-authenticate", "OAuth \"Facebook Platform\" \"invalid_token\" \"Error validating access token\"")
    } else {
        reply
    }
}

pub(super) fn api(call: &Call, shown: &Shown<'_>) -> Option<Result<Reply, Refusal>> {
    if let Err(refusal) = check_proof(call, shown) {
        return Some(Err(refusal));
    }
    // Versions stand before the node: `/v19.0/me`.
    let mut segments = call.path.trim_matches('/').split('/').peekable();
    segments
        .next_if(|first| first.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())));
    let node = segments.next()?;
    let own = node == "me" || shown.person.as_ref().is_some_and(|person| person.id == node);
    let edge = segments.next();
    match (own, edge, &call.method) {
        (true, None, &Method::GET) => Some(shown.person().map(|person| me(call, shown, person))),
        (true, Some("feed"), &Method::POST) => Some(shown.person().and_then(|person| post(call, shown, person))),
        _ => None,
    }
}

/// `appsecret_proof` is HMAC-SHA256 of the token under the app's secret, in hexadecimal.
fn check_proof(call: &Call, shown: &Shown<'_>) -> Result<(), Refusal> {
    let Some(given) = call.query.get("appsecret_proof").or(call.form.get("appsecret_proof")) else { return Ok(()) };
    let secret = shown.secret.as_deref().unwrap_or(crate::CLIENT_SECRET);
    let right = HEXLOWER.decode(given.as_bytes()).is_ok_and(|given| {
        // An unregistered app's secret is not known, so its proof is looked at by its length only.
        shown.secret.is_none() && given.len() == 32
            || Hmac::<Sha256>::new_from_slice(secret.as_bytes()).is_ok_and(|mut mac| {
                mac.update(shown.token.as_bytes());
                mac.verify_slice(&given).is_ok()
            })
    });
    let wrong =
        || Refusal { wrong: Wrong::Request, text: "Invalid appsecret_proof provided in the API argument".to_owned() };
    if right { Ok(()) } else { Err(wrong()) }
}

/// The fields that were asked for; id and name where none were.
fn me(call: &Call, shown: &Shown<'_>, person: &Person) -> Reply {
    let asked = call.query.get("fields").unwrap_or("id,name");
    let mut fields = Map::from_iter([("id".to_owned(), Value::from(person.id.as_str()))]);
    // Parentheses and dots belong to modifiers: `picture.type(large)`.
    for name in asked.split(',').map(|field| field.split(['.', '{', '(']).next().unwrap_or_default().trim()) {
        let value: Value = match name {
            "name" => person.name.as_str().into(),
            "first_name" => person.first_name.as_str().into(),
            "last_name" => person.last_name.as_str().into(),
            "short_name" => person.first_name.as_str().into(),
            "link" => format!("https://www.facebook.com/{}", person.id).into(),
            "picture" => json!({ "data": { "url": person.picture, "is_silhouette": false } }),
            "email" if shown.may(&["email"]) => person.email.as_str().into(),
            _ => continue,
        };
        fields.insert(name.to_owned(), value);
    }
    Reply::json(200, &Value::Object(fields))
}

/// Posting to the own feed, as it was possible until 2018.
fn post(call: &Call, shown: &Shown<'_>, person: &Person) -> Result<Reply, Refusal> {
    let message = call.form.get("message").or(call.query.get("message"));
    if message.is_none() && call.form.get("link").is_none() {
        return Err(Refusal { wrong: Wrong::Request, text: "(#100) The message parameter is missing.".to_owned() });
    }
    if shown.strict && !shown.may(&["publish_actions"]) {
        let text = "(#200) The call needs the permission publish_actions.".to_owned();
        return Err(Refusal { wrong: Wrong::InsufficientScope, text });
    }
    Ok(Reply::json(200, &json!({ "id": format!("{}_{}", person.id, uuid::Uuid::new_v4().as_u64_pair().0 >> 12) })))
}
