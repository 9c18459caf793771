use super::*;

async fn check(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static, expect: fn(String) -> WireError) -> Exchange {
    let server = server(answer).await;
    let bench = bench(reaching(&[&server]), &[]);
    let asked = Request { body_limit: 1000, ..request(Caller::Script, &server.url("/?secret=x")) };
    let error = bench.wire.send(asked).await.unwrap_err();
    assert_eq!(error, expect(server.address.to_string()));
    let exchange = bench.exchanges().remove(0);
    assert_eq!(exchange.error, Some(error.to_string()));
    assert!(!error.to_string().contains("secret=x"), "{error}");
    exchange
}

#[tokio::test]
async fn says_what_broke() {
    let interrupted = |host| WireError::Interrupted { host };
    check(|_| Vec::new(), interrupted).await;
    check(|_| b"this is not HTTP\r\n\r\n".to_vec(), interrupted).await;
    let exchange = check(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf".to_vec(), interrupted).await;
    assert_eq!((exchange.status, exchange.response_body.as_str()), (Some(200), "half"));
}

#[tokio::test]
async fn stops_reading_at_the_limit() {
    let too_large = |_| WireError::TooLarge { limit: 1000 };
    let exchange = check(|_| ok(&"a".repeat(1001)), too_large).await;
    assert_eq!(exchange.response_body.len(), 1000);
    check(
        |_| {
            let chunk = format!("400\r\n{}\r\n", "a".repeat(1024));
            format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}", chunk.repeat(1000)).into_bytes()
        },
        too_large,
    )
    .await;
    // What counts is the size unpacked.
    check(|_| zeros("Content-Encoding: gzip"), too_large).await;
    let server = server(|_| ok(&"a".repeat(1000))).await;
    let bench = bench(reaching(&[&server]), &[]);
    let asked = Request { body_limit: 1000, ..request(Caller::Script, &server.url("/")) };
    assert_eq!(bench.wire.send(asked).await.unwrap().body.len(), 1000);
}

/// What gzip makes of 64 KiB of zeros.
const ZEROS: &[u8] = &[
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xed, 0xc1, 0x01, 0x01, 0x00, 0x00, 0x00, 0x80, 0x90,
    0xfe, 0xaf, 0xee, 0x08, 0x0a, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x6a, 0xeb, 0x8e, 0x97, 0xd7, 0x00, 0x00, 0x01,
    0x00,
];

fn zeros(header: &str) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\n{header}\r\nContent-Length: {}\r\n\r\n", ZEROS.len());
    [head.as_bytes(), ZEROS].concat()
}

#[tokio::test]
async fn unpacks_what_says_that_it_is_packed_and_nothing_else() {
    let server = server(|request| {
        let packed = request.starts_with("GET /packed ");
        zeros(if packed { "Content-Encoding: gzip" } else { "Content-Type: application/json" })
    })
    .await;
    let bench = bench(reaching(&[&server]), &[]);
    let answer = bench.wire.send(request(Caller::Script, &server.url("/packed"))).await.unwrap();
    assert_eq!(answer.body, vec![0; 64 * 1024]);
    let answer = bench.wire.send(request(Caller::Script, &server.url("/silent"))).await.unwrap();
    assert_eq!(answer.body, ZEROS);
    let expect = format!("({} bytes that are not text, application/json)", ZEROS.len());
    assert_eq!(bench.exchanges()[1].response_body, expect);
}

/// A server that says `first` when it is spoken to and stays silent after that.
async fn hanging(first: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.peek(&mut [0]).await.unwrap();
            stream.write_all(first).await.unwrap();
            held.push(stream);
        }
    });
    address
}

#[tokio::test]
async fn gives_up_on_a_server_that_hangs() {
    for first in [&b""[..], b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"] {
        let address = hanging(first).await;
        let bench = bench(Decided::default(), &[]);
        let after = Duration::from_millis(300);
        let asked = Request { timeout: after, ..request(Caller::OAuth, &format!("http://{address}/")) };
        assert_eq!(bench.wire.send(asked).await.unwrap_err(), WireError::TimedOut { after });
        let exchange = bench.exchanges().remove(0);
        assert!(exchange.error.is_some() && exchange.ms >= 200, "{exchange:?}");
    }
}

#[tokio::test]
async fn the_time_is_for_all_redirects_together() {
    let address = hanging(b"").await;
    let server = server(move |_| redirect_to(302, &format!("http://{address}/"))).await;
    let bench = bench(Decided { own_ports: vec![address.port(), server.address.port()], ..Decided::default() }, &[]);
    let after = Duration::from_millis(300);
    let asked = Request { timeout: after, follow: 3, ..request(Caller::Script, &server.url("/")) };
    assert_eq!(bench.wire.send(asked).await.unwrap_err(), WireError::TimedOut { after });
    assert_eq!(bench.exchanges().len(), 2);
}

#[tokio::test]
async fn records_what_its_caller_gave_up() {
    let address = hanging(b"").await;
    let bench = bench(Decided::default(), &[]);
    let sent = bench.wire.send(request(Caller::OAuth, &format!("http://{address}/")));
    assert!(tokio::time::timeout(Duration::from_millis(100), sent).await.is_err());
    assert!(bench.told()[0].contains("cancelled"), "{:?}", bench.told());
}

#[tokio::test]
async fn says_who_cannot_be_reached() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    let bench = bench(Decided::default(), &[]);
    let send = async |url: String| bench.wire.send(request(Caller::OAuth, &url)).await.unwrap_err();
    let host = format!("127.0.0.1:{port}");
    assert_eq!(send(format!("http://{host}/")).await, WireError::Refused { host });
    let host = "missing.example".to_owned();
    assert_eq!(send(format!("https://{host}/")).await, WireError::Unreachable { host });
    let host = hanging(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.to_string();
    assert_eq!(send(format!("https://{host}/")).await, WireError::Tls { host });
}

#[tokio::test]
async fn refuses_headers_that_are_none() {
    let server = server(|_| ok("")).await;
    let bench = bench(reaching(&[&server]), &[]);
    let mixed_up = ("Authorization: Bearer abc", "", "Authorization");
    for (name, value, shown) in [("X-Good", "a\r\nX-Evil: 1", "X-Good"), mixed_up] {
        let asked = Request { headers: vec![header(name, value)], ..request(Caller::Script, &server.url("/")) };
        let refused = bench.wire.send(asked).await.unwrap_err();
        assert_eq!(refused, WireError::BadHeader { name: shown.to_owned() });
    }
    assert!(server.asked().is_empty());
}

#[test]
fn refusals_are_sentences() {
    let check = |error: WireError, expect: &str| assert_eq!(error.to_string(), expect);
    let host = || "a.example".to_owned();
    check(
        WireError::NotApproved { alias: "google".to_owned(), host: host() },
        "google is not approved for a.example, so nothing was sent. Approve the pair or use an approved address.",
    );
    check(
        WireError::Address { host: host(), why: Why::Private },
        "a.example is refused: it is an address of a private network. Use the public address of the provider.",
    );
    check(
        WireError::TimedOut { after: Duration::from_secs(10) },
        "There was no complete answer within 10 s. Try again later.",
    );
    check(
        WireError::TooLarge { limit: 10 * 1024 * 1024 },
        "The answer is larger than 10 MiB, so reading it was stopped. Ask for less at a time.",
    );
}
