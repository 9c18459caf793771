use serde_json::json;

use crate::api::Shown;
use crate::call::Call;
use crate::refusal::Refusal;
use crate::reply::Reply;

pub(super) fn api(call: &Call, shown: &Shown<'_>) -> Option<Result<Reply, Refusal>> {
    (call.last() == "authorization.json").then(|| me(shown))
}

fn me(shown: &Shown<'_>) -> Result<Reply, Refusal> {
    let person = shown.person()?;
    let account = json!({
        "product": "bc3",
        "id": 99,
        "name": "Practice",
        "href": "https://3.basecampapi.com/99",
        "app_href": "https://3.basecamp.com/99",
    });
    let identity = json!({
        "id": person.id.parse::<u64>().unwrap_or_default(),
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email_address": person.email,
    });
    Ok(Reply::json(200, &json!({ "identity": identity, "accounts": [account] })))
}
