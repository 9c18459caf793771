//! What the person decided about a bot's aliases: which hosts they may be sent to, and whether they are practised. Plain data, in
//! the file whatever the vault is; nothing of it stands in the bot's folder, so a copied folder brings no approval along.

use jiff::Timestamp;

use crate::identity::BotId;
use crate::secrets::{ALIAS_LIMIT, within};
use crate::tables::approvals;
use crate::{Store, StoreError};

/// A host that an alias may be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The alias.
    pub alias: String,
    /// The host, or `skill:NAME` for a skill that may use an alias of another manifest.
    pub host: String,
    /// When the person approved it first.
    pub approved_at: Timestamp,
}

impl Store {
    /// What was approved for a bot, by alias and host.
    pub fn approvals(&self, bot: BotId) -> Result<Vec<Approval>, StoreError> {
        Ok(approvals::list(&self.state().connection, &bot.to_string())?)
    }

    /// Approves a host for an alias. Approving again changes nothing.
    pub fn approve(&self, bot: BotId, alias: &str, host: &str) -> Result<(), StoreError> {
        within("alias", alias, ALIAS_LIMIT)?;
        within("host", host, ALIAS_LIMIT)?;
        let now = self.now();
        self.state().write(|connection| Ok(approvals::add(connection, &bot.to_string(), alias, host, now)?))
    }

    /// Takes an approval back; one that is not there is no error.
    pub fn withdraw_approval(&self, bot: BotId, alias: &str, host: &str) -> Result<(), StoreError> {
        self.state().write(|connection| Ok(approvals::remove(connection, &bot.to_string(), alias, host)?))
    }

    /// Whether an entry is practised or real; `None` if that was not chosen yet.
    pub fn practice_choice(&self, bot: BotId, alias: &str) -> Result<Option<bool>, StoreError> {
        Ok(approvals::practice(&self.state().connection, &bot.to_string(), alias)?)
    }

    /// Keeps whether an entry is practised or real; `None` makes it unchosen.
    pub fn set_practice_choice(&self, bot: BotId, alias: &str, practice: Option<bool>) -> Result<(), StoreError> {
        within("alias", alias, ALIAS_LIMIT)?;
        self.state().write(|connection| Ok(approvals::set_practice(connection, &bot.to_string(), alias, practice)?))
    }
}
