use std::path::{Path, PathBuf};

use store::{RecentBot, Settings, Theme};

use crate::house::House;

#[test]
fn settings_have_defaults_and_are_kept() {
    let house = House::new();
    let store = house.open();
    assert_eq!(store.settings().unwrap(), Settings::default());
    for theme in [Theme::Light, Theme::Dark, Theme::System] {
        let settings = Settings { theme, scale: 125, reveal_seconds: 5, clipboard_seconds: 60 };
        store.save_settings(&settings).unwrap();
        assert_eq!(house.open().settings().unwrap(), settings);
    }
}

#[test]
fn recent_bots_are_the_latest_twenty_newest_first() {
    let house = House::new();
    let store = house.open();
    let entry = |n: usize| {
        house.pass(1);
        RecentBot {
            path: PathBuf::from(format!("/{n}")),
            title: format!("Bot {n}"),
            last_opened: house.now(),
            jacks: "[]".into(),
        }
    };
    let mut entries: Vec<_> = (0..25).map(entry).collect();
    for entry in &entries {
        store.remember_bot(entry).unwrap();
    }
    entries.reverse();
    entries.truncate(20);
    assert_eq!(store.recent_bots().unwrap(), entries);

    let again = RecentBot { title: "Renamed".into(), jacks: "[1]".into(), ..entry(10) };
    store.remember_bot(&again).unwrap();
    assert_eq!(house.open().recent_bots().unwrap()[0], again);
    store.forget_recent(Path::new("/10")).unwrap();
    assert_eq!(store.recent_bots().unwrap().len(), 19);
    store.forget_recent(Path::new("/10")).unwrap();
}

#[test]
fn the_last_open_bot_is_remembered() {
    let house = House::new();
    let store = house.open();
    assert_eq!(store.last_open_bot().unwrap(), None);
    store.set_last_open_bot(Some(Path::new("/bot"))).unwrap();
    assert_eq!(house.open().last_open_bot().unwrap().as_deref(), Some(Path::new("/bot")));
    store.set_last_open_bot(None).unwrap();
    assert_eq!(store.last_open_bot().unwrap(), None);
}

#[test]
fn with_an_unusable_file_plain_lists_live_in_memory_and_the_file_stays() {
    let house = House::new();
    std::fs::create_dir_all(house.data()).unwrap();
    let file = house.data().join("vault.db");
    std::fs::write(&file, "not a vault").unwrap();
    let store = house.open();
    let settings = Settings { theme: Theme::Dark, ..Settings::default() };
    store.save_settings(&settings).unwrap();
    assert_eq!(store.settings().unwrap(), settings);
    assert!(store.identify(None, Path::new("/bot")).unwrap().bot().is_ok());
    drop(store);
    assert_eq!(std::fs::read(&file).unwrap(), b"not a vault");
    assert_eq!(std::fs::read_dir(house.data()).unwrap().count(), 1);
}
