//! The test chat. A secret's value is in none of its parts.

use studio::chat;

use crate::types::{ChatItem, ChatStatus, ChatView, Frame, LogLine, Part, Place, Speaker, VariableScope, VariableView};

impl From<studio::ChatSnapshot> for ChatView {
    fn from(snapshot: studio::ChatSnapshot) -> Self {
        let view = snapshot.view;
        let frame = |frame: &chat::StackItem| Frame { dialog: frame.name.clone(), place: place(&frame.place) };
        Self {
            chat: snapshot.id,
            items: view.items.iter().map(item).collect(),
            log: view.log.iter().map(log_line).collect(),
            variables: view.variables.iter().map(variable).collect(),
            stack: view.stack.iter().map(frame).collect(),
            status: match view.status {
                chat::Status::Waiting => ChatStatus::Waiting,
                chat::Status::Idle => ChatStatus::Idle,
                chat::Status::Stopped => ChatStatus::Stopped,
            },
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
        place: item.place.as_ref().map(place),
    }
}

fn log_line(line: &chat::LogEntry) -> LogLine {
    LogLine {
        id: number(line.id),
        at: line.at.clone(),
        text: parts(&line.parts),
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
