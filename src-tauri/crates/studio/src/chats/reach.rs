//! What a running script reaches of the studio: the vault's values at once, and everything that takes time as a task.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use chat::{Answer, Carried, Handle, HttpCall, Outside, Pause, Reply, TokenCall, Wanted};
use connect::{Outcome, TokenField};
use store::{BotId, StoreError};
use url::Url;
use uuid::Uuid;
use wire::{Caller, Cause, Request, WireError};
use zeroize::Zeroizing;

use super::{OpenChat, SIGN_IN_LINK};
use crate::bots::OpenBot;
use crate::connections::record;
use crate::{Error, Studio};

/// How many redirects a script's request follows.
const REDIRECTS: u8 = 3;
/// Largest answer that a script gets, in bytes.
const ANSWER_BYTES: usize = 10 * 1024 * 1024;

/// A text is behind each: the value of a secret by its token id, or one field of a connection.
const VALUE: &str = "value:";

/// What a conversation sees of the world at once.
pub(super) struct Reach<'s> {
    studio: &'s Studio,
    bot: Option<BotId>,
    open: Arc<OpenBot>,
    persona: String,
    /// Why the last value could not be had.
    refusal: RefCell<Option<StoreError>>,
}

impl Studio {
    pub(super) fn reach(&self, chat: &OpenChat) -> Reach<'_> {
        Reach::new(self, &chat.bot, &chat.persona)
    }

    /// What is needed to do what a conversation wants, without the conversation.
    pub(super) fn task(&self, id: &str, chat: &OpenChat) -> Task<'_> {
        Task { reach: self.reach(chat), chat: id.to_owned() }
    }

    /// Secrets that hold a value, with the ids that scripts see.
    pub(super) fn secret_tokens(&self, bot: &OpenBot) -> Vec<(String, String)> {
        let Ok(id) = bot.bound() else { return Vec::new() };
        let stored = self.inner.store.list(id).unwrap_or_default();
        let aliases = bot.secret_entries().into_iter().map(|row| row.alias);
        let set = aliases.filter(|alias| stored.iter().any(|meta| meta.alias == *alias));
        set.map(|alias| (alias.clone(), token_id(&id, &alias))).collect()
    }
}

impl<'s> Reach<'s> {
    pub(super) fn new(studio: &'s Studio, open: &Arc<OpenBot>, persona: &str) -> Self {
        // A bot whose identity is not settled has no tokens at all.
        Self {
            studio,
            bot: open.bound().ok(),
            open: Arc::clone(open),
            persona: persona.to_owned(),
            refusal: RefCell::default(),
        }
    }

    pub(super) fn refusal(&self) -> Option<StoreError> {
        self.refusal.take()
    }

    /// The alias of the secret that a token id stands for.
    fn secret(&self, bot: &BotId, id: &str) -> Option<String> {
        let aliases = self.open.secret_entries().into_iter().map(|row| row.alias);
        aliases.into_iter().find(|alias| token_id(bot, alias) == id)
    }
}

impl Outside for Reach<'_> {
    fn reveal(&self, handle: &Handle) -> Option<Zeroizing<String>> {
        let bot = self.bot?;
        let value = match handle.0.strip_prefix(VALUE) {
            Some(id) => self.studio.inner.store.get(bot, &self.secret(&bot, id)?),
            None => {
                let (field, id) = handle.0.split_once(':')?;
                self.studio.outward().connect.peek(bot, id, TokenField::from_name(field)?)
            }
        };
        match self.studio.noting_locks(value) {
            Ok(value) => value.map(|value| Zeroizing::new(value.expose().clone())),
            Err(error) => {
                self.refusal.replace(Some(error));
                None
            }
        }
    }

    fn now(&self) -> String {
        (self.studio.inner.clock)().to_string()
    }
}

/// Does what a script wants and takes time.
pub(super) struct Task<'s> {
    reach: Reach<'s>,
    chat: String,
}

/// What became of it.
pub(super) enum Performed {
    Answer(Answer),
    Pause(Pause),
}

impl From<Answer> for Performed {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
    }
}

impl Task<'_> {
    pub(super) fn perform(&self, wanted: &Wanted) -> Performed {
        match wanted {
            Wanted::Http(call) => self.http(call),
            Wanted::AccessToken(call) => self.access_token(call).into(),
            Wanted::TokenInfo(call) => self.token_info(call).into(),
            Wanted::FullToken(call) => self.full_token(call).into(),
            Wanted::DeleteToken(call) => self.delete_token(call).into(),
            Wanted::OauthLink { alias, .. } => self.oauth_link(alias).into(),
        }
    }

    /// The entry and connection behind a token id of this bot, if that is what it stands for and this persona may use it.
    fn connection(&self, id: &str) -> Result<Option<connect::Entry>, Error> {
        let Some(bot) = self.reach.bot else { return Ok(None) };
        let Some(connection) = self.reach.studio.inner.store.connection(bot, id)? else { return Ok(None) };
        if connection.persona.as_ref().is_some_and(|persona| *persona != self.reach.persona) {
            return Ok(None);
        }
        match self.reach.studio.resolve(&self.reach.open, &connection.alias, connection.persona.as_deref()) {
            Ok(entry) => Ok(Some(entry)),
            // The entry was removed from the manifest: its token is of no use any more.
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn access_token(&self, call: &TokenCall) -> Answer {
        let studio = self.reach.studio;
        let Some(bot) = self.reach.bot else { return Answer::Nil { note: None } };
        if let Some(alias) = self.reach.secret(&bot, &call.id) {
            return match studio.noting_locks(studio.inner.store.get(bot, &alias)) {
                Ok(Some(_)) => Answer::Token { alias, handle: Handle(format!("{VALUE}{}", call.id).into()) },
                Ok(None) => Answer::Nil { note: None },
                Err(error) => Answer::Failed(error.to_string()),
            };
        }
        let entry = match self.connection(&call.id) {
            Ok(Some(entry)) => entry,
            Ok(None) => return Answer::Nil { note: None },
            Err(error) => return Answer::Failed(error.to_string()),
        };
        let outward = studio.outward();
        let Outcome { value, note, .. } = outward.runtime.block_on(outward.connect.access_token(&entry, &call.id));
        match value {
            Some(_) => Answer::Token { alias: entry.alias, handle: handle(TokenField::Access, &call.id) },
            None => Answer::Nil { note },
        }
    }

    fn token_info(&self, call: &TokenCall) -> Answer {
        let is_secret = self.reach.bot.is_some_and(|bot| self.reach.secret(&bot, &call.id).is_some());
        if is_secret {
            return Answer::Info("{}".to_owned());
        }
        match self.connection(&call.id) {
            Ok(Some(entry)) => {
                let outward = self.reach.studio.outward();
                let Outcome { value, note, .. } =
                    outward.runtime.block_on(outward.connect.token_info(&entry, &call.id));
                let info = value.and_then(|info| serde_json::to_string(&info).ok());
                info.map_or(Answer::Nil { note }, Answer::Info)
            }
            Ok(None) => Answer::Nil { note: None },
            Err(error) => Answer::Failed(error.to_string()),
        }
    }

    fn full_token(&self, call: &TokenCall) -> Answer {
        match self.connection(&call.id) {
            Ok(Some(entry)) => {
                let outward = self.reach.studio.outward();
                let Outcome { value, note, .. } =
                    outward.runtime.block_on(outward.connect.full_token(&entry, &call.id));
                let Some(full) = value else { return Answer::Nil { note } };
                let fields = [
                    ("token", full.token.is_some(), TokenField::Access),
                    ("refresh_token", full.refresh_token.is_some(), TokenField::Refresh),
                    ("secret", full.secret.is_some(), TokenField::Secret),
                ];
                let there = fields.into_iter().filter(|(_, there, _)| *there);
                let secrets = there.map(|(name, _, field)| (format!("credentials.{name}"), handle(field, &call.id)));
                Answer::FullToken { alias: entry.alias, json: record(&full).to_string(), secrets: secrets.collect() }
            }
            Ok(None) => Answer::Nil { note: None },
            Err(error) => Answer::Failed(error.to_string()),
        }
    }

    fn delete_token(&self, call: &TokenCall) -> Answer {
        let studio = self.reach.studio;
        let Some(bot) = self.reach.bot else { return Answer::Bool(false) };
        if let Some(alias) = self.reach.secret(&bot, &call.id) {
            let removed = studio.inner.store.remove(bot, &alias);
            studio.secrets_changed(&self.reach.open);
            return Answer::Bool(removed.is_ok());
        }
        match self.connection(&call.id) {
            Ok(Some(entry)) => {
                let outward = studio.outward();
                let deleted = outward.runtime.block_on(outward.connect.delete_token(Some(&entry), bot, &call.id));
                studio.people_changed(&self.reach.open);
                Answer::Bool(deleted.is_ok_and(|deleted| deleted.existed))
            }
            Ok(None) => Answer::Bool(false),
            Err(error) => Answer::Failed(error.to_string()),
        }
    }

    fn oauth_link(&self, alias: &str) -> Answer {
        let picture = self.reach.open.picture();
        match picture.entry(alias) {
            Some(entry) if entry.integration.known_context() == Some(providers::Context::User) => {
                Answer::Link(format!("{SIGN_IN_LINK}{alias}"))
            }
            Some(_) => Answer::Nil {
                note: Some(format!(
                    "`{alias}` belongs to the bot, so nobody signs in to it from a chat: connect it under Integrations."
                )),
            },
            None => {
                let user = |entry: &&bot::Entry| entry.integration.known_context() == Some(providers::Context::User);
                let known: Vec<_> = picture.entries().iter().filter(user).map(|e| e.integration.alias()).collect();
                let known = if known.is_empty() {
                    "No manifest has an entry with `context: user`.".to_owned()
                } else {
                    format!("There are {}.", known.join(", "))
                };
                Answer::Failed(format!("No integration has the alias `{alias}`. {known}"))
            }
        }
    }

    fn http(&self, call: &HttpCall) -> Performed {
        let studio = self.reach.studio;
        let Some(clear) = call.reveal(&self.reach) else {
            let why = self
                .reach
                .refusal()
                .map_or_else(|| "A token of this request is not there any more.".to_owned(), |error| error.to_string());
            return Answer::Failed(why).into();
        };
        let Ok(url) = Url::parse(&clear.url) else {
            return Answer::Http(Reply::failed("This is not an address that can be asked: it begins with https://."))
                .into();
        };
        let request = Request {
            method: call.method.as_str().parse().unwrap_or_default(),
            url,
            headers: clear.headers.iter().map(|(name, value)| (name.clone(), value.to_string())).collect(),
            body: clear.body.as_bytes().to_vec(),
            secrets: clear.secrets.iter().map(|own| self.carried(own)).collect(),
            aliases: call.aliases.clone(),
            follow: if call.follow { REDIRECTS } else { 0 },
            timeout: Duration::from_secs(call.timeout_seconds),
            body_limit: ANSWER_BYTES,
            cause: Cause {
                caller: Caller::Script,
                bot: self.reach.open.id().to_owned(),
                chat: Some(self.chat.clone()),
                place: Some(format!("{}:{}:{}", call.place.file, call.place.line, call.place.column)),
                what: call.method.function().to_owned(),
            },
        };
        // A practised host is played whether or not a token led to it.
        if studio.is_practised_host(self.reach.open.id(), &wire::host_of(&request.url))
            && let Err(error) = studio.practice_server(None)
        {
            return Answer::Http(Reply::failed(error.to_string())).into();
        }
        let outward = studio.outward();
        match outward.runtime.block_on(outward.wire.send(request)) {
            Ok(response) => Answer::Http(Reply {
                status: response.status,
                headers: response.headers,
                body: String::from_utf8_lossy(&response.body).into_owned(),
                error: None,
                exchange: Some(response.exchange),
            })
            .into(),
            Err(WireError::NotApproved { alias, host }) => {
                Performed::Pause(Pause { alias: Some(alias), host, place: call.place.clone() })
            }
            Err(WireError::AskAddress { host }) => {
                Performed::Pause(Pause { alias: None, host, place: call.place.clone() })
            }
            Err(error) => Answer::Http(Reply::failed(error.to_string())).into(),
        }
    }

    fn carried(&self, own: &Carried) -> wire::Carried {
        let practised = |handle: &Handle| {
            let id = handle.0.split_once(':').map(|(_, id)| id)?;
            let connection = self.reach.studio.inner.store.connection(self.reach.bot?, id).ok()??;
            Some(connection.practice)
        };
        wire::Carried {
            alias: own.alias.clone(),
            value: own.value.clone(),
            practice: own.handles.iter().any(|handle| practised(handle) == Some(true)),
        }
    }
}

fn handle(field: TokenField, id: &str) -> Handle {
    Handle(format!("{}:{id}", field.name()).into())
}

/// The id of a secret in scripts: the same in every run, of no use in another bot, and telling nothing.
fn token_id(bot: &BotId, alias: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{bot}/{alias}").as_bytes()).simple().to_string()
}
