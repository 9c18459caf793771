//! One turn: runs the machine, does what it asks for, and writes down what is seen.

use bubblescript::{Effect, Input, Place, Shape, Template, Text, Value};
use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::link::linked;
use crate::outside::{Outside, Revealing};
use crate::view::{Button, ButtonKind, From, Item, LogEntry, LogKind, Part};
use crate::{Chat, State};

const NOTHING_REACTS: &str = "Nothing in this bot reacts to that yet.";
const STOPPED: &str = "The bot has stopped. Restart the chat to try again.";

/// What has come and is taken up when the script stands still.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Waiting {
    /// The user said something.
    Text(String),
    /// An event.
    Event { entry: u64, name: String, payload: Value },
}

impl Chat {
    pub(crate) fn receive(&mut self, text: &str, outside: &dyn Outside) {
        let item = self.item(From::User, vec![Part::Text { text: text.to_string() }], None, outside);
        self.state.items.push(item);
        self.state.queue.push_back(Waiting::Text(text.to_string()));
        self.work(outside);
    }

    /// Takes up what has come, as long as the script stands still.
    pub(crate) fn work(&mut self, outside: &dyn Outside) {
        while self.state.wanted.is_none() {
            let Some(waiting) = self.state.queue.pop_front() else { break };
            self.new_turn();
            match waiting {
                _ if self.state.machine.has_failed() => self.note(STOPPED, outside),
                Waiting::Text(text) => self.hear(&text, outside),
                Waiting::Event { entry, name, payload } => self.let_in(entry, &name, payload, outside),
            }
        }
        self.number_variables();
    }

    pub(crate) fn new_turn(&mut self) {
        self.state.exchange = None;
        self.state.event = None;
    }

    fn hear(&mut self, text: &str, outside: &dyn Outside) {
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
        self.go(if accepted { Input::Answer(message) } else { Input::Go }, outside);
    }

    /// Runs the machine, then takes up what has come meanwhile.
    pub(crate) fn run(&mut self, first: Input, outside: &dyn Outside) {
        self.go(first, outside);
        self.work(outside);
    }

    /// Runs the machine until it waits, wants something or ends.
    pub(crate) fn go(&mut self, first: Input, outside: &dyn Outside) {
        let mut input = first;
        loop {
            let effect = self.state.machine.resume(&self.program, input, &Revealing(outside));
            self.note_taker();
            match self.effect(effect, outside) {
                Some(next) => input = next,
                None => break,
            }
        }
    }

    /// Does what the machine asks for; `None` when it is to stand still.
    fn effect(&mut self, effect: Effect, outside: &dyn Outside) -> Option<Input> {
        match effect {
            Effect::Say { text, place, .. } => self.say(&text, place, Vec::new(), outside),
            Effect::Show { template: Template::Buttons { text, buttons }, place } => {
                self.show_buttons(&text, buttons, place, outside);
            }
            Effect::Log { text, place } => {
                let entry = self.entry(LogKind::Log, &text, outside);
                self.log(LogEntry { place: Some(place), ..entry });
            }
            Effect::Hint { message, place } => self.hint(message, Some(place), None, outside),
            Effect::Remember { path, value, place } => {
                if let Err(fault) = self.remember(&path, &value) {
                    self.hint(fault.message, Some(place), None, outside);
                }
            }
            Effect::Forget { path, .. } => self.memory(&path, None),
            Effect::Ask { text, expecting, quick_replies, timeout, place } => {
                self.state.expecting = accepted(expecting.as_ref());
                let mut offered = titles(quick_replies.as_ref());
                offered.extend(titles(expecting.as_ref()));
                self.say(&text, place, offered, outside);
                self.set_deadline(timeout, outside);
                return None;
            }
            Effect::Call { function, arguments, options, alias, place } => {
                return self.call(Call { function, arguments, options, alias, place }, outside);
            }
            Effect::Declined => {
                self.declined(outside);
                return None;
            }
            Effect::Idle => return None,
            Effect::Error(error) => {
                let text = format!("{} {}", error.message, error.hint).trim_end().to_string();
                let item = self.item(From::Error, vec![Part::Text { text }], Some(error.place), outside);
                self.state.items.push(item);
                return None;
            }
        }
        Some(Input::Go)
    }

    fn item(&mut self, from: From, parts: Vec<Part>, place: Option<Place>, outside: &dyn Outside) -> Item {
        let (id, at, exchange) = (self.state.id(), self.now(outside), self.state.exchange);
        Item { id, at, from, parts, quick_replies: Vec::new(), buttons: Vec::new(), exchange, place }
    }

    fn say(&mut self, text: &Text, place: Place, quick_replies: Vec<String>, outside: &dyn Outside) {
        if text.is_empty() && quick_replies.is_empty() {
            return;
        }
        let parts = linked(self.state.parts(text));
        let item = self.item(From::Bot, parts, Some(place), outside);
        self.state.items.push(Item { quick_replies, ..item });
    }

    fn show_buttons(&mut self, text: &Text, given: Vec<bubblescript::Button>, place: Place, outside: &dyn Outside) {
        let parts = linked(self.state.parts(text));
        let mut item = self.item(From::Bot, parts, Some(place), outside);
        let mut actions = Vec::new();
        for button in given {
            let kind = match &button.action {
                bubblescript::Action::Open { url } => ButtonKind::Open { url: self.state.parts(url) },
                bubblescript::Action::Event { name, .. } => ButtonKind::Event { name: name.to_string() },
            };
            item.buttons.push(Button { label: self.state.parts(&button.label), kind, pressed: false });
            actions.push(button.action);
        }
        self.state.actions.push((item.id, actions));
        self.state.items.push(item);
    }

    pub(crate) fn note(&mut self, text: &str, outside: &dyn Outside) {
        let item = self.item(From::Note, vec![Part::Text { text: text.to_string() }], None, outside);
        self.state.items.push(item);
    }

    fn entry(&mut self, kind: LogKind, text: &Text, outside: &dyn Outside) -> LogEntry {
        let parts = self.state.parts(text);
        LogEntry { id: self.state.id(), at: self.now(outside), kind, parts, alias: None, exchange: None, place: None }
    }

    fn log(&mut self, entry: LogEntry) {
        self.state.log.push(entry);
    }

    pub(crate) fn hint(&mut self, message: String, place: Option<Place>, alias: Option<String>, outside: &dyn Outside) {
        let entry = self.entry(LogKind::Hint, &Text::plain(message), outside);
        self.log(LogEntry { place, alias, ..entry });
    }

    /// A hint about an exchange with the network.
    pub(crate) fn hint_about(&mut self, text: &Text, exchange: Option<u64>, place: Place, outside: &dyn Outside) {
        let entry = self.entry(LogKind::Hint, text, outside);
        self.log(LogEntry { place: Some(place), exchange, ..entry });
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
    pub(crate) fn parts(&mut self, text: &Text) -> Vec<Part> {
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
