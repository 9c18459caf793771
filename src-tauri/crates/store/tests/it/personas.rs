use store::{Approval, NewVault, Persona, StoreError};

use crate::house::{House, bot, connect, grant, secret, to_google};

fn persona(id: &str, position: i64) -> Persona {
    Persona { id: id.into(), name: format!("Name of {id}"), fields: r#"{"locale":"nl"}"#.into(), position }
}

#[test]
fn personas_are_kept_in_their_order() {
    let house = House::new();
    let store = house.open();
    let (one, two) = (bot(&store, "/one"), bot(&store, "/two"));
    for persona in [persona("c", 2), persona("b", 1), persona("a", 2)] {
        store.put_persona(one, &persona).unwrap();
    }
    store.put_persona(two, &persona("a", 0)).unwrap();
    let again = Persona { name: "Renamed".into(), ..persona("b", 3) };
    store.put_persona(one, &again).unwrap();
    assert_eq!(house.open().personas(one).unwrap(), [persona("a", 2), persona("c", 2), again]);
    assert_eq!(house.open().personas(two).unwrap(), [persona("a", 0)]);
    assert!(matches!(store.put_persona(one, &persona("", 0)), Err(StoreError::Empty("persona"))));
}

#[test]
fn what_is_remembered_is_kept_for_each_persona() {
    let house = House::new();
    let store = house.open();
    let (one, two) = (bot(&store, "/one"), bot(&store, "/two"));
    assert_eq!(store.remembered(one, "ada").unwrap(), None);
    store.remember(one, "ada", Some(r#"{"a":1}"#)).unwrap();
    store.remember(one, "ada", Some(r#"{"a":2}"#)).unwrap();
    store.remember(one, "vic", Some("{}")).unwrap();
    let again = house.open();
    let seen = [(one, "ada"), (one, "vic"), (two, "ada")].map(|(bot, persona)| again.remembered(bot, persona).unwrap());
    assert_eq!(seen, [Some(r#"{"a":2}"#.to_owned()), Some("{}".to_owned()), None]);
    store.remember(one, "ada", None).unwrap();
    store.remember(one, "ada", None).unwrap();
    assert_eq!(again.remembered(one, "ada").unwrap(), None);
}

#[test]
fn a_removed_persona_takes_its_connections_and_memories_along() {
    let house = House::new();
    let store = house.furnished();
    let (one, two) = (bot(&store, "/one"), bot(&store, "/two"));
    for bot in [one, two] {
        for id in ["ada", "vic"] {
            store.put_persona(bot, &persona(id, 0)).unwrap();
            store.remember(bot, id, Some("{}")).unwrap();
            store.put_connection(bot, &to_google("a", Some(id)), &secret("x")).unwrap();
        }
        connect(&store, bot, "a", "x");
    }
    store.lock().unwrap();
    store.remove_persona(one, "ada").unwrap();
    store.remove_persona(one, "ada").unwrap();
    assert!(matches!(store.remove_persona(one, ""), Err(StoreError::Empty("persona"))));
    assert_eq!(store.personas(one).unwrap(), [persona("vic", 0)]);
    assert_eq!(store.remembered(one, "ada").unwrap(), None);
    let left: Vec<_> = store.connections(one).unwrap().into_iter().map(|connection| connection.persona).collect();
    assert_eq!(left, [None, Some("vic".into())]);
    assert_eq!((store.personas(two).unwrap().len(), store.connections(two).unwrap().len()), (2, 3));
    assert!(store.remembered(two, "ada").unwrap().is_some() && store.remembered(one, "vic").unwrap().is_some());
}

#[test]
fn a_persona_removed_in_a_session_is_gone_from_the_vault_as_well() {
    let house = House::new();
    let store = house.furnished();
    let id = bot(&store, "/bot");
    store.put_connection(id, &to_google("a", Some("ada")), &secret("x")).unwrap();
    let session = house.open();
    session.create_vault(NewVault::Session).unwrap();
    session.put_connection(id, &to_google("a", Some("ada")), &secret("x")).unwrap();
    session.remove_persona(id, "ada").unwrap();
    assert!(session.connections(id).unwrap().is_empty() && store.connections(id).unwrap().is_empty());
}

#[test]
fn approvals_are_given_once_and_can_be_withdrawn() {
    let house = House::new();
    let store = house.open();
    let (one, two) = (bot(&store, "/one"), bot(&store, "/two"));
    let approval = |alias: &str, host: &str, at| Approval { alias: alias.into(), host: host.into(), approved_at: at };
    let first = house.now();
    store.approve(one, "b", "api.example.org").unwrap();
    house.pass(5);
    store.approve(one, "b", "api.example.org").unwrap();
    store.approve(one, "a", "skill:weather").unwrap();
    let expected = [approval("a", "skill:weather", house.now()), approval("b", "api.example.org", first)];
    assert_eq!(house.open().approvals(one).unwrap(), expected);
    assert!(store.approvals(two).unwrap().is_empty());
    for _ in 0..2 {
        store.withdraw_approval(one, "b", "api.example.org").unwrap();
        store.withdraw_approval(two, "a", "skill:weather").unwrap();
        assert_eq!(store.approvals(one).unwrap(), expected[..1]);
    }
    assert!(matches!(store.approve(one, "a", ""), Err(StoreError::Empty("host"))));
}

#[test]
fn practice_is_chosen_for_each_entry() {
    let house = House::new();
    let store = house.open();
    let (one, two) = (bot(&store, "/one"), bot(&store, "/two"));
    for choice in [None, Some(true), Some(false), None, Some(true)] {
        store.set_practice_choice(one, "a", choice).unwrap();
        let seen = [(one, "a"), (one, "b"), (two, "a")].map(|(bot, alias)| house.open().practice_choice(bot, alias));
        assert_eq!(seen.map(Result::unwrap), [choice, None, None]);
    }
}

/// Everything that is kept of a bot.
#[test]
fn a_forgotten_bot_leaves_nothing() {
    let house = House::new();
    let store = house.furnished();
    let (id, other) = (bot(&store, "/bot"), bot(&store, "/other"));
    for bot in [id, other] {
        store.put_connection(bot, &to_google("a", Some("ada")), &secret("x")).unwrap();
        connect(&store, bot, "a", "x");
        store.set_client_secret(bot, "a", Some(&secret("x"))).unwrap();
        store.put_persona(bot, &persona("ada", 0)).unwrap();
        store.remember(bot, "ada", Some("{}")).unwrap();
        store.approve(bot, "a", "example.org").unwrap();
        store.set_practice_choice(bot, "a", Some(true)).unwrap();
    }
    store.put_app_credentials("google", "{}", Some(&secret("machine"))).unwrap();
    let kept = |bot| {
        [
            store.connections(bot).unwrap().len(),
            store.personas(bot).unwrap().len(),
            store.approvals(bot).unwrap().len(),
            usize::from(store.remembered(bot, "ada").unwrap().is_some()),
            usize::from(store.practice_choice(bot, "a").unwrap().is_some()),
            usize::from(store.has_client_secret(bot, "a").unwrap()),
        ]
    };
    assert_eq!(kept(id), [2, 1, 1, 1, 1, 1]);
    store.lock().unwrap();
    store.forget_bot(id).unwrap();
    store.unlock(store::Unlock::Keychain).unwrap();
    assert_eq!((kept(id), kept(other)), ([0; 6], [2, 1, 1, 1, 1, 1]));
    let theirs = store.connection_of(other, "a", None).unwrap().unwrap();
    assert_eq!(grant(&store, other, &theirs.id).unwrap(), "x");
    assert_eq!(store.app_secret("google").unwrap().unwrap().expose(), "machine");
}
