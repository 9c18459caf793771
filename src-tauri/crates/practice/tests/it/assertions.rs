//! Service accounts: what a key file's owner gets, and what nobody gets.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use practice::Practice;
use serde_json::{Value, json};

use crate::house::*;

const GOOGLE: &str = "oauth2.googleapis.com/token";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

fn key_file(practice: &Practice, email: &str) -> Value {
    serde_json::from_str(practice.new_key_file(email).unwrap().expose()).unwrap()
}

fn claims(file: &Value, now: i64) -> Value {
    json!({
        "iss": file["client_email"],
        "scope": "https://www.googleapis.com/auth/bigquery",
        "aud": file["token_uri"],
        "iat": now - 30,
        "exp": now - 30 + 3600,
    })
}

fn signed(file: &Value, claims: &Value) -> String {
    let key = EncodingKey::from_rsa_pem(file["private_key"].as_str().unwrap().as_bytes()).unwrap();
    let header = Header { kid: file["private_key_id"].as_str().map(str::to_owned), ..Header::new(Algorithm::RS256) };
    jsonwebtoken::encode(&header, claims, &key).unwrap()
}

async fn exchange(practice: &Practice, assertion: &str) -> Answer {
    post(practice, GOOGLE, &[("grant_type", GRANT), ("assertion", assertion)]).await
}

#[tokio::test]
async fn signed_assertion_becomes_a_token() {
    let house = House::new();
    let practice = house.practice().await;
    let file = key_file(&practice, "robot@practice.example.org");
    let answer = exchange(&practice, &signed(&file, &claims(&file, house.now()))).await;
    assert_eq!((answer.status, &answer.json()["expires_in"]), (200, &3599.into()), "{answer:?}");
    assert!(answer.json().get("refresh_token").is_none());
    let call = get_as(&practice, "bigquery.googleapis.com/bigquery/v2/projects", &answer.text("access_token")).await;
    assert_eq!(call.json()["as"]["account"], "robot@practice.example.org", "{call:?}");
}

/// An assertion whose claims differ in one.
async fn check(change: impl FnOnce(&mut Value, i64), error: &str) {
    let house = House::new();
    let practice = house.practice().await;
    let file = key_file(&practice, "robot@practice.example.org");
    let mut claims = claims(&file, house.now());
    change(&mut claims, house.now());
    exchange(&practice, &signed(&file, &claims)).await.expect_error(400, error);
}

#[tokio::test]
async fn claims_are_checked() {
    check(|claims, now| claims["iat"] = (now + 1).into(), "invalid_grant").await;
    check(|claims, now| claims["exp"] = (now - 30 + 3601).into(), "invalid_grant").await;
    check(|claims, now| claims["exp"] = now.into(), "invalid_grant").await;
    check(|claims, now| claims["nbf"] = (now + 1).into(), "invalid_grant").await;
    check(|claims, _| claims["exp"] = Value::Null, "invalid_grant").await;
    check(|claims, _| claims["iat"] = "yesterday".into(), "invalid_grant").await;
    check(|claims, _| claims["iat"] = i64::MIN.into(), "invalid_grant").await;
    check(|claims, _| claims["aud"] = "https://oauth2.googleapis.com/other".into(), "invalid_grant").await;
    check(|claims, _| claims["aud"] = Value::Null, "invalid_grant").await;
    check(|claims, _| claims["iss"] = "other@practice.example.org".into(), "invalid_grant").await;
    check(|claims, _| claims["scope"] = "".into(), "invalid_scope").await;
    check(|claims, _| claims["scope"] = Value::Null, "invalid_scope").await;
}

#[tokio::test]
async fn signature_is_checked() {
    let house = House::new();
    let practice = house.practice().await;
    let file = key_file(&practice, "robot@practice.example.org");
    let other = key_file(&practice, "other@practice.example.org");
    let claims = claims(&file, house.now());
    let good = signed(&file, &claims);
    exchange(&practice, &signed(&other, &claims)).await.expect_error(400, "invalid_grant");

    let dot = good.rfind('.').unwrap();
    for place in [dot + 1, dot + 40, good.find('.').unwrap() + 5, 3] {
        let mut bytes = good.clone().into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        exchange(&practice, &String::from_utf8(bytes).unwrap()).await.expect_error(400, "invalid_grant");
    }
    let key = EncodingKey::from_secret(b"secret");
    let symmetric = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).unwrap();
    exchange(&practice, &symmetric).await.expect_error(400, "invalid_grant");
    let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", good.split('.').nth(1).unwrap());
    exchange(&practice, &unsigned).await.expect_error(400, "invalid_grant");
    exchange(&practice, "nonsense").await.expect_error(400, "invalid_grant");
    exchange(&practice, "").await.expect_error(400, "invalid_request");
    assert_eq!(exchange(&practice, &good).await.status, 200);
}

#[tokio::test]
async fn registered_public_half_is_enough() {
    let house = House::new();
    let (one, other) = (house.practice().await, House::new().practice().await);
    let file = key_file(&other, "robot@practice.example.org");
    let assertion = signed(&file, &claims(&file, house.now()));
    exchange(&one, &assertion).await.expect_error(400, "invalid_grant");
    let public = jsonwebtoken_public(&file);
    one.register_service_account("robot@practice.example.org", file["private_key_id"].as_str().unwrap(), &public)
        .unwrap();
    assert_eq!(exchange(&one, &assertion).await.status, 200);
}

/// The public half of a key file's key, in PEM.
fn jsonwebtoken_public(file: &Value) -> String {
    use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
    use aws_lc_rs::signature::KeyPair;
    let text = file["private_key"].as_str().unwrap();
    let inside: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = data_encoding::BASE64.decode(inside.as_bytes()).unwrap();
    let pair = aws_lc_rs::rsa::KeyPair::from_pkcs8(&der).unwrap();
    let public: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", data_encoding::BASE64.encode(public.as_ref()))
}
