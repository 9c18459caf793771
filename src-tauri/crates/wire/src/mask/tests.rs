use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use proptest::prelude::*;
use url::form_urlencoded::byte_serialize;

use super::*;

const SECRET: &str = "s3cr3t/ü +\"1\\";

fn mask() -> Mask {
    Mask::new([("google".to_owned(), SECRET), ("other".to_owned(), "canary-4711")])
}

fn check(text: &str, expect: &str) {
    assert_eq!(mask().apply(text), expect, "{text}");
}

#[test]
fn finds_a_secret_in_every_way_of_writing_it() {
    let form: String = byte_serialize(SECRET.as_bytes()).collect();
    let percent = form.replace('+', "%20");
    let twice: String = byte_serialize(percent.as_bytes()).collect();
    let json = serde_json::to_string(SECRET).unwrap();
    let json_twice = serde_json::to_string(&json).unwrap();
    let unicode: String = SECRET.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
    let every_byte: String = SECRET.bytes().map(|byte| format!("%{byte:02x}")).collect();
    for written in [
        SECRET,
        &form,
        &form.to_lowercase(),
        &percent,
        &twice,
        unquoted(&json),
        &json_twice[3..json_twice.len() - 3],
        &unquoted(&json).replace('/', "\\/"),
        &unicode,
        &every_byte,
        &HEXLOWER.encode(SECRET.as_bytes()),
        &HEXUPPER.encode(SECRET.as_bytes()),
        "s3cr3t/&#252; +&quot;1\\",
        "s3cr3t&#x2F;ü&#32;&#43;&quot;1&#92;",
    ] {
        check(&format!("<{written}>"), "<‹secret:google›>");
    }
}

#[test]
fn finds_a_secret_inside_base64_at_every_alignment() {
    for before in ["", "a", "ab", "abc", "id:"] {
        for after in ["", "z", "yz"] {
            let text = format!("{before}{SECRET}{after}");
            let form: String = byte_serialize(text.as_bytes()).collect();
            let json = format!("{{\"k\":{}}}", serde_json::to_string(&text).unwrap());
            for bytes in [&text, &form, &json] {
                for encoded in [BASE64.encode(bytes.as_bytes()), BASE64URL_NOPAD.encode(bytes.as_bytes())] {
                    let masked = mask().apply(&encoded);
                    assert!(masked.contains("‹secret:google›"), "{encoded}: {masked}");
                    // What is left over must not give back any part of the secret that is longer than a character.
                    let left = masked.split("‹secret:google›").map(str::len).sum::<usize>();
                    assert!(left <= (bytes.len() - SECRET.len()).div_ceil(3) * 4 + 4, "{encoded}: {masked}");
                }
            }
        }
    }
}

#[test]
fn leaves_everything_else_alone() {
    for text in ["", "plain", "s3cr3t", "100% + \\ & more", "canary-471", "%", "%2", "\\u12", "&#;", "ünïcödé ‹›"]
    {
        check(text, text);
    }
    assert_eq!(Mask::new([("empty".to_owned(), "")]).apply("text"), "text");
}

#[test]
fn keeps_neighbours_and_names_each() {
    check("canary-4711canary-4711", "‹secret:other›‹secret:other›");
    check(&format!("{SECRET}canary-4711!"), "‹secret:google›‹secret:other›!");
    assert_eq!(mask().alias_in("x canary%2D4711"), Some("other"));
    assert_eq!(mask().alias_in("x"), None);
    assert!(!format!("{:?}", mask()).contains("canary"));
}

#[test]
fn catches_what_looks_like_a_secret() {
    let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
    let twilio = format!("AC{}", "0a".repeat(16));
    let facebook = format!("EAA{}", "Bx9".repeat(10));
    for token in ["ya29.a0AfH6SMBx-_1", jwt, &twilio, &facebook] {
        check(&format!("got {token}, good"), "got ‹secret›, good");
    }
    check("Authorization: Bearer abcdef.12345678", "Authorization: Bearer ‹secret›");
    check("authorization: basic aWQ6c2VjcmV0", "authorization: basic ‹secret›");
    check("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nrest", "‹secret›\nrest");
    check("-----BEGIN RSA PRIVATE KEY-----\\nMIIE", "‹secret›");
    check("/cb?code=4/0AX&state=x", "/cb?code=‹secret›&state=x");
    check("a=1&client_secret=b%2Fc&refresh_token=d;", "a=1&client_secret=‹secret›&refresh_token=‹secret›;");
    check("next=%2F%3Faccess_token%3Dabc%26x%3D1", "next=%2F%3Faccess_token%3D‹secret›%26x%3D1");
    check(r#"{"auth_token": "abc", "code": 190}"#, r#"{"auth_token": "‹secret›", "code": 190}"#);
    check(r#"{"access_token":"a\"b","token_type":"x"}"#, r#"{"access_token":"‹secret›","token_type":"x"}"#);
    check(r#""{\"id_token\":\"abc\",\"n\":1}""#, r#""{\"id_token\":\"‹secret›\",\"n\":1}""#);
    check(r#"OAuth oauth_token="abc", x="y""#, r#"OAuth oauth_token="‹secret›", x="y""#);
}

#[test]
fn catches_no_ordinary_words() {
    for text in [
        "Bearer realm=\"example\", error=\"invalid_token\"",
        "Bearer authorization_uri=\"https://a.example\"",
        "a bearer of news",
        "error code: 12, \"code\": \"not_found\"",
        "grantcode=1 zip_code=2",
        "EAAB is short; aya29.abcdefghijk is in a word",
        "-----BEGIN CERTIFICATE-----",
        "access_token is missing",
    ] {
        check(text, text);
    }
}

#[test]
fn keeps_the_alias_where_both_find_something() {
    check("access_token=canary-4711&x=1", "access_token=‹secret:other›&x=1");
    check("Bearer pre.canary-4711.post", "Bearer ‹secret:other›");
}

#[test]
fn masks_a_secret_on_the_cut() {
    let mask = mask();
    assert_eq!(mask.apply_to_start("12345canary-4711 and more", 8), ("12345‹secret:other›".to_owned(), true));
    assert_eq!(mask.apply_to_start("12345canary-4711", 8), ("12345‹secret:other›".to_owned(), false));
    assert_eq!(mask.apply_to_start("12345", 8), ("12345".to_owned(), false));
    assert_eq!(mask.apply_to_start("1234567ü", 8), ("1234567".to_owned(), true));
}

#[test]
fn a_hostile_text_takes_no_time() {
    let slashes = "\\".repeat(60);
    let mask = Mask::new([("a".to_owned(), slashes.as_str())]);
    let masked = mask.apply(&"\\".repeat(4000));
    assert!(masked.contains("‹secret:a›") && masked.len() < 4000, "{}", masked.len());
}

fn unquoted(json: &str) -> &str {
    &json[1..json.len() - 1]
}

/// Writes one character in one of the ways that the mask promises to read.
fn write(char: char, way: u8) -> String {
    let mut buffer = [0; 4];
    let bytes = char.encode_utf8(&mut buffer).as_bytes();
    match way {
        0 => byte_serialize(bytes).collect(),
        1 => bytes.iter().map(|byte| format!("%{byte:02X}")).collect(),
        2 => bytes.iter().map(|byte| format!("%25{byte:02x}")).collect(),
        3 => char.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
        4 => format!("&#{};", u32::from(char)),
        5 => unquoted(&serde_json::to_string(&char).unwrap()).replace('\\', "\\\\"),
        _ => char.to_string(),
    }
}

proptest! {
    /// Canaries in all encodings: the text around stays, and of the canary nothing is left.
    #[test]
    fn no_canary_survives(
        secret in "[!-~ äß€😀]{8,40}",
        ways in prop::collection::vec(0_u8..8, 40),
        before in "[a-z. ]{0,9}",
        after in "[a-z. ]{0,9}",
    ) {
        let mask = Mask::new([("a".to_owned(), secret.as_str())]);
        // One way throughout, and a different one for every character.
        let mixed: String = secret.chars().zip(&ways).map(|(char, way)| write(char, *way)).collect();
        let same: String = secret.chars().map(|char| write(char, ways[0])).collect();
        for written in [mixed, same] {
            let masked = mask.apply(&format!("{before}({written}){after}"));
            prop_assert!(masked.contains("‹secret:a›") || masked.contains("‹secret›"), "{}", masked);
            prop_assert!(!masked.contains(&written), "{}", masked);
        }
        let hex = HEXUPPER.encode(secret.as_bytes());
        prop_assert_eq!(mask.apply(&format!("{before}({hex}){after}")), format!("{before}(‹secret:a›){after}"));
        let base64 = BASE64.encode(format!("{before}{secret}{after}").as_bytes());
        let core = &base64[(before.len() * 8).div_ceil(6)..(before.len() + secret.len()) * 8 / 6];
        let masked = mask.apply(&base64);
        prop_assert!(masked.contains("‹secret:a›") && !masked.contains(core), "{} {}", base64, masked);
    }

    #[test]
    fn any_text_can_be_masked(text in ".{0,200}", limit in 0_usize..250) {
        let mask = mask();
        let (start, cut) = mask.apply_to_start(&text, limit);
        prop_assert!(cut || start == mask.apply(&text));
    }
}
