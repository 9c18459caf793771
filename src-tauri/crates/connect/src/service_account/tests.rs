use std::sync::OnceLock;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use data_encoding::{BASE64, BASE64_MIME, BASE64URL_NOPAD};
use serde_json::{Value, json};

use super::*;

/// A key of 1024 bits, PKCS#8; made for this test and good for nothing.
const SMALL: &str = "\
     MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAMsgy1NvWMHOko2RA+B0eMh1JoQcMgtBuGeYvJxs4Oj+bN0LJVQognAaFJM38zEU9oHC\
     1oakQwKc690qKUlUGZ+m5SxFYmd/9uyY823TDKGcJncJDSoQlXK5A8EQu5QACWnHeFkPn+J+j5GUouhQMCDPCIfBnQUNGdESkDynxNdZAgMBAAECgYAb\
     xvZHCJj4l8kOtt/y17qUnwCPXFOzml8fO5G/SlxPQEuexqFqKsf7kHVz1FjbQ2SaRgyUCO5o8xCGA/f1YRzHq8D+QgDWnh16JPuWxxl7RgVfnHYC6/g4\
     Rbad/HpyHV3lChdnk4Lb/dqu20hmM9izAmpklWbtbAVIrnMojyKgIQJBAPUm8pDliAy6QAGBpEghEHzBsLTmdGcMZ3HUT04igf2ERX6YSvStZV905MSd\
     2EgNvl9WN5yytnim0LSneRz2DNUCQQDUHc3B/w3747cXI0wfVjfXrUiIb6ARTuDyUlwE+ISPoZS3lKchcpayBgfhAjiHrhmth0P7OWiap/+EegRRwhJ1\
     AkEAvQQUjkeLSFTqOL8eTUbBEY+9kR0GrtVPhOJvaw0MMM2lT2BYmqJ+wMS+BiK1uYhvOc6d/kGEky37SO6/YOcNKQJAStR40gd4l3QuEyuQnz17Vcr7\
     26YFghWhpdsIO3iwyzrljB4VF+ek4gjenrJ53uO8i0s84FPQYz8BFWs2OuGMQQJBAJTLp7d+cpc2lGUiaJ1yzS8MeWan0BoURnwqlbeac94NQ5AR6hsG\
     2B2H3dVcARupHD1kcChc5F/74yWotin+LRE=";
const ACCOUNT: &str = "bot@acme.iam.gserviceaccount.com";

/// One key for every test: making one takes a while.
fn pair() -> &'static KeyPair {
    static PAIR: OnceLock<KeyPair> = OnceLock::new();
    PAIR.get_or_init(|| KeyPair::generate(KeySize::Rsa2048).unwrap())
}

fn pem(label: &str, der: &[u8]) -> String {
    let digits = BASE64.encode(der);
    let lines: Vec<_> = digits.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

fn good_pem() -> String {
    let der: Pkcs8V1Der<'_> = pair().as_der().unwrap();
    pem("PRIVATE KEY", der.as_ref())
}

fn good() -> Value {
    json!({
        "type": "service_account",
        "project_id": "acme",
        "private_key_id": "0f1e2d",
        "private_key": good_pem(),
        "client_email": ACCOUNT,
        "client_id": "1234",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "universe_domain": "googleapis.com",
    })
}

fn with(field: &str, value: Value) -> String {
    let mut file = good();
    file[field] = value;
    file.to_string()
}

fn without(field: &str) -> String {
    let mut file = good();
    file.as_object_mut().unwrap().remove(field);
    file.to_string()
}

#[track_caller]
fn opens(text: &str) {
    let file = KeyFile::read(text, None).unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!(file.view.client_email, ACCOUNT);
    assert_eq!(file.pem.as_str(), good_pem(), "the key comes out as it was made");
}

#[track_caller]
fn fails(text: &str, expect: &KeyFileProblem) {
    let problem = KeyFile::read(text, None).map(|file| file.view).unwrap_err();
    assert_eq!(&problem, expect);
    for sentence in [problem.to_string(), problem.next().to_owned()] {
        assert!(sentence.ends_with('.') && !sentence.contains('!'), "{sentence}");
    }
}

fn json_string(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

#[test]
fn every_wrapping_is_undone() {
    let plain = good().to_string();
    let pretty = serde_json::to_string_pretty(&good()).unwrap();
    let base64 = BASE64.encode(pretty.as_bytes());
    opens(&plain);
    opens(&pretty);
    opens(&pretty.replace('\n', "\r\n"));
    opens(&json_string(&pretty));
    opens(&json_string(&json_string(&pretty)));
    opens(&json_string(&json_string(&json_string(&pretty))));
    opens(&base64);
    opens(&BASE64_MIME.encode(pretty.as_bytes()));
    opens(&BASE64URL_NOPAD.encode(pretty.as_bytes()));
    opens(&json_string(&base64));
    opens(&json_string(&BASE64_MIME.encode(pretty.as_bytes())));
    opens(&BASE64_MIME.encode(pretty.as_bytes()).replace("\r\n", " "));
    opens(&BASE64.encode(base64.as_bytes()));
    opens(&BASE64.encode(json_string(&plain).as_bytes()));
    opens(&json_string(&BASE64.encode(json_string(&plain).as_bytes())));
    opens(&format!("data:application/json;base64,{base64}"));
}

/// Up to three encodings around each other, each of them any of four, and the file in each of three forms: 255 in all.
#[test]
fn every_combination_of_wrappings_is_undone() {
    let wrappings: [fn(&str) -> String; 4] = [
        json_string,
        |text| text.replace('\\', "\\\\").replace('"', "\\\""),
        |text| BASE64.encode(text.as_bytes()),
        |text| BASE64URL_NOPAD.encode(text.as_bytes()),
    ];
    let pretty = serde_json::to_string_pretty(&good()).unwrap();
    let mut layer = vec![good().to_string(), pretty.clone(), format!("\u{feff}{pretty}\n")];
    let mut count = 0;
    for _ in 0..=3 {
        for text in &layer {
            assert!(unwrap::unwrap(text).is_ok_and(|map| map == *good().as_object().unwrap()), "{text}");
            count += 1;
        }
        layer = layer.iter().flat_map(|text| wrappings.map(|wrap| wrap(text))).collect();
    }
    assert_eq!(count, 3 * (1 + 4 + 16 + 64));
    let four = (0..4).fold(good().to_string(), |text, _| BASE64.encode(text.as_bytes()));
    fails(&four, &KeyFileProblem::NotJson);
}

proptest::proptest! {
    #[test]
    fn no_text_does_harm(text in ".{0,400}", cut in 0..1500_usize, junk in "[{}\"\\\\a=:\n -]{0,12}") {
        let _ = KeyFile::read(&text, None);
        let good = good().to_string();
        let mut mixed = good.get(..cut).unwrap_or(&good).to_owned();
        mixed.push_str(&junk);
        mixed.push_str(good.get(cut..).unwrap_or_default());
        if let Err(problem) = KeyFile::read(&mixed, None) {
            proptest::prop_assert!(!problem.to_string().contains("MII"));
        }
    }
}

#[test]
fn stray_characters_are_dropped() {
    let pretty = serde_json::to_string_pretty(&good()).unwrap();
    let base64 = BASE64.encode(pretty.as_bytes());
    opens(&format!("\u{feff} \n{pretty}\n\u{200b}"));
    opens(&format!("'{pretty}'"));
    opens(&format!("GOOGLE_KEY='{pretty}';"));
    opens(&format!("```json\n{pretty}\n```"));
    opens(&format!("[{pretty}]"));
    opens(&format!("export GOOGLE_KEY={base64}"));
    opens(&format!("GOOGLE_KEY: \"{base64}\","));
    opens(&pretty.replace('"', "\\\""));
}

#[test]
fn mangled_keys_are_mended() {
    let pem = good_pem();
    opens(&with("private_key", json!(pem.replace('\n', "\\n"))));
    opens(&with("private_key", json!(pem.replace('\n', "\r\n"))));
    opens(&with("private_key", json!(pem.replace('\n', "\\r\\n"))));
    opens(&with("private_key", json!(pem.replace('\n', " "))));
    opens(&with("private_key", json!(pem.replace('\n', ""))));
    opens(&with("private_key", json!(format!("\"{}\"", pem.trim()))));
    opens(&with("private_key", json!(BASE64.encode(pem.as_bytes()))));
    // Line breaks in the string itself, which is not JSON.
    opens(&good().to_string().replace("\\n", "\n"));
    let bare: String = pem.lines().filter(|line| !line.contains("-----")).collect();
    opens(&with("private_key", json!(bare)));
}

#[test]
fn an_older_form_of_key_is_taken() {
    let der: Pkcs8V1Der<'_> = pair().as_der().unwrap();
    // PKCS#1 is what PKCS#8 holds behind its 26 bytes of version, algorithm and lengths.
    let older = pem("RSA PRIVATE KEY", &der.as_ref()[26..]);
    let file = KeyFile::read(&with("private_key", json!(older)), None).unwrap();
    assert_eq!(file.pem.as_str(), older);
    assert_eq!(file.view.bits, 2048);
}

#[test]
fn other_files_are_named() {
    use KeyFileProblem::*;
    fails(" \n", &Empty);
    fails("hello", &NotJson);
    fails("{}", &Missing { field: "type" });
    fails("{\"a\" 1}", &NotJson);
    fails(&"x".repeat(FILE_LIMIT + 1), &TooLarge);
    fails(&good().to_string()[..600], &CutOff);
    fails(&BASE64.encode(&good().to_string().as_bytes()[..600]), &CutOff);
    fails(&good_pem(), &OnlyKey);
    fails("AIzaSyA1234567890abcdefghijklmnopqrstuv", &ApiKey);
    fails(&BASE64.encode(&[&[0x30, 0x82, 9, 0xff], [0xfe; 60].as_slice()].concat()), &Pkcs12);
    fails(&json!({"web": {"client_id": "1", "client_secret": "s"}}).to_string(), &OAuthClient);
    fails(&json!({"installed": {"client_id": "1"}}).to_string(), &OAuthClient);
    fails(&json!({"type": "authorized_user", "refresh_token": "r"}).to_string(), &OwnCredentials);
    fails(&json!({"type": "external_account"}).to_string(), &Federation);
    fails(&json!({"access_token": "a", "expires_in": 1}).to_string(), &Token);
    fails(&with("type", json!("gdch_service_account")), &Wrong { field: "type", why: "is not `service_account`" });
    assert_eq!(OAuthClient.to_string(), "This is an OAuth client file, not a service account key.");
    assert_eq!(OAuthClient.next(), "Create a key under Service accounts and paste that.");
}

#[test]
fn the_wrong_field_is_named() {
    let check = |text: &str, field: &str, why: &str| {
        let problem = KeyFile::read(text, None).map(|file| file.view).unwrap_err();
        assert_eq!(problem.field(), Some(field), "{problem}");
        assert!(problem.to_string().contains(why), "{problem}");
    };
    for field in ["type", "private_key", "private_key_id", "client_email", "token_uri"] {
        check(&without(field), field, "missing");
    }
    check(&with("client_email", json!(" ")), "client_email", "missing");
    check(&with("client_email", json!("bot")), "client_email", "not an e-mail address");
    check(&with("client_email", json!(7)), "client_email", "not a text");
    check(&with("private_key_id", json!("a\nb")), "private_key_id", "line break");
    check(&with("private_key", json!({})), "private_key", "not a text");
    check(&with("universe_domain", json!("example.org")), "universe_domain", "another cloud");
    let uri = |uri: &str, why: &str| check(&with("token_uri", json!(uri)), "token_uri", why);
    uri("https://accounts.google.com/o/oauth2/token", "not Google's");
    uri("https://oauth2.googleapis.com.evil.example/token", "not Google's");
    uri("https://oauth2.googleapis.com:8443/token", "not Google's");
    uri("http://oauth2.googleapis.com/token", "not Google's");
    uri("https://user@oauth2.googleapis.com/token", "more than an address");
    uri("https://oauth2.googleapis.com@evil.example/token", "more than an address");
    uri("token", "not an address");
}

#[test]
fn the_wrong_key_is_named() {
    let check = |key: String, why: &str| {
        let problem = KeyFile::read(&with("private_key", json!(key)), None).map(|file| file.view).unwrap_err();
        assert_eq!(problem.field(), Some("private_key"), "{problem}");
        assert!(problem.to_string().contains(why), "{problem} is not about: {why}");
    };
    let good = good_pem();
    check(pem("PRIVATE KEY", &BASE64.decode(SMALL.as_bytes()).unwrap()), "shorter than 2048 bits");
    let random = aws_lc_rs::rand::SystemRandom::new();
    let curve = &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
    let elliptic = aws_lc_rs::signature::EcdsaKeyPair::generate_pkcs8(curve, &random).unwrap();
    check(pem("PRIVATE KEY", elliptic.as_ref()), "not an RSA key");
    check(pem("EC PRIVATE KEY", &[0; 80]), "not an RSA key");
    check(pem("PUBLIC KEY", pair().public_key().as_ref()), "public key");
    check(pem("CERTIFICATE", &[0; 80]), "certificate");
    check(pem("ENCRYPTED PRIVATE KEY", &[0; 80]), "passphrase");
    check(good[..good.len() / 2].to_owned(), "cut off");
    check(good.replace("-----BEGIN PRIVATE KEY-----", ""), "not a private key");
    check("hello".to_owned(), "not a private key");
    // A number of digits that no bytes have, whatever the length of this key.
    let digits = good.lines().filter(|line| !line.starts_with('-')).flat_map(str::chars).filter(|c| *c != '=').count();
    let extra = "A".repeat((5 - digits % 4) % 4);
    check(good.replacen("\nM", &format!("\nM{extra}"), 1), "wrong character");
}

#[test]
fn a_flipped_bit_is_found() {
    let der: Pkcs8V1Der<'_> = pair().as_der().unwrap();
    // One in each part of the key: modulus, both exponents, both primes, and what is derived from them.
    for at in [60, 200, 300, 320, 450, 560, 650, 700, 830, 960, 1090, 1180] {
        let mut damaged = der.as_ref().to_vec();
        damaged[at] ^= 1;
        let problem = KeyFile::read(&with("private_key", json!(pem("PRIVATE KEY", &damaged))), None);
        assert!(matches!(problem, Err(KeyFileProblem::Unproven)), "byte {at}: {problem:?}");
    }
}

#[test]
fn practice_is_taken_where_it_is_practised() {
    let server: SocketAddr = "127.0.0.1:47840".parse().unwrap();
    let check = |uri: &str, practice: Option<SocketAddr>, expect: Option<&str>| {
        let problem = KeyFile::read(&with("token_uri", json!(uri)), practice).err();
        assert_eq!(
            problem.map(|problem| problem.to_string().split(' ').take(3).collect::<Vec<_>>().join(" ")).as_deref(),
            expect
        );
    };
    check("http://127.0.0.1:47840/oauth2.googleapis.com/token", Some(server), None);
    check("https://oauth2.googleapis.com/token", Some(server), None);
    check("http://127.0.0.1:47841/token", Some(server), Some("`token_uri` of the"));
    check("http://127.0.0.1:47840@evil.example/token", Some(server), Some("`token_uri` of the"));
    check("https://evil.example/token", Some(server), Some("`token_uri` of the"));
    check("http://127.0.0.1:47840/token", None, Some("This key is"));
}

#[test]
fn what_is_stored_reads_again() {
    let file = KeyFile::read(&json_string(&good().to_string()), None).unwrap();
    let stored = file.to_json();
    let again = KeyFile::read(&stored, None).unwrap();
    assert_eq!(again.view, file.view);
    assert_eq!(again.to_json().as_str(), stored.as_str());
    assert_eq!(file.view.project_id.as_deref(), Some("acme"));
    assert!(!format!("{file:?}").contains("PRIVATE"), "{file:?}");
}

fn claims(assertion: &str) -> (Value, Value) {
    let part = |part: &str| serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap();
    let parts: Vec<_> = assertion.split('.').collect();
    assert_eq!(parts.len(), 3);
    let signed = format!("{}.{}", parts[0], parts[1]);
    let signature = BASE64URL_NOPAD.decode(parts[2].as_bytes()).unwrap();
    let public = aws_lc_rs::signature::UnparsedPublicKey::new(
        &aws_lc_rs::signature::RSA_PKCS1_2048_8192_SHA256,
        pair().public_key().as_ref(),
    );
    public.verify(signed.as_bytes(), &signature).expect("signed with the account's key");
    (part(parts[0]), part(parts[1]))
}

#[test]
fn assertions_say_what_google_wants() {
    let file = KeyFile::read(&good().to_string(), None).unwrap();
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    let (header, body) = claims(&file.assertion("a, b\na", None, now, 0).unwrap());
    assert_eq!(header, json!({"alg": "RS256", "typ": "JWT", "kid": "0f1e2d"}));
    let expect = json!({"iss": ACCOUNT, "scope": "a b", "aud": "https://oauth2.googleapis.com/token",
        "iat": 1_799_999_970, "exp": 1_800_003_570});
    assert_eq!(body, expect);

    let (_, ahead) = claims(&file.assertion("a", Some("ada@x.nl"), now, 420).unwrap());
    assert_eq!((&ahead["iat"], &ahead["sub"]), (&json!(1_799_999_550), &json!("ada@x.nl")));
    let (_, behind) = claims(&file.assertion("a", None, now, -420).unwrap());
    assert_eq!(behind["exp"], json!(1_800_003_990));
}
