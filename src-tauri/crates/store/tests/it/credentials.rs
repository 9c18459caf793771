use store::{AppCredentials, LockReason, NewVault, Store, StoreError};

use crate::house::{House, bot, secret};

fn app(store: &Store, provider: &str) -> Option<String> {
    store.app_secret(provider).unwrap().map(|secret| secret.expose().clone())
}

fn seen(store: &Store) -> Vec<(String, String, bool)> {
    let of = |one: AppCredentials| (one.provider, one.settings, one.has_secret);
    store.app_credentials().unwrap().into_iter().map(of).collect()
}

#[test]
fn app_credentials_are_kept_replaced_and_removed() {
    let house = House::new();
    let store = house.furnished();
    store.put_app_credentials("google", "{}", Some(&secret("one"))).unwrap();
    store.put_app_credentials("discord", "{}", None).unwrap();
    house.pass(5);
    // Without a secret the kept one stays.
    store.put_app_credentials("google", r#"{"client_id":"x"}"#, None).unwrap();
    let again = house.open();
    let expected = [("discord".into(), "{}".into(), false), ("google".into(), r#"{"client_id":"x"}"#.into(), true)];
    assert_eq!(seen(&again), expected);
    assert_eq!(again.app_credentials().unwrap()[1].changed_at, house.now());
    assert_eq!((app(&again, "google").as_deref(), app(&again, "discord")), (Some("one"), None));
    store.put_app_credentials("google", "{}", Some(&secret("two"))).unwrap();
    assert_eq!(app(&again, "google").unwrap(), "two");
    store.lock().unwrap();
    assert!(matches!(store.app_secret("google"), Err(StoreError::VaultLocked(LockReason::ByHand))));
    let refused = store.put_app_credentials("google", r#"{"new":1}"#, Some(&secret("three")));
    assert!(matches!(refused, Err(StoreError::VaultLocked(LockReason::ByHand))));
    assert_eq!(seen(&store)[1], ("google".into(), "{}".into(), true));
    store.remove_app_credentials("google").unwrap();
    assert_eq!(seen(&again), [("discord".into(), "{}".into(), false)]);
    assert_eq!(app(&again, "google"), None);
}

#[test]
fn a_client_id_alone_needs_no_vault() {
    let house = House::new();
    let store = house.open();
    store.put_app_credentials("google", "{}", None).unwrap();
    assert_eq!(seen(&store), [("google".into(), "{}".into(), false)]);
    let refused = store.put_app_credentials("google", "{}", Some(&secret("x")));
    assert!(matches!(refused, Err(StoreError::VaultAbsent)));
    assert!(matches!(store.put_app_credentials("", "{}", None), Err(StoreError::Empty("provider"))));
}

#[test]
fn a_session_keeps_the_settings_but_not_the_secret() {
    let house = House::new();
    let store = house.furnished();
    store.put_app_credentials("google", "{}", Some(&secret("kept"))).unwrap();
    let session = house.open();
    session.create_vault(NewVault::Session).unwrap();
    assert_eq!(seen(&session), [("google".into(), "{}".into(), false)]);
    session.put_app_credentials("google", r#"{"n":1}"#, Some(&secret("fleeting"))).unwrap();
    assert_eq!(app(&session, "google").unwrap(), "fleeting");
    drop(session);
    assert_eq!(seen(&store), [("google".into(), r#"{"n":1}"#.into(), true)]);
    assert_eq!(app(&store, "google").unwrap(), "kept");
}

#[test]
fn client_secrets_are_apart_from_secrets_and_other_bots() {
    let house = House::new();
    let store = house.furnished();
    let (one, two) = (bot(&store, "/one"), bot(&store, "/two"));
    let read = |bot, alias| store.client_secret(bot, alias).unwrap().map(|secret| secret.expose().clone());
    for value in ["first", "second"] {
        store.set_client_secret(one, "a", Some(&secret(value))).unwrap();
        assert_eq!(read(one, "a").as_deref(), Some(value));
    }
    assert_eq!((read(one, "b"), read(two, "a")), (None, None));
    assert!(store.has_client_secret(one, "a").unwrap() && !store.has_client_secret(two, "a").unwrap());
    assert!(store.list(one).unwrap().is_empty() && store.get(one, "a").unwrap().is_none());
    store.set(one, "a", &secret("a secret of the bot")).unwrap();
    assert_eq!(read(one, "a").as_deref(), Some("second"));
    assert!(matches!(store.set_client_secret(one, "a", Some(&secret(""))), Err(StoreError::Empty("client secret"))));
    store.set_client_secret(one, "a", None).unwrap();
    store.set_client_secret(one, "a", None).unwrap();
    assert_eq!(read(one, "a"), None);
    assert!(store.get(one, "a").unwrap().is_some());
}
