//! Documents, their changes, and the event channel that carries them.

use crate::types::{DocumentChanged, DocumentView, Event, Problem, TextEdit};
use crate::views::bots::token;

impl From<studio::DocumentSnapshot> for DocumentView {
    fn from(document: studio::DocumentSnapshot) -> Self {
        Self {
            document: document.document,
            file: document.file,
            version: document.version,
            text: document.text,
            read_only: document.read_only,
            dirty: document.dirty,
            problems: document.problems.iter().map(Problem::from).collect(),
            tokens: document.tokens.iter().map(token).collect(),
        }
    }
}

impl From<studio::Changed> for DocumentChanged {
    fn from(change: studio::Changed) -> Self {
        Self {
            version: change.version,
            dirty: change.dirty,
            edits: change.edits.into_iter().map(TextEdit::from).collect(),
            conflict: change.conflict,
            problems: change.problems.iter().map(Problem::from).collect(),
            tokens: change.tokens.iter().map(token).collect(),
            tokens_from: change.tokens_from,
            tokens_to: change.tokens_to,
        }
    }
}

impl From<studio::TextEdit> for TextEdit {
    fn from(edit: studio::TextEdit) -> Self {
        Self { from: edit.from, to: edit.to, insert: edit.insert }
    }
}

impl From<TextEdit> for studio::TextEdit {
    fn from(edit: TextEdit) -> Self {
        Self { from: edit.from, to: edit.to, insert: edit.insert }
    }
}

impl From<studio::Event> for Event {
    fn from(event: studio::Event) -> Self {
        match event {
            studio::Event::RecentChanged => Self::RecentChanged {},
            studio::Event::SettingsChanged => Self::SettingsChanged {},
            studio::Event::VaultChanged => Self::VaultChanged {},
            studio::Event::BotChanged { bot } => Self::BotChanged { bot },
            studio::Event::SecretsChanged { bot } => Self::SecretsChanged { bot },
            studio::Event::ChatChanged { chat } => Self::ChatChanged { chat },
            studio::Event::ConnectChanged { attempt } => Self::ConnectChanged { attempt },
            studio::Event::KeyFileOffered { file } => Self::KeyFileOffered { file },
            studio::Event::Noticed => Self::Noticed {},
            studio::Event::CredentialsChanged => Self::CredentialsChanged {},
            studio::Event::PersonasChanged { bot } => Self::PersonasChanged { bot },
            studio::Event::DocumentChanged { document, change } => {
                Self::DocumentChanged { document, change: change.into() }
            }
            studio::Event::FolderOffered { folder, path, known } => Self::FolderOffered { folder, path, known },
        }
    }
}
