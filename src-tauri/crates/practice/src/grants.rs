//! Grants and the tokens that come from them.

use serde_json::{Map, Value};
use store::StoreError;

use crate::refusal::Answer;
use crate::reply::Reply;
use crate::rows::{Access, Grant, RefreshToken};
use crate::scene::{Scene, new_id};
use crate::vendors::{self, Vendor};

/// How long a grant's row is kept: longer than any token of it.
const GRANT_SECONDS: i64 = 400 * 24 * 3600;

/// What a token answer is made from.
pub(crate) struct NewTokens<'n> {
    pub(crate) id: &'n str,
    pub(crate) grant: &'n Grant,
    pub(crate) scopes: &'n [String],
    pub(crate) seconds: i64,
    /// The refresh token to send along.
    pub(crate) refresh: Option<String>,
}

/// An access token that was shown and is good.
pub(crate) struct Shown {
    pub(crate) grant_id: String,
    pub(crate) grant: Grant,
    pub(crate) access: Access,
}

/// Keeps a new grant and gives its id.
pub(crate) fn begin(scene: &Scene<'_>, grant: &Grant) -> Result<String, StoreError> {
    let id = new_id("grant");
    scene.rows.put(&id, grant, Some(scene.after(GRANT_SECONDS)))?;
    Ok(id)
}

/// The grant if it still holds.
pub(crate) fn living(scene: &Scene<'_>, id: &str) -> Result<Option<Grant>, StoreError> {
    Ok(scene.rows.get::<Grant>(id)?.filter(|grant| !grant.ended))
}

/// Ends a grant: every token of it is refused from now on.
pub(crate) fn end(scene: &Scene<'_>, id: &str) -> Result<(), StoreError> {
    scene.rows.update::<Grant>(id, |grant| {
        if let Some(grant) = grant {
            grant.ended = true;
        }
    })
}

/// Ends everything that one person allowed one client at one vendor.
pub(crate) fn end_all(scene: &Scene<'_>, like: &Grant) -> Result<(), StoreError> {
    let vendor = Vendor::of(&like.host);
    for (id, grant) in scene.rows.list::<Grant>()? {
        let same = grant.client == like.client && grant.person == like.person && Vendor::of(&grant.host) == vendor;
        if same && !grant.ended {
            end(scene, &id)?;
        }
    }
    Ok(())
}

/// Whether a person has allowed this client anything at this vendor before.
pub(crate) fn known(scene: &Scene<'_>, like: &Grant) -> Result<bool, StoreError> {
    let vendor = Vendor::of(&like.host);
    let same = |grant: &Grant| {
        grant.client == like.client && grant.person == like.person && !grant.ended && Vendor::of(&grant.host) == vendor
    };
    Ok(scene.rows.list::<Grant>()?.iter().any(|(_, grant)| same(grant)))
}

/// A new refresh token of a grant.
pub(crate) fn new_refresh(scene: &Scene<'_>, grant: &str) -> Result<String, StoreError> {
    let token = new_id("refresh");
    let row = RefreshToken { grant: grant.to_owned(), used: false };
    scene.rows.put(&token, &row, Some(scene.after(GRANT_SECONDS)))?;
    Ok(token)
}

/// Makes an access token and answers with it (RFC 6749, 5.1).
pub(crate) fn issue(scene: &Scene<'_>, new: &NewTokens<'_>) -> Answer {
    let seconds = scene.fault("expired")?.unwrap_or(new.seconds);
    let token = new_id("access");
    let access = Access { grant: new.id.to_owned(), scopes: new.scopes.to_vec(), until: scene.after(seconds) };
    scene.rows.put(&token, &access, Some(access.until))?;
    let mut fields = Map::new();
    let mut field = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    field("access_token", token.into());
    field("token_type", "Bearer".into());
    field("expires_in", seconds.into());
    if let Some(refresh) = &new.refresh
        && scene.fault("no-refresh-token")?.is_none()
    {
        field("refresh_token", refresh.as_str().into());
    }
    if !new.scopes.is_empty() || new.scopes != new.grant.scopes {
        field("scope", new.scopes.join(" ").into());
    }
    vendors::token_fields(Vendor::of(&new.grant.host), &mut fields);
    if scene.fault("form-encoded")?.is_some() {
        let texts: Vec<(String, String)> = fields.iter().map(|(name, value)| (name.clone(), text(value))).collect();
        return Ok(Reply::form(200, texts.iter().map(|(name, value)| (name.as_str(), value.as_str()))));
    }
    Ok(Reply::json(200, &Value::Object(fields)))
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The token if it is known, of this vendor, not expired, and its grant holds.
pub(crate) fn shown(scene: &Scene<'_>, vendor: Vendor, token: &str) -> Result<Option<Shown>, StoreError> {
    let Some(access) = scene.rows.get::<Access>(token)?.filter(|access| access.until > scene.now) else {
        return Ok(None);
    };
    let grant = living(scene, &access.grant)?.filter(|grant| Vendor::of(&grant.host) == vendor);
    if grant.is_some() && scene.fault("revoked")?.is_some() {
        return Ok(None);
    }
    Ok(grant.map(|grant| Shown { grant_id: access.grant.clone(), grant, access }))
}
