//! Every fault: what it does while it is on, and that it goes away.

use practice::{Fault, Lasting, Practice};

use crate::house::*;

fn on(practice: &Practice, name: &str) {
    practice.set_fault(Fault::from_name(name).unwrap(), Lasting::Always).unwrap();
}

fn off(practice: &Practice) {
    for (fault, _) in practice.faults().unwrap() {
        practice.set_fault(fault, Lasting::Off).unwrap();
    }
    assert!(practice.faults().unwrap().is_empty());
}

#[tokio::test]
async fn deny() {
    let house = House::new();
    let practice = house.practice().await;
    on(&practice, "deny");
    let back = get(&practice, &request(AUTHORIZE, &[])).await;
    assert_eq!((back.status, back.parameter("error").as_deref()), (303, Some("access_denied")));
    let facebook = get(&practice, &request("www.facebook.com/v19.0/dialog/oauth", &[])).await;
    assert_eq!(facebook.parameter("error_reason").as_deref(), Some("user_denied"));
    let linkedin = get(&practice, &request("www.linkedin.com/oauth/v2/authorization", &[])).await;
    assert_eq!(linkedin.parameter("error").as_deref(), Some("user_cancelled_authorize"));
    off(&practice);
    assert_eq!(get(&practice, &request(AUTHORIZE, &[])).await.status, 200);
}

#[tokio::test]
async fn replay() {
    let house = House::new();
    let practice = house.practice().await;
    let one = code(&practice, &[]).await;
    let (_, token) = tokens(&practice).await;
    on(&practice, "replay");
    redeem(&practice, &one, &[]).await.expect_error(400, "invalid_grant");
    refresh(&practice, &token, &[]).await.expect_error(400, "invalid_grant");
    off(&practice);
    refresh(&practice, &token, &[]).await.expect_error(400, "invalid_grant");
}

#[tokio::test]
async fn revoked() {
    let house = House::new();
    let practice = house.practice().await;
    let (access, token) = tokens(&practice).await;
    on(&practice, "revoked");
    assert!(!opens(&practice, &access).await);
    refresh(&practice, &token, &[]).await.expect_error(400, "invalid_grant");
}

#[tokio::test]
async fn too_many_requests_and_broken_servers() {
    let house = House::new();
    let practice = house.practice().await;
    let (access, token) = tokens(&practice).await;
    let check = async |name: &str, status: u16, retry: Option<&str>| {
        practice.set_fault(Fault::from_name(name).unwrap(), Lasting::Times(2)).unwrap();
        let answer = refresh(&practice, &token, &[]).await;
        assert_eq!((answer.status, answer.header("retry-after")), (status, retry), "{name}");
        assert_eq!(get_as(&practice, "auth.example.org/userinfo", &access).await.status, status, "{name}");
        assert!(opens(&practice, &access).await, "{name} was for two requests");
    };
    check("too-many-requests=7", 429, Some("7")).await;
    check("too-many-requests=0", 429, None).await;
    check("bad-gateway", 502, None).await;
    check("server-error", 500, None).await;
    on(&practice, "bad-gateway");
    assert_eq!(get(&practice, &request(AUTHORIZE, &[])).await.status, 200, "people still see the page");
    off(&practice);
    assert_eq!(refresh(&practice, &token, &[]).await.status, 200, "the token was never looked at");
}

#[tokio::test]
async fn slow_takes_effect_before_it_answers() {
    let house = House::new();
    let practice = house.practice().await;
    let (_, token) = tokens(&practice).await;
    practice.set_fault(Fault::Slow { ms: 60_000 }, Lasting::Times(1)).unwrap();
    let waiting = refresh(&practice, &token, &[]);
    let impatient = tokio::time::timeout(std::time::Duration::from_secs(1), waiting).await;
    assert!(impatient.is_err(), "the answer is a minute away");
    refresh(&practice, &token, &[]).await.expect_error(400, "invalid_grant");
    practice.set_fault(Fault::Slow { ms: 1 }, Lasting::Times(1)).unwrap();
    assert_eq!(get(&practice, "auth.example.org/.well-known/openid-configuration").await.status, 200);
}

#[tokio::test]
async fn clock_skew() {
    let house = House::new();
    let practice = house.practice().await;
    let code = code(&practice, &[]).await;
    let straight = get(&practice, "").await;
    assert_eq!(straight.header("date"), Some("Fri, 15 Jan 2027 08:00:00 GMT"));
    on(&practice, "clock-skew=420");
    let skewed = get(&practice, "auth.example.org/userinfo").await;
    assert_eq!(skewed.header("date"), Some("Fri, 15 Jan 2027 08:07:00 GMT"));
    redeem(&practice, &code, &[]).await.expect_error(400, "invalid_grant");
    off(&practice);
    assert_eq!(redeem(&practice, &code, &[]).await.status, 200);
}

/// The token answer of a fresh sign-in while a fault is on.
async fn answer_under(name: &str) -> (Practice, Answer) {
    let house = House::new();
    let practice = house.practice().await;
    let code = code(&practice, &[]).await;
    on(&practice, name);
    let answer = redeem(&practice, &code, &[]).await;
    assert_eq!(answer.status, 200, "{name}: {answer:?}");
    (practice, answer)
}

#[tokio::test]
async fn answers_that_lack_something() {
    let (_practice, answer) = answer_under("no-refresh-token").await;
    assert!(answer.json().get("refresh_token").is_none());
    let (practice, answer) = answer_under("fewer-scopes").await;
    assert_eq!(answer.text("scope"), "one");
    off(&practice);
    let refreshed = refresh(&practice, &answer.text("refresh_token"), &[("scope", "two")]).await;
    refreshed.expect_error(400, "invalid_scope");
    let (practice, answer) = answer_under("expired").await;
    assert_eq!(answer.json()["expires_in"], 0);
    assert!(!opens(&practice, &answer.text("access_token")).await);
    let (practice, answer) = answer_under("expired=30").await;
    assert_eq!(answer.json()["expires_in"], 30);
    assert!(opens(&practice, &answer.text("access_token")).await);
}

#[tokio::test]
async fn answers_in_another_form() {
    let (_practice, answer) = answer_under("form-encoded").await;
    assert_eq!(answer.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert!(answer.body.starts_with("access_token=practice-access-") && answer.body.contains("&expires_in=3600"));
    let (_practice, answer) = answer_under("truncated-json").await;
    assert!(answer.body.starts_with('{') && serde_json::from_str::<serde_json::Value>(&answer.body).is_err());
    let (_practice, answer) = answer_under("wrong-content-type").await;
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(answer.text("access_token").starts_with("practice-"));
}

#[tokio::test]
async fn page_lists_what_is_on() {
    let house = House::new();
    let practice = house.practice().await;
    for fault in Fault::all() {
        practice.set_fault(*fault, Lasting::Times(3)).unwrap();
    }
    let page = get(&practice, "").await;
    for fault in Fault::all() {
        assert!(page.body.contains(fault.name()), "{}: {}", fault.name(), page.body);
    }
    assert_eq!(practice.faults().unwrap().len(), Fault::all().len());
}
