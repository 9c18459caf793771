//! The consent page and everything that keeps it from appearing.

use crate::house::*;

#[tokio::test]
async fn page_shows_who_what_and_that_it_is_practice() {
    let house = House::new();
    let practice = house.practice().await;
    let fields = [("scope", "email profile"), ("login_hint", "noor@example.org")];
    let page = get(&practice, &request("accounts.google.com/o/oauth2/v2/auth", &fields)).await;
    assert_eq!(page.status, 200);
    for text in
        ["Practice", "Sign in to Google", "<code>bot</code>", "Ada Winter", "Victor Cooper", "<code>email</code>"]
    {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    assert!(page.body.contains("value=\"1003\" checked"), "the hinted person is chosen: {}", page.body);
    assert!(!page.body.contains("<script"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("form-action 'self' http://127.0.0.1:47823;"));
    assert_eq!(page.header("set-cookie"), None);
    assert_eq!(page.header("x-patchbay-practice"), Some("1"));
    let index = get(&practice, "").await;
    assert!(index.status == 200 && index.body.contains("Practice providers"), "{index:?}");
}

#[tokio::test]
async fn decision_counts_once() {
    let house = House::new();
    let practice = house.practice().await;
    let page = get(&practice, &request(AUTHORIZE, &[])).await;
    let id = pending(&page);
    let nobody = [("request", id.as_str()), ("person", "9"), ("decision", "allow")];
    assert_eq!(post(&practice, "practice/consent", &nobody).await.status, 400);
    let deny = [("request", id.as_str()), ("person", "1001"), ("decision", "deny")];
    let back = post(&practice, "practice/consent", &deny).await;
    assert_eq!(back.parameter("error").as_deref(), Some("access_denied"));
    assert_eq!(back.parameter("state").as_deref(), Some("state-1"));
    assert_eq!(back.parameter("code"), None);
    let late = [("request", id.as_str()), ("person", "1001"), ("decision", "allow")];
    assert_eq!(post(&practice, "practice/consent", &late).await.status, 400);
}

#[tokio::test]
async fn page_stays_open_ten_minutes() {
    let house = House::new();
    let practice = house.practice().await;
    let id = pending(&get(&practice, &request(AUTHORIZE, &[])).await);
    house.pass(600);
    let fields = [("request", id.as_str()), ("person", "1001"), ("decision", "allow")];
    assert_eq!(post(&practice, "practice/consent", &fields).await.status, 400);
}

#[tokio::test]
async fn other_sites_may_lead_here_but_not_decide() {
    let house = House::new();
    let practice = house.practice().await;
    let visit = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")];
    let path = request(AUTHORIZE, &[]);
    let page = send(&practice, &Request { method: "GET", path: &path, headers: &visit, body: "" }).await;
    let id = pending(&page);
    let body = form(&[("request", &id), ("person", "1001"), ("decision", "allow")]);
    let mut headers = visit.to_vec();
    headers.push(("Content-Type", "application/x-www-form-urlencoded"));
    let foreign = Request { method: "POST", path: "practice/consent", headers: &headers, body: &body };
    assert_eq!(send(&practice, &foreign).await.status, 403);
    headers.push(("Origin", "http://evil.example"));
    let foreign = Request { method: "POST", path: "practice/consent", headers: &headers, body: &body };
    assert_eq!(send(&practice, &foreign).await.status, 403);
    let own =
        [("Origin", "null"), ("Sec-Fetch-Site", "same-origin"), ("Content-Type", "application/x-www-form-urlencoded")];
    let decided = Request { method: "POST", path: "practice/consent", headers: &own, body: &body };
    assert_eq!(send(&practice, &decided).await.status, 303);
}

/// A request that leads back with an error.
async fn check_back(place: &str, fields: &[(&str, &str)], error: &str) {
    let house = House::new();
    let practice = house.practice().await;
    let back = get(&practice, &request(place, fields)).await;
    assert_eq!(back.parameter("error").as_deref(), Some(error), "{fields:?}: {back:?}");
    assert_eq!(back.parameter("state").as_deref(), Some("state-1"), "{fields:?}");
}

#[tokio::test]
async fn wrong_requests_are_told_to_their_sender() {
    check_back(AUTHORIZE, &[("response_type", "token")], "unsupported_response_type").await;
    check_back(AUTHORIZE, &[("response_type", "")], "invalid_request").await;
    check_back(AUTHORIZE, &[("code_challenge_method", "plain")], "invalid_request").await;
    check_back(AUTHORIZE, &[("code_challenge_method", "")], "invalid_request").await;
    check_back(AUTHORIZE, &[("code_challenge", "short")], "invalid_request").await;
    check_back(AUTHORIZE, &[("code_challenge", "")], "invalid_request").await;
    check_back(AUTHORIZE, &[("scope", "one \"two\"")], "invalid_scope").await;
    check_back(AUTHORIZE, &[("prompt", "none")], "login_required").await;
    check_back(AUTHORIZE, &[("response_mode", "fragment")], "invalid_request").await;
    let x = "x.com/i/oauth2/authorize";
    check_back(x, &[("code_challenge", ""), ("code_challenge_method", "")], "invalid_request").await;
    let native = "www.linkedin.com/oauth/native-pkce/authorization";
    check_back(native, &[("code_challenge", ""), ("code_challenge_method", "")], "invalid_request").await;
}

/// A request that ends on a page, because its sender cannot be trusted.
async fn check_page(path: &str) {
    let house = House::new();
    let practice = house.practice().await;
    practice
        .register_client(&client("known", None, &["http://127.0.0.1/cb", "patchbay://auth/oauth2/callback"]))
        .unwrap();
    let page = get(&practice, path).await;
    assert_eq!((page.status, page.header("location")), (400, None), "{path}: {page:?}");
    assert!(page.body.contains("Practice"));
}

#[tokio::test]
async fn untrusted_senders_get_a_page() {
    check_page(&request(AUTHORIZE, &[("client_id", "")])).await;
    check_page(&request(AUTHORIZE, &[("redirect_uri", "")])).await;
    check_page(&request(AUTHORIZE, &[("redirect_uri", "http://evil.example/cb")])).await;
    check_page(&request(AUTHORIZE, &[("redirect_uri", "https://example.org/cb#part")])).await;
    check_page(&request(AUTHORIZE, &[("redirect_uri", "javascript:alert(1)")])).await;
    check_page(&request(AUTHORIZE, &[("client_id", "known"), ("redirect_uri", "http://127.0.0.1:9/other")])).await;
    check_page(&request(AUTHORIZE, &[("client_id", "known"), ("redirect_uri", "https://example.org/cb")])).await;
    check_page(&format!("{}&client_id=bot", request(AUTHORIZE, &[]))).await;
    let microsoft = "login.microsoftonline.com/common/oauth2/v2.0/authorize";
    check_page(&request(microsoft, &[])).await;
}

#[tokio::test]
async fn registered_loopback_takes_any_port() {
    let house = House::new();
    let practice = house.practice().await;
    practice
        .register_client(&client("known", None, &["http://127.0.0.1/cb", "patchbay://auth/oauth2/callback"]))
        .unwrap();
    for redirect in ["http://127.0.0.1:50001/cb", "patchbay://auth/oauth2/callback"] {
        let path = request(AUTHORIZE, &[("client_id", "known"), ("redirect_uri", redirect)]);
        let back = decide(&practice, &path, "1001", "allow").await;
        assert!(back.header("location").unwrap().starts_with(&format!("{redirect}?code=practice-code-")), "{back:?}");
    }
}

#[tokio::test]
async fn answer_can_be_posted() {
    let house = House::new();
    let practice = house.practice().await;
    let page = decide(&practice, &request(AUTHORIZE, &[("response_mode", "form_post")]), "1001", "allow").await;
    assert_eq!(page.status, 200);
    let action = format!("<form method=\"post\" action=\"{CALLBACK}\">");
    assert!(page.body.contains(&action) && page.body.contains("name=\"code\" value=\"practice-code-"), "{}", page.body);
}

#[tokio::test]
async fn strangers_are_refused() {
    let house = House::new();
    let practice = house.practice().await;
    let strange = send(&practice, &Request { method: "GET", path: "", headers: &[("Host", "evil.example")], body: "" });
    assert_ne!(strange.await.status, 200);
    assert_eq!(get(&practice, "practice/nothing").await.status, 404);
    assert_eq!(get(&practice, "-").await.status, 404);
    assert_eq!(get(&practice, "practice/consent").await.status, 404);
}
