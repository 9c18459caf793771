//! Test chats: conversations with a bot's scripts, which reach the vault through the studio.

use std::cell::RefCell;
use std::sync::{Arc, Mutex};

use bot::{Bot, FileKind, Severity};
use chat::{Chat, Handle, Outside, Setup, Token, View};
use store::{BotId, Secret, StoreError};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::bots::OpenBot;
use crate::events::lock;
use crate::secrets::NO_VALUE;
use crate::{Error, Event, Studio};

pub(crate) struct OpenChat {
    bot: Arc<OpenBot>,
    chat: Chat,
    /// The bot as it was when the conversation began.
    began_with: Arc<Bot>,
}

impl OpenChat {
    pub(crate) fn is_of(&self, bot: &Arc<OpenBot>) -> bool {
        Arc::ptr_eq(&self.bot, bot)
    }

    /// The scripts were compiled again since the conversation began.
    fn is_stale(&self) -> bool {
        !Arc::ptr_eq(self.began_with.program(), self.bot.picture().program())
    }
}

/// A conversation as it is at one moment.
#[derive(Debug, Clone)]
pub struct ChatSnapshot {
    pub id: String,
    pub view: View,
    /// The scripts on disk or in the editor are newer than the running ones.
    pub stale: bool,
}

impl Studio {
    /// Starts a conversation with the scripts as they are now.
    ///
    /// # Errors
    /// The bot is not open, or a script has an error that keeps it from running.
    pub fn start_chat(&self, bot: &str) -> Result<ChatSnapshot, Error> {
        let bot = self.bot(bot)?;
        let (began_with, chat) = self.begin(&bot)?;
        let id = Uuid::new_v4().to_string();
        let open = Arc::new(Mutex::new(OpenChat { bot, chat, began_with }));
        lock(&self.inner.chats).insert(id.clone(), open);
        self.chat(&id)
    }

    /// The conversation as it is.
    ///
    /// # Errors
    /// It is closed.
    pub fn chat(&self, id: &str) -> Result<ChatSnapshot, Error> {
        let open = self.open_chat(id)?;
        let open = lock(&open);
        Ok(ChatSnapshot { id: id.to_owned(), view: open.chat.view(), stale: open.is_stale() })
    }

    /// Says something to the bot and runs it until it waits.
    ///
    /// # Errors
    /// The conversation is closed.
    pub fn send_text(&self, id: &str, text: &str) -> Result<ChatSnapshot, Error> {
        let open = self.open_chat(id)?;
        {
            let mut open = lock(&open);
            let outside = self.outside(&open.bot);
            open.chat.send(text, &outside);
        }
        self.talked(id)
    }

    /// Begins anew with the scripts as they are now.
    ///
    /// # Errors
    /// The conversation is closed, or a script has an error that keeps it from running; the old one then goes on.
    pub fn restart_chat(&self, id: &str) -> Result<ChatSnapshot, Error> {
        let open = self.open_chat(id)?;
        let bot = Arc::clone(&lock(&open).bot);
        let (began_with, chat) = self.begin(&bot)?;
        {
            let mut open = lock(&open);
            open.chat = chat;
            open.began_with = began_with;
        }
        self.talked(id)
    }

    /// The value behind one secret part of a conversation, for the person who asked to see it.
    ///
    /// # Errors
    /// There is no such part, its value was removed since, or the vault is locked.
    pub fn reveal_part(&self, id: &str, part: u32) -> Result<Secret<String>, Error> {
        let open = self.open_chat(id)?;
        let open = lock(&open);
        let outside = self.outside(&open.bot);
        match open.chat.reveal(part, &outside) {
            Some(value) => Ok(Secret::new(value.as_str().to_owned())),
            None => Err(outside.refusal.into_inner().map_or(NO_VALUE, Error::from)),
        }
    }

    /// Ends a conversation.
    ///
    /// # Errors
    /// None that the interface could act on; a conversation that is not open is closed already.
    pub fn close_chat(&self, id: &str) -> Result<(), Error> {
        lock(&self.inner.chats).remove(id);
        Ok(())
    }

    /// Tells the conversations with a bot that its scripts may have changed.
    pub(crate) fn tell_chats(&self, bot: &Arc<OpenBot>) {
        let chats: Vec<_> = lock(&self.inner.chats).iter().map(|(id, chat)| (id.clone(), Arc::clone(chat))).collect();
        for (id, chat) in chats {
            let chat = lock(&chat);
            if chat.is_of(bot) && chat.is_stale() {
                self.send(&Event::ChatChanged { chat: id });
            }
        }
    }

    fn begin(&self, bot: &Arc<OpenBot>) -> Result<(Arc<Bot>, Chat), Error> {
        let picture = bot.picture();
        let is_script = |file: &str| picture.files().iter().any(|f| &*f.path == file && f.kind == FileKind::Script);
        let wrong = picture.problems().iter().filter(|problem| problem.severity == Severity::Error);
        if let Some(problem) = wrong.clone().find(|problem| is_script(&problem.file)) {
            return Err(Error::invalid(
                format!("{}:{}:{}: {}", problem.file, problem.line, problem.column, problem.message),
                "Mend the script, then start the chat again.",
            ));
        }
        let outside = self.outside(bot);
        let setup = Setup { bot_title: bot.title(), bot_tokens: outside.token_ids(), ..Setup::default() };
        let chat = Chat::start(Arc::clone(picture.program()), &setup, &outside);
        Ok((picture, chat))
    }

    fn open_chat(&self, id: &str) -> Result<Arc<Mutex<OpenChat>>, Error> {
        lock(&self.inner.chats).get(id).cloned().ok_or(Error::NotFound("This chat is closed."))
    }

    fn talked(&self, id: &str) -> Result<ChatSnapshot, Error> {
        self.send(&Event::ChatChanged { chat: id.to_owned() });
        self.chat(id)
    }

    fn outside(&self, bot: &Arc<OpenBot>) -> Reach<'_> {
        let aliases = bot.secret_entries().into_iter().map(|row| row.alias).collect();
        // A bot whose identity is not settled has no tokens at all.
        Reach { studio: self, bot: bot.bound().ok(), aliases, refusal: RefCell::default() }
    }
}

/// What a running script reaches of the studio.
struct Reach<'s> {
    studio: &'s Studio,
    bot: Option<BotId>,
    aliases: Vec<String>,
    /// Why the last value could not be had.
    refusal: RefCell<Option<StoreError>>,
}

impl Outside for Reach<'_> {
    fn token(&self, id: &str) -> Result<Option<Token>, String> {
        let Some(bot) = self.bot else { return Ok(None) };
        let Some(alias) = self.alias(&bot, id) else { return Ok(None) };
        match self.studio.noting_locks(self.studio.inner.store.get(bot, alias)) {
            Ok(None) => Ok(None),
            Ok(Some(_)) => Ok(Some(Token { alias: alias.clone(), handle: Handle(id.into()) })),
            Err(error) => Err(error.to_string()),
        }
    }

    fn reveal(&self, handle: &Handle) -> Option<Zeroizing<String>> {
        let bot = self.bot?;
        match self.studio.noting_locks(self.studio.inner.store.get(bot, self.alias(&bot, &handle.0)?)) {
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

impl Reach<'_> {
    /// Aliases that hold a value, with the ids that scripts see.
    fn token_ids(&self) -> Vec<(String, String)> {
        let Some(bot) = self.bot else { return Vec::new() };
        let stored = self.studio.inner.store.list(bot).unwrap_or_default();
        let set = self.aliases.iter().filter(|alias| stored.iter().any(|meta| meta.alias == **alias));
        set.map(|alias| (alias.clone(), token_id(&bot, alias))).collect()
    }

    fn alias(&self, bot: &BotId, id: &str) -> Option<&String> {
        self.aliases.iter().find(|alias| token_id(bot, alias) == id)
    }
}

/// The id of a secret in scripts: the same in every run, of no use in another bot, and telling nothing.
fn token_id(bot: &BotId, alias: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{bot}/{alias}").as_bytes()).simple().to_string()
}
