//! HTTP calls of scripts: what `http_get` and its like ask for.

mod build;
mod reveal;

use bubblescript::{Place, Text};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub(crate) use self::build::{Built, build};
use crate::wanted::Carried;

/// An HTTP call, with handles in the place of secrets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HttpCall {
    /// The method.
    pub method: Method,
    /// The address, with the query.
    pub url: Text,
    /// Names and values. There is no `Content-Type` among them unless the script gave one.
    pub headers: Vec<(String, Text)>,
    /// The body.
    pub body: Body,
    /// Whether redirects are followed.
    pub follow: bool,
    /// How long the whole call may take, in seconds, from 1 to 120.
    pub timeout_seconds: u64,
    /// The aliases that went into any part, in alphabetical order.
    pub aliases: Vec<String>,
    /// The call in the script.
    pub place: Place,
}

/// The methods that scripts have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// `http_get`
    Get,
    /// `http_post`
    Post,
    /// `http_put`
    Put,
    /// `http_patch`
    Patch,
    /// `http_delete`
    Delete,
}

impl Method {
    pub(crate) fn of(function: &str) -> Option<Self> {
        [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete].into_iter().find(|own| own.function() == function)
    }

    /// The method as HTTP writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// The function of the language.
    pub fn function(self) -> &'static str {
        match self {
            Self::Get => "http_get",
            Self::Post => "http_post",
            Self::Put => "http_put",
            Self::Patch => "http_patch",
            Self::Delete => "http_delete",
        }
    }
}

/// The body of a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Body {
    /// None.
    None,
    /// `form:`, names and values, not encoded yet.
    Form(Vec<(String, Text)>),
    /// `json:` or a second argument: a JSON text.
    Json(Text),
    /// `body:`, as it stands.
    Raw(Text),
}

/// A call in clear text, ready to be sent. Wiped when dropped.
pub struct Revealed {
    /// The address.
    pub url: Zeroizing<String>,
    /// Names and values, `Content-Type` included where the body has one.
    pub headers: Vec<(String, Zeroizing<String>)>,
    /// The encoded body.
    pub body: Zeroizing<String>,
    /// Every distinct secret text that stands in the call, and the tokens that these were made of. Longest first.
    pub secrets: Vec<Carried>,
}

impl std::fmt::Debug for Revealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Revealed").field("secrets", &self.secrets).finish_non_exhaustive()
    }
}
