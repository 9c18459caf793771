//! `vault`: with a passphrase, where there is no keychain.

use crate::machine::{CANARY, Machine, PASSPHRASE};

const NEW: &str = "a new passphrase";

#[test]
fn the_vault_tells_how_it_is() {
    let machine = Machine::new();
    let status = || machine.patchbay(&["vault", "status", "--json"]).run().fine().json();
    assert_eq!(status()["state"], "absent");
    let ran = machine.patchbay(&["vault", "status"]).run().fine();
    assert!(ran.out.starts_with("There is no vault yet."), "{ran:?}");

    let created = machine.patchbay(&["vault", "create", "--json"]).unlocking().run().fine().json();
    assert_eq!(created["recoveryKey"].as_str().unwrap().split('-').count(), 13);
    assert_eq!(
        (&created["vault"]["state"], &created["vault"]["protection"]),
        (&"unlocked".into(), &"passphrase".into())
    );
    assert_eq!((&status()["state"], &status()["protection"]), (&"locked".into(), &"passphrase".into()));
    let ran = machine.patchbay(&["vault", "status"]).run().fine();
    assert!(ran.out.contains("passphrase") && !ran.out.contains(PASSPHRASE), "{ran:?}");
}

#[test]
fn the_recovery_key_is_the_result_and_its_note_is_not() {
    let machine = Machine::new();
    let ran = machine
        .patchbay(&["vault", "create", "--passphrase"])
        .unlocking()
        .run()
        .fine()
        .says(&["Write this recovery key down"]);
    assert_eq!((ran.out.lines().count(), ran.out.trim_end().split('-').count()), (1, 13), "{ran:?}");
    assert!(machine.files_with(ran.out.trim_end()).is_empty());
    machine.patchbay(&["vault", "create"]).unlocking().run().exits(2).prints("").says(&["There is a vault already"]);
}

#[test]
fn without_keychain_or_passphrase_no_vault_is_made() {
    let machine = Machine::new();
    machine.patchbay(&["vault", "create"]).run().exits(3).prints("").says(&["keychain", "--passphrase"]);
    machine.patchbay(&["vault", "create", "--passphrase"]).run().exits(2).prints("");
    machine
        .patchbay(&["vault", "create", "--passphrase-fd", "0"])
        .given("\n")
        .run()
        .exits(2)
        .says(&["shorter than 8 characters"]);
    machine.patchbay(&["vault", "unlock"]).run().exits(3).says(&["There is no vault yet"]);
    assert_eq!(machine.patchbay(&["vault", "status", "--json"]).run().fine().json()["state"], "absent");
}

#[test]
fn unlock_tells_whether_the_vault_opens() {
    let machine = Machine::with_vault();
    machine.patchbay(&["vault", "unlock"]).unlocking().run().fine().says(&["The vault opens"]);
    let view = machine.patchbay(&["vault", "unlock", "--json"]).unlocking().run().fine().json();
    assert_eq!(view["state"], "unlocked");
    machine.patchbay(&["vault", "unlock"]).run().exits(3).says(&["--passphrase-fd"]);
    machine
        .patchbay(&["vault", "unlock", "--passphrase-fd", "0"])
        .given("wrong")
        .run()
        .exits(3)
        .says(&["does not open"]);
}

#[test]
fn lock_says_that_nothing_is_open() {
    let machine = Machine::with_vault();
    machine.patchbay(&["vault", "lock"]).run().exits(2).prints("").says(&["nothing to lock", "window"]);
}

#[test]
fn a_new_passphrase_replaces_the_old_one() {
    let machine = Machine::with_vault();
    let bot = machine.secret_bot();
    machine.patchbay(&["secret", "set", "api_key"]).of(&bot).unlocking().given(CANARY).run().fine();
    machine.patchbay(&["vault", "rekey"]).unlocking().run().exits(2).says(&["--keychain", "--passphrase"]);
    machine.patchbay(&["vault", "rekey", "--keychain"]).unlocking().run().exits(3).says(&["keychain"]);
    machine.patchbay(&["vault", "rekey"]).unlocking().with_new_passphrase(NEW).run().fine().says(&["new passphrase"]);
    machine.patchbay(&["secret", "get", "api_key"]).of(&bot).unlocking().run().exits(3).prints("");
    let get = machine.patchbay(&["secret", "get", "api_key", "--passphrase-fd", "0"]).of(&bot).given(NEW).run();
    get.fine().prints(CANARY);
}

#[test]
fn the_recovery_key_opens_a_vault_whose_passphrase_is_lost() {
    let machine = Machine::new();
    let key = machine.patchbay(&["vault", "create"]).unlocking().run().fine().out;
    let bot = machine.secret_bot();
    machine.patchbay(&["secret", "set", "api_key"]).of(&bot).unlocking().given(CANARY).run().fine();

    let wrong = format!("Z{}", &key[1..]);
    machine.patchbay(&["vault", "recover"]).with_new_passphrase(NEW).given(wrong).run().exits(2).says(&["Group 1"]);
    machine.patchbay(&["vault", "recover"]).given(&key).run().exits(2).says(&["A new passphrase is needed"]);
    machine.patchbay(&["vault", "unlock"]).unlocking().run().fine();

    machine.patchbay(&["vault", "recover"]).with_new_passphrase(NEW).given(&key).run().fine();
    machine.patchbay(&["secret", "get", "api_key"]).of(&bot).unlocking().run().exits(3);
    let get = machine.patchbay(&["secret", "get", "api_key", "--passphrase-fd", "0"]).of(&bot).given(NEW).run();
    get.fine().prints(CANARY);
}

#[test]
fn a_new_recovery_key_ends_the_old_one() {
    let machine = Machine::new();
    let old = machine.patchbay(&["vault", "create"]).unlocking().run().fine().out;
    let new = machine.patchbay(&["vault", "rekey", "--recovery-key"]).unlocking().run().fine().out;
    assert_ne!(old, new);
    machine
        .patchbay(&["vault", "recover"])
        .with_new_passphrase(NEW)
        .given(&old)
        .run()
        .exits(3)
        .says(&["another vault"]);
    machine.patchbay(&["vault", "recover"]).with_new_passphrase(NEW).given(&new).run().fine();
}

#[test]
fn a_vault_file_that_cannot_be_read_is_left_alone() {
    let machine = Machine::with_vault();
    let bot = machine.secret_bot();
    let files: Vec<_> = std::fs::read_dir(machine.path("data")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let is_database = |path: &&std::path::PathBuf| std::fs::read(path).unwrap().starts_with(b"SQLite format 3");
    let vault = files.iter().find(is_database).unwrap();
    std::fs::write(vault, "not a vault, but the only copy of something").unwrap();
    machine
        .patchbay(&["secret", "set", "api_key"])
        .of(&bot)
        .unlocking()
        .given(CANARY)
        .run()
        .exits(3)
        .says(&["The vault cannot be used"]);
    assert_eq!(machine.patchbay(&["vault", "status", "--json"]).run().fine().json()["state"], "unusable");
    assert_eq!(std::fs::read(vault).unwrap(), b"not a vault, but the only copy of something");
}
