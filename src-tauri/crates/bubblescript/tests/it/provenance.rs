//! Secrets stay handles, and every value knows which ones went into it.

use std::sync::Arc;

use bubblescript::{Effect, Handle, Input, Machine, Part, Reveal, Text, Value};
use zeroize::Zeroizing;

use crate::host::{SECRET, Vault, go_on, program, token};

/// Runs a script in which `t` is a token, and gives the first text it says, with the machine behind it.
fn said(script: &str) -> (Text, Machine) {
    let program = program(&format!("t = get_access_token(bot.tokens.myapi_key)\n{script}"));
    let mut machine = Machine::new(&program);
    let mut effect = machine.resume(&program, Input::Go, &Vault);
    while let Effect::Call { alias, .. } = &effect {
        assert_eq!(alias.as_deref(), Some("myapi_key"));
        effect = machine.resume(&program, Input::Returned(token()), &Vault);
    }
    match effect {
        Effect::Say { text, .. } | Effect::Log { text, .. } => (text, machine),
        other => panic!("{other:?}"),
    }
}

/// The text as shown, as revealed, and that nothing else holds the secret.
fn check(script: &str, masked: &str, clear: &str) {
    let (text, machine) = said(script);
    assert_eq!(text.masked(), masked, "{script}");
    assert_eq!(text.reveal(&Vault).as_deref().map(String::as_str), Some(clear), "{script}");
    let traces = [format!("{text:?}"), format!("{machine:?}"), serde_json::to_string(&machine).expect("a state")];
    for trace in traces {
        for fragment in [SECRET, &SECRET.to_uppercase(), "c4nary", "C4NARY"] {
            assert!(!trace.contains(fragment), "{script}: {trace}");
        }
    }
}

#[test]
fn a_token_joined_to_text_is_a_part_of_its_own() {
    let (text, _) = said("say \"Your token is: \" + t");
    assert_eq!(text.parts()[0], Part::Text("Your token is: ".to_string()));
    let Part::Secret(secret) = &text.parts()[1] else { panic!("{text:?}") };
    assert_eq!(secret.aliases().to_string(), "myapi_key");
    assert_eq!(secret.handle(), Some(&Handle("myapi".into())));
    assert_eq!(secret.reveal(&Vault).unwrap().as_str(), SECRET);
}

#[test]
fn joining_and_nesting() {
    check("say t", "‹secret:myapi_key›", SECRET);
    check("say \"a#{t}b\"", "a‹secret:myapi_key›b", "as3cr3t-c4naryb");
    check(
        "say [a: t, b: [1, t + \"x\"]]",
        "{\"a\":\"‹secret:myapi_key›\",\"b\":[1,\"‹secret:myapi_key›x\"]}",
        "{\"a\":\"s3cr3t-c4nary\",\"b\":[1,\"s3cr3t-c4naryx\"]}",
    );
    check("x.y = [t]\nlog x.y[0]", "‹secret:myapi_key›", SECRET);
    check("log join([1, t], \"-\")", "1-‹secret:myapi_key›", "1-s3cr3t-c4nary");
    check("function f(_a) do\n return _a\nend\nlog first([f(t)])", "‹secret:myapi_key›", SECRET);
}

#[test]
fn what_is_made_of_a_secret_is_secret() {
    check("log upcase(t)", "‹secret:myapi_key›", "S3CR3T-C4NARY");
    check("log url_encode(\"a b\" + t)", "‹secret:myapi_key›", "a%20bs3cr3t-c4nary");
    check("log split(t, \"-\")[1]", "‹secret:myapi_key›", "c4nary");
    check("log upcase(split(t, \"-\")[1]) + \"!\"", "‹secret:myapi_key›!", "C4NARY!");
    check("log replace(\"x-x\", \"x\", t)", "‹secret:myapi_key›", "s3cr3t-c4nary-s3cr3t-c4nary");
}

#[test]
fn numbers_and_booleans_are_plain() {
    check(
        "log [length(t), t == \"s3cr3t-\" + \"c4\" + \"nary\", \"s3\" in t, t < \"t\", starts_with(t, \"s\"), length(split(t, \"-\"))]",
        "[13,true,true,true,true,2]",
        "[13,true,true,true,true,2]",
    );
}

#[test]
fn every_container_knows_its_aliases() {
    let script = "t = get_access_token(1)\na = [1, [t]]\nb.c.d = t\nc = [1] + [t]\nd = length(t)\ne = split(\"x-\" + t, \"-\")\nf = \"plain\"\ng = a[0]\nh = keys(b)";
    let program = program(script);
    let mut machine = Machine::new(&program);
    assert_eq!(go_on(&program, &mut machine, Input::Go, &[]).len(), 1);
    let aliases = |name: &str| machine.get(&program, name).unwrap().aliases().to_string();
    for carrying in ["t", "a", "b", "c", "e"] {
        assert_eq!(aliases(carrying), "myapi_key", "{carrying}");
    }
    for plain in ["d", "f", "g", "h"] {
        assert_eq!(aliases(plain), "", "{plain}");
    }
}

#[test]
fn several_aliases_are_joined() {
    let program = program("x = a + \" \" + b\nlog upcase(x)");
    let mut machine = Machine::new(&program);
    let secret = |alias: &str| Value::Secret(Arc::new(bubblescript::Secret::token(alias, Handle("myapi".into()))));
    machine.set(&program, "a", secret("zeta")).unwrap();
    machine.set(&program, "b", secret("alpha")).unwrap();
    assert_eq!(go_on(&program, &mut machine, Input::Go, &[]), ["log ‹secret:alpha, zeta›"]);
}

#[test]
fn a_secret_cannot_be_a_key() {
    for script in ["m[t] = 1", "m = %{\"#{t}\" => 1}"] {
        let program = program(&format!("t = get_access_token(1)\n{script}"));
        let mut machine = Machine::new(&program);
        let lines = go_on(&program, &mut machine, Input::Go, &[]);
        assert!(lines[1].ends_with("The secret `myapi_key` cannot be the name of an entry."), "{lines:?}");
    }
}

#[test]
fn a_locked_vault_stops_what_needs_clear_text_only() {
    struct Locked;
    impl Reveal for Locked {
        fn reveal(&self, _: &Handle) -> Option<Zeroizing<String>> {
            None
        }
    }
    let program = program("say \"a\" + t\nlog length(t)");
    let mut machine = Machine::new(&program);
    machine.set(&program, "t", token()).unwrap();
    assert!(matches!(machine.resume(&program, Input::Go, &Locked), Effect::Say { .. }));
    let Effect::Error(error) = machine.resume(&program, Input::Go, &Locked) else { panic!() };
    assert_eq!(error.message, "The value of `myapi_key` cannot be read right now.");
    assert_eq!(error.to_string(), "a.bubble:2:5: The value of `myapi_key` cannot be read right now.");
}
