//! What is known of a connection without opening the vault. Plain: never a secret.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::client_auth::Style;
use crate::grant::Origins;
use crate::profile::Info;

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Facts {
    pub(crate) who: Info,
    /// What the provider said of the account, as it said it.
    pub(crate) raw: Value,
    pub(crate) uid: Option<String>,
    /// As sent.
    pub(crate) scope_asked: String,
    pub(crate) scope_granted: Option<String>,
    /// Unix seconds.
    pub(crate) expires_at: Option<i64>,
    /// Whether it goes on by itself.
    pub(crate) renews: bool,
    pub(crate) connected_at: i64,
    pub(crate) refreshed_at: Option<i64>,
    /// The last real result.
    pub(crate) last: Option<Last>,
    pub(crate) ended: Option<Ended>,
    /// The style of client authentication that the server took.
    pub(crate) style: Option<Style>,
    /// A request to refresh went out and no answer came: the provider may have used up the token meanwhile.
    pub(crate) unanswered: bool,
    /// Seconds by which the provider's clock is ahead of this computer's.
    pub(crate) skew: Option<i64>,
    pub(crate) origins: Origins,
    pub(crate) client_id: String,
    pub(crate) variant: String,
}

/// A result, in words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Last {
    /// Whether it worked.
    pub ok: bool,
    /// What happened.
    pub message: String,
    /// What to do next, or empty.
    pub hint: String,
    /// When, in Unix seconds.
    pub at: i64,
}

/// Why a connection is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ended {
    pub(crate) message: String,
    pub(crate) hint: String,
    pub(crate) at: i64,
}

impl Facts {
    /// What cannot be read is unknown: facts are for showing, the grant decides.
    pub(crate) fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    pub(crate) fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| "{}".into())
    }

    pub(crate) fn note(&mut self, ok: bool, message: impl Into<String>, hint: impl Into<String>, at: Timestamp) {
        self.last = Some(Last { ok, message: message.into(), hint: hint.into(), at: at.as_second() });
    }
}
