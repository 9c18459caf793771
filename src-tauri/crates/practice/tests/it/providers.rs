//! Each provider's own path from the consent page to the person's name, as its documentation shows it.

use serde_json::{Value, json};

use crate::house::*;

/// How one provider is used by a client that does everything right.
struct Path<'p> {
    authorize: &'p str,
    extra: &'p [(&'p str, &'p str)],
    token: &'p str,
    secret: bool,
    verifier: bool,
    userinfo: &'p str,
}

const USUAL: Path<'_> =
    Path { authorize: AUTHORIZE, extra: &[], token: TOKEN, secret: true, verifier: true, userinfo: "" };

/// Signs the second person in; gives the token answer and the userinfo.
async fn walk(practice: &practice::Practice, path: &Path<'_>) -> (Value, Value) {
    let back = decide(practice, &request(path.authorize, path.extra), "1002", "allow").await;
    let code = back.parameter("code").unwrap_or_else(|| panic!("no code: {back:?}"));
    let redirect = path.extra.iter().find(|(name, _)| *name == "redirect_uri").map_or(CALLBACK, |(_, value)| value);
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", redirect),
        ("client_id", "bot"),
    ];
    if path.secret {
        fields.push(("client_secret", "s"));
    }
    if path.verifier {
        fields.push(("code_verifier", VERIFIER));
    }
    let answer = post(practice, path.token, &fields).await;
    assert_eq!(answer.status, 200, "{}: {answer:?}", path.token);
    let who = get_as(practice, path.userinfo, &answer.text("access_token")).await;
    assert_eq!(who.status, 200, "{}: {who:?}", path.userinfo);
    (answer.json(), who.json())
}

async fn check(path: Path<'_>, seconds: i64, refresh: bool, who: Value) {
    let house = House::new();
    let practice = house.practice().await;
    let (tokens, found) = walk(&practice, &path).await;
    assert_eq!(tokens["expires_in"], seconds, "{tokens}");
    assert_eq!(tokens["refresh_token"].is_string(), refresh, "{tokens}");
    for (field, expect) in who.as_object().unwrap() {
        assert_eq!(&found[field], expect, "{found}");
    }
}

#[tokio::test]
async fn google() {
    let extra = [("scope", "email profile"), ("access_type", "offline")];
    let path = Path {
        authorize: "accounts.google.com/o/oauth2/v2/auth",
        extra: &extra,
        token: "oauth2.googleapis.com/token",
        userinfo: "openidconnect.googleapis.com/v1/userinfo",
        ..USUAL
    };
    check(path, 3600, true, json!({ "sub": "1002", "given_name": "Victor", "email": "victor@example.org" })).await;
}

#[tokio::test]
async fn facebook() {
    let extra = [("scope", "email,user_friends"), ("code_challenge", ""), ("code_challenge_method", "")];
    let path = Path {
        authorize: "www.facebook.com/v19.0/dialog/oauth",
        extra: &extra,
        token: "graph.facebook.com/v19.0/oauth/access_token",
        verifier: false,
        userinfo: "graph.facebook.com/v19.0/me?fields=id,name,first_name,email,picture.type(large)",
        ..USUAL
    };
    check(path, 5400, false, json!({ "id": "1002", "first_name": "Victor", "email": "victor@example.org" })).await;
}

#[tokio::test]
async fn linkedin_web_and_native() {
    let web = [("scope", "openid profile email"), ("code_challenge", ""), ("code_challenge_method", "")];
    let path = Path {
        authorize: "www.linkedin.com/oauth/v2/authorization",
        extra: &web,
        token: "www.linkedin.com/oauth/v2/accessToken",
        verifier: false,
        userinfo: "api.linkedin.com/v2/userinfo",
        ..USUAL
    };
    check(path, 5_184_000, false, json!({ "sub": "1002", "name": "Victor Cooper" })).await;
    let old = [("scope", "r_liteprofile,r_emailaddress"), ("code_challenge", ""), ("code_challenge_method", "")];
    let path = Path {
        authorize: "www.linkedin.com/oauth/v2/authorization",
        extra: &old,
        token: "www.linkedin.com/oauth/v2/accessToken",
        verifier: false,
        userinfo: "api.linkedin.com/v2/me",
        ..USUAL
    };
    check(path, 5_184_000, false, json!({ "id": "1002", "localizedFirstName": "Victor" })).await;
    let native = [("scope", "openid profile")];
    let path = Path {
        authorize: "www.linkedin.com/oauth/native-pkce/authorization",
        extra: &native,
        token: "www.linkedin.com/oauth/v2/accessToken",
        secret: false,
        userinfo: "api.linkedin.com/v2/userinfo",
        ..USUAL
    };
    check(path, 5_184_000, false, json!({ "sub": "1002" })).await;
}

#[tokio::test]
async fn linkedin_sends_no_type_and_commas_and_takes_no_verifier() {
    let house = House::new();
    let practice = house.practice().await;
    let place = "www.linkedin.com/oauth/v2/authorization";
    let code = decide(&practice, &request(place, &[]), "1001", "allow").await.parameter("code").unwrap();
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("client_id", "bot"),
        ("client_secret", "s"),
        ("code_verifier", VERIFIER),
    ];
    post(&practice, "www.linkedin.com/oauth/v2/accessToken", &fields).await.expect_error(400, "invalid_grant");
    fields.pop();
    let answer = post(&practice, "www.linkedin.com/oauth/v2/accessToken", &fields).await.json();
    assert_eq!((&answer["token_type"], &answer["scope"]), (&Value::Null, &"one,two".into()), "{answer}");
}

#[tokio::test]
async fn microsoft() {
    let extra = [
        ("scope", "https://graph.microsoft.com/user.read openid email offline_access"),
        ("redirect_uri", "http://localhost:5000/auth/oauth2/callback"),
    ];
    let path = Path {
        authorize: "login.microsoftonline.com/common/oauth2/v2.0/authorize",
        extra: &extra,
        token: "login.microsoftonline.com/common/oauth2/v2.0/token",
        secret: false,
        userinfo: "graph.microsoft.com/v1.0/me",
        ..USUAL
    };
    check(path, 4200, true, json!({ "id": "1002", "displayName": "Victor Cooper", "mail": "victor@example.org" }))
        .await;
}

#[tokio::test]
async fn discord() {
    let extra = [("scope", "identify"), ("redirect_uri", "patchbay://auth/oauth2/callback")];
    let path = Path {
        authorize: "discord.com/oauth2/authorize",
        extra: &extra,
        token: "discord.com/api/oauth2/token",
        userinfo: "discord.com/api/users/@me",
        ..USUAL
    };
    check(path, 604_800, true, json!({ "id": "1002", "username": "victor", "global_name": "Victor Cooper" })).await;
}

#[tokio::test]
async fn x_with_oauth_2() {
    let extra = [("scope", "tweet.read users.read offline.access")];
    let path = Path {
        authorize: "x.com/i/oauth2/authorize",
        extra: &extra,
        token: "api.x.com/2/oauth2/token",
        secret: false,
        userinfo: "api.x.com/2/users/me?user.fields=location",
        ..USUAL
    };
    let data = json!({ "id": "1002", "name": "Victor Cooper", "username": "victor", "location": "Portland" });
    check(path, 7200, true, json!({ "data": data })).await;
}

#[tokio::test]
async fn basecamp() {
    let extra = [("scope", ""), ("response_type", ""), ("type", "web_server")];
    let path = Path {
        authorize: "launchpad.37signals.com/authorization/new",
        extra: &extra,
        token: "launchpad.37signals.com/authorization/token",
        userinfo: "launchpad.37signals.com/authorization.json",
        ..USUAL
    };
    let identity =
        json!({ "id": 1002, "first_name": "Victor", "last_name": "Cooper", "email_address": "victor@example.org" });
    check(path, 1_209_600, true, json!({ "identity": identity })).await;
}

#[tokio::test]
async fn server_that_describes_itself() {
    let house = House::new();
    let practice = house.practice().await;
    let metadata = get(&practice, "login.operator.example/.well-known/openid-configuration").await.json();
    assert_eq!(metadata["issuer"], "https://login.operator.example");
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
    let place = |name: &str| metadata[name].as_str().unwrap().strip_prefix("https://").unwrap().to_owned();
    let (authorize, token, userinfo) =
        (place("authorization_endpoint"), place("token_endpoint"), place("userinfo_endpoint"));
    let path = Path { authorize: &authorize, token: &token, userinfo: &userinfo, ..USUAL };
    let (_, who) = walk(&practice, &path).await;
    assert_eq!(who["preferred_username"], "victor");
}

/// A Facebook token of the second person.
async fn facebook_token(practice: &practice::Practice) -> String {
    let extra = [("scope", "email,publish_actions")];
    let place = request("www.facebook.com/v2.11/dialog/oauth", &extra);
    let code = decide(practice, &place, "1002", "allow").await.parameter("code").unwrap();
    let query = form(&[
        ("client_id", "bot"),
        ("client_secret", "s"),
        ("redirect_uri", CALLBACK),
        ("code", &code),
        ("code_verifier", VERIFIER),
    ]);
    let answer = get(practice, &format!("graph.facebook.com/v2.11/oauth/access_token?{query}")).await;
    assert_eq!((answer.status, answer.text("token_type").as_str()), (200, "bearer"), "{answer:?}");
    answer.text("access_token")
}

#[tokio::test]
async fn facebook_posts_lengthens_inspects_and_forgets() {
    let house = House::new();
    let practice = house.practice().await;
    let token = facebook_token(&practice).await;
    let feed = format!("graph.facebook.com/v2.11/me/feed?access_token={token}");
    let posted = post(&practice, &feed, &[("message", "Hello & goodbye")]).await;
    assert_eq!(posted.status, 200, "{posted:?}");
    assert!(posted.text("id").starts_with("1002_"));
    let silent = post(&practice, &feed, &[]).await;
    assert_eq!((silent.status, &silent.json()["error"]["type"]), (400, &"OAuthException".into()));

    let lengthen = form(&[
        ("grant_type", "fb_exchange_token"),
        ("client_id", "bot"),
        ("client_secret", "s"),
        ("fb_exchange_token", &token),
    ]);
    let long = get(&practice, &format!("graph.facebook.com/v2.11/oauth/access_token?{lengthen}")).await;
    assert_eq!(long.json()["expires_in"], 5_184_000, "{long:?}");
    let long = long.text("access_token");
    house.pass(6000);
    assert_eq!(get(&practice, &format!("graph.facebook.com/me?access_token={token}")).await.status, 401);
    assert_eq!(
        get(&practice, &format!("graph.facebook.com/me?access_token={long}")).await.text("name"),
        "Victor Cooper"
    );

    let look = format!("graph.facebook.com/debug_token?input_token={long}&access_token=bot|s");
    assert_eq!(get(&practice, &look).await.json()["data"]["is_valid"], true);
    let path = format!("graph.facebook.com/1002/permissions?access_token={long}");
    let forget = Request { method: "DELETE", path: &path, headers: &[], body: "" };
    assert_eq!(send(&practice, &forget).await.json(), json!({ "success": true }));
    let gone = get(&practice, &format!("graph.facebook.com/me?access_token={long}")).await;
    assert_eq!((gone.status, &gone.json()["error"]["code"]), (401, &190.into()), "{gone:?}");
}

#[tokio::test]
async fn facebook_proof_is_checked() {
    let house = House::new();
    let practice = house.practice().await;
    practice.register_client(&client("bot", Some("s"), &[])).unwrap();
    let token = facebook_token(&practice).await;
    let me = |proof: &str| format!("graph.facebook.com/me?access_token={token}&appsecret_proof={proof}");
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, b"s");
    let proof = data_encoding::HEXLOWER.encode(aws_lc_rs::hmac::sign(&key, token.as_bytes()).as_ref());
    assert_eq!(get(&practice, &me(&proof)).await.status, 200);
    let flipped = proof.replace(['0', '1', '2', '3'], "4");
    assert_eq!(get(&practice, &me(&flipped)).await.status, 400);
}

#[tokio::test]
async fn any_other_call_is_echoed() {
    let house = House::new();
    let practice = house.practice().await;
    let (token, _) = tokens(&practice).await;
    let answer = get_as(&practice, "api.example.org/v1/things/9?x=1", &token).await;
    let expect = json!({
        "practice": true,
        "method": "GET",
        "host": "api.example.org",
        "path": "/v1/things/9",
        "as": { "id": "1001", "name": "Ada Winter", "email": "ada@example.org" },
    });
    assert_eq!((answer.status, answer.json()), (200, expect));
    let both = format!("api.example.org/v1/things?access_token={token}");
    assert_eq!(get_as(&practice, &both, &token).await.status, 400);
    assert_eq!(get(&practice, "api.example.org/v1/things").await.status, 401);
}

/// A token that is none, in the vendor's words.
async fn check_refused(path: &str, pointer: &str, expect: Value) {
    let house = House::new();
    let practice = house.practice().await;
    let (foreign, _) = tokens(&practice).await;
    for token in ["nonsense", &foreign] {
        let answer = get_as(&practice, path, token).await;
        assert_eq!((answer.status, answer.json().pointer(pointer)), (401, Some(&expect)), "{path}: {answer:?}");
    }
}

#[tokio::test]
async fn vendors_refuse_in_their_own_words() {
    check_refused("www.googleapis.com/oauth2/v3/userinfo", "/error/status", "UNAUTHENTICATED".into()).await;
    check_refused("graph.facebook.com/me", "/error/code", 190.into()).await;
    check_refused("api.linkedin.com/v2/userinfo", "/serviceErrorCode", 65600.into()).await;
    check_refused("graph.microsoft.com/v1.0/me", "/error/code", "InvalidAuthenticationToken".into()).await;
    check_refused("discord.com/api/users/@me", "/message", "401: Unauthorized".into()).await;
    check_refused("api.x.com/2/users/me", "/title", "Unauthorized".into()).await;
}

#[tokio::test]
async fn scopes_decide_what_is_seen() {
    let house = House::new();
    let practice = house.practice().await;
    let path = |scope| [("scope", scope), ("redirect_uri", "http://localhost:5000/cb")];
    let narrow = path("openid");
    let microsoft = Path {
        authorize: "login.microsoftonline.com/common/oauth2/v2.0/authorize",
        extra: &narrow,
        token: "login.microsoftonline.com/common/oauth2/v2.0/token",
        userinfo: "graph.microsoft.com/v1.0/other",
        ..USUAL
    };
    let (tokens, _) = walk(&practice, &microsoft).await;
    assert!(tokens.get("refresh_token").is_none(), "only offline_access gives one: {tokens}");
    let token = tokens["access_token"].as_str().unwrap();
    let me = get_as(&practice, "graph.microsoft.com/v1.0/me", token).await;
    assert_eq!((me.status, &me.json()["error"]["code"]), (403, &"Authorization_RequestDenied".into()));
}
