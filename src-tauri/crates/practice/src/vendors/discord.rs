use serde_json::json;

use crate::api::{Shown, lacking};
use crate::call::Call;
use crate::refusal::{Refusal, Wrong};
use crate::reply::Reply;

pub(super) fn api_error(refusal: &Refusal) -> Reply {
    match refusal.wrong {
        Wrong::Token => Reply::json(401, &json!({ "message": "401: Unauthorized", "code": 0 })),
        Wrong::InsufficientScope => Reply::json(403, &json!({ "message": "Missing Access", "code": 50_001 })),
        _ => Reply::json(400, &json!({ "message": refusal.text, "code": 50_035 })),
    }
}

pub(super) fn api(call: &Call, shown: &Shown<'_>) -> Option<Result<Reply, Refusal>> {
    // Versions may stand in between: `/api/v10/users/@me`.
    (call.path.starts_with("/api/") && call.path.ends_with("/users/@me")).then(|| me(shown))
}

fn me(shown: &Shown<'_>) -> Result<Reply, Refusal> {
    if !shown.may(&["identify"]) {
        return lacking("identify");
    }
    let person = shown.person()?;
    let mut body = json!({
        "id": person.id,
        "username": person.nickname,
        "global_name": person.name,
        "avatar": null,
        "locale": person.locale,
    });
    if shown.may(&["email"]) {
        body["email"] = person.email.as_str().into();
        body["verified"] = true.into();
    }
    Ok(Reply::json(200, &body))
}
