//! Errors, in the shapes that providers give them.

use serde_json::{Map, Value};

use super::Said;

/// What providers of the first table call the errors of RFC 6749 section 5.2. GitHub: "Troubleshooting OAuth app access token
/// request errors"; Slack: `oauth.v2.access`.
const SAME: &[(&str, &str)] = &[
    ("bad_verification_code", "invalid_grant"),
    ("bad_refresh_token", "invalid_grant"),
    ("invalid_code", "invalid_grant"),
    ("code_already_used", "invalid_grant"),
    ("invalid_refresh_token", "invalid_grant"),
    ("incorrect_client_credentials", "invalid_client"),
    ("bad_client_secret", "invalid_client"),
    ("invalid_client_id", "invalid_client"),
];

/// Errors that a later try may not meet (RFC 6749 section 4.1.2.1, RFC 8628 section 3.5, Slack).
pub(super) fn passes(said: &Said) -> bool {
    matches!(
        said.error.as_str(),
        "server_error" | "temporarily_unavailable" | "slow_down" | "ratelimited" | "rate_limited" | "internal_error"
    )
}

/// The error in an answer, if it says one.
pub(super) fn find(map: &Map<String, Value>) -> Option<Said> {
    let said = by_error(map)
        .or_else(|| by_list(map))
        .or_else(|| by_flag(map))
        .or_else(|| by_fault(map))
        .or_else(|| by_code(map, &["errorCode", "serviceErrorCode", "error_code"]))?;
    Some(canonical(said))
}

fn canonical(mut said: Said) -> Said {
    if let Some((own, usual)) = SAME.iter().find(|(own, _)| *own == said.error) {
        said.code.get_or_insert_with(|| (*own).to_owned());
        said.error = (*usual).to_owned();
    }
    // Microsoft puts its number at the head of the description.
    let number = said.text.as_deref().and_then(|text| text.split(':').next()).filter(|head| head.starts_with("AADSTS"));
    if let (None, Some(number)) = (&said.code, number) {
        said.code = Some(number.to_owned());
    }
    said
}

fn by_error(map: &Map<String, Value>) -> Option<Said> {
    match map.get("error")? {
        Value::String(error) if !error.is_empty() => {
            Some(Said { error: cut(error), code: None, text: description(map) })
        }
        Value::Object(inner) => Some(inside(inner)),
        Value::Array(list) => list.first().map(first),
        Value::Bool(true) => Some(Said { error: "error".into(), code: None, text: description(map) }),
        Value::Number(code) if code.as_i64() != Some(0) => {
            Some(Said { error: code.to_string(), code: Some(code.to_string()), text: description(map) })
        }
        _ => None,
    }
}

fn by_list(map: &Map<String, Value>) -> Option<Said> {
    map.get("errors")?.as_array()?.first().map(first)
}

fn first(value: &Value) -> Said {
    match value {
        Value::Object(inner) => inside(inner),
        Value::String(text) => Said { error: cut(text), ..Said::default() },
        _ => Said { error: "error".into(), ..Said::default() },
    }
}

/// `{"message": …, "type": …, "code": …}` and its relatives.
fn inside(inner: &Map<String, Value>) -> Said {
    let code = ["code", "errcode"].iter().find_map(|name| word(inner.get(*name)));
    let name = ["error", "type", "status", "title"].iter().find_map(|name| word(inner.get(*name)));
    let error = match (&code, name) {
        (Some(code), _) if code.starts_with("invalid_") => code.clone(),
        (_, Some(name)) => name,
        (Some(code), None) => code.clone(),
        (None, None) => "error".into(),
    };
    Said { error, code, text: description(inner) }
}

/// `ok: false` of Slack, `success: false`, `status: "error"`.
fn by_flag(map: &Map<String, Value>) -> Option<Said> {
    let no = ["ok", "success"].iter().any(|name| map.get(*name) == Some(&Value::Bool(false)));
    let status = map.get("status").and_then(Value::as_str);
    let failed = status.is_some_and(|status| matches!(status, "error" | "fail" | "failed"));
    (no || failed).then(|| {
        let code = ["code", "reason"].iter().find_map(|name| word(map.get(*name)));
        Said { error: code.clone().unwrap_or_else(|| "error".into()), code, text: description(map) }
    })
}

/// Apigee's `fault`.
fn by_fault(map: &Map<String, Value>) -> Option<Said> {
    let fault = map.get("fault")?.as_object()?;
    let text = fault.get("faultstring").and_then(Value::as_str).map(cut);
    let code = fault.get("detail").and_then(|detail| detail.get("errorcode")).and_then(Value::as_str).map(cut);
    Some(Said { error: code.clone().unwrap_or_else(|| "error".into()), code, text })
}

fn by_code(map: &Map<String, Value>, names: &[&str]) -> Option<Said> {
    let code = names.iter().find_map(|name| word(map.get(*name))).filter(|code| code != "0")?;
    Some(Said { error: code.clone(), code: Some(code), text: description(map) })
}

fn description(map: &Map<String, Value>) -> Option<String> {
    ["error_description", "message", "error_message", "detail", "errorSummary", "error_summary", "title"]
        .iter()
        .find_map(|name| map.get(*name).and_then(Value::as_str))
        .filter(|text| !text.trim().is_empty())
        .map(cut)
}

fn word(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) if !text.is_empty() => Some(cut(text)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Untrusted text, shortened and without control characters, which could forge lines in a log.
fn cut(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect::<String>().trim().to_owned()
}
