use serde_json::json;

use crate::api::Shown;
use crate::call::Call;
use crate::refusal::{Refusal, Wrong};
use crate::reply::Reply;

/// RFC 6750, 3: the header says it, the body repeats it for those who only read that.
pub(super) fn api_error(refusal: &Refusal) -> Reply {
    let reply = refusal.standard();
    match refusal.wrong {
        Wrong::Token | Wrong::InsufficientScope | Wrong::Request => {
            let code = refusal.wrong.code();
            reply.with("www-authenticate", format!("Bearer realm=\"practice\", error=\"{code}\""))
        }
        _ => reply,
    }
}

/// The standard claims of OpenID Connect Core 1.0, 5.1.
pub(super) fn api(call: &Call, shown: &Shown<'_>) -> Option<Result<Reply, Refusal>> {
    (call.last() == "userinfo").then(|| userinfo(shown))
}

fn userinfo(shown: &Shown<'_>) -> Result<Reply, Refusal> {
    let person = shown.person()?;
    let body = json!({
        "sub": person.id,
        "name": person.name,
        "given_name": person.first_name,
        "family_name": person.last_name,
        "nickname": person.nickname,
        "preferred_username": person.nickname,
        "email": person.email,
        "email_verified": true,
        "locale": person.locale,
        "phone_number": person.phone,
        "profile": person.website,
        "picture": person.picture,
    });
    Ok(Reply::json(200, &body))
}
