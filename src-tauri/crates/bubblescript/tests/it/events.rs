//! Events at the machine, and values on their way out.

use std::sync::Arc;

use bubblescript::{Effect, Input, Machine, Text, Value};

use crate::host::{SECRET, Vault, go_on, message, program, token};

/// Runs a script to its question, raises events, and compares what happens from there.
fn check(script: &str, events: &[&str], expect: &str) -> Machine {
    let program = program(script);
    let mut machine = Machine::new(&program);
    go_on(&program, &mut machine, Input::Go, &[]);
    let mut lines = Vec::new();
    for name in events {
        match machine.raise(&program, name, Value::text(*name)).expect("a small stack") {
            true => lines.extend(go_on(&program, &mut machine, Input::Go, &[])),
            false => lines.push("nothing".to_string()),
        }
    }
    assert_eq!(lines.join("\n"), expect, "{script}");
    machine
}

#[test]
fn events_wake_and_interrupt() {
    let on = "dialog event: \"e\" do\n say event\nend";
    check(&format!("{on}\nsay 1"), &["e", "f"], "say e\nnothing");
    check(&format!("{on}\nask \"?\""), &["e"], "say e\nask ?");
    check("dialog event: :e, do: say 1\nask \"?\"", &["e"], "say 1\nask ?");
    check("dialog event: \"e\" do\n close\nend\nask \"?\"", &["e"], "");
    check("task event: \"e\" do\n say 1\nend\nask \"?\"", &["e", "e"], "say 1\nsay 1");
    check("dialog event: \"e\" when false do\nend\nask \"?\"", &["e", "e"], "declined\ndeclined");
    check("function f() do\n return ask(\"?\")\nend\nx = f()\ndialog event: \"e\" do\n _l = 1\nend", &["e"], "ask ?");
}

#[test]
fn the_interrupted_keep_their_variables() {
    let script = "dialog main do\n _a = 1\n x = [_a, ask(\"?\"), _a + 1]\n log x\nend\ndialog event: \"e\" do\n _a = 5\n _b = 6\nend";
    let program = program(script);
    let mut machine = check(script, &["e", "e"], "ask ?\nask ?");
    assert_eq!(go_on(&program, &mut machine, Input::Answer(message("y")), &[]), ["log [1,\"y\",2]"]);
}

#[test]
fn nothing_comes_in_while_a_call_is_open() {
    let program = program("get_access_token(1)\ndialog event: \"e\" do\nend");
    let mut machine = Machine::new(&program);
    assert!(matches!(machine.resume(&program, Input::Go, &Vault), Effect::Call { .. }));
    assert!(machine.is_calling());
    assert_eq!(machine.raise(&program, "e", Value::Nil), Ok(false));
}

#[test]
fn handlers_have_places() {
    let program = program("dialog main do\n dialog event: \"in\" do\n end\nend\n\ntask event: \"out\" do\nend");
    let line = |name: &str| program.on_event(name).map(|place| (place.line, place.column));
    assert_eq!((line("in"), line("out"), line("no")), (Some((2, 2)), Some((6, 1)), None));
}

#[test]
fn json_for_machines() {
    let shown = |script: &str| {
        let program = program(script);
        let mut machine = Machine::new(&program);
        machine.set(&program, "t", token()).unwrap();
        go_on(&program, &mut machine, Input::Go, &[]);
        machine.get(&program, "x").unwrap().to_json().unwrap()
    };
    assert_eq!(
        shown("x = [a: nil, b: [nil, 1.5, true, :c], d: %{}, e: \"q\\\"\\n\"]").masked(),
        r#"{"b":[null,1.5,true,"c"],"d":{},"e":"q\"\n"}"#
    );
    let secret = shown("x = %{t: t, u: replace(\"-\", \"-\", \"\\\"\" + t)}");
    assert_eq!(secret.masked(), r#"{"t":"‹secret:myapi_key›","u":"‹secret:myapi_key›"}"#);
    let clear = secret.reveal(&Vault).unwrap();
    assert_eq!(*clear, format!("{{\"t\":\"{SECRET}\",\"u\":\"\\\"{SECRET}\"}}"));
}

#[test]
fn texts_for_queries() {
    let Value::Secret(secret) = token() else { panic!() };
    let mut text = Text::plain("a b&");
    text.push_secret(secret.clone());
    let encoded = text.url_encoded().unwrap();
    assert_eq!(encoded.masked(), "a%20b%26‹secret:myapi_key›");
    assert_eq!(*encoded.reveal(&Vault).unwrap(), format!("a%20b%26{SECRET}"));
    let bubblescript::Part::Secret(made) = &encoded.parts()[1] else { panic!() };
    assert_eq!((made.handle(), made.tokens()), (None, vec![Arc::clone(&secret)]));
    let saved: Text = serde_json::from_str(&serde_json::to_string(&encoded).unwrap()).unwrap();
    assert_eq!(saved, encoded);
}

#[test]
fn entries_replaced() {
    let value = Value::Nil.with(&["a", "b"], Value::Int(1)).unwrap();
    assert_eq!(format!("{value:?}"), r#"{"a": {"b": 1}}"#);
    assert!(!value.has_secrets());
    assert!(value.with(&["a", "t"], token()).unwrap().has_secrets());
}
