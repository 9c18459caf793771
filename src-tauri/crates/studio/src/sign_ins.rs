//! Sign-ins: what they need, their way from the opened browser to the token, and who is told of it.

use std::sync::Arc;

use connect::{AttemptView, Change, ConnectError, Flow, Preflight, Stage, Way};
use store::BotId;
use uuid::Uuid;

use crate::bots::OpenBot;
use crate::entries::{NO_ENTRY, written};
use crate::events::lock;
use crate::{Error, Event, Studio};

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

impl Studio {
    /// What connecting an entry needs and what will happen. Contacts nobody and opens no secret.
    ///
    /// # Errors
    /// There is no such entry, or its identity is not settled.
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

    /// Waits until a sign-in has ended, the conversations that it concerns were told of it, and the browser has read its last
    /// page: for a program that may end now.
    ///
    /// # Errors
    /// It is not known.
    pub fn finished_attempt(&self, attempt: &str) -> Result<Attempt, Error> {
        let outward = self.outward();
        let instant = lock(&self.inner.instant).get(attempt).cloned();
        let ended = instant.or_else(|| outward.runtime.block_on(outward.connect.finished(attempt)));
        outward.runtime.block_on(outward.connect.shown(attempt));
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
                let told = lock(&self.inner.notice).replace(error.to_string()).is_none();
                // A page can send any number of links.
                if told {
                    self.send(&Event::Noticed);
                }
            }
        }
    }

    /// What a link that answered no sign-in is to tell the person, once.
    pub fn take_notice(&self) -> Option<String> {
        lock(&self.inner.notice).take()
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
