//! npm's oidc-provider, connected for real as a generic entry: it shares no line with Patchbay.

use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tests::browser::get;
use tests::{DevHost, Keychain, LONG, Running, Session, bots, folder, run, until};

use super::fixed_ports;
use super::talk::{ADA, Bot, PASSPHRASE};

struct Referee {
    base: String,
    secret: String,
    _running: Running,
}

impl Referee {
    fn start(seconds: u32) -> Self {
        let installed = folder("referees/node_modules/oidc-provider").exists();
        assert!(installed, "oidc-provider is not installed. In tests/referees: npm ci");
        let mut command = Command::new("node");
        command.args(["oidc_provider.mjs", "0", &seconds.to_string()]).current_dir(folder("referees"));
        let mut running = Running::start(command.stderr(Stdio::null()));
        let told: Value = serde_json::from_str(&running.line(LONG)).unwrap();
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        Self { base: text("base"), secret: text("secret"), _running: running }
    }

    /// How many requests of a kind there were: "refresh_token granted".
    fn count(&self, kind: &str) -> u64 {
        let counts: Value = serde_json::from_str(&get(&format!("{}/referee/counts", self.base)).1).unwrap();
        counts[kind].as_u64().unwrap_or(0)
    }

    /// It gives a refresh token only to who asks for consent.
    fn manifest(&self, flow: &str, client: &str) -> String {
        let secret =
            if client == "public" { String::new() } else { format!("    client_secret: \"{}\"\n", self.secret) };
        let scope = if flow == "auth_code" { "openid offline_access one" } else { "one" };
        format!(
            "- provider: oauth2\n  alias: own\n  context: bot\n  title: Referee\n  scope: {scope}\n  oauth2:\n    flow: \
             {flow}\n    client_id: {client}\n{secret}    authorize_url: {base}/auth?prompt=consent\n    token_url: {base}/token\n",
            base = self.base
        )
    }

    fn takes(&self, token: &str) -> bool {
        let mut command = Command::new("curl");
        command.args(["-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", &format!("Authorization: Bearer {token}")]);
        run(command.arg(format!("{}/me", self.base)), b"", LONG).stdout == b"200"
    }
}

fn folder_of(session: &Session, manifest: &str) -> std::path::PathBuf {
    let files = [("integrations.yaml", manifest.as_bytes()), ("main.bubble", b"say \"Hello\"\n".as_slice())];
    bots::write(session.home(), "bot", &files)
}

/// An entry whose addresses are the settings of its provider, as the window keeps them: it is asked who signed in, and
/// told when that ends.
fn operator<'s>(session: &'s Session, referee: &Referee) -> Bot<'s> {
    let manifest =
        "- provider: operator\n  alias: own\n  context: bot\n  title: Referee\n  scope: openid offline_access one\n";
    let folder = folder_of(session, manifest);
    let bot = Bot::new(session, &folder);
    let host = DevHost::start(session, Some(&folder));
    host.ask("vault_unlock", &json!({ "type": "passphrase", "passphrase": PASSPHRASE }));
    let address = |name: &str, path: &str| json!({ "name": name, "value": format!("{}{path}", referee.base) });
    let settings = [
        address("authorize_url", "/auth?prompt=consent"),
        address("token_url", "/token"),
        address("userinfo_url", "/me"),
        address("revoke_url", "/token/revocation"),
    ];
    let client = json!({ "provider": "operator", "clientId": "confidential", "clientSecret": referee.secret, "settings": settings });
    host.ask("credentials_set", &client);
    bot
}

fn seconds_left(bot: &Bot<'_>) -> i64 {
    let full: Value = serde_json::from_str(&bot.ok(&["token", "full", "own"])).unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    full["credentials"]["expires_at"].as_i64().unwrap() - i64::try_from(now).unwrap()
}

fn connects(client: &str) {
    let _ports = fixed_ports();
    let referee = Referee::start(3600);
    let session = Session::new(Keychain::None);
    let bot = Bot::new(&session, &folder_of(&session, &referee.manifest("auth_code", client)));
    let (outcome, landing) = bot.sign_in(&["connect", "own"], ADA);
    outcome.expect(0, "Referee is connected");
    assert!(landing.text.contains("Referee is connected") && !landing.text.contains("practice"), "{}", landing.text);
    assert_eq!((referee.count("authorization_code granted"), referee.count("authorization_code refused")), (1, 0));
    let token = bot.ok(&["token", "get", "own"]);
    assert!(referee.takes(&token), "the token opens what it is for");
    assert_eq!(bot.ok(&["token", "get", "own"]), token);
    assert_eq!(referee.count("refresh_token granted"), 0, "a token that lives is not refreshed");
    // Without an address to ask, a new token is the proof.
    bot.run(&["test-connection", "own"]).expect(0, "Referee gave a new token.");
    assert_eq!((referee.count("refresh_token granted"), referee.count("refresh_token refused")), (1, 0));
    assert_ne!(bot.ok(&["token", "get", "own"]), token);
}

#[test]
fn oidc_provider_connects_a_client_with_a_secret() {
    connects("confidential");
}

#[test]
fn oidc_provider_connects_a_public_client() {
    connects("public");
}

#[test]
fn oidc_provider_tells_who_signed_in_and_revokes() {
    let _ports = fixed_ports();
    let referee = Referee::start(3600);
    let session = Session::new(Keychain::None);
    let bot = operator(&session, &referee);
    let (outcome, _) = bot.sign_in(&["connect", "own"], ADA);
    outcome.expect(0, "Referee is connected as Ada Winter.");
    let token = bot.ok(&["token", "get", "own"]);
    assert!(referee.takes(&token), "the token opens what it is for");
    bot.run(&["test-connection", "own"]).expect(0, "signed in as Ada Winter.");
    bot.run(&["token", "delete", "own", "--yes"]).expect(0, "revoked at the provider");
    assert!(!referee.takes(&token), "what was deleted opens nothing any more");
}

#[test]
fn oidc_provider_gives_a_token_for_the_client_itself() {
    let referee = Referee::start(3600);
    let session = Session::new(Keychain::None);
    let bot = Bot::new(&session, &folder_of(&session, &referee.manifest("client_credentials", "confidential")));
    bot.run(&["connect", "own"]).expect(0, "Referee is connected");
    let token = bot.ok(&["token", "get", "own"]);
    assert!(token.len() > 20 && !token.starts_with("practice-"), "{token}");
    assert_eq!(bot.ok(&["token", "get", "own"]), token);
    assert_eq!(referee.count("client_credentials granted"), 1);
}

/// OA-09: whoever comes first refreshes, the others get what came of it, and the provider rotates once.
#[test]
fn oa_09_eight_processes_refresh_once_at_oidc_provider() {
    const PROCESSES: usize = 8;
    let _ports = fixed_ports();
    // Tokens are renewed when they have a minute left, so these are after some seconds, and then not for a while.
    let referee = Referee::start(72);
    let session = Session::new(Keychain::None);
    let bot = Bot::new(&session, &folder_of(&session, &referee.manifest("auth_code", "confidential")));
    bot.connect("own");
    let old = bot.ok(&["token", "get", "own"]);
    until("the token to grow old", LONG, || {
        // Read without asking for the token, which would renew it.
        std::thread::sleep(Duration::from_millis(200));
        let listed = bot.run(&["connections", "--json"]).json();
        let at = listed[0]["connection"]["expiresAt"].as_str()?.to_owned();
        is_within_a_minute(&at).then_some(())
    });
    assert_eq!(referee.count("refresh_token granted"), 0);
    let racers: Vec<_> = (0..PROCESSES)
        .map(|_| {
            let mut command = bot.command(&["token", "get", "own"]);
            std::thread::spawn(move || run(&mut command, b"", LONG))
        })
        .collect();
    let tokens: Vec<String> = racers
        .into_iter()
        .map(|racer| {
            let output = racer.join().unwrap();
            assert!(output.status.success(), "{output:?}");
            String::from_utf8(output.stdout).unwrap()
        })
        .collect();
    assert!(tokens.iter().all(|token| *token == tokens[0]), "all got the same token");
    assert_ne!(tokens[0], old);
    assert_eq!((referee.count("refresh_token granted"), referee.count("refresh_token refused")), (1, 0));
    assert!(referee.takes(&tokens[0]), "alive");
    assert!(seconds_left(&bot) > 30, "it is the new one that is kept");
}

fn is_within_a_minute(at: &str) -> bool {
    let mut command = Command::new("date");
    let output = run(command.args(["-d", at, "+%s"]), b"", LONG);
    let at: u64 = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    at < now + 60
}
