//! A small browser: opens the link of a sign-in, chooses on practice's consent page, follows redirects, reads where it ended.
//!
//! Plain HTTP to this computer only. It keeps cookies for each server, runs no script, and stops where an address is none of
//! this computer's, as a browser stops on a page that does not load.

use std::net::SocketAddr;

use crate::http::{Received, Sent, exchange};

/// More redirects than any sign-in has.
const REDIRECTS: usize = 20;

/// What the person does on the consent page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice<'c> {
    /// Allows, as the person of this name.
    Allow(&'c str),
    /// Denies.
    Deny,
}

/// Where the browser ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landing {
    /// The address that it shows.
    pub address: String,
    /// The status of the page; `None` when the address could not be opened from here.
    pub status: Option<u16>,
    /// The page as a person reads it, a line for each block.
    pub text: String,
    /// The page's headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The page as it came.
    pub source: String,
}

/// A browser with its cookies.
#[derive(Debug, Default)]
pub struct Browser {
    /// Of which server, name, value.
    cookies: Vec<(String, String, String)>,
    /// Redirects are read and not followed.
    stays: bool,
}

impl Browser {
    /// Opens a link and makes the choice where it is asked for. A server that asks nothing is followed to its end.
    ///
    /// # Panics
    /// The page offers something else than this browser knows, or the way never ends.
    #[track_caller]
    pub fn open(&mut self, link: &str, choice: Choice<'_>) -> Landing {
        let landing = self.visit(link);
        if landing.source.contains("action=\"/practice/consent\"") {
            return self.choose(&landing, choice);
        }
        landing
    }

    /// Opens an address and follows its redirects.
    ///
    /// # Panics
    /// The way never ends.
    #[track_caller]
    pub fn visit(&mut self, address: &str) -> Landing {
        self.follow("GET", address.to_owned(), None)
    }

    /// Sends the consent page's form.
    ///
    /// # Panics
    /// There is no such person on the page, or what the form holds is not known.
    #[track_caller]
    pub fn choose(&mut self, page: &Landing, choice: Choice<'_>) -> Landing {
        let request = attribute(&page.source, "name=\"request\" value=\"").expect("the page names its request");
        let (person, decision) = match choice {
            Choice::Allow(name) => (person(&page.source, name), "allow"),
            Choice::Deny => (String::new(), "deny"),
        };
        assert!(page.source.contains(&format!("value=\"{decision}\"")), "a button to {decision}: {}", page.text);
        let form = format!("request={}&person={}&decision={decision}", encode(&request), encode(&person));
        let origin = origin(&page.address);
        self.follow("POST", format!("{origin}/practice/consent"), Some(form))
    }

    /// Opens a link, makes the choice, and gives the address that the provider sends the browser back to, without going there.
    ///
    /// # Panics
    /// As [`Browser::open`].
    #[track_caller]
    pub fn answer(&mut self, link: &str, choice: Choice<'_>) -> String {
        self.stays = true;
        let page = self.visit(link);
        let answer = self.choose(&page, choice);
        self.stays = false;
        answer.address
    }

    #[track_caller]
    fn follow(&mut self, method: &str, address: String, form: Option<String>) -> Landing {
        let (mut method, mut address, mut form) = (method, address, form);
        for _ in 0..REDIRECTS {
            let Some(place) = near(&address) else { return Landing::elsewhere(address) };
            let received = self.ask(&place, method, form.as_deref());
            let Some(received) = received else { return Landing::elsewhere(address) };
            let Some(location) = received.header("location").filter(|_| (300..400).contains(&received.status)) else {
                return Landing::of(address, received);
            };
            // A form that was sent is never sent on: 303, and 302 as browsers read it.
            (method, form) = ("GET", None);
            if self.stays {
                return Landing::elsewhere(location.to_owned());
            }
            address = if location.starts_with('/') { origin(&address) + location } else { location.to_owned() };
        }
        panic!("more than {REDIRECTS} redirects: {}", origin(&address));
    }

    fn ask(&mut self, place: &Place, method: &str, form: Option<&str>) -> Option<Received> {
        let Place { server, host, path } = place;
        let own = self.cookies.iter().filter(|(of, ..)| of == host);
        let cookies: Vec<String> = own.map(|(_, name, value)| format!("{name}={value}")).collect();
        let mut headers = vec![("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")];
        let cookies = cookies.join("; ");
        if !cookies.is_empty() {
            headers.push(("Cookie", &cookies));
        }
        headers.push(("Sec-Fetch-Site", if form.is_some() { "same-origin" } else { "cross-site" }));
        if form.is_some() {
            headers.push(("Content-Type", "application/x-www-form-urlencoded"));
        }
        let body = form.unwrap_or_default().as_bytes();
        let received = exchange(*server, &Sent { host, method, path, headers: &headers, body }).ok()?;
        for (_, cookie) in received.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let pair = cookie.split(';').next().unwrap_or_default();
            let Some((name, value)) = pair.split_once('=') else { continue };
            self.cookies.retain(|(of, known, _)| of != host || known != name);
            self.cookies.push((host.clone(), name.to_owned(), value.to_owned()));
        }
        Some(received)
    }
}

impl Landing {
    fn elsewhere(address: String) -> Self {
        Self { address, status: None, text: String::new(), headers: Vec::new(), source: String::new() }
    }

    fn of(address: String, received: Received) -> Self {
        let source = String::from_utf8_lossy(&received.body).into_owned();
        Self { address, status: Some(received.status), text: readable(&source), headers: received.headers, source }
    }

    /// A parameter behind the `?` of the address.
    pub fn parameter(&self, name: &str) -> Option<String> {
        parameter(&self.address, name)
    }

    /// A header of the page.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A parameter behind the `?` of an address, decoded.
pub fn parameter(address: &str, name: &str) -> Option<String> {
    let (_, query) = address.split_once('?')?;
    let pairs = query.split('#').next()?.split('&').filter_map(|pair| pair.split_once('='));
    let mut values = pairs.filter(|(own, _)| *own == name).map(|(_, value)| decode(value));
    values.next()
}

/// Asks a server on this computer with GET, and gives status and body.
///
/// # Panics
/// The address is none of this computer's, or nobody answers.
#[track_caller]
pub fn get(address: &str) -> (u16, String) {
    let Place { server, host, path } = near(address).unwrap_or_else(|| panic!("{address} is not on this computer"));
    let sent = Sent { host: &host, method: "GET", path: &path, headers: &[], body: b"" };
    let received = exchange(server, &sent).unwrap_or_else(|error| panic!("{address}: {error}"));
    (received.status, String::from_utf8_lossy(&received.body).into_owned())
}

/// Sends JSON to a server on this computer, and gives the status.
///
/// # Panics
/// The address is none of this computer's, or nobody answers.
#[track_caller]
pub fn post_json(address: &str, json: &serde_json::Value) -> u16 {
    let Place { server, host, path } = near(address).unwrap_or_else(|| panic!("{address} is not on this computer"));
    let body = json.to_string();
    let headers = [("Content-Type", "application/json")];
    let sent = Sent { host: &host, method: "POST", path: &path, headers: &headers, body: body.as_bytes() };
    exchange(server, &sent).unwrap_or_else(|error| panic!("{address}: {error}")).status
}

/// Percent-encodes a value of a query or form.
pub fn encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Reads what a query or form encodes.
pub fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digits = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match (first, digits.and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
                continue;
            }
            (b'+', _) => bytes.push(b' '),
            (other, _) => bytes.push(*other),
        }
        rest = tail;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Where an `http` address of this computer leads.
struct Place {
    server: SocketAddr,
    /// As the address names it.
    host: String,
    path: String,
}

fn near(address: &str) -> Option<Place> {
    let rest = address.strip_prefix("http://")?;
    let (authority, path) = rest.find(['/', '?']).map_or((rest, ""), |at| rest.split_at(at));
    let path = path.split('#').next().unwrap_or_default();
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    let server = authority.replace("localhost", "127.0.0.1").parse().ok()?;
    Some(Place { server, host: authority.to_owned(), path })
}

fn origin(address: &str) -> String {
    let path = address.find("://").map_or(0, |at| at + 3);
    address[path..].find('/').map_or(address, |at| &address[..path + at]).to_owned()
}

#[track_caller]
fn person(page: &str, name: &str) -> String {
    let at = page.find(&format!("<b>{name}</b>")).unwrap_or_else(|| panic!("{name} is not on the page"));
    let before = &page[..at];
    let own = &before[before.rfind("<label").expect("a label")..];
    attribute(own, "name=\"person\" value=\"").expect("a person has an id")
}

fn attribute(page: &str, start: &str) -> Option<String> {
    let (_, rest) = page.split_once(start)?;
    rest.split_once('"').map(|(value, _)| unescape(value))
}

/// The text of a page: a line for each block, without what is not shown.
fn readable(source: &str) -> String {
    let mut text = String::new();
    let mut rest = source;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        let hidden = ["<style", "<script", "<title"].into_iter().find(|tag| rest[at..].starts_with(tag));
        let end = match hidden {
            Some(tag) => rest[at..].find(&tag.replace('<', "</")).map(|end| at + end),
            None => Some(at),
        };
        let Some(end) = end.and_then(|from| rest[from..].find('>').map(|end| from + end + 1)) else { break };
        let inline = ["<b>", "</b>", "<code", "</code", "<small", "</small", "<span", "</span", "<input"];
        if !inline.into_iter().any(|tag| rest[at..].starts_with(tag)) {
            text.push('\n');
        }
        rest = &rest[end..];
    }
    let lines = text.lines().map(|line| unescape(&line.split_whitespace().collect::<Vec<_>>().join(" ")));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn unescape(text: &str) -> String {
    let known = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    known.iter().fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        let check = |address: &str, expect: Option<(&str, &str)>| {
            let expect = expect.map(|(server, path)| (server.parse().unwrap(), path.to_owned()));
            assert_eq!(near(address).map(|place| (place.server, place.path)), expect, "{address}");
        };
        check("http://127.0.0.1:9/a?b=c#d", Some(("127.0.0.1:9", "/a?b=c")));
        check("http://localhost:9", Some(("127.0.0.1:9", "/")));
        check("http://[::1]:9/x", Some(("[::1]:9", "/x")));
        check("https://127.0.0.1:9/", None);
        check("patchbay://auth/oauth2/callback?code=1", None);
        assert_eq!(origin("http://127.0.0.1:9/a/b"), "http://127.0.0.1:9");
        assert_eq!(parameter("http://h/p?a=1%202&b=%2b+#b=3", "b").as_deref(), Some("+ "));
        assert_eq!(encode("a b&%é"), "a%20b%26%25%C3%A9");
    }

    #[test]
    fn pages_are_read_as_people_do() {
        let page = "<title>t</title><style>x{}</style><h1>Sign in</h1>\n<p><code>a&amp;b</code> asks</p>\
                    <label><input name=\"person\" value=\"7\"> <span><b>Ada</b></span></label>";
        assert_eq!(readable(page), "Sign in\na&b asks\nAda");
        assert_eq!(person(page, "Ada"), "7");
    }
}
