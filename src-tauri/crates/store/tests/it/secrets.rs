use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use store::{ALIAS_LIMIT, LockReason, StoreError, Undo, VALUE_LIMIT, VaultState};

use crate::house::{House, bot, read, secret};

#[test]
fn a_value_is_set_replaced_and_read_again_after_a_restart() {
    let house = House::new();
    let store = house.furnished();
    let id = bot(&store, "/bot");
    assert_eq!(read(&store, id, "a"), None);
    for value in ["one", "", "two\nlines \u{1F511} \0 end"] {
        store.set(id, "a", &secret(value)).unwrap();
        assert_eq!(read(&store, id, "a").unwrap(), value);
        assert_eq!(read(&house.open(), id, "a").unwrap(), value);
    }
}

#[test]
fn bots_do_not_see_each_others_values() {
    let house = House::new();
    let store = house.furnished();
    let (one, two) = (bot(&store, "/one"), bot(&store, "/two"));
    store.set(one, "a", &secret("of one")).unwrap();
    assert_eq!(read(&store, two, "a"), None);
    assert!(store.list(two).unwrap().is_empty());
}

#[test]
fn limits_are_told() {
    let house = House::new();
    let store = house.furnished();
    let id = bot(&store, "/bot");
    store.set(id, &"a".repeat(ALIAS_LIMIT), &secret(&"x".repeat(VALUE_LIMIT))).unwrap();
    let too_large = |result, name| matches!(result, Err(StoreError::TooLarge { what, .. }) if what == name);
    assert!(too_large(store.set(id, "a", &secret(&"x".repeat(VALUE_LIMIT + 1))), "value"));
    assert!(too_large(store.set(id, &"a".repeat(ALIAS_LIMIT + 1), &secret("x")), "alias"));
    assert!(matches!(store.set(id, "", &secret("x")), Err(StoreError::Empty("alias"))));
    assert_eq!(read(&store, id, "a"), None);
}

#[test]
fn the_list_tells_age_and_last_use_to_the_minute() {
    let house = House::new();
    let store = house.furnished();
    let id = bot(&store, "/bot");
    let set_at = house.now();
    store.set(id, "b", &secret("x")).unwrap();
    store.set(id, "a", &secret("x")).unwrap();
    let seen = || {
        store
            .list(id)
            .unwrap()
            .into_iter()
            .map(|meta| (meta.alias, meta.changed_at, meta.last_used_at))
            .collect::<Vec<_>>()
    };
    assert_eq!(seen(), [("a".into(), set_at, None), ("b".into(), set_at, None)]);
    house.pass(5);
    let first = house.now();
    read(&store, id, "a");
    house.pass(59);
    read(&store, id, "a");
    assert_eq!(seen()[0], ("a".into(), set_at, Some(first)));
    house.pass(1);
    let later = house.now();
    read(&store, id, "a");
    assert_eq!(seen(), [("a".into(), set_at, Some(later)), ("b".into(), set_at, None)]);
    house.pass(5);
    store.set(id, "a", &secret("y")).unwrap();
    assert_eq!(seen()[0], ("a".into(), house.now(), None));
}

#[test]
fn a_removal_can_be_undone_for_ten_seconds() {
    let house = House::new();
    let store = house.furnished();
    let id = bot(&store, "/bot");
    store.set(id, "a", &secret("kept")).unwrap();
    let before = store.list(id).unwrap();
    let undo = store.remove(id, "a").unwrap();
    assert_eq!(read(&store, id, "a"), None);
    assert!(store.list(id).unwrap().is_empty());
    house.pass(9);
    store.restore(&Undo::from(undo.to_string())).unwrap();
    assert_eq!(read(&store, id, "a").unwrap(), "kept");
    assert_eq!(store.list(id).unwrap()[0].changed_at, before[0].changed_at);
    assert!(matches!(store.restore(&undo), Err(StoreError::NotFound)));

    let undo = store.remove(id, "a").unwrap();
    house.pass(10);
    assert!(matches!(store.restore(&undo), Err(StoreError::NotFound)));
    assert!(matches!(store.remove(id, "a"), Err(StoreError::NotFound)));
}

#[test]
fn undo_does_not_replace_a_newer_value() {
    let house = House::new();
    let store = house.furnished();
    let id = bot(&store, "/bot");
    store.set(id, "a", &secret("old")).unwrap();
    let undo = store.remove(id, "a").unwrap();
    store.set(id, "a", &secret("new")).unwrap();
    assert!(matches!(store.restore(&undo), Err(StoreError::AlreadySet)));
    assert_eq!(read(&store, id, "a").unwrap(), "new");
}

#[test]
fn a_clock_set_back_does_not_keep_removed_values() {
    let house = House::new();
    let store = house.furnished();
    let id = bot(&store, "/bot");
    store.set(id, "a", &secret("old")).unwrap();
    let undo = store.remove(id, "a").unwrap();
    house.pass(-100);
    assert!(matches!(store.restore(&undo), Err(StoreError::NotFound)));
}

#[test]
fn two_handles_see_each_others_writes_and_the_token_tells() {
    let house = House::new();
    let (one, two) = (house.furnished(), house.open());
    let id = bot(&one, "/bot");
    let (mine, theirs) = (one.changes().unwrap(), two.changes().unwrap());
    assert_eq!((one.changes().unwrap(), two.changes().unwrap()), (mine, theirs));
    one.set(id, "a", &secret("x")).unwrap();
    assert_ne!(one.changes().unwrap(), mine);
    assert_ne!(two.changes().unwrap(), theirs);
    assert_eq!(read(&two, id, "a").unwrap(), "x");
    let theirs = two.changes().unwrap();
    one.remove(id, "a").unwrap();
    assert_ne!(two.changes().unwrap(), theirs);
    assert_eq!(read(&two, id, "a"), None);
}

#[test]
fn a_forgotten_bot_is_gone_for_good() {
    let house = House::new();
    let store = house.furnished();
    let (id, other) = (bot(&store, "/bot"), bot(&store, "/other"));
    for id in [id, other] {
        store.set(id, "a", &secret("x")).unwrap();
    }
    let undo = store.remove(id, "a").unwrap();
    store.set(id, "b", &secret("y")).unwrap();
    store.forget_bot(id).unwrap();
    assert!(store.list(id).unwrap().is_empty());
    assert!(matches!(store.restore(&undo), Err(StoreError::NotFound)));
    assert_ne!(bot(&store, "/bot"), id);
    assert_eq!(read(&store, other, "a").unwrap(), "x");
}

#[test]
fn many_threads_share_one_store() {
    let house = House::new();
    drop(house.furnished());
    let store = house.open();
    let id = bot(&store, "/bot");
    let asked = house.keychain.loads();
    std::thread::scope(|scope| {
        for thread in 0..16 {
            let store = store.clone();
            scope.spawn(move || {
                let alias = format!("a{thread}");
                store.set(id, &alias, &secret(&alias)).unwrap();
                assert_eq!(read(&store, id, &alias).unwrap(), alias);
            });
        }
    });
    assert_eq!(store.list(id).unwrap().len(), 16);
    assert_eq!(house.keychain.loads(), asked + 1);
}

#[test]
fn a_locked_vault_lists_and_removes_but_does_not_open() {
    let house = House::new();
    let store = house.furnished();
    let id = bot(&store, "/bot");
    store.set(id, "a", &secret("x")).unwrap();
    store.lock().unwrap();
    assert_eq!(store.list(id).unwrap().len(), 1);
    assert!(matches!(store.get(id, "a"), Err(StoreError::VaultLocked(LockReason::ByHand))));
    assert!(store.get(id, "never set").unwrap().is_none());
    let undo = store.remove(id, "a").unwrap();
    store.restore(&undo).unwrap();
    assert_eq!(store.vault().state, VaultState::Locked(LockReason::ByHand));
}

#[test]
fn errors_and_debug_forms_show_no_value() {
    let house = House::new();
    let store = house.furnished();
    let id = bot(&store, "/bot");
    store.set(id, "a", &secret("hunter2")).unwrap();
    let value = store.get(id, "a").unwrap();
    let large = store.set(id, "a", &secret(&"hunter2".repeat(10_000))).unwrap_err();
    let shown = format!(
        "{value:?} {store:?} {large} {large:?} {:?} {:?}",
        store.list(id),
        store::NewVault::Passphrase(secret("hunter2"))
    );
    assert!(!shown.contains("hunter2"), "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// The store behaves as a map of maps, whatever the values are.
    #[test]
    fn behaves_as_a_map(steps in prop::collection::vec((0usize..2, "[ab]", prop::option::of(any::<String>())), 1..20)) {
        let house = House::new();
        let store = house.furnished();
        let bots = [bot(&store, "/one"), bot(&store, "/two")];
        let mut model = BTreeMap::new();
        for (which, alias, value) in steps {
            match value {
                Some(value) => {
                    store.set(bots[which], &alias, &secret(&value)).unwrap();
                    model.insert((which, alias), value);
                }
                None => prop_assert_eq!(store.remove(bots[which], &alias).is_ok(), model.remove(&(which, alias)).is_some()),
            }
        }
        let again = house.open();
        for (which, bot) in bots.into_iter().enumerate() {
            for alias in ["a", "b"] {
                prop_assert_eq!(read(&again, bot, alias), model.get(&(which, alias.to_owned())).cloned());
            }
        }
        prop_assert!(again.identify(None, Path::new("/one")).unwrap().bot().is_ok());
    }
}
