//! The vault against real keychains, in every state that they can be in.

use tests::{Cli, Keychain, Session, bots};

const VALUE: &str = "kept-by-the-keychain-17";

/// Exit status when the vault is locked or the keychain missing.
const LOCKED: i32 = 3;

fn stores_and_reads(keychain: Keychain) {
    let session = Session::new(keychain);
    let bot = bots::copy("secret", session.home());
    let cli = Cli::new(&session, &bot);
    cli.set("myapi_key", VALUE);
    assert_eq!(cli.get("myapi_key").unwrap(), VALUE);
    assert_eq!(session.keychain_entries().len(), 1, "one key in the keychain");

    cli.set("myapi_key", "another");
    assert_eq!(cli.get("myapi_key").unwrap(), "another");
    assert_eq!(session.keychain_entries().len(), 1, "still the same key");

    let outcome = cli.run(&["secret", "remove", "myapi_key"]);
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(cli.get("myapi_key").is_err());
}

#[test]
fn keychain_matrix_gnome_keyring_stores_and_reads() {
    stores_and_reads(Keychain::Gnome);
}

#[test]
fn keychain_matrix_keepassxc_stores_and_reads() {
    stores_and_reads(Keychain::KeePassXc);
}

/// Without a keychain nothing is stored in the clear, and the message says what to do.
fn refuses_without(keychain: Keychain) {
    let session = Session::new(keychain);
    let bot = bots::copy("secret", session.home());
    let cli = Cli::new(&session, &bot);
    let outcome = cli.run_with(&["secret", "set", "myapi_key"], VALUE);
    outcome.expect(LOCKED, "keychain");
    outcome.expect(LOCKED, "passphrase");
    let found = tests::canary::found_below(&session.home().path(""), VALUE);
    assert_eq!(found, Vec::<String>::new(), "a refused value is nowhere");
}

#[test]
fn keychain_matrix_no_bus_refuses() {
    refuses_without(Keychain::NoBus);
}

#[test]
fn keychain_matrix_no_service_refuses() {
    refuses_without(Keychain::None);
}

#[test]
fn keychain_matrix_locked_at_first_start_refuses() {
    refuses_without(Keychain::GnomeLocked);
}

/// A vault whose key cannot be had now: neither read nor written, no second key, and back again with the keychain.
fn survives(keychain: Keychain) {
    let mut session = Session::new(Keychain::Gnome);
    let bot = bots::copy("secret", session.home());
    Cli::new(&session, &bot).set("myapi_key", VALUE);
    let accounts = session.keychain_entries();

    session.set_keychain(keychain);
    let cli = Cli::new(&session, &bot);
    let refused = cli.get("myapi_key").expect_err("no key, no value");
    refused.expect(LOCKED, "locked");
    refused.expect(LOCKED, "recovery key");
    assert!(!refused.out.contains(VALUE));
    cli.run_with(&["secret", "set", "myapi_key"], "new").expect(LOCKED, "locked");

    session.set_keychain(Keychain::Gnome);
    assert_eq!(session.keychain_entries(), accounts, "no key was made meanwhile");
    assert_eq!(Cli::new(&session, &bot).get("myapi_key").unwrap(), VALUE);
}

#[test]
fn keychain_matrix_locked_later_keeps_everything() {
    survives(Keychain::GnomeLocked);
}

#[test]
fn keychain_matrix_gone_later_keeps_everything() {
    survives(Keychain::None);
}

#[test]
fn keychain_matrix_another_keychain_later_keeps_everything() {
    survives(Keychain::KeePassXc);
}

#[test]
fn keychain_matrix_missing_key_is_never_replaced() {
    let session = Session::new(Keychain::Gnome);
    let bot = bots::copy("secret", session.home());
    let cli = Cli::new(&session, &bot);
    cli.set("myapi_key", VALUE);
    session.clear_keychain();
    cli.get("myapi_key").expect_err("no key").expect(LOCKED, "recovery key");
    cli.run_with(&["secret", "set", "myapi_key"], "new").expect(LOCKED, "recovery key");
    assert_eq!(session.keychain_entries(), Vec::<String>::new(), "no key is made over a vault that has one");
}

#[test]
fn keychain_matrix_wrong_key_is_kept_and_refused() {
    let session = Session::new(Keychain::Gnome);
    let bot = bots::copy("secret", session.home());
    let cli = Cli::new(&session, &bot);
    cli.set("myapi_key", VALUE);
    let accounts = session.keychain_entries();
    session.put_wrong_key(&accounts[0]);
    cli.get("myapi_key").expect_err("the wrong key").expect(LOCKED, "does not fit");
    assert_eq!(session.keychain_entries(), accounts, "both are left as they are");
}

#[test]
fn keychain_matrix_recovery_key_opens_what_the_keychain_lost() {
    let session = Session::new(Keychain::Gnome);
    let bot = bots::copy("secret", session.home());
    let cli = Cli::new(&session, &bot);
    let made = cli.run_with(&["secret", "set", "myapi_key"], VALUE);
    assert_eq!(made.code, Some(0), "{made:?}");
    let key = recovery_key(&(made.out + &made.err));
    session.clear_keychain();

    cli.run_with(&["vault", "recover"], "PBRK-wrong").expect(2, "recovery key");
    let recovered = cli.run_with(&["vault", "recover"], &key);
    assert_eq!(recovered.code, Some(0), "{recovered:?}");
    assert_eq!(cli.get("myapi_key").unwrap(), VALUE);
    assert_eq!(session.keychain_entries().len(), 1, "the key is back in the keychain");
}

#[test]
fn keychain_matrix_passphrase_needs_no_keychain() {
    const PASSPHRASE: &str = "a long enough passphrase";
    let session = Session::new(Keychain::None);
    let bot = bots::copy("secret", session.home());
    let cli = Cli::new(&session, &bot);
    cli.make_vault(PASSPHRASE);
    let with_passphrase = |words: &[&str], passphrase: &str, input: &str| {
        let words = [words, &["--passphrase-fd", "0"]].concat();
        cli.run_with(&words, &format!("{passphrase}\n{input}"))
    };
    let set = with_passphrase(&["secret", "set", "myapi_key"], PASSPHRASE, VALUE);
    assert_eq!(set.code, Some(0), "{set:?}");
    assert_eq!(with_passphrase(&["secret", "get", "myapi_key"], PASSPHRASE, "").out, VALUE);

    let wrong = with_passphrase(&["secret", "get", "myapi_key"], "another passphrase", "");
    wrong.expect(LOCKED, "passphrase");
    assert_eq!(wrong.out, "");
    cli.get("myapi_key").expect_err("no passphrase").expect(LOCKED, "--passphrase-fd");
}

/// The longest word of capital letters, digits and hyphens.
fn recovery_key(text: &str) -> String {
    let words = text.split(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-'));
    words.max_by_key(|word| word.len()).unwrap().to_owned()
}
