//! One turn: runs the machine, does what it asks for, and writes down what is seen.

use std::sync::Arc;

use bubblescript::{Effect, Input, Place, Secret, Shape, Text, Value};

use crate::outside::Outside;
use crate::view::{From, Item, LogEntry, LogKind, Part};
use crate::{Chat, Revealing, State};

const NOTHING_REACTS: &str = "Nothing in this bot reacts to that yet.";
const STOPPED: &str = "The bot has stopped. Restart the chat to try again.";

impl Chat {
    pub(crate) fn receive(&mut self, text: &str, outside: &dyn Outside) {
        let item = self.item(From::User, vec![Part::Text { text: text.to_string() }], None, outside);
        self.state.items.push(item);
        if self.state.machine.has_failed() {
            return self.note(STOPPED, outside);
        }
        let message = match message(text) {
            Ok(message) => message,
            Err(fault) => return self.note(&fault.message, outside),
        };
        let asked = self.state.machine.is_asking();
        let names: &[&str] = if asked { &["message", "answer"] } else { &["message"] };
        for name in names {
            if let Err(fault) = self.state.machine.set(&self.program, name, message.clone()) {
                return self.note(&fault.message, outside);
            }
        }
        if !asked {
            return self.note(NOTHING_REACTS, outside);
        }
        let accepted =
            self.state.expecting.is_empty() || self.state.expecting.iter().any(|own| fold(own) == fold(text));
        // An answer that does not fit brings the question back.
        self.run(if accepted { Input::Answer(message) } else { Input::Go }, outside);
    }

    pub(crate) fn run(&mut self, first: Input, outside: &dyn Outside) {
        let mut input = first;
        loop {
            let effect = self.state.machine.resume(&self.program, input, &Revealing(outside));
            input = Input::Go;
            match effect {
                Effect::Say { text, place, .. } => self.say(&text, place, Vec::new(), outside),
                Effect::Log { text, place } => self.log(LogKind::Log, &text, Some(place), None, outside),
                Effect::Hint { message, place } => self.hint(message, place, None, outside),
                Effect::Ask { text, expecting, quick_replies, place } => {
                    self.state.expecting = accepted(expecting.as_ref());
                    let mut offered = titles(quick_replies.as_ref());
                    offered.extend(titles(expecting.as_ref()));
                    self.say(&text, place, offered, outside);
                    break;
                }
                Effect::Call { function, arguments, alias, place, .. } => {
                    input = self.call(&function, &arguments, alias, place, outside);
                }
                Effect::Idle => break,
                Effect::Error(error) => {
                    let text = format!("{} {}", error.message, error.hint).trim_end().to_string();
                    let item = self.item(From::Error, vec![Part::Text { text }], Some(error.place), outside);
                    self.state.items.push(item);
                    break;
                }
            }
        }
        self.number_variables();
    }

    fn item(&mut self, from: From, parts: Vec<Part>, place: Option<Place>, outside: &dyn Outside) -> Item {
        Item { id: self.state.id(), at: outside.now(), from, parts, quick_replies: Vec::new(), place }
    }

    fn say(&mut self, text: &Text, place: Place, quick_replies: Vec<String>, outside: &dyn Outside) {
        if text.is_empty() && quick_replies.is_empty() {
            return;
        }
        let parts = self.state.parts(text);
        let item = self.item(From::Bot, parts, Some(place), outside);
        self.state.items.push(Item { quick_replies, ..item });
    }

    pub(crate) fn note(&mut self, text: &str, outside: &dyn Outside) {
        let item = self.item(From::Note, vec![Part::Text { text: text.to_string() }], None, outside);
        self.state.items.push(item);
    }

    fn log(&mut self, kind: LogKind, text: &Text, place: Option<Place>, alias: Option<String>, outside: &dyn Outside) {
        let parts = self.state.parts(text);
        let entry = LogEntry { id: self.state.id(), at: outside.now(), kind, parts, alias, place };
        self.state.log.push(entry);
    }

    fn hint(&mut self, message: String, place: Place, alias: Option<String>, outside: &dyn Outside) {
        self.log(LogKind::Hint, &Text::plain(message), Some(place), alias, outside);
    }

    /// Does what a function of the host does.
    fn call(
        &mut self,
        function: &str,
        arguments: &[Value],
        alias: Option<Arc<str>>,
        place: Place,
        outside: &dyn Outside,
    ) -> Input {
        if function != "get_access_token" {
            return Input::Failed(format!("`{function}` is not supported yet."));
        }
        let id = match arguments.first() {
            Some(Value::Text(text)) => text.as_plain().filter(|id| !id.is_empty()),
            _ => None,
        };
        match id.map(|id| outside.token(id)).transpose() {
            Ok(found) => match found.flatten() {
                Some(token) => Input::Returned(Value::Secret(Arc::new(Secret::token(token.alias, token.handle)))),
                None => {
                    let message = match &alias {
                        Some(alias) => format!("There is no token for `{alias}`, so it is nil here: connect {alias}."),
                        None => "There is no token with this id, so it is nil here.".to_string(),
                    };
                    self.hint(message, place, alias.map(|alias| alias.to_string()), outside);
                    Input::Returned(Value::Nil)
                }
            },
            Err(reason) => Input::Failed(reason),
        }
    }

    /// Gives every secret in the variables its number, so that a view can name it.
    fn number_variables(&mut self) {
        let texts = self.state.machine.variables(&self.program);
        let carrying =
            texts.filter(|(_, value)| !value.aliases().is_empty()).map(|(_, value)| crate::view::shown(value));
        let texts: Vec<Text> = carrying.collect();
        for text in &texts {
            self.state.parts(text);
        }
    }
}

impl State {
    /// A text as parts to show, its secrets numbered.
    fn parts(&mut self, text: &Text) -> Vec<Part> {
        let parts = text.parts().iter().map(|part| match part {
            bubblescript::Part::Text(text) => Part::Text { text: text.clone() },
            bubblescript::Part::Secret(secret) => {
                Part::Secret { alias: secret.aliases().to_string(), part: self.part_number(secret) }
            }
        });
        parts.collect()
    }
}

/// What a user sent, as scripts see it.
fn message(text: &str) -> Result<Value, bubblescript::Fault> {
    let entries = [("text", Value::text(text)), ("type", Value::text("user_message")), ("data", Value::Nil)];
    Value::map(Shape::Message, entries)
}

fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

/// The texts that a question accepts; none when anything may be answered.
fn accepted(expecting: Option<&Value>) -> Vec<String> {
    let offered = titles(expecting);
    match expecting {
        Some(Value::List(list)) if offered.len() == list.items().len() => offered,
        Some(Value::Text(_)) => offered,
        _ => Vec::new(),
    }
}

/// The texts in a list of choices, each a text or a map with a title.
fn titles(choices: Option<&Value>) -> Vec<String> {
    let title = |choice: &Value| match choice {
        Value::Text(text) => Some(text.masked()),
        Value::Map(map) => match map.get("title") {
            Some(Value::Text(text)) => Some(text.masked()),
            _ => None,
        },
        _ => None,
    };
    match choices {
        Some(Value::List(list)) => list.items().iter().filter_map(title).collect(),
        Some(choice) => title(choice).into_iter().collect(),
        None => Vec::new(),
    }
}
