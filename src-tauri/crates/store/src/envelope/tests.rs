use data_encoding::HEXLOWER;
use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::cells::{CLIENT_SECRET, GRANT, VALUE, grant_row, key_place, wrapping_key};
use crate::passphrase::Stretch;

const BOT: &str = "6f1b5c3e-2a47-4d0a-9c53-0d6f3b1f7a11";
const PLACE: Place<'static> = Place { bot: BOT, table: "secrets", row: "alias", column: "sealed", key_id: 1 };

/// A frozen file of hexadecimal fields; it was made by an implementation that shares no code with this one.
struct Vector(Value);

impl Vector {
    fn read(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap())
    }

    fn text(&self, field: &str) -> &str {
        self.0[field].as_str().unwrap()
    }

    fn bytes(&self, field: &str) -> Vec<u8> {
        HEXLOWER.decode(self.text(field).as_bytes()).unwrap()
    }

    fn key(&self, field: &str) -> Key {
        Key::new(self.bytes(field).try_into().unwrap())
    }

    fn number(&self, field: &str) -> u32 {
        self.0[field].as_u64().unwrap().try_into().unwrap()
    }
}

/// The row opens to `plain`, and sealing `plain` with the row's own nonce gives the row again.
fn check(key: &Key, place: &Place<'_>, row: &[u8], plain: &[u8]) {
    assert_eq!(unseal(key, place, row).unwrap().expose(), plain);
    assert_eq!(seal_with(row[5..HEAD].try_into().unwrap(), key, place, plain), row);
}

#[test]
fn frozen_row_opens() {
    let vector = Vector::read(include_str!("../../tests/vectors/row.json"));
    let place = VALUE.place(vector.text("bot"), vector.text("alias"), vector.number("key_id"));
    check(&VALUE.key(&vector.key("data_key")), &place, &vector.bytes("sealed"), vector.text("value").as_bytes());
}

#[test]
fn frozen_grant_opens() {
    let vector = Vector::read(include_str!("../../tests/vectors/grant.json"));
    let row = grant_row(vector.text("id"), vector.text("alias"), vector.text("persona"));
    let place = GRANT.place(vector.text("bot"), &row, vector.number("key_id"));
    check(&GRANT.key(&vector.key("data_key")), &place, &vector.bytes("sealed"), vector.text("grant").as_bytes());
}

#[test]
fn frozen_client_secret_opens() {
    let vector = Vector::read(include_str!("../../tests/vectors/client_secret.json"));
    let place = CLIENT_SECRET.place(vector.text("bot"), vector.text("name"), vector.number("key_id"));
    let key = CLIENT_SECRET.key(&vector.key("data_key"));
    check(&key, &place, &vector.bytes("sealed"), vector.text("secret").as_bytes());
}

#[test]
fn frozen_data_key_opens() {
    let vector = Vector::read(include_str!("../../tests/vectors/data_key.json"));
    let key_id = vector.number("key_id").to_string();
    let place = key_place(vector.text("bot"), &key_id);
    check(&wrapping_key(&vector.key("vault_key")), &place, &vector.bytes("wrapped"), &vector.bytes("data_key"));
}

#[test]
fn frozen_passphrase_opens() {
    let vector = Vector::read(include_str!("../../tests/vectors/passphrase.json"));
    let stretch = Stretch::decode(&vector.bytes("stretch")).unwrap();
    assert_eq!(stretch.encode(), vector.bytes("stretch"));
    let stretched = stretch.key(&Secret::new(vector.text("passphrase").to_owned())).unwrap();
    assert!(stretched.same_as(&vector.key("stretched")));
    let place = Place { bot: "", table: "vault", row: "1", column: "by_passphrase", key_id: 0 };
    let under = derive(&stretched, &["passphrase v1"]);
    check(&under, &place, &vector.bytes("by_passphrase"), &vector.bytes("vault_key"));
}

#[test]
fn frozen_recovery_key_opens() {
    let vector = Vector::read(include_str!("../../tests/vectors/recovery_key.json"));
    let recovery = crate::RecoveryKey::parse(vector.text("text")).unwrap();
    assert!(recovery.key().same_as(&vector.key("recovery_key")));
    assert_eq!(recovery.to_text().expose(), vector.text("text"));
    let place = |column| Place { bot: "", table: "vault", row: "1", column, key_id: 0 };
    let under = derive(recovery.key(), &["recovery v1"]);
    check(&under, &place("by_recovery"), &vector.bytes("by_recovery"), &vector.bytes("vault_key"));
    let under = derive(&vector.key("vault_key"), &["check v1"]);
    check(&under, &place("check_value"), &vector.bytes("check_value"), b"patchbay");
}

#[test]
fn every_flipped_bit_is_noticed() {
    let key = Key::random().unwrap();
    let row = seal(&key, &PLACE, b"a value of some length").unwrap();
    for bit in 0..row.len() * 8 {
        let mut changed = row.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(unseal(&key, &PLACE, &changed).unwrap_err(), DoesNotOpen, "bit {bit}");
    }
    assert!(unseal(&key, &PLACE, &row).is_ok());
}

#[test]
fn every_flipped_bit_of_the_key_is_noticed() {
    let key = Key::random().unwrap();
    let row = seal(&key, &PLACE, b"value").unwrap();
    for bit in 0..256 {
        let mut changed = *key.expose();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(unseal(&Key::new(changed), &PLACE, &row).is_err(), "bit {bit}");
    }
}

#[test]
fn a_cut_or_lengthened_row_does_not_open() {
    let key = Key::random().unwrap();
    let row = seal(&key, &PLACE, b"value").unwrap();
    for length in 0..row.len() {
        assert!(unseal(&key, &PLACE, &row[..length]).is_err(), "{length} bytes");
    }
    assert!(unseal(&key, &PLACE, &[row.as_slice(), &[0]].concat()).is_err());
    let empty = seal(&key, &PLACE, b"").unwrap();
    assert_eq!(unseal(&key, &PLACE, &empty).unwrap().expose(), b"");
}

#[test]
fn a_row_opens_only_in_its_own_place() {
    let key = Key::random().unwrap();
    let row = seal(&key, &PLACE, b"value").unwrap();
    let elsewhere = [
        Place { bot: "6f1b5c3e-2a47-4d0a-9c53-0d6f3b1f7a12", ..PLACE },
        Place { table: "removed", ..PLACE },
        Place { row: "other", ..PLACE },
        Place { column: "other", ..PLACE },
        Place { key_id: 2, ..PLACE },
        // The same characters, cut at other places.
        Place { table: "secretsa", row: "lias", ..PLACE },
        Place { row: "aliass", column: "ealed", ..PLACE },
        Place { bot: "", table: "6f1b5c3e-2a47-4d0a-9c53-0d6f3b1f7a11secrets", ..PLACE },
    ];
    for (at, place) in elsewhere.iter().enumerate() {
        assert!(unseal(&key, place, &row).is_err(), "place {at}");
    }
}

#[test]
fn derived_keys_differ_by_use() {
    let key = Key::random().unwrap();
    let uses: [&[&str]; 5] = [&["wrap v1"], &["check v1"], &["ab", "c"], &["a", "bc"], &["abc"]];
    for (at, one) in uses.iter().enumerate() {
        for other in &uses[at + 1..] {
            assert!(!derive(&key, one).same_as(&derive(&key, other)), "{one:?} {other:?}");
        }
    }
}

#[test]
fn a_row_does_not_show_its_value() {
    let row = seal(&Key::random().unwrap(), &PLACE, b"plain-to-see").unwrap();
    assert!(!row.windows(5).any(|window| window == b"plain"));
}

proptest! {
    /// No two places share their associated data, however their fields are cut.
    #[test]
    fn places_do_not_collide(a in place(), b in place()) {
        prop_assert_eq!(associated_data(&borrowed(&a)) == associated_data(&borrowed(&b)), a == b);
    }

    #[test]
    fn sealing_then_opening_gives_the_value(value in prop::collection::vec(any::<u8>(), 0..300), at in place()) {
        let key = Key::random().unwrap();
        let row = seal(&key, &borrowed(&at), &value).unwrap();
        let opened = unseal(&key, &borrowed(&at), &row).unwrap();
        prop_assert_eq!(opened.expose(), &value);
    }
}

type OwnedPlace = ([String; 4], u32);

fn place() -> impl Strategy<Value = OwnedPlace> {
    (prop::array::uniform4("[ab\0]{0,3}"), 0u32..3)
}

fn borrowed((fields, key_id): &OwnedPlace) -> Place<'_> {
    let [bot, table, row, column] = fields;
    Place { bot, table, row, column, key_id: *key_id }
}
