//! What the operators do, above all with odd operands: `nil` is the neutral element, numbers and texts mix, `==` is loose.

use std::cmp::Ordering;
use std::ops::Deref;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::value::{Fault, List, Reveal, Shape, Text, Value};

/// A binary operator that looks at both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Join,
    Append,
    Without,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
}

impl Operator {
    pub(crate) fn from_symbol(symbol: &str) -> Option<Self> {
        Some(match symbol {
            "+" | "+=" => Self::Add,
            "-" | "-=" => Self::Subtract,
            "*" | "*=" => Self::Multiply,
            "/" | "/=" => Self::Divide,
            "<>" => Self::Join,
            "++" => Self::Append,
            "--" => Self::Without,
            "==" => Self::Equal,
            "!=" => Self::Unequal,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            "in" => Self::In,
            _ => return None,
        })
    }
}

pub(crate) fn binary(operator: Operator, left: Value, right: &Value, reveal: &dyn Reveal) -> Result<Value, Fault> {
    use Operator::*;
    match operator {
        Add => add(left, right),
        Subtract | Multiply | Divide => calculate(operator, &left, right, reveal),
        Join => join(left, right),
        Append => append(left, right),
        Without => without(&left, right, reveal),
        Equal => Ok(Value::Bool(equal(&left, right, reveal)?)),
        Unequal => Ok(Value::Bool(!equal(&left, right, reveal)?)),
        Less | LessOrEqual | Greater | GreaterOrEqual => {
            let order = compare(&left, right, reveal)?;
            Ok(Value::Bool(order.is_some_and(|order| match operator {
                Less => order.is_lt(),
                LessOrEqual => order.is_le(),
                Greater => order.is_gt(),
                _ => order.is_ge(),
            })))
        }
        In => Ok(Value::Bool(contains(right, &left, reveal)?)),
    }
}

fn add(left: Value, right: &Value) -> Result<Value, Fault> {
    use Value::{Float, Int, List, Nil};
    match (&left, right) {
        (Int(a), Int(b)) => match a.checked_add(*b) {
            Some(sum) => Ok(Int(sum)),
            None => finite(*a as f64 + *b as f64),
        },
        (Int(_) | Float(_), Int(_) | Float(_)) => finite(as_float(&left) + as_float(right)),
        (Nil, other) => Ok(other.clone()),
        (_, Nil) => Ok(left),
        (List(_), List(_)) => append(left, right),
        _ if is_textual(&left) && (is_textual(right) || is_simple(right)) => join(left, right),
        _ if is_simple(&left) && is_textual(right) => join(left, right),
        _ => Err(mismatch("+", &left, right)),
    }
}

fn as_float(value: &Value) -> f64 {
    match value {
        Value::Int(value) => *value as f64,
        Value::Float(value) => *value,
        _ => 0.0,
    }
}

fn finite(value: f64) -> Result<Value, Fault> {
    if value.is_finite() {
        return Ok(Value::Float(value));
    }
    Err(Fault::new("This number gets too large.", "Check the numbers that go into this line."))
}

fn mismatch(symbol: &str, left: &Value, right: &Value) -> Fault {
    let message = format!("`{symbol}` cannot be used with {} and {}.", left.kind_name(), right.kind_name());
    Fault::new(message, "Check what the two sides hold, for example with `log`.")
}

/// Whether a value acts as text.
fn is_textual(value: &Value) -> bool {
    match value {
        Value::Text(_) | Value::Secret(_) | Value::Atom(_) => true,
        Value::Map(map) => map.shape() == Shape::Message,
        _ => false,
    }
}

fn is_simple(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Float(_) | Value::Bool(_) | Value::Nil)
}

/// Appends the text of one value to the text of another.
pub(crate) fn join(left: Value, right: &Value) -> Result<Value, Fault> {
    let mut whole = match left {
        Value::Text(text) => text,
        other => Arc::new(textual(&other)?),
    };
    let text = Arc::make_mut(&mut whole);
    match right {
        Value::Text(right) => text.push_text(right),
        other => text.push_text(&textual(other)?),
    }
    crate::value::check_size(text.weight(), text.depth())?;
    Ok(Value::Text(whole))
}

fn textual(value: &Value) -> Result<Text, Fault> {
    if let Value::Secret(secret) = value {
        let mut text = Text::default();
        text.push_secret(secret.clone());
        return Ok(text);
    }
    value.to_text()
}

fn append(left: Value, right: &Value) -> Result<Value, Fault> {
    match (left, right) {
        (Value::Nil, Value::List(_)) => Ok(right.clone()),
        (left @ Value::List(_), Value::Nil) => Ok(left),
        (Value::List(mut list), Value::List(more)) => {
            let own = Arc::make_mut(&mut list);
            for item in more.items() {
                own.push(item.clone())?;
            }
            own.add_aliases(more.aliases());
            Ok(Value::List(list))
        }
        (left, right) => Err(mismatch("++", &left, right)),
    }
}

fn without(left: &Value, right: &Value, reveal: &dyn Reveal) -> Result<Value, Fault> {
    match (left, right) {
        (Value::Nil, _) => Ok(Value::Nil),
        (_, Value::Nil) => Ok(left.clone()),
        (Value::List(list), Value::List(unwanted)) => {
            let mut unwanted = unwanted.items().to_vec();
            let mut rest = List::default();
            for item in list.items() {
                match position(&unwanted, item, reveal)? {
                    Some(index) => drop(unwanted.remove(index)),
                    None => rest.push(item.clone())?,
                }
            }
            rest.add_aliases(list.aliases());
            Ok(Value::List(Arc::new(rest)))
        }
        _ => Err(mismatch("--", left, right)),
    }
}

fn position(items: &[Value], wanted: &Value, reveal: &dyn Reveal) -> Result<Option<usize>, Fault> {
    for (index, item) in items.iter().enumerate() {
        if equal(item, wanted, reveal)? {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

fn calculate(operator: Operator, left: &Value, right: &Value, reveal: &dyn Reveal) -> Result<Value, Fault> {
    let symbol = match operator {
        Operator::Subtract => "-",
        Operator::Multiply => "*",
        _ => "/",
    };
    let (Some(a), Some(b)) = (number(left, reveal)?, number(right, reveal)?) else {
        return Err(mismatch(symbol, left, right));
    };
    if let (Value::Int(a), Value::Int(b)) = (&a, &b) {
        let whole = match operator {
            Operator::Subtract => a.checked_sub(*b),
            Operator::Multiply => a.checked_mul(*b),
            _ => a.checked_rem(*b).filter(|rest| *rest == 0).and_then(|_| a.checked_div(*b)),
        };
        if let Some(whole) = whole {
            return Ok(Value::Int(whole));
        }
    }
    let (a, b) = (as_float(&a), as_float(&b));
    match operator {
        Operator::Subtract => finite(a - b),
        Operator::Multiply => finite(a * b),
        _ if b == 0.0 => Err(Fault::new("This divides by zero.", "Check the right side with `if` before dividing.")),
        _ => finite(a / b),
    }
}

/// A value as a number: numbers themselves, `nil` as 0, texts that read as one.
pub(crate) fn number(value: &Value, reveal: &dyn Reveal) -> Result<Option<Value>, Fault> {
    match value {
        Value::Nil => Ok(Some(Value::Int(0))),
        Value::Int(_) | Value::Float(_) => Ok(Some(value.clone())),
        _ if is_textual(value) => Ok(parse_number(&clear_text(value, reveal)?)),
        _ => Ok(None),
    }
}

/// Reads a text as a number.
pub(crate) fn parse_number(text: &str) -> Option<Value> {
    let text = text.trim();
    let first = text.strip_prefix(['-', '+']).unwrap_or(text).bytes().next()?;
    if !first.is_ascii_digit() && first != b'.' {
        return None;
    }
    let whole = text.parse().map(Value::Int);
    whole.ok().or_else(|| text.parse().ok().filter(|value: &f64| value.is_finite()).map(Value::Float))
}

/// A text that is wiped when it had to be revealed.
pub(crate) enum ClearText<'v> {
    Borrowed(&'v str),
    Owned(Zeroizing<String>),
}

impl Deref for ClearText<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Owned(text) => text,
        }
    }
}

/// The clear text of a value that acts as text, or of anything else as it would be shown.
pub(crate) fn clear_text<'v>(value: &'v Value, reveal: &dyn Reveal) -> Result<ClearText<'v>, Fault> {
    match value {
        Value::Text(text) => {
            if let Some(text) = text.as_plain() {
                return Ok(ClearText::Borrowed(text));
            }
        }
        Value::Atom(name) => return Ok(ClearText::Borrowed(name)),
        _ => {}
    }
    let text = textual(value)?;
    text.reveal(reveal).map(ClearText::Owned).ok_or_else(|| withheld(text.aliases()))
}

/// The fault when the host does not give a secret out.
pub(crate) fn withheld(aliases: &crate::value::Aliases) -> Fault {
    Fault::new(
        format!("The value of `{aliases}` cannot be read right now."),
        "Check under Settings, Integrations that it is connected and the vault is open.",
    )
}

/// Loose equality: 1, 1.0 and "1" are equal, `:yes` and "yes" too, a message equals its text.
pub(crate) fn equal(left: &Value, right: &Value, reveal: &dyn Reveal) -> Result<bool, Fault> {
    use Value::{Bool, Float, Int, List, Map, Nil};
    Ok(match (left, right) {
        (Nil, Nil) => true,
        (Bool(a), Bool(b)) => a == b,
        (Int(a), Int(b)) => a == b,
        (Int(_) | Float(_), Int(_) | Float(_)) => as_float(left) == as_float(right),
        (List(a), List(b)) => {
            if Arc::ptr_eq(a, b) {
                return Ok(true);
            }
            if a.items().len() != b.items().len() {
                return Ok(false);
            }
            for (a, b) in a.items().iter().zip(b.items()) {
                if !equal(a, b, reveal)? {
                    return Ok(false);
                }
            }
            true
        }
        _ if is_textual(left) && is_textual(right) => *clear_text(left, reveal)? == *clear_text(right, reveal)?,
        (Int(_) | Float(_), _) if is_textual(right) => {
            parse_number(&clear_text(right, reveal)?).is_some_and(|number| as_float(&number) == as_float(left))
        }
        (_, Int(_) | Float(_)) if is_textual(left) => equal(right, left, reveal)?,
        (Map(a), Map(b)) => {
            if Arc::ptr_eq(a, b) {
                return Ok(true);
            }
            if a.len() != b.len() {
                return Ok(false);
            }
            for (key, a) in a.iter() {
                let Some(b) = b.get(key) else { return Ok(false) };
                if !equal(a, b, reveal)? {
                    return Ok(false);
                }
            }
            true
        }
        _ => false,
    })
}

/// The order of two values; `None` beside `nil`, which is neither less nor greater.
fn compare(left: &Value, right: &Value, reveal: &dyn Reveal) -> Result<Option<Ordering>, Fault> {
    use Value::{Float, Int, Nil};
    match (left, right) {
        (Nil, _) | (_, Nil) => Ok(None),
        (Int(a), Int(b)) => Ok(Some(a.cmp(b))),
        (Int(_) | Float(_), _) | (_, Int(_) | Float(_)) => match (number(left, reveal)?, number(right, reveal)?) {
            (Some(a), Some(b)) => Ok(as_float(&a).partial_cmp(&as_float(&b))),
            _ => Err(mismatch("<", left, right)),
        },
        _ if is_textual(left) && is_textual(right) => {
            Ok(Some(clear_text(left, reveal)?.cmp(&clear_text(right, reveal)?)))
        }
        _ => Err(mismatch("<", left, right)),
    }
}

/// Whether a list has an item, a map a key, or a text a part.
pub(crate) fn contains(whole: &Value, part: &Value, reveal: &dyn Reveal) -> Result<bool, Fault> {
    match whole {
        Value::Nil => Ok(false),
        Value::List(list) => Ok(position(list.items(), part, reveal)?.is_some()),
        _ if is_textual(whole) => Ok(clear_text(whole, reveal)?.contains(&*clear_text(part, reveal)?)),
        Value::Map(map) => Ok(map.get(&clear_text(part, reveal)?).is_some()),
        _ => Err(mismatch("in", part, whole)),
    }
}

/// `-x`.
pub(crate) fn negate(value: &Value, reveal: &dyn Reveal) -> Result<Value, Fault> {
    binary(Operator::Subtract, Value::Int(0), value, reveal)
}
