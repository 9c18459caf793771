//! App credentials: what the builder registered at a provider, for every bot on this machine. The settings are plain and in the
//! file; the client secret is sealed in the vault in use.

use jiff::Timestamp;

use crate::cells::{CLIENT_SECRET, MACHINE};
use crate::secret::Secret;
use crate::secrets::{ALIAS_LIMIT, VALUE_LIMIT, within};
use crate::tables::{app_credentials, client_secrets};
use crate::{Store, StoreError, database};

/// What is known about the app credentials of one provider without opening them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppCredentials {
    /// The provider.
    pub provider: String,
    /// A JSON object of the caller's own shape: client id, endpoints and so on, never a secret.
    pub settings: String,
    /// Whether the vault in use keeps a client secret with it.
    pub has_secret: bool,
    /// When it was set.
    pub changed_at: Timestamp,
}

impl Store {
    /// What is known about all app credentials, by provider. Works on a locked vault and without one.
    pub fn app_credentials(&self) -> Result<Vec<AppCredentials>, StoreError> {
        let state = self.state();
        let mut all = app_credentials::list(&state.connection)?;
        let with_secret = client_secrets::names(state.vault_connection(), MACHINE)?;
        for one in &mut all {
            one.has_secret = with_secret.contains(&one.provider);
        }
        Ok(all)
    }

    /// Keeps app credentials, replacing earlier ones. Without a `secret` the one that is kept stays, and no vault is needed.
    pub fn put_app_credentials(
        &self,
        provider: &str,
        settings: &str,
        secret: Option<&Secret<String>>,
    ) -> Result<(), StoreError> {
        within("provider", provider, ALIAS_LIMIT)?;
        let now = self.now();
        let put_settings =
            |connection: &rusqlite::Connection| app_credentials::put(connection, provider, settings, now);
        let Some(secret) = secret else {
            return self.state().write(|connection| Ok(put_settings(connection)?));
        };
        within("client secret", secret.expose(), VALUE_LIMIT)?;
        self.with_key(|state, key| {
            let apart = state.session.is_some();
            state.write_vault(|connection| {
                let sealed = CLIENT_SECRET.seal(connection, key, MACHINE, provider, secret)?;
                client_secrets::put(connection, MACHINE, provider, &sealed)?;
                if !apart {
                    put_settings(connection)?;
                }
                Ok(())
            })?;
            if apart { state.write(|connection| Ok(put_settings(connection)?)) } else { Ok(()) }
        })
    }

    /// Opens a provider's client secret; `None` if none is kept, which needs neither vault nor key.
    pub fn app_secret(&self, provider: &str) -> Result<Option<Secret<String>>, StoreError> {
        self.open_client_secret(MACHINE, provider)
    }

    /// Removes a provider's app credentials with their secret. Works on a locked vault.
    pub fn remove_app_credentials(&self, provider: &str) -> Result<(), StoreError> {
        let mut state = self.state();
        state.write_vault(|connection| Ok(client_secrets::remove(connection, MACHINE, provider)?))?;
        state.write(|connection| {
            client_secrets::remove(connection, MACHINE, provider)?;
            Ok(app_credentials::remove(connection, provider)?)
        })?;
        database::empty_log(&state.connection);
        Ok(())
    }
}
