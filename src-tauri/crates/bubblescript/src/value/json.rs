//! Values as JSON for machines: what leaves a script.

use std::sync::Arc;

use super::display::escaped;
use super::text::check_size;
use super::{Fault, Map, Part, Secret, Shape, Text, Value};
use crate::functions::JSON_ESCAPE;

/// Compact JSON. Entries without a value are left out; a secret stays a part of its own that reveals itself escaped.
pub(super) fn to_json(value: &Value) -> Result<Text, Fault> {
    let mut text = Text::default();
    write(value, &mut text)?;
    text.add_aliases(&value.aliases());
    text.checked()
}

fn write(value: &Value, out: &mut Text) -> Result<(), Fault> {
    match value {
        Value::Nil => out.push_str("null"),
        Value::Bool(value) => out.push_str(&value.to_string()),
        Value::Int(value) => out.push_str(&value.to_string()),
        Value::Float(value) => out.push_str(&format!("{value:?}")),
        Value::Atom(name) => quoted(name, out),
        Value::Secret(secret) => {
            out.push_str("\"");
            out.push_secret(escaped_secret(secret)?);
            out.push_str("\"");
        }
        Value::Text(text) => {
            out.push_str("\"");
            for part in text.parts() {
                match part {
                    Part::Text(text) => out.push_str(&escaped(text)),
                    Part::Secret(secret) => out.push_secret(escaped_secret(secret)?),
                }
            }
            out.push_str("\"");
        }
        Value::List(list) => {
            out.push_str("[");
            for (number, item) in list.items().iter().enumerate() {
                if number > 0 {
                    out.push_str(",");
                }
                write(item, out)?;
            }
            out.push_str("]");
        }
        Value::Map(map) if map.shape() == Shape::Message => write(map.get("text").unwrap_or(&Value::Nil), out)?,
        Value::Map(map) => object(map, out)?,
    }
    check_size(out.weight(), out.depth())
}

fn object(map: &Map, out: &mut Text) -> Result<(), Fault> {
    out.push_str("{");
    let given = map.iter().filter(|(_, value)| !matches!(value, Value::Nil));
    for (number, (key, value)) in given.enumerate() {
        if number > 0 {
            out.push_str(",");
        }
        quoted(key, out);
        out.push_str(":");
        write(value, out)?;
    }
    out.push_str("}");
    Ok(())
}

fn quoted(text: &str, out: &mut Text) {
    out.push_str(&format!("\"{}\"", escaped(text)));
}

fn escaped_secret(secret: &Arc<Secret>) -> Result<Arc<Secret>, Fault> {
    Secret::made_by(JSON_ESCAPE, secret)
}
