//! How a conversation begins: the scripts to run, who talks, and the tokens that both sides have.

use std::sync::Arc;

use bot::{Bot, FileKind, Severity, SourceFile};
use chat::{Chat, Persona, Setup};

use super::reach::Reach;
use crate::bots::OpenBot;
use crate::{Error, Studio};

/// The name of a pasted script.
const PASTED: &str = "pasted.bubble";

/// A conversation that has begun.
pub(super) struct Begun {
    pub(super) chat: Chat,
    pub(super) with: Arc<Bot>,
    pub(super) persona: String,
}

impl Studio {
    pub(super) fn begin(&self, bot: &Arc<OpenBot>, script: Option<&str>) -> Result<Begun, Error> {
        let with = self.picture_for(bot, script)?;
        let setup = self.setup(bot)?;
        let reach = Reach::new(self, bot, &setup.persona.id);
        let chat = Chat::start(Arc::clone(with.program()), &setup, &reach);
        Ok(Begun { chat, with, persona: setup.persona.id })
    }

    /// The bot whose scripts are to run.
    pub(super) fn picture_for(&self, bot: &Arc<OpenBot>, script: Option<&str>) -> Result<Arc<Bot>, Error> {
        let picture = match script {
            Some(text) => {
                let source = SourceFile { path: PASTED.into(), text: Ok(text.into()) };
                Arc::new(Bot::read(&[source]))
            }
            None => bot.picture(),
        };
        let is_script = |file: &str| picture.files().iter().any(|f| &*f.path == file && f.kind == FileKind::Script);
        let wrong = picture.problems().iter().filter(|problem| problem.severity == Severity::Error);
        if let Some(problem) = wrong.clone().find(|problem| is_script(&problem.file)) {
            return Err(Error::invalid(
                format!("{}:{}:{}: {}", problem.file, problem.line, problem.column, problem.message),
                "Mend the script, then start the chat again.",
            ));
        }
        Ok(picture)
    }

    pub(super) fn setup(&self, bot: &Arc<OpenBot>) -> Result<Setup, Error> {
        // A bot whose identity is not settled has neither tokens nor personas.
        let Ok(id) = bot.bound() else {
            return Ok(Setup { bot_title: bot.title(), ..Setup::default() });
        };
        let persona = self.persona_of(bot)?;
        let connections = self.inner.store.connections(id)?;
        let of = |own: Option<&str>| {
            let own = connections.iter().filter(move |connection| connection.persona.as_deref() == own);
            own.map(|connection| (connection.alias.clone(), connection.id.clone())).collect::<Vec<_>>()
        };
        let mut bot_tokens = self.secret_tokens(bot);
        bot_tokens.extend(of(None));
        let tokens = of(Some(&persona.id));
        Ok(Setup {
            bot_title: bot.title(),
            bot_tokens,
            persona: Persona {
                remembered: self.inner.store.remembered(id, &persona.id)?.unwrap_or_default(),
                id: persona.id,
                name: persona.name,
                fields: persona.fields,
                tokens,
            },
        })
    }
}
