//! JSON from outside as values of the language, with known secrets hidden again.

use std::fmt;

use bubblescript::{Shape, Text, Value};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::wanted::Known;

/// Reads a JSON text. Fails on what is no JSON, nests too deep or gets too large for a value.
pub(crate) fn value(text: &str, known: &[Known]) -> Result<Value, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Json { known }.deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// A text in which every known secret stands as a secret.
pub(crate) fn hide(text: &str, known: &[Known]) -> Text {
    let mut hidden = Text::default();
    let mut at = 0;
    let next = |own: &Known, from: usize| text[from..].find(own.value.as_str()).map(|offset| from + offset);
    let mut found: Vec<Option<usize>> = known.iter().map(|own| next(own, 0)).collect();
    loop {
        let ahead = found.iter().zip(known).filter_map(|(found, own)| Some(((*found)?, own)));
        // Of two at one place the first counts, which is the longer one.
        let Some((start, own)) = ahead.min_by_key(|(start, _)| *start) else { break };
        hidden.push_str(&text[at..start]);
        hidden.push_secret(own.secret.clone());
        at = start + own.value.len();
        for (found, own) in found.iter_mut().zip(known) {
            if found.is_some_and(|start| start < at) {
                *found = next(own, at);
            }
        }
    }
    hidden.push_str(&text[at..]);
    hidden
}

/// The same as a value, if it keeps to the bounds of values.
pub(crate) fn hidden(text: &str, known: &[Known]) -> Result<Value, bubblescript::Fault> {
    Ok(Value::Text(hide(text, known).checked()?.into()))
}

#[derive(Clone, Copy)]
struct Json<'k> {
    known: &'k [Known],
}

impl Json<'_> {
    fn text<E: Error>(self, text: &str) -> Result<Value, E> {
        hidden(text, self.known).map_err(|fault| E::custom(fault.message))
    }

    /// A number, unless it is a secret that consists of digits.
    fn number<E: Error>(self, shown: &dyn fmt::Display, value: Value) -> Result<Value, E> {
        if self.known.is_empty() {
            return Ok(value);
        }
        let shown = shown.to_string();
        if self.known.iter().any(|own| *own.value == shown) { self.text(&shown) } else { Ok(value) }
    }
}

impl<'de> DeserializeSeed<'de> for Json<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Json<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Nil)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.number(&value, Value::Int(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        let number = i64::try_from(value).map_or(Value::Float(value as f64), Value::Int);
        self.number(&value, number)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.text(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            all.push(item);
        }
        Value::list(all).map_err(|fault| A::Error::custom(fault.message))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(key) = entries.next_key::<String>()? {
            // Names of entries are kept in clear text, so a secret among them is lost.
            all.push((hide(&key, self.known).masked(), entries.next_value_seed(self)?));
        }
        Value::map(Shape::Plain, all).map_err(|fault| A::Error::custom(fault.message))
    }
}
