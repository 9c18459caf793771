//! Who signed in: the provider is asked with the new token.

use data_encoding::HEXLOWER;
use http::Method;
use providers::{Protocol, UserInfo};
use serde_json::Value;
use url::Url;
use wire::{Caller, Request};

use crate::Core;
use crate::entry::Flow;
use crate::grant::Grant;
use crate::http::{Call, Failure, send};
use crate::normalise::{Odd, Refused, Said};
use crate::plan::Plan;
use crate::profile::{self, Person};
use crate::request_token::signed;

/// A person, and the provider's answers as they came.
#[derive(Debug, Default)]
pub(crate) struct Who {
    pub(crate) person: Person,
    pub(crate) raw: Value,
}

/// Asks. `None`: the provider has no address for it, or nobody signed in.
pub(crate) async fn who(core: &Core, plan: &Plan, grant: &Grant, caller: Caller) -> Option<Result<Who, Failure>> {
    // A client that acts for itself is nobody.
    if plan.flow == Flow::ClientCredentials {
        return None;
    }
    let scope = grant.scope.as_deref().unwrap_or(&plan.scope);
    let first = plan.sign_in.userinfo_for(scope)?;
    let is_usual = plan.sign_in.userinfo.as_ref().is_some_and(|usual| usual.url == first.url);
    let url = if is_usual { plan.userinfo.clone() } else { Url::parse(first.url).ok() };
    let mut next = Some((first, url?));
    let mut answers: Vec<(&UserInfo, Value)> = Vec::new();
    while let Some((info, url)) = next.take() {
        match answer(core, plan, grant, info, url, caller).await {
            Ok(value) => answers.push((info, value)),
            Err(failure) if answers.is_empty() => return Some(Err(failure)),
            // What the first answer told is enough.
            Err(failure) => tracing::debug!(?failure, "a further address of user info failed"),
        }
        next = info.then.and_then(|then| Some((then, Url::parse(then.url).ok()?)));
    }
    let pairs: Vec<_> = answers.iter().map(|(info, value)| (&info.profile, value)).collect();
    let person = profile::read(&pairs, &plan.userinfo_map);
    let raw = answers.into_iter().next().map_or(Value::Null, |(_, value)| value);
    Some(Ok(Who { person, raw }))
}

async fn answer(
    core: &Core,
    plan: &Plan,
    grant: &Grant,
    info: &UserInfo,
    mut url: Url,
    caller: Caller,
) -> Result<Value, Failure> {
    let token = grant.access_token.clone().unwrap_or_default();
    let mut secrets = vec![token.clone()];
    if info.app_secret_proof
        && let Some(secret) = &plan.client_secret
    {
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret.as_bytes());
        let proof = HEXLOWER.encode(aws_lc_rs::hmac::sign(&key, token.as_bytes()).as_ref());
        url.query_pairs_mut().append_pair("appsecret_proof", &proof);
        secrets.push(zeroize::Zeroizing::new(proof));
    }
    let response = if plan.sign_in.protocol == Protocol::OAuth1 {
        let pair = (token, grant.token_secret.clone().unwrap_or_default());
        signed(core, plan, Method::GET, &url, &[], Some(&pair), secrets, "user info").await
    } else {
        let mut headers = vec![
            ("Authorization".to_owned(), format!("Bearer {}", token.as_str())),
            ("Accept".to_owned(), "application/json".to_owned()),
        ];
        headers.extend(info.headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let call = Call {
            method: Method::GET,
            url: &url,
            headers,
            form: None,
            what: "user info",
            caller,
            secrets,
            timeout: Request::OAUTH_TIMEOUT,
        };
        send(core, &plan.asker(), call).await
    };
    let response = response.map_err(Failure::Wire)?;
    let odd = |odd| Failure::Refused(Refused::Odd { status: response.status, odd });
    match response.status {
        200..=299 => serde_json::from_slice::<Value>(&response.body)
            .ok()
            .filter(Value::is_object)
            .ok_or_else(|| odd(Odd::NotJson)),
        401 => Err(Failure::Refused(Refused::Said(Said { error: "invalid_token".into(), ..Said::default() }))),
        status @ (429 | 500..) => Err(Failure::Refused(Refused::Later { status, after: None, said: None })),
        _ => Err(odd(Odd::Status)),
    }
}
