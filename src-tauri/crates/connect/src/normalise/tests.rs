//! Three tables: 13 odd replies that must give the right outcome, also in pairs; 25 that must be refused; and what grew since.

use serde_json::{Value, json};

use super::*;

/// Wednesday, 25 November 2026, 12:00:00 GMT.
const NOW: i64 = 1_795_608_000;

/// An answer on its way through the table: status, headers, body.
#[derive(Clone)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    fields: Value,
    form: bool,
    raw: Option<Vec<u8>>,
}

impl Answer {
    fn standard() -> Self {
        let fields = json!({
            "access_token": "A2", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "R2", "scope": "a b"
        });
        Self { status: 200, headers: vec![content("application/json")], fields, form: false, raw: None }
    }

    fn read(&self) -> Result<Granted, Refused> {
        let body = match &self.raw {
            Some(raw) => raw.clone(),
            None if self.form => form(&self.fields).into_bytes(),
            None => self.fields.to_string().into_bytes(),
        };
        normalise(self.status, &self.headers, &body, Timestamp::from_second(NOW).unwrap())
    }
}

fn content(kind: &str) -> (String, String) {
    ("content-type".into(), kind.into())
}

fn form(fields: &Value) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields.as_object().unwrap() {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Array(items) => items.iter().map(|item| item.as_str().unwrap()).collect::<Vec<_>>().join(" "),
            other => other.to_string(),
        };
        form.append_pair(name, &text);
    }
    form.finish()
}

/// What must come of an answer.
#[derive(Debug, Clone, PartialEq)]
enum Outcome {
    /// The token A2 for an hour with scopes a and b; whether the refresh token is R2 or the old one is to be kept.
    Token { keep_old: bool },
    /// The provider's own error.
    Error(&'static str),
    /// Ask again later.
    Later,
}

fn outcome(answer: &Answer) -> Outcome {
    match answer.read() {
        Ok(granted) => {
            assert_eq!(*granted.access_token, "A2");
            assert_eq!(granted.expires_in, Some(3600));
            assert_eq!(providers::split_scopes(granted.scope.as_deref().unwrap_or("")), ["a", "b"]);
            let refresh = granted.refresh_token.as_ref().map(|token| token.as_str());
            assert!(matches!(refresh, None | Some("R2")));
            Outcome::Token { keep_old: refresh.is_none() }
        }
        Err(Refused::Said(said)) => {
            Outcome::Error(if said.error == "invalid_grant" { "invalid_grant" } else { "other" })
        }
        Err(Refused::Later { .. }) => Outcome::Later,
        Err(other) => panic!("{other:?}"),
    }
}

/// One way to be odd, as a change to an answer, and what it makes of a good outcome.
type Oddity = (&'static str, fn(&mut Answer), Option<Outcome>);

fn set(answer: &mut Answer, name: &str, value: Value) {
    answer.fields[name] = value;
}

fn remove(answer: &mut Answer, name: &str) -> Option<Value> {
    answer.fields.as_object_mut().unwrap().remove(name)
}

const KEEP: Outcome = Outcome::Token { keep_old: true };

/// The thirteen replies of the measured table.
const ODD: &[Oddity] = &[
    ("standard JSON", |_| (), None),
    ("form-encoded", |a| (a.form, a.headers) = (true, vec![content("application/x-www-form-urlencoded")]), None),
    ("JSON sent as text/plain", |a| a.headers = vec![content("text/plain")], None),
    (
        "expires_in as text",
        |a| {
            if let Some(seconds) = remove(a, "expires_in") {
                set(a, "expires_in", json!(seconds.to_string()));
            } else if let Some(seconds) = remove(a, "expires") {
                set(a, "expires", json!(seconds.to_string()));
            }
        },
        None,
    ),
    (
        "expires in place of expires_in",
        |a| {
            if let Some(seconds) = remove(a, "expires_in") {
                set(a, "expires", seconds);
            }
        },
        None,
    ),
    ("scope as a list", |a| set(a, "scope", json!(["a", "b"])), None),
    ("no token_type", |a| drop(remove(a, "token_type")), None),
    ("token_type BearerToken", |a| set(a, "token_type", json!("BearerToken")), None),
    (
        "200 with error",
        |a| {
            a.fields = json!({"error": "invalid_grant", "error_description": "expired"});
        },
        Some(Outcome::Error("invalid_grant")),
    ),
    (
        "200 with ok:false",
        |a| {
            a.fields = json!({"ok": false, "error": "invalid_refresh_token"});
        },
        Some(Outcome::Error("invalid_grant")),
    ),
    ("refresh_token left out", |a| drop(remove(a, "refresh_token")), Some(KEEP)),
    (
        "502 with a page",
        |a| {
            (a.status, a.headers) = (502, vec![content("text/html")]);
            a.raw = Some(b"<html><body>Bad gateway</body></html>".to_vec());
        },
        Some(Outcome::Later),
    ),
    (
        "status 201",
        |a| {
            if a.status == 200 {
                a.status = 201
            }
        },
        None,
    ),
];

#[test]
fn oa_08_thirteen_odd_replies_have_the_right_outcome() {
    assert_eq!(ODD.len(), 13);
    for (name, change, expect) in ODD {
        let mut answer = Answer::standard();
        change(&mut answer);
        assert_eq!(outcome(&answer), expect.clone().unwrap_or(Outcome::Token { keep_old: false }), "{name}");
    }
}

#[test]
fn oa_08_odd_replies_have_the_right_outcome_in_pairs() {
    // These replace the whole answer or undo each other, so they cannot be combined with one of their kind.
    let replaces = |name: &str| name.starts_with("200 with") || name.starts_with("502");
    let mut pairs = 0;
    for (first, one, first_expect) in ODD {
        for (second, two, second_expect) in ODD {
            let both_types = first.contains("token_type") && second.contains("token_type");
            if first == second || (replaces(first) && replaces(second)) || both_types {
                continue;
            }
            let mut answer = Answer::standard();
            // What replaces the answer comes first, so that the other oddity acts on what it left.
            if replaces(second) {
                two(&mut answer);
                if !second.starts_with("200") || first.starts_with("status") || first.starts_with("form") {
                    one(&mut answer);
                }
            } else if replaces(first) {
                one(&mut answer);
                if !first.starts_with("200") || second.starts_with("status") || second.starts_with("form") {
                    two(&mut answer);
                }
            } else {
                one(&mut answer);
                two(&mut answer);
            }
            let strongest = [first_expect, second_expect].into_iter().flatten().find(|expect| **expect != KEEP);
            let kept = [first_expect, second_expect].into_iter().flatten().next();
            let expect = strongest.or(kept).cloned().unwrap_or(Outcome::Token { keep_old: false });
            assert_eq!(outcome(&answer), expect, "{first} + {second}");
            pairs += 1;
        }
    }
    assert!(pairs > 120, "{pairs}");
}

/// An answer that must be refused: status, body, what is wrong with it.
type Bad = (&'static str, u16, Vec<u8>, Wrong);

#[derive(Debug, PartialEq)]
enum Wrong {
    With(Odd),
    Error(&'static str),
}

fn utf16(text: &str) -> Vec<u8> {
    [0xfeff_u16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

fn refused() -> Vec<Bad> {
    use Wrong::{Error, With};
    let bad = |name, status, body: &str, wrong| -> Bad { (name, status, body.as_bytes().to_vec(), wrong) };
    let with = |field: &str| format!(r#"{{"access_token":"A2","token_type":"Bearer",{field}}}"#);
    let token = |value: &str| format!(r#"{{"access_token":{value},"token_type":"Bearer"}}"#);
    vec![
        bad("a page with status 200", 200, "<!doctype html><title>Sign in</title>", With(Odd::Html)),
        bad("nothing", 200, "", With(Odd::Empty)),
        bad("JSON cut short", 200, r#"{"access_token":"A2","expires_in":36"#, With(Odd::NotJson)),
        bad("a list", 200, r#"[{"access_token":"A2"}]"#, With(Odd::NotAnObject)),
        bad("JSON in a text", 200, r#""{\"access_token\":\"A2\"}""#, With(Odd::NotAnObject)),
        bad("access_token null", 200, &token("null"), With(Odd::Token)),
        bad("access_token a number", 200, &token("42"), With(Odd::Token)),
        bad("access_token empty", 200, &token(r#""""#), With(Odd::Token)),
        bad("access_token with a line end", 200, &token(r#""A2\r\nX-Evil: 1""#), With(Odd::Token)),
        bad("access_token too long", 200, &token(&format!("\"{}\"", "a".repeat(20_000))), With(Odd::Token)),
        bad("an error beside a token", 200, &with(r#""error":"invalid_scope""#), Error("invalid_scope")),
        bad("token_type mac", 200, r#"{"access_token":"A2","token_type":"mac"}"#, With(Odd::Type)),
        bad("token_type DPoP", 200, r#"{"access_token":"A2","token_type":"DPoP"}"#, With(Odd::Type)),
        bad("expires_in negative", 200, &with(r#""expires_in":-1"#), With(Odd::Expiry)),
        bad("expires_in endless", 200, &with(r#""expires_in":99999999999999999999"#), With(Odd::Expiry)),
        bad("expires_in NaN", 200, &with(r#""expires_in":"NaN""#), With(Odd::Expiry)),
        bad("larger than 1 MiB", 200, &with(&format!(r#""pad":"{}""#, " ".repeat(BODY_LIMIT))), With(Odd::TooLarge)),
        bad("redirect 301", 301, &with(r#""expires_in":1"#), With(Odd::Redirect)),
        bad("redirect 307", 307, "", With(Odd::Redirect)),
        bad("status 204", 204, "", With(Odd::Empty)),
        bad("ok:false beside a token", 200, &with(r#""ok":false"#), Error("error")),
        bad("a name twice", 200, &with(r#""access_token":"B2""#), With(Odd::Twice)),
        ("UTF-16", 200, utf16(r#"{"access_token":"A2"}"#), With(Odd::Encoding)),
        bad("an unknown wrapper", 200, r#"{"payload":{"access_token":"A2"}}"#, With(Odd::NoToken)),
        bad("refresh_token a list", 200, &with(r#""refresh_token":["R2"]"#), With(Odd::RefreshToken)),
        // Grown since.
        bad("a name in two spellings", 200, &with(r#""accessToken":"B2""#), With(Odd::Twice)),
        bad("a name twice in a form", 200, "access_token=A2&access_token=B2", With(Odd::Twice)),
        bad("plain words", 200, "Forbidden", With(Odd::NotJson)),
        bad("a token with status 400", 400, &with(r#""expires_in":1"#), With(Odd::Status)),
        bad("401 with a page", 401, "<html>Log in to the wireless network</html>", With(Odd::Status)),
        bad("400 with a page", 400, "<html>no</html>", With(Odd::Status)),
        bad("expires_in true", 200, &with(r#""expires_in":true"#), With(Odd::Expiry)),
        bad("scope a number", 200, &with(r#""scope":7"#), With(Odd::Scope)),
        bad("an empty object", 200, "{}", With(Odd::NoToken)),
        bad("behind a guard", 200, r#"while(1);{"access_token":"A2"}"#, With(Odd::NotJson)),
        bad("followed by more", 200, r#"{"access_token":"A2"}{"access_token":"B2"}"#, With(Odd::NotJson)),
        ("Latin-1", 200, b"{\"access_token\":\"A2\",\"name\":\"Ren\xe9\"}".to_vec(), With(Odd::Encoding)),
        bad("a JSON bomb", 200, &"{\"a\":".repeat(10_000), With(Odd::NotJson)),
        bad("token of bytes outside ASCII", 200, &token("\"t\u{f6}ken\""), With(Odd::Token)),
    ]
}

#[test]
fn oa_08_replies_that_must_be_refused_are_refused() {
    let table = refused();
    assert!(table.len() >= 25);
    for (name, status, body, wrong) in table {
        let given = match normalise(status, &[], &body, Timestamp::from_second(NOW).unwrap()) {
            Err(Refused::Odd { odd, .. }) => Wrong::With(odd),
            Err(Refused::Said(said)) if said.error == "invalid_scope" => Wrong::Error("invalid_scope"),
            Err(Refused::Said(said)) if said.error == "error" => Wrong::Error("error"),
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(given, wrong, "{name}");
    }
}

/// Odd answers met since the table was measured, all of which hold the standard token.
fn grown() -> Vec<(&'static str, Answer)> {
    let change = |change: &dyn Fn(&mut Answer)| {
        let mut answer = Answer::standard();
        change(&mut answer);
        answer
    };
    let inner = Answer::standard().fields;
    let expiry = |name: &str, value: Value| {
        change(&|a| {
            remove(a, "expires_in");
            set(a, name, value.clone());
        })
    };
    vec![
        ("Slack's authed_user", change(&|a| a.fields = json!({"ok": true, "authed_user": inner}))),
        ("JSON:API", change(&|a| a.fields = json!({"data": {"type": "tokens", "id": "1", "attributes": inner}}))),
        ("data", change(&|a| a.fields = json!({"data": inner}))),
        ("a byte order mark", change(&|a| a.raw = Some(format!("\u{feff}{inner}").into_bytes()))),
        ("space around", change(&|a| a.raw = Some(format!("\r\n  {inner}\n").into_bytes()))),
        (
            "upper-case names",
            change(&|a| {
                let upper = inner.as_object().unwrap().iter().map(|(name, value)| (name.to_uppercase(), value.clone()));
                a.fields = Value::Object(upper.collect());
            }),
        ),
        (
            "camel-case names",
            change(&|a| {
                a.fields = json!({
                    "accessToken": "A2", "tokenType": "Bearer", "expiresIn": 3600, "refreshToken": "R2", "scope": "a b"
                });
            }),
        ),
        ("expiry as a date", expiry("expires_at", json!("2026-11-25T13:00:00Z"))),
        ("expiry as an HTTP date", expiry(".expires", json!("Wed, 25 Nov 2026 13:00:00 GMT"))),
        ("expiry as a moment", expiry("expires_at", json!(NOW + 3600))),
        ("expiry as a moment in text", expiry("expires_on", json!((NOW + 3600).to_string()))),
        ("expiry in milliseconds", expiry("expires_at", json!((NOW + 3600) * 1000))),
        ("expiry as a fraction", expiry("expires_in", json!(3600.7))),
        ("expiry as a fraction in text", expiry("expires_in", json!("3600.0"))),
        ("commas between scopes", change(&|a| set(a, "scope", json!("a,b")))),
        ("error null", change(&|a| set(a, "error", Value::Null))),
        ("error empty", change(&|a| set(a, "error", json!("")))),
        ("token_type null", change(&|a| set(a, "token_type", Value::Null))),
        ("token_type of Slack", change(&|a| set(a, "token_type", json!("user")))),
        ("an unknown charset", change(&|a| a.headers = vec![content("application/json; charset=utf-7")])),
        ("no content type", change(&|a| a.headers.clear())),
    ]
}

#[test]
fn oa_08_odd_replies_met_since_have_the_right_outcome() {
    for (name, answer) in grown() {
        assert_eq!(outcome(&answer), Outcome::Token { keep_old: false }, "{name}");
    }
    let mut packed = Answer::standard();
    packed.raw = Some(
        data_encoding::BASE64
            .decode(b"H4sIAAAAAAACA6tWSkxOTi0uji/Jz07NU7JSSizRNVTSUQJz40sqC1KBYk6piUWpRUDR1IqCzKLU4vhMoEpjMwMDHaWi1DSgQAZce5ARUFlxcj5YX6JCklItAO1fAjxiAAAA")
            .unwrap(),
    );
    let granted = packed.read().unwrap();
    assert_eq!(*granted.access_token, "at-1", "gzip without a header");
}

#[test]
fn errors_are_read_in_every_shape() {
    let check = |status: u16, body: &str, error: &str, code: Option<&str>, text: Option<&str>| match normalise(
        status,
        &[],
        body.as_bytes(),
        Timestamp::from_second(NOW).unwrap(),
    ) {
        Err(Refused::Said(said)) => {
            assert_eq!(
                (said.error.as_str(), said.code.as_deref(), said.text.as_deref()),
                (error, code, text),
                "{body}"
            );
        }
        other => panic!("{body}: {other:?}"),
    };
    check(400, r#"{"error":"invalid_grant","error_description":"Expired."}"#, "invalid_grant", None, Some("Expired."));
    check(
        400,
        r#"{"error":{"message":"Error validating access token","type":"OAuthException","code":190,"fbtrace_id":"F"}}"#,
        "OAuthException",
        Some("190"),
        Some("Error validating access token"),
    );
    check(
        400,
        r#"{"error":"invalid_grant","error_description":"AADSTS700082: The refresh token has expired.","error_codes":[700082]}"#,
        "invalid_grant",
        Some("AADSTS700082"),
        Some("AADSTS700082: The refresh token has expired."),
    );
    check(
        401,
        r#"{"serviceErrorCode":65600,"message":"Invalid access token","status":401}"#,
        "65600",
        Some("65600"),
        Some("Invalid access token"),
    );
    check(
        401,
        r#"{"errors":[{"code":89,"message":"Invalid or expired token."}]}"#,
        "89",
        Some("89"),
        Some("Invalid or expired token."),
    );
    check(
        200,
        "error=bad_verification_code&error_description=The+code+passed+is+incorrect.",
        "invalid_grant",
        Some("bad_verification_code"),
        Some("The code passed is incorrect."),
    );
    check(401, "", "invalid_client", None, None);
    check(
        400,
        r#"{"fault":{"faultstring":"Bad","detail":{"errorcode":"oauth.v2.Bad"}}}"#,
        "oauth.v2.Bad",
        Some("oauth.v2.Bad"),
        Some("Bad"),
    );
    check(
        403,
        r#"{"error":{"code":403,"message":"Denied","status":"PERMISSION_DENIED"}}"#,
        "PERMISSION_DENIED",
        Some("403"),
        Some("Denied"),
    );
}

#[test]
fn later_tells_when() {
    let check = |status: u16, after: Option<&str>, body: &str, expect: Option<u64>| {
        let headers: Vec<_> = after.map(|value| ("Retry-After".to_owned(), value.to_owned())).into_iter().collect();
        match normalise(status, &headers, body.as_bytes(), Timestamp::from_second(NOW).unwrap()) {
            Err(Refused::Later { after, .. }) => assert_eq!(after, expect, "{status} {body}"),
            other => panic!("{status} {body}: {other:?}"),
        }
    };
    check(429, Some("7"), "", Some(7));
    check(503, Some("Wed, 25 Nov 2026 12:01:00 GMT"), "<html>", Some(60));
    check(503, Some("Wed, 25 Nov 2020 12:01:00 GMT"), "", Some(0));
    check(503, Some("999999999"), "", Some(86_400));
    check(500, Some("soon"), r#"{"error":"server_error"}"#, None);
    check(500, None, r#"{"error":"invalid_grant"}"#, None);
    check(400, None, r#"{"error":"temporarily_unavailable"}"#, None);
    check(200, None, r#"{"ok":false,"error":"ratelimited"}"#, None);
}

#[test]
fn what_is_kept_besides_holds_no_secret() {
    let body = r#"{"access_token":"A2","refresh_token":"R2","id_token":"I2","api_key":"K","client_secret":"S",
        "instance_url":"https://x.example","name":"Ada","nested":{"token":"T"}}"#;
    let granted = normalise(200, &[], body.as_bytes(), Timestamp::from_second(NOW).unwrap()).unwrap();
    let names: Vec<&String> = granted.rest.keys().collect();
    assert_eq!(names, ["instance_url", "name"]);
    assert_eq!(format!("{granted:?}"), "Granted(…)");
    assert_eq!(granted.expires_in, None);
}

proptest::proptest! {
    #[test]
    fn nothing_makes_it_panic(status in 100_u16..600, body in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
        drop(normalise(status, &[], &body, Timestamp::from_second(NOW).unwrap()));
    }

    #[test]
    fn no_header_and_no_field_makes_it_panic(value in ".{0,40}", name in "[a-z_]{1,16}") {
        let body = serde_json::json!({ "access_token": "A2", name: value.clone() }).to_string();
        let headers = [("retry-after".to_owned(), value.clone()), ("date".to_owned(), value)];
        drop(normalise(200, &headers, body.as_bytes(), Timestamp::from_second(NOW).unwrap()));
    }
}
