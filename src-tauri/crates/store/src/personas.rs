//! Personas: simulated people that test chats are held with. Plain data, in the file whatever the vault is.

use crate::identity::BotId;
use crate::secrets::{ALIAS_LIMIT, within};
use crate::tables::{connections, personas};
use crate::{Store, StoreError, database};

/// A simulated person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Persona {
    /// Its id within the bot.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// A JSON object of the caller's own shape: `first_name`, `last_name`, `email`, `locale`, `timezone`, `profile_picture` and so on.
    pub fields: String,
    /// Where it stands in the list, counted from the lowest.
    pub position: i64,
}

impl Store {
    /// A bot's personas, by position.
    pub fn personas(&self, bot: BotId) -> Result<Vec<Persona>, StoreError> {
        Ok(personas::list(&self.state().connection, &bot.to_string())?)
    }

    /// Keeps a persona, replacing the one with its id.
    pub fn put_persona(&self, bot: BotId, persona: &Persona) -> Result<(), StoreError> {
        within("persona", &persona.id, ALIAS_LIMIT)?;
        self.state().write(|connection| Ok(personas::put(connection, &bot.to_string(), persona)?))
    }

    /// Removes a persona with its connections and what is remembered of it. Works on a locked vault.
    pub fn remove_persona(&self, bot: BotId, id: &str) -> Result<(), StoreError> {
        // An empty id is that of no persona, and would name the bot's own connections.
        within("persona", id, ALIAS_LIMIT)?;
        let bot = bot.to_string();
        let mut state = self.state();
        state.write_vault(|connection| Ok(connections::remove_of(connection, &bot, id)?))?;
        state.write(|connection| {
            connections::remove_of(connection, &bot, id)?;
            Ok(personas::remove(connection, &bot, id)?)
        })?;
        database::empty_log(&state.connection);
        Ok(())
    }

    /// What scripts remembered of one persona: a JSON object, never with clear secrets. `None` if nothing.
    pub fn remembered(&self, bot: BotId, persona: &str) -> Result<Option<String>, StoreError> {
        Ok(personas::remembered(&self.state().connection, &bot.to_string(), persona)?)
    }

    /// Keeps what scripts remembered of one persona; `None` forgets it.
    pub fn remember(&self, bot: BotId, persona: &str, json: Option<&str>) -> Result<(), StoreError> {
        let bot = bot.to_string();
        self.state().write(|connection| match json {
            Some(json) => Ok(personas::remember(connection, &bot, persona, json)?),
            None => Ok(personas::forget(connection, &bot, persona)?),
        })
    }
}
