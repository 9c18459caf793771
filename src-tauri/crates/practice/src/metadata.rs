//! What a server says about itself: RFC 8414 and OpenID Connect Discovery 1.0.

use serde_json::json;

use crate::call::Call;
use crate::reply::Reply;
use crate::vendors::{self, Vendor};

/// Whether a call asks for it. The path of RFC 8414 may go on with the issuer's own.
pub(crate) fn is_asked(call: &Call) -> bool {
    call.path.ends_with("/.well-known/openid-configuration")
        || call.path.starts_with("/.well-known/oauth-authorization-server")
}

/// Endpoints are named as the real ones: whoever practises a host plays them here by itself.
pub(crate) fn answer(call: &Call) -> Reply {
    let host = &call.host;
    let (authorize, token, revoke, userinfo) = match call.vendor() {
        Vendor::Google => (
            "https://accounts.google.com/o/oauth2/v2/auth".to_owned(),
            "https://oauth2.googleapis.com/token".to_owned(),
            "https://oauth2.googleapis.com/revoke".to_owned(),
            "https://openidconnect.googleapis.com/v1/userinfo".to_owned(),
        ),
        _ => (
            format!("https://{host}/authorize"),
            format!("https://{host}/token"),
            format!("https://{host}/revoke"),
            format!("https://{host}/userinfo"),
        ),
    };
    let issuer = vendors::issuer(host);
    Reply::json(
        200,
        &json!({
            "issuer": issuer.clone().unwrap_or_else(|| format!("https://{host}")),
            "authorization_endpoint": authorize,
            "token_endpoint": token,
            "revocation_endpoint": revoke,
            "userinfo_endpoint": userinfo,
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "form_post"],
            "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "authorization_response_iss_parameter_supported": issuer.is_some(),
        }),
    )
}
