//! What is connected: who, for how long, where its token may go; tested, moved to other addresses, ended.

use std::fs;

use serde_json::{Value, json};
use studio::wire;
use url::Url;

use crate::Desk;
use crate::browser::{Decision, get_with_token, sign_in};

/// A generic entry of a made-up service.
pub(crate) const CRM: &str = "- provider: oauth2\n  alias: crm\n  context: bot\n  scope: read write\n  oauth2:\n    flow: auth_code\n    client_id: crm-client\n    authorize_url: https://crm.example.com/authorize\n    token_url: https://crm.example.com/token\n";

const GOOGLE: &str = "- provider: google\n  context: bot\n  scope: email profile\n";

/// The entry of an alias, as the window shows it.
pub(crate) fn entry(desk: &Desk, bot: &Value, alias: &str) -> Value {
    let view = desk.call("bot_get", json!({ "bot": bot["bot"] }));
    view["integrations"].as_array().unwrap().iter().find(|own| own["alias"] == alias).unwrap().clone()
}

/// Signs in at practice, all the way.
pub(crate) fn connect(desk: &Desk, bot: &Value, alias: &str) -> Value {
    let choose = json!({ "bot": bot["bot"], "alias": alias, "practice": true });
    desk.call("practice_choose", choose);
    let start = json!({ "bot": bot["bot"], "alias": alias, "persona": null, "way": null });
    let attempt = desk.call("connect_start", start);
    let page = sign_in(attempt["link"].as_str().unwrap(), Decision::Allow);
    assert_eq!(page.status, 200, "{page:?}");
    let ended = desk.call("connect_get", json!({ "attempt": attempt["attempt"] }));
    assert_eq!(ended["state"], "connected", "{ended}");
    ended
}

pub(crate) fn of(bot: &Value, alias: &str) -> Value {
    json!({ "bot": bot["bot"], "alias": alias })
}

/// The access token itself, which no command tells.
pub(crate) fn token(desk: &Desk, bot: &Value, alias: &str) -> String {
    let (token, note) = desk.studio.access_token(bot["bot"].as_str().unwrap(), alias).unwrap();
    token.unwrap_or_else(|| panic!("{note:?}")).expose().clone()
}

/// What practice says to a token at the address that tells who signed in.
fn ask_practice(desk: &Desk, token: &str) -> u16 {
    let base = desk.call("practice_get", json!({}))["base"].as_str().unwrap().to_owned();
    let address = Url::parse(&base).unwrap().socket_addrs(|| None).unwrap()[0];
    let real = Url::parse("https://www.googleapis.com/oauth2/v3/userinfo").unwrap();
    get_with_token(wire::practice_url(address, &real).as_str(), token).status
}

#[test]
fn a_connection_tells_whose_it_is_and_never_its_token() {
    let desk = Desk::new();
    let bot = desk.bot_with_vault(GOOGLE, "");
    assert_eq!(entry(&desk, &bot, "google")["state"], "notConnected");
    connect(&desk, &bot, "google");
    let google = entry(&desk, &bot, "google");
    assert_eq!((&google["state"], &google["practice"]), (&json!("connected"), &json!(true)));
    let connection = &google["connection"];
    assert_eq!(connection["account"], "Ada Winter (ada@example.org)");
    assert_eq!(connection["scopesAsked"], json!(["email", "profile"]));
    assert_eq!((&connection["renews"], &connection["practice"]), (&json!(true), &json!(true)));
    assert!(connection["expiresAt"].is_string() && connection["connectedAt"].is_string(), "{connection}");
    assert_eq!(connection["changedOrigins"], json!([]));
    let hosts = connection["hosts"].as_array().unwrap();
    assert!(
        hosts.iter().any(|own| own["host"] == "www.googleapis.com" || own["host"] == "*.googleapis.com"),
        "{hosts:?}"
    );
    assert!(hosts.iter().all(|own| own["approved"] == false));
    let token = token(&desk, &bot, "google");
    assert!(!google.to_string().contains(&token));
}

#[test]
fn a_test_makes_a_real_call_and_is_remembered() {
    let desk = Desk::new();
    let bot = desk.bot_with_vault(GOOGLE, "");
    assert_eq!(desk.fail("connection_test", of(&bot, "google"))["code"], "notFound");
    connect(&desk, &bot, "google");
    let tested = desk.call("connection_test", of(&bot, "google"));
    assert_eq!(
        (&tested["ok"], &tested["message"]),
        (&json!(true), &json!("Google answered: signed in as Ada Winter."))
    );
    let last = entry(&desk, &bot, "google")["connection"]["lastResult"].clone();
    assert_eq!((&last["ok"], &last["message"]), (&json!(true), &tested["message"]));
    assert!(last["at"].is_string() && tested["at"].is_string());

    desk.call("practice_fault", json!({ "name": "revoked", "on": true }));
    let tested = desk.call("connection_test", of(&bot, "google"));
    assert_eq!(tested["ok"], false);
    assert!(!tested["message"].as_str().unwrap().is_empty() && !tested["hint"].as_str().unwrap().is_empty());
    assert_eq!(entry(&desk, &bot, "google")["state"], "failed");
}

#[test]
fn a_removed_connection_is_revoked_at_the_provider() {
    let desk = Desk::new();
    let bot = desk.bot_with_vault(GOOGLE, "");
    assert_eq!(desk.fail("connection_remove", of(&bot, "google"))["code"], "notFound");
    connect(&desk, &bot, "google");
    let token = token(&desk, &bot, "google");
    assert_eq!(ask_practice(&desk, &token), 200);
    let advice = desk.call("connection_remove", of(&bot, "google"));
    assert_eq!(advice["message"], "The sign-in was revoked at the provider and deleted here.");
    assert_eq!(ask_practice(&desk, &token), 401);
    let google = entry(&desk, &bot, "google");
    assert_eq!((&google["state"], &google["connection"]), (&json!("notConnected"), &Value::Null));
}

#[test]
fn what_cannot_be_revoked_is_deleted_and_says_so() {
    let desk = Desk::new();
    let bot = desk.bot_with_vault(GOOGLE, "");
    connect(&desk, &bot, "google");
    desk.call("practice_fault", json!({ "name": "bad-gateway", "on": true }));
    let advice = desk.call("connection_remove", of(&bot, "google"));
    assert_eq!(advice["message"], "The sign-in was deleted here, but the provider was not told.");
    assert!(!advice["hint"].as_str().unwrap().is_empty(), "{advice}");
    assert_eq!(entry(&desk, &bot, "google")["connection"], Value::Null);
}

/// The change of a `git pull`: the same entry, another token URL.
#[test]
fn changed_addresses_wait_for_the_person() {
    let desk = Desk::new();
    let bot = desk.bot_with_vault(CRM, "");
    connect(&desk, &bot, "crm");
    let manifest = desk.home.path().join("bots/signs-in/integrations.yaml");
    fs::write(&manifest, CRM.replace("https://crm.example.com/token", "https://evil.example.net/token")).unwrap();
    desk.until("bot_get", &json!({ "bot": bot["bot"] }), |view| view.to_string().contains("evil.example.net"));

    let crm = entry(&desk, &bot, "crm");
    assert_eq!(crm["state"], "needsAttention");
    let changed = crm["connection"]["changedOrigins"].as_array().unwrap();
    assert_eq!(
        changed.iter().map(|own| (own["old"].as_str().unwrap(), own["new"].as_str().unwrap())).collect::<Vec<_>>(),
        [("https://crm.example.com", "https://evil.example.net")],
        "{crm}"
    );
    let (token, note) = desk.studio.access_token(bot["bot"].as_str().unwrap(), "crm").unwrap();
    assert!(token.is_none() && note.is_some(), "no token before it is confirmed");
    let again = json!({ "bot": bot["bot"], "alias": "crm", "persona": null, "way": null });
    assert_eq!(desk.fail("connect_start", again)["code"], "unavailable");

    desk.call("connection_confirm_origins", of(&bot, "crm"));
    let crm = entry(&desk, &bot, "crm");
    assert_eq!((&crm["state"], &crm["connection"]["changedOrigins"]), (&json!("connected"), &json!([])));
    assert!(desk.studio.access_token(bot["bot"].as_str().unwrap(), "crm").unwrap().0.is_some());
}

#[test]
fn real_and_practice_do_not_share_a_sign_in() {
    let desk = Desk::new();
    let bot = desk.bot_with_vault(GOOGLE, "");
    connect(&desk, &bot, "google");
    let choose = |practice: bool| json!({ "bot": bot["bot"], "alias": "google", "practice": practice });
    desk.call("practice_choose", choose(false));
    let google = entry(&desk, &bot, "google");
    assert_eq!((&google["state"], &google["practice"]), (&json!("needsAttention"), &json!(false)));
    let (token, note) = desk.studio.access_token(bot["bot"].as_str().unwrap(), "google").unwrap();
    assert!(token.is_none() && note.is_some());
    desk.call("practice_choose", choose(true));
    assert_eq!(entry(&desk, &bot, "google")["state"], "connected");
    let unknown = json!({ "bot": bot["bot"], "alias": "other", "practice": true });
    assert_eq!(desk.fail("practice_choose", unknown)["code"], "notFound");
}

#[test]
fn a_connection_survives_a_restart() {
    let desk = Desk::new();
    let bot = desk.bot_with_vault(GOOGLE, "");
    connect(&desk, &bot, "google");
    let before = token(&desk, &bot, "google");
    let desk = desk.again();
    let bot = desk.open(&desk.home.path().join("bots/signs-in"));
    assert_eq!(entry(&desk, &bot, "google")["state"], "connected");
    assert_eq!(token(&desk, &bot, "google"), before);
    assert_eq!(desk.call("connection_test", of(&bot, "google"))["ok"], true, "practice knows the token too");
}

#[test]
fn only_approved_hosts_are_withdrawn() {
    let desk = Desk::new();
    let bot = desk.bot_with_vault(GOOGLE, "");
    connect(&desk, &bot, "google");
    desk.studio.approve_host(bot["bot"].as_str().unwrap(), "google", "Api.Example.net").unwrap();
    let hosts = || entry(&desk, &bot, "google")["connection"]["hosts"].clone();
    assert!(hosts().as_array().unwrap().contains(&json!({ "host": "api.example.net", "approved": true })));
    desk.call("approval_remove", json!({ "bot": bot["bot"], "alias": "google", "host": "api.example.net" }));
    assert!(!hosts().to_string().contains("api.example.net"));
    for wrong in ["", "https://api.example.net", "api.example.net/path", "a b", "user@api.example.net", "x:443"] {
        let refused = desk.studio.approve_host(bot["bot"].as_str().unwrap(), "google", wrong);
        assert!(refused.is_err(), "{wrong:?} is no host");
    }
    desk.studio.approve_host(bot["bot"].as_str().unwrap(), "google", "api.example.net:8443").unwrap();
    assert!(hosts().to_string().contains("api.example.net:8443"), "a port of its own belongs to the name");
}
