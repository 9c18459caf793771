//! Service accounts: a key signs, and the signature buys a token (RFC 7523).

use std::sync::Arc;

use providers::Kind;
use store::{NewConnection, Secret};
use url::Url;
use zeroize::Zeroizing;

use crate::client_auth::Style;
use crate::entry::Entry;
use crate::facts::Facts;
use crate::grant::{Grant, Origins};
use crate::http::{Answer, Asker, Failure, Form, post};
use crate::refresh::standing;
use crate::service_account::{KeyFile, ServiceAccountView};
use crate::tokens::{Outcome, is_id};
use crate::trouble::Trouble;
use crate::words::{self, Step};
use crate::{Change, Connect, ConnectError, Core, explain};

/// A token is fetched again when it has less than this left, in seconds.
const MARGIN: i64 = 120;
/// RFC 7523 section 2.1.
const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// What `dialogflow` entries ask for when they name no scope.
const DIALOGFLOW_SCOPE: &str = "https://www.googleapis.com/auth/dialogflow";

impl Connect {
    /// Takes a service account's key file, in whatever wrapping it was pasted, proves it by signing, and keeps it sealed as the
    /// entry's connection. Contacts nobody; [`Connect::test`] fetches a token. Blocks as the store does.
    ///
    /// # Errors
    /// The file is not usable, or the store failed.
    pub fn service_account(&self, entry: &Entry, text: &Secret<String>) -> Result<ServiceAccountView, ConnectError> {
        let core = &self.0;
        let file = KeyFile::read(text.expose(), entry.practice)?;
        let now = core.now();
        let grant = Grant {
            key_file: Some(file.to_json()),
            client_id: file.view.client_email.clone(),
            uid: Some(file.view.client_email.clone()),
            variant: "service_account".into(),
            origins: origins(&file),
            practice: entry.practice.is_some(),
            obtained_at: now.as_second(),
            ..Grant::default()
        };
        let mut facts = Facts {
            uid: grant.uid.clone(),
            scope_asked: scope(entry).to_owned(),
            renews: true,
            connected_at: now.as_second(),
            origins: grant.origins.clone(),
            client_id: grant.client_id.clone(),
            variant: grant.variant.clone(),
            ..Facts::default()
        };
        facts.who.name = grant.uid.clone();
        facts.who.email = grant.uid.clone();
        let facts = facts.write();
        let new = NewConnection {
            alias: &entry.alias,
            persona: entry.persona.as_deref(),
            provider: &entry.provider,
            practice: entry.practice.is_some(),
            facts: &facts,
        };
        let put = core.setup.store.put_connection(entry.bot, &new, &grant.write())?;
        core.connection_changed(entry.bot, &entry.alias, entry.persona.as_deref());
        core.changed(Change::Token {
            bot: entry.bot,
            alias: entry.alias.clone(),
            persona: entry.persona.clone(),
            id: put.id,
        });
        Ok(file.view)
    }
}

/// The scope that a token is fetched for.
pub(crate) fn scope(entry: &Entry) -> &str {
    let own = entry.scope.trim();
    if own.is_empty() && entry.provider == "dialogflow" { DIALOGFLOW_SCOPE } else { own }
}

fn origins(file: &KeyFile) -> Origins {
    let token = Url::parse(&file.token_uri).ok().map(|url| url.origin().ascii_serialization());
    Origins { token, ..Origins::default() }
}

/// Whether an entry works with a key file.
pub(crate) fn is_key(entry: &Entry) -> bool {
    providers::find(&entry.provider).is_some_and(|provider| provider.kind == Kind::ServiceAccount)
}

/// The token of a service account, from the row while it lives, else fetched.
pub(crate) async fn token(core: &Arc<Core>, entry: &Entry, id: &str) -> Outcome<Option<Secret<String>>> {
    match mint(core, entry, id, false).await {
        Ok(token) => Outcome::of(Some(Secret::new(token.to_string()))),
        Err(ConnectError::Store(error)) => Outcome {
            value: None,
            note: Some(error.to_string()),
            locked: matches!(error, store::StoreError::VaultLocked(_) | store::StoreError::VaultAbsent),
        },
        Err(error) => Outcome { value: None, note: Some(error.to_string()), locked: false },
    }
}

/// One fetch at a time; who waited finds the token in the row. `anew` fetches even if one lives.
pub(crate) async fn mint(
    core: &Arc<Core>,
    entry: &Entry,
    id: &str,
    anew: bool,
) -> Result<Zeroizing<String>, ConnectError> {
    let gone = || Trouble::new("There is no token with this id.", "Add the key file of the service account.");
    if !is_id(id) {
        return Err(gone().into());
    }
    let _lock = core.flight(id).lock_owned().await;
    let found = standing(core, entry.bot, id).await?.filter(|(found, _)| found.alias == entry.alias);
    let (connection, mut grant) = found.ok_or_else(gone)?;
    let practised = entry.practice.is_some();
    if grant.practice != practised {
        return Err(crate::state::other_world(&entry.title, grant.practice).into());
    }
    let (scope, subject) = (scope(entry), entry.settings.get("subject").map(|subject| subject.trim()));
    let subject = subject.filter(|subject| !subject.is_empty());
    let tag = format!("{scope} {}", subject.unwrap_or(""));
    let now = core.now();
    if !anew
        && grant.scope.as_deref() == Some(&tag)
        && grant.lives(now.as_second(), MARGIN)
        && let Some(token) = grant.access_token.take()
    {
        return Ok(token);
    }
    let text = grant.key_file.clone().ok_or_else(gone)?;
    let file = KeyFile::read(&text, entry.practice)?;
    let mut facts = Facts::read(&connection.facts);
    let asked = fetch(core, entry, &file, scope, subject, facts.skew).await?;
    let Answer { result, skew, at, .. } = asked;
    facts.skew = skew.or(facts.skew);
    let result = result.map_err(|failure| {
        let key = words::clock(-facts.skew.unwrap_or(0)).filter(|_| failure.is_final());
        key.unwrap_or_else(|| explain::said("Google", None, Step::Key, &failure))
    });
    let outcome = match result {
        Ok(granted) => {
            let life = granted.expires_in.and_then(|life| i64::try_from(life).ok()).unwrap_or(3600);
            grant.access_token = Some(granted.access_token.clone());
            grant.obtained_at = at.as_second();
            grant.expires_at = Some(at.as_second().saturating_add(life));
            grant.scope = Some(tag);
            facts.expires_at = grant.expires_at;
            facts.refreshed_at = Some(at.as_second());
            facts.ended = None;
            facts.note(true, "Token fetched.", "", at);
            Ok(granted.access_token)
        }
        Err(trouble) => {
            facts.note(false, &trouble.message, &trouble.hint, at);
            Err(trouble)
        }
    };
    let (bot, id, version, written) = (entry.bot, id.to_owned(), connection.version, grant.write());
    // Losing this write costs another fetch, nothing else.
    core.store(move |store| store.replace_grant(bot, &id, version, &written, &facts.write())).await?;
    core.connection_changed(entry.bot, &entry.alias, entry.persona.as_deref());
    Ok(outcome?)
}

/// Sends an assertion; once more with its times set back when the answer shows that this computer's clock is wrong.
async fn fetch(
    core: &Core,
    entry: &Entry,
    file: &KeyFile,
    scope: &str,
    subject: Option<&str>,
    known: Option<i64>,
) -> Result<Answer, ConnectError> {
    let url = Url::parse(&file.token_uri)
        .map_err(|_| Trouble::new("The key file names no usable token address.", "Add the key file again."))?;
    let asker = Asker {
        alias: entry.alias.clone(),
        open_bot: entry.open_bot.clone(),
        practice: entry.practice,
        client_secret: None,
    };
    let mut skew = known.unwrap_or(0);
    for again in [false, true] {
        let assertion = file.assertion(scope, subject, core.now(), -skew)?;
        let form: Form =
            vec![("grant_type".into(), Zeroizing::new(GRANT_TYPE.to_owned())), ("assertion".into(), assertion)];
        let answer = post(core, &asker, &url, Vec::new(), &form, Style::None, "service account").await;
        let other = answer.skew.filter(|seen| (seen - skew).abs() > 30);
        match (&answer.result, other) {
            (Err(Failure::Refused(_)), Some(seen)) if !again => skew = seen,
            _ => return Ok(answer),
        }
    }
    Ok(Answer::unsent(core))
}
