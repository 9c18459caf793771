//! Events: from buttons, sign-ins and the studio.

use bubblescript::{Action, Fault, Input, Shape, Value};

use crate::outside::Revealing;
use crate::setup::Owner;
use crate::turn::Waiting;
use crate::view::{EventEntry, EventSource};
use crate::{Chat, NotJson, Outside, Payload, Pressed};

impl Payload {
    pub(crate) fn value(self) -> Result<Value, NotJson> {
        match self {
            Self::None => Ok(Value::Nil),
            Self::Text(text) => Ok(Value::text(text)),
            Self::Json(text) => crate::json::value(&text, &[]).map_err(|_| NotJson),
        }
    }
}

impl std::fmt::Debug for Pressed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Open(_) => "Open(…)",
            Self::Event => "Event",
            Self::Nothing => "Nothing",
        })
    }
}

impl Chat {
    /// Notes an event and lets it come in as soon as the script stands still.
    pub(crate) fn bring(&mut self, name: &str, payload: Value, source: EventSource, outside: &dyn Outside) {
        let shown = match &payload {
            Value::Nil => Vec::new(),
            other => {
                // A text stands without quotation marks here.
                let bare = matches!(other, Value::Text(_) | Value::Secret(_)).then(|| other.to_text().ok()).flatten();
                let text = bare.unwrap_or_else(|| crate::view::shown(other));
                self.state.parts(&text)
            }
        };
        let id = self.state.id();
        let at = self.now(outside);
        let name = name.to_string();
        let entry = EventEntry { id, at, name: name.clone(), payload: shown, source, handled_by: None };
        self.state.events.push(entry);
        self.state.queue.push_back(Waiting::Event { entry: id, name, payload });
        self.work(outside);
    }

    /// Lets an event come in now.
    pub(crate) fn let_in(&mut self, entry: u64, name: &str, payload: Value, outside: &dyn Outside) {
        match self.raise(name, payload) {
            Ok(true) => {
                self.state.event = Some(entry);
                self.go(Input::Go, outside);
            }
            Ok(false) => self.unhandled(name, outside),
            Err(fault) => self.note(&format!("{} {}", fault.message, fault.hint), outside),
        }
    }

    fn raise(&mut self, name: &str, payload: Value) -> Result<bool, Fault> {
        let entries = [("name", Value::text(name)), ("payload", payload), ("sender", Value::Nil)];
        let event = Value::map(Shape::Plain, entries)?;
        self.state.machine.raise(&self.program, name, event)
    }

    pub(crate) fn unhandled(&mut self, name: &str, outside: &dyn Outside) {
        self.hint(format!("Nothing in this bot reacts to the event `{name}` now."), None, None, outside);
    }

    /// Notes which dialog or task took the event that came in last.
    pub(crate) fn note_taker(&mut self) {
        let Some(id) = self.state.event else { return };
        let place = self.state.machine.taken_by(&self.program);
        if let Some(entry) = self.state.events.iter_mut().find(|own| own.id == id) {
            entry.handled_by = place;
        }
    }

    /// No guard held, so nothing took it after all.
    pub(crate) fn declined(&mut self, outside: &dyn Outside) {
        let Some(id) = self.state.event.take() else { return };
        let Some(entry) = self.state.events.iter_mut().find(|own| own.id == id) else { return };
        entry.handled_by = None;
        let name = entry.name.clone();
        self.unhandled(&name, outside);
    }

    pub(crate) fn connected(&mut self, alias: &str, id: &str, outside: &dyn Outside) {
        if let Err(fault) = self.put_token(Owner::User, alias, Some(id)) {
            self.note(&fault.message, outside);
        }
        self.bring(&format!("token:{alias}"), Value::text(id), EventSource::Login, outside);
    }

    pub(crate) fn push_button(&mut self, item: u64, button: usize, outside: &dyn Outside) -> Pressed {
        let row = self.state.actions.iter().find(|(own, _)| *own == item).map(|(_, row)| row);
        let Some(action) = row.and_then(|row| row.get(button)).cloned() else { return Pressed::Nothing };
        let shown = self.state.items.iter_mut().find(|own| own.id == item);
        if let Some(shown) = shown.and_then(|own| own.buttons.get_mut(button)) {
            shown.pressed = true;
        }
        match action {
            Action::Open { url } if url.is_empty() => Pressed::Nothing,
            Action::Open { url } => match url.reveal(&Revealing(outside)) {
                Some(url) => Pressed::Open(url),
                None => {
                    let message = format!("The value of `{}` cannot be read right now.", url.aliases());
                    self.notice(&message, None, outside);
                    Pressed::Nothing
                }
            },
            Action::Event { name, payload } => {
                self.bring(&name, payload, EventSource::Button, outside);
                Pressed::Event
            }
        }
    }
}
