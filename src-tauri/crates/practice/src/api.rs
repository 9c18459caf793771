//! API calls with a token: RFC 6750.

use axum::http::{Method, header};
use serde_json::{Value, json};

use crate::call::Call;
use crate::grants;
use crate::oauth1;
use crate::people::Person;
use crate::refusal::{Answer, Refusal, Stop, Wrong, refuse};
use crate::reply::Reply;
use crate::rows::Client;
use crate::scene::Scene;
use crate::vendors::{self, Vendor};

/// A good token, and whose it is.
pub(crate) struct Shown<'s> {
    pub(crate) token: &'s str,
    /// `None`: a client or a service account acts for itself.
    pub(crate) person: Option<Person>,
    pub(crate) account: Option<String>,
    pub(crate) scopes: Vec<String>,
    /// The client's secret, if it is registered.
    pub(crate) secret: Option<String>,
    pub(crate) strict: bool,
}

impl Shown<'_> {
    /// Whether one of these scopes was granted.
    pub(crate) fn may(&self, scopes: &[&str]) -> bool {
        scopes.iter().any(|wanted| self.scopes.iter().any(|scope| scope == wanted))
    }

    /// The person, whom a client acting for itself has not.
    pub(crate) fn person(&self) -> Result<&Person, Refusal> {
        let nobody = || Refusal { wrong: Wrong::InsufficientScope, text: "The token stands for no person.".to_owned() };
        self.person.as_ref().ok_or_else(nobody)
    }
}

/// A refusal for want of a scope.
pub(crate) fn lacking<T>(scope: &str) -> Result<T, Refusal> {
    Err(Refusal { wrong: Wrong::InsufficientScope, text: format!("The call needs the scope {scope}.") })
}

pub(crate) fn answer(scene: &Scene<'_>, call: &Call) -> Answer {
    let vendor = call.vendor();
    if bearer(call)?.is_none() && oauth1::Said::of(call).is_some() {
        return oauth1::signed_call(scene, call, |person| {
            Ok(vendors::old_api(call, &person).unwrap_or_else(|| echo(call, &whole(&person))))
        });
    }
    let Some(token) = bearer(call)? else {
        return refuse(Wrong::Token, "The call has no access token.");
    };
    if vendor == Vendor::Facebook && call.last() == "debug_token" {
        return debug_token(scene, call);
    }
    let Some(found) = grants::shown(scene, vendor, token)? else {
        return refuse(Wrong::Token, "The access token is unknown, expired or withdrawn.");
    };
    if vendor == Vendor::Facebook && call.method == Method::DELETE && call.last() == "permissions" {
        grants::end_all(scene, &found.grant)?;
        return Ok(Reply::json(200, &json!({ "success": true })));
    }
    let person = match &found.grant.person {
        Some(id) => scene.rows.get::<Person>(id)?,
        None => None,
    };
    let shown = Shown {
        token,
        person,
        account: found.grant.account,
        scopes: found.access.scopes,
        secret: scene.rows.get::<Client>(&found.grant.client)?.and_then(|client| client.secret),
        strict: scene.strict,
    };
    match vendors::api(vendor, call, &shown) {
        Some(Ok(reply)) => Ok(reply),
        Some(Err(refusal)) => Err(Stop::Refused(refusal)),
        None => {
            let whose = shown.person.as_ref().map_or_else(|| json!({ "account": shown.account }), whole);
            Ok(echo(call, &whose))
        }
    }
}

/// The token of a call, which stands in one place only (RFC 6750, 2).
fn bearer(call: &Call) -> Result<Option<&str>, Stop> {
    let header = call.header(header::AUTHORIZATION).and_then(|_| call.authorization("bearer"));
    let body = if call.method == Method::GET { None } else { call.form.get("access_token") };
    let mut places = [header, call.query.get("access_token"), body].into_iter().flatten();
    let first = places.next();
    if places.next().is_some() {
        return refuse(Wrong::Request, "The access token stands in more than one place.");
    }
    Ok(first)
}

/// What practice answers where it knows nothing better: what was called, and as whom.
fn echo(call: &Call, whose: &Value) -> Reply {
    Reply::json(
        200,
        &json!({
            "practice": true,
            "method": call.method.as_str(),
            "host": call.host,
            "path": call.path,
            "as": whose,
        }),
    )
}

fn whole(person: &Person) -> Value {
    json!({ "id": person.id, "name": person.name, "email": person.email })
}

/// Facebook's look at a token by the app itself: `access_token` is `APPID|SECRET`.
fn debug_token(scene: &Scene<'_>, call: &Call) -> Answer {
    let app = call.query.text("access_token").split('|').next().unwrap_or_default();
    let found = grants::shown(scene, Vendor::Facebook, call.query.text("input_token"))?;
    let data = match found.filter(|found| found.grant.client == app) {
        None => json!({ "is_valid": false, "scopes": [] }),
        Some(found) => json!({
            "app_id": app,
            "type": "USER",
            "is_valid": true,
            "expires_at": found.access.until.as_second(),
            "scopes": found.access.scopes,
            "user_id": found.grant.person,
        }),
    };
    Ok(Reply::json(200, &json!({ "data": data })))
}
