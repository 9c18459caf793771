//! Refreshing across processes. Whoever wants to refresh a connection takes its lease: a row with an end, never a transaction that
//! stays open while a provider is asked. What is begun is written down first, so that a process that dies between a provider's
//! answer and its writing leaves a trace.

use jiff::Timestamp;

use crate::connections::{self, Connection};
use crate::identity::BotId;
use crate::secret::Secret;
use crate::secrets::{ALIAS_LIMIT, within};
use crate::tables::{connections as table, refresh};
use crate::{Store, StoreError, database};

/// The longest lease, in seconds. One that ends later was taken before the clock was set back, and holds no more.
pub const LEASE_LIMIT: i64 = 120;

/// How the refreshing of a connection stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refresh {
    /// Who holds the lease or held it last.
    pub lease_by: Option<String>,
    /// When the lease ends.
    pub lease_until: Option<Timestamp>,
    /// When a refresh was begun that has not ended yet.
    pub started_at: Option<Timestamp>,
    /// How many refreshes in a row have failed.
    pub failures: u32,
    /// Before when the next one makes no sense.
    pub retry_at: Option<Timestamp>,
}

/// The answer to [`Store::take_lease`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "there is one for each refresh, and none is kept")]
pub enum Lease {
    /// The lease is the asker's.
    Taken {
        /// When another owner began a refresh that it never ended.
        interrupted: Option<Timestamp>,
        /// The connection as it stands now, lease included. It may have been refreshed since the asker looked last.
        connection: Connection,
    },
    /// Another owner has it.
    Held {
        /// When it ends at the latest.
        until: Timestamp,
    },
    /// This bot has no such connection (any more).
    Gone,
}

impl Store {
    /// Takes or renews the lease of a connection for `seconds`, at most [`LEASE_LIMIT`]. `owner` names one flight of one process:
    /// a name that is used again after its flight broke off would not be told of the interruption. Works on a locked vault.
    pub fn take_lease(&self, bot: BotId, id: &str, owner: &str, seconds: i64) -> Result<Lease, StoreError> {
        within("owner", owner, ALIAS_LIMIT)?;
        let bot = bot.to_string();
        let mut state = self.state();
        state.check_usable()?;
        // Looking first keeps those who wait for a lease from disturbing its holder.
        if let Err(refused) = self.free_for(state.vault_connection(), &bot, id, owner)? {
            return Ok(refused);
        }
        state.write_vault(|engine| {
            let mut connection = match self.free_for(engine, &bot, id, owner)? {
                Ok(connection) => connection,
                Err(refused) => return Ok(refused),
            };
            let until = self.now() + seconds.clamp(0, LEASE_LIMIT) * 1000;
            let interrupted =
                refresh::interrupted(engine, id, owner)?.and_then(|at| Timestamp::from_millisecond(at).ok());
            refresh::take(engine, id, owner, until)?;
            connection.refresh.lease_by = Some(owner.to_owned());
            connection.refresh.lease_until = Timestamp::from_millisecond(until).ok();
            Ok(Lease::Taken { interrupted, connection })
        })
    }

    /// Gives a lease back unused, also one whose refresh was begun without anything having been sent. False if it is not the owner's.
    pub fn release_lease(&self, bot: BotId, id: &str, owner: &str) -> Result<bool, StoreError> {
        let mut state = self.state();
        state.check_usable()?;
        state.write_vault(|engine| {
            let held = holds(engine, &bot.to_string(), id, owner)?.is_some();
            if held {
                refresh::release(engine, id, owner)?;
            }
            Ok(held)
        })
    }

    /// Writes down that a refresh begins, before anything is sent; it is on the disk when this returns. False if the lease is not
    /// the owner's or has ended: then nothing may be sent.
    pub fn start_refresh(&self, bot: BotId, id: &str, owner: &str) -> Result<bool, StoreError> {
        let mut state = self.state();
        state.check_usable()?;
        state.write_vault(|engine| {
            let now = self.now();
            let lasting = holds(engine, &bot.to_string(), id, owner)?.is_some_and(|held| lasts(&held.refresh, now));
            if lasting {
                refresh::start(engine, id, owner, now)?;
            }
            Ok(lasting)
        })
    }

    /// Keeps what a refresh brought and ends its lease, journal and count of failures, all or nothing. False, with nothing kept, if
    /// another owner has the lease by now or the connection is gone; a lease that ended and that nobody else took is good enough.
    pub fn finish_refresh(
        &self,
        bot: BotId,
        id: &str,
        owner: &str,
        grant: &Secret<String>,
        facts: &str,
    ) -> Result<bool, StoreError> {
        connections::fits(grant)?;
        let bot = bot.to_string();
        self.with_key(|state, key| {
            state.write_vault(|engine| {
                let Some(connection) = holds(engine, &bot, id, owner)? else { return Ok(false) };
                connections::write(engine, key, &bot, &connection, grant, self.now())?;
                table::set_facts(engine, &bot, id, facts)?;
                refresh::finish(engine, id)?;
                Ok(true)
            })
        })
    }

    /// Ends a refresh that brought nothing: ends its lease and journal, counts a failure, and keeps `retry_at`. `wipe` is put in the
    /// place of a grant that the provider no longer takes, and only that needs an open vault. False, with nothing kept, as in
    /// [`Store::finish_refresh`].
    pub fn fail_refresh(
        &self,
        bot: BotId,
        id: &str,
        owner: &str,
        facts: &str,
        retry_at: Option<Timestamp>,
        wipe: Option<&Secret<String>>,
    ) -> Result<bool, StoreError> {
        let bot = bot.to_string();
        let retry_at = retry_at.map(|at| at.as_millisecond());
        let settle = |engine: &rusqlite::Connection| -> Result<(), StoreError> {
            table::set_facts(engine, &bot, id, facts)?;
            Ok(refresh::fail(engine, id, retry_at)?)
        };
        let Some(rest) = wipe else {
            let mut state = self.state();
            state.check_usable()?;
            return state.write_vault(|engine| match holds(engine, &bot, id, owner)? {
                Some(_) => settle(engine).map(|()| true),
                None => Ok(false),
            });
        };
        connections::fits(rest)?;
        self.with_key(|state, key| {
            let wiped = state.write_vault(|engine| {
                let Some(connection) = holds(engine, &bot, id, owner)? else { return Ok(false) };
                connections::write(engine, key, &bot, &connection, rest, self.now())?;
                settle(engine).map(|()| true)
            })?;
            database::empty_log(&state.connection);
            Ok(wiped)
        })
    }

    /// The connection if `owner` may take its lease, or the answer why not. The time is read here, with the file held, for one read
    /// before waiting for the file would be older than what others wrote meanwhile.
    fn free_for(
        &self,
        engine: &rusqlite::Connection,
        bot: &str,
        id: &str,
        owner: &str,
    ) -> Result<Result<Connection, Lease>, StoreError> {
        let Some(connection) = table::get(engine, bot, id)? else { return Ok(Err(Lease::Gone)) };
        let now = self.now();
        Ok(match (&connection.refresh.lease_by, connection.refresh.lease_until) {
            (Some(other), Some(until)) if other != owner && lasts(&connection.refresh, now) => {
                Err(Lease::Held { until })
            }
            _ => Ok(connection),
        })
    }
}

fn lasts(refresh: &Refresh, now: i64) -> bool {
    refresh.lease_until.is_some_and(|until| (1..=LEASE_LIMIT * 1000).contains(&(until.as_millisecond() - now)))
}

/// The connection if its lease is the owner's, ended or not.
fn holds(engine: &rusqlite::Connection, bot: &str, id: &str, owner: &str) -> Result<Option<Connection>, StoreError> {
    let connection = table::get(engine, bot, id)?;
    Ok(connection.filter(|connection| connection.refresh.lease_by.as_deref() == Some(owner)))
}
