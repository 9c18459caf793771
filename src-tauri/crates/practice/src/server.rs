//! One handler for every address: which endpoint is meant shows in the shape of the request.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{self, Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, Response};
use wire::Guard;

use crate::api;
use crate::authorize;
use crate::call::Call;
use crate::control::{self, Own};
use crate::metadata;
use crate::oauth1;
use crate::page;
use crate::refusal::{Answer, Refusal, Stop, Wrong, unavailable};
use crate::reply::Reply;
use crate::revoke;
use crate::scene::{Scene, Stage};
use crate::token;
use crate::vendors::{self, Vendor};

/// Largest body in bytes.
const BODY: usize = 1024 * 1024;

/// Which endpoint of a provider a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Endpoint {
    Metadata,
    Authorize,
    Token,
    Revoke,
    RequestToken,
    AskOnce,
    AccessToken,
    Api,
}

pub(crate) fn guard() -> Guard {
    // The consent page is reached by a link from anywhere.
    Guard { body_bytes: BODY, navigation: true, ..Guard::default() }
}

pub(crate) fn routes(stage: Arc<Stage>) -> Router {
    Router::new().fallback(answer).with_state(stage)
}

async fn answer(State(stage): State<Arc<Stage>>, request: Request) -> Response<Body> {
    let now = stage.now();
    let (parts, body) = request.into_parts();
    let Ok(body) = body::to_bytes(body, BODY).await else {
        return Reply::text(413, "The body is too large.").into_response(now);
    };
    let played = tokio::task::spawn_blocking(move || play(&stage, parts, body)).await;
    match played {
        Ok((delay, response)) => {
            if !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
            response
        }
        Err(error) => {
            tracing::error!(%error, "practice failed to answer");
            Reply::text(500, "Practice failed to answer.").into_response(now)
        }
    }
}

/// The response, and how long it is held back.
fn play(stage: &Stage, parts: Parts, body: Bytes) -> (Duration, Response<Body>) {
    let scene = match stage.scene() {
        Ok(scene) => scene,
        Err(error) => return (Duration::ZERO, unavailable(&error).into_response(stage.now())),
    };
    let path = parts.uri.path().to_owned();
    let own = Own { method: &parts.method, path: &path, headers: &parts.headers, body: &body };
    let (delay, reply) = match control::answer(&scene, &own) {
        Some(answer) => (Duration::ZERO, answer.unwrap_or_else(|stop| settle(None, stop, false))),
        None if path == "/" || path.starts_with("/practice/") => (Duration::ZERO, missing()),
        None => match Call::new(parts.method, &parts.uri, parts.headers, body) {
            Some(call) => host(&scene, &call),
            None => (Duration::ZERO, missing()),
        },
    };
    (delay, reply.into_response(scene.now))
}

fn missing() -> Reply {
    page::problem(404, "There is nothing at this address.", "A provider is played at /HOST/PATH.")
}

/// Plays a host, faults included.
fn host(scene: &Scene<'_>, call: &Call) -> (Duration, Reply) {
    let endpoint = endpoint(call);
    let browser = matches!(endpoint, Endpoint::Authorize | Endpoint::AskOnce);
    let late = scene.fault("slow").ok().flatten().and_then(|ms| u64::try_from(ms).ok());
    let delay = late.map_or(Duration::ZERO, Duration::from_millis);
    let machine =
        matches!(endpoint, Endpoint::Token | Endpoint::Revoke | Endpoint::RequestToken | Endpoint::AccessToken);
    let answer = if browser { Ok(None) } else { broken(scene) };
    let answer = match answer {
        Ok(Some(reply)) => Ok(reply),
        Ok(None) => at(scene, call, endpoint),
        Err(stop) => Err(stop),
    };
    let reply = answer.unwrap_or_else(|stop| settle(Some(call.vendor()), stop, machine));
    let reply = if browser { reply } else { garbled(scene, reply) };
    (delay, reply)
}

fn at(scene: &Scene<'_>, call: &Call, endpoint: Endpoint) -> Answer {
    match endpoint {
        Endpoint::Metadata => Ok(metadata::answer(call)),
        Endpoint::Authorize => authorize::ask(scene, call),
        Endpoint::Token if call.method != Method::POST && call.vendor() != Vendor::Facebook => {
            // RFC 6749, 3.2: the client must use POST.
            let refusal = Refusal { wrong: Wrong::Request, text: "A token takes a POST.".to_owned() };
            let mut reply = refusal.of_endpoint(call.vendor());
            reply.status = 405;
            Ok(reply.with("allow", "POST"))
        }
        Endpoint::Token => token::answer(scene, call),
        Endpoint::Revoke => revoke::answer(scene, call),
        Endpoint::RequestToken => oauth1::request_token(scene, call),
        Endpoint::AskOnce => oauth1::ask(scene, call),
        Endpoint::AccessToken => oauth1::access_token(scene, call),
        Endpoint::Api => api::answer(scene, call),
    }
}

fn settle(vendor: Option<Vendor>, stop: Stop, machine: bool) -> Reply {
    match (stop, vendor) {
        (Stop::Store(error), _) => unavailable(&error),
        (Stop::Refused(refusal), Some(vendor)) if machine => refusal.of_endpoint(vendor),
        (Stop::Refused(refusal), Some(vendor)) => vendors::api_error(vendor, &refusal),
        (Stop::Refused(refusal), None) => refusal.standard(),
    }
}

/// Answers that come before anybody looks at the request.
fn broken(scene: &Scene<'_>) -> Result<Option<Reply>, Stop> {
    if let Some(seconds) = scene.fault("too-many-requests")? {
        let reply = Reply::json(429, &serde_json::json!({ "error": "rate_limited", "message": "Too many requests." }));
        let reply = if seconds > 0 { reply.with("retry-after", seconds.to_string()) } else { reply };
        return Ok(Some(reply));
    }
    if scene.fault("bad-gateway")?.is_some() {
        let page = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";
        return Ok(Some(Reply::new(502, "text/html", page)));
    }
    if scene.fault("server-error")?.is_some() {
        return Ok(Some(Reply::empty(500)));
    }
    Ok(None)
}

/// Spoils a JSON answer on its way out.
fn garbled(scene: &Scene<'_>, mut reply: Reply) -> Reply {
    if !reply.is_json() {
        return reply;
    }
    let on = |name| matches!(scene.fault(name), Ok(Some(_)));
    if on("truncated-json") {
        let half = reply.body.len() / 2;
        reply.body.truncate(reply.body.floor_char_boundary(half));
    }
    if on("wrong-content-type") {
        for (name, value) in &mut reply.headers {
            if *name == "content-type" {
                *value = "text/html; charset=utf-8".to_owned();
            }
        }
    }
    reply
}

fn endpoint(call: &Call) -> Endpoint {
    let (get, post) = (call.method == Method::GET, call.method == Method::POST);
    let last = call.last();
    let signed = call.authorization("oauth").is_some() || call.form.has("oauth_consumer_key");
    if metadata::is_asked(call) {
        return Endpoint::Metadata;
    }
    match last {
        "request_token" => return Endpoint::RequestToken,
        "access_token" if signed => return Endpoint::AccessToken,
        "authorize" | "authenticate" if get && call.query.has("oauth_token") => return Endpoint::AskOnce,
        _ => {}
    }
    let bearer = call.authorization("bearer").is_some();
    let named = matches!(last, "token" | "accessToken" | "access_token");
    if named && (post || !bearer) || post && call.form.has("grant_type") {
        return Endpoint::Token;
    }
    if matches!(last, "revoke" | "revocation" | "revoke_token") && (post || call.query.has("token")) {
        return Endpoint::Revoke;
    }
    let asks = call.query.has("response_type") || call.query.has("client_id") && call.query.has("redirect_uri");
    let door = matches!(last, "authorize" | "authorization" | "auth" | "oauth" | "new" | "dialog");
    if !bearer && (get && asks || door && (get || call.query.has("client_id")) && !call.query.has("access_token")) {
        return Endpoint::Authorize;
    }
    Endpoint::Api
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderMap, HeaderValue, Uri};

    #[test]
    fn endpoints_show_in_the_shape() {
        let check = |method: Method,
                     uri: &'static str,
                     headers: &[(&'static str, &'static str)],
                     body: &'static str,
                     expect| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(*name, HeaderValue::from_static(value));
            }
            let call = Call::new(method, &Uri::from_static(uri), map, Bytes::from_static(body.as_bytes())).unwrap();
            assert_eq!(endpoint(&call), expect, "{uri}");
        };
        let form: &[(&str, &str)] = &[("content-type", "application/x-www-form-urlencoded")];
        let bearer: &[(&str, &str)] = &[("authorization", "Bearer x")];
        let signed: &[(&str, &str)] = &[("authorization", "OAuth oauth_token=\"x\"")];
        check(Method::GET, "/accounts.google.com/o/oauth2/v2/auth?response_type=code", &[], "", Endpoint::Authorize);
        check(
            Method::GET,
            "/www.facebook.com/v19.0/dialog/oauth?client_id=1&redirect_uri=x",
            &[],
            "",
            Endpoint::Authorize,
        );
        check(Method::GET, "/launchpad.37signals.com/authorization/new?type=web_server", &[], "", Endpoint::Authorize);
        check(Method::GET, "/a.example/authorize", &[], "", Endpoint::Authorize);
        check(Method::POST, "/oauth2.googleapis.com/token", form, "", Endpoint::Token);
        check(Method::POST, "/a.example/anywhere", form, "grant_type=x", Endpoint::Token);
        check(Method::POST, "/a.example/token", bearer, "", Endpoint::Token);
        check(
            Method::GET,
            "/graph.facebook.com/v19.0/oauth/access_token?client_id=1&redirect_uri=x&code=c",
            &[],
            "",
            Endpoint::Token,
        );
        check(Method::POST, "/discord.com/api/oauth2/token/revoke", form, "token=x", Endpoint::Revoke);
        check(Method::POST, "/api.twitter.com/oauth/request_token", signed, "", Endpoint::RequestToken);
        check(Method::GET, "/api.twitter.com/oauth/authorize?oauth_token=x", &[], "", Endpoint::AskOnce);
        check(Method::POST, "/api.twitter.com/oauth/access_token", signed, "", Endpoint::AccessToken);
        check(Method::GET, "/graph.facebook.com/v2.11/me?access_token=x", &[], "", Endpoint::Api);
        check(Method::POST, "/graph.facebook.com/v2.11/me/feed?access_token=x", form, "message=x", Endpoint::Api);
        check(Method::GET, "/launchpad.37signals.com/authorization.json", bearer, "", Endpoint::Api);
        check(Method::GET, "/a.example/.well-known/openid-configuration", &[], "", Endpoint::Metadata);
    }
}
