//! The three requests for tokens, built with `oauth2`.

use std::sync::Mutex;

use oauth2::basic::BasicClient;
use oauth2::{
    AuthType, AuthorizationCode, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken,
    Scope, TokenUrl,
};
use url::Url;
use zeroize::Zeroizing;

use crate::Core;
use crate::client_auth::Style;
use crate::http::{Answer, Form, Seam, ask};
use crate::normalise::Odd;
use crate::plan::{Plan, ResponseMode};

/// What tokens are asked for with.
pub(crate) enum Proof<'p> {
    Code { code: &'p str, redirect: &'p str, verifier: Option<&'p str> },
    Refresh(&'p str),
    Client,
}

/// Asks the token endpoint.
pub(crate) async fn tokens(core: &Core, plan: &Plan, proof: Proof<'_>, remembered: Option<Style>) -> Answer {
    let Some(url) = plan.token.clone() else { return Answer::unsent(core) };
    let what = match proof {
        Proof::Code { .. } => "sign-in",
        Proof::Refresh(_) => "refresh",
        Proof::Client => "client credentials",
    };
    let seam = Seam { core, plan, remembered, what, seen: Mutex::new(None) };
    // The secret is added where the request is sent, so that one function decides how for revoking too.
    let client = BasicClient::new(ClientId::new(plan.client_id.clone()))
        .set_auth_type(AuthType::RequestBody)
        .set_token_uri(TokenUrl::from_url(url));
    let answered = match proof {
        Proof::Code { code, redirect, verifier } => {
            let Ok(redirect) = RedirectUrl::new(redirect.to_owned()) else { return Answer::unsent(core) };
            let client = client.set_redirect_uri(redirect);
            let mut request = client.exchange_code(AuthorizationCode::new(code.to_owned()));
            if let Some(verifier) = verifier {
                request = request.set_pkce_verifier(PkceCodeVerifier::new(verifier.to_owned()));
            }
            for (name, value) in &plan.token_params {
                request = request.add_extra_param(name.as_str(), value.as_str());
            }
            request.request_async(&seam).await.map(drop).map_err(drop)
        }
        Proof::Refresh(token) => {
            let token = RefreshToken::new(token.to_owned());
            let mut request = client.exchange_refresh_token(&token);
            for (name, value) in &plan.refresh_params {
                request = request.add_extra_param(name.as_str(), value.as_str());
            }
            request.request_async(&seam).await.map(drop).map_err(drop)
        }
        Proof::Client => {
            let mut request = client.exchange_client_credentials();
            if !plan.scope.trim().is_empty() {
                request = request.add_scope(Scope::new(plan.scope.clone()));
            }
            for (name, value) in &plan.token_params {
                request = request.add_extra_param(name.as_str(), value.as_str());
            }
            request.request_async(&seam).await.map(drop).map_err(drop)
        }
    };
    let answer = seam.into_seen();
    // `oauth2` is stricter than the reading before it; its word counts.
    if answered.is_err() && answer.result.is_ok() { answer.refused(Odd::NoToken) } else { answer }
}

/// Trades a short-lived token for a long-lived one, where the provider has that.
pub(crate) async fn long_lived(core: &Core, plan: &Plan, token: &Zeroizing<String>, style: Style) -> Option<Answer> {
    let (exchange, url) = (plan.sign_in.exchange.as_ref()?, plan.token.as_ref()?);
    let form: Form = vec![
        ("grant_type".into(), Zeroizing::new(exchange.grant_type.into())),
        (exchange.token_field.into(), token.clone()),
    ];
    Some(ask(core, plan, url, &form, Some(style), "long-lived token").await)
}

/// The address that the browser opens: the provider's own, before practice plays it.
pub(crate) fn authorize_url(plan: &Plan, redirect: &str, state: &str, verifier: Option<&str>) -> Option<Url> {
    let client = BasicClient::new(ClientId::new(plan.client_id.clone()))
        .set_auth_uri(oauth2::AuthUrl::from_url(plan.authorize.clone()?))
        .set_redirect_uri(RedirectUrl::new(redirect.to_owned()).ok()?);
    let mut request = client.authorize_url(|| CsrfToken::new(state.to_owned()));
    // One scope of its own, so that it goes out as it was written, commas included.
    if !plan.scope.trim().is_empty() {
        request = request.add_scope(Scope::new(plan.scope.clone()));
    }
    if let Some(verifier) = verifier {
        let verifier = PkceCodeVerifier::new(verifier.to_owned());
        request = request.set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
    }
    match plan.response {
        ResponseMode::Query => {}
        ResponseMode::FormPost => request = request.add_extra_param("response_mode", "form_post"),
        ResponseMode::Fragment => request = request.add_extra_param("response_mode", "fragment"),
    }
    for (name, value) in &plan.authorize_params {
        request = request.add_extra_param(name.as_str(), value.as_str());
    }
    Some(request.url().0)
}
