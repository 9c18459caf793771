//! A browser as far as a sign-in needs one: it remembers what it was to open, reads a page, posts a form.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use studio::Opener;
use url::Url;

/// The desktop's browser: keeps the addresses, and can refuse to open.
#[derive(Default)]
pub(crate) struct Browser {
    opened: Mutex<Vec<String>>,
    refuses: AtomicBool,
}

impl Browser {
    pub(crate) fn refuse(&self, refuses: bool) {
        self.refuses.store(refuses, Ordering::SeqCst);
    }

    pub(crate) fn opened(&self) -> Vec<String> {
        self.opened.lock().unwrap().clone()
    }
}

impl Opener for Browser {
    fn open(&self, address: &Url) -> Result<(), String> {
        if self.refuses.load(Ordering::SeqCst) {
            return Err("no browser here".to_owned());
        }
        self.opened.lock().unwrap().push(address.to_string());
        Ok(())
    }
}

#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Page {
    pub(crate) fn location(&self) -> String {
        let found = self.head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("location").then(|| value.trim().to_owned())
        });
        found.unwrap_or_else(|| panic!("leads nowhere: {self:?}"))
    }
}

/// What the person does on the consent page.
#[derive(Clone, Copy)]
pub(crate) enum Decision {
    Allow,
    Deny,
}

/// Opens the link of a sign-in at practice, decides as Ada Winter, and gives the address that the browser is led to.
pub(crate) fn decide(link: &str, decision: Decision) -> String {
    let page = get(link);
    assert_eq!(page.status, 200, "{page:?}");
    let request = page.body.split("name=\"request\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let decision = match decision {
        Decision::Allow => "allow",
        Decision::Deny => "deny",
    };
    let form = format!("request={request}&person=1001&decision={decision}");
    let place = Url::parse(link).unwrap().join("/practice/consent").unwrap();
    post(place.as_str(), &form).location()
}

/// Decides, and follows to the listener on this computer and to what it shows at last.
pub(crate) fn sign_in(link: &str, decision: Decision) -> Page {
    follow(&decide(link, decision))
}

/// Follows a callback to what the listener shows at last.
pub(crate) fn follow(callback: &str) -> Page {
    let page = get(callback);
    if page.status != 302 {
        return page;
    }
    get(Url::parse(callback).unwrap().join(&page.location()).unwrap().as_str())
}

pub(crate) fn get(url: &str) -> Page {
    ask("GET", url, "", "")
}

pub(crate) fn get_with_token(url: &str, token: &str) -> Page {
    ask("GET", url, &format!("Authorization: Bearer {token}\r\n"), "")
}

fn post(url: &str, form: &str) -> Page {
    ask("POST", url, "Content-Type: application/x-www-form-urlencoded\r\n", form)
}

fn ask(method: &str, url: &str, headers: &str, body: &str) -> Page {
    let url = Url::parse(url).unwrap();
    let address = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let mut stream = TcpStream::connect(&address).unwrap();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = Vec::new();
    // Whoever refuses early may reset the connection after its answer.
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Page { status, head: head.to_owned(), body: body.to_owned() }
}

/// Whether somebody listens where an address points.
pub(crate) fn listens(url: &str) -> bool {
    let url = Url::parse(url).unwrap();
    TcpStream::connect((url.host_str().unwrap(), url.port().unwrap())).is_ok()
}

/// One parameter of an address.
pub(crate) fn parameter(url: &str, name: &str) -> String {
    let url = Url::parse(url).unwrap();
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap()
}
