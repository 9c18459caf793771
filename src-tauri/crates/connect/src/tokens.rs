//! What scripts ask for: a token by its id, and what is known of it.

use std::sync::Arc;

use providers::{Kind, split_scopes};
use serde_json::{Map, Value};
use store::{Connection, Secret, StoreError};
use zeroize::Zeroizing;

use crate::complete::{absorb, keep};
use crate::entry::{Entry, Flow};
use crate::facts::Facts;
use crate::grant::Grant;
use crate::http::Answer;
use crate::plan::Plan;
use crate::profile::Info;
use crate::refresh::{MARGIN, Renewed, Standing, Wish, renew, renews, standing};
use crate::token_request::{self, Proof};
use crate::trouble::Trouble;
use crate::words::{self, Step};
use crate::{Connect, ConnectError, Core, explain, state};

/// An answer to a script, which never fails: what is missing is absent, and the note says why.
#[derive(Debug)]
pub struct Outcome<T> {
    /// The answer.
    pub value: T,
    /// A sentence for the chat's log; names no id and no secret.
    pub note: Option<String>,
    /// The vault is locked; unlocking may help.
    pub locked: bool,
}

/// Everything about a token, in the shape of Überauth's auth record.
#[derive(Debug)]
pub struct FullToken {
    /// The account at the provider.
    pub uid: Option<String>,
    /// The provider's id.
    pub provider: String,
    /// The variant of signing in.
    pub strategy: String,
    /// Who signed in.
    pub info: Info,
    /// The access token.
    pub token: Option<Secret<String>>,
    /// The refresh token.
    pub refresh_token: Option<Secret<String>>,
    /// OAuth 1.0a: the token's secret.
    pub secret: Option<Secret<String>>,
    /// Always `Bearer`, but in OAuth 1.0a.
    pub token_type: String,
    /// Whether it ends.
    pub expires: bool,
    /// When, in Unix seconds.
    pub expires_at: Option<i64>,
    /// The scopes that were granted.
    pub scopes: Vec<String>,
    /// What else the token endpoint said, without secrets.
    pub other: Map<String, Value>,
    /// What the provider said of the account, as it said it.
    pub raw_info: Value,
}

/// What fetching a token with the client's own credentials brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The token id.
    pub id: String,
    /// When the token ends, in Unix seconds.
    pub expires_at: Option<i64>,
}

impl<T> Outcome<T> {
    pub(crate) fn of(value: T) -> Self {
        Self { value, note: None, locked: false }
    }

    pub(crate) fn noted(value: T, trouble: &Trouble) -> Self {
        Self { value, note: Some(trouble.to_string()), locked: false }
    }
}

impl<T> Outcome<Option<T>> {
    fn missing() -> Self {
        Self::noted(None, &Trouble::new("There is no token with this id.", "Sign in again to get another."))
    }

    fn store(error: &StoreError) -> Self {
        let locked = matches!(error, StoreError::VaultLocked(_) | StoreError::VaultAbsent);
        Self { value: None, note: Some(error.to_string()), locked }
    }
}

impl Connect {
    /// The token with this id, renewed if it must be. `None` for an id that is wrong, another bot's or deleted, and for a
    /// sign-in that is over.
    pub async fn access_token(&self, entry: &Entry, id: &str) -> Outcome<Option<Secret<String>>> {
        let core = &self.0;
        match providers::find(&entry.provider).map(|provider| provider.kind) {
            Some(Kind::Oauth) => {}
            Some(Kind::ServiceAccount) => return crate::mint::token(core, entry, id).await,
            Some(_) => return fixed(core, entry).await,
            None => return Outcome::missing(),
        }
        match live(core, entry, id).await {
            Ok(Live { grant, note, .. }) => {
                let value = grant.and_then(|grant| grant.access_token.as_ref().map(secret));
                Outcome { value, note: note.map(|trouble| trouble.to_string()), locked: false }
            }
            Err(Missing::Gone) => Outcome::missing(),
            Err(Missing::Store(error)) => Outcome::store(&error),
        }
    }

    /// Who signed in. Needs no open vault and asks nobody.
    pub async fn token_info(&self, entry: &Entry, id: &str) -> Outcome<Option<Info>> {
        let kind = providers::find(&entry.provider).map(|provider| provider.kind);
        if !matches!(kind, Some(Kind::Oauth | Kind::ServiceAccount)) {
            // Nobody signed in; what was filled in has no person behind it.
            return Outcome::of(kind.map(|_| Info::default()));
        }
        match found(&self.0, entry, id).await {
            Ok(Some(connection)) => Outcome::of(Some(Facts::read(&connection.facts).who)),
            Ok(None) => Outcome::missing(),
            Err(error) => Outcome::store(&error),
        }
    }

    /// Everything about a token, renewed if it must be.
    pub async fn full_token(&self, entry: &Entry, id: &str) -> Outcome<Option<FullToken>> {
        if providers::find(&entry.provider).is_none_or(|provider| provider.kind != Kind::Oauth) {
            return Outcome::missing();
        }
        match live(&self.0, entry, id).await {
            Ok(Live { connection, grant, note }) => Outcome {
                value: Some(full(&connection, grant.unwrap_or_default())),
                note: note.map(|trouble| trouble.to_string()),
                locked: false,
            },
            Err(Missing::Gone) => Outcome::missing(),
            Err(Missing::Store(error)) => Outcome::store(&error),
        }
    }

    /// Fetches a token with the client's own credentials, and keeps it as the entry's connection.
    ///
    /// # Errors
    /// Something is missing, the addresses changed, or the provider refused.
    pub async fn client_credentials(&self, entry: &Entry) -> Result<Credentials, ConnectError> {
        let core = &self.0;
        let plan = Plan::ready(entry, &core.setup.ports)?;
        if plan.flow != Flow::ClientCredentials {
            return Err(
                Trouble::new(format!("{} needs a person to sign in.", plan.title), "Connect it instead.").into()
            );
        }
        state::check_origins(core, &plan).await?;
        let Answer { result, style, skew, at } = token_request::tokens(core, &plan, Proof::Client, None).await;
        let granted = result.map_err(|failure| explain::failure(&plan, Step::ClientCredentials, &failure))?;
        let mut grant = Grant::new(&plan, at);
        let mut facts = Facts::new(&plan, &grant);
        absorb(&plan, &mut grant, &mut facts, granted, style, skew, at);
        facts.note(true, "Token fetched.", "", at);
        let expires_at = grant.expires_at;
        let id = keep(core, &plan, grant, &facts).await?;
        Ok(Credentials { id, expires_at })
    }
}

fn secret(token: &Zeroizing<String>) -> Secret<String> {
    Secret::new(token.to_string())
}

/// A fixed credential is the text that was filled in.
async fn fixed(core: &Core, entry: &Entry) -> Outcome<Option<Secret<String>>> {
    let (bot, alias) = (entry.bot, entry.alias.clone());
    match core.store(move |store| store.get(bot, &alias)).await {
        Ok(value) => Outcome::of(value),
        Err(error) => Outcome::store(&error),
    }
}

/// Ids are 32 hexadecimal digits; anything else is not looked up.
pub(crate) fn is_id(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}

async fn found(core: &Core, entry: &Entry, id: &str) -> Result<Option<Connection>, StoreError> {
    if !is_id(id) {
        return Ok(None);
    }
    let (bot, id) = (entry.bot, id.to_owned());
    let found = core.store(move |store| store.connection(bot, &id)).await?;
    Ok(found.filter(|connection| connection.alias == entry.alias))
}

/// A connection with what lives of it.
pub(crate) struct Live {
    pub(crate) connection: Connection,
    /// With a token that may be used now, or `None`.
    pub(crate) grant: Option<Grant>,
    /// Why not, or what else went wrong.
    pub(crate) note: Option<Trouble>,
}

pub(crate) enum Missing {
    Gone,
    Store(StoreError),
}

impl From<StoreError> for Missing {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The one way to a token of a sign-in.
pub(crate) async fn live(core: &Arc<Core>, entry: &Entry, id: &str) -> Result<Live, Missing> {
    if !is_id(id) {
        return Err(Missing::Gone);
    }
    let standing: Standing = standing(core, entry.bot, id).await?;
    let Some((connection, grant)) = standing.filter(|(connection, _)| connection.alias == entry.alias) else {
        return Err(Missing::Gone);
    };
    let none = |connection, trouble| Ok(Live { connection, grant: None, note: Some(trouble) });
    let plan = match Plan::of(entry, &core.setup.ports) {
        Ok((plan, _)) => plan,
        Err(trouble) => return none(connection, trouble),
    };
    if let Some(trouble) = state::mismatch(&plan, &grant) {
        return none(connection, trouble);
    }
    let now = core.now().as_second();
    if grant.lives(now, MARGIN) {
        return Ok(Live { connection, grant: Some(grant), note: None });
    }
    let stranger = state::other_client(&plan, &grant);
    if stranger.is_none() && renews(&plan, &grant) {
        return match renew(core, &plan, id, Wish::Living).await? {
            Renewed::Fresh(grant) => Ok(Live { connection, grant: Some(*grant), note: None }),
            Renewed::Failed { trouble, old } => {
                let grant = old.map(|old| *old).filter(|old| old.lives(core.now().as_second(), 0));
                Ok(Live { connection, grant, note: Some(trouble) })
            }
            Renewed::Gone => Err(Missing::Gone),
        };
    }
    if grant.lives(now, 0) {
        return Ok(Live { connection, grant: Some(grant), note: stranger });
    }
    let facts = Facts::read(&connection.facts);
    let over = facts.ended.map(|ended| Trouble::new(ended.message, ended.hint));
    none(connection, over.or(stranger).unwrap_or_else(|| words::expired(&plan.party)))
}

fn full(connection: &Connection, grant: Grant) -> FullToken {
    let facts = Facts::read(&connection.facts);
    let scope = grant.scope.clone().or(facts.scope_granted).unwrap_or(facts.scope_asked);
    FullToken {
        uid: grant.uid.clone().or(facts.uid),
        provider: connection.provider.clone(),
        strategy: facts.variant,
        info: facts.who,
        token: grant.access_token.as_ref().map(secret),
        refresh_token: grant.refresh_token.as_ref().map(secret),
        secret: grant.token_secret.as_ref().map(secret),
        token_type: if grant.token_secret.is_some() { String::new() } else { "Bearer".into() },
        expires: grant.expires_at.is_some(),
        expires_at: grant.expires_at,
        scopes: split_scopes(&scope).into_iter().map(str::to_owned).collect(),
        other: grant.rest.clone(),
        raw_info: facts.raw,
    }
}
