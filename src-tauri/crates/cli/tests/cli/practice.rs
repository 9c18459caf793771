//! `practice`: the providers that run on this computer.

use crate::browser::ask;
use crate::machine::Machine;

#[test]
fn it_runs_until_its_input_ends() {
    let machine = Machine::new();
    let mut running = machine.patchbay(&["practice", "--port", "0"]).start();
    let base = running.prints("http://127.0.0.1:");
    let page = ask("GET", &format!("{base}/"), "");
    assert!(page.contains("Practice") && page.contains("200"), "{page}");
    running.end().fine().says(&["Ada Winter", "Ctrl+C ends it"]);
}

#[test]
fn machines_get_its_address() {
    let machine = Machine::new();
    let ran = machine.patchbay(&["practice", "--json", "--port", "0"]).run().fine();
    let running = ran.json();
    assert!(running["base"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{ran:?}");
    assert_eq!(running["people"][0], "Ada Winter");
}

#[test]
fn faults_are_for_this_run() {
    let machine = Machine::new();
    let words = ["practice", "--port", "0", "--fault", "server-error", "--fault", "slow=5"];
    let mut running = machine.patchbay(&words).start();
    let base = running.prints("http://127.0.0.1:");
    let index = ask("GET", &format!("{base}/"), "");
    assert!(index.contains("server-error"), "{index}");
    running.end().fine();
    let mut running = machine.patchbay(&["practice", "--port", "0"]).start();
    let base = running.prints("http://127.0.0.1:");
    let answer = ask("GET", &format!("{base}/www.googleapis.com/oauth2/v3/userinfo"), "");
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    running.end().fine();
    machine.patchbay(&["practice", "--fault", "no-such"]).run().exits(2).says(&["too-many-requests"]);
}

#[test]
fn a_key_file_is_written_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let machine = Machine::new();
    let file = machine.path("key.json");
    let path = file.display().to_string();
    let words = ["practice", "--port", "0", "--key-file", &path];
    machine.patchbay(&words).run().fine();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("\"type\": \"service_account\"") && text.contains("practice@example.org"));
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    machine.patchbay(&words).run().exits(2).says(&["could not be written"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text, "a file that is there is left alone");
}

#[test]
fn a_port_that_is_taken_is_said() {
    let machine = Machine::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ran = machine.patchbay(&["practice", "--port", &port]).run();
    assert_ne!(ran.status, Some(0));
    ran.prints("").says(&["The practice server could not be started."]);
}
