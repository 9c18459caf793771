use serde_json::{Map, Value, json};

use crate::api::{Shown, lacking};
use crate::call::Call;
use crate::people::Person;
use crate::refusal::{Refusal, Wrong};
use crate::reply::Reply;

/// LinkedIn sends no token type and joins the scopes with commas.
pub(super) fn token_fields(fields: &mut Map<String, Value>) {
    fields.remove("token_type");
    if let Some(Value::String(scope)) = fields.get_mut("scope") {
        *scope = scope.replace(' ', ",");
    }
}

pub(super) fn api_error(refusal: &Refusal) -> Reply {
    let (status, code) = match refusal.wrong {
        Wrong::Token => (401, 65_600),
        Wrong::InsufficientScope => (403, 100),
        _ => (400, 65_604),
    };
    let text = if refusal.wrong == Wrong::Token { "Invalid access token" } else { &refusal.text };
    Reply::json(status, &json!({ "serviceErrorCode": code, "message": text, "status": status }))
}

pub(super) fn api(call: &Call, shown: &Shown<'_>) -> Option<Result<Reply, Refusal>> {
    let answer: fn(&Person, &Shown<'_>) -> Result<Reply, Refusal> = match call.path.as_str() {
        "/v2/userinfo" => userinfo,
        "/v2/me" => me,
        "/v2/clientAwareMemberHandles" | "/v2/emailAddress" => handles,
        _ => return None,
    };
    Some(shown.person().and_then(|person| answer(person, shown)))
}

fn userinfo(person: &Person, shown: &Shown<'_>) -> Result<Reply, Refusal> {
    if !shown.may(&["openid"]) {
        return lacking("openid");
    }
    let (language, country) = person.locale.split_once('-').unwrap_or((&person.locale, ""));
    let mut claims = json!({ "sub": person.id });
    if shown.may(&["profile"]) {
        claims["name"] = person.name.as_str().into();
        claims["given_name"] = person.first_name.as_str().into();
        claims["family_name"] = person.last_name.as_str().into();
        claims["picture"] = person.picture.as_str().into();
        claims["locale"] = json!({ "country": country, "language": language });
    }
    if shown.may(&["email"]) {
        claims["email"] = person.email.as_str().into();
        claims["email_verified"] = true.into();
    }
    Ok(Reply::json(200, &claims))
}

fn me(person: &Person, shown: &Shown<'_>) -> Result<Reply, Refusal> {
    if !shown.may(&["r_liteprofile", "r_basicprofile"]) {
        return lacking("r_liteprofile");
    }
    let picture = json!({ "displayImage~": { "elements": [{ "identifiers": [{ "identifier": person.picture }] }] } });
    let body = json!({
        "id": person.id,
        "localizedFirstName": person.first_name,
        "localizedLastName": person.last_name,
        "profilePicture": picture,
    });
    Ok(Reply::json(200, &body))
}

fn handles(person: &Person, shown: &Shown<'_>) -> Result<Reply, Refusal> {
    if !shown.may(&["r_emailaddress"]) {
        return lacking("r_emailaddress");
    }
    let handle = json!({ "emailAddress": person.email });
    let body = json!({ "elements": [{ "primary": true, "type": "EMAIL", "handle~": handle }] });
    Ok(Reply::json(200, &body))
}
