//! The one way from this crate to the network, and the seam between `oauth2` and `wire`.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{HeaderValue, Method, header};
use jiff::Timestamp;
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use serde_json::json;
use thiserror::Error;
use url::Url;
use wire::{Caller, Carried, Cause, Request, Response, WireError};
use zeroize::Zeroizing;

use crate::Core;
use crate::client_auth::{self, Style};
use crate::normalise::{Granted, Odd, Refused, normalise};
use crate::plan::Plan;

/// Why nothing usable came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It was not sent, or not answered.
    Wire(WireError),
    /// It was answered.
    Refused(Refused),
}

/// What a token endpoint gave, and how it was asked.
pub(crate) struct Answer {
    pub(crate) result: Result<Granted, Failure>,
    /// The style of client authentication that was used last.
    pub(crate) style: Style,
    /// Seconds by which the server's clock is ahead of this computer's, where it told the time.
    pub(crate) skew: Option<i64>,
    /// When the answer came.
    pub(crate) at: Timestamp,
}

/// Fields of a form, wiped after use.
pub(crate) type Form = Vec<(String, Zeroizing<String>)>;

/// On whose behalf a request goes out.
#[derive(Clone)]
pub(crate) struct Asker {
    pub(crate) alias: String,
    pub(crate) open_bot: String,
    pub(crate) practice: Option<SocketAddr>,
    /// Masked in every request.
    pub(crate) client_secret: Option<Arc<Zeroizing<String>>>,
}

/// One request.
pub(crate) struct Call<'c> {
    pub(crate) method: Method,
    pub(crate) url: &'c Url,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) form: Option<&'c Form>,
    /// In words, for the record: `refresh`.
    pub(crate) what: &'c str,
    pub(crate) caller: Caller,
    pub(crate) secrets: Vec<Zeroizing<String>>,
    pub(crate) timeout: Duration,
}

impl Failure {
    /// Nothing went out, so nothing can have happened.
    pub(crate) fn is_unsent(&self) -> bool {
        let Self::Wire(error) = self else { return false };
        !matches!(
            error,
            WireError::TimedOut { .. }
                | WireError::Interrupted { .. }
                | WireError::TooLarge { .. }
                | WireError::Unreachable { .. }
                | WireError::Refused { .. }
                | WireError::Tls { .. }
        )
    }

    /// Whether the provider may have acted although no usable answer came.
    pub(crate) fn is_unanswered(&self) -> bool {
        matches!(
            self,
            Self::Wire(WireError::TimedOut { .. } | WireError::Interrupted { .. } | WireError::TooLarge { .. })
                | Self::Refused(Refused::Odd { status: 200..=299, .. } | Refused::Later { status: 500.., .. })
        )
    }

    /// The provider's word for it, if it gave one.
    pub(crate) fn error(&self) -> Option<&str> {
        match self {
            Self::Refused(refused) => refused.error(),
            Self::Wire(_) => None,
        }
    }

    /// Whether the provider said for good that the grant is over: the one error that ends a connection.
    pub(crate) fn is_final(&self) -> bool {
        matches!(self, Self::Refused(Refused::Said(said)) if said.error == "invalid_grant")
    }
}

impl Plan {
    pub(crate) fn asker(&self) -> Asker {
        Asker {
            alias: self.alias.clone(),
            open_bot: self.open_bot.clone(),
            practice: self.practice,
            client_secret: self.client_secret.clone(),
        }
    }
}

/// Sends a request.
pub(crate) async fn send(core: &Core, asker: &Asker, call: Call<'_>) -> Result<Response, WireError> {
    let cause = Cause {
        caller: call.caller,
        bot: asker.open_bot.clone(),
        chat: None,
        place: None,
        what: format!("{} of {}", call.what, asker.alias),
    };
    let mut request = Request::new(call.method, call.url.clone(), cause);
    request.headers = call.headers;
    request.timeout = call.timeout;
    if let Some(form) = call.form {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(form.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        request.body = body.finish().into_bytes();
        request.headers.push(("Content-Type".into(), "application/x-www-form-urlencoded".into()));
    }
    let client = asker.client_secret.iter().map(|secret| Zeroizing::clone(secret));
    let carried = |value| Carried { alias: asker.alias.clone(), value, practice: asker.practice.is_some() };
    request.secrets = client.chain(call.secrets).filter(|value| !value.is_empty()).map(carried).collect();
    core.setup.wire.send(request).await
}

/// Posts a form to a token endpoint and reads the answer. Client authentication is added here, and nowhere else.
pub(crate) async fn ask(
    core: &Core,
    plan: &Plan,
    url: &Url,
    form: &Form,
    remembered: Option<Style>,
    what: &str,
) -> Answer {
    let mut styles = client_auth::styles(plan, remembered).into_iter();
    let mut style = styles.next().unwrap_or(Style::None);
    loop {
        let (mut dressed, mut headers) = (form.clone(), Vec::new());
        client_auth::dress(style, plan, &mut headers, &mut dressed);
        let answer = post(core, &plan.asker(), url, headers, &dressed, style, what).await;
        let unknown = matches!(&answer.result, Err(failure) if failure.error() == Some("invalid_client"));
        match styles.next().filter(|_| unknown) {
            Some(next) => style = next,
            None => return answer,
        }
    }
}

/// Posts a form as it stands.
pub(crate) async fn post(
    core: &Core,
    asker: &Asker,
    url: &Url,
    mut headers: Vec<(String, String)>,
    form: &Form,
    style: Style,
    what: &str,
) -> Answer {
    const SECRET: [&str; 6] = ["code", "code_verifier", "refresh_token", "client_secret", "assertion", "token"];
    headers.push(("Accept".into(), "application/json".into()));
    let is_secret = |name: &str| SECRET.contains(&name) || name.ends_with("_token");
    let call = Call {
        method: Method::POST,
        url,
        headers,
        form: Some(form),
        what,
        caller: Caller::OAuth,
        secrets: form.iter().filter(|(name, _)| is_secret(name)).map(|(_, value)| value.clone()).collect(),
        timeout: Request::OAUTH_TIMEOUT,
    };
    let sent = send(core, asker, call).await;
    let at = core.now();
    let skew = sent.as_ref().ok().and_then(|response| response.date).map(|date| date.as_second() - at.as_second());
    let result = sent.map_err(Failure::Wire).and_then(|response| {
        normalise(response.status, &response.headers, &response.body, at).map_err(Failure::Refused)
    });
    Answer { result, style, skew, at }
}

/// What `oauth2` sends its requests through. It gets the answer in the words of RFC 6749; the rest is kept here.
pub(crate) struct Seam<'s> {
    pub(crate) core: &'s Core,
    pub(crate) plan: &'s Plan,
    pub(crate) remembered: Option<Style>,
    pub(crate) what: &'static str,
    pub(crate) seen: Mutex<Option<Answer>>,
}

/// Stands for an answer that was kept in the seam.
#[derive(Debug, Error)]
#[error("the answer was refused")]
pub(crate) struct Kept;

impl Seam<'_> {
    pub(crate) fn into_seen(self) -> Answer {
        let seen = self.seen.into_inner().unwrap_or_else(PoisonError::into_inner);
        seen.unwrap_or_else(|| Answer::unsent(self.core))
    }

    async fn relay(&self, request: HttpRequest) -> Result<HttpResponse, Kept> {
        let url: Url = request.uri().to_string().parse().map_err(|_| Kept)?;
        let body = Zeroizing::new(request.into_body());
        let form: Form = url::form_urlencoded::parse(&body)
            .map(|(name, value)| (name.into_owned(), Zeroizing::new(value.into_owned())))
            .collect();
        let answer = ask(self.core, self.plan, &url, &form, self.remembered, self.what).await;
        let words = answer.result.as_ref().map(|granted| {
            json!({
                "access_token": granted.access_token.as_str(),
                "token_type": "bearer",
                "expires_in": granted.expires_in,
                "refresh_token": granted.refresh_token.as_ref().map(|token| token.as_str()),
                "scope": granted.scope,
            })
        });
        let words = words.map(|words| words.to_string().into_bytes()).map_err(|_| Kept);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        let mut response = HttpResponse::new(words?);
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(response)
    }
}

impl Answer {
    /// For a request that could not be made up.
    pub(crate) fn unsent(core: &Core) -> Self {
        let result = Err(Failure::Wire(WireError::BadUrl));
        Self { result, style: Style::None, skew: None, at: core.now() }
    }

    /// The same, with its token refused.
    pub(crate) fn refused(self, odd: Odd) -> Self {
        Self { result: Err(Failure::Refused(Refused::Odd { status: 200, odd })), ..self }
    }
}

impl<'c> AsyncHttpClient<'c> for Seam<'_> {
    type Error = Kept;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Kept>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.relay(request))
    }
}
