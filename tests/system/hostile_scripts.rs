//! Scripts that would eat a machine stop with a sentence and a place.

use tests::{Cli, Keychain, Session, bots};

#[track_caller]
fn check(name: &str, script: &str, place: &str, message: &str) {
    let session = Session::new(Keychain::None);
    let manifest = ("integrations.yaml", b"[]".as_slice());
    let bot = bots::write(session.home(), name, &[manifest, ("main.bubble", script.as_bytes())]);
    let outcome = Cli::new(&session, &bot).run(&["chat"]);
    outcome.expect(1, &format!("main.bubble:{place}"));
    let says = outcome.err.to_lowercase();
    assert!(says.contains(message), "no {message:?} in {outcome:?}");
    assert!(outcome.out.starts_with("Before"), "what was said before is still said: {outcome:?}");
}

/// The language's own way to go round for ever: a dialog that calls itself.
#[test]
fn hostile_scripts_endless_loop_stops() {
    let script =
        "dialog main do\n  say \"Before\"\n  invoke again\nend\n\ndialog again do\n  x = 1\n  invoke again\nend\n";
    check("loop", script, "", "too much");
}

#[test]
fn hostile_scripts_deep_recursion_stops() {
    let script = "function down(n) do\n  return down(n + 1)\nend\n\ndialog main do\n  say \"Before\"\n  down(0)\nend\n";
    check("recursion", script, "2", "deep");
}

#[test]
fn hostile_scripts_doubling_stops() {
    let mut script = "dialog main do\n  say \"Before\"\n  x = [1]\n".to_owned();
    for _ in 0..60 {
        script += "  x = [x, x]\n";
    }
    script += "  say \"After\" + x\nend\n";
    check("doubling", &script, "", "large");
}

#[test]
fn hostile_scripts_deep_text_is_a_problem_and_no_crash() {
    let session = Session::new(Keychain::None);
    let nested = format!("dialog main do\n  x = {}1{}\nend\n", "(".repeat(20_000), ")".repeat(20_000));
    let bot = bots::write(session.home(), "deep", &[("main.bubble", nested.as_bytes())]);
    let outcome = Cli::new(&session, &bot).run(&["check", "--json"]);
    assert_eq!(outcome.code, Some(1), "{:?}", outcome.err);
    assert_eq!(outcome.json()[0]["line"], 2);
}
