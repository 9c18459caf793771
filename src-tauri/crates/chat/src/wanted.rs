//! What a script wants from the world that takes time, and what the host answers.

use bubblescript::{Handle, Place, Secret};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::http::HttpCall;

/// What the machine stands at. Ids of tokens are plain texts of at least one character; what is no such text never goes out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// `http_get` and its like. Wants [`Answer::Http`].
    Http(HttpCall),
    /// `get_access_token`. Wants [`Answer::Token`] or [`Answer::Nil`].
    AccessToken(TokenCall),
    /// `get_token_info`. Wants [`Answer::Info`] or [`Answer::Nil`].
    TokenInfo(TokenCall),
    /// `get_full_token`. Wants [`Answer::FullToken`] or [`Answer::Nil`].
    FullToken(TokenCall),
    /// `delete_token`. Wants [`Answer::Bool`]: whether there was one.
    DeleteToken(TokenCall),
    /// `oauth_link`. Wants [`Answer::Link`], [`Answer::Nil`] for what only the studio connects, or [`Answer::Failed`] for what no
    /// manifest names.
    OauthLink {
        /// The alias as the script gave it, perhaps of no integration.
        alias: String,
        /// Where.
        place: Place,
    },
}

impl Wanted {
    /// The call in the script.
    pub fn place(&self) -> &Place {
        match self {
            Self::Http(call) => &call.place,
            Self::OauthLink { place, .. } => place,
            Self::AccessToken(call) | Self::TokenInfo(call) | Self::FullToken(call) | Self::DeleteToken(call) => {
                &call.place
            }
        }
    }

    /// The name of the function that was called.
    pub fn function(&self) -> &str {
        match self {
            Self::Http(call) => call.method.function(),
            Self::AccessToken(_) => "get_access_token",
            Self::TokenInfo(_) => "get_token_info",
            Self::FullToken(_) => "get_full_token",
            Self::DeleteToken(_) => "delete_token",
            Self::OauthLink { .. } => "oauth_link",
        }
    }
}

/// A call with the id of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenCall {
    /// The id as the script gave it, perhaps of no token.
    pub id: String,
    /// The alias that the script names in the call, where it does so literally.
    pub alias: Option<String>,
    /// Where.
    pub place: Place,
}

/// What the host answers. An answer that does not fit the call counts as [`Answer::Nil`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A token that exists, without its text.
    Token {
        /// The alias it is known by.
        alias: String,
        /// What [`Outside::reveal`](crate::Outside::reveal) takes.
        handle: Handle,
    },
    /// There is nothing to give.
    Nil {
        /// Why, as one plain sentence for the log; without one the log names the alias to connect.
        note: Option<String>,
    },
    /// What is known of a token's owner: a JSON object.
    Info(String),
    /// Everything about a token.
    FullToken {
        /// The alias it is known by.
        alias: String,
        /// A JSON object without any secret.
        json: String,
        /// What goes into the object as secrets: path with dots, such as `credentials.token`, and handle.
        secrets: Vec<(String, Handle)>,
    },
    /// Yes or no.
    Bool(bool),
    /// An address.
    Link(String),
    /// The reply to an HTTP call.
    Http(Reply),
    /// The script cannot go on: why, as one plain sentence.
    Failed(String),
}

/// The reply to an HTTP call, or why there is none. A script goes on either way.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// The status; 0 when there was no reply.
    pub status: u16,
    /// Names and values in the order of the reply.
    pub headers: Vec<(String, String)>,
    /// The body as text. The secrets of the call that stand in it as they are become secrets again; those in an encoding of some
    /// kind have to be masked by the host.
    pub body: String,
    /// Why there was no reply, as one plain sentence.
    pub error: Option<String>,
    /// Its number in the host's record.
    pub exchange: Option<u64>,
}

impl Reply {
    /// No reply, and why.
    pub fn failed(error: impl Into<String>) -> Self {
        Self { error: Some(error.into()), ..Self::default() }
    }
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A body may hold what the other side knows of a secret.
        f.debug_struct("Reply").field("status", &self.status).field("error", &self.error).finish_non_exhaustive()
    }
}

/// The host needs a person first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Whose token wants to go there; `None` when only the address is in question.
    pub alias: Option<String>,
    /// Where it wants to go.
    pub host: String,
    /// The call in the script.
    pub place: Place,
}

/// A secret text that stands in a call.
#[derive(Clone, PartialEq, Eq)]
pub struct Carried {
    /// Its alias; several, with commas, when several went in.
    pub alias: String,
    /// The tokens it was made of.
    pub handles: Vec<Handle>,
    /// The text.
    pub value: Zeroizing<String>,
}

impl std::fmt::Debug for Carried {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "‹secret:{}›", self.alias)
    }
}

/// A secret and its text while it is needed.
pub(crate) struct Known {
    pub(crate) secret: std::sync::Arc<Secret>,
    pub(crate) value: Zeroizing<String>,
}
