//! A person with a browser at practice: opens the link, decides, and lets the browser follow.

use std::io::{Read, Write};
use std::net::TcpStream;

use url::Url;

/// Decides at the consent page and gives the address that the browser is led to.
pub(crate) fn decide(link: &str, decision: &str) -> String {
    let page = ask("GET", link, "");
    let request = page.split("name=\"request\" value=\"").nth(1).unwrap_or_else(|| panic!("{link}: {page}"));
    let request = request.split('"').next().unwrap();
    let place = Url::parse(link).unwrap().join("/practice/consent").unwrap();
    let answer = ask("POST", place.as_str(), &format!("request={request}&person=1001&decision={decision}"));
    let location =
        answer.lines().find_map(|line| line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("location")));
    location.unwrap_or_else(|| panic!("leads nowhere: {answer}")).1.trim().to_owned()
}

/// Decides, and follows to the listener.
pub(crate) fn sign_in(link: &str, decision: &str) {
    ask("GET", &decide(link, decision), "");
}

/// The whole answer to a request.
pub(crate) fn ask(method: &str, url: &str, form: &str) -> String {
    let url = Url::parse(url).unwrap();
    let address = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let mut stream = TcpStream::connect(&address).unwrap();
    let kind = if form.is_empty() { "" } else { "Content-Type: application/x-www-form-urlencoded\r\n" };
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n{kind}\r\n{form}",
        form.len()
    )
    .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}
