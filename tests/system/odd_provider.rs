//! An authorisation server that does as a test says: what it answers is written down before, and it may hold an answer back.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use tests::browser::{decode, encode, parameter};
use tests::{LONG, until};

/// One answer of the token endpoint.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// A status and JSON.
    Json(u16, String),
    /// Nothing, until the test lets it go or the asker is gone.
    Hold,
}

/// A request that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) path: String,
    /// The body as it came.
    pub(crate) body: String,
}

impl Asked {
    /// A field of the form.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let mut pairs = self.body.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(own, _)| *own == name).map(|(_, value)| decode(value))
    }
}

/// A running server. Everybody who comes to `/authorize` allows everything at once.
#[derive(Clone)]
pub(crate) struct OddProvider {
    address: SocketAddr,
    state: Arc<(Mutex<State>, Condvar)>,
}

#[derive(Default)]
struct State {
    replies: VecDeque<Reply>,
    asked: Vec<Asked>,
    /// How many answers are held back now.
    held: usize,
    /// How many were let go.
    released: bool,
}

impl OddProvider {
    pub(crate) fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = State { replies: replies.into_iter().collect(), ..State::default() };
        let own = Self { address, state: Arc::new((Mutex::new(state), Condvar::new())) };
        let server = own.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let server = server.clone();
                std::thread::spawn(move || server.answer(stream));
            }
        });
        own
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address without the scheme, as approvals name it.
    pub(crate) fn host(&self) -> String {
        self.address.to_string()
    }

    /// Adds to what the token endpoint answers.
    pub(crate) fn then(&self, reply: Reply) {
        self.lock().replies.push_back(reply);
    }

    /// Everything that was asked.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.lock().asked.clone()
    }

    /// What the token endpoint was asked with this grant type.
    pub(crate) fn grants(&self, kind: &str) -> Vec<Asked> {
        let asked = self.asked().into_iter();
        asked.filter(|one| one.path == "/token" && one.field("grant_type").as_deref() == Some(kind)).collect()
    }

    /// Waits until an answer is held back.
    pub(crate) fn wait_until_held(&self) {
        until("an answer to be held back", LONG, || (self.lock().held > 0).then_some(()));
    }

    /// Lets go of what is held back, from now on everything.
    pub(crate) fn release(&self) {
        self.lock().released = true;
        self.state.1.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, mut stream: TcpStream) {
        let Some((path, body)) = read(&stream) else { return };
        let bare = path.split('?').next().unwrap_or_default().to_owned();
        self.lock().asked.push(Asked { path: bare.clone(), body });
        let (status, header, body) = match bare.as_str() {
            "/authorize" => {
                let of = |name: &str| parameter(&path, name).unwrap_or_default();
                let location = format!("{}?code=a-code&state={}", of("redirect_uri"), encode(&of("state")));
                (302, format!("Location: {location}\r\n"), String::new())
            }
            "/token" => match self.next() {
                Some((status, json)) => (status, "Content-Type: application/json\r\n".to_owned(), json),
                None => return,
            },
            _ => (200, "Content-Type: application/json\r\n".to_owned(), "{\"ok\":true}".to_owned()),
        };
        let length = body.len();
        let head = format!("HTTP/1.1 {status} Odd\r\n{header}Content-Length: {length}\r\nConnection: close\r\n\r\n");
        // Whoever asked may be gone.
        let _ = stream.write_all(format!("{head}{body}").as_bytes());
    }

    /// What the token endpoint answers next, held back if the test says so.
    fn next(&self) -> Option<(u16, String)> {
        let mut state = self.lock();
        loop {
            match state.replies.pop_front() {
                Some(Reply::Json(status, json)) => return Some((status, json)),
                Some(Reply::Hold) => {
                    state.held += 1;
                    while !state.released {
                        state = self.state.1.wait(state).unwrap_or_else(PoisonError::into_inner);
                    }
                    state.held -= 1;
                }
                None => return Some((500, "{\"error\":\"server_error\"}".to_owned())),
            }
        }
    }
}

fn read(stream: &TcpStream) -> Option<(String, String)> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((path, String::from_utf8_lossy(&body).into_owned()))
}

/// Tokens that live for so many seconds, with a refresh token.
pub(crate) fn tokens(access: &str, refresh: &str, seconds: u32) -> Reply {
    let json = serde_json::json!({
        "access_token": access, "refresh_token": refresh, "token_type": "Bearer", "expires_in": seconds,
    });
    Reply::Json(200, json.to_string())
}

/// An error of the token endpoint.
pub(crate) fn refused(error: &str) -> Reply {
    Reply::Json(400, serde_json::json!({ "error": error }).to_string())
}

/// The manifest of one generic entry at these servers.
pub(crate) fn manifest(authorize: &str, token: &str) -> String {
    format!(
        "- provider: oauth2\n  alias: own\n  context: bot\n  title: Own\n  scope: one\n  oauth2:\n    flow: auth_code\n    \
         client_id: a-client\n    authorize_url: {authorize}/authorize\n    token_url: {token}/token\n"
    )
}
