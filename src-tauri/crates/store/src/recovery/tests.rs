use proptest::prelude::*;

use super::*;

fn check(text: &str, expect: Result<(), RecoveryKeyError>) {
    assert_eq!(RecoveryKey::parse(text).map(drop), expect);
}

fn sample() -> String {
    RecoveryKey(Key::new(std::array::from_fn(|n| n as u8 * 7))).to_text().expose().clone()
}

#[test]
fn reads_what_a_person_types() {
    let text = sample();
    check(&text, Ok(()));
    check(&text.to_lowercase(), Ok(()));
    check(&text.replace('-', " "), Ok(()));
    check(&format!("  {}\n", text.replace('-', "")), Ok(()));
    check(&text.replace('0', "o").replace('1', "l"), Ok(()));
}

#[test]
fn length_is_told() {
    check("", Err(RecoveryKeyError::Length { found: 0 }));
    check(&sample()[..20], Err(RecoveryKeyError::Length { found: 17 }));
    check(&format!("{}A", sample()), Err(RecoveryKeyError::Length { found: 66 }));
}

#[test]
fn every_wrong_character_is_told_with_its_group() {
    let text = sample();
    for (at, right) in text.char_indices().filter(|(_, c)| *c != '-') {
        for wrong in ALPHABET.iter().map(|c| char::from(*c)).chain(['U', '!', 'ß']).filter(|c| *c != right) {
            let mut typed = text.clone();
            typed.replace_range(at..=at, &wrong.to_string());
            check(&typed, Err(RecoveryKeyError::Group { group: at / 6 + 1 }));
        }
    }
}

#[test]
fn swapped_characters_and_groups_are_told() {
    let text = sample();
    let letters: Vec<char> = text.chars().filter(|c| *c != '-').collect();
    for at in 0..letters.len() - 1 {
        let mut typed = letters.clone();
        typed.swap(at, at + 1);
        if typed != letters {
            assert!(RecoveryKey::parse(&typed.iter().collect::<String>()).is_err(), "at {at}");
        }
    }
    let mut groups: Vec<&str> = text.split('-').collect();
    groups.swap(3, 4);
    check(&groups.join("-"), Err(RecoveryKeyError::Group { group: 4 }));
}

#[test]
fn debug_and_errors_show_nothing_of_the_key() {
    let key = RecoveryKey::parse(&sample()).unwrap();
    assert_eq!(format!("{key:?}"), "RecoveryKey(…)");
    let error = RecoveryKey::parse(&sample().replace('0', "1")).unwrap_err();
    let group = sample()[..5].to_owned();
    assert!(!format!("{error} {error:?}").contains(&group));
}

proptest! {
    #[test]
    fn text_and_back(bytes in any::<[u8; 32]>()) {
        let key = RecoveryKey(Key::new(bytes));
        let again = RecoveryKey::parse(key.to_text().expose()).unwrap();
        prop_assert!(again.key().same_as(&key.0));
    }

    #[test]
    fn any_text_is_read_without_panic(text in any::<String>()) {
        let _ = RecoveryKey::parse(&text);
    }
}
