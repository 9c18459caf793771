use store::{Connection, GRANT_LIMIT, LockReason, NewConnection, NewVault, Store, StoreError};

use crate::house::{House, bot, connect, grant, secret, to_google};

#[test]
fn a_connection_is_made_read_and_deleted() {
    let house = House::new();
    let store = house.furnished();
    let id = bot(&store, "/bot");
    let new =
        NewConnection { alias: "g", persona: Some("ada"), provider: "google", practice: true, facts: r#"{"a":1}"# };
    let put = store.put_connection(id, &new, &secret("{tokens}")).unwrap();
    assert!(put.replaced.is_none());
    assert!(put.id.len() == 32 && put.id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{}", put.id);
    for store in [&store, &house.open()] {
        let expected = Connection {
            id: put.id.clone(),
            alias: "g".into(),
            persona: Some("ada".into()),
            provider: "google".into(),
            practice: true,
            facts: r#"{"a":1}"#.into(),
            version: 1,
            created_at: house.now(),
            changed_at: house.now(),
            used_at: None,
            refresh: store::Refresh::default(),
        };
        assert_eq!(store.connections(id).unwrap(), std::slice::from_ref(&expected));
        assert_eq!(store.connection(id, &put.id).unwrap(), Some(expected.clone()));
        assert_eq!(store.connection_of(id, "g", Some("ada")).unwrap(), Some(expected));
        assert_eq!(store.connection_of(id, "g", None).unwrap(), None);
        assert_eq!(store.connection_of(id, "h", Some("ada")).unwrap(), None);
    }
    assert_eq!(grant(&store, id, &put.id).unwrap(), "{tokens}");
    assert_eq!(grant(&house.open(), id, &put.id).unwrap(), "{tokens}");
    assert!(store.delete_connection(id, &put.id).unwrap());
    assert!(!store.delete_connection(id, &put.id).unwrap());
    assert_eq!(grant(&store, id, &put.id), None);
    assert!(house.open().connections(id).unwrap().is_empty());
}

#[test]
fn a_second_sign_in_takes_the_place_of_the_first_with_a_new_id() {
    let house = House::new();
    let store = house.furnished();
    let id = bot(&store, "/bot");
    let first = connect(&store, id, "a", "old");
    let beside = [
        store.put_connection(id, &to_google("a", Some("ada")), &secret("hers")).unwrap().id,
        connect(&store, id, "b", "other"),
    ];
    house.pass(5);
    let put = store.put_connection(id, &to_google("a", None), &secret("new")).unwrap();
    let (before, was) = put.replaced.unwrap();
    assert_eq!((before.id.as_str(), was.unwrap().expose().as_str()), (first.as_str(), "old"));
    assert_ne!(put.id, first);
    assert_eq!(grant(&store, id, &first), None);
    assert_eq!(grant(&store, id, &put.id).unwrap(), "new");
    assert_eq!(beside.map(|other| grant(&store, id, &other).unwrap()), ["hers", "other"]);
    let order: Vec<_> = store.connections(id).unwrap().into_iter().map(|one| (one.alias, one.persona)).collect();
    assert_eq!(order, [("a".into(), None), ("a".into(), Some("ada".into())), ("b".into(), None)]);
}

#[test]
fn another_bots_connection_is_not_there() {
    let house = House::new();
    let store = house.furnished();
    let (one, two) = (bot(&store, "/one"), bot(&store, "/two"));
    let id = connect(&store, one, "a", "of one");
    assert!(store.connections(two).unwrap().is_empty());
    assert_eq!(store.connection(two, &id).unwrap(), None);
    assert_eq!(store.connection_of(two, "a", None).unwrap(), None);
    assert!(store.grant(two, &id).unwrap().is_none());
    assert!(!store.set_facts(two, &id, "{}").unwrap());
    assert!(!store.replace_grant(two, &id, 1, &secret("x"), "{}").unwrap());
    assert!(!store.delete_connection(two, &id).unwrap());
    assert_eq!(store.take_lease(two, &id, "me", 60).unwrap(), store::Lease::Gone);
    assert!(matches!(store.take_lease(one, &id, "me", 60).unwrap(), store::Lease::Taken { .. }));
    assert!(!store.start_refresh(two, &id, "me").unwrap());
    assert!(!store.finish_refresh(two, &id, "me", &secret("x"), "{}").unwrap());
    for wipe in [None, Some(&secret("x"))] {
        assert!(!store.fail_refresh(two, &id, "me", "{}", None, wipe).unwrap());
    }
    assert!(!store.release_lease(two, &id, "me").unwrap());
    assert_eq!(grant(&store, one, &id).unwrap(), "of one");
    assert_eq!(store.connection(one, &id).unwrap().unwrap().version, 1);
}

#[test]
fn a_grant_is_replaced_only_at_the_version_that_was_read() {
    let house = House::new();
    let (store, other) = (house.furnished(), house.open());
    let id = bot(&store, "/bot");
    let connection = connect(&store, id, "a", "old");
    let at = |store: &Store| store.connection(id, &connection).unwrap().unwrap();
    house.pass(5);
    assert!(store.replace_grant(id, &connection, 1, &secret("new"), r#"{"n":1}"#).unwrap());
    assert!(!other.replace_grant(id, &connection, 1, &secret("late"), r#"{"n":2}"#).unwrap());
    let now = at(&other);
    assert_eq!((now.version, now.facts.as_str(), now.changed_at), (2, r#"{"n":1}"#, house.now()));
    assert_ne!(now.created_at, now.changed_at);
    assert_eq!(grant(&other, id, &connection).unwrap(), "new");
    // Facts alone are no new version.
    assert!(other.set_facts(id, &connection, r#"{"n":3}"#).unwrap());
    assert_eq!((at(&store).version, at(&store).facts.as_str()), (2, r#"{"n":3}"#));
    assert!(!store.set_facts(id, "gone", "{}").unwrap());
    assert!(!store.replace_grant(id, "gone", 1, &secret("x"), "{}").unwrap());
}

#[test]
fn of_threads_with_the_same_version_one_writes() {
    let house = House::new();
    let stores = [house.furnished(), house.open()];
    let id = bot(&stores[0], "/bot");
    let connection = connect(&stores[0], id, "a", "0");
    for version in 1..=10 {
        let wins: Vec<usize> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|n| {
                    let (store, connection) = (&stores[n % 2], connection.as_str());
                    scope.spawn(move || {
                        let new = secret(&format!("{version}.{n}"));
                        store.replace_grant(id, connection, version, &new, "{}").unwrap().then_some(n)
                    })
                })
                .collect();
            threads.into_iter().filter_map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(wins.len(), 1, "{wins:?}");
        assert_eq!(grant(&stores[1], id, &connection).unwrap(), format!("{version}.{}", wins[0]));
    }
}

#[test]
fn a_use_is_noted_once_a_minute_and_is_no_new_version() {
    let house = House::new();
    let store = house.furnished();
    let id = bot(&store, "/bot");
    let connection = connect(&store, id, "a", "x");
    let used = || store.connection(id, &connection).unwrap().unwrap().used_at;
    assert_eq!(used(), None);
    let first = house.now();
    grant(&store, id, &connection);
    house.pass(59);
    grant(&store, id, &connection);
    assert_eq!(used(), Some(first));
    house.pass(1);
    grant(&store, id, &connection);
    assert_eq!(used(), Some(house.now()));
    assert_eq!(store.connection(id, &connection).unwrap().unwrap().version, 1);
}

#[test]
fn limits_are_told() {
    let house = House::new();
    let store = house.furnished();
    let id = bot(&store, "/bot");
    let put = |new: &NewConnection<'_>, length| store.put_connection(id, new, &secret(&"x".repeat(length))).map(drop);
    put(&to_google("a", None), GRANT_LIMIT).unwrap();
    let too_large = |result, name| matches!(result, Err(StoreError::TooLarge { what, .. }) if what == name);
    assert!(too_large(put(&to_google("a", None), GRANT_LIMIT + 1), "sign-in"));
    assert!(too_large(put(&to_google(&"a".repeat(257), None), 1), "alias"));
    assert!(matches!(put(&to_google("", None), 1), Err(StoreError::Empty("alias"))));
    // An empty name would be the bot itself.
    assert!(matches!(put(&to_google("a", Some("")), 1), Err(StoreError::Empty("persona"))));
    assert!(matches!(put(&to_google("a", None), 0), Err(StoreError::Empty("sign-in"))));
    assert_eq!(store.connections(id).unwrap().len(), 1);
}

#[test]
fn a_locked_vault_lists_and_deletes_but_does_not_open() {
    let house = House::new();
    let store = house.furnished();
    let id = bot(&store, "/bot");
    let connection = connect(&store, id, "a", "x");
    store.set_client_secret(id, "a", Some(&secret("x"))).unwrap();
    store.lock().unwrap();
    let locked = |error| matches!(error, Some(StoreError::VaultLocked(LockReason::ByHand)));
    assert_eq!(store.connections(id).unwrap().len(), 1);
    assert!(store.connection(id, &connection).unwrap().is_some());
    assert!(store.grant(id, "gone").unwrap().is_none());
    assert!(locked(store.grant(id, &connection).err()));
    assert!(locked(store.put_connection(id, &to_google("b", None), &secret("x")).err()));
    assert!(locked(store.replace_grant(id, &connection, 1, &secret("x"), "{}").err()));
    assert!(store.set_facts(id, &connection, "{}").unwrap());
    assert!(matches!(store.take_lease(id, &connection, "me", 60).unwrap(), store::Lease::Taken { .. }));
    assert!(store.start_refresh(id, &connection, "me").unwrap());
    assert!(locked(store.finish_refresh(id, &connection, "me", &secret("x"), "{}").err()));
    assert!(locked(store.fail_refresh(id, &connection, "me", "{}", None, Some(&secret("x"))).err()));
    assert!(store.fail_refresh(id, &connection, "me", "{}", None, None).unwrap());
    assert!(store.has_client_secret(id, "a").unwrap());
    assert!(locked(store.client_secret(id, "a").err()));
    store.set_client_secret(id, "a", None).unwrap();
    assert!(store.delete_connection(id, &connection).unwrap());
    assert!(store.connections(id).unwrap().is_empty() && !store.has_client_secret(id, "a").unwrap());
}

#[test]
fn without_a_vault_there_are_none_and_none_can_be_made() {
    let house = House::new();
    let store = house.open();
    let id = bot(&store, "/bot");
    assert!(store.connections(id).unwrap().is_empty());
    assert!(store.grant(id, "x").unwrap().is_none());
    let put = store.put_connection(id, &to_google("a", None), &secret("x"));
    assert!(matches!(put, Err(StoreError::VaultAbsent)));
    assert_eq!(house.keychain.loads(), 0);

    std::fs::write(house.data().join("vault.db"), "not a vault").unwrap();
    let store = house.open();
    let id = bot(&store, "/bot");
    assert!(matches!(store.connections(id), Err(StoreError::VaultUnusable(_))));
    assert!(matches!(store.take_lease(id, "x", "me", 60), Err(StoreError::VaultUnusable(_))));
}

#[test]
fn a_sessions_connections_end_with_it() {
    let house = House::new();
    let id = {
        let store = house.furnished();
        let id = bot(&store, "/bot");
        connect(&store, id, "a", "kept");
        id
    };
    let store = house.open();
    store.create_vault(NewVault::Session).unwrap();
    assert!(store.connections(id).unwrap().is_empty());
    let connection = connect(&store, id, "a", "fleeting");
    store.set_client_secret(id, "a", Some(&secret("fleeting"))).unwrap();
    assert!(matches!(store.take_lease(id, &connection, "me", 60).unwrap(), store::Lease::Taken { .. }));
    assert!(store.finish_refresh(id, &connection, "me", &secret("newer"), "{}").unwrap());
    assert_eq!(grant(&store, id, &connection).unwrap(), "newer");
    drop(store);
    let store = house.open();
    let all = store.connections(id).unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(grant(&store, id, &all[0].id).unwrap(), "kept");
    assert!(!store.has_client_secret(id, "a").unwrap());
}

#[test]
fn debug_forms_show_no_grant() {
    let house = House::new();
    let store = house.furnished();
    let id = bot(&store, "/bot");
    let first = store.put_connection(id, &to_google("a", None), &secret("hunter2")).unwrap();
    let second = store.put_connection(id, &to_google("a", None), &secret("hunter2")).unwrap();
    let opened = store.grant(id, &second.id).unwrap();
    let large = store.put_connection(id, &to_google("a", None), &secret(&"hunter2".repeat(50_000))).unwrap_err();
    let shown = format!("{first:?} {second:?} {opened:?} {large} {large:?} {:?}", store.connections(id));
    assert!(shown.contains("google") && !shown.contains("hunter2"), "{shown}");
}
