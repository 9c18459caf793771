//! The client secrets of manifest entries, one per bot and alias. They are no secrets of the bot: no list of those shows them and
//! no script reads them.

use crate::cells::CLIENT_SECRET;
use crate::identity::BotId;
use crate::secret::Secret;
use crate::secrets::{ALIAS_LIMIT, VALUE_LIMIT, within};
use crate::tables::client_secrets;
use crate::{Store, StoreError, database};

impl Store {
    /// Seals and keeps the client secret of an entry, replacing an earlier one; `None` removes it, which works on a locked vault.
    pub fn set_client_secret(&self, bot: BotId, alias: &str, value: Option<&Secret<String>>) -> Result<(), StoreError> {
        within("alias", alias, ALIAS_LIMIT)?;
        let bot = bot.to_string();
        let Some(value) = value else {
            let mut state = self.state();
            state.check_usable()?;
            state.write_vault(|connection| Ok(client_secrets::remove(connection, &bot, alias)?))?;
            database::empty_log(&state.connection);
            return Ok(());
        };
        within("client secret", value.expose(), VALUE_LIMIT)?;
        self.with_key(|state, key| {
            state.write_vault(|connection| {
                let sealed = CLIENT_SECRET.seal(connection, key, &bot, alias, value)?;
                Ok(client_secrets::put(connection, &bot, alias, &sealed)?)
            })
        })
    }

    /// Opens the client secret of an entry; `None` if none is set, which needs neither vault nor key.
    pub fn client_secret(&self, bot: BotId, alias: &str) -> Result<Option<Secret<String>>, StoreError> {
        self.open_client_secret(&bot.to_string(), alias)
    }

    /// Whether an entry has a client secret. Works on a locked vault.
    pub fn has_client_secret(&self, bot: BotId, alias: &str) -> Result<bool, StoreError> {
        self.keeps_client_secret(&bot.to_string(), alias)
    }

    pub(crate) fn open_client_secret(&self, bot: &str, name: &str) -> Result<Option<Secret<String>>, StoreError> {
        if !self.keeps_client_secret(bot, name)? {
            return Ok(None);
        }
        self.with_key(|state, key| {
            let connection = state.vault_connection();
            let sealed = client_secrets::get(connection, bot, name)?;
            sealed.map(|sealed| CLIENT_SECRET.open(connection, key, bot, name, &sealed)).transpose()
        })
    }

    fn keeps_client_secret(&self, bot: &str, name: &str) -> Result<bool, StoreError> {
        let state = self.state();
        state.check_usable()?;
        Ok(client_secrets::get(state.vault_connection(), bot, name)?.is_some())
    }
}
