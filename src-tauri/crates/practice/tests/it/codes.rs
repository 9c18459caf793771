//! Codes: once, for a minute, for one client, one address and one verifier.

use crate::house::*;

#[tokio::test]
async fn code_becomes_tokens() {
    let house = House::new();
    let practice = house.practice().await;
    let back = decide(&practice, &request(AUTHORIZE, &[]), "1002", "allow").await;
    assert_eq!(back.status, 303, "{back:?}");
    assert_eq!(back.parameter("state").as_deref(), Some("state-1"));
    assert_eq!(back.parameter("iss").as_deref(), Some("https://auth.example.org"));
    let code = back.parameter("code").unwrap();
    assert!(code.starts_with("practice-code-"), "{code}");
    let answer = redeem(&practice, &code, &[]).await;
    let json = answer.json();
    assert_eq!((answer.status, &json["token_type"], &json["expires_in"]), (200, &"Bearer".into(), &3600.into()));
    assert_eq!(json["scope"], "one two");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let token = answer.text("access_token");
    assert!(token.starts_with("practice-access-") && answer.text("refresh_token").starts_with("practice-refresh-"));
    let who = get_as(&practice, "auth.example.org/userinfo", &token).await.json();
    assert_eq!(who["name"], "Victor Cooper");
}

/// Redeems a fresh code in a way that differs in these fields.
async fn check(fields: &[(&str, &str)], status: u16, error: &str) {
    let house = House::new();
    let practice = house.practice().await;
    let code = code(&practice, &[]).await;
    redeem(&practice, &code, fields).await.expect_error(status, error);
    let after = redeem(&practice, &code, &[]).await;
    assert_eq!(after.status, 200, "a failed attempt does not use the code up: {after:?}");
}

#[tokio::test]
async fn code_fits_its_request_only() {
    check(&[("redirect_uri", "http://127.0.0.1:47824/auth/oauth2/callback")], 400, "invalid_grant").await;
    check(&[("redirect_uri", "")], 400, "invalid_request").await;
    check(&[("client_id", "other")], 400, "invalid_grant").await;
    check(&[("code_verifier", "")], 400, "invalid_grant").await;
    check(&[("code_verifier", CHALLENGE)], 400, "invalid_grant").await;
    check(&[("code_verifier", "short")], 400, "invalid_request").await;
    check(&[("code", "practice-code-unknown")], 400, "invalid_grant").await;
    check(&[("code", "")], 400, "invalid_request").await;
    check(&[("grant_type", "")], 400, "invalid_request").await;
    check(&[("grant_type", "password")], 400, "unsupported_grant_type").await;
    check(&[("client_id", "")], 400, "invalid_request").await;
}

#[tokio::test]
async fn code_lives_a_minute() {
    let house = House::new();
    let practice = house.practice().await;
    let (one, other) = (code(&practice, &[]).await, code(&practice, &[]).await);
    house.pass(59);
    assert_eq!(redeem(&practice, &one, &[]).await.status, 200);
    house.pass(1);
    redeem(&practice, &other, &[]).await.expect_error(400, "invalid_grant");
}

#[tokio::test]
async fn second_use_ends_the_tokens_of_the_first() {
    let house = House::new();
    let practice = house.practice().await;
    let code = code(&practice, &[]).await;
    let first = redeem(&practice, &code, &[]).await;
    let token = first.text("access_token");
    assert!(opens(&practice, &token).await);
    redeem(&practice, &code, &[]).await.expect_error(400, "invalid_grant");
    assert!(!opens(&practice, &token).await);
    refresh(&practice, &first.text("refresh_token"), &[]).await.expect_error(400, "invalid_grant");
}

#[tokio::test]
async fn of_two_at_once_one_wins() {
    let house = House::new();
    let practice = house.practice().await;
    let code = code(&practice, &[]).await;
    let answers = tokio::join!(redeem(&practice, &code, &[]), redeem(&practice, &code, &[]));
    let mut statuses = [answers.0.status, answers.1.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
}

#[tokio::test]
async fn client_without_secret_needs_a_challenge() {
    let house = House::new();
    let practice = house.practice().await;
    let open = &[("code_challenge", ""), ("code_challenge_method", "")];
    let bare = code(&practice, open).await;
    redeem(&practice, &bare, &[("code_verifier", "")]).await.expect_error(400, "invalid_grant");
    redeem(&practice, &bare, &[]).await.expect_error(400, "invalid_grant");
    let fields = &[("code_verifier", ""), ("client_secret", "secret")];
    assert_eq!(redeem(&practice, &bare, fields).await.status, 200);
}

#[tokio::test]
async fn token_takes_a_form_by_post() {
    let house = House::new();
    let practice = house.practice().await;
    let answer = get(&practice, "auth.example.org/token?grant_type=client_credentials").await;
    answer.expect_error(405, "invalid_request");
    assert_eq!(answer.header("allow"), Some("POST"));
    let json = serde_json::json!({ "grant_type": "client_credentials", "client_id": "bot", "client_secret": "s" });
    post_json(&practice, TOKEN, &json).await.expect_error(400, "invalid_request");
    let twice = [("grant_type", "client_credentials"), ("grant_type", "client_credentials"), ("client_id", "bot")];
    post(&practice, TOKEN, &twice).await.expect_error(400, "invalid_request");
}
