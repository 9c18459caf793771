//! `connect`: signing in from a terminal, at practice.

use serde_json::json;

use crate::browser::{decide, sign_in};
use crate::machine::{MANIFEST, Machine, Running};

pub(crate) const GOOGLE: &str = "- provider: google\n  context: bot\n  scope: email profile\n";

/// The link that a sign-in shows where no browser can be opened.
pub(crate) fn link(running: &mut Running) -> String {
    running.says("http://127.0.0.1:")
}

#[test]
fn a_person_signs_in_with_the_link() {
    let machine = Machine::with_vault();
    let bot = machine.bot("google", &[("integrations.yaml", GOOGLE)]);
    let mut running = machine.patchbay(&["connect", "google", "--practice"]).of(&bot).unlocking().start();
    running.says("Open this address in a browser (practice):");
    let link = link(&mut running);
    running.says("Callback URL: http://127.0.0.1:");
    sign_in(&link, "allow");
    running.end().fine().prints("").says(&["Google is connected with practice as Ada Winter."]);
}

#[test]
fn the_outcome_is_an_exit_status_and_json() {
    let machine = Machine::with_vault();
    let bot = machine.bot("google", &[("integrations.yaml", GOOGLE)]);
    let mut running = machine.patchbay(&["connect", "google", "--json", "--practice"]).of(&bot).unlocking().start();
    sign_in(&link(&mut running), "deny");
    let ran = running.end().exits(4).says(&["access was declined in the browser"]);
    assert_eq!(ran.json(), json!({ "alias": "google", "state": "failed", "practice": true }));
    let mut running = machine.patchbay(&["connect", "google", "--json"]).of(&bot).unlocking().start();
    sign_in(&link(&mut running), "allow");
    assert_eq!(running.end().fine().json(), json!({ "alias": "google", "state": "connected", "practice": true }));
}

#[test]
fn the_address_can_be_pasted() {
    let machine = Machine::with_vault();
    let bot = machine.bot("google", &[("integrations.yaml", GOOGLE)]);
    let start = || {
        let mut running =
            machine.patchbay(&["connect", "google", "--practice", "--paste"]).of(&bot).unlocking().start();
        let link = link(&mut running);
        (running, link)
    };
    let (mut running, link) = start();
    let address = decide(&link, "allow");
    assert!(address.starts_with("https://"), "{address}");
    running.give(&format!("{address}\n"));
    running.end().fine().says(&["Paste the address", "Google is connected with practice"]);
    let (mut running, _) = start();
    running.give("nothing like it\n");
    running.end().exits(2).says(&["This is not the address that the browser ended at."]);
}

#[test]
fn what_is_missing_is_said_before_anything_opens() {
    let machine = Machine::with_vault();
    let bot = machine.bot("several", &[("integrations.yaml", &format!("{GOOGLE}{MANIFEST}"))]);
    let ran = machine.patchbay(&["connect", "google", "--real"]).of(&bot).unlocking().run().exits(2);
    ran.prints("").says(&["client id"]);
    machine.patchbay(&["connect", "nobody"]).of(&bot).unlocking().run().exits(2).says(&["There are google, api_key."]);
    machine.patchbay(&["connect", "api_key"]).of(&bot).unlocking().run().exits(2).says(&["patchbay secret set"]);
    machine.patchbay(&["connect", "google", "--practice"]).of(&bot).run().exits(3).says(&["--passphrase-fd"]);
    machine.patchbay(&["connect", "google", "--practice", "--real"]).of(&bot).run().exits(2);
}

#[test]
fn without_a_vault_and_a_keychain_nobody_signs_in() {
    let machine = Machine::new();
    let bot = machine.bot("google", &[("integrations.yaml", GOOGLE)]);
    let ran = machine.patchbay(&["connect", "google", "--practice"]).of(&bot).run().exits(3);
    assert!(!ran.err.contains("http://127.0.0.1:"), "{ran:?}");
}

#[test]
fn a_persona_signs_in_as_named() {
    let machine = Machine::with_vault();
    let bot = machine.bot("google", &[("integrations.yaml", &GOOGLE.replace("bot", "user"))]);
    let connect = ["connect", "google", "--practice", "--as"];
    let ran = machine.patchbay(&[&connect[..], &["nobody"]].concat()).of(&bot).unlocking().run().exits(2);
    ran.says(&["There are Victor Cooper."]);
    let mut running = machine.patchbay(&[&connect[..], &["victor cooper"]].concat()).of(&bot).unlocking().start();
    sign_in(&link(&mut running), "allow");
    running.end().fine();
}

#[test]
fn client_credentials_need_no_browser() {
    let machine = Machine::with_vault();
    let manifest = "- provider: oauth2\n  alias: crm\n  context: bot\n  oauth2:\n    flow: client_credentials\n    client_id: crm\n    token_url: https://crm.example.com/token\n";
    let bot = machine.bot("crm", &[("integrations.yaml", manifest)]);
    let ran = machine.patchbay(&["connect", "crm", "--practice"]).of(&bot).unlocking().run().fine();
    assert!(!ran.err.contains("http://"), "{ran:?}");
    ran.says(&["is connected with practice"]);
}

#[test]
fn a_key_file_comes_on_standard_input_or_from_practice() {
    let machine = Machine::with_vault();
    let manifest = "- provider: google_service_account\n  alias: sheets\n  context: bot\n  scope: https://www.googleapis.com/auth/spreadsheets\n";
    let bot = machine.bot("sheets", &[("integrations.yaml", manifest)]);
    let refused = machine.patchbay(&["connect", "sheets"]).of(&bot).unlocking().given("{}").run().exits(2);
    refused.says(&["error:"]);
    let ran = machine.patchbay(&["connect", "sheets", "--practice"]).of(&bot).unlocking().run().fine();
    ran.says(&["sheets uses the key of sheets@practice.example.org."]);
    let ran = machine.patchbay(&["test-connection", "sheets"]).of(&bot).unlocking().run().fine();
    ran.says(&["gave a token", " ms)"]);
}
