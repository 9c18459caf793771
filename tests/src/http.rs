//! Just enough HTTP/1.1 to talk to a server on this machine.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

use crate::LONG;

/// An answer, its body not yet read.
pub(crate) struct Answer {
    pub(crate) status: u16,
    chunked: bool,
    length: Option<usize>,
    reader: BufReader<TcpStream>,
}

pub(crate) struct Request<'r> {
    pub(crate) method: &'r str,
    pub(crate) path: &'r str,
    pub(crate) token: &'r str,
    pub(crate) body: &'r [u8],
}

/// A request without anything of Patchbay's own.
pub(crate) struct Sent<'r> {
    /// The server by the name that the address has.
    pub(crate) host: &'r str,
    pub(crate) method: &'r str,
    /// With what follows the `?`.
    pub(crate) path: &'r str,
    pub(crate) headers: &'r [(&'r str, &'r str)],
    pub(crate) body: &'r [u8],
}

/// A whole answer.
pub(crate) struct Received {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// Sends a request on a connection of its own and reads the whole answer.
pub(crate) fn exchange(address: SocketAddr, sent: &Sent<'_>) -> io::Result<Received> {
    let own: String = sent.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!(
        "{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{own}content-length: {}\r\n\r\n",
        sent.method,
        sent.path,
        sent.host,
        sent.body.len()
    );
    let (answer, headers) = ask(address, &head, sent.body)?;
    Ok(Received { status: answer.status, headers, body: answer.body()? })
}

/// Sends a request on a connection of its own.
pub(crate) fn send(address: SocketAddr, request: &Request<'_>) -> io::Result<Answer> {
    let head = format!(
        "{} {} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nx-patchbay-token: {}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        request.method,
        request.path,
        request.token,
        request.body.len()
    );
    ask(address, &head, request.body).map(|(answer, _)| answer)
}

fn ask(address: SocketAddr, head: &str, body: &[u8]) -> io::Result<(Answer, Vec<(String, String)>)> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(LONG))?;
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    let mut reader = BufReader::new(stream);
    let status = line(&mut reader)?.split(' ').nth(1).and_then(|code| code.parse().ok());
    let mut answer = Answer { status: status.unwrap_or(0), chunked: false, length: None, reader };
    let mut headers = Vec::new();
    loop {
        let header = line(&mut answer.reader)?;
        let Some((name, value)) = header.split_once(':') else { return Ok((answer, headers)) };
        let (name, value) = (name.to_ascii_lowercase(), value.trim().to_owned());
        match name.as_str() {
            "transfer-encoding" => answer.chunked = value.eq_ignore_ascii_case("chunked"),
            "content-length" => answer.length = value.parse().ok(),
            _ => {}
        }
        headers.push((name, value));
    }
}

impl Answer {
    /// The whole body.
    pub(crate) fn body(mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        if self.chunked {
            while let Some(chunk) = self.chunk()? {
                body.extend(chunk);
            }
        } else if let Some(length) = self.length {
            body.resize(length, 0);
            self.reader.read_exact(&mut body)?;
        } else {
            self.reader.read_to_end(&mut body)?;
        }
        Ok(body)
    }

    /// The next piece of a body that is still being written. `None`: it has ended.
    pub(crate) fn chunk(&mut self) -> io::Result<Option<Vec<u8>>> {
        let size = usize::from_str_radix(line(&mut self.reader)?.trim(), 16).unwrap_or(0);
        let mut chunk = vec![0; size + 2];
        self.reader.read_exact(&mut chunk)?;
        chunk.truncate(size);
        Ok((size > 0).then_some(chunk))
    }
}

fn line(reader: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}
