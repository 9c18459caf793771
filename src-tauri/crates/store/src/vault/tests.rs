use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::{BotId, Config, Keychain, MemoryKeychain};

struct House {
    dir: TempDir,
    keychain: Arc<MemoryKeychain>,
}

impl House {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), keychain: Arc::new(MemoryKeychain::new()) }
    }

    fn open(&self) -> Store {
        let keychain: Arc<dyn Keychain> = self.keychain.clone();
        let clock = Arc::new(|| Timestamp::UNIX_EPOCH);
        Store::open(Config { data_dir: self.dir.path().into(), keychain, clock }).unwrap()
    }

    fn account(&self) -> String {
        self.keychain.accounts().into_iter().next().unwrap()
    }
}

fn bot(store: &Store) -> BotId {
    store.identify(None, Path::new("/bot")).unwrap().bot().unwrap()
}

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

fn read(store: &Store) -> Result<Option<String>, StoreError> {
    Ok(store.get(bot(store), "a")?.map(|value| value.expose().clone()))
}

fn write(store: &Store, value: &str) -> Result<(), StoreError> {
    store.set(bot(store), "a", &secret(value))
}

fn locked(store: &Store, reason: LockReason) {
    assert_eq!(store.vault().state, VaultState::Locked(reason));
    assert!(matches!(read(store), Err(StoreError::VaultLocked(told)) if told == reason));
    assert!(matches!(write(store, "x"), Err(StoreError::VaultLocked(told)) if told == reason));
}

/// A vault in the keychain with one value, and its recovery key; the handle that made it is gone.
fn made() -> (House, RecoveryKey) {
    let house = House::new();
    let store = house.open();
    let recovery = store.create_vault(NewVault::Keychain).unwrap().unwrap();
    write(&store, "old").unwrap();
    (house, recovery)
}

#[test]
fn without_a_vault_values_are_missing_and_cannot_be_set() {
    let house = House::new();
    let store = house.open();
    assert_eq!(store.vault(), VaultStatus { state: VaultState::Absent, protection: None });
    assert_eq!(read(&store).unwrap(), None);
    assert!(matches!(write(&store, "x"), Err(StoreError::VaultAbsent)));
    assert!(matches!(store.unlock(Unlock::Keychain), Err(StoreError::VaultAbsent)));
    assert!(matches!(store.rekey(Rekey::Keychain), Err(StoreError::VaultAbsent)));
    assert_eq!(house.keychain.loads(), 0);
}

#[test]
fn a_keychain_vault_opens_by_itself_on_first_use() {
    let (house, _) = made();
    let asked = house.keychain.loads();
    let store = house.open();
    assert_eq!(store.vault().state, VaultState::Locked(LockReason::NotTried));
    assert_eq!(store.vault().protection, Some(Protection::Keychain));
    assert_eq!(house.keychain.loads(), asked);
    assert_eq!(read(&store).unwrap().unwrap(), "old");
    assert_eq!(store.vault().state, VaultState::Unlocked);
    assert_eq!(read(&store).unwrap().unwrap(), "old");
    assert_eq!(house.keychain.loads(), asked + 1);
}

#[test]
fn making_a_vault_with_a_failing_keychain_leaves_none() {
    for error in
        [KeychainError::Locked, KeychainError::NoService, KeychainError::NoAnswer, KeychainError::Refused("no".into())]
    {
        let house = House::new();
        let store = house.open();
        for fail in [MemoryKeychain::fail, MemoryKeychain::fail_loads, MemoryKeychain::fail_stores] {
            fail(&house.keychain, Some(error.clone()));
            let told = store.create_vault(NewVault::Keychain).unwrap_err();
            assert!(matches!(told, StoreError::Keychain(told) if told == error));
            assert_eq!(store.vault().state, VaultState::Absent);
            house.keychain.fail(None);
        }
        assert!(store.create_vault(NewVault::Keychain).unwrap().is_some());
        assert_eq!(house.keychain.accounts().len(), 1);
    }
}

#[test]
fn a_start_that_was_cut_short_is_taken_up_again() {
    let house = House::new();
    let store = house.open();
    store
        .state()
        .write(|connection| Ok(header::announce(connection, "11111111-1111-4111-8111-111111111111")?))
        .unwrap();
    assert_eq!(store.vault().state, VaultState::Absent);
    // With a key, it is adopted; the account stays the announced one either way.
    let account = "vault-11111111-1111-4111-8111-111111111111";
    let planted = Key::random().unwrap();
    house.keychain.plant(account, Key::new(*planted.expose()));
    assert!(house.open().create_vault(NewVault::Keychain).unwrap().is_some());
    assert_eq!(house.keychain.accounts(), [account]);
    assert!(house.keychain.load(account).unwrap().unwrap().same_as(&planted));
}

#[test]
fn an_announced_vault_without_a_key_gets_one() {
    let house = House::new();
    let store = house.open();
    store
        .state()
        .write(|connection| Ok(header::announce(connection, "22222222-2222-4222-8222-222222222222")?))
        .unwrap();
    assert!(store.create_vault(NewVault::Keychain).unwrap().is_some());
    assert_eq!(house.keychain.accounts(), ["vault-22222222-2222-4222-8222-222222222222"]);
}

#[test]
fn every_keychain_trouble_is_told_apart_and_changes_nothing() {
    let cases = [
        (KeychainError::Locked, LockReason::KeychainLocked),
        (KeychainError::NoService, LockReason::NoService),
        (KeychainError::NoAnswer, LockReason::KeychainLocked),
        (KeychainError::Refused("no".into()), LockReason::KeychainRefused),
        (KeychainError::NotAKey, LockReason::KeyWrong),
    ];
    for (error, reason) in cases {
        let (house, _) = made();
        let store = house.open();
        house.keychain.fail(Some(error));
        assert!(read(&store).is_err());
        locked(&store, reason);
        // Asked once: a dismissed prompt does not come back at every use.
        let asked = house.keychain.loads();
        assert!(read(&store).is_err());
        assert_eq!(house.keychain.loads(), asked);
        house.keychain.fail(None);
        store.unlock(Unlock::Keychain).unwrap();
        assert_eq!(read(&store).unwrap().unwrap(), "old");
    }
}

#[test]
fn a_missing_key_is_never_replaced_by_a_new_one() {
    let (house, recovery) = made();
    house.keychain.delete(&house.account()).unwrap();
    let store = house.open();
    assert!(read(&store).is_err());
    locked(&store, LockReason::KeyMissing);
    assert!(matches!(store.create_vault(NewVault::Keychain), Err(StoreError::VaultLocked(LockReason::KeyMissing))));
    assert!(matches!(store.create_vault(NewVault::Passphrase(secret("p"))), Err(StoreError::VaultExists)));
    assert!(house.keychain.accounts().is_empty());

    store.unlock(Unlock::RecoveryKey(recovery)).unwrap();
    assert_eq!(read(&store).unwrap().unwrap(), "old");
    assert_eq!(store.rekey(Rekey::Keychain).unwrap(), Rekeyed { keychain_entry_left: false });
    assert_eq!(read(&house.open()).unwrap().unwrap(), "old");
}

#[test]
fn a_wrong_key_stays_where_it_is() {
    let (house, recovery) = made();
    let account = house.account();
    let foreign = Key::random().unwrap();
    house.keychain.plant(&account, Key::new(*foreign.expose()));
    let store = house.open();
    assert!(read(&store).is_err());
    locked(&store, LockReason::KeyWrong);

    store.unlock(Unlock::RecoveryKey(recovery)).unwrap();
    let _ = store.rekey(Rekey::Keychain).unwrap();
    assert_eq!(house.keychain.accounts().len(), 2);
    assert!(house.keychain.load(&account).unwrap().unwrap().same_as(&foreign));
    assert_eq!(read(&house.open()).unwrap().unwrap(), "old");
}

#[test]
fn the_recovery_key_sets_a_passphrase() {
    let (house, recovery) = made();
    house.keychain.fail(Some(KeychainError::NoService));
    let store = house.open();
    store.unlock(Unlock::RecoveryKey(recovery)).unwrap();
    assert_eq!(store.rekey(Rekey::Passphrase(secret("pass"))).unwrap(), Rekeyed { keychain_entry_left: true });
    let store = house.open();
    store.unlock(Unlock::Passphrase(secret("pass"))).unwrap();
    assert_eq!(read(&store).unwrap().unwrap(), "old");
}

#[test]
fn another_vaults_recovery_key_is_told() {
    let (house, _) = made();
    let (_, foreign) = made();
    let store = house.open();
    assert!(matches!(store.unlock(Unlock::RecoveryKey(foreign)), Err(StoreError::WrongRecoveryKey)));
    assert_eq!(read(&store).unwrap().unwrap(), "old");
}

#[test]
fn a_renewed_recovery_key_replaces_the_old_one() {
    let (house, old) = made();
    let store = house.open();
    let new = store.renew_recovery_key().unwrap();
    assert!(matches!(store.unlock(Unlock::RecoveryKey(old)), Err(StoreError::WrongRecoveryKey)));
    let store = house.open();
    store.unlock(Unlock::RecoveryKey(new)).unwrap();
    assert_eq!(read(&store).unwrap().unwrap(), "old");
}

#[test]
fn a_passphrase_opens_changes_and_is_checked() {
    let house = House::new();
    house.keychain.fail(Some(KeychainError::NoService));
    let store = house.open();
    assert!(matches!(store.create_vault(NewVault::Passphrase(secret(""))), Err(StoreError::Empty("passphrase"))));
    assert!(store.create_vault(NewVault::Passphrase(secret("one"))).unwrap().is_some());
    write(&store, "old").unwrap();

    let store = house.open();
    assert_eq!(store.vault().protection, Some(Protection::Passphrase));
    locked(&store, LockReason::PassphraseNeeded);
    assert!(matches!(store.unlock(Unlock::Passphrase(secret("One"))), Err(StoreError::WrongPassphrase)));
    locked(&store, LockReason::PassphraseNeeded);
    store.unlock(Unlock::Passphrase(secret("one"))).unwrap();
    assert_eq!(read(&store).unwrap().unwrap(), "old");

    let _ = store.rekey(Rekey::Passphrase(secret("two"))).unwrap();
    assert!(matches!(store.unlock(Unlock::Passphrase(secret("one"))), Err(StoreError::WrongPassphrase)));
    let store = house.open();
    assert!(matches!(store.unlock(Unlock::Passphrase(secret("one"))), Err(StoreError::WrongPassphrase)));
    store.unlock(Unlock::Passphrase(secret("two"))).unwrap();
    assert_eq!(read(&store).unwrap().unwrap(), "old");
}

#[test]
fn a_passphrase_vault_moves_to_the_keychain_and_back() {
    let house = House::new();
    let store = house.open();
    store.create_vault(NewVault::Passphrase(secret("one"))).unwrap();
    write(&store, "old").unwrap();
    let _ = store.rekey(Rekey::Keychain).unwrap();
    let store = house.open();
    assert_eq!(read(&store).unwrap().unwrap(), "old");
    assert!(matches!(store.unlock(Unlock::Passphrase(secret("one"))), Err(StoreError::NoPassphrase)));
    assert_eq!(store.rekey(Rekey::Passphrase(secret("two"))).unwrap(), Rekeyed { keychain_entry_left: false });
    assert!(house.keychain.accounts().is_empty());
    locked(&house.open(), LockReason::PassphraseNeeded);
}

#[test]
fn dated_parameters_are_renewed_on_unlock() {
    let house = House::new();
    let store = house.open();
    store.create_vault(NewVault::Passphrase(secret("one"))).unwrap();
    let dated = Stretch::with(19 * 1024, 1, 1, [7; 16]);
    let key = store.state().copy_of_key().unwrap();
    let under = envelope::derive(&dated.key(&secret("one")).unwrap(), &["passphrase v1"]);
    let sealed = envelope::seal(&under, &own_place("by_passphrase"), key.expose()).unwrap();
    let active = store.active().unwrap();
    store.write_header(Active { by_passphrase: Some((dated.encode(), sealed)), ..active }).unwrap();

    let store = house.open();
    store.unlock(Unlock::Passphrase(secret("one"))).unwrap();
    let (stretch, _) = store.active().unwrap().by_passphrase.unwrap();
    assert!(!Stretch::decode(&stretch).unwrap().is_dated());
    house.open().unlock(Unlock::Passphrase(secret("one"))).unwrap();
}

#[test]
fn unreasonable_parameters_are_refused() {
    for stretch in
        [Stretch::with(u32::MAX, 3, 1, [0; 16]), Stretch::with(8, 3, 1, [0; 16]), Stretch::with(65536, 0, 1, [0; 16])]
    {
        assert!(Stretch::decode(&stretch.encode()).is_none(), "{stretch:?}");
    }
    assert!(Stretch::decode(b"").is_none());
}

#[test]
fn locking_holds_until_unlocked() {
    let (house, _) = made();
    let store = house.open();
    assert!(read(&store).unwrap().is_some());
    store.lock().unwrap();
    locked(&store, LockReason::ByHand);
    assert_eq!(store.list(bot(&store)).unwrap().len(), 1);
    store.unlock(Unlock::Keychain).unwrap();
    assert!(read(&store).unwrap().is_some());
}

#[test]
fn a_session_leaves_nothing_behind() {
    let house = House::new();
    let store = house.open();
    assert!(store.create_vault(NewVault::Session).unwrap().is_none());
    assert_eq!(store.vault(), VaultStatus { state: VaultState::Unlocked, protection: Some(Protection::Session) });
    write(&store, "fleeting").unwrap();
    assert_eq!(read(&store).unwrap().unwrap(), "fleeting");
    assert!(matches!(store.lock(), Err(StoreError::SessionOnly)));
    assert!(matches!(store.rekey(Rekey::Keychain), Err(StoreError::SessionOnly)));
    assert!(matches!(store.create_vault(NewVault::Keychain), Err(StoreError::VaultExists)));
    let other = house.open();
    assert_eq!(other.vault().state, VaultState::Absent);
    assert_eq!(read(&other).unwrap(), None);
    assert!(house.keychain.accounts().is_empty());
}

#[test]
fn a_session_helps_over_a_locked_or_unusable_vault() {
    let (house, _) = made();
    house.keychain.fail(Some(KeychainError::NoService));
    let store = house.open();
    assert!(read(&store).is_err());
    store.create_vault(NewVault::Session).unwrap();
    write(&store, "fleeting").unwrap();
    drop(store);
    house.keychain.fail(None);
    assert_eq!(read(&house.open()).unwrap().unwrap(), "old");

    let house = House::new();
    std::fs::write(house.dir.path().join("vault.db"), "").unwrap();
    let store = house.open();
    assert_eq!(store.vault().state, VaultState::Unusable(UnusableReason::Empty));
    assert!(matches!(write(&store, "x"), Err(StoreError::VaultUnusable(UnusableReason::Empty))));
    assert!(matches!(store.create_vault(NewVault::Keychain), Err(StoreError::VaultUnusable(UnusableReason::Empty))));
    store.create_vault(NewVault::Session).unwrap();
    write(&store, "fleeting").unwrap();
    assert_eq!(read(&store).unwrap().unwrap(), "fleeting");
}

#[derive(Debug, Clone)]
enum Step {
    Reopen,
    Create,
    Read,
    Write(u8),
    Unlock,
    Lock,
    Fail(Option<KeychainError>, bool),
    LoseKey,
    Announce,
}

fn step() -> impl Strategy<Value = Step> {
    let error = prop_oneof![Just(None), Just(Some(KeychainError::Locked)), Just(Some(KeychainError::NoService))];
    prop_oneof![
        Just(Step::Reopen),
        Just(Step::Create),
        Just(Step::Read),
        any::<u8>().prop_map(Step::Write),
        Just(Step::Unlock),
        Just(Step::Lock),
        (error, any::<bool>()).prop_map(|(error, writes_only)| Step::Fail(error, writes_only)),
        Just(Step::LoseKey),
        Just(Step::Announce),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// In any order of events there is at most one key, a lost one is not replaced, and what was written can be read again.
    #[test]
    fn no_order_of_events_makes_a_second_key(steps in prop::collection::vec(step(), 1..24)) {
        let house = House::new();
        let mut store = house.open();
        let (mut recovery, mut value, mut seen) = (None, None, std::collections::BTreeSet::new());
        let mut key: Option<Key> = None;
        for step in steps {
            match step {
                Step::Reopen => store = house.open(),
                Step::Create => recovery = store.create_vault(NewVault::Keychain).ok().flatten().or(recovery),
                Step::Read => if let Ok(read) = read(&store) { prop_assert_eq!(&read, &value) },
                Step::Write(byte) => if write(&store, &byte.to_string()).is_ok() { value = Some(byte.to_string()) },
                Step::Unlock => drop(store.unlock(Unlock::Keychain)),
                Step::Lock => store.lock().unwrap(),
                Step::Fail(error, true) => house.keychain.fail_stores(error),
                Step::Fail(error, false) => house.keychain.fail(error),
                Step::LoseKey => if recovery.is_some() { for account in house.keychain.accounts() { drop(house.keychain.delete(&account)) } },
                Step::Announce => if header::read(&store.state().connection).unwrap().is_none() {
                    store.state().write(|connection| Ok(header::announce(connection, &new_uuid())?)).unwrap();
                },
            }
            seen.extend(house.keychain.accounts());
            prop_assert!(seen.len() <= 1, "a second account appeared");
            if recovery.is_some() {
                let now = seen.first().and_then(|account| { house.keychain.fail_loads(None); house.keychain.load(account).unwrap() });
                if let (Some(now), Some(before)) = (&now, &key) { prop_assert!(now.same_as(before), "the key was replaced") }
                key = now.or(key);
            }
        }
        if let Some(recovery) = recovery {
            let store = house.open();
            store.unlock(Unlock::RecoveryKey(recovery)).unwrap();
            prop_assert_eq!(read(&store).unwrap(), value);
        }
    }
}
