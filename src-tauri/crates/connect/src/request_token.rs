//! The signed requests of OAuth 1.0a (RFC 5849 section 2).

use http::Method;
use url::Url;
use wire::{Caller, Request, Response, WireError};
use zeroize::Zeroizing;

use crate::http::{Call, Failure, send};
use crate::normalise::{Odd, Refused, normalise};
use crate::oauth1::{self, Keys, Token};
use crate::plan::Plan;
use crate::words::{self, Step};
use crate::{ConnectError, Core, explain};

/// A token and its secret.
pub(crate) type Pair = (Zeroizing<String>, Zeroizing<String>);

/// Asks for a request token and gives the address for the browser. Our state rides in the callback's query.
pub(crate) async fn request_token(
    core: &Core,
    plan: &Plan,
    redirect: &str,
    state: &str,
) -> Result<(Url, Pair), ConnectError> {
    let unusable = || ConnectError::from(words::no_address(&plan.party, "authorize URL"));
    let mut callback = Url::parse(redirect).map_err(|_| unusable())?;
    callback.query_pairs_mut().append_pair("state", state);
    let (first, browser) = plan.request_token.as_ref().zip(plan.authorize.as_ref()).ok_or_else(unusable)?;
    let token = token(core, plan, first, &[("oauth_callback", callback.as_str())], None, "request token").await;
    let token = token.and_then(|token| {
        let refused = Failure::Refused(Refused::Odd { status: 200, odd: Odd::NoToken });
        token.confirmed.then_some(token).ok_or(refused)
    });
    let token = token.map_err(|failure| explain::failure(plan, Step::Exchange, &failure))?;
    let mut url = browser.clone();
    url.query_pairs_mut().append_pair("oauth_token", &token.token);
    for (name, value) in &plan.authorize_params {
        url.query_pairs_mut().append_pair(name, value);
    }
    Ok((url, (token.token, token.secret)))
}

/// Trades a verified request token for an access token.
pub(crate) async fn access_token(core: &Core, plan: &Plan, pair: &Pair, verifier: &str) -> Result<Token, Failure> {
    let Some(url) = &plan.token else { return Err(Failure::Wire(WireError::BadUrl)) };
    token(core, plan, url, &[("oauth_verifier", verifier)], Some(pair), "sign-in").await
}

async fn token(
    core: &Core,
    plan: &Plan,
    url: &Url,
    oauth: &[(&str, &str)],
    pair: Option<&Pair>,
    what: &str,
) -> Result<Token, Failure> {
    let extra = oauth.iter().map(|(_, value)| Zeroizing::new((*value).to_owned())).collect();
    let response = signed(core, plan, Method::POST, url, oauth, pair, extra, what).await.map_err(Failure::Wire)?;
    let read = (200..300).contains(&response.status).then(|| std::str::from_utf8(&response.body).ok()).flatten();
    match read.and_then(oauth1::read_token) {
        Some(token) => Ok(token),
        None => {
            let refused = normalise(response.status, &response.headers, &response.body, core.now()).err();
            Err(Failure::Refused(refused.unwrap_or(Refused::Odd { status: response.status, odd: Odd::NoToken })))
        }
    }
}

/// Sends a signed request.
#[expect(clippy::too_many_arguments, reason = "each is one part of one request")]
pub(crate) async fn signed(
    core: &Core,
    plan: &Plan,
    method: Method,
    url: &Url,
    oauth: &[(&str, &str)],
    pair: Option<&Pair>,
    mut secrets: Vec<Zeroizing<String>>,
    what: &str,
) -> Result<Response, WireError> {
    let nonce = core.random();
    let request = oauth1::Request {
        method: method.as_str(),
        url,
        form: &[],
        oauth,
        nonce: &nonce,
        timestamp: core.now().as_second(),
    };
    let keys = Keys {
        consumer_key: &plan.client_id,
        consumer_secret: plan.client_secret.as_ref().map_or("", |secret| secret.as_str()),
        token: pair.map(|(token, secret)| (token.as_str(), secret.as_str())),
    };
    let authorization = oauth1::header(&request, &keys);
    secrets.extend(pair.into_iter().flat_map(|(token, secret)| [token.clone(), secret.clone()]));
    let call = Call {
        method,
        url,
        headers: vec![("Authorization".into(), authorization.to_string())],
        form: None,
        what,
        caller: Caller::OAuth,
        secrets,
        timeout: Request::OAUTH_TIMEOUT,
    };
    send(core, &plan.asker(), call).await
}
