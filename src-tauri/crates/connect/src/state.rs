//! How a connection stands, from what is known without asking anybody.

use jiff::Timestamp;
use providers::split_scopes;
use store::{Connection, StoreError};

use crate::entry::Entry;
use crate::facts::{Facts, Last};
use crate::grant::{Grant, Origins};
use crate::plan::Plan;
use crate::profile::Info;
use crate::trouble::Trouble;
use crate::{Connect, ConnectError, Core, explain, mint, words};

/// How a connection stands, and what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ConnectionState {
    /// The word for it.
    pub status: Status,
    /// What there is to show, if it was ever connected.
    pub details: Option<Details>,
}

/// The states of an entry, as far as they are about signing in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Nobody signed in.
    NotConnected,
    /// A sign-in is on its way; the id of its attempt.
    Connecting(String),
    /// It works, by the last real result.
    Connected {
        /// Whether it goes on by itself.
        renews: bool,
        /// When the access token ends, in Unix seconds; `None` is unknown.
        expires_at: Option<i64>,
    },
    /// It works no longer, or will stop, until somebody does something.
    NeedsAttention(Trouble),
    /// The last real result was a failure.
    Failed {
        /// What happened.
        trouble: Trouble,
        /// When it is tried again, if it may pass.
        retry_at: Option<Timestamp>,
    },
}

/// What is known of a connection.
#[derive(Debug, Clone, PartialEq)]
pub struct Details {
    /// The token id.
    pub id: String,
    /// Who signed in.
    pub who: Info,
    /// The account at the provider.
    pub uid: Option<String>,
    /// The scopes that were asked for.
    pub asked: Vec<String>,
    /// The scopes that were granted, where the provider said.
    pub granted: Option<Vec<String>>,
    /// Whether it goes on by itself.
    pub renews: bool,
    /// When the access token ends, in Unix seconds.
    pub expires_at: Option<i64>,
    /// When somebody signed in.
    pub connected_at: Timestamp,
    /// When it was last refreshed, in Unix seconds.
    pub refreshed_at: Option<i64>,
    /// When it was last used.
    pub used_at: Option<Timestamp>,
    /// The last real result.
    pub last: Option<Last>,
    /// Whether practice gave it.
    pub practice: bool,
    /// The servers that it is bound to.
    pub origins: Origins,
    /// What changed in them, if something did.
    pub changes: Vec<OriginChange>,
    /// Seconds by which the provider's clock is ahead of this computer's, if it told the time.
    pub skew: Option<i64>,
}

/// An address that is another now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginChange {
    /// What was approved; `none` if there was none.
    pub old: String,
    /// What the entry says.
    pub new: String,
}

impl Connect {
    /// How the entry's connection stands. Needs no open vault and asks nobody; blocks as the store does.
    ///
    /// # Errors
    /// The store failed.
    pub fn state(&self, entry: &Entry) -> Result<ConnectionState, StoreError> {
        let core = &self.0;
        let waiting = core.attempts().iter().map(|attempt| attempt.view()).find(|view| {
            (view.bot, &view.alias, &view.persona) == (entry.bot, &entry.alias, &entry.persona) && !view.stage.is_over()
        });
        let found = core.setup.store.connection_of(entry.bot, &entry.alias, entry.persona.as_deref())?;
        let plan = Plan::of(entry, &core.setup.ports).ok().map(|(plan, _)| plan);
        let Some(found) = found else {
            let status = waiting.map_or(Status::NotConnected, |view| Status::Connecting(view.id));
            return Ok(ConnectionState { status, details: None });
        };
        let facts = Facts::read(&found.facts);
        let changes = plan.as_ref().map_or(Vec::new(), |plan| facts.origins.changes(&plan.origins()));
        let status = match waiting {
            Some(view) => Status::Connecting(view.id),
            None => status(core, entry, plan.as_ref(), &found, &facts, &changes),
        };
        let changes = changes.into_iter().map(|(old, new)| OriginChange { old, new }).collect();
        Ok(ConnectionState { status, details: Some(details(found, facts, changes)) })
    }

    /// The person saw the old and new addresses of this entry and confirms the new ones. Every connection of the alias is bound
    /// to them.
    ///
    /// # Errors
    /// The vault is locked, or the entry has no sign-in.
    pub async fn confirm_origins(&self, entry: &Entry) -> Result<(), ConnectError> {
        let core = &self.0;
        let (plan, _) = Plan::of(entry, &core.setup.ports)?;
        let (bot, alias, origins) = (entry.bot, entry.alias.clone(), plan.origins());
        core.store(move |store| {
            for connection in store.connections(bot)?.into_iter().filter(|connection| connection.alias == alias) {
                let Some((connection, grant)) = store.grant(bot, &connection.id)? else { continue };
                let Some(mut grant) = Grant::read(&grant) else { continue };
                let mut facts = Facts::read(&connection.facts);
                grant.origins = origins.clone();
                facts.origins = origins.clone();
                store.replace_grant(bot, &connection.id, connection.version, &grant.write(), &facts.write())?;
            }
            Ok(())
        })
        .await?;
        core.connection_changed(entry.bot, &entry.alias, entry.persona.as_deref());
        Ok(())
    }
}

fn status(
    core: &Core,
    entry: &Entry,
    plan: Option<&Plan>,
    found: &Connection,
    facts: &Facts,
    changes: &[(String, String)],
) -> Status {
    if found.practice != entry.practice.is_some() {
        return Status::NeedsAttention(other_world(&entry.title, found.practice));
    }
    if let (Some(plan), Some((old, new))) = (plan, changes.first()) {
        return Status::NeedsAttention(words::origins_changed(&plan.party, old, new));
    }
    if let Some(ended) = &facts.ended {
        let trouble = Trouble::new(&ended.message, &ended.hint);
        return Status::Failed { trouble, retry_at: None };
    }
    let now = core.now();
    let expired = facts.expires_at.is_some_and(|end| end <= now.as_second());
    if let Some(last) = facts.last.as_ref().filter(|last| !last.ok) {
        let trouble = Trouble::new(&last.message, &last.hint);
        return Status::Failed { trouble, retry_at: found.refresh.retry_at };
    }
    let Some(plan) = plan.filter(|_| !mint::is_key(entry)) else {
        return Status::Connected { renews: facts.renews, expires_at: facts.expires_at };
    };
    if let Some(trouble) = other_id(plan, &facts.client_id) {
        return Status::NeedsAttention(trouble);
    }
    match (facts.renews, expired, facts.expires_at) {
        (false, true, _) => Status::NeedsAttention(words::expired(&plan.party)),
        (false, false, Some(end)) if end - now.as_second() < 3 * 86_400 => {
            let until = explain::time(end, now);
            Status::NeedsAttention(words::no_refresh_token(&plan.party, Some(&until), Some(plan.sign_in)))
        }
        (renews, _, expires_at) => Status::Connected { renews, expires_at },
    }
}

fn details(found: Connection, facts: Facts, changes: Vec<OriginChange>) -> Details {
    let list = |text: &str| split_scopes(text).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let connected_at = Timestamp::from_second(facts.connected_at).unwrap_or(found.created_at);
    Details {
        id: found.id,
        asked: list(&facts.scope_asked),
        granted: facts.scope_granted.as_deref().map(list),
        who: facts.who,
        uid: facts.uid,
        renews: facts.renews,
        expires_at: facts.expires_at,
        connected_at,
        refreshed_at: facts.refreshed_at,
        used_at: found.used_at,
        last: facts.last,
        practice: found.practice,
        origins: facts.origins,
        changes,
        skew: facts.skew,
    }
}

/// What keeps a grant from being used with a plan at all.
pub(crate) fn mismatch(plan: &Plan, grant: &Grant) -> Option<Trouble> {
    if grant.practice != plan.practice.is_some() {
        return Some(other_world(&plan.title, grant.practice));
    }
    let changes = grant.origins.changes(&plan.origins());
    changes.first().map(|(old, new)| words::origins_changed(&plan.party, old, new))
}

/// A practised connection of a real entry, or the other way round.
pub(crate) fn other_world(title: &str, practised: bool) -> Trouble {
    let (was, is) = if practised { ("with practice", "real") } else { ("for real", "practised") };
    Trouble::new(format!("{title} was connected {was}, and is {is} now."), "Connect again, or switch it back.")
}

/// A refresh token belongs to the client that it was given to (RFC 6749 section 6).
pub(crate) fn other_client(plan: &Plan, grant: &Grant) -> Option<Trouble> {
    other_id(plan, &grant.client_id)
}

fn other_id(plan: &Plan, given: &str) -> Option<Trouble> {
    (plan.client_id != given && !plan.client_id.is_empty()).then(|| {
        Trouble::new(
            format!("The client id of {} changed since it was connected.", plan.party),
            "Connect again, or put the old client id back.",
        )
    })
}

/// Nothing is sent to addresses that differ from those of the last sign-in until somebody confirmed them.
pub(crate) async fn check_origins(core: &Core, plan: &Plan) -> Result<(), ConnectError> {
    let (bot, alias, persona) = (plan.bot, plan.alias.clone(), plan.persona.clone());
    let found = core.store(move |store| store.connection_of(bot, &alias, persona.as_deref())).await?;
    let Some(found) = found.filter(|found| found.practice == plan.practice.is_some()) else { return Ok(()) };
    let old = Facts::read(&found.facts).origins;
    let same_provider = found.provider == plan.provider.id;
    if same_provider && old != Origins::default() && old != plan.origins() {
        return Err(ConnectError::OriginsChanged {
            alias: plan.alias.clone(),
            old: old.into(),
            new: plan.origins().into(),
        });
    }
    Ok(())
}
