//! The secret texts of a connection as they are kept, for who shows or sends what a script put together earlier.

use store::{BotId, Secret, StoreError};

use crate::Connect;
use crate::grant::Grant;

/// One secret text of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenField {
    /// The access token.
    Access,
    /// The refresh token.
    Refresh,
    /// OAuth 1.0a: the token's secret.
    Secret,
}

impl TokenField {
    const ALL: [Self; 3] = [Self::Access, Self::Refresh, Self::Secret];

    /// Its name, which [`TokenField::from_name`] reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
            Self::Secret => "secret",
        }
    }

    /// The field of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}

impl Connect {
    /// One secret text of a connection as it is kept now; nobody is asked and nothing is renewed. `None`: there is no such
    /// connection of this bot, or it has no such text. Blocks as the store does.
    ///
    /// # Errors
    /// The vault is locked, or the store failed.
    pub fn peek(&self, bot: BotId, id: &str, field: TokenField) -> Result<Option<Secret<String>>, StoreError> {
        let Some((_, sealed)) = self.0.setup.store.grant(bot, id)? else { return Ok(None) };
        let grant = Grant::read(&sealed).unwrap_or_default();
        let text = match field {
            TokenField::Access => grant.access_token,
            TokenField::Refresh => grant.refresh_token,
            TokenField::Secret => grant.token_secret,
        };
        Ok(text.map(|text| Secret::new(text.to_string())))
    }
}
