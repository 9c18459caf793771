use jiff::{SignedDuration, Timestamp};
use store::{BotId, Connection, LEASE_LIMIT, Lease, Refresh, Store};

use crate::house::{House, bot, connect, grant, secret};

/// A connection, and two handles as two processes have them.
fn connected() -> (House, [Store; 2], BotId, String) {
    let house = House::new();
    let stores = [house.furnished(), house.open()];
    let bot = bot(&stores[0], "/bot");
    let id = connect(&stores[0], bot, "a", "old");
    (house, stores, bot, id)
}

fn later(house: &House, seconds: i64) -> Timestamp {
    house.now() + SignedDuration::from_secs(seconds)
}

/// Takes the lease and returns what it was told of an interruption, with the connection.
fn taken(store: &Store, bot: BotId, id: &str, owner: &str) -> (Option<Timestamp>, Connection) {
    match store.take_lease(bot, id, owner, 60).unwrap() {
        Lease::Taken { interrupted, connection } => (interrupted, connection),
        other => panic!("{owner}: {other:?}"),
    }
}

#[test]
fn one_owner_at_a_time_has_the_lease() {
    let (house, [one, two], bot, id) = connected();
    let until = later(&house, 60);
    let (interrupted, connection) = taken(&one, bot, &id, "one");
    assert_eq!((interrupted, connection.refresh.lease_until), (None, Some(until)));
    assert_eq!(connection, two.connection(bot, &id).unwrap().unwrap());
    house.pass(59);
    for store in [&one, &two] {
        assert_eq!(store.take_lease(bot, &id, "two", 60).unwrap(), Lease::Held { until });
    }
    // Its owner renews it; when it has ended anybody takes it.
    assert_eq!(taken(&one, bot, &id, "one").1.refresh.lease_until, Some(later(&house, 60)));
    house.pass(60);
    assert_eq!(taken(&two, bot, &id, "two").1.refresh.lease_by.as_deref(), Some("two"));
    assert!(matches!(one.take_lease(bot, &id, "one", 60).unwrap(), Lease::Held { .. }));
    assert_eq!(one.take_lease(bot, "gone", "one", 60).unwrap(), Lease::Gone);
}

#[test]
fn a_lease_is_never_longer_than_the_limit_and_a_clock_set_back_ends_it() {
    let (house, [one, two], bot, id) = connected();
    let Lease::Taken { connection, .. } = one.take_lease(bot, &id, "one", i64::MAX).unwrap() else { panic!("held") };
    assert_eq!(connection.refresh.lease_until, Some(later(&house, LEASE_LIMIT)));
    house.pass(-1);
    taken(&two, bot, &id, "two");
}

#[test]
fn of_threads_and_handles_one_gets_the_lease() {
    let (house, stores, bot, id) = connected();
    for round in 0..20 {
        let wins: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|n| {
                    let (store, id, owner) = (&stores[n % 2], id.as_str(), format!("{round}.{n}"));
                    scope.spawn(move || {
                        let won = matches!(store.take_lease(bot, id, &owner, 60).unwrap(), Lease::Taken { .. });
                        let began = store.start_refresh(bot, id, &owner).unwrap();
                        assert_eq!(won, began);
                        won.then_some(owner)
                    })
                })
                .collect();
            threads.into_iter().filter_map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(wins.len(), 1, "{wins:?}");
        assert_eq!(stores[0].connection(bot, &id).unwrap().unwrap().refresh.lease_by.as_ref(), Some(&wins[0]));
        house.pass(60);
    }
}

#[test]
fn a_finished_refresh_is_kept_whole_and_clears_everything() {
    let (house, [one, two], bot, id) = connected();
    taken(&one, bot, &id, "one");
    assert!(one.fail_refresh(bot, &id, "one", "{}", Some(later(&house, 9)), None).unwrap());
    taken(&one, bot, &id, "one");
    house.pass(3);
    assert!(one.start_refresh(bot, &id, "one").unwrap());
    assert!(one.finish_refresh(bot, &id, "one", &secret("new"), r#"{"n":1}"#).unwrap());
    let found = two.connection(bot, &id).unwrap().unwrap();
    assert_eq!((found.version, found.facts.as_str(), &found.refresh), (2, r#"{"n":1}"#, &Refresh::default()));
    assert_eq!(found.changed_at, house.now());
    assert_eq!(grant(&two, bot, &id).unwrap(), "new");
    // The loser looks again and finds it done.
    assert_eq!(taken(&two, bot, &id, "two"), (None, two.connection(bot, &id).unwrap().unwrap()));
}

#[test]
fn a_failed_refresh_is_counted_and_wipes_only_if_told() {
    let (house, [one, two], bot, id) = connected();
    for failures in 1..=3 {
        taken(&one, bot, &id, "one");
        assert!(one.start_refresh(bot, &id, "one").unwrap());
        let retry_at = Some(later(&house, 30));
        assert!(one.fail_refresh(bot, &id, "one", r#"{"n":1}"#, retry_at, None).unwrap());
        let found = two.connection(bot, &id).unwrap().unwrap();
        assert_eq!(found.refresh, Refresh { failures, retry_at, ..Refresh::default() });
        assert_eq!((found.version, found.facts.as_str()), (1, r#"{"n":1}"#));
        assert_eq!(grant(&two, bot, &id).unwrap(), "old");
    }
    taken(&two, bot, &id, "two");
    assert!(two.fail_refresh(bot, &id, "two", "{}", None, Some(&secret("{}"))).unwrap());
    let found = one.connection(bot, &id).unwrap().unwrap();
    assert_eq!((found.version, found.refresh), (2, Refresh { failures: 4, ..Refresh::default() }));
    assert_eq!(grant(&one, bot, &id).unwrap(), "{}");
}

#[test]
fn the_journal_survives_and_is_told_to_the_next_owner() {
    let (house, [one, two], bot, id) = connected();
    taken(&one, bot, &id, "one");
    let started = house.now();
    assert!(one.start_refresh(bot, &id, "one").unwrap());
    drop((one, two));
    let store = house.open();
    assert_eq!(store.connection(bot, &id).unwrap().unwrap().refresh.started_at, Some(started));
    assert!(matches!(store.take_lease(bot, &id, "two", 60).unwrap(), Lease::Held { .. }));
    house.pass(60);
    // It is told until somebody begins anew: an owner that only looked does not hide it.
    assert_eq!(taken(&store, bot, &id, "two").0, Some(started));
    assert!(store.release_lease(bot, &id, "two").unwrap());
    assert_eq!(taken(&house.open(), bot, &id, "three").0, Some(started));
    assert_eq!(taken(&store, bot, &id, "three").0, Some(started));
    let again = house.now();
    assert!(store.start_refresh(bot, &id, "three").unwrap());
    assert_eq!(taken(&store, bot, &id, "three").0, None);
    house.pass(60);
    assert_eq!(taken(&store, bot, &id, "four").0, Some(again));
    assert!(store.fail_refresh(bot, &id, "four", "{}", None, None).unwrap());
    assert_eq!(taken(&store, bot, &id, "five").0, None);
}

#[test]
fn a_lease_given_back_unused_leaves_no_trace() {
    let (_house, [one, two], bot, id) = connected();
    for begin in [false, true] {
        taken(&one, bot, &id, "one");
        assert!(!begin || one.start_refresh(bot, &id, "one").unwrap());
        assert!(!two.release_lease(bot, &id, "two").unwrap());
        assert!(one.release_lease(bot, &id, "one").unwrap());
        assert!(!one.release_lease(bot, &id, "one").unwrap());
        assert_eq!(two.connection(bot, &id).unwrap().unwrap().refresh, Refresh::default());
    }
}

#[test]
fn whoever_lost_the_lease_begins_nothing_and_keeps_nothing() {
    let (house, [one, two], bot, id) = connected();
    assert!(!one.start_refresh(bot, &id, "one").unwrap());
    assert!(!one.finish_refresh(bot, &id, "one", &secret("x"), "{}").unwrap());
    taken(&one, bot, &id, "one");
    house.pass(60);
    // Ended: nothing may be sent any more.
    assert!(!one.start_refresh(bot, &id, "one").unwrap());
    taken(&two, bot, &id, "two");
    assert!(two.start_refresh(bot, &id, "two").unwrap());
    let before = two.connection(bot, &id).unwrap();
    assert!(!one.start_refresh(bot, &id, "one").unwrap());
    assert!(!one.finish_refresh(bot, &id, "one", &secret("x"), r#"{"x":1}"#).unwrap());
    for wipe in [None, Some(&secret("x"))] {
        assert!(!one.fail_refresh(bot, &id, "one", r#"{"x":1}"#, None, wipe).unwrap());
    }
    assert_eq!(two.connection(bot, &id).unwrap(), before);
    assert_eq!(grant(&one, bot, &id).unwrap(), "old");
}

#[test]
fn a_slow_answer_is_kept_while_nobody_else_has_the_lease() {
    let (house, [one, two], bot, id) = connected();
    taken(&one, bot, &id, "one");
    assert!(one.start_refresh(bot, &id, "one").unwrap());
    house.pass(600);
    assert!(one.finish_refresh(bot, &id, "one", &secret("slow"), "{}").unwrap());
    assert_eq!(grant(&two, bot, &id).unwrap(), "slow");
}

#[test]
fn what_was_disconnected_or_signed_in_anew_meanwhile_stays_so() {
    let (_house, [one, two], bot, id) = connected();
    taken(&one, bot, &id, "one");
    assert!(one.start_refresh(bot, &id, "one").unwrap());
    let new = connect(&two, bot, "a", "new");
    assert!(!one.finish_refresh(bot, &id, "one", &secret("x"), "{}").unwrap());
    assert_eq!(one.take_lease(bot, &id, "one", 60).unwrap(), Lease::Gone);
    assert_eq!(grant(&one, bot, &new).unwrap(), "new");
    taken(&one, bot, &new, "one");
    assert!(two.delete_connection(bot, &new).unwrap());
    assert!(!one.finish_refresh(bot, &new, "one", &secret("x"), "{}").unwrap());
    assert!(one.connections(bot).unwrap().is_empty());
}

#[test]
fn waiting_for_a_lease_looks_like_no_change() {
    let (_house, [one, two], bot, id) = connected();
    taken(&one, bot, &id, "one");
    let before = (one.changes().unwrap(), two.changes().unwrap());
    assert!(matches!(two.take_lease(bot, &id, "two", 60).unwrap(), Lease::Held { .. }));
    assert_eq!((one.changes().unwrap(), two.changes().unwrap()), before);
}
