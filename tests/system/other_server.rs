//! A second authorisation server by other people, connected for real: PyPI's django-oauth-toolkit, with its own consent form.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tests::browser::get;
use tests::{DevHost, Keychain, LONG, Outcome, Running, Session, bots, folder, run, until};

use crate::sign_in::fixed_ports;
use crate::sign_in::talk::Bot;

/// What the vaults of [`Bot`] are opened by.
const PASSPHRASE: &str = "four words open everything";

struct Server {
    base: String,
    secret: String,
    _running: Running,
}

impl Server {
    /// `seconds` is how long its access tokens live.
    fn start(seconds: u32) -> Self {
        let python = folder("referees/.venv/bin/python");
        let installed = run(Command::new(&python).args(["-c", "import oauth2_provider"]), b"", LONG).status.success();
        let how = "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt";
        assert!(installed, "django-oauth-toolkit is not installed. In tests/referees: {how}");
        let mut command = Command::new(python);
        command.args(["django_server.py", &seconds.to_string()]).current_dir(folder("referees"));
        let mut running = Running::start(command.stderr(Stdio::null()));
        let told: Value = serde_json::from_str(&running.line(LONG)).unwrap();
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        Self { base: text("base"), secret: text("client_secret"), _running: running }
    }

    /// How many requests of a kind were granted and refused.
    fn counts(&self, kind: &str) -> (u64, u64) {
        let counts: Value = serde_json::from_str(&get(&format!("{}/counts", self.base)).1).unwrap();
        let count = |verdict: &str| counts[format!("{kind} {verdict}")].as_u64().unwrap_or(0);
        (count("granted"), count("refused"))
    }

    /// A generic entry; no secret makes it the public client's.
    fn manifest(&self, secret: Option<&str>) -> String {
        let client = secret.map_or_else(
            || "    client_id: public\n".to_owned(),
            |secret| format!("    client_id: confidential\n    client_secret: \"{secret}\"\n"),
        );
        format!(
            "- provider: oauth2\n  alias: own\n  context: bot\n  title: Django\n  scope: one\n  oauth2:\n    flow: \
             auth_code\n{client}    authorize_url: {base}/o/authorize/\n    token_url: {base}/o/token/\n",
            base = self.base
        )
    }

    /// Whether it opens what it is for.
    fn takes(&self, token: &str) -> bool {
        let header = format!("Authorization: Bearer {token}");
        let words = ["-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", &header, &format!("{}/me", self.base)];
        run(Command::new("curl").args(words), b"", LONG).stdout == b"200"
    }

    /// Whether it says itself that a token is alive, asked by its client.
    fn calls_active(&self, bearer: &str, token: &str) -> bool {
        let header = format!("Authorization: Bearer {bearer}");
        let (form, address) = (format!("token={token}"), format!("{}/o/introspect/", self.base));
        let words = ["-s", "-H", &header, "--data-urlencode", &form, &address];
        let answer = run(Command::new("curl").args(words), b"", LONG).stdout;
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        answer["active"].as_bool().unwrap_or_else(|| panic!("{answer}"))
    }
}

/// Opens the link, sends the toolkit's form with its cookie, follows to the end, and gives the page that stands there.
fn consent(session: &Session, link: &str, allow: bool) -> String {
    let jar = session.home().path("run/cookies");
    let curl = |words: &[&str]| {
        let mut command = Command::new("curl");
        let output = run(command.args(["-s", "-L", "-b"]).arg(&jar).arg("-c").arg(&jar).args(words), b"", LONG);
        assert!(output.status.success(), "{words:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let page = curl(&[link]);
    let mut words: Vec<String> = Vec::new();
    for input in page.split("<input type=\"hidden\"").skip(1) {
        let input = input.split('>').next().unwrap();
        let attribute = |name: &str| {
            let (_, rest) = input.split_once(&format!("{name}=\""))?;
            rest.split_once('"').map(|(value, _)| value.replace("&amp;", "&"))
        };
        let value = attribute("value").unwrap_or_default();
        words.extend(["--data-urlencode".into(), format!("{}={value}", attribute("name").unwrap())]);
    }
    assert!(words.iter().any(|word| word.starts_with("csrfmiddlewaretoken=")), "the consent form: {page}");
    assert!(words.iter().any(|word| word.starts_with("code_challenge=") && word.len() > 40), "PKCE: {words:?}");
    if allow {
        words.extend(["--data-urlencode".into(), "allow=Authorize".into()]);
    }
    words.push(link.to_owned());
    curl(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

fn folder_of(session: &Session, manifest: &str) -> PathBuf {
    let files = [("integrations.yaml", manifest.as_bytes()), ("main.bubble", b"say \"Hello\"\n".as_slice())];
    bots::write(session.home(), "bot", &files)
}

fn generic<'s>(session: &'s Session, server: &Server, secret: Option<&str>) -> Bot<'s> {
    Bot::new(session, &folder_of(session, &server.manifest(secret)))
}

/// An entry whose addresses are the settings of its provider: it has one to ask who signed in, and one to end that.
fn operator<'s>(session: &'s Session, server: &Server) -> Bot<'s> {
    let manifest = "- provider: operator\n  alias: own\n  context: bot\n  title: Django\n  scope: one introspection\n";
    let folder = folder_of(session, manifest);
    let bot = Bot::new(session, &folder);
    let host = DevHost::start(session, Some(&folder));
    host.ask("vault_unlock", &json!({ "type": "passphrase", "passphrase": PASSPHRASE }));
    let address = |name: &str, path: &str| json!({ "name": name, "value": format!("{}{path}", server.base) });
    let settings = [
        address("authorize_url", "/o/authorize/"),
        address("token_url", "/o/token/"),
        address("userinfo_url", "/me"),
        address("revoke_url", "/o/revoke_token/"),
    ];
    let client = json!({ "provider": "operator", "clientId": "confidential", "clientSecret": server.secret, "settings": settings });
    host.ask("credentials_set", &client);
    bot
}

/// What was said, and the page on which the browser ended.
fn sign_in(session: &Session, bot: &Bot<'_>, allow: bool) -> (Outcome, String) {
    let mut talk = bot.talk(&["connect", "own"]);
    let link = talk.link();
    let page = consent(session, &link, allow);
    (talk.end(), page)
}

fn connects(secret: bool) {
    let _ports = fixed_ports();
    let server = Server::start(3600);
    let session = Session::new(Keychain::None);
    let bot = generic(&session, &server, secret.then_some(server.secret.as_str()));
    let (outcome, page) = sign_in(&session, &bot, true);
    outcome.expect(0, "Django is connected");
    assert!(page.contains("Django is connected") && !page.contains("practice"), "{page}");
    assert_eq!(server.counts("authorization_code"), (1, 0));
    let token = bot.ok(&["token", "get", "own"]);
    assert!(server.takes(&token) && !server.takes(&format!("{token}x")), "the token opens what it is for");
    assert_eq!(bot.ok(&["token", "get", "own"]), token);
    assert_eq!(server.counts("refresh_token"), (0, 0), "a token that lives is not refreshed");
}

#[test]
#[ignore = "needs packages from PyPI; run with --long"]
fn django_connects_a_client_with_a_secret() {
    connects(true);
}

#[test]
#[ignore = "needs packages from PyPI; run with --long"]
fn django_connects_a_public_client() {
    connects(false);
}

/// Each refresh token works once, and a second use of one ends the sign-in: what is kept must be the latest.
#[test]
#[ignore = "needs packages from PyPI; run with --long"]
fn django_refreshes_once_and_rotates() {
    let _ports = fixed_ports();
    let server = Server::start(4);
    let session = Session::new(Keychain::None);
    let bot = generic(&session, &server, Some(&server.secret));
    sign_in(&session, &bot, true).0.expect(0, "Django is connected");
    let mut seen = Vec::new();
    for refreshed in 1..=3 {
        let token = bot.ok(&["token", "get", "own"]);
        assert_eq!(server.counts("refresh_token"), (refreshed, 0));
        assert!(server.takes(&token), "alive");
        assert!(!seen.contains(&token), "a new one");
        until("the token to expire", LONG, || (!server.takes(&token)).then_some(()));
        seen.push(token);
    }
    assert_eq!(server.counts("authorization_code"), (1, 0));
}

#[test]
#[ignore = "needs packages from PyPI; run with --long"]
fn django_tells_who_signed_in_and_revokes() {
    let _ports = fixed_ports();
    let server = Server::start(3600);
    let session = Session::new(Keychain::None);
    let bot = operator(&session, &server);
    sign_in(&session, &bot, true).0.expect(0, "Django is connected as Ada Winter.");
    let token = bot.ok(&["token", "get", "own"]);
    // A sign-in of its own, which stays, asks about the one that ends.
    let other_session = Session::new(Keychain::None);
    let other = operator(&other_session, &server);
    sign_in(&other_session, &other, true).0.expect(0, "Django is connected");
    let asker = other.ok(&["token", "get", "own"]);
    assert!(server.takes(&token) && server.calls_active(&asker, &token), "alive before");
    bot.run(&["token", "delete", "own", "--yes"]).expect(0, "revoked at the provider");
    assert_eq!(server.counts("revoke").1, 0);
    assert!(!server.takes(&token) && !server.calls_active(&asker, &token), "it opens nothing any more");
    assert!(server.calls_active(&asker, &asker), "the other sign-in is as it was");
    bot.run(&["token", "get", "own"]).expect(2, "Nothing is connected under this alias.");
}

#[test]
#[ignore = "needs packages from PyPI; run with --long"]
fn django_refuses_a_wrong_client_secret() {
    let _ports = fixed_ports();
    let server = Server::start(3600);
    let session = Session::new(Keychain::None);
    let bot = generic(&session, &server, Some("another secret"));
    let (outcome, page) = sign_in(&session, &bot, true);
    let sentence = "Django does not know this client id, or the client secret does not belong to it.";
    outcome.expect(4, sentence);
    assert!(page.contains(sentence), "{page}");
    assert!(!format!("{outcome:?}{page}").contains("another secret"), "{outcome:?}");
    assert_eq!(server.counts("authorization_code").0, 0);
    assert_ne!(bot.run(&["token", "get", "own"]).code, Some(0));
}

#[test]
#[ignore = "needs packages from PyPI; run with --long"]
fn django_is_denied() {
    let _ports = fixed_ports();
    let server = Server::start(3600);
    let session = Session::new(Keychain::None);
    let bot = generic(&session, &server, Some(&server.secret));
    let (outcome, page) = sign_in(&session, &bot, false);
    let sentence = "Django did not connect: access was declined in the browser. Try again when you are ready.";
    outcome.expect(4, sentence);
    assert!(page.contains("access was declined in the browser"), "{page}");
    assert_eq!(server.counts("authorization_code"), (0, 0), "nothing was exchanged");
}
