//! Test chats: conversations with a bot's scripts. What a script wants from the world is done by `chats::reach` without
//! holding the conversation, so that the window can show it meanwhile.

mod begin;
mod reach;

use std::sync::{Arc, Mutex};

use bot::Bot;
use chat::{Chat, Owner, Pause, Payload, Pressed, View};
use store::Secret;
use url::Url;
use uuid::Uuid;
use wire::Exchange;

use crate::bots::OpenBot;
use crate::entries::ANY_REQUEST;
use crate::events::lock;
use crate::secrets::NO_VALUE;
use crate::{Error, Event, Studio};
use reach::{Performed, Reach};

/// Begins an address that `oauth_link` gives: a sign-in of this machine, whose alias follows.
pub const SIGN_IN_LINK: &str = "patchbay://login/";

pub(crate) struct OpenChat {
    bot: Arc<OpenBot>,
    chat: Chat,
    persona: String,
    /// What runs: the bot as it was when the conversation began, or a bot that consists of the pasted script.
    began_with: Arc<Bot>,
    pasted: Option<String>,
    /// A thread is doing what the script wants.
    driven: bool,
}

impl OpenChat {
    pub(crate) fn is_of(&self, bot: &Arc<OpenBot>) -> bool {
        Arc::ptr_eq(&self.bot, bot)
    }

    /// The scripts were compiled again since the conversation began.
    fn is_stale(&self) -> bool {
        self.pasted.is_none() && !Arc::ptr_eq(self.began_with.program(), self.bot.picture().program())
    }
}

/// A conversation as it is at one moment.
#[derive(Debug, Clone)]
pub struct ChatSnapshot {
    pub id: String,
    pub view: View,
    /// Who talks to the bot.
    pub persona: String,
    /// The scripts on disk or in the editor are newer than the running ones.
    pub stale: bool,
    /// A pasted script runs in place of the bot's own.
    pub pasted: bool,
    /// What it asked other servers for, oldest first.
    pub exchanges: Vec<Exchange>,
}

/// What a conversation starts with.
#[derive(Debug, Clone, Default)]
pub struct ChatStart {
    /// `None`: the persona used last.
    pub persona: Option<String>,
    /// A script to run in place of the bot's own.
    pub script: Option<String>,
}

impl Studio {
    /// Starts a conversation with the scripts as they are now, or with a pasted one.
    ///
    /// # Errors
    /// The bot is not open, or a script has an error that keeps it from running.
    pub fn start_chat(&self, bot: &str, start: ChatStart) -> Result<ChatSnapshot, Error> {
        if let Some(persona) = &start.persona {
            self.use_persona(bot, persona)?;
        }
        let bot = self.bot(bot)?;
        let begun = self.begin(&bot, start.script.as_deref())?;
        let id = Uuid::new_v4().to_string();
        let open = OpenChat {
            bot,
            chat: begun.chat,
            persona: begun.persona,
            began_with: begun.with,
            pasted: start.script,
            driven: false,
        };
        lock(&self.inner.chats).insert(id.clone(), Arc::new(Mutex::new(open)));
        self.drive(&id)
    }

    /// The conversation as it is.
    ///
    /// # Errors
    /// It is closed.
    pub fn chat(&self, id: &str) -> Result<ChatSnapshot, Error> {
        let open = self.open_chat(id)?;
        let open = lock(&open);
        Ok(ChatSnapshot {
            id: id.to_owned(),
            view: open.chat.view(),
            persona: open.persona.clone(),
            stale: open.is_stale(),
            pasted: open.pasted.is_some(),
            exchanges: self.outward().exchanges.of_chat(id),
        })
    }

    /// Says something to the bot and runs it until it waits.
    ///
    /// # Errors
    /// The conversation is closed.
    pub fn send_text(&self, id: &str, text: &str) -> Result<ChatSnapshot, Error> {
        self.within(id, |chat, reach| chat.send(text, reach))?;
        self.drive(id)
    }

    /// Sends an event to the bot. `payload` is JSON, or empty for none.
    ///
    /// # Errors
    /// The conversation is closed, the event has no name, or the payload is not JSON.
    pub fn send_event(&self, id: &str, name: &str, payload: &str) -> Result<ChatSnapshot, Error> {
        if name.trim().is_empty() {
            return Err(Error::invalid("An event needs a name.", "Type the name that a dialog waits for."));
        }
        let payload = match payload.trim() {
            "" => Payload::None,
            json => Payload::Json(json.to_owned()),
        };
        let sent = self.within(id, |chat, reach| chat.event(name.trim(), payload, reach))?;
        sent.map_err(|error| Error::invalid(error.to_string(), ""))?;
        self.drive(id)
    }

    /// Presses a button. One that opens a sign-in starts it; another address goes to the system's browser.
    ///
    /// # Errors
    /// The conversation is closed, or the sign-in cannot start.
    pub fn press_button(&self, id: &str, item: u64, button: usize) -> Result<ChatSnapshot, Error> {
        let pressed = self.within(id, |chat, reach| chat.press(item, button, reach))?;
        self.send(&Event::ChatChanged { chat: id.to_owned() });
        if let Pressed::Open(address) = pressed {
            self.open_link(id, &address)?;
        }
        self.drive(id)
    }

    /// Opens an address that the bot showed: a sign-in starts, everything else goes to the system's browser.
    ///
    /// # Errors
    /// It is no address that a browser may open, or the sign-in cannot start.
    pub fn open_link(&self, id: &str, address: &str) -> Result<(), Error> {
        let open = self.open_chat(id)?;
        if let Some(alias) = address.strip_prefix(SIGN_IN_LINK) {
            let (bot, persona) = {
                let open = lock(&open);
                (open.bot.id().to_owned(), open.persona.clone())
            };
            self.start_connect(&bot, alias, Some(&persona), None)?;
            return Ok(());
        }
        let refused =
            || Error::invalid("This address cannot be opened.", "Links lead to the web, to mail or to a phone.");
        let address = Url::parse(address).map_err(|_| refused())?;
        if !matches!(address.scheme(), "http" | "https" | "mailto" | "tel") {
            return Err(refused());
        }
        self.outward().opener.open(&address).map_err(|cause| {
            tracing::warn!("the browser did not open: {cause}");
            Error::Unavailable {
                message: "The browser did not open.".to_owned(),
                hint: "Copy the address and open it yourself.".to_owned(),
            }
        })
    }

    /// Answers a pause: lets the token go to that host from now on, or stops the script there.
    ///
    /// # Errors
    /// The conversation is closed, or the data folder cannot be written.
    pub fn answer_pause(&self, id: &str, allow: bool) -> Result<ChatSnapshot, Error> {
        let open = self.open_chat(id)?;
        let paused = {
            let open = lock(&open);
            open.chat.wanted().map(|(number, _)| number).zip(open.chat.view().pause).map(|own| (own, open.bot.clone()))
        };
        if let Some(((number, Pause { alias, host, .. }), bot)) = paused {
            if allow {
                self.inner.store.approve(bot.bound()?, alias.as_deref().unwrap_or(ANY_REQUEST), &host)?;
                self.within(id, |chat, _| chat.unpause(number))?;
                self.people_changed(&bot);
            } else {
                let what = alias.map_or_else(|| "The request".to_owned(), |alias| format!("The token `{alias}`"));
                let answer = chat::Answer::Failed(format!("{what} was not allowed to go to {host}."));
                self.within(id, |chat, reach| chat.fulfil(number, answer, reach))?;
            }
        }
        self.drive(id)
    }

    /// Moves the conversation's clock ahead.
    ///
    /// # Errors
    /// The conversation is closed.
    pub fn jump_clock(&self, id: &str, seconds: u64) -> Result<ChatSnapshot, Error> {
        self.within(id, |chat, reach| chat.jump(seconds, reach))?;
        self.drive(id)
    }

    /// Begins anew with the scripts as they are now, or with the pasted one once more.
    ///
    /// # Errors
    /// The conversation is closed, or a script has an error that keeps it from running; the old one then goes on.
    pub fn restart_chat(&self, id: &str) -> Result<ChatSnapshot, Error> {
        let open = self.open_chat(id)?;
        let (bot, pasted) = {
            let open = lock(&open);
            (Arc::clone(&open.bot), open.pasted.clone())
        };
        let picture = self.picture_for(&bot, pasted.as_deref())?;
        let setup = self.setup(&bot)?;
        {
            let mut open = lock(&open);
            let reach = self.reach(&open);
            open.chat.restart(Arc::clone(picture.program()), &setup, &reach);
            open.began_with = picture;
            open.persona = setup.persona.id;
        }
        self.drive(id)
    }

    /// The value behind one secret part of a conversation, for the person who asked to see it.
    ///
    /// # Errors
    /// There is no such part, its value was removed since, or the vault is locked.
    pub fn reveal_part(&self, id: &str, part: u32) -> Result<Secret<String>, Error> {
        let open = self.open_chat(id)?;
        let open = lock(&open);
        let reach = self.reach(&open);
        match open.chat.reveal(part, &reach) {
            Some(value) => Ok(Secret::new(value.as_str().to_owned())),
            None => Err(reach.refusal().map_or(NO_VALUE, Error::from)),
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
        for (id, chat) in self.chats_of(bot) {
            if lock(&chat).is_stale() {
                self.send(&Event::ChatChanged { chat: id });
            }
        }
    }

    /// Tells the conversations of a persona that it has signed in.
    pub(crate) fn token_connected(&self, bot: &Arc<OpenBot>, persona: &str, alias: &str, token: &str) {
        for (id, chat) in self.chats_of(bot) {
            if lock(&chat).persona != persona {
                continue;
            }
            let told = self.within(&id, |chat, reach| chat.token_connected(alias, token, reach));
            if let Err(error) = told.and_then(|()| self.drive(&id).map(drop)) {
                tracing::warn!("a conversation was not told of its new token: {error}");
            }
        }
    }

    /// Tells the conversations with a bot that a token of the bot itself has come or gone.
    pub(crate) fn bot_token_changed(&self, bot: &Arc<OpenBot>, alias: &str, token: Option<&str>) {
        for (id, chat) in self.chats_of(bot) {
            lock(&chat).chat.set_token(Owner::Bot, alias, token);
            self.send(&Event::ChatChanged { chat: id });
        }
    }

    /// Tells the conversations of a persona that a sign-in ended without a token.
    pub(crate) fn sign_in_ended(&self, bot: &Arc<OpenBot>, persona: &str, alias: &str, message: &str) {
        for (id, chat) in self.chats_of(bot) {
            if lock(&chat).persona == persona {
                let _ = self.within(&id, |chat, reach| chat.notice(message, Some(alias), reach));
                self.send(&Event::ChatChanged { chat: id });
            }
        }
    }

    fn chats_of(&self, bot: &Arc<OpenBot>) -> Vec<(String, Arc<Mutex<OpenChat>>)> {
        let chats = lock(&self.inner.chats);
        let own = chats.iter().filter(|(_, chat)| lock(chat).is_of(bot));
        own.map(|(id, chat)| (id.clone(), Arc::clone(chat))).collect()
    }

    fn within<T>(&self, id: &str, work: impl FnOnce(&mut Chat, &Reach<'_>) -> T) -> Result<T, Error> {
        let open = self.open_chat(id)?;
        let mut open = lock(&open);
        let reach = self.reach(&open);
        Ok(work(&mut open.chat, &reach))
    }

    /// Does what the script wants, one thing after the other, until it waits for a person. Only one thread at a time does;
    /// another one that comes here leaves its part to the first.
    fn drive(&self, id: &str) -> Result<ChatSnapshot, Error> {
        loop {
            self.send(&Event::ChatChanged { chat: id.to_owned() });
            let open = self.open_chat(id)?;
            let (number, wanted, task) = {
                let mut open = lock(&open);
                self.keep_memories(&mut open);
                let paused = open.chat.view().pause.is_some();
                let wanted = open.chat.wanted().filter(|_| !open.driven && !paused);
                match wanted.map(|(number, wanted)| (number, wanted.clone())) {
                    None => break,
                    Some((number, wanted)) => {
                        open.driven = true;
                        (number, wanted, self.task(id, &open))
                    }
                }
            };
            let performed = task.perform(&wanted);
            let mut open = lock(&open);
            open.driven = false;
            let reach = self.reach(&open);
            match performed {
                Performed::Answer(answer) => open.chat.fulfil(number, answer, &reach),
                Performed::Pause(pause) => open.chat.pause(number, pause),
            }
        }
        self.chat(id)
    }

    fn keep_memories(&self, open: &mut OpenChat) {
        let memories = open.chat.take_memories();
        let Ok(bot) = open.bot.bound() else { return };
        if memories.is_empty() {
            return;
        }
        let store = &self.inner.store;
        let kept = store.remembered(bot, &open.persona).and_then(|before| {
            store.remember(bot, &open.persona, chat::remembered(before.as_deref(), &memories).as_deref())
        });
        match kept {
            Ok(()) => self.send(&Event::PersonasChanged { bot: open.bot.id().to_owned() }),
            Err(error) => tracing::warn!("what a script remembers was not kept: {error}"),
        }
    }

    fn open_chat(&self, id: &str) -> Result<Arc<Mutex<OpenChat>>, Error> {
        lock(&self.inner.chats).get(id).cloned().ok_or(Error::NotFound("This chat is closed."))
    }
}
