//! Values as text for people.

use super::text::check_size;
use super::{Fault, Map, Shape, Text, Value};

pub(super) fn to_text(value: &Value) -> Result<Text, Fault> {
    let mut text = Text::default();
    match value {
        Value::Nil => {}
        Value::Text(own) => return Ok(own.as_ref().clone()),
        Value::Map(map) if map.shape() == Shape::Message => {
            if let Some(own) = map.get("text") {
                text = to_text(own)?;
            }
        }
        Value::Atom(name) => text.push_str(name),
        other => json(other, &mut text)?,
    }
    text.add_aliases(&value.aliases());
    text.checked()
}

pub(super) fn to_source_text(value: &Value) -> Result<Text, Fault> {
    let mut text = Text::default();
    match value {
        Value::Nil => text.push_str("nil"),
        Value::Atom(name) => text.push_str(&format!(":{name}")),
        other => nested(other, &mut text)?,
    }
    text.checked()
}

fn json(value: &Value, out: &mut Text) -> Result<(), Fault> {
    match value {
        Value::Nil => out.push_str("null"),
        Value::Bool(value) => out.push_str(&value.to_string()),
        Value::Int(value) => out.push_str(&value.to_string()),
        Value::Float(value) => out.push_str(&format!("{value:?}")),
        Value::Atom(name) => quoted(name, out),
        Value::Secret(secret) => out.push_secret(secret.clone()),
        Value::Text(text) => {
            out.push_str("\"");
            for part in text.parts() {
                match part {
                    super::Part::Text(text) => out.push_str(&escaped(text)),
                    super::Part::Secret(secret) => out.push_secret(secret.clone()),
                }
            }
            out.push_str("\"");
        }
        Value::List(list) => {
            let items = list.items().iter();
            joined(out, ["[", "]"], items, nested)?;
        }
        Value::Map(map) if map.shape() == Shape::Message => nested(map.get("text").unwrap_or(&Value::Nil), out)?,
        Value::Map(map) => object(map, out)?,
    }
    check_size(out.weight(), out.depth())
}

fn nested(value: &Value, out: &mut Text) -> Result<(), Fault> {
    if let Value::Secret(_) = value {
        out.push_str("\"");
        json(value, out)?;
        out.push_str("\"");
        return Ok(());
    }
    json(value, out)
}

fn object(map: &Map, out: &mut Text) -> Result<(), Fault> {
    joined(out, ["{", "}"], map.iter(), |(key, value), out| {
        quoted(key, out);
        out.push_str(":");
        nested(value, out)
    })
}

fn joined<T>(
    out: &mut Text,
    [open, close]: [&str; 2],
    items: impl Iterator<Item = T>,
    mut write: impl FnMut(T, &mut Text) -> Result<(), Fault>,
) -> Result<(), Fault> {
    out.push_str(open);
    for (number, item) in items.enumerate() {
        if number > 0 {
            out.push_str(",");
        }
        write(item, out)?;
    }
    out.push_str(close);
    Ok(())
}

fn quoted(text: &str, out: &mut Text) {
    out.push_str("\"");
    out.push_str(&escaped(text));
    out.push_str("\"");
}

/// A text as JSON writes it between quotation marks.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            c if c.is_control() => escaped.push_str(&format!("\\u{:04x}", c as u32)),
            c => escaped.push(c),
        }
    }
    escaped
}
