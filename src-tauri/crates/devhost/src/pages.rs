//! The built interface, as the shell would serve it: same policy, same files.

use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::Host;

/// The shell's policy, but for the way commands travel.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-src 'none'; form-action 'none'";

/// A file of the interface. The page itself learns the token, which its reader had to know to get it.
pub(crate) async fn page(State(host): State<Host>, uri: Uri) -> Response {
    let name = match uri.path().trim_start_matches('/') {
        "" => "index.html",
        name => name,
    };
    let plain = name.split('/').all(|part| !part.is_empty() && !part.starts_with('.'));
    let Some(kind) = kind(name).filter(|_| plain) else { return StatusCode::NOT_FOUND.into_response() };
    let Ok(mut bytes) = tokio::fs::read(host.ui.join(name)).await else { return StatusCode::NOT_FOUND.into_response() };
    if name == "index.html" {
        let page = String::from_utf8_lossy(&bytes).into_owned();
        let meta = format!("<head><meta name=\"patchbay-token\" content=\"{}\">", host.token.expose());
        bytes = page.replacen("<head>", &meta, 1).into_bytes();
    }
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, POLICY)], bytes).into_response()
}

fn kind(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        _ => return None,
    })
}
