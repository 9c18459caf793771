use serde_json::{Map, Value, json};

use crate::api::{Shown, lacking};
use crate::call::Call;
use crate::people::Person;
use crate::refusal::{Refusal, Wrong};
use crate::reply::Reply;

/// X writes the token type in lower case.
pub(super) fn token_fields(fields: &mut Map<String, Value>) {
    fields.insert("token_type".to_owned(), "bearer".into());
}

pub(super) fn api_error(refusal: &Refusal) -> Reply {
    let (status, title) = match refusal.wrong {
        Wrong::Token => (401, "Unauthorized"),
        Wrong::InsufficientScope => (403, "Forbidden"),
        _ => (400, "Invalid Request"),
    };
    let body = json!({ "title": title, "type": "about:blank", "status": status, "detail": refusal.text });
    Reply::json(status, &body)
}

pub(super) fn api(call: &Call, shown: &Shown<'_>) -> Option<Result<Reply, Refusal>> {
    (call.path == "/2/users/me").then(|| me(call, shown))
}

fn me(call: &Call, shown: &Shown<'_>) -> Result<Reply, Refusal> {
    if !shown.may(&["users.read"]) {
        return lacking("users.read");
    }
    let person = shown.person()?;
    let mut data = json!({ "id": person.id, "name": person.name, "username": person.nickname });
    for field in call.query.text("user.fields").split(',') {
        match field {
            "description" => data[field] = person.description.as_str().into(),
            "location" => data[field] = person.location.as_str().into(),
            "url" => data[field] = person.website.as_str().into(),
            "profile_image_url" => data[field] = person.picture.as_str().into(),
            _ => {}
        }
    }
    Ok(Reply::json(200, &json!({ "data": data })))
}

/// Calls of version 1.1, signed by OAuth 1.0a.
pub(crate) fn old_api(call: &Call, person: &Person) -> Option<Reply> {
    if call.last() != "verify_credentials.json" {
        return None;
    }
    let mut body = json!({
        "id_str": person.id,
        "name": person.name,
        "screen_name": person.nickname,
        "description": person.description,
        "location": person.location,
        "url": person.website,
        "profile_image_url_https": person.picture,
    });
    if call.query.get("include_email") == Some("true") {
        body["email"] = person.email.as_str().into();
    }
    Some(Reply::json(200, &body))
}
