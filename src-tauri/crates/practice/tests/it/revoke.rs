//! Revocation: RFC 7009, and how vendors differ.

use crate::house::*;

const REVOKE: &str = "auth.example.org/revoke";

#[tokio::test]
async fn either_token_ends_the_grant() {
    let house = House::new();
    let practice = house.practice().await;
    for pick in [0, 1] {
        let (access, refresh_token) = tokens(&practice).await;
        let token = if pick == 0 { &access } else { &refresh_token };
        let fields = [("token", token.as_str()), ("client_id", "bot"), ("token_type_hint", "access_token")];
        let answer = post(&practice, REVOKE, &fields).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, ""));
        assert!(!opens(&practice, &access).await);
        refresh(&practice, &refresh_token, &[]).await.expect_error(400, "invalid_grant");
        assert_eq!(post(&practice, REVOKE, &fields).await.status, 200, "a second time changes nothing");
    }
}

#[tokio::test]
async fn revocation_asks_who_asks() {
    let house = House::new();
    let practice = house.practice().await;
    let (access, _) = tokens(&practice).await;
    post(&practice, REVOKE, &[("token", &access)]).await.expect_error(400, "invalid_request");
    post(&practice, REVOKE, &[("client_id", "bot")]).await.expect_error(400, "invalid_request");
    post(&practice, REVOKE, &[("token", &access), ("client_id", "other")])
        .await
        .expect_error(400, "unauthorized_client");
    assert!(opens(&practice, &access).await);
    assert_eq!(post(&practice, REVOKE, &[("token", "unknown"), ("client_id", "bot")]).await.status, 200);
}

/// Two grants of one person to one client at a vendor: whether revoking the first ends the second.
async fn check(authorize: &str, token: &str, revoke: &str, userinfo: &str, expect: bool) {
    let house = House::new();
    let practice = house.practice().await;
    let mut access = Vec::new();
    for _ in 0..2 {
        let fields = [("scope", "identify email openid")];
        let code = decide(&practice, &request(authorize, &fields), "1001", "allow").await.parameter("code").unwrap();
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
            ("client_id", "bot"),
            ("client_secret", "s"),
        ];
        access.push(post(&practice, token, &fields).await.text("access_token"));
    }
    let fields = [("token", access[0].as_str()), ("client_id", "bot"), ("client_secret", "s")];
    assert_eq!(post(&practice, revoke, &fields).await.status, 200, "{revoke}");
    assert_eq!(get_as(&practice, userinfo, &access[0]).await.status, 401, "{userinfo}");
    assert_eq!(get_as(&practice, userinfo, &access[1]).await.status == 401, expect, "{userinfo}");
}

#[tokio::test]
async fn some_vendors_end_everything() {
    let discord =
        ("discord.com/oauth2/authorize", "discord.com/api/oauth2/token", "discord.com/api/oauth2/token/revoke");
    check(discord.0, discord.1, discord.2, "discord.com/api/users/@me", true).await;
    let google =
        ("accounts.google.com/o/oauth2/v2/auth", "oauth2.googleapis.com/token", "oauth2.googleapis.com/revoke");
    check(google.0, google.1, google.2, "openidconnect.googleapis.com/v1/userinfo", true).await;
    check(AUTHORIZE, TOKEN, REVOKE, "auth.example.org/userinfo", false).await;
}

#[tokio::test]
async fn google_says_when_there_is_nothing_to_revoke() {
    let house = House::new();
    let practice = house.practice().await;
    let answer = post(&practice, "oauth2.googleapis.com/revoke", &[("token", "unknown")]).await;
    answer.expect_error(400, "invalid_token");
}
