//! Connecting: what it needs, sign-ins under way, what is connected, and where its tokens may go.

use std::sync::Arc;

use connect::{AttemptView, Change, ConnectError, ConnectionState, Flow, FullToken, Preflight, Stage, Tested, Way};
use serde_json::{Value, json};
use store::{BotId, Connection, Secret};
use url::Url;
use uuid::Uuid;

use crate::bots::OpenBot;
use crate::entries::{NO_ENTRY, written};
use crate::events::lock;
use crate::{Error, Event, Studio};

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

/// A sign-in of an open bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub view: AttemptView,
    /// The open bot; empty when it was closed meanwhile.
    pub bot: String,
}

/// How an entry gets its token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryFlow {
    AuthCode,
    ClientCredentials,
    OAuth1,
    ServiceAccount,
}

/// A host that a token may go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    pub host: String,
    /// By the person, so it can be withdrawn.
    pub approved: bool,
}

impl Studio {
    /// What connecting an entry needs and what will happen. Contacts nobody.
    ///
    /// # Errors
    /// There is no such entry, its identity is not settled, or its secret cannot be read.
    pub fn preflight(&self, bot: &str, alias: &str) -> Result<Preflight, Error> {
        let bot = self.bot(bot)?;
        let outward = self.outward();
        let mut preflight = outward.connect.preflight(&self.resolve(&bot, alias, None)?);
        if !outward.deep_links {
            preflight.ways.sort_by_key(|own| own.way == Way::DeepLink);
        }
        Ok(preflight)
    }

    /// Starts a sign-in: listens, then opens the system's browser. An entry that needs nobody is connected at once.
    ///
    /// # Errors
    /// There is no such entry, something is missing, the vault is absent or locked, or no callback can be received.
    pub fn start_connect(
        &self,
        bot: &str,
        alias: &str,
        persona: Option<&str>,
        way: Option<Way>,
    ) -> Result<Attempt, Error> {
        let bot = self.bot(bot)?;
        let persona = match persona {
            Some(persona) => persona.to_owned(),
            None => self.persona_of(&bot)?.id,
        };
        // Asked before anybody signs in: a token that cannot be kept is lost.
        self.inner.store.ready()?;
        let entry = self.resolve(&bot, alias, Some(&persona))?;
        if entry.oauth2.as_ref().is_some_and(|block| block.flow == Flow::ClientCredentials) {
            return self.connect_by_itself(&bot, &entry).map(|view| self.of_open_bot(view));
        }
        let outward = self.outward();
        let way = way.or_else(|| self.reachable_way(&entry));
        let view = outward.runtime.block_on(outward.connect.start(entry, way))?;
        Ok(self.of_open_bot(view))
    }

    fn of_open_bot(&self, view: AttemptView) -> Attempt {
        let bot = self.bots_of(view.bot).first().map(|open| open.id().to_owned()).unwrap_or_default();
        Attempt { view, bot }
    }

    /// How an entry gets its token.
    ///
    /// # Errors
    /// There is no such entry.
    pub fn flow(&self, bot: &str, alias: &str) -> Result<EntryFlow, Error> {
        let open = self.bot(bot)?;
        let picture = open.picture();
        let entry = picture.entry(alias).ok_or(NO_ENTRY)?;
        let provider = entry.integration.known_provider();
        let block = entry.integration.oauth2.as_ref();
        Ok(match provider {
            Some(own) if own.kind == providers::Kind::ServiceAccount => EntryFlow::ServiceAccount,
            // A scope selects OAuth 2.0.
            Some(own) if own.id == "twitter" && written(entry.integration.scope.as_ref()).is_empty() => {
                EntryFlow::OAuth1
            }
            _ if block.and_then(|own| own.known_flow()) == Some(manifest::Flow::ClientCredentials) => {
                EntryFlow::ClientCredentials
            }
            _ => EntryFlow::AuthCode,
        })
    }

    /// Where no link reaches this program, an entry that would come back by one listens instead.
    fn reachable_way(&self, entry: &connect::Entry) -> Option<Way> {
        let outward = self.outward();
        let ways = outward.connect.preflight(entry).ways;
        let usual_is_lost = !outward.deep_links && ways.first().is_some_and(|own| own.way == Way::DeepLink);
        usual_is_lost.then_some(Way::Loopback)
    }

    /// Connects an entry for which nobody has to sign in; told in the form of a sign-in that is over.
    fn connect_by_itself(&self, bot: &Arc<OpenBot>, entry: &connect::Entry) -> Result<AttemptView, Error> {
        let outward = self.outward();
        let started_at = (self.inner.clock)();
        let stage = match outward.runtime.block_on(outward.connect.client_credentials(entry)) {
            Ok(got) => Stage::Connected { id: got.id, who: None, notes: Vec::new() },
            Err(ConnectError::Trouble(trouble)) => Stage::Failed(trouble),
            Err(error) => return Err(error.into()),
        };
        let attempt = AttemptView {
            id: Uuid::new_v4().to_string(),
            bot: entry.bot,
            alias: entry.alias.clone(),
            persona: None,
            provider: entry.provider.clone(),
            title: entry.title.clone(),
            party: entry.title.clone(),
            way: Way::Loopback,
            url: String::new(),
            redirect_uri: String::new(),
            opened: false,
            trouble: None,
            practice: entry.practice.is_some(),
            started_at,
            expires_at: started_at,
            stage,
            wrong: 0,
        };
        lock(&self.inner.instant).insert(attempt.id.clone(), attempt.clone());
        self.people_changed(bot);
        Ok(attempt)
    }

    /// A sign-in of this run.
    ///
    /// # Errors
    /// It is not known.
    pub fn attempt(&self, attempt: &str) -> Result<Attempt, Error> {
        let instant = lock(&self.inner.instant).get(attempt).cloned();
        let known = instant.or_else(|| self.outward().connect.attempt(attempt));
        known.map(|view| self.of_open_bot(view)).ok_or(NO_ATTEMPT)
    }

    /// Waits until a sign-in has ended and the conversations that it concerns were told of it.
    ///
    /// # Errors
    /// It is not known.
    pub fn finished_attempt(&self, attempt: &str) -> Result<Attempt, Error> {
        let outward = self.outward();
        let instant = lock(&self.inner.instant).get(attempt).cloned();
        let ended = instant.or_else(|| outward.runtime.block_on(outward.connect.finished(attempt)));
        let telling = std::mem::take(&mut *lock(&self.inner.telling));
        telling.into_iter().for_each(|thread| drop(thread.join()));
        ended.map(|view| self.of_open_bot(view)).ok_or(NO_ATTEMPT)
    }

    /// Opens the browser once more for a sign-in under way.
    ///
    /// # Errors
    /// It is not known.
    pub fn open_attempt_again(&self, attempt: &str) -> Result<Attempt, Error> {
        let outward = self.outward();
        Ok(self.of_open_bot(outward.runtime.block_on(outward.connect.reopen(attempt))?))
    }

    /// Ends a sign-in under way; its listener closes, and a late answer is refused.
    ///
    /// # Errors
    /// It is not known.
    pub fn cancel_attempt(&self, attempt: &str) -> Result<Attempt, Error> {
        let outward = self.outward();
        let ended = outward.runtime.block_on(outward.connect.cancel(attempt));
        ended.map(|view| self.of_open_bot(view)).ok_or(NO_ATTEMPT)
    }

    /// Takes the address that the browser stopped on.
    ///
    /// # Errors
    /// It is no callback of this sign-in.
    pub fn paste_callback(&self, attempt: &str, address: &str) -> Result<Attempt, Error> {
        let outward = self.outward();
        match outward.runtime.block_on(outward.connect.paste(attempt, address)) {
            Ok(view) => Ok(self.of_open_bot(view)),
            // All that can be wrong so far is what was pasted.
            Err(ConnectError::Trouble(trouble)) => Err(Error::invalid(trouble.message, trouble.hint)),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes a deep link that reached the program. It does nothing but answer a sign-in that waits for it; any web page can
    /// send one.
    pub fn deep_link(&self, address: &str) {
        let outward = self.outward();
        match outward.runtime.block_on(outward.connect.deep_link(address)) {
            Ok(attempt) => tracing::info!("a deep link answered the sign-in of {}", attempt.alias),
            Err(error) => {
                tracing::info!("a deep link answered no sign-in");
                // The window may not listen yet: a link can be what started the program.
                *lock(&self.inner.notice) = Some(error.to_string());
                self.send(&Event::Noticed);
            }
        }
    }

    /// What a link that answered no sign-in is to tell the person, once.
    pub fn take_notice(&self) -> Option<String> {
        lock(&self.inner.notice).take()
    }

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
        let address = Url::parse(&format!("https://{host}/"));
        let named = address.ok().filter(|address| address.host_str() == Some(&host.to_ascii_lowercase()));
        if named.is_none() {
            return Err(Error::invalid(
                format!("`{host}` is not the name of a host."),
                "Write it as in the address, without `https://` and without a path.",
            ));
        }
        self.inner.store.approve(open.bound()?, alias, &host.to_ascii_lowercase())?;
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

    /// Passes on what `connect` tells: everyone who shows it asks again, and a chat learns of its persona's new token.
    pub(crate) fn connect_changed(&self, change: Change) {
        match change {
            Change::Attempt(attempt) => {
                self.send(&Event::ConnectChanged { attempt: attempt.id.clone() });
                for open in self.bots_of(attempt.bot) {
                    self.send(&Event::BotChanged { bot: open.id().to_owned() });
                    let ended = match &attempt.stage {
                        Stage::Failed(trouble) | Stage::TimedOut(trouble) => Some(trouble.to_string()),
                        Stage::Cancelled => Some(format!("The sign-in to {} was cancelled.", attempt.title)),
                        Stage::Waiting | Stage::Exchanging | Stage::Connected { .. } => None,
                    };
                    if let (Some(message), Some(persona)) = (ended, &attempt.persona) {
                        self.sign_in_ended(&open, persona, &attempt.alias, &message);
                    }
                }
            }
            Change::Connection { bot, .. } => self.bots_of(bot).iter().for_each(|open| self.people_changed(open)),
            Change::Token { bot, alias, persona, id } => {
                // Whoever tells this waits for nobody, and a conversation may go on for long.
                let studio = self.clone();
                let thread = std::thread::spawn(move || {
                    for open in studio.bots_of(bot) {
                        open.leave_id();
                        match &persona {
                            Some(persona) => studio.token_connected(&open, persona, &alias, &id),
                            None => studio.bot_token_changed(&open, &alias, Some(&id)),
                        }
                        studio.people_changed(&open);
                    }
                });
                let mut telling = lock(&self.inner.telling);
                telling.retain(|own| !own.is_finished());
                telling.push(thread);
            }
        }
    }

    fn bots_of(&self, bot: BotId) -> Vec<Arc<OpenBot>> {
        self.open_bots().into_iter().filter(|open| open.bound().is_ok_and(|own| own == bot)).collect()
    }
}

const NO_ATTEMPT: Error = Error::NotFound("This sign-in is not known any more.");
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
