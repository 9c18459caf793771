//! A small host: runs scripts and writes down what happens, one line for each effect.

use std::sync::Arc;

use bubblescript::{
    Action, Button, Effect, Handle, Input, Machine, Program, Reveal, Secret, Shape, Source, Template, Value, compile,
};
use zeroize::Zeroizing;

/// The clear text of every token of this host.
pub(crate) const SECRET: &str = "s3cr3t-c4nary";

/// Reveals the handle `myapi` and no other.
pub(crate) struct Vault;

impl Reveal for Vault {
    fn reveal(&self, handle: &Handle) -> Option<Zeroizing<String>> {
        (&*handle.0 == "myapi").then(|| Zeroizing::new(SECRET.to_string()))
    }
}

pub(crate) fn token() -> Value {
    Value::Secret(Arc::new(Secret::token("myapi_key", Handle("myapi".into()))))
}

pub(crate) fn program(script: &str) -> Program {
    let source = Source { file: "a.bubble".into(), text: script.into() };
    compile(&[source]).0
}

/// What the machine does with a script: `get_access_token` gives a token, every other function of the host fails.
pub(crate) fn run(script: &str, answers: &[&str]) -> Vec<String> {
    let program = program(script);
    let mut machine = Machine::new(&program);
    go_on(&program, &mut machine, Input::Go, answers)
}

pub(crate) fn go_on(program: &Program, machine: &mut Machine, first: Input, answers: &[&str]) -> Vec<String> {
    let mut answers = answers.iter();
    let (mut lines, mut input) = (Vec::new(), first);
    loop {
        let effect = machine.resume(program, std::mem::replace(&mut input, Input::Go), &Vault);
        lines.push(line(&effect));
        match effect {
            Effect::Ask { .. } => match answers.next() {
                Some(answer) => input = Input::Answer(message(answer)),
                None => break,
            },
            Effect::Call { function, .. } if &*function == "get_access_token" => input = Input::Returned(token()),
            Effect::Call { .. } => input = Input::Failed("The host said no.".to_string()),
            Effect::Idle => {
                lines.pop();
                break;
            }
            Effect::Error(_) | Effect::Declined => break,
            Effect::Say { .. } | Effect::Show { .. } | Effect::Log { .. } | Effect::Hint { .. } => {}
            Effect::Remember { .. } | Effect::Forget { .. } => {}
        }
    }
    lines
}

pub(crate) fn message(text: &str) -> Value {
    Value::map(Shape::Message, [("text", Value::text(text))]).expect("a small map")
}

fn line(effect: &Effect) -> String {
    match effect {
        Effect::Say { text, options: Value::Nil, .. } => format!("say {}", text.masked()),
        Effect::Say { text, options, .. } => format!("say {} {options:?}", text.masked()),
        Effect::Show { template: Template::Buttons { text, buttons }, .. } => {
            let button = |own: &Button| match &own.action {
                Action::Open { url } => format!(" [{}: open {}]", own.label.masked(), url.masked()),
                Action::Event { name, payload } => format!(" [{}: event {name} {payload:?}]", own.label.masked()),
            };
            format!("buttons {}{}", text.masked(), buttons.iter().map(button).collect::<String>())
        }
        Effect::Remember { path, value, .. } => format!("remember {} {value:?}", path.join(".")),
        Effect::Forget { path, .. } => format!("forget {}", path.join(".")),
        Effect::Declined => "declined".to_string(),
        Effect::Ask { text, expecting, quick_replies, timeout, .. } => {
            let mut line = format!("ask {}", text.masked());
            if let Some(seconds) = timeout {
                line += &format!(" for {seconds}");
            }
            for option in [expecting, quick_replies].into_iter().flatten() {
                line += &format!(" {option:?}");
            }
            line
        }
        Effect::Log { text, .. } => format!("log {}", text.masked()),
        Effect::Call { function, arguments, options, .. } => format!("call {function} {arguments:?} {options:?}"),
        Effect::Hint { message, place } => format!("hint {}:{} {message}", place.line, place.column),
        Effect::Idle => "idle".to_string(),
        Effect::Error(error) => format!("error {}:{} {}", error.place.line, error.place.column, error.message),
    }
}

/// Runs a script without answers and compares what it says and does, one line each.
pub(crate) fn check(script: &str, expect: &str) {
    assert_eq!(run(script, &[]).join("\n"), expect, "{script}");
}
