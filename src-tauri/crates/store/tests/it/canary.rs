//! Planted values must not be found outside their ciphertext, in any form; and the search must find them where they are.

use std::fs;
use std::path::Path;

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use store::{NewVault, Rekey, Unlock};

use crate::child::{command, shared};
use crate::house::{FolderKeychain, bot, connect, grant, secret};

const VALUE: &str = "canary-Xq7!/wild?bird-9fK";
const PASSPHRASE: &str = "canary-phrase-Zr4?/mB";

/// The value as text, base64 at all three alignments, hexadecimal, UTF-16 of both orders, percent- and JSON-escaped.
fn forms(value: &str) -> Vec<Vec<u8>> {
    let mut forms = vec![
        value.as_bytes().to_vec(),
        HEXLOWER.encode(value.as_bytes()).into(),
        HEXUPPER.encode(value.as_bytes()).into(),
    ];
    for offset in 0..3 {
        let padded = [&vec![b'?'; offset], value.as_bytes()].concat();
        for text in [BASE64.encode(&padded), BASE64URL_NOPAD.encode(&padded)] {
            // The first and last letters depend on the neighbours.
            forms.push(text[4..text.len() - 5].into());
        }
    }
    forms.push(value.encode_utf16().flat_map(u16::to_le_bytes).collect());
    forms.push(value.encode_utf16().flat_map(u16::to_be_bytes).collect());
    forms.push(value.replace('!', "%21").replace('/', "%2F").replace('?', "%3F").into());
    forms.push(value.replace('/', "\\/").into());
    forms
}

fn find(folder: &Path, value: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            found.extend(find(&entry.path(), value));
            continue;
        }
        let bytes = fs::read(entry.path()).unwrap();
        for (form, needle) in forms(value).iter().enumerate() {
            if bytes.windows(needle.len()).any(|window| window == needle) {
                found.push(format!("{} form {form}", entry.path().display()));
            }
        }
    }
    found
}

#[test]
fn planted_values_are_found_nowhere() {
    let room = tempfile::tempdir().unwrap();
    let store = shared(room.path());
    let recovery = store.create_vault(NewVault::Keychain).unwrap().unwrap().to_text();
    let id = bot(&store, "/bot");
    store.set(id, "a", &secret(VALUE)).unwrap();
    store.set(id, "b", &secret(&VALUE.repeat(2000))).unwrap();
    store.get(id, "a").unwrap();
    store.remove(id, "b").unwrap();
    let clear = |when: &str| {
        for value in [VALUE, PASSPHRASE, recovery.expose()] {
            assert_eq!(find(&room.path().join("data"), value), Vec::<String>::new(), "{when}");
        }
    };
    assert!(room.path().join("data/vault.db-wal").exists());
    clear("with the log");
    let _ = store.rekey(Rekey::Passphrase(secret(PASSPHRASE))).unwrap();
    store.unlock(Unlock::Passphrase(secret(PASSPHRASE))).unwrap();
    clear("after a rekeying");
    drop(store);
    clear("after the end");
}

/// Grants and client secrets in all their comings and goings, with the log that they leave behind.
#[test]
fn planted_grants_are_found_nowhere() {
    let room = tempfile::tempdir().unwrap();
    let store = shared(room.path());
    store.create_vault(NewVault::Keychain).unwrap();
    let bot = bot(&store, "/bot");
    let clear = |when: &str| assert_eq!(find(&room.path().join("data"), VALUE), Vec::<String>::new(), "{when}");
    let planted = format!("{{\"access_token\":\"{VALUE}\"}}");
    connect(&store, bot, "a", &planted);
    let id = connect(&store, bot, "a", &planted);
    assert_eq!(grant(&store, bot, &id).unwrap(), planted);
    store.set_client_secret(bot, "a", Some(&secret(VALUE))).unwrap();
    store.put_app_credentials("google", "{}", Some(&secret(VALUE))).unwrap();
    assert_eq!(store.app_secret("google").unwrap().unwrap().expose(), VALUE);
    assert!(std::fs::metadata(room.path().join("data/vault.db-wal")).unwrap().len() > 0);
    clear("connected");
    store.take_lease(bot, &id, "one", 60).unwrap();
    store.start_refresh(bot, &id, "one").unwrap();
    clear("begun");
    assert!(store.finish_refresh(bot, &id, "one", &secret(&planted.repeat(500)), "{}").unwrap());
    assert!(store.replace_grant(bot, &id, 2, &secret(&planted), "{}").unwrap());
    clear("refreshed");
    store.take_lease(bot, &id, "two", 60).unwrap();
    assert!(store.fail_refresh(bot, &id, "two", "{}", None, Some(&secret("{}"))).unwrap());
    clear("wiped");
    store.delete_connection(bot, &id).unwrap();
    drop(store);
    clear("after the end");
}

/// A killed process leaves its log behind, and whatever it had in temporary folders.
#[test]
fn a_killed_process_leaves_no_value_behind() {
    for verb in ["set", "connect"] {
        let room = tempfile::tempdir().unwrap();
        drop(shared(room.path()).create_vault(NewVault::Keychain).unwrap());
        fs::create_dir(room.path().join("tmp")).unwrap();
        let task = format!("{verb} {VALUE}");
        let wrapper = ["strace", "-f", "-o", "/dev/null", "-e", "inject=fdatasync:signal=KILL:when=2"];
        let mut child = command(&wrapper, &task, room.path());
        child.env("TMPDIR", room.path().join("tmp")).output().expect("run: apt-get install -y strace");
        assert_eq!(find(room.path(), VALUE), Vec::<String>::new(), "{verb}");
    }
}

#[test]
fn the_key_stands_only_in_the_keychain() {
    let room = tempfile::tempdir().unwrap();
    let store = shared(room.path());
    store.create_vault(NewVault::Keychain).unwrap();
    store.set(bot(&store, "/bot"), "a", &secret("x")).unwrap();
    let keychain = FolderKeychain(room.path().join("keychain"));
    assert_eq!(keychain.accounts(), 1);
    let file = fs::read_dir(&keychain.0).unwrap().next().unwrap().unwrap().path();
    let key = HEXLOWER.decode(&fs::read(file).unwrap()).unwrap();
    for entry in fs::read_dir(room.path().join("data")).unwrap().map(Result::unwrap) {
        let bytes = fs::read(entry.path()).unwrap();
        assert!(!bytes.windows(key.len()).any(|window| window == key), "{}", entry.path().display());
    }
}

/// The control: every form is found where it was written down.
#[test]
fn the_search_finds_what_is_there() {
    for form in 0..forms(VALUE).len() {
        let room = tempfile::tempdir().unwrap();
        fs::create_dir(room.path().join("deep")).unwrap();
        fs::write(room.path().join("deep/file"), [b"before ", forms(VALUE)[form].as_slice(), b" after"].concat())
            .unwrap();
        assert!(!find(room.path(), VALUE).is_empty(), "form {form}");
    }
    for prefix in ["", "x", "xy", "xyz"] {
        let room = tempfile::tempdir().unwrap();
        fs::write(room.path().join("file"), BASE64.encode(format!("{prefix}{VALUE}{prefix}").as_bytes())).unwrap();
        assert!(!find(room.path(), VALUE).is_empty(), "prefix {prefix}");
    }
}
