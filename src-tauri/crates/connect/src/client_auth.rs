//! How a client proves itself (RFC 6749 section 2.3.1): one function for codes, refreshes, client credentials and revocation.

use data_encoding::BASE64;
use providers::ClientAuth;
use zeroize::Zeroizing;

use crate::plan::Plan;

/// One way of proving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Style {
    /// `Authorization: Basic`.
    Basic,
    /// Id and secret in the form.
    Body,
    /// The id alone in the form.
    None,
}

/// The ways to try, in order. The second is tried once, when the first is answered with `invalid_client`.
pub(crate) fn styles(plan: &Plan, remembered: Option<Style>) -> Vec<Style> {
    if plan.client_secret.is_none() {
        return vec![Style::None];
    }
    match (plan.client_auth, remembered) {
        (ClientAuth::Basic, _) => vec![Style::Basic],
        (ClientAuth::Body, _) => vec![Style::Body],
        (ClientAuth::None, _) => vec![Style::None],
        (ClientAuth::Auto, Some(Style::Body)) => vec![Style::Body, Style::Basic],
        (ClientAuth::Auto, _) => vec![Style::Basic, Style::Body],
    }
}

/// Puts the client into a request, in this style only: what stood in the form before is taken out.
pub(crate) fn dress(
    style: Style,
    plan: &Plan,
    headers: &mut Vec<(String, String)>,
    form: &mut Vec<(String, Zeroizing<String>)>,
) {
    form.retain(|(name, _)| name != "client_id" && name != "client_secret");
    let secret = plan.client_secret.as_deref().filter(|secret| !secret.is_empty());
    match (style, secret) {
        (Style::Basic, Some(secret)) => {
            let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let pair = Zeroizing::new(format!("{}:{}", encode(&plan.client_id), encode(secret)));
            headers.push(("Authorization".into(), format!("Basic {}", BASE64.encode(pair.as_bytes()))));
        }
        (Style::Body, Some(secret)) => {
            form.push(("client_id".into(), Zeroizing::new(plan.client_id.clone())));
            form.push(("client_secret".into(), secret.clone()));
        }
        _ => form.push(("client_id".into(), Zeroizing::new(plan.client_id.clone()))),
    }
}
