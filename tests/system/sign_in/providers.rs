//! Each provider once through everything: connected with practice, used, tested, deleted.

use serde_json::{Value, json};
use tests::{Browser, Choice, Cli, Keychain, LONG, Outcome, Session, bots, run};

use super::fixed_ports;
use super::talk::{ADA, Bot};

const VICTOR: Choice<'static> = Choice::Allow("Victor Cooper");

fn bot<'s>(session: &'s Session, manifest: &str) -> Bot<'s> {
    let files = [("integrations.yaml", manifest.as_bytes()), ("main.bubble", b"say \"Hello\"\n".as_slice())];
    Bot::new(session, &bots::write(session.home(), "bot", &files))
}

/// Connects the entry `own` and walks through every command that there is for it.
fn walks_through(manifest: &str, title: &str, how: &[&str], revoked: &str) {
    let session = Session::new(Keychain::None);
    let bot = bot(&session, manifest);
    assert!(bot.run(&["connections"]).err.contains("Nothing is connected yet."));
    bot.run(&["token", "get", "own"]).expect(2, "Nothing is connected");

    let (outcome, landing) = bot.sign_in(&[&["connect", "own"], how].concat(), ADA);
    outcome.expect(0, &format!("{title} is connected with practice as Ada Winter."));
    assert_eq!(landing.status, Some(200), "{landing:?}");
    assert!(landing.address.ends_with("/done"), "no answer in the address that stays: {}", landing.address);
    for text in [format!("{title} is connected"), "practice".to_owned(), "Signed in as Ada Winter.".to_owned()] {
        assert!(landing.text.contains(&text), "no {text:?} in {}", landing.text);
    }
    is_inert(&landing);

    let listed = bot.ok(&["connections"]);
    let row = listed.lines().nth(1).unwrap_or_default();
    for text in ["own", "Ada Winter", "practice", "Signed in."] {
        assert!(row.contains(text), "no {text} in {listed}");
    }
    let token = bot.ok(&["token", "get", "own"]);
    assert!(token.starts_with("practice-") && !token.ends_with('\n'), "{token:?}");
    let info: Value = serde_json::from_str(&bot.ok(&["token", "info", "own"])).unwrap();
    assert_eq!(info["name"], "Ada Winter", "{info}");
    let full = bot.ok(&["token", "full", "own"]);
    assert!(!full.contains("practice-access"), "masked: {full}");
    let full: Value = serde_json::from_str(&full).unwrap();
    assert_eq!(full["credentials"]["token"], "‹secret:own›", "{full}");
    assert_eq!(full["info"], info, "{full}");

    let tested = bot.run(&["test-connection", "own"]);
    tested.expect(0, " ms)");
    let tested = bot.run(&["test-connection", "own", "--json"]).json();
    assert_eq!(tested["ok"], true, "{tested}");
    let deleted = bot.run(&["token", "delete", "own", "--yes"]);
    deleted.expect(0, revoked);
    bot.run(&["token", "get", "own"]).expect(2, "Nothing is connected");
    bot.run(&["token", "delete", "own", "--yes"]).expect(2, "Nothing is connected");
}

fn is_inert(landing: &tests::Landing) {
    let policy = landing.header("content-security-policy").unwrap_or_default();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    assert_eq!(landing.header("cache-control"), Some("no-store"));
    assert!(!landing.source.contains("<script"), "{}", landing.source);
}

fn entry(provider: &str, scope: &str) -> String {
    let scope = if scope.is_empty() { String::new() } else { format!("  scope: {scope}\n") };
    format!("- provider: {provider}\n  alias: own\n  context: user\n{scope}")
}

#[test]
fn google_walks_through() {
    walks_through(&entry("google", "email profile"), "Google", &["--as", "Victor Cooper"], "revoked");
}

#[test]
fn facebook_walks_through() {
    walks_through(&entry("facebook", "email"), "Facebook", &[], "revoked");
}

#[test]
fn linkedin_walks_through() {
    walks_through(&entry("linkedin", "openid profile email"), "LinkedIn", &[], "revoked");
}

#[test]
fn microsoft_walks_through() {
    walks_through(
        &entry("microsoft", "User.Read offline_access"),
        "Microsoft",
        &[],
        "End it at https://myapps.microsoft.com",
    );
}

#[test]
fn twitter_without_scope_walks_through() {
    let _ports = fixed_ports();
    walks_through(&entry("twitter", ""), "Twitter", &[], "revoked");
}

#[test]
fn twitter_with_scope_walks_through() {
    let _ports = fixed_ports();
    walks_through(&entry("twitter", "users.read tweet.read offline.access"), "Twitter", &[], "revoked");
}

/// The documentation's own example.
const DISCORD: &str = "\
- context: bot
  alias: own
  provider: oauth2
  icon: lightning
  title: \"Discord\"
  description: \"An example integration\"
  scope: \"identify\"
  oauth2:
    flow: auth_code
    client_id: \"xxx\"
    client_secret: \"yyy\"
    authorize_url: https://discord.com/oauth2/authorize
    token_url: https://discord.com/api/oauth2/token
";

#[test]
fn discord_walks_through() {
    walks_through(DISCORD, "Discord", &["--practice"], "revoked");
}

#[test]
fn client_credentials_need_no_browser() {
    let manifest = "- provider: oauth2\n  alias: own\n  context: bot\n  title: Weather\n  scope: read\n  oauth2:\n    flow: \
                    client_credentials\n    token_url: https://weather.example.com/token\n";
    let session = Session::new(Keychain::None);
    let bot = bot(&session, manifest);
    let outcome = bot.run(&["connect", "own", "--practice"]);
    outcome.expect(0, "Weather is connected with practice");
    assert!(!outcome.err.contains("http"), "no link: {outcome:?}");
    let token = bot.ok(&["token", "get", "own"]);
    assert!(token.starts_with("practice-"), "{token}");
    assert_eq!(bot.ok(&["token", "get", "own"]), token, "a token that lives is not fetched again");
    assert!(bot.ok(&["connections"]).contains("renews itself"));
    bot.run(&["test-connection", "own"]).expect(0, " ms)");
    bot.run(&["token", "delete", "own", "--yes"]).expect(0, "");
    bot.run(&["token", "get", "own"]).expect(2, "Nothing is connected");
}

const BIGQUERY: &str = "\
- provider: google_service_account
  context: bot
  alias: bigquery
  scope: https://www.googleapis.com/auth/bigquery
";

#[test]
fn service_account_makes_a_key_for_practice() {
    let session = Session::new(Keychain::None);
    let bot = bot(&session, BIGQUERY);
    let outcome = bot.run(&["connect", "bigquery", "--practice"]);
    outcome.expect(0, "bigquery uses the key of bigquery@practice.example.org.");
    let token = bot.ok(&["token", "get", "bigquery"]);
    assert!(token.starts_with("practice-"), "{token}");
    bot.run(&["test-connection", "bigquery"]).expect(0, " ms)");
    assert!(bot.ok(&["connections"]).contains("bigquery@practice.example.org"));
}

#[test]
fn service_account_takes_a_key_file() {
    let session = Session::new(Keychain::None);
    let bot = bot(&session, BIGQUERY);
    let file = session.home().path("home/key.json");
    let mut practice = bot.talk(&["practice", "--port", "0", "--key-file", file.to_str().unwrap()]);
    practice.hear("http://127.0.0.1:");
    let key =
        tests::until("the key file", LONG, || std::fs::read_to_string(&file).ok().filter(|key| key.ends_with("}\n")));
    bot.ok(&["connect", "bigquery", "--practice"]);
    // Three ways in which a key file travels: as it is, in base64, as a JSON text.
    let encoded = data_encoding::BASE64.encode(key.as_bytes());
    for text in [key.clone(), encoded, Value::String(key.clone()).to_string()] {
        bot.run_with(&["connect", "bigquery"], &text).expect(0, "bigquery uses the key of practice@example.org.");
        assert!(bot.ok(&["token", "get", "bigquery"]).starts_with("practice-"));
    }
    let half = &key[..key.len() / 2];
    let refused = bot.run_with(&["connect", "bigquery"], half);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(!refused.err.contains("PRIVATE KEY"), "a refused key is not quoted: {refused:?}");
    assert!(bot.ok(&["connections"]).contains("practice@example.org"), "the key before it stays");
}

#[test]
fn each_persona_signs_in_alone() {
    let session = Session::new(Keychain::None);
    let bot = bot(&session, &entry("google", "email profile"));
    bot.run(&["connect", "own", "--as", "Nobody"]).expect(2, "There is no persona Nobody.");
    bot.connect("own");
    // A second sign-in by somebody else takes the place of the first.
    let (outcome, _) = bot.sign_in(&["connect", "own", "--as", "victor cooper"], VICTOR);
    outcome.expect(0, "Google is connected with practice as Victor Cooper.");
    let listed = bot.ok(&["connections", "--json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
    assert_eq!(listed[0]["connection"]["account"], "Victor Cooper (victor@example.org)", "{listed}");
}

#[test]
fn connect_tells_scripts_how_it_ended() {
    let session = Session::new(Keychain::None);
    let bot = bot(&session, &entry("google", "email profile"));
    let (outcome, _) = bot.sign_in(&["connect", "own", "--json"], ADA);
    assert_eq!(outcome.json(), json!({ "alias": "own", "state": "connected", "practice": true }));
    let (outcome, landing) = bot.sign_in(&["connect", "own", "--json"], Choice::Deny);
    outcome.expect(4, "Google did not connect: access was declined in the browser.");
    assert_eq!(outcome.json()["state"], "failed", "{outcome:?}");
    assert!(landing.text.contains("Google did not connect"), "{}", landing.text);
    bot.run(&["connect", "nowhere"]).expect(2, "alias nowhere");
    bot.run(&["token", "get", "nowhere"]).expect(2, "alias nowhere");
    assert!(bot.ok(&["token", "get", "own"]).starts_with("practice-"), "the sign-in before it stays");
}

#[test]
fn locked_vault_is_said_before_anybody_signs_in() {
    let session = Session::new(Keychain::None);
    let bot = bot(&session, &entry("google", "email profile"));
    bot.connect("own");
    let locked = Cli::new(&session, &session.home().path("bots/bot"));
    for words in [&["connect", "own"][..], &["token", "get", "own"], &["test-connection", "own"]] {
        let outcome = locked.run(words);
        outcome.expect(3, "passphrase");
        assert!(!outcome.err.contains("http://"), "no link: {outcome:?}");
    }
    // What is known of it needs no key.
    let listed = locked.run(&["connections"]);
    assert!(listed.code == Some(0) && listed.out.contains("Ada Winter"), "{listed:?}");
}

/// On a terminal a token is not shown, and deleting it is asked first.
#[test]
fn a_terminal_asks_and_masks() {
    let session = Session::new(Keychain::None);
    let bot = bot(&session, &entry("google", "email profile"));
    bot.connect("own");
    let token = bot.ok(&["token", "get", "own"]);
    let in_terminal = |words: &[&str], typed: &str| -> Outcome {
        let inner = bot.command(words);
        let quoted = |word: &std::ffi::OsStr| format!("'{}'", word.to_str().unwrap().replace('\'', "'\\''"));
        let line: Vec<String> = std::iter::once(inner.get_program()).chain(inner.get_args()).map(quoted).collect();
        let mut outer = session.command("script");
        outer.args(["-qec", &line.join(" "), "/dev/null"]).current_dir(session.home().path("home"));
        run(&mut outer, typed.as_bytes(), LONG).into()
    };
    let masked = in_terminal(&["token", "get", "own"], "");
    assert!(masked.out.contains("••••••••") && !masked.out.contains(&token), "{masked:?}");
    let shown = in_terminal(&["token", "get", "own", "--reveal"], "");
    assert!(shown.out.contains(&token), "{shown:?}");
    let kept = in_terminal(&["token", "delete", "own"], "n\n");
    assert!(kept.code == Some(5) && kept.out.contains("Nothing was changed."), "{kept:?}");
    assert_eq!(bot.ok(&["token", "get", "own"]), token);
    let deleted = in_terminal(&["token", "delete", "own"], "y\n");
    assert_eq!(deleted.code, Some(0), "{deleted:?}");
}

#[test]
fn a_pasted_address_connects() {
    let session = Session::new(Keychain::None);
    let bot = bot(&session, &entry("linkedin", "openid profile email"));
    let paste = |address: &dyn Fn(&tests::Landing) -> String| {
        let mut talk = bot.talk(&["connect", "own", "--paste"]);
        let landing = Browser::default().open(&talk.link(), ADA);
        assert!(landing.status.is_none(), "{landing:?}");
        assert!(landing.address.starts_with("https://studio.dialox.ai/auth/oauth2/callback?"), "{}", landing.address);
        talk.say(&address(&landing));
        talk.end()
    };
    paste(&|landing| landing.address.clone()).expect(0, "LinkedIn is connected with practice as Ada Winter.");
    let elsewhere = |landing: &tests::Landing| landing.address.replace("state=", "state=x");
    paste(&elsewhere).expect(2, "This callback belongs to another sign-in.");
    paste(&|_| "nothing of the kind".to_owned()).expect(2, "This is not the address that the browser ended at.");
    assert!(bot.ok(&["token", "get", "own"]).starts_with("practice-"), "the sign-in before them stays");
}
