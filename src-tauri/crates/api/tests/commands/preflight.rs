//! What connecting needs, for every kind of provider. Nobody is contacted for it.

use serde_json::{Value, json};

use crate::Desk;
use crate::connections::CRM;

const GOOGLE: &str = "- provider: google\n  context: bot\n  scope: email profile\n";

fn preflight(desk: &Desk, manifest: &str, alias: &str, practice: Option<bool>) -> Value {
    let folder = desk.write(alias, &[("integrations.yaml", manifest), ("main.bubble", "")]);
    let bot = desk.open(&folder)["bot"].clone();
    if let Some(practice) = practice {
        desk.call("practice_choose", json!({ "bot": bot, "alias": alias, "practice": practice }));
    }
    desk.call("connect_preflight", json!({ "bot": bot, "alias": alias }))
}

/// Practice, flow, way, number of problems.
type Expected = (bool, &'static str, &'static str, usize);

fn check(manifest: &str, alias: &str, practice: Option<bool>, expected: Expected) -> Value {
    let desk = Desk::new();
    let got = preflight(&desk, manifest, alias, practice);
    let problems = got["problems"].as_array().unwrap();
    let seen = (
        got["practice"].as_bool().unwrap(),
        got["flow"].as_str().unwrap(),
        got["way"].as_str().unwrap(),
        problems.len(),
    );
    assert_eq!(seen, expected, "{alias}: {got}");
    for problem in problems {
        assert_ne!((problem["message"].as_str(), problem["hint"].as_str()), (Some(""), Some("")), "{got}");
        assert!(!problem["hint"].as_str().unwrap().is_empty(), "a problem says what to do: {got}");
    }
    assert!(desk.browser.opened().is_empty(), "nothing is opened");
    got
}

#[test]
fn google_practised_and_real() {
    let practised = check(GOOGLE, "google", None, (true, "authCode", "loopback", 0));
    assert_eq!(practised["scopes"].as_array().unwrap().len(), 2);
    assert!(practised["scopes"].as_array().unwrap().iter().all(|own| own["words"] != ""), "{practised}");
    assert_eq!(practised["authorizeAt"], "accounts.google.com");
    assert_eq!(practised["callbacks"][0]["url"], "http://127.0.0.1/auth/oauth2/callback");
    assert!(practised["registerUrl"].as_str().unwrap().starts_with("https://"), "{practised}");
    // For real, Google wants a client id and a secret.
    check(GOOGLE, "google", Some(false), (false, "authCode", "loopback", 2));
}

#[test]
fn facebook_comes_back_by_https_unless_practised() {
    let manifest = "- provider: facebook\n  context: user\n  scope: email\n";
    check(manifest, "facebook", None, (true, "authCode", "loopback", 0));
    let real = check(manifest, "facebook", Some(false), (false, "authCode", "paste", 2));
    assert_eq!(real["callbacks"][0]["url"], "https://studio.dialox.ai/auth/oauth2/callback");
}

#[test]
fn linkedin_and_microsoft_sign_in_without_a_secret() {
    check("- provider: linkedin\n  context: user\n", "linkedin", None, (true, "authCode", "loopback", 0));
    let microsoft =
        check("- provider: microsoft\n  context: bot\n", "microsoft", None, (true, "authCode", "loopback", 0));
    assert_eq!(microsoft["callbacks"][0]["url"], "http://localhost/auth/oauth2/callback");
    assert_eq!(microsoft["needsSecret"], false);
}

#[test]
fn a_scope_selects_oauth_2_at_twitter() {
    check("- provider: twitter\n  context: user\n", "twitter", None, (true, "oAuth1", "loopback", 0));
    check("- provider: twitter\n  context: user\n  scope: \"\"\n", "twitter", None, (true, "oAuth1", "loopback", 0));
    let manifest = "- provider: twitter\n  context: user\n  scope: tweet.read users.read\n";
    check(manifest, "twitter", None, (true, "authCode", "loopback", 0));
}

#[test]
fn operator_and_salesforce_take_their_addresses_from_settings() {
    let manifest = "- provider: operator\n  context: bot\n";
    check(manifest, "operator", None, (true, "authCode", "deepLink", 0));
    check(manifest, "operator", Some(false), (false, "authCode", "deepLink", 3));
    let desk = Desk::new();
    desk.call("vault_create", json!({ "type": "keychain" }));
    let settings = json!([
        { "name": "authorize_url", "value": "https://operator.example.com/authorize" },
        { "name": "token_url", "value": "https://operator.example.com/token" },
    ]);
    let set = json!({ "provider": "operator", "clientId": "op", "clientSecret": null, "settings": settings });
    desk.call("credentials_set", set);
    let got = preflight(&desk, "- provider: operator\n  context: bot\n", "operator", None);
    assert_eq!((&got["practice"], &got["clientId"], &got["problems"]), (&json!(false), &json!("op"), &json!([])));
    assert_eq!(got["authorizeAt"], "operator.example.com");
    let salesforce = preflight(&desk, "- provider: salesforce\n  context: bot\n", "salesforce", Some(false));
    assert!(!salesforce["problems"].as_array().unwrap().is_empty(), "{salesforce}");
}

#[test]
fn a_generic_entry_is_real_as_it_names_its_client() {
    let got = check(CRM, "crm", None, (false, "authCode", "loopback", 0));
    assert_eq!((&got["clientId"], &got["secretFrom"]), (&json!("crm-client"), &json!("none")));
    assert_eq!((&got["authorizeAt"], &got["tokenAt"]), (&json!("crm.example.com"), &json!("crm.example.com")));
    let with_secret =
        CRM.replace("client_id: crm-client", "client_id: crm-client\n    client_secret: canary-of-the-file");
    let got = check(&with_secret, "crm", None, (false, "authCode", "loopback", 0));
    assert_eq!((&got["secretFrom"], &got["needsSecret"]), (&json!("manifest"), &json!(true)));
    assert!(!got.to_string().contains("canary-of-the-file"));
}

#[test]
fn a_link_is_the_usual_way_where_one_arrives() {
    let got = preflight(&Desk::linked(), CRM, "crm", None);
    assert_eq!(got["way"], "deepLink");
    assert_eq!(got["callbacks"][0]["url"], "patchbay://auth/oauth2/callback");
    assert_eq!(got["ways"], json!(["deepLink", "loopback", "paste"]));
    let elsewhere = preflight(&Desk::new(), CRM, "crm", None);
    assert_eq!(elsewhere["ways"], json!(["loopback", "paste", "deepLink"]));
    assert!(elsewhere["callbacks"][0]["url"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{elsewhere}");
}

#[test]
fn client_credentials_need_no_browser() {
    let manifest = CRM.replace("auth_code", "client_credentials");
    let got = check(&manifest, "crm", Some(true), (true, "clientCredentials", "loopback", 0));
    assert_eq!((&got["ways"], &got["callbacks"]), (&json!([]), &json!([])));
    check(&manifest, "crm", Some(false), (false, "clientCredentials", "loopback", 1));
}

#[test]
fn a_service_account_needs_its_key_file_only() {
    let manifest = "- provider: google_service_account\n  alias: sheets\n  context: bot\n";
    let got = check(manifest, "sheets", None, (false, "serviceAccount", "loopback", 0));
    assert_eq!((&got["ways"], &got["hosts"]), (&json!([]), &json!(["oauth2.googleapis.com"])));
}

#[test]
fn a_secret_has_no_sign_in() {
    check(crate::MANIFEST, "myapi_key", None, (false, "authCode", "loopback", 1));
    let desk = Desk::new();
    let bot = desk.secret_bot();
    assert_eq!(desk.fail("connect_preflight", json!({ "bot": bot["bot"], "alias": "other" }))["code"], "notFound");
    assert_eq!(desk.fail("connect_preflight", json!({ "bot": "none", "alias": "google" }))["code"], "notFound");
}
