//! The pages that the browser ends at. Static text about the attempt; nothing that came with the request stands in them.

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64;

/// What a page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) heading: String,
    pub(crate) text: String,
    pub(crate) practice: bool,
    pub(crate) mood: Mood,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Good,
    Bad,
    Neutral,
}

/// Moves an answer from behind the `#`, which browsers never send, to behind the `?`.
const FORWARD: &str = "location.replace(location.pathname+'?'+location.hash.slice(1))";

const STYLE: &str = "\
:root{color-scheme:light dark;--bg:#f6f6f4;--fg:#1d1f21;--soft:#5d6167;--good:#1a7f4b;--bad:#b3261e;--line:#d8d8d4}\
@media (prefers-color-scheme:dark){:root{--bg:#17191c;--fg:#e8e8e4;--soft:#a3a7ad;--good:#5cc98d;--bad:#f2857c;--line:#34373c}}\
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--bg);color:var(--fg);\
font:16px/1.5 system-ui,sans-serif;padding:1rem}main{max-width:32rem;width:100%;border:1px solid var(--line);\
border-radius:12px;padding:2rem}h1{font-size:1.25rem;margin:0 0 .5rem}p{margin:.5rem 0;color:var(--soft)}\
.good h1{color:var(--good)}.bad h1{color:var(--bad)}small{color:var(--soft)}\
.label{display:inline-block;border:1px solid currentColor;border-radius:99px;padding:0 .6rem;font-size:.8rem}";

impl Page {
    /// The one answer to everything that is not this attempt's.
    pub(crate) fn neutral() -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            heading: "This callback belongs to another sign-in".into(),
            text: "Start again from Patchbay. You may close this page.".into(),
            practice: false,
            mood: Mood::Neutral,
        }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mood = match self.mood {
            Mood::Good => "good",
            Mood::Bad => "bad",
            Mood::Neutral => "neutral",
        };
        let label = if self.practice { "<p class=\"label\">practice</p>" } else { "" };
        let body = format!(
            "<main class=\"{mood}\"><h1>{}</h1>{label}<p role=\"status\">{}</p><small>Patchbay, on this computer</small></main>",
            escape(&self.heading),
            escape(&self.text)
        );
        (self.status, page(&self.heading, &body, None)).into_response()
    }
}

/// The page that forwards what stands behind the `#`; for attempts that asked for it only.
pub(crate) fn forward() -> Response {
    let body = format!("<main><h1>One moment</h1><p>Patchbay reads the answer.</p></main><script>{FORWARD}</script>");
    page("One moment", &body, Some(FORWARD)).into_response()
}

/// Elsewhere on the listener there is nothing.
pub(crate) fn nothing() -> Response {
    (StatusCode::NOT_FOUND, headers(None), "Nothing is here.\n").into_response()
}

/// Sends the browser on to an address without the answer in it, so that it stays out of the history.
pub(crate) fn done(path: &'static str) -> Response {
    let location = [(header::LOCATION, HeaderValue::from_static(path))];
    (StatusCode::FOUND, headers(None), location).into_response()
}

fn page(title: &str, body: &str, script: Option<&str>) -> impl IntoResponse {
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{} - Patchbay</title><style>{STYLE}</style>{body}</html>",
        escape(title)
    );
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))];
    (headers(script), kind, html)
}

fn headers(script: Option<&str>) -> [(HeaderName, HeaderValue); 5] {
    let mut policy = String::from(
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    if let Some(script) = script {
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, script.as_bytes());
        policy.push_str(&format!("; script-src 'sha256-{}'", BASE64.encode(hash.as_ref())));
    }
    let policy = HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    ]
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_inert() {
        let page = Page {
            status: StatusCode::OK,
            heading: "<script>alert(1)</script>".into(),
            text: "\"'&".into(),
            practice: true,
            mood: Mood::Bad,
        };
        let response = page.into_response();
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"), "{policy}");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        assert_eq!(response.headers()[header::REFERRER_POLICY], "no-referrer");
        assert_eq!(escape("<a href=\"'&'\">"), "&lt;a href=&quot;&#39;&amp;&#39;&quot;&gt;");
    }

    #[test]
    fn only_the_forwarding_page_has_a_script_and_its_hash_is_right() {
        let policy = forward().headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        // From `printf %s "$FORWARD" | openssl dgst -sha256 -binary | base64`.
        assert!(policy.ends_with("; script-src 'sha256-diQkvCimT1WXjc5L0yR1KuU/LaqOU35/MV0n4Ic6S8w='"), "{policy}");
    }
}
