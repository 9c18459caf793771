//! The language's own functions that need nothing from outside.
//!
//! A function that looks inside a secret text gets it in clear text; what it makes of it goes back as a recipe
//! ([`Source::Derived`]), so that the result never stands in clear text either.

use std::sync::Arc;

use crate::operate;
use crate::value::{Aliases, Clear, Fault, List, Map, Reveal, Secret, Source, Text, Value, clear_copy, has_secrets};

/// A function of the language.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// Fewest and most arguments, keywords counting as one.
    pub(crate) arity: (usize, usize),
    reads: Reads,
    pub(crate) run: fn(&[Value]) -> Result<Value, Fault>,
}

impl Function {
    /// Whether it can be called with so many arguments.
    pub(crate) fn takes(&self, count: usize) -> bool {
        (self.arity.0..=self.arity.1).contains(&count)
    }
}

/// How far a function looks into secret texts.
#[derive(Clone, Copy, PartialEq)]
enum Reads {
    /// Not at all: it only moves values around.
    Nothing,
    /// Into texts that are its arguments.
    Texts,
    /// Into texts inside lists and maps too.
    Everything,
}

/// All functions, by name.
pub(crate) const FUNCTIONS: &[Function] = &[
    Function { name: "abs", arity: (1, 1), reads: Reads::Texts, run: |a| rounded(&a[0], f64::abs, i64::checked_abs) },
    Function { name: "capitalize", arity: (1, 1), reads: Reads::Texts, run: |a| mapped(&a[0], capitalize) },
    Function { name: "ceil", arity: (1, 1), reads: Reads::Texts, run: |a| rounded(&a[0], f64::ceil, Some) },
    Function { name: "contains", arity: (2, 2), reads: Reads::Everything, run: contains },
    Function {
        name: "downcase",
        arity: (1, 1),
        reads: Reads::Texts,
        run: |a| mapped(&a[0], |text| text.to_lowercase()),
    },
    Function { name: "first", arity: (1, 1), reads: Reads::Nothing, run: |a| Ok(at(&a[0], 0)) },
    Function { name: "floor", arity: (1, 1), reads: Reads::Texts, run: |a| rounded(&a[0], f64::floor, Some) },
    Function { name: "item", arity: (2, 2), reads: Reads::Nothing, run: item },
    Function {
        name: "join",
        arity: (2, 3),
        reads: Reads::Nothing,
        run: |a| joined(&a[0], &a[1], a.get(2).unwrap_or(&a[1])),
    },
    Function {
        name: "join_and",
        arity: (1, 1),
        reads: Reads::Nothing,
        run: |a| joined(&a[0], &Value::text(", "), &Value::text(" and ")),
    },
    Function { name: "keys", arity: (1, 1), reads: Reads::Nothing, run: keys },
    Function { name: "last", arity: (1, 1), reads: Reads::Nothing, run: |a| Ok(at(&a[0], -1)) },
    Function { name: "length", arity: (1, 1), reads: Reads::Texts, run: length },
    Function { name: "number", arity: (1, 1), reads: Reads::Texts, run: number },
    Function { name: "replace", arity: (3, 3), reads: Reads::Texts, run: replace },
    Function { name: "round", arity: (1, 1), reads: Reads::Texts, run: |a| rounded(&a[0], f64::round, Some) },
    Function { name: "split", arity: (2, 2), reads: Reads::Texts, run: split },
    Function { name: "starts_with", arity: (2, 2), reads: Reads::Texts, run: starts_with },
    Function { name: "string", arity: (1, 1), reads: Reads::Nothing, run: |a| operate::join(Value::text(""), &a[0]) },
    Function {
        name: "trim",
        arity: (1, 1),
        reads: Reads::Texts,
        run: |a| mapped(&a[0], |text| text.trim().to_string()),
    },
    Function { name: "upcase", arity: (1, 1), reads: Reads::Texts, run: |a| mapped(&a[0], |text| text.to_uppercase()) },
    Function { name: "url_encode", arity: (1, 1), reads: Reads::Texts, run: |a| mapped(&a[0], url_encode) },
    Function { name: "values", arity: (1, 1), reads: Reads::Nothing, run: values },
];

/// The name of [`HIDDEN`]'s function that writes a text as JSON does between quotation marks.
pub(crate) const JSON_ESCAPE: &str = "$json_escape";

/// Functions that scripts cannot name, for what is made of secrets on their way out.
const HIDDEN: &[Function] = &[Function {
    name: JSON_ESCAPE,
    arity: (1, 1),
    reads: Reads::Texts,
    run: |a| mapped(&a[0], crate::value::escaped),
}];

/// Finds a function that a recipe names.
pub(crate) fn find_for_recipe(name: &str) -> Option<&'static Function> {
    find(name).or_else(|| HIDDEN.iter().find(|function| function.name == name))
}

/// Finds a function by name.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// Calls a function; what it makes of secrets stays secret.
pub(crate) fn call(function: &Function, arguments: Vec<Value>, reveal: &dyn Reveal) -> Result<Value, Fault> {
    let (fewest, most) = function.arity;
    if !function.takes(arguments.len()) {
        let plural = if most == 1 { "" } else { "s" };
        let wanted = if fewest == most { fewest.to_string() } else { format!("{fewest} to {most}") };
        return Err(Fault::new(
            format!("`{}` takes {wanted} argument{plural}, but got {}.", function.name, arguments.len()),
            "Check the commas and brackets of the call.",
        ));
    }
    let mut aliases = Aliases::default();
    arguments.iter().for_each(|argument| aliases.join(&argument.aliases()));
    let looks_inside = |argument: &Value| match function.reads {
        Reads::Nothing => false,
        Reads::Texts => !matches!(argument, Value::List(_) | Value::Map(_)) && has_secrets(argument),
        Reads::Everything => has_secrets(argument),
    };
    if !arguments.iter().any(looks_inside) {
        let result = (function.run)(&arguments)?;
        // What a function only moves around brings its own aliases along.
        return Ok(if function.reads == Reads::Nothing { result } else { result.carrying(&aliases) });
    }
    let clear: Option<Vec<Value>> = arguments.iter().map(|argument| clear_copy(argument, reveal)).collect();
    let clear = Clear(clear.ok_or_else(|| operate::withheld(&aliases))?);
    let result = Clear(vec![(function.run)(&clear.0)?]);
    let origin = Origin { function: function.name.into(), arguments: Arc::new(arguments), aliases };
    result.0.first().map_or(Ok(Value::Nil), |value| origin.hide(value, Vec::new()))
}

/// Where the parts of a result come from.
struct Origin {
    function: Arc<str>,
    arguments: Arc<Vec<Value>>,
    aliases: Aliases,
}

impl Origin {
    /// The value with every text in it replaced by its recipe.
    fn hide(&self, value: &Value, path: Vec<u32>) -> Result<Value, Fault> {
        match value {
            Value::Text(_) | Value::Atom(_) | Value::Map(_) => {
                let source =
                    Source::Derived { function: self.function.clone(), arguments: self.arguments.clone(), path };
                Ok(Value::Secret(Arc::new(Secret::new(self.aliases.clone(), source)?)))
            }
            Value::List(list) => {
                let items = list.items().iter().enumerate().map(|(index, item)| {
                    let mut path = path.clone();
                    path.push(index as u32);
                    self.hide(item, path)
                });
                Value::list(items.collect::<Result<Vec<_>, _>>()?)
            }
            plain => Ok(plain.clone()),
        }
    }
}

impl Value {
    /// The value with more aliases noted, where values note them.
    fn carrying(self, aliases: &Aliases) -> Self {
        if aliases.is_empty() {
            return self;
        }
        match self {
            Self::Text(mut text) => {
                Arc::make_mut(&mut text).add_aliases(aliases);
                Self::Text(text)
            }
            Self::List(mut list) => {
                Arc::make_mut(&mut list).add_aliases(aliases);
                Self::List(list)
            }
            Self::Map(mut map) => {
                Arc::make_mut(&mut map).add_aliases(aliases);
                Self::Map(map)
            }
            other => other,
        }
    }
}

/// No secret reaches a function in disguise, so nothing is ever revealed inside one.
struct Nobody;

impl Reveal for Nobody {
    fn reveal(&self, _: &crate::value::Handle) -> Option<zeroize::Zeroizing<String>> {
        None
    }
}

fn unfit(name: &str, value: &Value) -> Fault {
    Fault::new(
        format!("`{name}` cannot be used with {}.", value.kind_name()),
        "Check what the value holds, for example with `log`.",
    )
}

fn mapped(value: &Value, change: impl Fn(&str) -> String) -> Result<Value, Fault> {
    Ok(Value::text(change(&operate::clear_text(value, &Nobody)?)))
}

fn capitalize(text: &str) -> String {
    let mut characters = text.chars();
    let first: String = characters.next().into_iter().flat_map(char::to_uppercase).collect();
    first + characters.as_str()
}

/// A text encoded for the query of an address (RFC 3986, unreserved characters stay).
pub(crate) fn url_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(byte as char);
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn at(value: &Value, index: i64) -> Value {
    match value {
        Value::List(_) => crate::path::read(value, &Value::Int(index), &Nobody).unwrap_or_default(),
        _ => Value::Nil,
    }
}

fn item(arguments: &[Value]) -> Result<Value, Fault> {
    match &arguments[1] {
        Value::Int(index) => Ok(at(&arguments[0], *index)),
        other => Err(unfit("item", other)),
    }
}

fn contains(arguments: &[Value]) -> Result<Value, Fault> {
    operate::contains(&arguments[0], &arguments[1], &Nobody).map(Value::Bool)
}

fn starts_with(arguments: &[Value]) -> Result<Value, Fault> {
    let start = operate::clear_text(&arguments[1], &Nobody)?;
    Ok(Value::Bool(operate::clear_text(&arguments[0], &Nobody)?.starts_with(&*start)))
}

fn joined(list: &Value, separator: &Value, last_separator: &Value) -> Result<Value, Fault> {
    let items = match list {
        Value::Nil => &[],
        Value::List(list) => list.items(),
        other => return Err(unfit("join", other)),
    };
    let mut whole = Value::Text(Arc::new(Text::default()));
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            let last = index + 1 == items.len();
            whole = operate::join(whole, if last { last_separator } else { separator })?;
        }
        whole = operate::join(whole, item)?;
    }
    Ok(whole)
}

fn keys(arguments: &[Value]) -> Result<Value, Fault> {
    match &arguments[0] {
        Value::List(list) => Value::list((0..list.items().len()).map(|index| Value::Int(index as i64))),
        Value::Map(map) => Value::list(map.iter().map(|(key, _)| Value::text(&**key))),
        other => Err(unfit("keys", other)),
    }
}

fn values(arguments: &[Value]) -> Result<Value, Fault> {
    match &arguments[0] {
        Value::List(list) => Ok(Value::List(list.clone())),
        Value::Map(map) => Value::list(map.iter().map(|(_, value)| value.clone())),
        other => Err(unfit("values", other)),
    }
}

fn length(arguments: &[Value]) -> Result<Value, Fault> {
    let length = match &arguments[0] {
        Value::Nil => 0,
        Value::List(list) => list.items().len(),
        Value::Map(map) if map.shape() != crate::value::Shape::Message => Map::len(map),
        text => operate::clear_text(text, &Nobody)?.chars().count(),
    };
    Ok(Value::Int(length as i64))
}

fn number(arguments: &[Value]) -> Result<Value, Fault> {
    match &arguments[0] {
        Value::Nil => Ok(Value::Nil),
        value => Ok(operate::number(value, &Nobody)?.unwrap_or_default()),
    }
}

fn rounded(value: &Value, float: fn(f64) -> f64, int: fn(i64) -> Option<i64>) -> Result<Value, Fault> {
    let too_large = || Fault::new("This number gets too large.", "Check the numbers that go into this line.");
    match operate::number(value, &Nobody)? {
        Some(Value::Int(whole)) => int(whole).map(Value::Int).ok_or_else(too_large),
        Some(Value::Float(own)) => {
            let changed = float(own);
            let whole = changed.fract() == 0.0 && changed.abs() < 9e15;
            Ok(if whole { Value::Int(changed as i64) } else { Value::Float(changed) })
        }
        _ => Err(unfit("round", value)),
    }
}

fn replace(arguments: &[Value]) -> Result<Value, Fault> {
    let [text, pattern, replacement] = [0, 1, 2].map(|index| operate::clear_text(&arguments[index], &Nobody));
    let (text, pattern, replacement) = (text?, pattern?, replacement?);
    if pattern.is_empty() {
        return Ok(Value::text(&*text));
    }
    let count = text.matches(&*pattern).count() as u64;
    crate::value::check_size(text.len() as u64 + count * replacement.len() as u64, 0)?;
    Ok(Value::text(text.replace(&*pattern, &replacement)))
}

fn split(arguments: &[Value]) -> Result<Value, Fault> {
    let (text, pattern) = (operate::clear_text(&arguments[0], &Nobody)?, operate::clear_text(&arguments[1], &Nobody)?);
    if pattern.is_empty() {
        return Value::list(text.chars().map(Value::text));
    }
    let mut pieces = List::default();
    for piece in text.split(&*pattern) {
        pieces.push(Value::text(piece))?;
    }
    Ok(Value::List(Arc::new(pieces)))
}
