//! Why a request stops short of success.

use serde_json::json;
use store::StoreError;

use crate::reply::Reply;
use crate::vendors::{self, Vendor};

/// The errors of RFC 6749, 5.2, RFC 7009, 2.2.1 and RFC 6750, 3.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    Request,
    Client,
    Grant,
    UnauthorizedClient,
    GrantType,
    Scope,
    Token,
    InsufficientScope,
}

impl Wrong {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Request => "invalid_request",
            Self::Client => "invalid_client",
            Self::Grant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::GrantType => "unsupported_grant_type",
            Self::Scope => "invalid_scope",
            Self::Token => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
        }
    }

    pub(crate) fn status(self) -> u16 {
        match self {
            Self::Client | Self::Token => 401,
            Self::InsufficientScope => 403,
            _ => 400,
        }
    }
}

/// A refusal by the rules, with a text for the developer at the other end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) wrong: Wrong,
    pub(crate) text: String,
}

/// What ends a handler early.
#[derive(Debug)]
pub(crate) enum Stop {
    Refused(Refusal),
    Store(StoreError),
}

pub(crate) type Answer = Result<Reply, Stop>;

/// Refuses with an error and its description.
pub(crate) fn refuse<T>(wrong: Wrong, text: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Refused(Refusal { wrong, text: text.into() }))
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Refusal {
    /// The answer of a token or revocation endpoint, in the vendor's shape.
    pub(crate) fn of_endpoint(&self, vendor: Vendor) -> Reply {
        let reply = vendors::endpoint_error(vendor, self).unwrap_or_else(|| self.standard());
        // RFC 6749, 5.2 asks for the header if one was sent, RFC 9110, 15.5.2 with every 401.
        if reply.status == 401 { reply.with("www-authenticate", "Basic realm=\"practice\"") } else { reply }
    }

    /// The shape of RFC 6749, 5.2.
    pub(crate) fn standard(&self) -> Reply {
        let body = json!({ "error": self.wrong.code(), "error_description": self.text });
        Reply::json(self.wrong.status(), &body)
    }
}

/// The answer when the store does not: nothing was decided.
pub(crate) fn unavailable(error: &StoreError) -> Reply {
    tracing::warn!(%error, "practice cannot reach its rows");
    Reply::json(
        503,
        &json!({ "error": "temporarily_unavailable", "error_description": "Practice cannot read its data." }),
    )
}
