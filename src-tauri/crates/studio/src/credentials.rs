//! App credentials: client ids and secrets that the builder registered, key files, and the practice that needs neither.

use std::collections::BTreeMap;
use std::path::Path;

use connect::{Checked, ServiceAccountView};
use providers::{Kind, Provider};
use serde_json::Value;
use store::Secret;

use crate::bots::OpenBot;
use crate::entries::{NO_ENTRY, Sealed, origins};
use crate::events::lock;
use crate::{Error, Event, Studio};

/// The longest key file, in bytes.
const KEY_FILE_LIMIT: u64 = 64 * 1024;

/// What this machine knows of one provider's client.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub provider: &'static Provider,
    pub client_id: String,
    pub has_secret: bool,
    /// The values of the provider's settings; those that were not filled in are left out.
    pub settings: BTreeMap<String, String>,
}

/// Where a key file comes from.
#[derive(Debug)]
pub enum KeyFile {
    /// The person picks it in the system's dialog.
    Pick,
    /// Its text.
    Text(Secret<String>),
    /// A file that was dropped on the window, by the id that its event named.
    Dropped(String),
    /// Practice makes one and knows its key.
    Practice,
}

impl Studio {
    /// One row for every provider that people sign in at, stored or not.
    ///
    /// # Errors
    /// The data folder cannot be read.
    pub fn credentials(&self) -> Result<Vec<Credentials>, Error> {
        let stored = self.inner.store.app_credentials()?;
        let row = |provider: &'static Provider| {
            let own = stored.iter().find(|own| own.provider == provider.id);
            let mut settings = self.provider_settings(provider.id);
            Credentials {
                provider,
                client_id: settings.remove("client_id").unwrap_or_default(),
                has_secret: own.is_some_and(|own| own.has_secret),
                settings,
            }
        };
        Ok(providers::all().iter().filter(|provider| takes_a_client(provider)).map(row).collect())
    }

    /// Stores a provider's client. `secret`: `None` keeps the stored one.
    ///
    /// # Errors
    /// There is no such provider, a value cannot be used, or the vault is absent or locked.
    pub fn set_credentials(
        &self,
        provider: &str,
        client_id: &str,
        secret: Option<&Secret<String>>,
        settings: &[(String, String)],
    ) -> Result<(), Error> {
        let known = providers::find(provider).filter(|known| takes_a_client(known)).ok_or(NO_PROVIDER)?;
        let mut kept: BTreeMap<String, Value> = BTreeMap::new();
        for (key, value) in settings.iter().filter(|(_, value)| !value.trim().is_empty()) {
            let setting =
                known.settings.iter().find(|setting| setting.key == key).ok_or_else(|| {
                    Error::invalid(format!("{} has no setting `{key}`.", known.title), "Leave it out.")
                })?;
            if !setting.choices.is_empty() && !setting.choices.contains(&value.trim()) {
                return Err(Error::invalid(
                    format!("{} takes {} only.", setting.title, setting.choices.join(", ")),
                    "Choose one of these.",
                ));
            }
            if key.ends_with("_url") {
                check_address(setting.title, value.trim())?;
            }
            kept.insert(key.clone(), value.trim().into());
        }
        kept.insert("client_id".to_owned(), client_id.trim().into());
        let secret = secret.filter(|secret| !secret.expose().trim().is_empty());
        let text = serde_json::to_string(&kept).unwrap_or_default();
        self.noting_locks(self.inner.store.put_app_credentials(provider, &text, secret))?;
        self.credentials_changed();
        Ok(())
    }

    /// Forgets a provider's client.
    ///
    /// # Errors
    /// The data folder cannot be written.
    pub fn remove_credentials(&self, provider: &str) -> Result<(), Error> {
        self.inner.store.remove_app_credentials(provider)?;
        self.credentials_changed();
        Ok(())
    }

    /// Keeps the client secret of one entry in the vault; `None` removes it.
    ///
    /// # Errors
    /// There is no such entry, or the vault is absent or locked.
    pub fn set_client_secret(&self, bot: &str, alias: &str, value: Option<&Secret<String>>) -> Result<(), Error> {
        let open = self.bot(bot)?;
        let origins = origins(open.picture().entry(alias).ok_or(NO_ENTRY)?);
        if value.is_some_and(|value| value.expose().trim().is_empty()) {
            return Err(Error::invalid("The client secret is empty.", "Paste it, or remove the stored one."));
        }
        let sealed = value.map(|value| Sealed::seal(value, origins));
        self.noting_locks(self.inner.store.set_client_secret(open.bound()?, alias, sealed.as_ref()))?;
        open.leave_id();
        self.people_changed(&open);
        Ok(())
    }

    /// Asks the provider whether it knows the client, with a code that cannot be right; nobody has to sign in.
    ///
    /// # Errors
    /// There is no such entry, or its secret cannot be read.
    pub fn check_credentials(&self, bot: &str, alias: &str) -> Result<Checked, Error> {
        let entry = self.resolve(&self.bot(bot)?, alias, None)?;
        let outward = self.outward();
        Ok(outward.runtime.block_on(outward.connect.check_credentials(&entry)))
    }

    /// Reads, proves and stores a service account's key file. `None`: the person cancelled the dialog.
    ///
    /// # Errors
    /// It is no usable key file, or the vault is absent or locked.
    pub fn set_key_file(&self, bot: &str, alias: &str, source: KeyFile) -> Result<Option<ServiceAccountView>, Error> {
        let open = self.bot(bot)?;
        takes_key_file(&open, alias)?;
        // Asked first: a key file that cannot be kept is picked, or made, for nothing.
        self.inner.store.ready()?;
        let text = match source {
            KeyFile::Text(text) => text,
            KeyFile::Dropped(id) => {
                let dropped = lock(&self.inner.dropped).take().filter(|(own, _)| *own == id);
                read_key_file(&dropped.ok_or(Error::NotFound("This file is not known any more."))?.1)?
            }
            KeyFile::Pick => match self.inner.picker.file("The key file of the service account") {
                Some(path) => read_key_file(&path)?,
                None => return Ok(None),
            },
            KeyFile::Practice => {
                self.choose_practice(bot, alias, true)?;
                self.practice_key_file(&format!("{alias}@practice.example.org"))?
            }
        };
        let entry = self.resolve(&open, alias, None)?;
        let account = self.outward().connect.service_account(&entry, &text)?;
        open.leave_id();
        self.people_changed(&open);
        Ok(Some(account))
    }

    /// Offers a file that was dropped on the window; a dialog that waits for a key file takes it.
    pub fn offer_key_file(&self, path: &Path) {
        let file = uuid::Uuid::new_v4().to_string();
        *lock(&self.inner.dropped) = Some((file.clone(), path.to_owned()));
        self.send(&Event::KeyFileOffered { file });
    }

    fn credentials_changed(&self) {
        self.send(&Event::CredentialsChanged);
        for bot in self.open_bots() {
            self.send(&Event::BotChanged { bot: bot.id().to_owned() });
        }
    }
}

const NO_PROVIDER: Error = Error::NotFound("There is no provider of this name that people sign in at.");

/// A generic entry brings its own servers, so no client of this machine may go with it.
fn takes_a_client(provider: &Provider) -> bool {
    !provider.sign_in.is_empty() && provider.id != "oauth2"
}

fn takes_key_file(bot: &OpenBot, alias: &str) -> Result<(), Error> {
    let picture = bot.picture();
    let entry = picture.entry(alias).ok_or(NO_ENTRY)?;
    if entry.integration.known_provider().is_some_and(|own| own.kind == Kind::ServiceAccount) {
        return Ok(());
    }
    let provider = entry.integration.provider_id();
    Err(Error::invalid(format!("An entry of `{provider}` takes no key file."), "Key files are for service accounts."))
}

fn check_address(title: &str, text: &str) -> Result<(), Error> {
    let address = url::Url::parse(text).ok();
    let fine = address.is_some_and(|address| {
        let loopback = matches!(address.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        let scheme = address.scheme() == "https" || (address.scheme() == "http" && loopback);
        scheme && address.username().is_empty() && address.password().is_none() && address.fragment().is_none()
    });
    let problem = || Error::invalid(format!("{title} is not an https address."), "Copy it whole from the provider.");
    fine.then_some(()).ok_or_else(problem)
}

fn read_key_file(path: &Path) -> Result<Secret<String>, Error> {
    use std::io::Read;
    let refused = |what: &str| Error::invalid(format!("{} {what}.", path.display()), "Pick the JSON file of the key.");
    let file = std::fs::File::open(path).map_err(|_| refused("cannot be opened"))?;
    if !file.metadata().is_ok_and(|about| about.is_file()) {
        return Err(refused("is not a file"));
    }
    let mut text = String::new();
    let read = file.take(KEY_FILE_LIMIT + 1).read_to_string(&mut text);
    let text = Secret::new(text);
    read.map_err(|_| refused("is not text"))?;
    if text.expose().len() as u64 > KEY_FILE_LIMIT {
        return Err(refused("is too large for a key file"));
    }
    Ok(text)
}
