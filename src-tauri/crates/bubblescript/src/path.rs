//! Reading and writing inside values: `a.b`, `a[0]`, `a.b.c = v`.

use std::sync::Arc;

use crate::operate::clear_text;
use crate::value::{Fault, List, Map, Reveal, Shape, Value};

const MAX_PADDING: usize = 100_000;

/// Reads a member or an element. What is not there is `nil`, never a fault.
pub(crate) fn read(value: &Value, key: &Value, reveal: &dyn Reveal) -> Result<Value, Fault> {
    match (value, key) {
        (Value::List(list), key) => Ok(peek_item(list, key).cloned().unwrap_or_default()),
        (Value::Map(map), Value::Text(_) | Value::Atom(_) | Value::Secret(_) | Value::Int(_)) => {
            let key = clear_text(key, reveal)?;
            Ok(map.get(&key).cloned().unwrap_or_default())
        }
        (Value::Map(map), Value::Map(message)) if message.shape() == Shape::Message => {
            Ok(map.get(&clear_text(key, reveal)?).cloned().unwrap_or_default())
        }
        _ => Ok(Value::Nil),
    }
}

/// The item that a key points to, in place.
pub(crate) fn peek_item<'l>(list: &'l List, key: &Value) -> Option<&'l Value> {
    match key {
        Value::Int(index) => item(list, *index).and_then(|at| list.items().get(at)),
        _ => None,
    }
}

/// Where an index points to; negative ones count from the end.
fn item(list: &List, index: i64) -> Option<usize> {
    let length = list.items().len() as i64;
    let at = if index < 0 { index + length } else { index };
    (0..length).contains(&at).then_some(at as usize)
}

/// Writes through a path. What is missing on the way is created; a scalar in the way is replaced.
pub(crate) fn write(target: Value, keys: &[Value], value: Value) -> Result<Value, Fault> {
    let Some((key, rest)) = keys.split_first() else { return Ok(value) };
    match (target, key) {
        (Value::List(list), Value::Int(index)) => write_item(list, *index, rest, value),
        (Value::Nil, Value::Int(index)) => write_item(Arc::default(), *index, rest, value),
        (Value::Map(mut map), key) => {
            let name = key_name(key)?;
            let own = Arc::make_mut(&mut map);
            let inner = write(own.take(&name), rest, value)?;
            own.insert(name, inner)?;
            Ok(Value::Map(map))
        }
        (Value::List(_), key) => Err(Fault::new(
            format!("A list has no entry named `{}`.", key_name(key)?),
            "Use a number as the index, or a map instead of the list.",
        )),
        (_, key) => {
            let mut map = Map::new(Shape::Plain);
            map.insert(key_name(key)?, write(Value::Nil, rest, value)?)?;
            Ok(Value::Map(Arc::new(map)))
        }
    }
}

/// Removes the entry that a path leads to; maps that become empty on the way go too, and the whole becomes `nil`.
pub(crate) fn remove(target: Value, path: &[Arc<str>]) -> Result<Value, Fault> {
    let Some((name, rest)) = path.split_first() else { return Ok(Value::Nil) };
    let Value::Map(map) = target else { return Ok(target) };
    let mut kept = Map::new(map.shape());
    for (key, value) in map.iter() {
        let value = if key == name { remove(value.clone(), rest)? } else { value.clone() };
        if key != name || value != Value::Nil {
            kept.insert(key.clone(), value)?;
        }
    }
    kept.add_aliases(map.aliases());
    Ok(if kept.is_empty() { Value::Nil } else { Value::Map(Arc::new(kept)) })
}

fn write_item(mut list: Arc<List>, index: i64, rest: &[Value], value: Value) -> Result<Value, Fault> {
    let length = list.items().len();
    let at = if index < 0 { index + length as i64 } else { index };
    let Some(at) = usize::try_from(at).ok().filter(|at| *at < length + MAX_PADDING) else {
        return Err(Fault::new(
            format!("The list has {length} items, so there is no place for index {index}."),
            "Use an index near the end of the list, or append with `+ [value]`.",
        ));
    };
    let own = Arc::make_mut(&mut list);
    while own.items().len() <= at {
        own.push(Value::Nil)?;
    }
    let inner = write(own.take(at), rest, value)?;
    own.put_back(at, inner)?;
    Ok(Value::List(list))
}

/// A value as the name of a map entry.
///
/// # Errors
/// For secrets, because names are kept in clear text, and for lists and maps.
pub(crate) fn key_name(key: &Value) -> Result<Arc<str>, Fault> {
    if !key.aliases().is_empty() {
        return Err(Fault::new(
            format!("The secret `{}` cannot be the name of an entry.", key.aliases()),
            "Use the alias or another name as the key, and keep the secret as the value.",
        ));
    }
    match key {
        Value::Nil | Value::List(_) => {}
        Value::Map(map) if map.shape() != Shape::Message => {}
        simple => {
            let text = simple.to_text()?;
            return Ok(text.as_plain().unwrap_or_default().into());
        }
    }
    Err(Fault::new(format!("An entry cannot be named by {}.", key.kind_name()), "Use a text or a number as the key."))
}
