//! From the arguments of a call in a script to what is to be sent.

use std::collections::BTreeSet;

use bubblescript::{Fault, Place, Shape, Text, Value};

use super::{Body, HttpCall, Method};

const OPTIONS: [&str; 7] = ["body", "form", "headers", "json", "query", "redirect", "timeout"];
const DEFAULT_TIMEOUT: f64 = 10.0;
const LONGEST_TIMEOUT: f64 = 120.0;

/// A call, and remarks about it for the person at the studio.
pub(crate) struct Built {
    pub(crate) call: HttpCall,
    pub(crate) remarks: Vec<String>,
}

/// Reads the arguments of a call: an address, perhaps data or options, perhaps keyword options.
pub(crate) fn build(method: Method, arguments: &[Value], keywords: &Value, place: Place) -> Result<Built, Fault> {
    let given = Given::new(method, arguments.get(1), keywords);
    let mut url = text(arguments.first().unwrap_or(&Value::Nil))?;
    for query in [given.option("query"), given.data.as_ref().filter(|_| method == Method::Get)].into_iter().flatten() {
        add_query(&mut url, query)?;
    }
    let headers = match given.option("headers") {
        Some(Value::Map(map)) => map
            .iter()
            .filter(|(_, value)| !matches!(value, Value::Nil))
            .map(|(name, value)| Ok((name.to_string(), text(value)?)))
            .collect::<Result<Vec<_>, Fault>>()?,
        _ => Vec::new(),
    };
    let body = given.body(method)?;
    let timeout = match given.option("timeout") {
        Some(Value::Int(seconds)) => *seconds as f64,
        Some(Value::Float(seconds)) => *seconds,
        _ => DEFAULT_TIMEOUT,
    };
    let mut call = HttpCall {
        method,
        url: url.checked()?,
        headers,
        body,
        follow: !matches!(given.option("redirect"), Some(Value::Bool(false))),
        timeout_seconds: timeout.ceil().clamp(1.0, LONGEST_TIMEOUT) as u64,
        aliases: Vec::new(),
        place,
    };
    let aliases: BTreeSet<String> =
        call.texts().flat_map(|text| text.aliases().iter().map(|alias| alias.to_string())).collect();
    call.aliases = aliases.into_iter().collect();
    Ok(Built { call, remarks: given.remarks })
}

/// What a call was given besides its address.
struct Given {
    options: Vec<(String, Value)>,
    data: Option<Value>,
    remarks: Vec<String>,
}

impl Given {
    /// Elixir passes keywords as a last argument, so `[form: …]` and `form: …` mean the same, and keywords that name no option
    /// are data.
    fn new(method: Method, second: Option<&Value>, keywords: &Value) -> Self {
        let mut given = Self { options: Vec::new(), data: None, remarks: Vec::new() };
        match second {
            Some(Value::Map(map)) if map.shape() == Shape::Keywords && are_options(map) => given.add(method, second),
            Some(Value::Nil) | None => {}
            Some(data) => given.data = Some(data.clone()),
        }
        match keywords {
            Value::Map(map) if given.data.is_none() && !map.iter().any(|(name, _)| is_option(name)) => {
                given.data = Some(keywords.clone());
            }
            keywords => given.add(method, Some(keywords)),
        }
        given
    }

    fn add(&mut self, method: Method, options: Option<&Value>) {
        let Some(Value::Map(map)) = options else { return };
        for (name, value) in map.iter() {
            if is_option(name) {
                self.options.push((name.to_string(), value.clone()));
            } else {
                self.remarks.push(format!("`{}` has no option `{name}`, so it is left out.", method.function()));
            }
        }
    }

    fn option(&self, name: &str) -> Option<&Value> {
        let found = self.options.iter().rev().find(|(own, _)| own == name);
        found.map(|(_, value)| value).filter(|value| !matches!(value, Value::Nil))
    }

    fn body(&self, method: Method) -> Result<Body, Fault> {
        if let Some(form) = self.option("form") {
            return match form {
                Value::Map(_) | Value::List(_) => Ok(Body::Form(pairs(form)?)),
                other => Ok(Body::Raw(text(other)?)),
            };
        }
        if let Some(json) = self.option("json") {
            return Ok(Body::Json(json.to_json()?));
        }
        if let Some(raw) = self.option("body") {
            return Ok(Body::Raw(text(raw)?));
        }
        match &self.data {
            Some(data) if method != Method::Get => Ok(Body::Json(data.to_json()?)),
            _ => Ok(Body::None),
        }
    }
}

fn is_option(name: &str) -> bool {
    OPTIONS.contains(&name)
}

fn are_options(map: &bubblescript::Map) -> bool {
    !map.is_empty() && map.iter().all(|(name, _)| is_option(name))
}

fn text(value: &Value) -> Result<Text, Fault> {
    value.to_text()
}

/// Names and values of a form or query. What nests is written with brackets, as Plug and PHP read it.
fn pairs(value: &Value) -> Result<Vec<(String, Text)>, Fault> {
    let mut all = Vec::new();
    match value {
        Value::Map(map) if map.shape() != Shape::Message => {
            for (name, value) in map.iter() {
                flatten(name.to_string(), value, &mut all)?;
            }
        }
        Value::List(list) => {
            for item in list.items() {
                all.extend(pairs(item)?);
            }
        }
        _ => {}
    }
    Ok(all)
}

fn flatten(name: String, value: &Value, all: &mut Vec<(String, Text)>) -> Result<(), Fault> {
    match value {
        Value::Nil => {}
        Value::Map(map) if map.shape() != Shape::Message => {
            for (key, value) in map.iter() {
                flatten(format!("{name}[{key}]"), value, all)?;
            }
        }
        Value::List(list) => {
            for item in list.items() {
                flatten(format!("{name}[]"), item, all)?;
            }
        }
        simple => all.push((name, text(simple)?)),
    }
    Ok(())
}

fn add_query(url: &mut Text, query: &Value) -> Result<(), Fault> {
    let mut separator = if url.masked().contains('?') { "&" } else { "?" };
    for (name, value) in pairs(query)? {
        url.push_str(separator);
        url.push_text(&Text::plain(name).url_encoded()?);
        url.push_str("=");
        url.push_text(&value.url_encoded()?);
        separator = "&";
    }
    Ok(())
}
