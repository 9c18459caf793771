use serde_json::{Map, Value, json};

use crate::api::{Shown, lacking};
use crate::call::Call;
use crate::people::Person;
use crate::refusal::{Refusal, Wrong};
use crate::reply::Reply;

/// Microsoft repeats the lifetime for outages.
pub(super) fn token_fields(fields: &mut Map<String, Value>) {
    if let Some(seconds) = fields.get("expires_in").cloned() {
        fields.insert("ext_expires_in".to_owned(), seconds);
    }
}

/// The standard's error, with the number that support asks for.
pub(super) fn endpoint_error(refusal: &Refusal) -> Reply {
    let number = match refusal.wrong {
        Wrong::Client => 7_000_215,
        Wrong::Grant => 70_000,
        Wrong::GrantType => 70_003,
        Wrong::Scope => 70_011,
        Wrong::UnauthorizedClient => 700_016,
        _ => 900_144,
    };
    let body = json!({
        "error": refusal.wrong.code(),
        "error_description": format!("AADSTS{number}: {}", refusal.text),
        "error_codes": [number],
        "trace_id": "practice",
        "correlation_id": "practice",
    });
    Reply::json(refusal.wrong.status(), &body)
}

pub(super) fn api_error(refusal: &Refusal) -> Reply {
    let (status, code) = match refusal.wrong {
        Wrong::Token => (401, "InvalidAuthenticationToken"),
        Wrong::InsufficientScope => (403, "Authorization_RequestDenied"),
        _ => (400, "BadRequest"),
    };
    error(status, code, &refusal.text)
}

fn error(status: u16, code: &str, text: &str) -> Reply {
    Reply::json(status, &json!({ "error": { "code": code, "message": text } }))
}

pub(super) fn api(call: &Call, shown: &Shown<'_>) -> Option<Result<Reply, Refusal>> {
    let path = call.path.to_ascii_lowercase();
    if path.starts_with("/v1.0/me/photo") {
        return Some(Ok(error(404, "ImageNotFound", "The person has no photo.")));
    }
    (path == "/v1.0/me").then(|| shown.person().and_then(|person| me(person, shown)))
}

fn me(person: &Person, shown: &Shown<'_>) -> Result<Reply, Refusal> {
    let reads = |scope: &String| {
        let name = scope.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
        name.starts_with("user.read") || name == ".default"
    };
    if !shown.scopes.iter().any(reads) {
        return lacking("User.Read");
    }
    let body = json!({
        "id": person.id,
        "displayName": person.name,
        "givenName": person.first_name,
        "surname": person.last_name,
        "mail": person.email,
        "userPrincipalName": person.email,
        "jobTitle": person.description,
        "mobilePhone": null,
        "businessPhones": [person.phone],
        "officeLocation": person.location,
    });
    Ok(Reply::json(200, &body))
}
