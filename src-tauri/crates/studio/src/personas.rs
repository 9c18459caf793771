//! Personas: the simulated people who talk to a bot. Each has its own sign-ins and its own memory.

use std::sync::Arc;

use serde_json::{Map, Value};
use store::{BotId, Persona};
use uuid::Uuid;

use crate::bots::OpenBot;
use crate::{Error, Event, Studio};

/// Longest first name, last name or e-mail address, in bytes.
const FIELD_LIMIT: usize = 200;

/// A persona and what it has.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonaRow {
    pub persona: String,
    pub name: String,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    /// Aliases that it is signed in to.
    pub connected: Vec<String>,
    /// A script has remembered something of it.
    pub remembered: bool,
}

/// What is known of a persona, as the person types it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonaFields {
    pub first_name: String,
    pub last_name: String,
    pub email: String,
}

impl Studio {
    /// The personas of a bot; the first one is made when there is none.
    ///
    /// # Errors
    /// The bot is not open or its identity is not settled, or the data folder cannot be read.
    pub fn personas(&self, bot: &str) -> Result<Vec<PersonaRow>, Error> {
        let bot = self.bot(bot)?;
        let id = bot.bound()?;
        let connections = self.inner.store.connections(id)?;
        let row = |persona: Persona| {
            let text = |name: &str| field(&persona, name).unwrap_or_default();
            let own = connections.iter().filter(|own| own.persona.as_deref() == Some(&persona.id));
            Ok(PersonaRow {
                first_name: text("first_name"),
                last_name: text("last_name"),
                email: text("email"),
                connected: own.map(|own| own.alias.clone()).collect(),
                remembered: self.inner.store.remembered(id, &persona.id)?.is_some(),
                persona: persona.id.clone(),
                name: persona.name.clone(),
            })
        };
        self.all_personas(id)?.into_iter().map(row).collect()
    }

    /// Changes a persona, or adds one when `persona` is `None`.
    ///
    /// # Errors
    /// The name is empty or too long, the persona is gone, or the data folder cannot be written.
    pub fn save_persona(&self, bot: &str, persona: Option<&str>, fields: &PersonaFields) -> Result<PersonaRow, Error> {
        let open = self.bot(bot)?;
        let id = open.bound()?;
        let name = [fields.first_name.trim(), fields.last_name.trim()].join(" ").trim().to_owned();
        if name.is_empty() {
            return Err(Error::invalid("A persona needs a name.", "Type a first or a last name."));
        }
        if [&fields.first_name, &fields.last_name, &fields.email].iter().any(|text| text.len() > FIELD_LIMIT) {
            return Err(Error::invalid("This is too long for a persona.", "Use at most 200 letters for each field."));
        }
        let known = self.all_personas(id)?;
        let (own, position, mut data) = match persona {
            Some(own) => {
                let known = known.iter().find(|known| known.id == own).ok_or(NO_PERSONA)?;
                (own.to_owned(), known.position, object(&known.fields))
            }
            None => {
                let last = known.iter().map(|known| known.position).max().unwrap_or_default();
                (Uuid::new_v4().simple().to_string(), last + 1, Map::new())
            }
        };
        for (name, text) in
            [("first_name", &fields.first_name), ("last_name", &fields.last_name), ("email", &fields.email)]
        {
            data.insert(name.to_owned(), Value::String(text.trim().to_owned()));
        }
        let saved = Persona { id: own.clone(), name, fields: Value::Object(data).to_string(), position };
        self.inner.store.put_persona(id, &saved)?;
        self.send(&Event::PersonasChanged { bot: open.id().to_owned() });
        self.personas(bot)?.into_iter().find(|row| row.persona == own).ok_or(NO_PERSONA)
    }

    /// Forgets a persona with its sign-ins and its memory. The last one stays.
    ///
    /// # Errors
    /// It is gone already, it is the last one, or the data folder cannot be written.
    pub fn remove_persona(&self, bot: &str, persona: &str) -> Result<(), Error> {
        let open = self.bot(bot)?;
        let id = open.bound()?;
        let known = self.all_personas(id)?;
        if !known.iter().any(|known| known.id == persona) {
            return Err(NO_PERSONA);
        }
        if known.len() < 2 {
            return Err(Error::invalid("A bot needs somebody to talk to.", "Add another persona first."));
        }
        self.inner.store.remove_persona(id, persona)?;
        open.use_persona(None);
        self.people_changed(&open);
        Ok(())
    }

    /// Makes a persona the one who talks to the bot from now on.
    ///
    /// # Errors
    /// The persona is gone.
    pub fn use_persona(&self, bot: &str, persona: &str) -> Result<(), Error> {
        let open = self.bot(bot)?;
        if !self.all_personas(open.bound()?)?.iter().any(|known| known.id == persona) {
            return Err(NO_PERSONA);
        }
        open.use_persona(Some(persona.to_owned()));
        self.people_changed(&open);
        Ok(())
    }

    /// The persona who talks to the bot now.
    ///
    /// # Errors
    /// The identity is not settled, or the data folder cannot be read.
    pub(crate) fn persona_of(&self, bot: &OpenBot) -> Result<Persona, Error> {
        let personas = self.all_personas(bot.bound()?)?;
        let chosen = bot.persona();
        let current = personas.iter().position(|known| Some(&known.id) == chosen.as_ref()).unwrap_or(0);
        personas.into_iter().nth(current).ok_or(NO_PERSONA)
    }

    fn all_personas(&self, bot: BotId) -> Result<Vec<Persona>, Error> {
        let personas = self.inner.store.personas(bot)?;
        if !personas.is_empty() {
            return Ok(personas);
        }
        let fields = r#"{"first_name":"Victor","last_name":"Cooper","email":"victor@example.org"}"#;
        let first = Persona {
            // Derived from the bot, so that two processes that come here at once make the same one.
            id: Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{bot}/first persona").as_bytes()).simple().to_string(),
            name: "Victor Cooper".to_owned(),
            fields: fields.to_owned(),
            position: 0,
        };
        self.inner.store.put_persona(bot, &first)?;
        Ok(vec![first])
    }

    pub(crate) fn people_changed(&self, bot: &Arc<OpenBot>) {
        self.send(&Event::PersonasChanged { bot: bot.id().to_owned() });
        self.send(&Event::BotChanged { bot: bot.id().to_owned() });
    }
}

const NO_PERSONA: Error = Error::NotFound("This persona is not there any more.");

fn field(persona: &Persona, name: &str) -> Option<String> {
    object(&persona.fields).get(name)?.as_str().map(str::to_owned)
}

/// A JSON object; anything else counts as an empty one.
fn object(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap_or_default()
}
