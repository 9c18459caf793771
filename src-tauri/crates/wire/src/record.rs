use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use crate::{Cause, Mask};

/// What is kept of a body.
const KEPT: usize = 64 * 1024;
/// Headers that prove who asks: of their values only the scheme is shown.
const PROOFS: [&str; 6] =
    ["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", crate::TOKEN_HEADER];

/// One request and its answer, or why there was none. Every text is masked. A redirect that was followed is an exchange of
/// its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exchange {
    /// Counts up from 1 in one run.
    pub id: u64,
    #[serde(serialize_with = "as_text")]
    pub at: Timestamp,
    pub cause: Cause,
    pub method: String,
    /// The provider's own address, also when practice played it.
    pub url: String,
    pub request_headers: Vec<(String, String)>,
    /// As text, cut at 64 KiB; what is not text is described.
    pub request_body: String,
    /// `None`: there was no answer, see `error`.
    pub status: Option<u16>,
    pub response_headers: Vec<(String, String)>,
    /// As text, cut at 64 KiB; what is not text is described.
    pub response_body: String,
    /// How long it took in milliseconds.
    pub ms: u64,
    /// The practice server was asked.
    pub practice: bool,
    pub aliases: Vec<String>,
    /// Why there was no complete answer, for people.
    pub error: Option<String>,
    /// A body was longer than what is kept of it.
    pub truncated: bool,
}

fn as_text<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}

/// Where exchanges go when they are over.
pub(crate) type Sink = Arc<dyn Fn(Exchange) + Send + Sync>;

/// An exchange that goes on. It reaches the record however it ends, also when whoever waits for it goes away.
pub(crate) struct Pending {
    exchange: Option<Exchange>,
    mask: Arc<Mask>,
    sink: Sink,
    began: Instant,
}

impl Pending {
    /// `exchange` has its request's fields unmasked and everything else empty.
    pub(crate) fn begin(mut exchange: Exchange, body: &[u8], mask: Arc<Mask>, sink: Sink) -> Self {
        exchange.url = mask.apply(&exchange.url);
        exchange.cause.what = mask.apply(&exchange.cause.what);
        let (text, cut) = body_text(&mask, body, &exchange.request_headers);
        exchange.request_body = text;
        exchange.truncated = cut;
        exchange.request_headers = headers(&mask, &exchange.request_headers);
        Self { exchange: Some(exchange), mask, sink, began: Instant::now() }
    }

    /// The number of the exchange.
    pub(crate) fn id(&self) -> u64 {
        self.exchange.as_ref().map_or(0, |exchange| exchange.id)
    }

    pub(crate) fn at_practice(&mut self) {
        if let Some(exchange) = &mut self.exchange {
            exchange.practice = true;
        }
    }

    /// The head of the answer has come.
    pub(crate) fn head(&mut self, status: u16, answered: &[(String, String)]) {
        if let Some(exchange) = &mut self.exchange {
            exchange.status = Some(status);
            exchange.response_headers = headers(&self.mask, answered);
        }
    }

    /// The body of the answer as far as it came; `answered` are the headers of [`Self::head`].
    pub(crate) fn body(&mut self, body: &[u8], answered: &[(String, String)]) {
        if let Some(exchange) = &mut self.exchange {
            let (text, cut) = body_text(&self.mask, body, answered);
            exchange.response_body = text;
            exchange.truncated |= cut;
        }
    }

    /// It is over, with an answer or for this reason.
    pub(crate) fn end(mut self, error: Option<String>) {
        self.hand_over(error);
    }

    fn hand_over(&mut self, error: Option<String>) {
        if let Some(mut exchange) = self.exchange.take() {
            exchange.ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
            exchange.error = error;
            (self.sink)(exchange);
        }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.hand_over(Some("The request was cancelled before its answer was complete.".to_owned()));
    }
}

fn headers(mask: &Mask, headers: &[(String, String)]) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| (name.clone(), header(mask, name, value))).collect()
}

fn header(mask: &Mask, name: &str, value: &str) -> String {
    if !PROOFS.iter().any(|proof| name.eq_ignore_ascii_case(proof)) {
        return mask.apply(value);
    }
    let mark = match mask.alias_in(value) {
        Some(alias) => format!("‹secret:{alias}›"),
        None => "‹secret›".to_owned(),
    };
    match value.split_once(' ') {
        Some((scheme, _)) if name.eq_ignore_ascii_case("authorization") && is_scheme(scheme) => {
            format!("{scheme} {mark}")
        }
        _ => mark,
    }
}

/// A proof without a scheme may itself have a space in it.
fn is_scheme(word: &str) -> bool {
    ["Basic", "Bearer", "Digest", "OAuth", "Token"].iter().any(|scheme| word.eq_ignore_ascii_case(scheme))
}

fn body_text(mask: &Mask, body: &[u8], headers: &[(String, String)]) -> (String, bool) {
    match std::str::from_utf8(body) {
        Ok(text) if !body.contains(&0) => mask.apply_to_start(text, KEPT),
        _ => {
            let kind = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
            let kind = kind.map_or("unknown type", |(_, kind)| kind.as_str());
            (mask.apply(&format!("({} bytes that are not text, {kind})", body.len())), false)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::Caller;

    fn check(name: &str, value: &str, expect: &str) {
        let mask = Mask::new([("google".to_owned(), "s3cr3t/value+1")]);
        assert_eq!(header(&mask, name, value), expect, "{name}: {value}");
    }

    #[test]
    fn shows_of_a_proof_its_scheme() {
        check("Authorization", "Bearer s3cr3t/value+1", "Bearer ‹secret:google›");
        check("authorization", "Bearer another", "Bearer ‹secret›");
        check("authorization", "Basic aWQ6czNjcjN0L3ZhbHVlKzE=", "Basic ‹secret:google›");
        check("authorization", "two words", "‹secret›");
        check("Set-Cookie", "session=1; path=/", "‹secret›");
        check("X-Thing", "is s3cr3t%2Fvalue%2B1.", "is ‹secret:google›.");
        check("X-Thing", "open", "open");
    }

    #[test]
    fn describes_what_is_not_text() {
        let mask = Mask::new([]);
        let kind = [("content-type".to_owned(), "image/png".to_owned())];
        assert_eq!(
            body_text(&mask, &[0x89, 0xff], &kind),
            ("(2 bytes that are not text, image/png)".to_owned(), false)
        );
        assert_eq!(body_text(&mask, b"a\0b", &[]).0, "(3 bytes that are not text, unknown type)");
        let long = "ü".repeat(KEPT);
        assert_eq!(body_text(&mask, long.as_bytes(), &[]), ("ü".repeat(KEPT / 2), true));
    }

    #[test]
    fn records_what_was_given_up() {
        let kept = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&kept);
        let exchange = Exchange {
            id: 1,
            at: Timestamp::UNIX_EPOCH,
            cause: Cause { caller: Caller::Script, bot: String::new(), chat: None, place: None, what: String::new() },
            method: "GET".to_owned(),
            url: "https://a.example/?token=canary-1234".to_owned(),
            request_headers: Vec::new(),
            request_body: String::new(),
            status: None,
            response_headers: Vec::new(),
            response_body: String::new(),
            ms: 0,
            practice: false,
            aliases: Vec::new(),
            error: None,
            truncated: false,
        };
        let mask = Arc::new(Mask::new([("a".to_owned(), "canary-1234")]));
        drop(Pending::begin(exchange, b"", mask, Arc::new(move |exchange| sink.lock().unwrap().push(exchange))));
        let kept = kept.lock().unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].url, "https://a.example/?token=‹secret:a›");
        assert!(kept[0].error.as_deref().is_some_and(|error| error.contains("cancelled")));
    }
}
