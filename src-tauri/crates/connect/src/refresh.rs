//! One refresh for however many want it, in this process and in others.
//!
//! In the process a lock per connection, across processes a lease in its row. The journal is written before anything is sent,
//! and what came back before anybody uses it; so a program that dies in between leaves a mark, and the next one can tell a
//! sign-in that was lost from one that was revoked.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use store::{Connection, Lease, StoreError};

use crate::complete::absorb;
use crate::entry::Flow;
use crate::facts::{Ended, Facts};
use crate::grant::Grant;
use crate::http::{Answer, Failure};
use crate::normalise::Refused;
use crate::plan::Plan;
use crate::token_request::{self, Proof};
use crate::trouble::Trouble;
use crate::words::{self, Step};
use crate::{Core, explain};

/// A token is renewed when it has less than this left, in seconds.
pub(crate) const MARGIN: i64 = 60;
/// How long a lease lasts, in seconds. Longer than a request can take.
const LEASE: i64 = 60;
/// How often those who wait for another process look.
const LOOK: Duration = Duration::from_millis(50);
/// The first pause after a failure that may pass, in seconds, and the longest.
const PAUSE: (f64, f64) = (5.0, 900.0);

/// What a renewal came to.
pub(crate) enum Renewed {
    /// A grant with a token that lives.
    Fresh(Box<Grant>),
    /// None; the old grant is what there is.
    Failed { trouble: Trouble, old: Option<Box<Grant>> },
    /// The connection was deleted meanwhile.
    Gone,
}

/// What a caller saw, and whether that is reason enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// A token that lives for a while.
    Living,
    /// A newer one than that of this version of the connection.
    NewerThan(u64),
}

/// A connection as it stands.
pub(crate) type Standing = Option<(Connection, Grant)>;

/// Reads a connection and opens its grant. A grant that cannot be read counts as wiped.
pub(crate) async fn standing(core: &Core, plan_bot: store::BotId, id: &str) -> Result<Standing, StoreError> {
    let id = id.to_owned();
    let found = core.store(move |store| store.grant(plan_bot, &id)).await?;
    Ok(found.map(|(connection, grant)| {
        let grant = Grant::read(&grant).unwrap_or_default();
        (connection, grant)
    }))
}

/// Whether a grant can be renewed at all.
pub(crate) fn renews(plan: &Plan, grant: &Grant) -> bool {
    plan.token.is_some() && (grant.refresh_token.is_some() || plan.flow == Flow::ClientCredentials)
}

/// Renews a connection. The work goes on if the caller stops waiting: what a provider gave out must be written down.
pub(crate) async fn renew(core: &Arc<Core>, plan: &Plan, id: &str, wish: Wish) -> Result<Renewed, StoreError> {
    let lock = core.flight(id).lock_owned().await;
    let (core, plan, id) = (Arc::clone(core), plan.clone(), id.to_owned());
    let flight = tokio::spawn(async move {
        let _lock = lock;
        let flight = Flight { core: &core, plan: &plan, id: &id, owner: uuid::Uuid::new_v4().to_string() };
        flight.fly(wish).await
    });
    match flight.await {
        Ok(renewed) => renewed,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Err(StoreError::Busy),
    }
}

struct Flight<'f> {
    core: &'f Arc<Core>,
    plan: &'f Plan,
    id: &'f str,
    /// Names this flight in the lease.
    owner: String,
}

impl Flight<'_> {
    async fn fly(&self, wish: Wish) -> Result<Renewed, StoreError> {
        loop {
            let Some((connection, grant)) = standing(self.core, self.plan.bot, self.id).await? else {
                return Ok(Renewed::Gone);
            };
            if let Some(done) = self.at_once(wish, &connection, &grant) {
                return Ok(done.with(grant));
            }
            match self.lease().await? {
                Lease::Gone => return Ok(Renewed::Gone),
                // Another process is at it: whatever it brings will stand in the row.
                Lease::Held { .. } => tokio::time::sleep(LOOK).await,
                Lease::Taken { connection: leased, .. } if leased.version != connection.version => {
                    self.release().await?
                }
                Lease::Taken { interrupted, .. } => {
                    if let Some(renewed) = self.ask(&connection, grant, interrupted.is_some()).await? {
                        self.core.connection_changed(self.plan.bot, &connection.alias, connection.persona.as_deref());
                        return Ok(renewed);
                    }
                }
            }
        }
    }

    /// Whether there is nothing to ask for, or no use in asking now.
    fn at_once(&self, wish: Wish, connection: &Connection, grant: &Grant) -> Option<AtOnce> {
        let now = self.core.now();
        let enough = match wish {
            Wish::Living => grant.lives(now.as_second(), MARGIN),
            Wish::NewerThan(version) => connection.version > version && grant.lives(now.as_second(), 0),
        };
        if enough {
            return Some(AtOnce::Fresh);
        }
        let facts = Facts::read(&connection.facts);
        if let Some(ended) = facts.ended {
            return Some(AtOnce::Failed(Trouble::new(ended.message, ended.hint)));
        }
        if !renews(self.plan, grant) {
            return Some(AtOnce::Failed(words::expired(&self.plan.party)));
        }
        let pausing = wish == Wish::Living && connection.refresh.retry_at.is_some_and(|at| now < at);
        let last = facts.last.filter(|last| !last.ok);
        pausing.then(|| {
            let again = words::later(&self.plan.party, Step::Refresh, 0, None);
            AtOnce::Failed(last.map_or(again, |last| Trouble::new(last.message, last.hint)))
        })
    }

    async fn lease(&self) -> Result<Lease, StoreError> {
        let (bot, id, owner) = (self.plan.bot, self.id.to_owned(), self.owner.clone());
        self.core.store(move |store| store.take_lease(bot, &id, &owner, LEASE)).await
    }

    async fn release(&self) -> Result<(), StoreError> {
        let (bot, id, owner) = (self.plan.bot, self.id.to_owned(), self.owner.clone());
        self.core.store(move |store| store.release_lease(bot, &id, &owner)).await.map(drop)
    }

    /// Asks the provider with the lease in hand. `None`: somebody else was faster, look again.
    async fn ask(
        &self,
        connection: &Connection,
        grant: Grant,
        interrupted: bool,
    ) -> Result<Option<Renewed>, StoreError> {
        let (bot, id, owner) = (self.plan.bot, self.id.to_owned(), self.owner.clone());
        if !self.core.store(move |store| store.start_refresh(bot, &id, &owner)).await? {
            return Ok(None);
        }
        let mut facts = Facts::read(&connection.facts);
        let proof = match (&grant.refresh_token, self.plan.flow) {
            (_, Flow::ClientCredentials) | (None, _) => Proof::Client,
            (Some(token), Flow::AuthCode) => Proof::Refresh(token),
        };
        let asked = token_request::tokens(self.core, self.plan, proof, facts.style).await;
        let Answer { result, style, skew, at } = asked;
        match result {
            Ok(granted) => {
                let mut grant = grant;
                absorb(self.plan, &mut grant, &mut facts, granted, style, skew, at);
                facts.refreshed_at = Some(at.as_second());
                facts.note(true, "Refreshed.", "", at);
                self.finish(connection, grant, &facts).await
            }
            Err(failure) => {
                facts.skew = skew.or(facts.skew);
                self.fail(connection, grant, facts, &failure, interrupted).await
            }
        }
    }

    /// Writes what came, then hands it out.
    async fn finish(
        &self,
        connection: &Connection,
        grant: Grant,
        facts: &Facts,
    ) -> Result<Option<Renewed>, StoreError> {
        let mut tries = 0;
        loop {
            let (bot, id, owner) = (self.plan.bot, self.id.to_owned(), self.owner.clone());
            let (written, facts, version) = (grant.write(), facts.write(), connection.version);
            let kept = self
                .core
                .store(move |store| {
                    // Without the lease, the row may still be as it was: then this is the newest grant.
                    Ok(store.finish_refresh(bot, &id, &owner, &written, &facts)?
                        || store.replace_grant(bot, &id, version, &written, &facts)?)
                })
                .await;
            match kept {
                Ok(true) => return Ok(Some(Renewed::Fresh(Box::new(grant)))),
                Ok(false) => return Ok(None),
                // The provider may have ended the old token: giving up here would lose the sign-in.
                Err(StoreError::Busy) if tries < 10 => {
                    tries += 1;
                    tokio::time::sleep(LOOK * tries).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn fail(
        &self,
        connection: &Connection,
        grant: Grant,
        mut facts: Facts,
        failure: &Failure,
        interrupted: bool,
    ) -> Result<Option<Renewed>, StoreError> {
        let now = self.core.now();
        let mut trouble = explain::failure(self.plan, Step::Refresh, failure);
        let is_final = failure.is_final() && self.plan.flow == Flow::AuthCode;
        if is_final {
            let again = standing(self.core, self.plan.bot, self.id).await?;
            if again.as_ref().is_none_or(|(now, _)| now.version != connection.version) {
                self.release().await?;
                return Ok(None);
            }
            trouble = self.why_lost(&facts, interrupted, now).unwrap_or(trouble);
            facts.ended =
                Some(Ended { message: trouble.message.clone(), hint: trouble.hint.clone(), at: now.as_second() });
            facts.renews = false;
            facts.expires_at = None;
        }
        if failure.is_unanswered() {
            facts.unanswered = true;
        }
        facts.note(false, &trouble.message, &trouble.hint, now);
        if failure.is_unsent() {
            let (bot, id, text) = (self.plan.bot, self.id.to_owned(), facts.write());
            self.core.store(move |store| store.set_facts(bot, &id, &text)).await?;
            self.release().await?;
        } else {
            let retry_at = (!is_final).then(|| self.retry_at(failure, connection.refresh.failures, now)).flatten();
            let wipe = is_final.then(|| grant.wiped().write());
            let (bot, id, owner, text) = (self.plan.bot, self.id.to_owned(), self.owner.clone(), facts.write());
            self.core.store(move |store| store.fail_refresh(bot, &id, &owner, &text, retry_at, wipe.as_ref())).await?;
        }
        let old = (!is_final).then(|| Box::new(grant));
        Ok(Some(Renewed::Failed { trouble, old }))
    }

    /// A better reason for `invalid_grant` than the provider gives.
    fn why_lost(&self, facts: &Facts, interrupted: bool, now: Timestamp) -> Option<Trouble> {
        const DAY: i64 = 86_400;
        if interrupted || facts.unanswered {
            return Some(words::interrupted(&self.plan.party));
        }
        // Google, "Using OAuth 2.0": refresh tokens of projects in testing end after 7 days.
        let age = now.as_second() - facts.connected_at;
        let in_testing = self.plan.provider.id == "google" && (6 * DAY + DAY / 2..8 * DAY).contains(&age);
        in_testing.then(|| words::google_testing(&self.plan.party))
    }

    /// When to ask again: as the server said, else later after each failure, not all at the same moment.
    fn retry_at(&self, failure: &Failure, failures: u32, now: Timestamp) -> Option<Timestamp> {
        let told = match failure {
            Failure::Refused(Refused::Later { after, .. }) => *after,
            _ => None,
        };
        let mut byte = [0_u8; 1];
        (self.core.setup.random)(&mut byte);
        let seconds = told.map_or_else(|| pause(failures, byte[0]), |seconds| seconds as f64);
        now.checked_add(SignedDuration::from_secs_f64(seconds)).ok()
    }
}

enum AtOnce {
    Fresh,
    Failed(Trouble),
}

impl AtOnce {
    fn with(self, grant: Grant) -> Renewed {
        match self {
            Self::Fresh => Renewed::Fresh(Box::new(grant)),
            Self::Failed(trouble) => Renewed::Failed { trouble, old: Some(Box::new(grant)) },
        }
    }
}

/// Twice as long after every failure, a quarter more or less by chance.
fn pause(failures: u32, chance: u8) -> f64 {
    let (first, longest) = PAUSE;
    let usual = (first * f64::from(2_u32.saturating_pow(failures.min(16)))).min(longest);
    usual * (0.75 + f64::from(chance) / 510.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound() {
        assert!((pause(0, 0) - 3.75).abs() < 1e-9);
        assert!((pause(0, 255) - 6.25).abs() < 1e-9);
        assert!(pause(3, 0) >= 30.0 && pause(3, 255) <= 50.0);
        assert!(pause(u32::MAX, 255) <= 1125.0);
    }
}
