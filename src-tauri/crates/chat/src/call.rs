//! Calls that leave the script: what is wanted of the host, and what becomes of its answer.

use std::sync::Arc;

use bubblescript::{Fault, Input, Place, Secret, Shape, Value};

use crate::http::{Built, HttpCall, Method, build};
use crate::json;
use crate::wanted::{Answer, Known, Reply, TokenCall, Wanted};
use crate::{Chat, Outside};

/// A call as the machine makes it.
pub(crate) struct Call {
    pub(crate) function: Arc<str>,
    pub(crate) arguments: Vec<Value>,
    pub(crate) options: Value,
    pub(crate) alias: Option<Arc<str>>,
    pub(crate) place: Place,
}

impl Chat {
    /// Asks the host for what a call wants, or answers at once where there is nothing to ask.
    pub(crate) fn call(&mut self, call: Call, outside: &dyn Outside) -> Option<Input> {
        if let Some(method) = Method::of(&call.function) {
            return self.http(method, call, outside);
        }
        let first = call.arguments.first().unwrap_or(&Value::Nil);
        if &*call.function == "oauth_link" {
            let Some(alias) = plain(first) else {
                let message = "`oauth_link` needs the alias of an integration as a text.";
                return Some(Input::Failed(message.to_string()));
            };
            return self.want(Wanted::OauthLink { alias, place: call.place });
        }
        let alias = call.alias.map(|alias| alias.to_string());
        let Some(id) = plain(first).filter(|id| !id.is_empty()) else {
            self.missing(alias, None, call.place, outside);
            return Some(Input::Returned(nothing(&call.function)));
        };
        let token = TokenCall { id, alias, place: call.place };
        match &*call.function {
            "get_access_token" => self.want(Wanted::AccessToken(token)),
            "get_token_info" => self.want(Wanted::TokenInfo(token)),
            "get_full_token" => self.want(Wanted::FullToken(token)),
            "delete_token" => self.want(Wanted::DeleteToken(token)),
            other => Some(Input::Failed(format!("`{other}` is not supported yet."))),
        }
    }

    fn want(&mut self, wanted: Wanted) -> Option<Input> {
        self.state.wanted = Some((self.state.next_wanted, wanted));
        self.state.next_wanted += 1;
        None
    }

    fn http(&mut self, method: Method, call: Call, outside: &dyn Outside) -> Option<Input> {
        let place = call.place.clone();
        match build(method, &call.arguments, &call.options, call.place) {
            Ok(Built { call, remarks }) => {
                for remark in remarks {
                    self.hint(remark, Some(place.clone()), None, outside);
                }
                if call.url.is_empty() {
                    let reply = Reply::failed("There is no address to call.");
                    return Some(self.replied(&call, reply, outside));
                }
                self.want(Wanted::Http(call))
            }
            Err(fault) => Some(Input::Failed(fault.message)),
        }
    }

    /// What an answer means to the script.
    pub(crate) fn answered(&mut self, wanted: Wanted, answer: Answer, outside: &dyn Outside) -> Input {
        match (wanted, answer) {
            (_, Answer::Failed(reason)) => Input::Failed(reason),
            (Wanted::Http(call), Answer::Http(reply)) => self.replied(&call, reply, outside),
            (Wanted::Http(call), _) => self.replied(&call, Reply::failed("The call could not be made."), outside),
            (Wanted::AccessToken(_), Answer::Token { alias, handle }) => {
                Input::Returned(Value::Secret(Arc::new(Secret::token(alias, handle))))
            }
            (Wanted::TokenInfo(call), Answer::Info(text)) => self.read(&text, call, outside),
            (Wanted::FullToken(call), Answer::FullToken { alias, json, secrets }) => {
                let read = self.read(&json, call, outside);
                with_secrets(read, &alias, secrets)
            }
            (Wanted::DeleteToken(call), Answer::Bool(existed)) => {
                let dropped = if existed { self.drop_token(&call.id) } else { Ok(()) };
                result(dropped.map(|()| Value::Bool(existed)))
            }
            (Wanted::OauthLink { .. }, Answer::Link(url)) => Input::Returned(Value::text(url)),
            (wanted, answer) => {
                let note = if let Answer::Nil { note } = answer { note } else { None };
                let value = nothing(wanted.function());
                let (alias, place) = match wanted {
                    Wanted::OauthLink { alias, place } => (Some(alias), place),
                    Wanted::AccessToken(call)
                    | Wanted::TokenInfo(call)
                    | Wanted::FullToken(call)
                    | Wanted::DeleteToken(call) => (call.alias, call.place),
                    Wanted::Http(call) => (None, call.place),
                };
                self.missing(alias, note, place, outside);
                Input::Returned(value)
            }
        }
    }

    /// Tells the person at the studio why there is nothing.
    fn missing(&mut self, alias: Option<String>, note: Option<String>, place: Place, outside: &dyn Outside) {
        let message = note.unwrap_or_else(|| match &alias {
            Some(alias) => format!("There is no token for `{alias}`, so it is nil here: connect {alias}."),
            None => "There is no token with this id, so it is nil here.".to_string(),
        });
        self.hint(message, Some(place), alias, outside);
    }

    fn read(&mut self, text: &str, call: TokenCall, outside: &dyn Outside) -> Input {
        match json::value(text, &[]) {
            Ok(value) => Input::Returned(value),
            Err(_) => {
                let note = "What is known of this token cannot be read, so it is nil here.".to_string();
                self.missing(call.alias, Some(note), call.place, outside);
                Input::Returned(Value::Nil)
            }
        }
    }

    /// Makes a reply the result of the call and the variable `http`.
    fn replied(&mut self, call: &HttpCall, reply: Reply, outside: &dyn Outside) -> Input {
        self.state.exchange = reply.exchange.or(self.state.exchange);
        let (known, reply) = match call.known(outside) {
            Some(known) => (known, reply),
            None => {
                let reason = format!(
                    "The value of `{}` cannot be read any more, so the reply was dropped.",
                    call.aliases.join(", ")
                );
                (Vec::new(), Reply { exchange: reply.exchange, ..Reply::failed(reason) })
            }
        };
        let (body, error) = match (&reply.error, body(&reply, &known)) {
            (Some(error), _) => (Value::Nil, Some(error.clone())),
            (None, Ok(body)) => (body, None),
            (None, Err(error)) => (Value::Nil, Some(error)),
        };
        if let Some(error) = &error {
            let text = json::hide(&format!("`{}`: {error}", call.method.function()), &known);
            self.hint_about(&text, reply.exchange, call.place.clone(), outside);
        }
        let value = response(&reply, body, error.as_deref(), &known);
        let set = value.and_then(|value| {
            self.state.machine.set(&self.program, "http", value.clone())?;
            Ok(value)
        });
        result(set)
    }
}

fn result(value: Result<Value, Fault>) -> Input {
    value.map_or_else(|fault| Input::Failed(fault.message), Input::Returned)
}

/// What a function returns when there is nothing.
fn nothing(function: &str) -> Value {
    if function == "delete_token" { Value::Bool(false) } else { Value::Nil }
}

/// A text without secrets, or the name of an atom.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => text.as_plain().map(str::to_string),
        Value::Atom(name) => Some(name.to_string()),
        _ => None,
    }
}

fn response(reply: &Reply, body: Value, error: Option<&str>, known: &[Known]) -> Result<Value, Fault> {
    let mut headers = Vec::new();
    for (name, value) in &reply.headers {
        headers.push((json::hide(name, known).masked(), json::hidden(value, known)?));
    }
    let mut entries = vec![
        ("status_code", Value::Int(i64::from(reply.status))),
        ("body", body),
        ("headers", Value::map(Shape::Plain, headers)?),
    ];
    if let Some(error) = error {
        entries.push(("error", json::hidden(error, known)?));
    }
    Value::map(Shape::Plain, entries)
}

/// The body as the script sees it: decoded when the reply says that it is JSON and it is.
fn body(reply: &Reply, known: &[Known]) -> Result<Value, String> {
    let kind = reply.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let kind = kind.map(|(_, value)| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let is_json = kind.is_some_and(|kind| kind == "application/json" || kind == "text/json" || kind.ends_with("+json"));
    let text = reply.body.strip_prefix('\u{feff}').unwrap_or(&reply.body);
    if is_json && let Ok(value) = json::value(text, known) {
        return Ok(value);
    }
    json::hidden(&reply.body, known).map_err(|_| "The reply is too large for a script.".to_string())
}

/// Puts secrets into a value, each at a path with dots.
fn with_secrets(input: Input, alias: &str, secrets: Vec<(String, bubblescript::Handle)>) -> Input {
    let Input::Returned(mut value) = input else { return input };
    for (path, handle) in secrets {
        let keys: Vec<&str> = path.split('.').collect();
        match value.with(&keys, Value::Secret(Arc::new(Secret::token(alias, handle)))) {
            Ok(changed) => value = changed,
            Err(fault) => return Input::Failed(fault.message),
        }
    }
    Input::Returned(value)
}
