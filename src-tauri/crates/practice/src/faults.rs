//! What goes wrong on request.

use serde::{Deserialize, Serialize};
use store::StoreError;

use crate::rows::{Kind, Rows};

/// One thing that goes wrong while it is on. Its name is in kebab-case, as in `too-many-requests`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Every sign-in is declined, without asking.
    Deny,
    /// A code or refresh token is treated as if it had been presented before: refused, and what came from it ends.
    Replay,
    /// Refresh and access tokens are answered as if the person had withdrawn them.
    Revoked,
    /// Status 429 with `Retry-After`.
    TooManyRequests {
        /// Seconds to wait; 0 leaves the header out.
        retry_after: u32,
    },
    /// Status 502 with an HTML page, as a gateway sends it.
    BadGateway,
    /// Status 500 with an empty body.
    ServerError,
    /// Every answer comes late, after the request has taken effect.
    Slow {
        /// Milliseconds.
        ms: u32,
    },
    /// The server's clock is wrong: its `Date`, and what it judges by it.
    ClockSkew {
        /// Seconds ahead; negative: behind.
        seconds: i64,
    },
    /// Tokens come without a refresh token.
    NoRefreshToken,
    /// The token endpoint answers as a form instead of JSON.
    FormEncoded,
    /// The last of the scopes is not granted.
    FewerScopes,
    /// New access tokens expire early.
    Expired {
        /// After so many seconds; 0: at once.
        after: u32,
    },
    /// JSON answers end in the middle.
    TruncatedJson,
    /// JSON answers call themselves `text/html`.
    WrongContentType,
}

/// How long a fault stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasting {
    /// Not at all: it is turned off.
    Off,
    /// For so many requests that it could apply to.
    Times(u32),
    /// Until it is turned off.
    Always,
}

impl Fault {
    const ALL: [Self; 14] = [
        Self::Deny,
        Self::Replay,
        Self::Revoked,
        Self::TooManyRequests { retry_after: 5 },
        Self::BadGateway,
        Self::ServerError,
        Self::Slow { ms: 3000 },
        Self::ClockSkew { seconds: 420 },
        Self::NoRefreshToken,
        Self::FormEncoded,
        Self::FewerScopes,
        Self::Expired { after: 0 },
        Self::TruncatedJson,
        Self::WrongContentType,
    ];

    /// Its name, without the amount.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Replay => "replay",
            Self::Revoked => "revoked",
            Self::TooManyRequests { .. } => "too-many-requests",
            Self::BadGateway => "bad-gateway",
            Self::ServerError => "server-error",
            Self::Slow { .. } => "slow",
            Self::ClockSkew { .. } => "clock-skew",
            Self::NoRefreshToken => "no-refresh-token",
            Self::FormEncoded => "form-encoded",
            Self::FewerScopes => "fewer-scopes",
            Self::Expired { .. } => "expired",
            Self::TruncatedJson => "truncated-json",
            Self::WrongContentType => "wrong-content-type",
        }
    }

    /// Reads a name, with an amount if the fault takes one: `slow`, `slow=250`, `clock-skew=-600`. `None`: no such fault, or
    /// an amount that it does not take.
    pub fn from_name(text: &str) -> Option<Self> {
        let (name, amount) = match text.split_once('=') {
            Some((name, amount)) => (name, Some(amount.parse::<i64>().ok()?)),
            None => (text, None),
        };
        let known = Self::ALL.into_iter().find(|fault| fault.name() == name)?;
        amount.map_or(Some(known), |amount| known.with_amount(amount))
    }

    /// The number that goes with it: seconds, milliseconds, or 0 where there is none.
    pub fn amount(self) -> i64 {
        match self {
            Self::TooManyRequests { retry_after } => retry_after.into(),
            Self::Slow { ms } => ms.into(),
            Self::ClockSkew { seconds } => seconds,
            Self::Expired { after } => after.into(),
            _ => 0,
        }
    }

    fn with_amount(self, amount: i64) -> Option<Self> {
        let small = u32::try_from(amount);
        Some(match self {
            Self::TooManyRequests { .. } => Self::TooManyRequests { retry_after: small.ok()? },
            Self::Slow { .. } => Self::Slow { ms: small.ok()? },
            Self::ClockSkew { .. } => Self::ClockSkew { seconds: amount },
            Self::Expired { .. } => Self::Expired { after: small.ok()? },
            _ => return None,
        })
    }

    /// One of each, with the amounts they have when none is given.
    pub fn all() -> &'static [Self] {
        &Self::ALL
    }

    /// What it does, in words for people: a label, without a full stop.
    pub fn label(self) -> &'static str {
        match self {
            Self::Deny => "Every sign-in is declined",
            Self::Replay => "Codes and refresh tokens count as already used",
            Self::Revoked => "Tokens count as withdrawn",
            Self::TooManyRequests { .. } => "Requests are turned away as too many",
            Self::BadGateway => "Requests end at a gateway",
            Self::ServerError => "Requests fail inside the server",
            Self::Slow { .. } => "Answers come late",
            Self::ClockSkew { .. } => "The server's clock is wrong",
            Self::NoRefreshToken => "No refresh token is given",
            Self::FormEncoded => "Tokens come as a form instead of JSON",
            Self::FewerScopes => "The last scope is not granted",
            Self::Expired { .. } => "Access tokens expire early",
            Self::TruncatedJson => "JSON answers are cut off",
            Self::WrongContentType => "JSON answers are labelled as HTML",
        }
    }
}

impl From<bool> for Lasting {
    /// On until turned off, or off.
    fn from(on: bool) -> Self {
        if on { Self::Always } else { Self::Off }
    }
}

/// A fault as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct On {
    pub(crate) name: String,
    amount: i64,
    left: Option<u32>,
}

impl Kind for On {
    const KIND: &'static str = "fault";
}

pub(crate) fn all(rows: &Rows) -> Result<Vec<On>, StoreError> {
    Ok(rows.list()?.into_iter().map(|(_, on)| on).collect())
}

pub(crate) fn list(rows: &Rows) -> Result<Vec<(Fault, Lasting)>, StoreError> {
    let known = |on: On| {
        let fault = Fault::from_name(&on.name)?;
        let lasting = on.left.map_or(Lasting::Always, Lasting::Times);
        Some((fault.with_amount(on.amount).unwrap_or(fault), lasting))
    };
    Ok(all(rows)?.into_iter().filter_map(known).collect())
}

pub(crate) fn set(rows: &Rows, fault: Fault, lasting: Lasting) -> Result<(), StoreError> {
    let left = match lasting {
        Lasting::Off | Lasting::Times(0) => return rows.remove::<On>(fault.name()).map(drop),
        Lasting::Times(times) => Some(times),
        Lasting::Always => None,
    };
    rows.put(fault.name(), &On { name: fault.name().to_owned(), amount: fault.amount(), left }, None)
}

/// Takes one time off a fault. `None`: another request took the last one.
pub(crate) fn use_up(rows: &Rows, on: &On) -> Result<Option<i64>, StoreError> {
    if on.left.is_none() {
        return Ok(Some(on.amount));
    }
    let mut amount = None;
    rows.update::<On>(&on.name, |kept| {
        amount = kept.as_ref().map(|kept| kept.amount);
        match kept.as_mut().map(|kept| &mut kept.left) {
            Some(Some(left)) if *left > 1 => *left -= 1,
            Some(None) => {}
            _ => *kept = None,
        }
    })?;
    Ok(amount)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for fault in Fault::ALL {
            assert_eq!(Fault::from_name(fault.name()), Some(fault));
            assert!(!fault.label().ends_with('.') && fault.label().starts_with(char::is_uppercase));
        }
        let check = |text: &str, expect: Option<Fault>| assert_eq!(Fault::from_name(text), expect, "{text}");
        check("slow=250", Some(Fault::Slow { ms: 250 }));
        check("clock-skew=-600", Some(Fault::ClockSkew { seconds: -600 }));
        check("expired=30", Some(Fault::Expired { after: 30 }));
        check("slow=-1", None);
        check("slow=soon", None);
        check("deny=1", None);
        check("Deny", None);
        check("", None);
    }
}
