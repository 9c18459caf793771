//! Practice's own addresses: the first page, the answer of the consent page, and JSON for those who set the stage.

use axum::http::{HeaderMap, Method};
use serde::Deserialize;
use serde_json::json;

use crate::consent;
use crate::faults::{self, Fault, Lasting};
use crate::key_file;
use crate::page;
use crate::params::Params;
use crate::people::{self, Person};
use crate::refusal::Answer;
use crate::reply::Reply;
use crate::rows::Client;
use crate::scene::Scene;

/// What a request to `/practice/…` or `/` brings.
pub(crate) struct Own<'o> {
    pub(crate) method: &'o Method,
    pub(crate) path: &'o str,
    pub(crate) headers: &'o HeaderMap,
    pub(crate) body: &'o [u8],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServiceAccount {
    email: String,
    key_id: String,
    public_key: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Switch {
    /// A fault's name, with an amount if it takes one.
    fault: String,
    /// 0 turns it off; left out: until it is turned off.
    times: Option<u32>,
}

/// `None`: there is no such address.
pub(crate) fn answer(scene: &Scene<'_>, own: &Own<'_>) -> Option<Answer> {
    let media_type = own.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    match (own.method, own.path) {
        (&Method::GET, "/") => Some(index(scene)),
        (&Method::GET, "/practice/people") => Some(listed(scene)),
        (&Method::POST, path) if path.starts_with("/practice/") => {
            // Another site may lead a browser here, but not have it post.
            let site = own.headers.get("sec-fetch-site").map(|value| value.as_bytes());
            if !matches!(site, None | Some(b"same-origin" | b"none")) {
                return Some(Ok(Reply::text(403, "Forms of other sites are refused.")));
            }
            match (path, media_type) {
                ("/practice/consent", "application/x-www-form-urlencoded") => {
                    Some(consent::decide(scene, &Params::parse(own.body)))
                }
                (_, "application/json") => set(scene, path, own.body),
                _ => None,
            }
        }
        _ => None,
    }
}

fn index(scene: &Scene<'_>) -> Answer {
    Ok(page::index(&scene.base, &people::list(scene.rows)?, &faults::list(scene.rows)?))
}

fn listed(scene: &Scene<'_>) -> Answer {
    let people = people::list(scene.rows)?;
    Ok(Reply::json(200, &json!({ "people": people })))
}

fn set(scene: &Scene<'_>, path: &str, body: &[u8]) -> Option<Answer> {
    let done = |changed: Result<(), store::StoreError>| changed.map(|()| Reply::empty(204)).map_err(Into::into);
    let unreadable = || Some(Ok(Reply::text(400, "The JSON is not what this address takes.")));
    match path {
        "/practice/people" => match serde_json::from_slice::<Person>(body) {
            Ok(person) => Some(done(people::put(scene.rows, &person))),
            Err(_) => unreadable(),
        },
        "/practice/clients" => match serde_json::from_slice::<Client>(body) {
            Ok(client) => Some(done(scene.rows.put(&client.id, &client, None))),
            Err(_) => unreadable(),
        },
        "/practice/service-accounts" => match serde_json::from_slice::<ServiceAccount>(body) {
            Ok(given) => Some(done(key_file::register(scene.rows, &given.email, &given.key_id, &given.public_key))),
            Err(_) => unreadable(),
        },
        "/practice/faults" => {
            let given = serde_json::from_slice::<Switch>(body).ok();
            match given.and_then(|given| Some((Fault::from_name(&given.fault)?, given.times))) {
                Some((fault, times)) => {
                    let lasting = times.map_or(Lasting::Always, Lasting::Times);
                    Some(done(faults::set(scene.rows, fault, lasting)))
                }
                None => unreadable(),
            }
        }
        _ => None,
    }
}
