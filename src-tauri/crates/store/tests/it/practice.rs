use std::sync::atomic::{AtomicUsize, Ordering};

use store::{NewVault, PracticeRow};

use crate::house::House;

fn row(kind: &str, id: &str, data: &str) -> PracticeRow {
    PracticeRow { kind: kind.into(), id: id.into(), data: data.into(), expires_at: None }
}

#[test]
fn rows_are_kept_by_kind_and_id_in_any_vault() {
    let house = House::new();
    let store = house.open();
    store.create_vault(NewVault::Session).unwrap();
    let with_end = PracticeRow { expires_at: Some(house.now()), ..row("code", "b", "{}") };
    for row in [&with_end, &row("code", "a", "1"), &row("code", "a", "2"), &row("token", "a", "{}")] {
        store.practice_put(row).unwrap();
    }
    let again = house.open();
    assert_eq!(again.practice_list("code").unwrap(), [row("code", "a", "2"), with_end.clone()]);
    assert_eq!(again.practice_get("code", "b").unwrap(), Some(with_end));
    assert_eq!(again.practice_get("token", "b").unwrap(), None);
    assert!(again.practice_remove("code", "a").unwrap());
    assert!(!store.practice_remove("code", "a").unwrap());
    assert_eq!(store.practice_get("token", "a").unwrap(), Some(row("token", "a", "{}")));
}

#[test]
fn a_row_is_taken_once_whoever_asks() {
    let house = House::new();
    let stores = [house.open(), house.open()];
    for round in 0..20 {
        let code = row("code", &round.to_string(), "{}");
        stores[0].practice_put(&code).unwrap();
        let taken = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for n in 0..8 {
                let (store, code, taken) = (&stores[n % 2], &code, &taken);
                scope.spawn(move || {
                    if let Some(found) = store.practice_take("code", &code.id).unwrap() {
                        assert_eq!(&found, code);
                        taken.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(taken.into_inner(), 1);
    }
    assert!(stores[1].practice_list("code").unwrap().is_empty());
}

#[test]
fn updates_from_everywhere_all_count() {
    let house = House::new();
    let stores = [house.open(), house.open()];
    let plus_one = |data: Option<&str>| Some((data.map_or(0, |data| data.parse::<u32>().unwrap()) + 1).to_string());
    std::thread::scope(|scope| {
        for n in 0..8 {
            let store = &stores[n % 2];
            scope.spawn(move || (0..10).for_each(|_| store.practice_update("count", "a", &mut { plus_one }).unwrap()));
        }
    });
    assert_eq!(stores[0].practice_get("count", "a").unwrap(), Some(row("count", "a", "80")));
}

#[test]
fn an_update_keeps_the_end_and_may_remove() {
    let house = House::new();
    let store = house.open();
    store.practice_put(&PracticeRow { expires_at: Some(house.now()), ..row("token", "a", "1") }).unwrap();
    store.practice_update("token", "a", &mut |data| data.map(|data| format!("{data}1"))).unwrap();
    let expected = PracticeRow { expires_at: Some(house.now()), ..row("token", "a", "11") };
    assert_eq!(store.practice_get("token", "a").unwrap(), Some(expected));
    for _ in 0..2 {
        store.practice_update("token", "a", &mut |_| None).unwrap();
        assert_eq!(store.practice_get("token", "a").unwrap(), None);
    }
}

#[test]
fn only_what_has_expired_is_purged() {
    let house = House::new();
    let store = house.open();
    let now = house.now();
    house.pass(1);
    let later = PracticeRow { expires_at: Some(house.now()), ..row("code", "later", "{}") };
    let kept = [row("code", "forever", "{}"), later];
    for row in kept.iter().chain([&PracticeRow { expires_at: Some(now), ..row("code", "now", "{}") }]) {
        store.practice_put(row).unwrap();
    }
    assert_eq!(store.practice_purge(now).unwrap(), 1);
    assert_eq!(store.practice_purge(now).unwrap(), 0);
    assert_eq!(store.practice_list("code").unwrap(), kept);
}
