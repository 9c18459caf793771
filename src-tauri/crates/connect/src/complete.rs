//! The end of a sign-in: from the browser's answer to a sealed connection.

use std::sync::{Arc, PoisonError};

use jiff::Timestamp;
use providers::{Protocol, split_scopes};
use store::{NewConnection, Put};
use wire::Caller;
use zeroize::Zeroizing;

use crate::attempt::{Attempt, Stage};
use crate::callback::{Malformed, Says};
use crate::client_auth::Style;
use crate::facts::Facts;
use crate::grant::Grant;
use crate::http::Answer;
use crate::normalise::Granted;
use crate::plan::Plan;
use crate::token_request::{self, Proof};
use crate::trouble::Trouble;
use crate::userinfo::{self, Who};
use crate::words::{self, Said, Step};
use crate::{Change, ConnectError, Core, explain, request_token, revoke};

/// Ends an attempt with what the browser brought.
pub(crate) async fn complete(core: &Arc<Core>, attempt: &Attempt, says: Result<Says, Malformed>) {
    if !core.advance(attempt, Stage::Exchanging) {
        return;
    }
    let stage = match connect(core, attempt, says).await {
        Ok(stage) => stage,
        Err(ConnectError::Trouble(trouble)) => Stage::Failed(trouble),
        Err(error) => Stage::Failed(explain::split(&error.to_string())),
    };
    core.advance(attempt, stage);
}

async fn connect(core: &Arc<Core>, attempt: &Attempt, says: Result<Says, Malformed>) -> Result<Stage, ConnectError> {
    let plan = &attempt.plan;
    let says = says.map_err(|malformed| Trouble::new(malformed.sentence(&plan.party), "Start again from here."))?;
    let verifier = attempt.verifier.lock().unwrap_or_else(PoisonError::into_inner).take();
    let pair = attempt.request_token.lock().unwrap_or_else(PoisonError::into_inner).take();
    let (mut grant, mut facts) = match says {
        Says::Code { code, issuer } if plan.sign_in.protocol == Protocol::OAuth2 => {
            check_issuer(plan, issuer.as_deref())?;
            exchange(core, attempt, &code, verifier).await?
        }
        Says::Error { error, text, issuer } => {
            // An error of another issuer says nothing about this sign-in, but its state was right: it is over either way.
            check_issuer(plan, issuer.as_deref())?;
            let said = Said { error: &error, text: text.as_deref().unwrap_or(""), ..Said::default() };
            return Err(words::said(&plan.party, Some(plan.sign_in), Step::Browser, said).into());
        }
        Says::Verifier { token, verifier } if plan.sign_in.protocol == Protocol::OAuth1 => {
            let pair = pair.filter(|(expected, _)| *expected == token);
            let pair = pair.ok_or_else(|| words::wrong_issuer(&plan.party))?;
            exchange_signed(core, plan, &pair, &verifier).await?
        }
        Says::Denied => return Err(words::denied(&plan.party).into()),
        Says::Code { .. } | Says::Verifier { .. } => return Err(words::odd_callback(&plan.party).into()),
    };
    let mut notes = Vec::new();
    match userinfo::who(core, plan, &grant, Caller::OAuth).await {
        Some(Ok(Who { person, raw })) => {
            grant.uid = person.uid.clone().or(grant.uid);
            facts.who = person.info;
            facts.raw = raw;
        }
        Some(Err(failure)) => notes.push(explain::failure(plan, Step::Ask, &failure)),
        None => {}
    }
    facts.uid = grant.uid.clone();
    notes.extend(notes_on(plan, &grant, &facts, core.now()));
    let who = facts.who.name.clone().or_else(|| facts.who.email.clone());
    facts.note(true, "Signed in.", "", core.now());
    let id = keep(core, plan, grant, &facts).await?;
    Ok(Stage::Connected { id, who, notes })
}

/// An answer of another issuer is never exchanged (RFC 9207 section 2.4).
fn check_issuer(plan: &Plan, given: Option<&str>) -> Result<(), Trouble> {
    let right = match given {
        Some(issuer) => plan.is_issuer(issuer),
        None => !plan.issuer_required,
    };
    right.then_some(()).ok_or_else(|| words::wrong_issuer(&plan.party))
}

async fn exchange(
    core: &Core,
    attempt: &Attempt,
    code: &str,
    verifier: Option<Zeroizing<String>>,
) -> Result<(Grant, Facts), Trouble> {
    let plan = &attempt.plan;
    let verifier = verifier.as_ref().map(|verifier| verifier.as_str());
    let proof = Proof::Code { code, redirect: &attempt.redirect, verifier };
    let Answer { result, style, skew, at } = token_request::tokens(core, plan, proof, None).await;
    let granted = result.map_err(|failure| explain::failure(plan, Step::Exchange, &failure))?;
    let (granted, at) = match token_request::long_lived(core, plan, &granted.access_token, style).await {
        Some(Answer { result: Ok(long), at, .. }) => (long, at),
        Some(Answer { result: Err(failure), .. }) => {
            tracing::warn!(?failure, "no long-lived token");
            (granted, at)
        }
        None => (granted, at),
    };
    let mut grant = Grant::new(plan, at);
    let mut facts = Facts::new(plan, &grant);
    absorb(plan, &mut grant, &mut facts, granted, style, skew, at);
    Ok((grant, facts))
}

async fn exchange_signed(
    core: &Core,
    plan: &Plan,
    pair: &request_token::Pair,
    verifier: &str,
) -> Result<(Grant, Facts), Trouble> {
    let token = request_token::access_token(core, plan, pair, verifier).await;
    let token = token.map_err(|failure| explain::failure(plan, Step::Exchange, &failure))?;
    let mut grant = Grant::new(plan, core.now());
    let rest = |name: &str| token.rest.iter().find(|(given, _)| given == name).map(|(_, value)| value.clone());
    grant.uid = rest("user_id");
    let mut facts = Facts::new(plan, &grant);
    facts.who.nickname = rest("screen_name");
    facts.who.name = facts.who.nickname.clone();
    grant.access_token = Some(token.token);
    grant.token_secret = Some(token.secret);
    Ok((grant, facts))
}

impl Grant {
    /// Bound to what the plan says now; without tokens.
    pub(crate) fn new(plan: &Plan, at: Timestamp) -> Self {
        Self {
            client_id: plan.client_id.clone(),
            variant: plan.sign_in.id.to_owned(),
            origins: plan.origins(),
            practice: plan.practice.is_some(),
            obtained_at: at.as_second(),
            ..Self::default()
        }
    }
}

impl Facts {
    pub(crate) fn new(plan: &Plan, grant: &Grant) -> Self {
        Self {
            scope_asked: plan.scope.clone(),
            connected_at: grant.obtained_at,
            origins: grant.origins.clone(),
            client_id: grant.client_id.clone(),
            variant: grant.variant.clone(),
            ..Self::default()
        }
    }
}

/// Puts new tokens into a grant. What the answer leaves out stays: a refresh token that was not replaced is still good.
pub(crate) fn absorb(
    plan: &Plan,
    grant: &mut Grant,
    facts: &mut Facts,
    granted: Granted,
    style: Style,
    skew: Option<i64>,
    at: Timestamp,
) {
    let usual = plan.sign_in.access_seconds.map(u64::from).filter(|_| plan.sign_in.expires);
    let life = granted.expires_in.or(usual).and_then(|seconds| i64::try_from(seconds).ok());
    grant.access_token = Some(granted.access_token);
    grant.refresh_token = granted.refresh_token.or(grant.refresh_token.take());
    grant.id_token = granted.id_token.or(grant.id_token.take());
    grant.obtained_at = at.as_second();
    grant.expires_at = life.map(|life| at.as_second().saturating_add(life));
    grant.scope = granted.scope.or(grant.scope.take());
    grant.rest = granted.rest;
    facts.expires_at = grant.expires_at;
    facts.scope_granted = grant.scope.clone();
    facts.renews = grant.refresh_token.is_some() || plan.flow == crate::Flow::ClientCredentials;
    facts.style = Some(style);
    facts.skew = skew.or(facts.skew);
    facts.unanswered = false;
    facts.ended = None;
}

/// What the person should know right after the sign-in.
fn notes_on(plan: &Plan, grant: &Grant, facts: &Facts, now: Timestamp) -> Vec<Trouble> {
    let mut notes = Vec::new();
    if plan.sign_in.expires && !facts.renews {
        let until = grant.expires_at.map(|at| explain::time(at, now));
        notes.push(words::no_refresh_token(&plan.party, until.as_deref(), Some(plan.sign_in)));
    }
    if let Some(granted) = &grant.scope {
        let granted = split_scopes(granted);
        let missing: Vec<_> = split_scopes(&plan.scope).into_iter().filter(|scope| !granted.contains(scope)).collect();
        // Some providers answer with other names than they were asked for; only a real loss is worth a word.
        if !missing.is_empty() && granted.len() < split_scopes(&plan.scope).len() {
            notes.push(Trouble::new(
                format!("{} did not grant {}.", plan.party, missing.join(", ")),
                "Connect again and allow it, or take it out of the scope.",
            ));
        }
    }
    notes.extend(facts.skew.and_then(|skew| words::clock(-skew)));
    notes
}

/// Seals a connection in the place of the one before it, and tells of it.
pub(crate) async fn keep(core: &Arc<Core>, plan: &Plan, grant: Grant, facts: &Facts) -> Result<String, ConnectError> {
    let (owned, written, text, uid) = (plan.clone(), grant.write(), facts.write(), grant.uid.clone());
    let Put { id, replaced } = core
        .store(move |store| {
            let new = NewConnection {
                alias: &owned.alias,
                persona: owned.persona.as_deref(),
                provider: owned.provider.id,
                practice: owned.practice.is_some(),
                facts: &text,
            };
            store.put_connection(owned.bot, &new, &written)
        })
        .await?;
    if let Some((_, Some(old))) = replaced
        && let Some(old) = Grant::read(&old)
    {
        // Revoking one token of the same account can end the new sign-in too, so only another account's is.
        let other = old.uid.is_some() && uid.is_some() && old.uid != uid;
        if other && old.practice == plan.practice.is_some() && old.origins == grant.origins {
            let (core, plan) = (Arc::clone(core), plan.clone());
            tokio::spawn(async move { revoke::revoke(&core, &plan, &old).await });
        }
    }
    core.connection_changed(plan.bot, &plan.alias, plan.persona.as_deref());
    core.changed(Change::Token {
        bot: plan.bot,
        alias: plan.alias.clone(),
        persona: plan.persona.clone(),
        id: id.clone(),
    });
    Ok(id)
}
