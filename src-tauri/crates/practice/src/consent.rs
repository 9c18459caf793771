//! The page where a person allows or declines, and what follows from it.

use crate::authorize;
use crate::grants;
use crate::oauth1;
use crate::page::{self, Consent};
use crate::params::Params;
use crate::people::{self, Person};
use crate::refusal::Answer;
use crate::rows::{Code, Grant, Pending};
use crate::scene::{Scene, new_id};
use crate::vendors::Vendor;

/// How long a code lives, in seconds.
const CODE: i64 = 60;

/// Keeps a sign-in that waits and shows its page. `hint`: who probably signs in, by e-mail address or id.
pub(crate) fn open(scene: &Scene<'_>, pending: &Pending, hint: Option<&str>) -> Answer {
    let id = new_id("request");
    scene.rows.put(&id, pending, Some(pending.until))?;
    let people = people::list(scene.rows)?;
    let hinted = |person: &&Person| hint.is_some_and(|hint| person.email == hint || person.id == hint);
    let chosen = people.iter().find(hinted).or(people.first()).map(|person| person.id.clone());
    Ok(page::consent(&Consent {
        request: &id,
        provider: &Vendor::title(&pending.host),
        host: &pending.host,
        client: &pending.client,
        scopes: &pending.scopes,
        redirect: &pending.redirect,
        people: &people,
        chosen: chosen.as_deref().unwrap_or_default(),
    }))
}

/// What the person decided. A decision counts once.
pub(crate) fn decide(scene: &Scene<'_>, form: &Params) -> Answer {
    let late = || page::problem(400, "This sign-in has ended.", "Start it again in the app that sent you here.");
    let person = people::list(scene.rows)?.into_iter().find(|person| person.id == form.text("person"));
    let decision = form.text("decision");
    if decision != "deny" && (decision != "allow" || person.is_none()) {
        return Ok(page::problem(400, "Nobody was chosen.", "Go back and choose who signs in."));
    }
    let Some(pending) = scene.rows.take::<Pending>(form.text("request"))?.filter(|kept| kept.until > scene.now) else {
        return Ok(late());
    };
    let person = person.filter(|_| decision == "allow");
    if let Some(token) = &pending.oauth1 {
        return oauth1::decided(scene, token, person.as_ref());
    }
    match person {
        None => Ok(authorize::declined(&pending)),
        Some(person) => allow(scene, pending, person),
    }
}

fn allow(scene: &Scene<'_>, pending: Pending, person: Person) -> Answer {
    let mut grant = Grant {
        client: pending.client.clone(),
        host: pending.host.clone(),
        path: pending.path.clone(),
        person: Some(person.id),
        account: None,
        scopes: pending.scopes.clone(),
        offline: pending.offline,
        proved: false,
        ended: false,
    };
    // Google gives a refresh token for the first consent, and again only when the person was asked on purpose.
    if Vendor::of(&pending.host) == Vendor::Google && !pending.again && grants::known(scene, &grant)? {
        grant.offline = false;
    }
    let code = Code {
        grant: grants::begin(scene, &grant)?,
        redirect: pending.redirect.clone(),
        redirect_named: pending.redirect_named,
        challenge: pending.challenge.clone(),
        until: scene.after(CODE),
        used: false,
    };
    let id = new_id("code");
    scene.rows.put(&id, &code, Some(code.until))?;
    Ok(authorize::granted(&pending, &id))
}
