//! What scripts want to be remembered beyond the conversation.

use std::sync::Arc;

use bubblescript::{Fault, Shape, Value};
use serde::{Deserialize, Serialize};
use serde_json::Map;

use crate::Chat;

/// One thing to remember or to forget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// The variable and the names within it, such as `user` and `email`.
    pub path: Vec<String>,
    /// The value as JSON, which never holds a secret; `None` to forget it.
    pub json: Option<String>,
}

/// What is remembered of a persona after some memories: a JSON object from variables to values, `None` when it is empty. `before`
/// is such an object; anything else counts as nothing.
pub fn remembered(before: Option<&str>, memories: &[Memory]) -> Option<String> {
    let mut all: Map<String, serde_json::Value> =
        before.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    for memory in memories {
        let value = memory.json.as_deref().and_then(|text| serde_json::from_str(text).ok());
        change(&mut all, &memory.path, value);
    }
    if all.is_empty() { None } else { serde_json::to_string(&all).ok() }
}

/// Writes or removes one entry; maps that become empty go too.
fn change(map: &mut Map<String, serde_json::Value>, path: &[String], value: Option<serde_json::Value>) {
    let Some((name, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        match value {
            Some(value) => map.insert(name.clone(), value),
            None => map.remove(name),
        };
        return;
    }
    let mut inner = match map.remove(name) {
        Some(serde_json::Value::Object(inner)) => inner,
        _ => Map::new(),
    };
    change(&mut inner, rest, value);
    if !inner.is_empty() {
        map.insert(name.clone(), serde_json::Value::Object(inner));
    }
}

impl Chat {
    /// Notes that a script remembers a value.
    pub(crate) fn remember(&mut self, path: &[Arc<str>], value: &Value) -> Result<(), Fault> {
        let kept = match (path, value) {
            // Ids of tokens are the studio's own matter: it knows them, and they change with every sign-in.
            ([variable], Value::Map(map)) if matches!(&**variable, "user" | "bot") => {
                let fields = map.iter().filter(|(field, _)| &***field != "tokens");
                Value::map(Shape::Plain, fields.map(|(field, value)| (field.clone(), value.clone())))?
            }
            ([variable, tokens, ..], _) if matches!(&**variable, "user" | "bot") && &**tokens == "tokens" => {
                return Ok(());
            }
            (_, value) => value.clone(),
        };
        let json = if kept == Value::Nil { None } else { Some(kept.to_json()?.masked()) };
        self.memory(path, json);
        Ok(())
    }

    pub(crate) fn memory(&mut self, path: &[Arc<str>], json: Option<String>) {
        let path = path.iter().map(|name| name.to_string()).collect();
        self.state.memories.push(Memory { path, json });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: Option<&str>, memories: &[(&[&str], Option<&str>)], expect: Option<&str>) {
        let memory = |(path, json): &(&[&str], Option<&str>)| Memory {
            path: path.iter().map(|name| name.to_string()).collect(),
            json: json.map(str::to_string),
        };
        let memories: Vec<Memory> = memories.iter().map(memory).collect();
        assert_eq!(remembered(before, &memories).as_deref(), expect);
    }

    #[test]
    fn memories_add_up() {
        check(None, &[], None);
        check(None, &[(&["user", "email"], Some("\"a@b\""))], Some(r#"{"user":{"email":"a@b"}}"#));
        let before = Some(r#"{"n":1,"user":{"email":"a@b"}}"#);
        check(before, &[(&["user", "email"], None)], Some(r#"{"n":1}"#));
        check(before, &[(&["user"], Some("{\"x\":2}")), (&["n"], None)], Some(r#"{"user":{"x":2}}"#));
        check(before, &[(&["n", "deep"], Some("true"))], Some(r#"{"n":{"deep":true},"user":{"email":"a@b"}}"#));
        check(before, &[(&["user"], None), (&["n"], None)], None);
        check(Some("no JSON"), &[(&["a"], Some("1"))], Some(r#"{"a":1}"#));
    }
}
