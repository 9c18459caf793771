//! What is connected: how it stands, where its tokens may go, and the tokens themselves for whoever asked.

use std::sync::Arc;

use connect::{ConnectionState, FullToken, Tested};
use serde_json::{Value, json};
use store::{Connection, Secret};
use url::Url;

use crate::bots::OpenBot;
use crate::entries::{ANY_REQUEST, NO_ENTRY};
use crate::{Error, Studio};

/// What a manifest's entry is connected to, as `connect` tells it, with what the studio adds.
#[derive(Debug, Clone)]
pub struct EntryState {
    /// Practice plays the provider.
    pub practice: bool,
    /// The bot's own connection, or that of the persona in use.
    pub state: ConnectionState,
    pub connection: Option<Connection>,
    /// Where the token may go: the provider's own hosts, then those that the person approved.
    pub hosts: Vec<Host>,
    /// The sign-in under way, or the last one of this run.
    pub attempt: Option<String>,
}

/// A host that a token may go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    pub host: String,
    /// By the person, so it can be withdrawn.
    pub approved: bool,
}

impl Studio {
    /// How an entry is connected.
    ///
    /// # Errors
    /// There is no such entry, or the data folder cannot be read.
    pub fn entry_state(&self, bot: &str, alias: &str) -> Result<EntryState, Error> {
        let open = self.bot(bot)?;
        let picture = open.picture();
        let entry = picture.entry(alias).ok_or(NO_ENTRY)?;
        let persona = self.persona_of(&open)?.id;
        let id = open.bound()?;
        let known = self.outward().connect.attempts();
        let attempt = known.into_iter().rev().find(|own| own.bot == id && own.alias == alias);
        let resolved = self.resolve_for_show(&open, alias, Some(&persona))?;
        let mut hosts: Vec<Host> =
            self.own_hosts(entry).into_iter().map(|host| Host { host, approved: false }).collect();
        let approvals = self.inner.store.approvals(open.bound()?)?;
        let own = approvals.into_iter().filter(|own| own.alias == alias);
        hosts.extend(own.map(|own| Host { host: own.host, approved: true }));
        Ok(EntryState {
            practice: self.practises(&open, entry),
            state: self.outward().connect.state(&resolved)?,
            connection: self.connection_of(&open, alias, &persona)?,
            hosts,
            attempt: attempt.map(|own| own.id),
        })
    }

    /// The connection of an alias: the bot's own, or the persona's.
    pub(crate) fn connection_of(&self, bot: &OpenBot, alias: &str, persona: &str) -> Result<Option<Connection>, Error> {
        let id = bot.bound()?;
        let picture = bot.picture();
        let entry = picture.entry(alias).ok_or(NO_ENTRY)?;
        let user = entry.integration.known_context() == Some(providers::Context::User);
        Ok(self.inner.store.connection_of(id, alias, user.then_some(persona))?)
    }

    /// Makes one call that only an accepted token can make.
    ///
    /// # Errors
    /// Nothing is connected, or the vault is locked.
    pub fn test_connection(&self, bot: &str, alias: &str) -> Result<Tested, Error> {
        let open = self.bot(bot)?;
        let (entry, connection) = self.connected(&open, alias)?;
        let outward = self.outward();
        let tested = outward.runtime.block_on(outward.connect.test(&entry, &connection.id));
        self.people_changed(&open);
        Ok(tested)
    }

    /// Ends a connection: revoked at the provider where that is offered, then deleted here. What cannot be revoked is
    /// deleted all the same.
    ///
    /// # Errors
    /// Nothing is connected, or the data folder cannot be written.
    pub fn disconnect(&self, bot: &str, alias: &str) -> Result<connect::Deleted, Error> {
        let open = self.bot(bot)?;
        let persona = self.persona_of(&open)?.id;
        let connection = self.connection_of(&open, alias, &persona)?.ok_or(NOT_CONNECTED)?;
        // A locked vault keeps a token from being revoked, not from being deleted.
        let entry = self.resolve(&open, alias, Some(&persona)).ok();
        let outward = self.outward();
        let ending = outward.connect.delete_token(entry.as_ref(), open.bound()?, &connection.id);
        let deleted = outward.runtime.block_on(ending)?;
        self.people_changed(&open);
        Ok(deleted)
    }

    /// Accepts that a manifest's addresses changed since the connection was made.
    ///
    /// # Errors
    /// Nothing is connected, or the vault is locked.
    pub fn confirm_origins(&self, bot: &str, alias: &str) -> Result<(), Error> {
        let open = self.bot(bot)?;
        let persona = self.persona_of(&open)?.id;
        let entry = self.resolve(&open, alias, Some(&persona))?;
        let outward = self.outward();
        outward.runtime.block_on(outward.connect.confirm_origins(&entry))?;
        self.people_changed(&open);
        Ok(())
    }

    /// Takes back that a token may go to a host.
    ///
    /// # Errors
    /// The data folder cannot be written.
    pub fn withdraw_approval(&self, bot: &str, alias: &str, host: &str) -> Result<(), Error> {
        let open = self.bot(bot)?;
        self.inner.store.withdraw_approval(open.bound()?, alias, host)?;
        self.people_changed(&open);
        Ok(())
    }

    /// Lets a token of this bot go to a host from now on.
    ///
    /// # Errors
    /// There is no such entry, the host is none, or the data folder cannot be written.
    pub fn approve_host(&self, bot: &str, alias: &str, host: &str) -> Result<(), Error> {
        let open = self.bot(bot)?;
        open.picture().entry(alias).ok_or(NO_ENTRY)?;
        let host = host_name(host)?;
        self.inner.store.approve(open.bound()?, alias, &host)?;
        self.people_changed(&open);
        Ok(())
    }

    /// Lets scripts of this bot reach a private address from now on.
    ///
    /// # Errors
    /// The host is none, or the data folder cannot be written.
    pub fn approve_address(&self, bot: &str, host: &str) -> Result<(), Error> {
        let open = self.bot(bot)?;
        self.inner.store.approve(open.bound()?, ANY_REQUEST, &host_name(host)?)?;
        self.people_changed(&open);
        Ok(())
    }

    /// Chooses between the provider and practice for an entry.
    ///
    /// # Errors
    /// There is no such entry, or the data folder cannot be written.
    pub fn choose_practice(&self, bot: &str, alias: &str, practice: bool) -> Result<(), Error> {
        let open = self.bot(bot)?;
        open.picture().entry(alias).ok_or(NO_ENTRY)?;
        self.inner.store.set_practice_choice(open.bound()?, alias, Some(practice))?;
        self.people_changed(&open);
        Ok(())
    }

    pub(crate) fn connected(&self, open: &Arc<OpenBot>, alias: &str) -> Result<(connect::Entry, Connection), Error> {
        let persona = self.persona_of(open)?.id;
        let connection = self.connection_of(open, alias, &persona)?.ok_or(NOT_CONNECTED)?;
        Ok((self.resolve(open, alias, Some(&persona))?, connection))
    }
}

pub(crate) const NOT_CONNECTED: Error = Error::NotFound("Nothing is connected under this alias.");

impl Studio {
    /// The token of an alias, for the person who asked for it, with a note when there is none.
    ///
    /// # Errors
    /// Nothing is connected, or the vault is locked.
    pub fn access_token(&self, bot: &str, alias: &str) -> Result<(Option<Secret<String>>, Option<String>), Error> {
        let open = self.bot(bot)?;
        if open.secret_entry(alias).is_ok() {
            return Ok((self.noting_locks(self.inner.store.get(open.bound()?, alias))?, None));
        }
        let (entry, connection) = self.connected(&open, alias)?;
        let outward = self.outward();
        let got = outward.runtime.block_on(outward.connect.access_token(&entry, &connection.id));
        Ok((got.value, got.note))
    }

    /// Who is signed in under an alias, as JSON.
    ///
    /// # Errors
    /// Nothing is connected.
    pub fn token_info(&self, bot: &str, alias: &str) -> Result<(Option<String>, Option<String>), Error> {
        let (entry, connection) = self.connected(&self.bot(bot)?, alias)?;
        let outward = self.outward();
        let got = outward.runtime.block_on(outward.connect.token_info(&entry, &connection.id));
        Ok((got.value.map(|info| as_json(&info)), got.note))
    }

    /// Everything about the token of an alias, as JSON, its secrets masked.
    ///
    /// # Errors
    /// Nothing is connected, or the vault is locked.
    pub fn full_token(&self, bot: &str, alias: &str) -> Result<(Option<String>, Option<String>), Error> {
        let (entry, connection) = self.connected(&self.bot(bot)?, alias)?;
        let outward = self.outward();
        let got = outward.runtime.block_on(outward.connect.full_token(&entry, &connection.id));
        let masked = got.value.map(|full| {
            let mut json = record(&full);
            for (name, secret) in
                [("token", &full.token), ("refresh_token", &full.refresh_token), ("secret", &full.secret)]
            {
                if secret.is_some() {
                    json["credentials"][name] = format!("‹secret:{alias}›").into();
                }
            }
            json.to_string()
        });
        Ok((masked, got.note))
    }
}

fn as_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "{}".to_owned())
}

/// The record of a token in the shape of Überauth's, its secrets left out.
pub(crate) fn record(full: &FullToken) -> Value {
    json!({
        "uid": full.uid,
        "provider": full.provider,
        "strategy": full.strategy,
        "info": full.info,
        "credentials": {
            "token": null,
            "refresh_token": null,
            "secret": null,
            "token_type": full.token_type,
            "expires": full.expires,
            "expires_at": full.expires_at,
            "scopes": full.scopes,
            "other": full.other,
        },
        "extra": { "raw_info": full.raw_info },
    })
}

/// A host as the wire names it: with its port, unless that is the scheme's own.
fn host_name(text: &str) -> Result<String, Error> {
    let address = Url::parse(&format!("https://{text}/")).ok();
    let named = address.as_ref().map(wire::host_of).filter(|host| host.eq_ignore_ascii_case(text));
    named.ok_or_else(|| {
        Error::invalid(
            format!("`{text}` is not the name of a host."),
            "Write it as in the address, without `https://` and without a path.",
        )
    })
}
