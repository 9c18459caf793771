//! What happens to a grant whose row was changed in the file, behind the store's back.

use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;

use super::*;
use crate::{Config, MemoryKeychain, NewVault};

struct House {
    dir: TempDir,
    store: Store,
    /// The first of two bots, each with the same connections.
    bot: BotId,
    other: BotId,
    /// A connection of `bot` to `a`, its own.
    id: String,
}

fn house() -> House {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(|| Timestamp::UNIX_EPOCH);
    let config = Config { data_dir: dir.path().into(), keychain: Arc::new(MemoryKeychain::new()), clock };
    let store = Store::open(config).unwrap();
    store.create_vault(NewVault::Keychain).unwrap();
    let [bot, other] = ["/bot", "/other"].map(|path| store.identify(None, Path::new(path)).unwrap().bot().unwrap());
    for bot in [bot, other] {
        for (alias, persona) in [("a", None), ("b", None), ("a", Some("ada")), ("a", Some("vic"))] {
            put(&store, bot, alias, persona, "grant");
        }
        store.set(bot, "a", &secret("value")).unwrap();
        store.set_client_secret(bot, "a", Some(&secret("client"))).unwrap();
    }
    let id = store.connection_of(bot, "a", None).unwrap().unwrap().id;
    House { dir, store, bot, other, id }
}

fn put(store: &Store, bot: BotId, alias: &str, persona: Option<&str>, grant: &str) -> String {
    let new = NewConnection { alias, persona, provider: "google", practice: false, facts: "{}" };
    store.put_connection(bot, &new, &secret(grant)).unwrap().id
}

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

impl House {
    /// Runs SQL with foreign keys off, as somebody with the file would.
    fn tamper(&self, sql: &str) {
        let state = self.store.state();
        state.connection.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}; PRAGMA foreign_keys = ON")).unwrap();
    }

    fn opens(&self, bot: BotId, id: &str) -> Result<Option<String>, StoreError> {
        Ok(self.store.grant(bot, id)?.map(|(_, grant)| grant.expose().clone()))
    }

    fn sealed(&self) -> Vec<u8> {
        connections::sealed(&self.store.state().connection, &self.bot.to_string(), &self.id).unwrap().unwrap().bytes
    }

    fn write_sealed(&self, bytes: &[u8]) {
        let sql = "UPDATE connections SET sealed = ?2 WHERE id = ?1";
        self.store.state().connection.execute(sql, (&self.id, bytes)).unwrap();
    }
}

/// After `sql`, in which `{bot}`, `{other}` and `{id}` stand for the ids, the grant does not open for its bot or whose it is now.
fn check(sql: &str) {
    let house = house();
    assert_eq!(house.opens(house.bot, &house.id).unwrap().unwrap(), "grant");
    let (bot, other) = (house.bot.to_string(), house.other.to_string());
    house.tamper(&sql.replace("{bot}", &bot).replace("{other}", &other).replace("{id}", &house.id));
    let damaged = |bot| match house.opens(bot, &house.id) {
        Err(StoreError::Damaged("sign-in")) => true,
        Ok(None) => false,
        found => panic!("{sql}: {found:?}"),
    };
    // It is somebody's, or the check would have missed the row.
    assert!(damaged(house.bot) | damaged(house.other), "{sql}");
}

#[test]
fn a_grant_opens_for_its_own_bot_alias_and_persona_only() {
    check("DELETE FROM connections WHERE bot = '{other}'; UPDATE connections SET bot = '{other}' WHERE id = '{id}'");
    check("DELETE FROM connections WHERE id <> '{id}'; UPDATE connections SET alias = 'b' WHERE id = '{id}'");
    check("DELETE FROM connections WHERE id <> '{id}'; UPDATE connections SET persona = 'ada' WHERE id = '{id}'");
    check(
        "DELETE FROM connections WHERE id <> '{id}'; UPDATE connections SET alias = '', persona = 'a' WHERE id = '{id}'",
    );
}

#[test]
fn a_grant_opens_under_its_own_data_key_only() {
    check("DELETE FROM data_keys WHERE bot = '{bot}'");
    check("UPDATE data_keys SET key_id = 2 WHERE bot = '{bot}'; UPDATE connections SET key_id = 2 WHERE bot = '{bot}'");
    check(
        "DELETE FROM data_keys WHERE bot = '{bot}';
         INSERT INTO data_keys SELECT '{bot}', key_id, wrapped FROM data_keys WHERE bot = '{other}'",
    );
}

#[test]
fn what_was_sealed_for_another_cell_does_not_open_as_a_grant() {
    for from in [
        "connections WHERE bot = '{bot}' AND alias = 'b'",
        "connections WHERE bot = '{bot}' AND alias = 'a' AND persona = 'vic'",
        "connections WHERE bot = '{other}' AND alias = 'a' AND persona = ''",
        "secrets WHERE bot = '{bot}' AND alias = 'a'",
        "client_secrets WHERE bot = '{bot}' AND name = 'a'",
    ] {
        check(&format!("UPDATE connections SET sealed = (SELECT sealed FROM {from}) WHERE id = '{{id}}'"));
    }
}

#[test]
fn a_grant_does_not_open_as_a_secret_or_client_secret() {
    let house = house();
    let from = format!("(SELECT sealed FROM connections WHERE id = '{}')", house.id);
    house.tamper(&format!("UPDATE secrets SET sealed = {from}; UPDATE client_secrets SET sealed = {from}"));
    assert!(matches!(house.store.get(house.bot, "a"), Err(StoreError::Damaged("value"))));
    assert!(matches!(house.store.client_secret(house.bot, "a"), Err(StoreError::Damaged("client secret"))));
}

#[test]
fn a_client_secret_opens_in_its_own_place_only() {
    let house = house();
    house.store.put_app_credentials("a", "{}", Some(&secret("machine"))).unwrap();
    house.tamper(
        "UPDATE client_secrets SET sealed = (SELECT c.sealed FROM client_secrets c WHERE c.bot <> client_secrets.bot LIMIT 1)",
    );
    assert!(matches!(house.store.app_secret("a"), Err(StoreError::Damaged("client secret"))));
    assert!(matches!(house.store.client_secret(house.bot, "a"), Err(StoreError::Damaged("client secret"))));
}

#[test]
fn every_flipped_bit_is_noticed_and_a_new_sign_in_still_replaces_it() {
    let house = house();
    let whole = house.sealed();
    for bit in 0..whole.len() * 8 {
        let mut changed = whole.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        house.write_sealed(&changed);
        assert!(matches!(house.opens(house.bot, &house.id), Err(StoreError::Damaged("sign-in"))), "bit {bit}");
    }
    for length in 0..whole.len() {
        house.write_sealed(&whole[..length]);
        assert!(house.opens(house.bot, &house.id).is_err(), "{length} bytes");
    }
    let new = NewConnection { alias: "a", persona: None, provider: "google", practice: false, facts: "{}" };
    let done = house.store.put_connection(house.bot, &new, &secret("again")).unwrap();
    let (before, grant) = done.replaced.unwrap();
    assert_eq!((before.id, grant.is_none()), (house.id.clone(), true));
    assert_eq!(house.opens(house.bot, &done.id).unwrap().unwrap(), "again");
}

/// What was deleted, wiped or replaced is in neither file nor log, even as ciphertext.
#[test]
fn deleted_wiped_and_replaced_grants_leave_no_ciphertext() {
    type End = fn(&House);
    let ends: [End; 5] = [
        |house| assert!(house.store.delete_connection(house.bot, &house.id).unwrap()),
        |house| drop(put(&house.store, house.bot, "a", None, "new")),
        |house| house.store.forget_bot(house.bot).unwrap(),
        |house| {
            house.store.take_lease(house.bot, &house.id, "me", 60).unwrap();
            let rest = secret("{}");
            assert!(house.store.fail_refresh(house.bot, &house.id, "me", "{}", None, Some(&rest)).unwrap());
        },
        |house| {
            house.tamper("DELETE FROM connections WHERE persona = 'ada'; UPDATE connections SET persona = 'ada' WHERE alias = 'a' AND persona = ''");
            house.store.remove_persona(house.bot, "ada").unwrap();
        },
    ];
    for (n, end) in ends.into_iter().enumerate() {
        let house = house();
        let sealed = house.sealed();
        let there = || {
            let files = ["vault.db", "vault.db-wal"].map(|name| std::fs::read(house.dir.path().join(name)).unwrap());
            files.iter().any(|file| file.windows(sealed.len()).any(|window| window == sealed))
        };
        assert!(there(), "end {n}");
        end(&house);
        assert!(!there(), "end {n}");
    }
}

#[test]
fn rows_of_grants_do_not_collide() {
    let mut rows: Vec<_> = ["", ":", "1", "1:", ":1", "a", "1:a", "a:1"]
        .iter()
        .flat_map(|alias| ["", ":", "1", "1:", ":1", "a", "1:a", "a:1"].map(|persona| grant_row("0", alias, persona)))
        .collect();
    let all = rows.len();
    rows.sort();
    rows.dedup();
    assert_eq!(rows.len(), all);
}
