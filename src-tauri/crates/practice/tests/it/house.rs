//! A data folder, a clock to turn, a practice server, and just enough HTTP to speak to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use data_encoding::BASE64;
use jiff::Timestamp;
use practice::{Client, Practice, Setup};
use serde_json::Value;
use store::{Clock, Config, MemoryKeychain, Store};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::{Url, form_urlencoded};

/// RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const CALLBACK: &str = "http://127.0.0.1:47823/auth/oauth2/callback";
/// A server of nobody in particular.
pub(crate) const AUTHORIZE: &str = "auth.example.org/authorize";
pub(crate) const TOKEN: &str = "auth.example.org/token";

pub(crate) struct House {
    dir: TempDir,
    seconds: Arc<AtomicI64>,
}

impl House {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), seconds: Arc::new(AtomicI64::new(1_800_000_000)) }
    }

    fn clock(&self) -> Clock {
        let seconds = Arc::clone(&self.seconds);
        Arc::new(move || Timestamp::from_second(seconds.load(Ordering::SeqCst)).unwrap())
    }

    pub(crate) fn now(&self) -> i64 {
        self.seconds.load(Ordering::SeqCst)
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    /// The one data folder, opened anew as another process would.
    pub(crate) fn store(&self) -> Store {
        let config = Config {
            data_dir: self.dir.path().join("data"),
            keychain: Arc::new(MemoryKeychain::new()),
            clock: self.clock(),
        };
        Store::open(config).unwrap()
    }

    /// A server of its own on the one data folder.
    pub(crate) async fn open(&self, strict: bool) -> Practice {
        let setup = Setup { store: self.store(), clock: self.clock(), port: 0 };
        let started = if strict { practice::start_strict(setup).await } else { practice::start(setup).await };
        started.unwrap()
    }

    pub(crate) async fn practice(&self) -> Practice {
        self.open(false).await
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The standard error with its status.
    #[track_caller]
    pub(crate) fn expect_error(&self, status: u16, error: &str) {
        assert_eq!((self.status, self.json()["error"].as_str()), (status, Some(error)), "{self:?}");
    }

    #[track_caller]
    pub(crate) fn text(&self, field: &str) -> String {
        self.json()[field].as_str().unwrap_or_else(|| panic!("no {field} in {self:?}")).to_owned()
    }

    /// A parameter of the address that a redirect leads to.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let to = Url::parse(self.header("location")?).unwrap();
        to.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}

pub(crate) struct Request<'r> {
    pub(crate) method: &'r str,
    pub(crate) path: &'r str,
    pub(crate) headers: &'r [(&'r str, &'r str)],
    pub(crate) body: &'r str,
}

pub(crate) async fn send(practice: &Practice, request: &Request<'_>) -> Answer {
    let address = practice.address();
    let mut text = format!("{} /{} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n", request.method, request.path);
    for (name, value) in request.headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("Content-Length: {}\r\n\r\n{}", request.body.len(), request.body));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut raw = String::new();
    stream.read_to_string(&mut raw).await.unwrap();
    let (head, body) = raw.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    Answer { status, headers, body: body.to_owned() }
}

pub(crate) async fn get(practice: &Practice, path: &str) -> Answer {
    send(practice, &Request { method: "GET", path, headers: &[], body: "" }).await
}

pub(crate) async fn get_as(practice: &Practice, path: &str, token: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    send(practice, &Request { method: "GET", path, headers: &[("Authorization", &bearer)], body: "" }).await
}

pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

pub(crate) async fn post(practice: &Practice, path: &str, fields: &[(&str, &str)]) -> Answer {
    send(practice, &Request { method: "POST", path, headers: &[FORM], body: &form(fields) }).await
}

pub(crate) async fn post_basic(practice: &Practice, path: &str, id_secret: &str, fields: &[(&str, &str)]) -> Answer {
    let basic = format!("Basic {}", BASE64.encode(id_secret.as_bytes()));
    let headers = [FORM, ("Authorization", basic.as_str())];
    send(practice, &Request { method: "POST", path, headers: &headers, body: &form(fields) }).await
}

pub(crate) async fn post_json(practice: &Practice, path: &str, body: &Value) -> Answer {
    let headers = [("Content-Type", "application/json")];
    send(practice, &Request { method: "POST", path, headers: &headers, body: &body.to_string() }).await
}

/// An authorisation request as a careful client sends it; later fields replace earlier ones, `""` leaves one out.
pub(crate) fn request(place: &str, fields: &[(&str, &str)]) -> String {
    let mut all = vec![
        ("response_type", "code"),
        ("client_id", "bot"),
        ("redirect_uri", CALLBACK),
        ("scope", "one two"),
        ("state", "state-1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in fields {
        all.retain(|(known, _)| known != name);
        all.push((name, value));
    }
    all.retain(|(_, value)| !value.is_empty());
    format!("{place}?{}", form(&all))
}

/// The hidden field of a consent page.
#[track_caller]
pub(crate) fn pending(page: &Answer) -> String {
    let start = page.body.find("name=\"request\" value=\"").unwrap_or_else(|| panic!("no consent page: {page:?}"));
    page.body[start..].split('"').nth(3).unwrap().to_owned()
}

/// Opens the page and decides, as a browser does.
pub(crate) async fn decide(practice: &Practice, path: &str, person: &str, decision: &str) -> Answer {
    let page = get(practice, path).await;
    let request = pending(&page);
    let fields = [("request", request.as_str()), ("person", person), ("decision", decision)];
    post(practice, "practice/consent", &fields).await
}

/// A code from the plain server, for the client `bot` and the first person.
pub(crate) async fn code(practice: &Practice, fields: &[(&str, &str)]) -> String {
    let back = decide(practice, &request(AUTHORIZE, fields), "1001", "allow").await;
    back.parameter("code").unwrap_or_else(|| panic!("no code: {back:?}"))
}

/// Redeems a code at the plain server; later fields replace earlier ones, `""` leaves one out.
pub(crate) async fn redeem(practice: &Practice, code: &str, fields: &[(&str, &str)]) -> Answer {
    let mut all = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", "bot"),
    ];
    for (name, value) in fields {
        all.retain(|(known, _)| known != name);
        all.push((name, value));
    }
    all.retain(|(_, value)| !value.is_empty());
    post(practice, TOKEN, &all).await
}

/// Access and refresh token of a fresh sign-in at the plain server.
pub(crate) async fn tokens(practice: &Practice) -> (String, String) {
    let code = code(practice, &[]).await;
    let answer = redeem(practice, &code, &[]).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    (answer.text("access_token"), answer.text("refresh_token"))
}

pub(crate) async fn refresh(practice: &Practice, token: &str, fields: &[(&str, &str)]) -> Answer {
    let mut all = vec![("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", "bot")];
    all.extend(fields);
    post(practice, TOKEN, &all).await
}

/// Whether an access token opens the plain server's userinfo.
pub(crate) async fn opens(practice: &Practice, token: &str) -> bool {
    get_as(practice, "auth.example.org/userinfo", token).await.status == 200
}

pub(crate) fn client(id: &str, secret: Option<&str>, redirects: &[&str]) -> Client {
    Client {
        id: id.to_owned(),
        secret: secret.map(str::to_owned),
        redirect_uris: redirects.iter().map(|uri| (*uri).to_owned()).collect(),
    }
}
