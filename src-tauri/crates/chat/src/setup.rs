//! What a conversation starts with, and the tokens that come and go while it lasts.

use std::sync::Arc;

use bubblescript::{Fault, Shape, Value};
use serde::{Deserialize, Serialize};

use crate::Chat;

/// What a conversation starts with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setup {
    /// `bot.title`.
    pub bot_title: String,
    /// `bot.tokens`: alias and token id.
    pub bot_tokens: Vec<(String, String)>,
    /// Who talks to the bot.
    pub persona: Persona,
}

/// A simulated person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Persona {
    /// `user.id`.
    pub id: String,
    /// How the person is called in the studio. Scripts see [`Persona::fields`] instead.
    pub name: String,
    /// Fields of `user`, for example `first_name`: a JSON object, or empty.
    pub fields: String,
    /// What scripts have remembered: a JSON object from variables to values as [`remembered`](crate::remembered) makes it, or
    /// empty.
    pub remembered: String,
    /// `user.tokens`: alias and token id.
    pub tokens: Vec<(String, String)>,
}

/// Whose token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// `bot.tokens`
    Bot,
    /// `user.tokens`
    User,
}

impl Owner {
    fn variable(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::User => "user",
        }
    }
}

impl Chat {
    /// Sets the variables that exist from the start, then what is remembered.
    pub(crate) fn set_up(&mut self, setup: &Setup) -> Result<(), Fault> {
        const FIELDS: [&str; 9] =
            ["id", "first_name", "last_name", "profile_picture", "timezone", "locale", "frontend", "presence", "extra"];
        let bot = [("title", Value::text(setup.bot_title.as_str())), ("tokens", texts(&setup.bot_tokens)?)];
        let bot = Value::map(Shape::Plain, bot)?;
        self.state.machine.set(&self.program, "bot", bot)?;
        let persona = &setup.persona;
        let mut user: Vec<(Arc<str>, Value)> = FIELDS.iter().map(|field| ((*field).into(), Value::Nil)).collect();
        if !persona.id.is_empty() {
            user.push(("id".into(), Value::text(persona.id.as_str())));
        }
        user.extend(entries(&persona.fields));
        user.push(("tokens".into(), texts(&persona.tokens)?));
        self.state.machine.set(&self.program, "user", Value::map(Shape::Plain, user)?)?;
        for (name, value) in entries(&persona.remembered) {
            match &value {
                // What the studio knows better than an old memory stays.
                Value::Map(map) if matches!(&*name, "user" | "bot") => {
                    for (field, value) in map.iter().filter(|(field, _)| &***field != "tokens") {
                        self.state.machine.set_path(&self.program, &[&name, field], value.clone())?;
                    }
                }
                _ => self.state.machine.set(&self.program, &name, value)?,
            }
        }
        Ok(())
    }

    /// Sets or clears the id of a token in `bot.tokens` or `user.tokens`.
    pub(crate) fn put_token(&mut self, owner: Owner, alias: &str, id: Option<&str>) -> Result<(), Fault> {
        let variable = owner.variable();
        let mut tokens: Vec<(Arc<str>, Value)> = self.tokens_of(variable);
        tokens.retain(|(own, _)| &**own != alias);
        tokens.extend(id.map(|id| (alias.into(), Value::text(id))));
        let tokens = Value::map(Shape::Plain, tokens)?;
        self.state.machine.set_path(&self.program, &[variable, "tokens"], tokens)
    }

    /// Clears the id of a token wherever it stands.
    pub(crate) fn drop_token(&mut self, id: &str) -> Result<(), Fault> {
        for owner in [Owner::Bot, Owner::User] {
            let is_it = |value: &Value| matches!(value, Value::Text(text) if text.as_plain() == Some(id));
            let held = self.tokens_of(owner.variable());
            for (alias, _) in held.iter().filter(|(_, value)| is_it(value)) {
                self.put_token(owner, alias, None)?;
            }
        }
        Ok(())
    }

    fn tokens_of(&self, variable: &str) -> Vec<(Arc<str>, Value)> {
        let Some(Value::Map(map)) = self.state.machine.get(&self.program, variable) else { return Vec::new() };
        let Some(Value::Map(tokens)) = map.get("tokens") else { return Vec::new() };
        tokens.iter().map(|(alias, id)| (alias.clone(), id.clone())).collect()
    }
}

fn texts(pairs: &[(String, String)]) -> Result<Value, Fault> {
    Value::map(Shape::Plain, pairs.iter().map(|(key, text)| (key.as_str(), Value::text(text.as_str()))))
}

/// The entries of a JSON object; none when it is no such text.
fn entries(json: &str) -> Vec<(Arc<str>, Value)> {
    match crate::json::value(json, &[]) {
        Ok(Value::Map(map)) => map.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
        _ => Vec::new(),
    }
}
