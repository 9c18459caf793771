//! The state of a machine is data: cloned, saved and read back it goes on the same.

use bubblescript::{Effect, Input, Machine, Value};
use proptest::prelude::*;

use crate::host::{Vault, go_on, message, program, run};

const SCRIPT: &str = r##"
@greeting "Hello " + @mark
@mark "!"
function twice(_x) do
  _again = ask "Again #{_x}?"
  return _x + _again
end
dialog main do
  t = get_access_token(bot.tokens.a)
  buttons "x" do
    "y" -> event "z", t
  end
  remember bot
  list = [1, t]
  both = [list, list, up: upcase(t)]
  _local = ask "First?"
  repeat n in [1, 2] do
    say "#{n} #{twice(_local)} #{@greeting}"
    invoke inner
  end
  log both
end
dialog inner do
  say "in " + answer
end
dialog event: "e" when length(get_access_token(1)) < 3 do
end
task event: "e" do
  _t = get_access_token(2)
end
"##;

#[test]
fn goes_on_the_same_after_every_step() {
    let program = program(SCRIPT);
    let answers = ["a", "b", "c"];
    let expect = run(SCRIPT, &answers);
    let mut machine = Machine::new(&program);
    let (mut lines, mut given) = (Vec::new(), answers.iter());
    let mut input = Input::Go;
    while lines.len() < expect.len() {
        let saved = serde_json::to_string(&machine).unwrap();
        let restored: Machine = serde_json::from_str(&saved).unwrap();
        assert_eq!(serde_json::to_string(&restored).unwrap(), saved);
        assert_eq!(restored, machine);
        let fork = go_on(&program, &mut restored.clone(), input.clone(), given.as_slice());
        assert_eq!(fork, expect[lines.len()..], "after {lines:?}");
        machine = restored;
        let effect = machine.resume(&program, input, &Vault);
        lines.push(expect[lines.len()].clone());
        input = match effect {
            Effect::Ask { .. } => Input::Answer(message(given.next().unwrap())),
            Effect::Call { .. } => Input::Returned(crate::host::token()),
            _ => Input::Go,
        };
    }
    assert_eq!(machine.resume(&program, Input::Go, &Vault), Effect::Idle);
    assert!(machine.is_idle());
}

#[test]
fn what_is_shared_stays_small() {
    let program = program("x = [1]\nrepeat 20 do\n x = [x, x]\nend\nask \"?\"");
    let mut machine = Machine::new(&program);
    go_on(&program, &mut machine, Input::Go, &[]);
    let saved = serde_json::to_string(&machine).unwrap();
    assert!(saved.len() < 10_000, "{}", saved.len());
    assert_eq!(serde_json::from_str::<Machine>(&saved).unwrap(), machine);
}

#[test]
fn deep_values_are_saved() {
    let program = program("x = []\nrepeat 127 do\n x = [x]\nend\nask \"?\"");
    let mut machine = Machine::new(&program);
    assert_eq!(go_on(&program, &mut machine, Input::Go, &[]), ["ask ?"]);
    let saved = serde_json::to_string(&machine).unwrap();
    assert_eq!(serde_json::from_str::<Machine>(&saved).unwrap(), machine);
}

#[test]
fn a_state_of_other_scripts_stops() {
    let mut machine = Machine::new(&program("ask \"?\""));
    let Effect::Error(error) = machine.resume(&program("say 1"), Input::Go, &Vault) else { panic!() };
    assert_eq!(error.message, "The scripts have changed since this conversation started.");
}

#[test]
fn a_value_that_names_itself_is_refused() {
    let text = r#"{"table":{"nodes":[{"list":[[0],[]]}]},"root":0}"#;
    assert!(serde_json::from_str::<Value>(text).is_err());
    let text = r#"{"table":{"nodes":["nil",{"list":[[0,0],[]]}]},"root":1}"#;
    let value: Value = serde_json::from_str(text).unwrap();
    assert_eq!(format!("{value:?}"), "[nil, nil]");
}

#[test]
fn a_recipe_without_its_arguments_gives_nothing() {
    let node = r#"{"derived":{"function":"upcase","arguments":[],"path":[],"aliases":["a"]}}"#;
    let value: Value = serde_json::from_str(&format!(r#"{{"table":{{"nodes":[{node}]}},"root":0}}"#)).unwrap();
    let Value::Secret(secret) = value else { panic!("{value:?}") };
    assert_eq!(secret.reveal(&Vault), None);
}

#[test]
fn an_event_survives_saving() {
    let script = "dialog main do\n ask \"?\"\nend\ntask event: \"e\" do\n get_access_token(1)\nend\ndialog event: \"g\" when get_access_token(2) == 1 do\nend";
    let program = program(script);
    for (name, last) in [("e", Effect::Idle), ("g", Effect::Declined)] {
        let mut machine = Machine::new(&program);
        machine.resume(&program, Input::Go, &Vault);
        assert!(machine.raise(&program, name, Value::Nil).unwrap());
        assert!(matches!(machine.resume(&program, Input::Go, &Vault), Effect::Call { .. }));
        let mut machine: Machine = serde_json::from_str(&serde_json::to_string(&machine).unwrap()).unwrap();
        assert_eq!(machine.resume(&program, Input::Returned(Value::Nil), &Vault), last);
        assert!(machine.is_asking());
        assert_eq!(machine.stack(&program).len(), 1);
    }
}

proptest! {
    /// A state file that was tampered with ends in an error or an effect, never in a panic.
    #[test]
    fn a_damaged_state_never_panics(at in any::<prop::sample::Index>(), new in prop_oneof![0_u32..70_000, Just(u32::MAX), Just(u32::MAX / 2)], steps in 1_usize..12, event in any::<bool>()) {
        let program = program(SCRIPT);
        let mut machine = Machine::new(&program);
        let mut input = Input::Go;
        for _ in 0..steps {
            input = match machine.resume(&program, input, &Vault) {
                Effect::Ask { .. } if event => {
                    machine.raise(&program, "e", Value::Nil).unwrap();
                    Input::Go
                }
                Effect::Ask { .. } => Input::Answer(message("x")),
                Effect::Call { .. } => Input::Returned(crate::host::token()),
                _ => Input::Go,
            };
        }
        let saved = serde_json::to_string(&machine).unwrap();
        let numbers: Vec<(usize, usize)> = numbers(&saved);
        let (start, end) = numbers[at.index(numbers.len())];
        let damaged = format!("{}{new}{}", &saved[..start], &saved[end..]);
        if let Ok(mut machine) = serde_json::from_str::<Machine>(&damaged) {
            go_on(&program, &mut machine, input, &["a", "b", "c"]);
            machine.stack(&program);
            machine.variables(&program).count();
        }
    }
}

/// Where numbers stand in a text.
fn numbers(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, byte) in text.bytes().enumerate() {
        match (byte.is_ascii_digit(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    found
}
