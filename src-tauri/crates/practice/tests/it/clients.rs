//! Who a client is, and what becomes of those that are not.

use serde_json::json;

use crate::house::*;

const CREDENTIALS: (&str, &str) = ("grant_type", "client_credentials");

#[tokio::test]
async fn registered_client_proves_itself() {
    let house = House::new();
    let practice = house.practice().await;
    practice.register_client(&client("a b", Some("s:e%c+r"), &[])).unwrap();
    practice.register_client(&client("open", None, &[])).unwrap();
    let basic = async |id_secret: &str| post_basic(&practice, TOKEN, id_secret, &[CREDENTIALS, ("scope", "x")]).await;
    let right = basic("a+b:s%3Ae%25c%2Br").await;
    assert_eq!((right.status, right.text("scope").as_str()), (200, "x"));
    assert!(right.json().get("refresh_token").is_none());
    let wrong = basic("a+b:other").await;
    wrong.expect_error(401, "invalid_client");
    assert_eq!(wrong.header("www-authenticate"), Some("Basic realm=\"practice\""));
    basic("a+b:s:e%c+r").await.expect_error(400, "invalid_request");
    basic("a+b:").await.expect_error(400, "invalid_request");
    basic("a+b").await.expect_error(400, "invalid_request");

    let body = async |fields: &[(&str, &str)]| post(&practice, TOKEN, &[&[CREDENTIALS], fields].concat()).await;
    assert_eq!(body(&[("client_id", "a b"), ("client_secret", "s:e%c+r")]).await.status, 200);
    body(&[("client_id", "a b"), ("client_secret", "other")]).await.expect_error(401, "invalid_client");
    body(&[("client_id", "a b")]).await.expect_error(401, "invalid_client");
    body(&[("client_id", "open"), ("client_secret", "any")]).await.expect_error(401, "invalid_client");
    body(&[("client_id", "open")]).await.expect_error(400, "unauthorized_client");
    body(&[]).await.expect_error(400, "invalid_request");
    body(&[("client_id", "bot")]).await.expect_error(401, "invalid_client");
    let both = [CREDENTIALS, ("client_id", "a b"), ("client_secret", "s:e%c+r")];
    post_basic(&practice, TOKEN, "a+b:s%3Ae%25c%2Br", &both).await.expect_error(400, "invalid_request");
    let differently = [CREDENTIALS, ("client_id", "open")];
    post_basic(&practice, TOKEN, "a+b:s%3Ae%25c%2Br", &differently).await.expect_error(400, "invalid_request");
}

#[tokio::test]
async fn strict_practice_serves_registered_clients_only() {
    let house = House::new();
    let practice = house.open(true).await;
    assert_eq!(get(&practice, &request(AUTHORIZE, &[])).await.status, 401);
    let fields = [CREDENTIALS, ("client_id", "bot"), ("client_secret", "s")];
    post(&practice, TOKEN, &fields).await.expect_error(401, "invalid_client");
    practice.register_client(&client("bot", Some("s"), &[])).unwrap();
    assert_eq!(get(&practice, &request(AUTHORIZE, &[])).await.status, 200);
    assert_eq!(post(&practice, TOKEN, &fields).await.status, 200);
}

#[tokio::test]
async fn vendors_differ_in_how_a_secret_comes() {
    let house = House::new();
    let practice = house.practice().await;
    let linkedin = "www.linkedin.com/oauth/v2/accessToken";
    post_basic(&practice, linkedin, "bot:s", &[CREDENTIALS]).await.expect_error(401, "invalid_client");
    assert_eq!(
        post(&practice, linkedin, &[CREDENTIALS, ("client_id", "bot"), ("client_secret", "s")]).await.status,
        200
    );
    assert_eq!(post_basic(&practice, "discord.com/api/oauth2/token", "bot:s", &[CREDENTIALS]).await.status, 200);
    let google = decide(&practice, &request("accounts.google.com/o/oauth2/v2/auth", &[]), "1001", "allow").await;
    let code = google.parameter("code").unwrap();
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", "bot"),
    ];
    post(&practice, "oauth2.googleapis.com/token", &fields).await.expect_error(400, "invalid_request");
}

#[tokio::test]
async fn stage_is_set_by_json() {
    let house = House::new();
    let practice = house.practice().await;
    let client = json!({ "id": "bot", "secret": "s", "redirect_uris": [] });
    assert_eq!(post_json(&practice, "practice/clients", &client).await.status, 204);
    post(&practice, TOKEN, &[CREDENTIALS, ("client_id", "bot"), ("client_secret", "t")])
        .await
        .expect_error(401, "invalid_client");
    let person = json!({ "id": "1009", "name": "Bo Ek", "email": "bo@example.org" });
    assert_eq!(post_json(&practice, "practice/people", &person).await.status, 204);
    let people = get(&practice, "practice/people").await.json();
    assert_eq!(people["people"].as_array().map(Vec::len), Some(4), "{people}");
    assert_eq!(practice.people().unwrap()[3].name, "Bo Ek");
    assert_eq!(post_json(&practice, "practice/faults", &json!({ "fault": "slow=1", "times": 2 })).await.status, 204);
    assert_eq!(practice.faults().unwrap().len(), 1);
    assert_eq!(post_json(&practice, "practice/faults", &json!({ "fault": "nonsense" })).await.status, 400);
    assert_eq!(post_json(&practice, "practice/clients", &json!({ "secret": "s" })).await.status, 400);
}
