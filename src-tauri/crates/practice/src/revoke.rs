//! The revocation endpoint: RFC 7009.

use axum::http::Method;

use crate::call::Call;
use crate::client_auth;
use crate::grants;
use crate::refusal::{Answer, Wrong, refuse};
use crate::reply::Reply;
use crate::rows::{Access, Grant, RefreshToken};
use crate::scene::Scene;
use crate::vendors::{self, Vendor};

pub(crate) fn answer(scene: &Scene<'_>, call: &Call) -> Answer {
    let google = call.vendor() == Vendor::Google;
    // Google takes the token in the query too, and asks no client to prove itself.
    let params = if google { call.form.joined(&call.query) } else { call.form.clone() };
    if call.method != Method::POST && !google {
        return refuse(Wrong::Request, "Revocation takes a POST.");
    }
    let caller = if google { None } else { Some(client_auth::authenticate(scene, call, &params)?) };
    if let Some(name) = params.repeated(&["token", "token_type_hint"]) {
        return refuse(Wrong::Request, format!("{name} must not stand there twice"));
    }
    let Some(token) = params.get("token") else {
        return refuse(Wrong::Request, "missing required parameter token");
    };
    // The hint is only where to look first (RFC 7009, 2.1), and looking everywhere is quick.
    let grant_id = match scene.rows.get::<RefreshToken>(token)? {
        Some(refresh) => Some(refresh.grant),
        None => scene.rows.get::<Access>(token)?.map(|access| access.grant),
    };
    let grant = match &grant_id {
        Some(id) => scene.rows.get::<Grant>(id)?.filter(|grant| !grant.ended),
        None => None,
    };
    let (Some(id), Some(grant)) = (grant_id, grant) else {
        // Nothing is left to revoke, which is what was wanted (RFC 7009, 2.2); Google alone complains.
        return if google { refuse(Wrong::Token, "Token expired or revoked") } else { Ok(Reply::empty(200)) };
    };
    if caller.is_some_and(|caller| caller.id != grant.client || (grant.proved && !caller.proved)) {
        return refuse(Wrong::UnauthorizedClient, "The token was issued to another client.");
    }
    if vendors::rules(&grant.host, &grant.path).revokes_all {
        grants::end_all(scene, &grant)?;
    } else {
        grants::end(scene, &id)?;
    }
    Ok(Reply::empty(200))
}
