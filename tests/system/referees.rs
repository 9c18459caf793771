//! Practice judged by software that shares nothing with it: npm's oidc-provider, PyPI's google-auth and requests-oauthlib.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tests::{Cli, Keychain, LONG, Running, Session, bots, folder, run};

/// `patchbay practice` with a service account's key.
struct Practice {
    base: String,
    key_file: PathBuf,
    _running: Running,
    _session: Session,
}

impl Practice {
    fn start() -> Self {
        let session = Session::new(Keychain::None);
        let bot = bots::copy("secret", session.home());
        let key_file = session.home().path("home/key.json");
        let cli = Cli::new(&session, &bot);
        let mut command = cli.command(&["practice", "--port", "0", "--key-file", key_file.to_str().unwrap()]);
        // It runs for as long as somebody holds the other end of its standard input.
        let mut running = Running::start(command.stdin(Stdio::piped()));
        let base = running.line(LONG).trim().to_owned();
        assert!(base.starts_with("http://127.0.0.1:"), "the base address comes first: {base}");
        Self { base, key_file, _running: running, _session: session }
    }
}

/// What a referee found, from its last line.
fn judged(program: &Path, words: &[&str]) -> Value {
    let output = run(Command::new(program).args(words).current_dir(folder("referees")), b"", LONG);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{words:?}: {text}{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(text.lines().last().unwrap_or_default()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn python() -> PathBuf {
    let python = folder("referees/.venv/bin/python");
    let how = "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt";
    assert!(python.exists(), "The Python referees are not installed. In tests/referees: {how}");
    python
}

#[test]
fn oidc_provider_and_practice_give_the_same_verdicts() {
    let installed = folder("referees/node_modules/oidc-provider").exists();
    assert!(installed, "oidc-provider is not installed. In tests/referees: npm ci");
    let practice = Practice::start();
    let found = judged(Path::new("node"), &["token_requests.mjs", &practice.base]);
    assert_eq!(found["wrong"], 0, "{found}");
    assert!(found["malformed"].as_u64() >= Some(120), "{found}");
    assert_eq!(
        found["requests"].as_u64(),
        found["agree"].as_u64().zip(found["explained"].as_u64()).map(|(a, b)| a + b)
    );
}

#[test]
#[ignore = "needs packages from PyPI; run with --long"]
fn google_auth_gets_a_token_and_none_for_a_flipped_bit() {
    let python = python();
    let practice = Practice::start();
    let found = judged(&python, &["service_account.py", &practice.base, practice.key_file.to_str().unwrap()]);
    assert_eq!(
        (&found["token"], &found["flipped"], &found["refused"]),
        (&json!(true), &json!(64), &json!(64)),
        "{found}"
    );
}

#[test]
#[ignore = "needs packages from PyPI; run with --long"]
fn requests_oauthlib_signs_in_and_not_with_a_flipped_bit() {
    let python = python();
    let practice = Practice::start();
    let found = judged(&python, &["oauth_1.py", &practice.base]);
    assert_eq!(found["email"], "noor@example.org", "{found}");
    assert_eq!((&found["flipped"], &found["refused"]), (&json!(160), &json!(160)), "{found}");
}
