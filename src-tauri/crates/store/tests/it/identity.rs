use std::path::{Path, PathBuf};

use proptest::prelude::*;
use store::{BotId, Identity, NewVault, Persona, Settle, Store, StoreError};

use crate::house::{House, bot, connect, read, secret, to_google};

const HINT: &str = "3f2c8a90-1c1f-4f0e-8a55-6f0f3a1b2c4d";

fn identify(store: &Store, hint: Option<&str>, path: &str) -> Identity {
    store.identify(hint, Path::new(path)).unwrap()
}

fn settle(store: &Store, path: &str, answer: Settle) -> Result<BotId, StoreError> {
    store.settle(Path::new(path), answer)
}

/// A bot at `/home/bot` that owns the secret `a`, in a vault.
fn known() -> (House, Store, BotId) {
    let house = House::new();
    let store = house.furnished();
    let id = identify(&store, Some(HINT), "/home/bot").bot().unwrap();
    store.set(id, "a", &secret("treasure")).unwrap();
    (house, store, id)
}

#[test]
fn a_new_folder_is_bound_once() {
    let house = House::new();
    let store = house.open();
    let Identity::Fresh(id) = identify(&store, None, "/one") else { panic!("not fresh") };
    assert_eq!(identify(&store, None, "/one"), Identity::Bound(id));
    assert_eq!(identify(&house.open(), None, "/one"), Identity::Bound(id));
    assert_ne!(bot(&store, "/two"), id);
}

#[test]
fn an_unknown_hint_is_taken_if_it_is_a_real_id() {
    let house = House::new();
    let store = house.open();
    for (path, hint) in [("/plain", HINT.to_owned()), ("/braces", "{AAAAAAAA-1C1F-4F0E-8A55-6F0F3A1B2C4D}".to_owned())]
    {
        let id = identify(&store, Some(&hint), path).bot().unwrap();
        assert_eq!(id.to_string(), hint.trim_matches(['{', '}']).to_lowercase());
    }
    for hint in
        ["", "hello", "../../etc", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"]
    {
        let Identity::Fresh(id) = identify(&store, Some(hint), &format!("/{hint}")) else {
            panic!("{hint} is not fresh")
        };
        assert_ne!(id.to_string(), hint);
    }
}

#[test]
fn a_known_folder_keeps_its_id_whatever_it_claims() {
    let (_house, store, id) = known();
    for hint in [None, Some(HINT), Some("rubbish"), Some("11111111-1111-4111-8111-111111111111")] {
        assert_eq!(identify(&store, hint, "/home/bot"), Identity::Bound(id));
    }
}

#[test]
fn a_hostile_clone_reads_nothing_until_asked() {
    let (_house, store, id) = known();
    for claim in [HINT.to_owned(), HINT.to_uppercase(), format!(" {{{HINT}}} ")] {
        let found = identify(&store, Some(&claim), "/tmp/clone");
        let Identity::Question { id: claimed, old_path, aliases } = &found else { panic!("{found:?}") };
        assert_eq!(
            (claimed, old_path.as_deref(), aliases.as_slice()),
            (&id.to_string(), Some(Path::new("/home/bot")), &["a".to_owned()][..])
        );
        assert!(matches!(found.bot(), Err(StoreError::IdentityOpen)));
    }
    // A known folder that starts to claim another bot's id is asked about as well.
    let own = bot(&store, "/home/other");
    assert!(matches!(identify(&store, Some(HINT), "/home/other"), Identity::Question { .. }));
    assert_eq!(identify(&store, None, "/home/other"), Identity::Bound(own));
}

#[test]
fn moved_takes_the_secrets_along_only_if_the_old_folder_is_gone() {
    let (_house, store, id) = known();
    identify(&store, Some(HINT), "/new/bot");
    let refused = settle(&store, "/new/bot", Settle::Moved { old_path_exists: true });
    assert!(matches!(refused, Err(StoreError::OldPathExists(path)) if path == Path::new("/home/bot")));
    assert_eq!(settle(&store, "/new/bot", Settle::Moved { old_path_exists: false }).unwrap(), id);
    assert_eq!(identify(&store, Some(HINT), "/new/bot"), Identity::Bound(id));
    assert_eq!(read(&store, id, "a").unwrap(), "treasure");
    // The old place is a stranger now.
    assert!(matches!(identify(&store, Some(HINT), "/home/bot"), Identity::Question { .. }));
}

#[test]
fn a_copy_starts_empty_and_is_not_asked_about_again() {
    let (house, store, id) = known();
    identify(&store, Some(HINT), "/copy");
    let copy = settle(&store, "/copy", Settle::Copy).unwrap();
    assert_ne!(copy, id);
    assert!(store.list(copy).unwrap().is_empty());
    for store in [&store, &house.open()] {
        assert_eq!(identify(store, Some(HINT), "/copy"), Identity::Bound(copy));
        assert_eq!(identify(store, Some(HINT), "/home/bot"), Identity::Bound(id));
    }
}

#[test]
fn share_binds_a_second_folder_to_the_same_secrets() {
    let (_house, store, id) = known();
    identify(&store, Some(HINT), "/second");
    assert_eq!(settle(&store, "/second", Settle::Share).unwrap(), id);
    for path in ["/second", "/home/bot"] {
        assert_eq!(identify(&store, Some(HINT), path), Identity::Bound(id));
    }
}

#[test]
fn only_an_open_question_can_be_settled() {
    let (house, store, id) = known();
    assert!(matches!(settle(&store, "/clone", Settle::Share), Err(StoreError::NoQuestion)));
    identify(&store, Some(HINT), "/clone");
    // It belongs to the handle that asked, and ends when the folder stops claiming.
    assert!(matches!(settle(&house.open(), "/clone", Settle::Share), Err(StoreError::NoQuestion)));
    let fresh = identify(&store, None, "/clone").bot().unwrap();
    assert!(matches!(settle(&store, "/clone", Settle::Share), Err(StoreError::NoQuestion)));
    assert_ne!(fresh, id);
}

#[test]
fn an_answer_given_elsewhere_stands() {
    let (house, store, id) = known();
    let other = house.open();
    for store in [&store, &other] {
        identify(store, Some(HINT), "/clone");
    }
    let copy = settle(&other, "/clone", Settle::Copy).unwrap();
    assert_eq!(settle(&store, "/clone", Settle::Share).unwrap(), copy);
    assert_ne!(copy, id);
}

#[test]
fn secrets_without_a_folder_still_belong_to_their_id() {
    let (_house, store, id) = known();
    // Both folders end up bound elsewhere, so nothing but the secrets knows the first id.
    let second = "22222222-2222-4222-8222-222222222222";
    identify(&store, Some(second), "/second");
    identify(&store, Some(second), "/home/bot");
    settle(&store, "/home/bot", Settle::Copy).unwrap();
    let found = identify(&store, Some(HINT), "/clone");
    assert!(
        matches!(&found, Identity::Question { id: claimed, old_path: None, .. } if *claimed == id.to_string()),
        "{found:?}"
    );
    assert_eq!(settle(&store, "/clone", Settle::Moved { old_path_exists: false }).unwrap(), id);
}

#[test]
fn what_sharing_would_give_away_names_connections_too() {
    let (_house, store, id) = known();
    connect(&store, id, "google", "x");
    store.put_connection(id, &to_google("a", Some("ada")), &secret("x")).unwrap();
    store.set_client_secret(id, "twitter", Some(&secret("x"))).unwrap();
    let found = identify(&store, Some(HINT), "/clone");
    let Identity::Question { aliases, .. } = found else { panic!("{found:?}") };
    assert_eq!(aliases, ["a", "google", "twitter"]);
}

#[test]
fn an_approval_or_persona_alone_still_belongs_to_its_id() {
    let keeps: [fn(&Store, BotId); 4] = [
        |store, id| store.approve(id, "a", "example.org").unwrap(),
        |store, id| store.set_practice_choice(id, "a", Some(true)).unwrap(),
        |store, id| store.remember(id, "ada", Some("{}")).unwrap(),
        |store, id| {
            let persona = Persona { id: "ada".into(), name: "Ada".into(), fields: "{}".into(), position: 0 };
            store.put_persona(id, &persona).unwrap();
        },
    ];
    for keep in keeps {
        let house = House::new();
        let store = house.open();
        let id = identify(&store, Some(HINT), "/home/bot").bot().unwrap();
        keep(&store, id);
        // The one folder of this id becomes a copy of another bot.
        let second = "22222222-2222-4222-8222-222222222222";
        identify(&store, Some(second), "/second");
        identify(&store, Some(second), "/home/bot");
        settle(&store, "/home/bot", Settle::Copy).unwrap();
        assert!(matches!(identify(&store, Some(HINT), "/clone"), Identity::Question { .. }));
        store.forget_bot(id).unwrap();
        assert_eq!(identify(&store, Some(HINT), "/clone"), Identity::Fresh(id));
    }
}

#[test]
fn paths_are_equal_only_byte_for_byte() {
    use std::os::unix::ffi::OsStringExt;
    let house = House::new();
    let store = house.open();
    let odd = PathBuf::from(std::ffi::OsString::from_vec(b"/bot\xFF".to_vec()));
    let paths = ["/bot", "/Bot", "/bot ", "/bo\u{308}t", "/b\u{f6}t"].map(PathBuf::from);
    let mut ids: Vec<_> =
        paths.iter().chain([&odd]).map(|path| store.identify(None, path).unwrap().bot().unwrap()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 6);
}

#[test]
fn works_without_a_vault_and_with_a_locked_one() {
    let house = House::new();
    let store = house.open();
    let id = bot(&store, "/bot");
    store.create_vault(NewVault::Keychain).unwrap();
    store.lock().unwrap();
    assert_eq!(identify(&store, None, "/bot"), Identity::Bound(id));
    assert!(matches!(identify(&store, Some(HINT), "/other"), Identity::Fresh(_)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Without a "moved" or "share" from the person, no folder ever gets an id that owns another's secrets, whatever it claims.
    #[test]
    fn claims_alone_never_reach_another_folders_id(
        session in any::<bool>(),
        steps in prop::collection::vec((0u8..4, prop::option::of(0usize..6), any::<bool>()), 1..30),
    ) {
        let house = House::new();
        let store = house.open();
        store.create_vault(if session { NewVault::Session } else { NewVault::Keychain }).unwrap();
        let mut ids: Vec<String> = vec![HINT.into(), "22222222-2222-4222-8222-222222222222".into()];
        let mut homes = std::collections::BTreeMap::new();
        for (path, claim, copy) in steps {
            let path = format!("/{path}");
            let hint = claim.and_then(|at| ids.get(at)).cloned();
            let bot = match identify(&store, hint.as_deref(), &path) {
                Identity::Question { .. } if copy => settle(&store, &path, Settle::Copy).unwrap(),
                Identity::Question { .. } => continue,
                found => found.bot().unwrap(),
            };
            ids.push(bot.to_string());
            store.set(bot, "a", &secret("x")).unwrap();
            prop_assert_eq!(homes.entry(bot).or_insert(path.clone()), &path);
        }
    }
}
