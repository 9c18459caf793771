//! A browser of the simplest kind: one request, one connection.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (given, value) = line.split_once(':')?;
            given.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

pub(crate) async fn browse(url: &str) -> Page {
    ask("GET", url, &[], "").await
}

pub(crate) async fn ask(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Page {
    let url = Url::parse(url).unwrap();
    let host = url.host_str().unwrap().to_owned();
    let address = format!("{}:{}", host, url.port().unwrap());
    let mut own_host = format!("Host: {address}\r\n");
    if headers.iter().any(|(name, _)| *name == "Host") {
        own_host.clear();
    }
    let path = url.query().map_or(url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let mut text =
        format!("{method} {path} HTTP/1.1\r\n{own_host}Connection: close\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.push_str(body);
    raw(&address, &text).await
}

pub(crate) async fn raw(address: &str, text: &str) -> Page {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A server that refuses early may close before it has read everything.
    let _ = stream.write_all(text.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Page { status, head: head.to_owned(), body: body.to_owned() }
}
