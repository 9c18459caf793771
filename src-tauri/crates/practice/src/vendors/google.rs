use serde_json::{Map, Value, json};

use crate::api::{Shown, lacking};
use crate::call::Call;
use crate::refusal::{Refusal, Wrong};
use crate::reply::Reply;

/// Google's revocation knows `invalid_token` with status 400, and its wrong clients get 401 like everybody's.
pub(super) fn endpoint_error(refusal: &Refusal) -> Option<Reply> {
    let body = json!({ "error": refusal.wrong.code(), "error_description": refusal.text });
    (refusal.wrong == Wrong::Token).then(|| Reply::json(400, &body))
}

/// The error model of Google's APIs.
pub(super) fn api_error(refusal: &Refusal) -> Reply {
    let (code, status) = match refusal.wrong {
        Wrong::Token => (401, "UNAUTHENTICATED"),
        Wrong::InsufficientScope => (403, "PERMISSION_DENIED"),
        _ => (400, "INVALID_ARGUMENT"),
    };
    let reply = Reply::json(code, &json!({ "error": { "code": code, "message": refusal.text, "status": status } }));
    if code == 401 {
        reply.with("www-authenticate", "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"")
    } else {
        reply
    }
}

pub(super) fn api(call: &Call, shown: &Shown<'_>) -> Option<Result<Reply, Refusal>> {
    matches!(call.last(), "userinfo").then(|| userinfo(shown))
}

fn userinfo(shown: &Shown<'_>) -> Result<Reply, Refusal> {
    let profile = shown.may(&["profile", "https://www.googleapis.com/auth/userinfo.profile"]);
    let email = shown.may(&["email", "https://www.googleapis.com/auth/userinfo.email"]);
    if !profile && !email && !shown.may(&["openid"]) {
        return lacking("openid, email or profile");
    }
    let person = shown.person()?;
    let mut claims = Map::from_iter([("sub".to_owned(), Value::from(person.id.as_str()))]);
    if profile {
        claims.extend([
            ("name".to_owned(), person.name.as_str().into()),
            ("given_name".to_owned(), person.first_name.as_str().into()),
            ("family_name".to_owned(), person.last_name.as_str().into()),
            ("picture".to_owned(), person.picture.as_str().into()),
        ]);
    }
    if email {
        claims.extend([("email".to_owned(), person.email.as_str().into()), ("email_verified".to_owned(), true.into())]);
    }
    Ok(Reply::json(200, &Value::Object(claims)))
}
