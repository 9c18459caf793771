//! Locking, unlocking and recovering.

use serde_json::json;
use studio::Event;
use studio::store::KeychainError;

use crate::{CANARY, Desk};

#[test]
fn a_locked_vault_names_the_ways_out() {
    let desk = Desk::new();
    let bot = desk.secret_bot();
    let made = desk.call("vault_create", json!({ "type": "passphrase", "passphrase": "correct horse" }));
    let set = json!({ "bot": bot["bot"], "alias": "myapi_key", "value": CANARY });
    desk.call("secret_set", set);
    let locked = desk.call("vault_lock", json!({}));
    assert_eq!(locked["state"], "locked");
    assert_eq!(locked["ways"], json!(["passphrase", "recoveryKey"]));
    let reveal = json!({ "bot": bot["bot"], "alias": "myapi_key" });
    assert_eq!(desk.fail("secret_reveal", reveal.clone())["code"], "vaultLocked");
    let view = desk.call("bot_get", json!({ "bot": bot["bot"] }));
    assert_eq!(view["integrations"][0]["note"], "The vault is locked");

    let wrong = desk.fail("vault_unlock", json!({ "type": "passphrase", "passphrase": "battery staple" }));
    assert_eq!(wrong["code"], "invalid");
    assert!(!wrong.to_string().contains("battery staple"));
    desk.call("vault_unlock", json!({ "type": "passphrase", "passphrase": "correct horse" }));
    assert_eq!(desk.call("secret_reveal", reveal.clone())["value"], CANARY);

    desk.call("vault_lock", json!({}));
    let misread = json!({ "type": "recoveryKey", "recoveryKey": "AAAA-BBBB" });
    assert_eq!(desk.fail("vault_unlock", misread)["code"], "invalid");
    desk.call("vault_unlock", json!({ "type": "recoveryKey", "recoveryKey": made["recoveryKey"] }));
    assert_eq!(desk.call("secret_reveal", reveal)["value"], CANARY);
}

#[test]
fn after_a_restart_a_keychain_vault_counts_as_open_until_the_keychain_refuses() {
    let desk = Desk::new();
    desk.secret_bot_with_value();
    let desk = desk.again();
    let bot = desk.open(&desk.home.path().join("bots/secret"));
    assert_eq!(desk.call("vault_get", json!({}))["state"], "unlocked");
    assert_eq!(bot["integrations"][0]["state"], "connected");
    desk.keychain.fail(Some(KeychainError::Locked));
    while desk.events.try_recv().is_ok() {}
    let reveal = json!({ "bot": bot["bot"], "alias": "myapi_key" });
    assert_eq!(desk.fail("secret_reveal", reveal.clone())["code"], "vaultLocked");
    assert!(desk.events.try_iter().any(|event| event == Event::VaultChanged), "whoever shows the vault asks again");
    let locked = desk.call("vault_get", json!({}));
    assert_eq!((&locked["state"], &locked["ways"]), (&json!("locked"), &json!(["keychain", "recoveryKey"])));
    assert_eq!(desk.call("bot_get", json!({ "bot": bot["bot"] }))["integrations"][0]["note"], "The vault is locked");
}

#[test]
fn a_damaged_vault_is_not_an_empty_one() {
    let desk = Desk::new();
    desk.secret_bot_with_value();
    let file = desk.home.path().join("data/vault.db");
    let desk = desk.again_with(|| std::fs::write(&file, "not a vault at all").unwrap());
    let bot = desk.open(&desk.home.path().join("bots/secret"));
    assert_eq!(bot["integrations"][0]["note"], "The vault cannot be used");
    assert_eq!(desk.call("vault_get", json!({}))["state"], "unusable");
    for name in ["secrets_list", "secret_reveal"] {
        let request = if name == "secrets_list" {
            json!({ "bot": bot["bot"] })
        } else {
            json!({ "bot": bot["bot"], "alias": "myapi_key" })
        };
        let failure = desk.fail(name, request);
        assert_eq!(failure["code"], "unavailable", "{name}");
        assert!(failure["message"].as_str().unwrap().contains("not a vault"), "{failure}");
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "not a vault at all", "it is left as it is");
}

#[test]
fn a_short_passphrase_makes_no_vault() {
    let desk = Desk::new();
    let short = desk.fail("vault_create", json!({ "type": "passphrase", "passphrase": "1234567" }));
    assert_eq!(short["code"], "invalid");
    assert!(!short.to_string().contains("1234567"));
    assert_eq!(desk.call("vault_get", json!({}))["state"], "absent");
}

#[test]
fn a_session_vault_has_no_recovery_key_and_says_so() {
    let desk = Desk::new();
    let made = desk.call("vault_create", json!({ "type": "session" }));
    assert_eq!(made["recoveryKey"], json!(null));
    assert_eq!(made["vault"]["protection"], "session");
    assert_eq!(desk.fail("vault_create", json!({ "type": "keychain" }))["code"], "unavailable");
}
