//! Refresh tokens: rotation, reuse, scopes, expiry.

use crate::house::*;

#[tokio::test]
async fn refresh_rotates_and_reuse_ends_the_family() {
    let house = House::new();
    let practice = house.practice().await;
    let (first_access, first) = tokens(&practice).await;
    let answer = refresh(&practice, &first, &[]).await;
    let (access, second) = (answer.text("access_token"), answer.text("refresh_token"));
    assert_ne!(first, second);
    assert_eq!(answer.text("scope"), "one two");
    assert!(opens(&practice, &access).await && opens(&practice, &first_access).await);
    refresh(&practice, &first, &[]).await.expect_error(400, "invalid_grant");
    refresh(&practice, &second, &[]).await.expect_error(400, "invalid_grant");
    assert!(!opens(&practice, &access).await && !opens(&practice, &first_access).await);
}

#[tokio::test]
async fn fifty_at_once_refresh_once() {
    let house = House::new();
    let practice = house.practice().await;
    let (_, token) = tokens(&practice).await;
    let practice = std::sync::Arc::new(practice);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (practice, token) = (std::sync::Arc::clone(&practice), token.clone());
        tasks.spawn(async move { refresh(&practice, &token, &[]).await.status });
    }
    let statuses = tasks.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
}

#[tokio::test]
async fn refresh_narrows_but_never_widens() {
    let house = House::new();
    let practice = house.practice().await;
    let (_, token) = tokens(&practice).await;
    refresh(&practice, &token, &[("scope", "one three")]).await.expect_error(400, "invalid_scope");
    refresh(&practice, &token, &[("scope", "o\"ne")]).await.expect_error(400, "invalid_scope");
    let answer = refresh(&practice, &token, &[("scope", "two")]).await;
    assert_eq!((answer.status, answer.text("scope").as_str()), (200, "two"));
    let again = refresh(&practice, &answer.text("refresh_token"), &[]).await;
    assert_eq!(again.text("scope"), "one two", "the grant itself stays as wide as it was");
}

#[tokio::test]
async fn refresh_belongs_to_its_client() {
    let house = House::new();
    let practice = house.practice().await;
    let (_, token) = tokens(&practice).await;
    let foreign = [("grant_type", "refresh_token"), ("refresh_token", token.as_str()), ("client_id", "other")];
    post(&practice, TOKEN, &foreign).await.expect_error(400, "invalid_grant");
    post(&practice, TOKEN, &[("grant_type", "refresh_token"), ("client_id", "bot")])
        .await
        .expect_error(400, "invalid_request");
    refresh(&practice, "practice-refresh-unknown", &[]).await.expect_error(400, "invalid_grant");
    assert_eq!(refresh(&practice, &token, &[]).await.status, 200);

    let code = code(&practice, &[]).await;
    let proved = redeem(&practice, &code, &[("client_secret", "s")]).await.text("refresh_token");
    refresh(&practice, &proved, &[]).await.expect_error(401, "invalid_client");
    assert_eq!(refresh(&practice, &proved, &[("client_secret", "s")]).await.status, 200);
}

#[tokio::test]
async fn access_expires() {
    let house = House::new();
    let practice = house.practice().await;
    let (access, _) = tokens(&practice).await;
    house.pass(3599);
    assert!(opens(&practice, &access).await);
    house.pass(1);
    let late = get_as(&practice, "auth.example.org/userinfo", &access).await;
    late.expect_error(401, "invalid_token");
    assert_eq!(late.header("www-authenticate"), Some("Bearer realm=\"practice\", error=\"invalid_token\""));
}

/// Signs a person in at Google and tells whether there is a refresh token.
async fn google(practice: &practice::Practice, fields: &[(&str, &str)]) -> Option<String> {
    let back = decide(practice, &request("accounts.google.com/o/oauth2/v2/auth", fields), "1001", "allow").await;
    assert_eq!(back.parameter("iss").as_deref(), Some("https://accounts.google.com"));
    let code = back.parameter("code").unwrap();
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", "bot"),
        ("client_secret", "s"),
    ];
    let answer = post(practice, "oauth2.googleapis.com/token", &fields).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["refresh_token"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn google_gives_one_refresh_token_that_stays() {
    let house = House::new();
    let practice = house.practice().await;
    assert_eq!(google(&practice, &[]).await, None, "nobody asked for offline access");
    let token = {
        let other = House::new().practice().await;
        google(&other, &[("access_type", "offline")]).await.unwrap();
        google(&practice, &[("access_type", "offline"), ("prompt", "consent")]).await.unwrap()
    };
    assert_eq!(google(&practice, &[("access_type", "offline")]).await, None, "the person had allowed it before");
    for _ in 0..2 {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token.as_str()),
            ("client_id", "bot"),
            ("client_secret", "s"),
        ];
        let answer = post(&practice, "oauth2.googleapis.com/token", &fields).await;
        assert_eq!((answer.status, answer.json().get("refresh_token")), (200, None), "{answer:?}");
    }
}
