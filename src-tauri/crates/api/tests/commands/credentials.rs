//! App credentials: client ids and secrets of this machine. They travel inwards only.

use serde_json::{Value, json};

use crate::connections::{CRM, of};
use crate::{CANARY, Desk};

fn row(desk: &Desk, provider: &str) -> Value {
    let all = desk.call("credentials_list", json!({}));
    all.as_array().unwrap().iter().find(|own| own["provider"] == provider).unwrap().clone()
}

fn with_vault() -> Desk {
    let desk = Desk::new();
    desk.call("vault_create", json!({ "type": "keychain" }));
    desk
}

fn set(provider: &str, id: &str, secret: Option<&str>, settings: &[(&str, &str)]) -> Value {
    let settings: Vec<_> = settings.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    json!({ "provider": provider, "clientId": id, "clientSecret": secret, "settings": settings })
}

#[test]
fn every_provider_that_people_sign_in_at_has_a_row() {
    let desk = Desk::new();
    let all = desk.call("credentials_list", json!({}));
    let providers: Vec<_> = all.as_array().unwrap().iter().map(|own| own["provider"].as_str().unwrap()).collect();
    assert_eq!(providers, ["google", "facebook", "linkedin", "microsoft", "operator", "salesforce", "twitter"]);
    for own in all.as_array().unwrap() {
        assert_eq!((&own["clientId"], &own["hasSecret"]), (&json!(""), &json!(false)));
        assert!(!own["callbacks"].as_array().unwrap().is_empty(), "what to register: {own}");
    }
    let operator = row(&desk, "operator");
    let required: Vec<_> =
        operator["settings"].as_array().unwrap().iter().filter(|own| own["required"] == true).collect();
    assert_eq!(required.len(), 2, "{operator}");
    assert!(operator["settings"].as_array().unwrap().iter().all(|own| own["label"] != "" && own["help"] != ""));
}

#[test]
fn a_secret_goes_in_and_stays() {
    let desk = with_vault();
    desk.call("credentials_set", set("google", " id-1 ", Some(CANARY), &[]));
    let google = row(&desk, "google");
    assert_eq!((&google["clientId"], &google["hasSecret"]), (&json!("id-1"), &json!(true)));
    desk.call("credentials_set", set("google", "id-2", None, &[]));
    let google = row(&desk, "google");
    assert_eq!((&google["clientId"], &google["hasSecret"]), (&json!("id-2"), &json!(true)), "`null` keeps the secret");

    let manifest = "- provider: google\n  context: bot\n  scope: email\n";
    let bot = desk.open(&desk.write("signs-in", &[("integrations.yaml", manifest), ("main.bubble", "")]));
    let preflight = desk.call("connect_preflight", of(&bot, "google"));
    assert_eq!((&preflight["secretFrom"], &preflight["clientId"]), (&json!("preferences"), &json!("id-2")));
    assert_eq!((&preflight["practice"], &preflight["problems"]), (&json!(false), &json!([])));
    for answer in [
        google,
        preflight,
        desk.call("credentials_list", json!({})),
        desk.call("bot_get", json!({ "bot": bot["bot"] })),
        desk.call("app_info", json!({})),
    ] {
        assert!(!answer.to_string().contains(CANARY), "{answer}");
    }
    assert!(desk.events.try_iter().any(|event| event == studio::Event::CredentialsChanged));

    desk.call("credentials_remove", json!({ "provider": "google" }));
    let google = row(&desk, "google");
    assert_eq!((&google["clientId"], &google["hasSecret"]), (&json!(""), &json!(false)));
    assert_eq!(desk.call("connect_preflight", of(&bot, "google"))["practice"], true, "practised again");
}

#[test]
fn settings_are_those_of_the_provider() {
    let desk = with_vault();
    let refused = |request: Value| {
        let failure = desk.fail("credentials_set", request);
        assert!(!failure["message"].as_str().unwrap().is_empty() && !failure["hint"].as_str().unwrap().is_empty());
        failure["code"].as_str().unwrap().to_owned()
    };
    assert_eq!(refused(set("google", "id", None, &[("no_such_setting", "x")])), "invalid");
    for url in [
        "http://operator.example.com/authorize",
        "operator.example.com",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://user:word@operator.example.com/",
        "https://operator.example.com/#part",
        "https://",
        "not an address",
    ] {
        assert_eq!(refused(set("operator", "id", None, &[("authorize_url", url)])), "invalid", "{url}");
    }
    for provider in ["secret", "twilio", "nobody", "google_service_account", "oauth2"] {
        assert_eq!(desk.fail("credentials_set", set(provider, "id", None, &[]))["code"], "notFound", "{provider}");
    }
    assert_eq!(row(&desk, "operator")["clientId"], "", "what is refused changes nothing");

    let settings =
        [("authorize_url", " https://operator.example.com/authorize "), ("token_url", "http://127.0.0.1:9/token")];
    desk.call("credentials_set", set("operator", "id", None, &settings));
    let operator = row(&desk, "operator");
    let value = |name: &str| {
        operator["settings"].as_array().unwrap().iter().find(|own| own["name"] == name).unwrap()["value"].clone()
    };
    assert_eq!((value("authorize_url"), value("scope")), (json!("https://operator.example.com/authorize"), json!("")));
}

/// A cloned bot may not have the machine's secret sent to a server of its own.
#[test]
fn the_machines_secret_goes_to_the_providers_servers_only() {
    let desk = with_vault();
    let settings = [
        ("authorize_url", "https://operator.example.com/authorize"),
        ("token_url", "https://operator.example.com/token"),
    ];
    desk.call("credentials_set", set("operator", "id-1", Some(CANARY), &settings));
    let from = |name: &str, manifest: &str| {
        let bot = desk.open(&desk.write(name, &[("integrations.yaml", manifest), ("main.bubble", "")]));
        desk.call("connect_preflight", of(&bot, "operator"))
    };
    let own = from("own", "- provider: operator\n  context: bot\n");
    assert_eq!((&own["secretFrom"], &own["tokenAt"]), (&json!("preferences"), &json!("operator.example.com")));
    for block in ["token_url: https://evil.example.net/token", "authorize_url: https://evil.example.net/a"] {
        let evil = from(&block[..5], &format!("- provider: operator\n  context: bot\n  oauth2:\n    {block}\n"));
        assert_eq!((&evil["secretFrom"], &evil["needsSecret"]), (&json!("none"), &json!(false)), "{block}: {evil}");
    }
}

#[test]
fn a_stored_secret_stays_with_the_servers_it_was_stored_for() {
    let desk = Desk::new();
    let bot = desk.bot_with_vault(CRM, "");
    desk.call("client_secret_set", json!({ "bot": bot["bot"], "alias": "crm", "value": CANARY }));
    let manifest = desk.home.path().join("bots/signs-in/integrations.yaml");
    std::fs::write(&manifest, CRM.replace("https://crm.example.com/token", "https://evil.example.net/token")).unwrap();
    desk.until("bot_get", &json!({ "bot": bot["bot"] }), |view| view.to_string().contains("evil.example.net"));
    let start = json!({ "bot": bot["bot"], "alias": "crm", "persona": null, "way": null });
    for (name, request) in
        [("connect_preflight", of(&bot, "crm")), ("credentials_check", of(&bot, "crm")), ("connect_start", start)]
    {
        let failure = desk.fail(name, request);
        assert_eq!(failure["code"], "invalid", "{name}: {failure}");
        assert!(failure["message"].as_str().unwrap().contains("addresses of crm changed"), "{name}: {failure}");
        assert!(!failure.to_string().contains(CANARY));
    }
    assert!(desk.browser.opened().is_empty());
    std::fs::write(&manifest, CRM).unwrap();
    desk.until("bot_get", &json!({ "bot": bot["bot"] }), |view| !view.to_string().contains("evil.example.net"));
    assert_eq!(desk.call("connect_preflight", of(&bot, "crm"))["secretFrom"], "vault");
}

#[test]
fn a_secret_needs_a_vault() {
    let desk = Desk::new();
    assert_eq!(desk.fail("credentials_set", set("google", "id", Some(CANARY), &[]))["code"], "vaultAbsent");
    assert_eq!(row(&desk, "google")["clientId"], "");
}

#[test]
fn one_entry_can_have_a_secret_of_its_own() {
    let desk = Desk::new();
    let bot = desk.bot_with_vault(CRM, "");
    let value = |value: Option<&str>| json!({ "bot": bot["bot"], "alias": "crm", "value": value });
    desk.call("client_secret_set", value(Some(CANARY)));
    let preflight = desk.call("connect_preflight", of(&bot, "crm"));
    assert_eq!((&preflight["secretFrom"], &preflight["needsSecret"]), (&json!("vault"), &json!(true)));
    assert!(!preflight.to_string().contains(CANARY));
    assert!(!desk.call("bot_get", json!({ "bot": bot["bot"] })).to_string().contains(CANARY));
    assert_eq!(desk.fail("client_secret_set", value(Some("  ")))["code"], "invalid");
    assert_eq!(desk.call("connect_preflight", of(&bot, "crm"))["secretFrom"], "vault");
    desk.call("client_secret_set", value(None));
    assert_eq!(desk.call("connect_preflight", of(&bot, "crm"))["secretFrom"], "none");
    let unknown = json!({ "bot": bot["bot"], "alias": "other", "value": CANARY });
    let failure = desk.fail("client_secret_set", unknown);
    assert_eq!(failure["code"], "notFound");
    assert!(!failure.to_string().contains(CANARY));
}

#[test]
fn a_client_is_checked_without_anybody_signing_in() {
    let desk = Desk::new();
    let bot = desk.bot_with_vault("- provider: google\n  context: bot\n  scope: email\n", "");
    let check = |expected: &str| {
        let got = desk.call("credentials_check", of(&bot, "google"));
        assert_eq!(got["verdict"], expected, "{got}");
        assert!(!got["message"].as_str().unwrap().is_empty(), "{got}");
        assert!(expected == "right" || !got["hint"].as_str().unwrap().is_empty(), "{got}");
    };
    check("right");
    desk.call("practice_fault", json!({ "name": "bad-gateway", "on": true }));
    check("unknown");
    desk.call("practice_fault", json!({ "name": "bad-gateway", "on": false }));
    desk.call("practice_choose", json!({ "bot": bot["bot"], "alias": "google", "practice": false }));
    check("wrong");
    assert!(desk.browser.opened().is_empty());
    assert_eq!(desk.fail("credentials_check", of(&bot, "other"))["code"], "notFound");
}
