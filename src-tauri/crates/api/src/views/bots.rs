//! A bot's entries with their states, its files and problems.

use studio::bot::{self, Entry};
use studio::store::{self, LockReason};
use studio::{EntryState, Snapshot, Studio};
use studio::{manifest, providers};

use crate::types::*;
use crate::views::connect;

/// Shapes a snapshot, and keeps the states of its entries for the list of recent bots.
pub(crate) fn bot(studio: &Studio, snapshot: Snapshot) -> Result<BotView, Failure> {
    let picture = &snapshot.bot;
    let integrations: Vec<_> = picture.entries().iter().map(|entry| integration(studio, &snapshot, entry)).collect();
    let secrets = || integrations.iter().filter(|entry| entry.kind == IntegrationKind::Secret);
    let missing = |entry: &&IntegrationView| !snapshot.secrets_set.contains(&entry.alias);
    let view = BotView {
        bot: snapshot.id.clone(),
        title: snapshot.title.clone(),
        path: studio::display(&snapshot.path),
        read_only: snapshot.read_only,
        missing: snapshot.missing,
        identity: snapshot.identity.as_ref().map(|question| IdentityQuestion {
            old_path: question.old_path.as_deref().map(studio::display).unwrap_or_default(),
            may_be_moved: question.may_be_moved,
            aliases: question.aliases.clone(),
        }),
        files: picture.files().iter().map(|file| file_view(picture, file)).collect(),
        problems: picture.problems().iter().map(Problem::from).collect(),
        secrets_total: count(secrets().count()),
        secrets_missing: count(secrets().filter(missing).count()),
        integrations,
    };
    keep_jacks(studio, &view)?;
    Ok(view)
}

fn keep_jacks(studio: &Studio, view: &BotView) -> Result<(), Failure> {
    let jacks: Vec<_> =
        view.integrations.iter().filter(|e| e.context != Some(Context::User)).map(|e| e.state).collect();
    let jacks = serde_json::to_string(&jacks).unwrap_or_default();
    Ok(studio.keep_jacks(&view.bot, &jacks)?)
}

fn integration(studio: &Studio, snapshot: &Snapshot, entry: &Entry) -> IntegrationView {
    let written = &entry.integration;
    let text = |field: &Option<manifest::Field>| field.as_ref().map(|field| field.value.clone()).unwrap_or_default();
    let provider = written.known_provider();
    let signed_in =
        provider.is_some_and(|own| matches!(own.kind, providers::Kind::Oauth | providers::Kind::ServiceAccount));
    // A bot whose identity is not settled is connected to nothing.
    let known = signed_in.then(|| studio.entry_state(&snapshot.id, written.alias()).ok()).flatten();
    let (state, note) = state(snapshot, entry, known.as_ref());
    let source = snapshot.bot.source(entry);
    IntegrationView {
        alias: written.alias().to_owned(),
        provider: written.provider_id().to_owned(),
        title: written.display_title().to_owned(),
        provider_title: provider.map(|provider| provider.title.to_owned()).unwrap_or_default(),
        context: written.known_context().map(Context::from),
        description: text(&written.description),
        scope: text(&written.scope),
        icon: text(&written.icon),
        oauth2: written.oauth2.as_ref().map(|block| OAuth2View {
            flow: text(&block.flow),
            client_id: text(&block.client_id),
            has_client_secret: block.client_secret.is_some(),
            authorize_url: text(&block.authorize_url),
            token_url: text(&block.token_url),
        }),
        kind: provider.map_or(IntegrationKind::Unknown, |provider| provider.kind.into()),
        file: entry.file.to_string(),
        skill: entry.skill.as_deref().map(str::to_owned),
        line: entry.line,
        end_line: entry.end_line,
        tokens: studio::colours(&source).iter().map(token).collect(),
        source,
        state,
        note,
        practice: known.as_ref().is_some_and(|known| known.practice),
        connection: known.as_ref().and_then(connect::connection),
        attempt: known.as_ref().and_then(|known| known.attempt.clone()),
        used_by: snapshot.bot.uses(written.alias()).iter().map(place).collect(),
    }
}

/// The jack of an entry, and why it is so where the state's own label does not say it.
fn state(snapshot: &Snapshot, entry: &Entry, known: Option<&EntryState>) -> (JackState, String) {
    let lines = entry.line..=entry.end_line;
    let wrong = snapshot.bot.problems().iter().find(|problem| {
        problem.severity == bot::Severity::Error && problem.file == entry.file && lines.contains(&problem.line)
    });
    if let Some(problem) = wrong {
        return (JackState::NeedsAttention, problem.message.clone());
    }
    let user = entry.integration.known_context() == Some(providers::Context::User);
    if let Some(known) = known {
        return connect::jack(known, user);
    }
    if user {
        return (JackState::AskedInChat, String::new());
    }
    if entry.integration.provider_id() != "secret" {
        return (JackState::NotConnected, String::new());
    }
    let set = snapshot.secrets_set.iter().any(|alias| alias == entry.integration.alias());
    match snapshot.vault {
        store::VaultState::Unusable(_) => (JackState::NeedsAttention, "The vault cannot be used".to_owned()),
        _ if !set => (JackState::NeedsAttention, "No value".to_owned()),
        store::VaultState::Locked(reason) if reason != LockReason::NotTried => {
            (JackState::NeedsAttention, "The vault is locked".to_owned())
        }
        _ => (JackState::Connected, String::new()),
    }
}

fn file_view(picture: &bot::Bot, file: &bot::FileEntry) -> FileView {
    FileView {
        file: file.path.to_string(),
        kind: match file.kind {
            bot::FileKind::Manifest => FileKind::Manifest,
            bot::FileKind::Script => FileKind::Script,
            bot::FileKind::DataDefinition => FileKind::DataDefinition,
            bot::FileKind::Data | bot::FileKind::Studio => FileKind::Data,
        },
        skill: file.skill.as_deref().map(str::to_owned),
        problems: count(picture.problems().iter().filter(|problem| problem.file == file.path).count()),
    }
}

impl From<studio::RecentBot> for RecentBot {
    fn from(bot: studio::RecentBot) -> Self {
        Self {
            folder: bot.folder,
            title: bot.title,
            path: studio::display(&bot.path),
            exists: bot.exists,
            last_opened: bot.last_opened.to_string(),
            // What an earlier version wrote and this one does not know is left out rather than shown wrong.
            jacks: serde_json::from_str(&bot.jacks).unwrap_or_default(),
        }
    }
}

impl From<&studio::Example> for Example {
    fn from(example: &studio::Example) -> Self {
        Self {
            id: example.id.to_owned(),
            title: example.title.to_owned(),
            description: example.description.to_owned(),
            providers: example.providers.iter().map(|id| (*id).to_owned()).collect(),
        }
    }
}

impl From<providers::Context> for Context {
    fn from(context: providers::Context) -> Self {
        match context {
            providers::Context::Bot => Self::Bot,
            providers::Context::User => Self::User,
        }
    }
}

impl From<providers::Kind> for IntegrationKind {
    fn from(kind: providers::Kind) -> Self {
        match kind {
            providers::Kind::Oauth => Self::Oauth,
            providers::Kind::ServiceAccount => Self::ServiceAccount,
            providers::Kind::Static => Self::Static,
            providers::Kind::Calendar => Self::Calendar,
            providers::Kind::Secret => Self::Secret,
        }
    }
}

impl From<&bot::Problem> for Problem {
    fn from(problem: &bot::Problem) -> Self {
        Self {
            file: problem.file.to_string(),
            line: problem.line,
            column: problem.column,
            end_line: problem.end_line,
            end_column: problem.end_column,
            range: Range { from: problem.range.start, to: problem.range.end },
            severity: match problem.severity {
                bot::Severity::Error => Severity::Error,
                bot::Severity::Warning => Severity::Warning,
                bot::Severity::Hint => Severity::Hint,
            },
            code: problem.code.to_string(),
            message: problem.message.clone(),
            hint: problem.hint.clone(),
        }
    }
}

pub(crate) fn place(at: &bot::Use) -> Place {
    Place { file: at.file.to_string(), line: at.line, column: at.column }
}

pub(crate) fn token(token: &bot::Token) -> Token {
    Token {
        from: token.range.start,
        to: token.range.end,
        kind: match token.kind {
            bot::TokenKind::Comment => TokenKind::Comment,
            bot::TokenKind::Keyword => TokenKind::Keyword,
            bot::TokenKind::Function => TokenKind::Function,
            bot::TokenKind::String => TokenKind::String,
            bot::TokenKind::Escape => TokenKind::Escape,
            bot::TokenKind::Number => TokenKind::Number,
            bot::TokenKind::Constant => TokenKind::Constant,
            bot::TokenKind::Key => TokenKind::Key,
            bot::TokenKind::Punctuation => TokenKind::Punctuation,
            bot::TokenKind::Variable => TokenKind::Variable,
            bot::TokenKind::Invalid => TokenKind::Invalid,
        },
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
