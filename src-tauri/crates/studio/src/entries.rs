//! What a manifest's entry says about connecting, joined with what this machine knows: app credentials, client secrets in
//! the vault, real or practice.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::sync::Arc;

use bot::Entry;
use connect::{Client, SecretFrom};
use manifest::{Field, Flow};
use providers::{Choice, Context, Kind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{BotId, Secret};

use crate::bots::OpenBot;
use crate::{Error, Studio};

/// What an entry says in one field; empty when it says nothing.
pub(crate) fn written(field: Option<&Field>) -> String {
    field.map(|field| field.value.trim().to_owned()).unwrap_or_default()
}

/// What this machine knows of a provider: plain settings, `client_id` among them.
pub(crate) type Settings = BTreeMap<String, String>;

impl Studio {
    /// The entry of an alias as `connect` takes it, with its secret looked up: manifest, then vault, then Preferences. A
    /// practised entry names the practice server, which is started for it.
    pub(crate) fn resolve(
        &self,
        bot: &Arc<OpenBot>,
        alias: &str,
        persona: Option<&str>,
    ) -> Result<connect::Entry, Error> {
        let picture = bot.picture();
        let entry = picture.entry(alias).ok_or(NO_ENTRY)?;
        let id = bot.bound()?;
        let practice = match self.practises(bot, entry) {
            true => Some(self.practice_server(None)?.address()),
            false => None,
        };
        let client = self.client(id, entry)?;
        Ok(self.entry(bot, id, entry, persona, client, practice))
    }

    /// As [`Studio::resolve`], for showing: no secret is opened and no server started, so that it works on a locked vault.
    pub(crate) fn resolve_for_show(
        &self,
        bot: &Arc<OpenBot>,
        alias: &str,
        persona: Option<&str>,
    ) -> Result<connect::Entry, Error> {
        let picture = bot.picture();
        let entry = picture.entry(alias).ok_or(NO_ENTRY)?;
        let running = self.outward().practice_address().unwrap_or(NOWHERE);
        let practice = self.practises(bot, entry).then_some(running);
        let id = bot.bound()?;
        let client = Client { id: self.client_id(entry), ..self.secret_place(id, entry) };
        Ok(self.entry(bot, id, entry, persona, client, practice))
    }

    fn entry(
        &self,
        bot: &OpenBot,
        id: BotId,
        entry: &Entry,
        persona: Option<&str>,
        client: Client,
        practice: Option<SocketAddr>,
    ) -> connect::Entry {
        let settings = self.provider_settings(entry.integration.provider_id());
        let block = entry.integration.oauth2.as_ref();
        let user = entry.integration.known_context() == Some(Context::User);
        connect::Entry {
            bot: id,
            open_bot: bot.id().to_owned(),
            alias: entry.integration.alias().to_owned(),
            provider: entry.integration.provider_id().to_owned(),
            title: entry.integration.display_title().to_owned(),
            context_user: user,
            persona: persona.filter(|_| user).map(str::to_owned),
            scope: written(entry.integration.scope.as_ref()),
            oauth2: block.map(|block| connect::OAuth2 {
                flow: match block.known_flow() {
                    Some(Flow::ClientCredentials) => connect::Flow::ClientCredentials,
                    Some(Flow::AuthCode) | None => connect::Flow::AuthCode,
                },
                authorize_url: written(block.authorize_url.as_ref()),
                token_url: written(block.token_url.as_ref()),
                ..connect::OAuth2::default()
            }),
            client,
            settings,
            practice,
        }
    }

    /// The client id: the manifest's, else that of Preferences.
    fn client_id(&self, entry: &Entry) -> String {
        let block = entry.integration.oauth2.as_ref();
        let in_entry = block.map(|block| written(block.client_id.as_ref())).unwrap_or_default();
        if !in_entry.is_empty() {
            return in_entry;
        }
        self.provider_settings(entry.integration.provider_id()).remove("client_id").unwrap_or_default()
    }

    /// Where the client secret would be found, without opening it.
    fn secret_place(&self, bot: BotId, entry: &Entry) -> Client {
        let block = entry.integration.oauth2.as_ref();
        let store = &self.inner.store;
        let in_entry =
            block.and_then(|block| block.client_secret.as_ref()).is_some_and(|f| !f.value.reveal().is_empty());
        let stored = || store.app_credentials().unwrap_or_default();
        let secret_from = if in_entry {
            SecretFrom::Manifest
        } else if store.has_client_secret(bot, entry.integration.alias()).unwrap_or_default() {
            SecretFrom::Vault
        } else if takes_the_machines_secret(entry)
            && stored().iter().any(|own| own.provider == entry.integration.provider_id() && own.has_secret)
        {
            SecretFrom::Preferences
        } else {
            SecretFrom::None
        };
        // The way to sign in may depend on whether there is a secret; its text does not matter here.
        let secret = (secret_from != SecretFrom::None).then(|| Secret::new("hidden".to_owned()));
        Client { id: String::new(), secret, secret_from }
    }

    fn client(&self, bot: BotId, entry: &Entry) -> Result<Client, Error> {
        let block = entry.integration.oauth2.as_ref();
        let provider = entry.integration.provider_id();
        let id = self.client_id(entry);
        if let Some(field) = block.and_then(|block| block.client_secret.as_ref())
            && !field.value.reveal().is_empty()
        {
            let secret = Secret::new(field.value.reveal().to_owned());
            return Ok(Client { id, secret: Some(secret), secret_from: SecretFrom::Manifest });
        }
        let alias = entry.integration.alias();
        if let Some(sealed) = self.noting_locks(self.inner.store.client_secret(bot, alias))? {
            let Some(secret) = Sealed::open(&sealed, &origins(entry)) else {
                return Err(Error::invalid(
                    format!(
                        "The addresses of {alias} changed since its client secret was stored, so it is not sent there."
                    ),
                    "Compare them in the manifest, and store the client secret again if they are right.",
                ));
            };
            return Ok(Client { id, secret: Some(secret), secret_from: SecretFrom::Vault });
        }
        let secret = match takes_the_machines_secret(entry) {
            true => self.noting_locks(self.inner.store.app_secret(provider))?,
            false => None,
        };
        let secret_from = if secret.is_some() { SecretFrom::Preferences } else { SecretFrom::None };
        Ok(Client { id, secret, secret_from })
    }

    /// The plain part of a provider's app credentials.
    pub(crate) fn provider_settings(&self, provider: &str) -> Settings {
        let all = self.inner.store.app_credentials().unwrap_or_default();
        all.into_iter().find(|own| own.provider == provider).map(|own| settings(&own.settings)).unwrap_or_default()
    }

    /// Whether practice plays an entry: as the person chose, else where nobody could sign in for real.
    pub(crate) fn practises(&self, bot: &OpenBot, entry: &Entry) -> bool {
        let Some(provider) = entry.integration.known_provider() else { return false };
        if !matches!(provider.kind, Kind::Oauth | Kind::ServiceAccount) {
            return false;
        }
        let Ok(id) = bot.bound() else { return false };
        let chosen = self.inner.store.practice_choice(id, entry.integration.alias()).unwrap_or_default();
        chosen.unwrap_or_else(|| provider.kind == Kind::Oauth && !self.has_client(entry))
    }

    /// Whether a client id is known for an entry.
    fn has_client(&self, entry: &Entry) -> bool {
        !self.client_id(entry).is_empty()
    }

    /// Where an entry's tokens may go without asking.
    pub(crate) fn own_hosts(&self, entry: &Entry) -> Vec<String> {
        let Some(provider) = entry.integration.known_provider() else { return Vec::new() };
        let block = entry.integration.oauth2.as_ref();
        let authorize_url = block.map(|block| written(block.authorize_url.as_ref())).unwrap_or_default();
        let token_url = block.map(|block| written(block.token_url.as_ref())).unwrap_or_default();
        let scope = written(entry.integration.scope.as_ref());
        let choice =
            Choice { scope: &scope, authorize_url: &authorize_url, token_url: &token_url, ..Choice::default() };
        providers::hosts(provider, &choice).iter().map(|host| (*host).to_owned()).collect()
    }

    /// Whether a token of this alias may go to this host.
    pub(crate) fn host_approved(&self, bot: &str, alias: &str, host: &str) -> bool {
        let Ok(bot) = self.bot(bot) else { return false };
        let picture = bot.picture();
        let own = picture.entry(alias).map(|entry| self.own_hosts(entry)).unwrap_or_default();
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        providers::covers(&own, host) || self.is_on_list(&bot, alias, host)
    }

    /// Whether scripts of this bot may reach this private address.
    pub(crate) fn address_approved(&self, bot: &str, host: &str) -> bool {
        self.bot(bot).is_ok_and(|bot| self.is_on_list(&bot, ANY_REQUEST, host))
    }

    fn is_on_list(&self, bot: &OpenBot, alias: &str, host: &str) -> bool {
        let Ok(id) = bot.bound() else { return false };
        let approvals = self.inner.store.approvals(id).unwrap_or_default();
        approvals.iter().any(|own| own.alias == alias && own.host.eq_ignore_ascii_case(host))
    }

    /// Whether practice plays a host for this bot: one that a practised entry's tokens go to, or signs in at.
    pub(crate) fn is_practised_host(&self, bot: &str, host: &str) -> bool {
        let Ok(bot) = self.bot(bot) else { return false };
        let picture = bot.picture();
        let mut practised = picture.entries().iter().filter(|entry| self.practises(&bot, entry));
        practised.any(|entry| {
            let mut hosts = self.own_hosts(entry);
            let block = entry.integration.oauth2.as_ref();
            for field in block.into_iter().flat_map(|block| [block.authorize_url.as_ref(), block.token_url.as_ref()]) {
                let address = url::Url::parse(&written(field));
                hosts.extend(address.ok().and_then(|address| address.host_str().map(str::to_owned)));
            }
            providers::covers(&hosts.iter().map(String::as_str).collect::<Vec<_>>(), host)
        })
    }
}

/// A client secret together with the servers that it was stored for: a manifest that names others later does not get it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Sealed {
    secret: String,
    origins: Vec<String>,
}

impl Sealed {
    pub(crate) fn seal(secret: &Secret<String>, origins: Vec<String>) -> Secret<String> {
        let sealed = Self { secret: secret.expose().clone(), origins };
        let text = serde_json::to_string(&sealed).unwrap_or_default();
        drop(Secret::new(sealed.secret));
        Secret::new(text)
    }

    /// The secret, if it was stored for exactly these servers.
    fn open(sealed: &Secret<String>, origins: &[String]) -> Option<Secret<String>> {
        let Self { secret, origins: approved } = serde_json::from_str(sealed.expose()).ok()?;
        let secret = Secret::new(secret);
        (approved == origins).then_some(secret)
    }
}

/// The servers that an entry's own block names; none where the provider's are meant.
pub(crate) fn origins(entry: &Entry) -> Vec<String> {
    let block = entry.integration.oauth2.as_ref();
    let fields = block.into_iter().flat_map(|block| [block.authorize_url.as_ref(), block.token_url.as_ref()]);
    let addresses = fields.filter_map(|field| url::Url::parse(&written(field)).ok());
    addresses.map(|address| address.origin().ascii_serialization()).collect()
}

/// Whether the secret of Preferences may go with an entry: it is for the provider's servers, never for others that a
/// manifest names.
fn takes_the_machines_secret(entry: &Entry) -> bool {
    let block = entry.integration.oauth2.as_ref();
    let fields = block.into_iter().flat_map(|block| [block.authorize_url.as_ref(), block.token_url.as_ref()]);
    fields.into_iter().all(|field| written(field).is_empty())
}

/// The alias under which private addresses are approved: they concern every request, not one token.
pub(crate) const ANY_REQUEST: &str = "*";

/// Stands for a practice server that does not run, where only showing is meant.
const NOWHERE: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 9));

pub(crate) const NO_ENTRY: Error = Error::NotFound("No manifest of this bot has an entry with this alias.");

/// A JSON object of texts; anything else in it is left out.
pub(crate) fn settings(text: &str) -> Settings {
    let object: BTreeMap<String, Value> = serde_json::from_str(text).unwrap_or_default();
    object.into_iter().filter_map(|(key, value)| Some((key, value.as_str()?.to_owned()))).collect()
}
