//! Scripts that would never end or eat all memory end with an error at their line.

use bubblescript::{Effect, Input, MAX_FILE_BYTES, Machine, Severity, parse};

use crate::host::{Vault, check, message, program, run};

fn last(script: &str, expect: &str) {
    let lines = run(script, &[]);
    assert_eq!(lines.last().map(String::as_str), Some(expect), "{script}");
}

#[test]
fn endless_loops() {
    let stopped = "The bot did too much in one turn and was stopped here.";
    last("x = 0\nrepeat while true do\n x += 1\nend", "error 2:1 This loop went round 10000 times and was stopped.");
    last("repeat do\nend", "error 1:1 This loop went round 10000 times and was stopped.");
    last("repeat 9999 do\n repeat 9999 do\n  x += 1\n end\nend", &format!("error 2:2 {stopped}"));
    last("repeat 99999 do\nend", "error 1:1 This loop went round 10000 times and was stopped.");
    last("dialog main do\n invoke main\nend", &format!("error 2:2 {stopped}"));
    last("repeat 9999 do\n say \"spam\"\nend", &format!("error 2:2 {stopped}"));
}

#[test]
fn a_loop_that_asks_gets_new_fuel_with_every_answer() {
    let program = program("repeat 1500 do\n ask \"?\"\nend\nsay \"done\"");
    let mut machine = Machine::new(&program);
    let mut effect = machine.resume(&program, Input::Go, &Vault);
    for _ in 0..1500 {
        assert!(matches!(effect, Effect::Ask { .. }));
        effect = machine.resume(&program, Input::Answer(message("x")), &Vault);
    }
    assert!(matches!(effect, Effect::Say { .. }));
}

#[test]
fn deep_recursion() {
    let deep = "Dialogs and functions call each other too deeply.";
    last("function f(_x) do\n return 1 + f(_x)\nend\nlog f(1)", &format!("error 2:13 {deep}"));
    last("dialog main do\n invoke main\n say \"x\"\nend", &format!("error 2:2 {deep}"));
    last("@a @b\n@b @a\nlog @a", &format!("error 1:4 {deep}"));
}

#[test]
fn growing_values() {
    let large = "This value has grown too large.";
    check("x = [1]\nrepeat 60 do\n x = [x, x]\nend", &format!("error 3:6 {large}"));
    check("x = \"abcdefgh\"\nrepeat 60 do\n x = x + x\nend", &format!("error 3:6 {large}"));
    check("x = \"abcdefgh\"\nrepeat 60 do\n x = \"#{x}#{x}\"\nend", &format!("error 3:6 {large}"));
    check("x = [1]\nrepeat 60 do\n x = x + x\nend", &format!("error 3:6 {large}"));
    check("x = %{a: 1}\nrepeat 60 do\n x = %{a: x, b: x}\nend", &format!("error 3:17 {large}"));
    check("x[50000000] = 1", "error 1:1 The list has 0 items, so there is no place for index 50000000.");
}

#[test]
fn costly_work_on_large_values() {
    let stopped = "The bot did too much in one turn and was stopped here.";
    let large = "a = [1]\nrepeat 18 do\n a = a + a\nend\n";
    last(&format!("{large}repeat 9999 do\n b = a\n a[0] = 1\nend"), &format!("error 7:2 {stopped}"));
    last(&format!("{large}m.a[0] = a\nrepeat 9999 do\n b = m\n m.a[0][1] = 1\nend"), &format!("error 8:2 {stopped}"));
    last(&format!("{large}b = a + []\nrepeat 9999 do\n a == b\nend"), &format!("error 7:2 {stopped}"));
    last(&format!("{large}repeat 9999 do\n log a\nend"), &format!("error 6:2 {stopped}"));
    last(&format!("{large}repeat 9999 do\n contains(a, 2)\nend"), &format!("error 6:2 {stopped}"));
    let list = "x = []\nrepeat 9000 do\n x = x + [1]\nend\nlog length(x)";
    check(list, "log 9000");
}

#[test]
fn recursion_with_many_locals() {
    let locals: String = (0..9_000).map(|number| format!(" _v{number} = 1\n")).collect();
    let script = format!("function f() do\n f() + 1\n{locals}end\nf()");
    last(&script, "error 2:2 Dialogs and functions call each other too deeply.");
}

#[test]
fn growing_variables_together() {
    let script = "big = [1]\nrepeat 20 do\n big = [big, big]\nend\na = [big]\nb = [big]\nc = [big]\nd = [big]\ne = [big]\nf = [big]\ng = [big]\nh = [big]";
    last(script, "error 9:1 The variables of this conversation have grown too large together.");
}

#[test]
fn deep_values() {
    let deep = "This value nests more than 128 levels deep.";
    check("x = []\nrepeat 9000 do\n x = [x]\nend", &format!("error 3:6 {deep}"));
    check("x = 1\nrepeat 9000 do\n x = [a: x]\nend", &format!("error 3:10 {deep}"));
    check(
        "t = get_access_token(1)\nrepeat 9000 do\n t = upcase(t)\nend",
        &format!("call get_access_token [1] nil\nerror 3:6 {deep}"),
    );
    let path = "a".to_string() + &".b".repeat(200);
    check(&format!("{path} = 1"), &format!("error 1:1 {deep}"));
}

#[test]
fn large_and_deep_scripts() {
    let deep = |text: &str| {
        let parsed = parse(text);
        assert_eq!(parsed.syntax().text().to_string(), text);
        assert!(parsed.diagnostics.iter().any(|own| own.code == "too-deep"), "{}", &text[..20]);
        assert!(parsed.diagnostics.len() < 5);
        program(text);
    };
    for unit in ["[", "(", "f(", "%{a: ", "\"#{", "- ", "!", "x = ", "if a do\n", "[a: ", "a[", "not "] {
        deep(&format!("x = {}", unit.repeat(20_000)));
    }
    let long = "x = 1".to_string() + &" + 1".repeat(100_000) + "\nlog x";
    check(&long, "log 100001");
    check(&format!("log a{}", ".b".repeat(100_000)), "log nil");
    let huge = " ".repeat(MAX_FILE_BYTES + 1);
    let parsed = parse(&huge);
    assert_eq!(parsed.diagnostics[0].code, "file-too-large");
    assert_eq!(parsed.diagnostics[0].severity, Severity::Error);
    assert_eq!(parsed.syntax().text().len(), rowan_size(huge.len()));
}

fn rowan_size(length: usize) -> rowan::TextSize {
    rowan::TextSize::try_from(length).expect("a small text")
}

/// Each of these would take minutes if anything in reading or compiling were not linear.
#[test]
fn large_broken_scripts() {
    let numbered = |unit: &str, count: usize| -> String {
        (0..count).map(|number| unit.replace('N', &number.to_string())).collect()
    };
    let scripts = [
        "if a do\n".to_string() + &"[1\n".repeat(300_000),
        "branch do\n".to_string() + &"a(1 ->\n".repeat(100_000),
        numbered("dialog aN do end\n", 45_000),
        numbered("function aN do end\n", 20_000) + &numbered("bN(1)\n", 40_000),
        numbered("invoke aN\n", 60_000),
        numbered("@aN @bN\n", 60_000),
        "\"#{) ".repeat(100),
        "x = \"".to_string() + &"#{1 2} ".repeat(100_000),
        "a = ".repeat(100),
        ")\n".repeat(300_000),
        "# x\n".repeat(250_000) + "x",
        "(\n".repeat(100) + &"\n".repeat(900_000),
    ];
    for script in &scripts {
        assert!(script.len() <= MAX_FILE_BYTES, "{}", script.len());
        assert_eq!(parse(script).syntax().text(), script.as_str());
        program(script);
    }
}

#[test]
fn a_large_script_is_read() {
    let text = "say \"a #{b + 1} c\", class: [x: 1]\n".repeat(30_000);
    assert!(text.len() < MAX_FILE_BYTES);
    assert_eq!(parse(&text).diagnostics, []);
}
