//! OAuth 1.0a, from the temporary token to the person's name.

use std::collections::HashMap;

use data_encoding::BASE64;
use practice::Practice;
use url::form_urlencoded;

use crate::house::*;

const CONSUMER: &str = "bot";
const SECRET: &str = practice::CLIENT_SECRET;
const CALLBACK_1: &str = "http://127.0.0.1:47823/auth/oauth2/callback?state=state-1";

struct Signed<'s> {
    method: &'s str,
    host: &'s str,
    path: &'s str,
    query: &'s [(&'s str, &'s str)],
    oauth: &'s [(&'s str, &'s str)],
    token_secret: &'s str,
    nonce: &'s str,
    at: i64,
    /// The consumer's secret.
    secret: &'s str,
}

fn pct(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// The Authorization header, made by the test's own reading of RFC 5849.
fn header(call: &Signed<'_>) -> String {
    let at = call.at.to_string();
    let mut own = vec![
        ("oauth_consumer_key", CONSUMER),
        ("oauth_nonce", call.nonce),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", at.as_str()),
        ("oauth_version", "1.0"),
    ];
    own.extend(call.oauth);
    let mut all: Vec<String> = own.iter().chain(call.query).map(|(k, v)| format!("{}={}", pct(k), pct(v))).collect();
    all.sort();
    let base =
        format!("{}&{}&{}", call.method, pct(&format!("https://{}{}", call.host, call.path)), pct(&all.join("&")));
    let key = format!("{}&{}", pct(call.secret), pct(call.token_secret));
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key.as_bytes());
    let signature = BASE64.encode(aws_lc_rs::hmac::sign(&key, base.as_bytes()).as_ref());
    own.push(("oauth_signature", &signature));
    let parts: Vec<String> = own.iter().map(|(k, v)| format!("{k}=\"{}\"", pct(v))).collect();
    format!("OAuth {}", parts.join(", "))
}

async fn call(practice: &Practice, call: &Signed<'_>) -> Answer {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(call.query).finish();
    let path = format!("{}{}?{query}", call.host, call.path);
    let authorization = header(call);
    let headers = [("Authorization", authorization.as_str())];
    send(practice, &Request { method: call.method, path: &path, headers: &headers, body: "" }).await
}

fn fields(answer: &Answer) -> HashMap<String, String> {
    form_urlencoded::parse(answer.body.as_bytes()).into_owned().collect()
}

fn first<'s>(oauth: &'s [(&'s str, &'s str)], nonce: &'s str, at: i64) -> Signed<'s> {
    let (method, host, path) = ("POST", "api.twitter.com", "/oauth/request_token");
    Signed { method, host, path, query: &[], oauth, token_secret: "", nonce, at, secret: SECRET }
}

#[tokio::test]
async fn three_legs_and_a_call() {
    let house = House::new();
    let practice = house.practice().await;
    let answer = call(&practice, &first(&[("oauth_callback", CALLBACK_1)], "n1", house.now())).await;
    let temporary = fields(&answer);
    assert_eq!((answer.status, temporary["oauth_callback_confirmed"].as_str()), (200, "true"), "{answer:?}");
    let token = temporary["oauth_token"].clone();
    let back =
        decide(&practice, &format!("api.twitter.com/oauth/authorize?oauth_token={token}"), "1003", "allow").await;
    assert_eq!(back.parameter("state").as_deref(), Some("state-1"), "{back:?}");
    assert_eq!(back.parameter("oauth_token"), Some(token.clone()));
    let verifier = back.parameter("oauth_verifier").unwrap();

    let redeem = |verifier: &str, nonce: &str| {
        let oauth = vec![("oauth_token".to_owned(), token.clone()), ("oauth_verifier".to_owned(), verifier.to_owned())];
        (oauth, nonce.to_owned())
    };
    let exchange = async |(oauth, nonce): (Vec<(String, String)>, String)| {
        let oauth: Vec<(&str, &str)> = oauth.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let mut leg = first(&oauth, &nonce, house.now());
        leg.path = "/oauth/access_token";
        leg.token_secret = &temporary["oauth_token_secret"];
        call(&practice, &leg).await
    };
    assert_eq!(exchange(redeem("guessed", "n2")).await.status, 401);
    let answer = exchange(redeem(&verifier, "n3")).await;
    let access = fields(&answer);
    assert_eq!((answer.status, access["screen_name"].as_str()), (200, "noor"), "{answer:?}");
    assert_eq!(exchange(redeem(&verifier, "n4")).await.status, 401, "a verifier counts once");

    let oauth = [("oauth_token", access["oauth_token"].as_str())];
    let mut me = first(&oauth, "n5", house.now());
    (me.method, me.path) = ("GET", "/1.1/account/verify_credentials.json");
    me.query = &[("include_email", "true"), ("skip_status", "true")];
    me.token_secret = &access["oauth_token_secret"];
    let who = call(&practice, &me).await;
    assert_eq!((who.status, who.text("email").as_str()), (200, "noor@example.org"), "{who:?}");
    let again = call(&practice, &me).await;
    assert_eq!((again.status, &again.json()["errors"][0]["code"]), (401, &32.into()), "a nonce counts once");
    (me.nonce, me.token_secret) = ("n6", "wrong");
    assert_eq!(call(&practice, &me).await.status, 401);

    (me.method, me.path, me.nonce) = ("POST", "/1.1/oauth/invalidate_token", "n7");
    me.token_secret = &access["oauth_token_secret"];
    assert_eq!(call(&practice, &me).await.status, 200);
    me.nonce = "n8";
    let gone = call(&practice, &me).await;
    assert_eq!((gone.status, &gone.json()["errors"][0]["code"]), (401, &89.into()), "{gone:?}");
}

#[tokio::test]
async fn first_leg_is_checked() {
    let house = House::new();
    let practice = house.practice().await;
    let callback = [("oauth_callback", CALLBACK_1)];
    let right = first(&callback, "n1", house.now());
    assert_eq!(call(&practice, &right).await.status, 200);
    assert_eq!(call(&practice, &right).await.status, 401, "a nonce counts once");
    let wrong = Signed { secret: "guessed", ..first(&callback, "n2", house.now()) };
    assert_eq!(call(&practice, &wrong).await.status, 401);
    for at in [house.now() - 301, house.now() + 301] {
        let answer = call(&practice, &first(&callback, "n3", at)).await;
        assert_eq!((answer.status, &answer.json()["errors"][0]["code"]), (401, &135.into()), "{answer:?}");
    }
    let elsewhere = [("oauth_callback", "http://localhost:47823/auth/oauth2/callback")];
    assert_eq!(call(&practice, &first(&elsewhere, "n4", house.now())).await.status, 403);
    let bare = Request { method: "POST", path: "api.twitter.com/oauth/request_token", headers: &[], body: "" };
    assert_eq!(send(&practice, &bare).await.status, 401);
}

#[tokio::test]
async fn registered_consumer_has_its_own_secret_and_callback() {
    let house = House::new();
    let practice = house.practice().await;
    practice.register_client(&client(CONSUMER, Some("own"), &["http://127.0.0.1:47823/auth/oauth2/callback"])).unwrap();
    let callback = [("oauth_callback", CALLBACK_1)];
    assert_eq!(call(&practice, &first(&callback, "n1", house.now())).await.status, 401);
    let own = Signed { secret: "own", ..first(&callback, "n2", house.now()) };
    assert_eq!(call(&practice, &own).await.status, 200);
    let elsewhere = [("oauth_callback", "http://127.0.0.1:47824/auth/oauth2/callback")];
    let other = Signed { secret: "own", ..first(&elsewhere, "n3", house.now()) };
    assert_eq!(call(&practice, &other).await.status, 403);
}

#[tokio::test]
async fn declined() {
    let house = House::new();
    let practice = house.practice().await;
    let answer = call(&practice, &first(&[("oauth_callback", CALLBACK_1)], "n1", house.now())).await;
    let token = fields(&answer)["oauth_token"].clone();
    let ask = format!("api.twitter.com/oauth/authorize?oauth_token={token}");
    let back = decide(&practice, &ask, "1003", "deny").await;
    assert_eq!((back.parameter("denied"), back.parameter("oauth_verifier")), (Some(token), None));
    assert_eq!(get(&practice, &ask).await.status, 400);
}
