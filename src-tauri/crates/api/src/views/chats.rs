//! The test chat. A secret's value is in none of its parts.

use studio::chat;

use crate::types::{
    ButtonKind, ButtonView, ChatItem, ChatStatus, ChatView, EventLine, ExchangeView, Frame, HeaderView, LogLine, Part,
    PauseView, Place, Speaker, VariableScope, VariableView,
};

impl From<studio::ChatSnapshot> for ChatView {
    fn from(snapshot: studio::ChatSnapshot) -> Self {
        let view = snapshot.view;
        let frame = |frame: &chat::StackItem| Frame { dialog: frame.name.clone(), place: place(&frame.place) };
        Self {
            chat: snapshot.id,
            persona: snapshot.persona,
            pasted: snapshot.pasted,
            items: view.items.iter().map(item).collect(),
            log: view.log.iter().map(log_line).collect(),
            variables: view.variables.iter().map(variable).collect(),
            stack: view.stack.iter().map(frame).collect(),
            events: view.events.iter().map(event).collect(),
            exchanges: snapshot.exchanges.iter().map(exchange).collect(),
            status: match view.status {
                chat::Status::Waiting => ChatStatus::Waiting,
                chat::Status::Working => ChatStatus::Working,
                chat::Status::Paused => ChatStatus::Paused,
                chat::Status::Idle => ChatStatus::Idle,
                chat::Status::Stopped => ChatStatus::Stopped,
            },
            pause: view.pause.as_ref().map(pause),
            ahead_seconds: u32::try_from(view.offset_seconds).unwrap_or(u32::MAX),
            at: view.at.as_ref().map(place),
            stale: snapshot.stale,
        }
    }
}

fn item(item: &chat::Item) -> ChatItem {
    ChatItem {
        id: number(item.id),
        at: item.at.clone(),
        from: match item.from {
            chat::From::Bot => Speaker::Bot,
            chat::From::User => Speaker::User,
            chat::From::Note => Speaker::Note,
            chat::From::Error => Speaker::Error,
        },
        text: parts(&item.parts),
        buttons: item.buttons.iter().map(button).collect(),
        quick_replies: item.quick_replies.clone(),
        place: item.place.as_ref().map(place),
    }
}

fn button(button: &chat::Button) -> ButtonView {
    let signs_in = match &button.kind {
        chat::ButtonKind::Open { url } => match url.as_slice() {
            [chat::Part::Text { text: url } | chat::Part::Link { url }] => url.strip_prefix(studio::SIGN_IN_LINK),
            _ => None,
        },
        chat::ButtonKind::Event { .. } => None,
    };
    ButtonView {
        label: parts(&button.label),
        kind: match (&button.kind, signs_in) {
            (chat::ButtonKind::Event { .. }, _) => ButtonKind::Event,
            (chat::ButtonKind::Open { .. }, Some(_)) => ButtonKind::SignIn,
            (chat::ButtonKind::Open { .. }, None) => ButtonKind::Link,
        },
        alias: signs_in.map(str::to_owned),
        pressed: button.pressed,
    }
}

fn event(event: &chat::EventEntry) -> EventLine {
    EventLine {
        id: number(event.id),
        at: event.at.clone(),
        name: event.name.clone(),
        payload: parts(&event.payload),
        source: match event.source {
            chat::EventSource::Button => "button",
            chat::EventSource::Login => "sign-in",
            chat::EventSource::Studio => "you",
        }
        .to_owned(),
        handled_by: event.handled_by.as_ref().map(place),
    }
}

fn pause(pause: &chat::Pause) -> PauseView {
    let message = match &pause.alias {
        Some(_) => "Nobody has allowed that yet. Allow it if the script is meant to send it there; it is asked once."
            .to_owned(),
        None => format!("This bot is about to reach {}, an address of this computer or its network.", pause.host),
    };
    PauseView { alias: pause.alias.clone(), host: pause.host.clone(), message, place: Some(place(&pause.place)) }
}

pub(crate) fn exchange(exchange: &studio::wire::Exchange) -> ExchangeView {
    let headers = |headers: &[(String, String)]| {
        headers.iter().map(|(name, value)| HeaderView { name: name.clone(), value: value.clone() }).collect()
    };
    ExchangeView {
        id: number(exchange.id),
        at: exchange.at.to_string(),
        what: exchange.cause.what.clone(),
        place: exchange.cause.place.as_deref().and_then(written_place),
        method: exchange.method.clone(),
        host: exchange
            .url
            .split("://")
            .nth(1)
            .and_then(|rest| rest.split(['/', '?']).next())
            .unwrap_or_default()
            .to_owned(),
        url: exchange.url.clone(),
        status: exchange.status,
        milliseconds: number(exchange.ms),
        practice: exchange.practice,
        aliases: exchange.aliases.clone(),
        request_headers: headers(&exchange.request_headers),
        request_body: exchange.request_body.clone(),
        response_headers: headers(&exchange.response_headers),
        response_body: exchange.response_body.clone(),
        error: exchange.error.clone().unwrap_or_default(),
        truncated: exchange.truncated,
    }
}

/// A place as a cause holds it: `main.bubble:3:5`.
fn written_place(text: &str) -> Option<Place> {
    let mut parts = text.rsplitn(3, ':');
    let (column, line) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(Place { file: parts.next()?.to_owned(), line, column })
}

fn log_line(line: &chat::LogEntry) -> LogLine {
    LogLine {
        id: number(line.id),
        at: line.at.clone(),
        text: parts(&line.parts),
        alias: line.alias.clone(),
        place: line.place.as_ref().map(place),
        hint: line.kind == chat::LogKind::Hint,
    }
}

fn variable(variable: &chat::Variable) -> VariableView {
    VariableView { name: variable.name.clone(), scope: scope(&variable.name), value: parts(&variable.parts) }
}

/// The language tells a variable's scope by its name.
fn scope(name: &str) -> VariableScope {
    const BUILT_IN: [&str; 12] = [
        "answer",
        "attachment",
        "bot",
        "conversation",
        "entity",
        "event",
        "http",
        "location",
        "message",
        "schedule_id",
        "user",
        "visitor",
    ];
    if name.starts_with('_') {
        VariableScope::Local
    } else if BUILT_IN.contains(&name) {
        VariableScope::BuiltIn
    } else {
        VariableScope::Global
    }
}

fn parts(parts: &[chat::Part]) -> Vec<Part> {
    let part = |part: &chat::Part| match part {
        chat::Part::Text { text } => Part::Text { text: text.clone() },
        chat::Part::Link { url } => Part::Link { url: url.clone() },
        chat::Part::Secret { alias, part } => Part::Secret { alias: alias.clone(), part: *part },
    };
    parts.iter().map(part).collect()
}

fn place(place: &chat::Place) -> Place {
    Place { file: place.file.to_string(), line: place.line, column: place.column }
}

/// Numbers in JSON are exact up to 2^53; a conversation has far fewer items than fit here.
fn number(id: u64) -> u32 {
    u32::try_from(id).unwrap_or(u32::MAX)
}
