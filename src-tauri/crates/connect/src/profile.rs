//! Who signed in: reads the answers of a provider's user info address by the pointers of [`providers::Profile`], in the shape of
//! Überauth's `info`. What is missing or unusable is absent, never an error.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use providers::{Profile, ProfileField, Source};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Longer texts are no names, and are left out. In bytes.
const TEXT_LIMIT: usize = 8 * 1024;
/// So many named addresses are kept.
const URLS_LIMIT: usize = 16;

/// A person at a provider. Every text may be absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Info {
    /// The whole name; derived where the provider gives none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The given name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The name chosen at the provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Where the person is, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// What the person says of themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The address of a picture: https, http on loopback, or a `data:image/` URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// The telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The day of birth, as the provider writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthday: Option<String>,
    /// Named addresses.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub urls: BTreeMap<String, String>,
}

/// A person, and what identifies their account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Person {
    /// Unique at the provider. Absent: the provider did not say.
    pub(crate) uid: Option<String>,
    pub(crate) info: Info,
}

impl Info {
    /// The field by its name.
    pub fn field(&self, field: ProfileField) -> Option<&str> {
        match field {
            ProfileField::Name => &self.name,
            ProfileField::FirstName => &self.first_name,
            ProfileField::LastName => &self.last_name,
            ProfileField::Nickname => &self.nickname,
            ProfileField::Email => &self.email,
            ProfileField::Location => &self.location,
            ProfileField::Description => &self.description,
            ProfileField::Image => &self.image,
            ProfileField::Phone => &self.phone,
            ProfileField::Birthday => &self.birthday,
        }
        .as_deref()
    }

    fn slot(&mut self, field: ProfileField) -> &mut Option<String> {
        match field {
            ProfileField::Name => &mut self.name,
            ProfileField::FirstName => &mut self.first_name,
            ProfileField::LastName => &mut self.last_name,
            ProfileField::Nickname => &mut self.nickname,
            ProfileField::Email => &mut self.email,
            ProfileField::Location => &mut self.location,
            ProfileField::Description => &mut self.description,
            ProfileField::Image => &mut self.image,
            ProfileField::Phone => &mut self.phone,
            ProfileField::Birthday => &mut self.birthday,
        }
    }

    /// The name where the provider gave none: first and last name, else the nickname, else the e-mail address up to its `@`.
    fn derive_name(&mut self) {
        if self.name.is_some() {
            return;
        }
        let parts: Vec<_> = [&self.first_name, &self.last_name].into_iter().flatten().map(String::as_str).collect();
        let local =
            || self.email.as_deref().and_then(|email| email.split('@').next()).filter(|local| !local.is_empty());
        self.name = if parts.is_empty() {
            self.nickname.clone().or_else(|| local().map(str::to_owned))
        } else {
            Some(parts.join(" "))
        };
    }
}

/// Reads one or more answers, in the order in which they were asked for; what the first leaves out, the next may have. `own`
/// are pointers that an entry brings (field or `uid` to JSON pointer), which go before the provider's.
pub(crate) fn read(answers: &[(&Profile, &Value)], own: &BTreeMap<String, String>) -> Person {
    let mut person = Person::default();
    for (profile, answer) in answers {
        for (key, pointer) in own {
            let found = at(answer, pointer).and_then(text);
            match ProfileField::from_word(key) {
                Some(field) => fill(person.info.slot(field), field, found),
                None if key == "uid" && person.uid.is_none() => person.uid = found,
                None => {}
            }
        }
        for (field, sources) in profile.fields {
            let found = sources.iter().filter_map(|source| find(answer, source));
            for text in found {
                fill(person.info.slot(*field), *field, Some(text));
            }
        }
        for (name, sources) in profile.urls {
            let found = sources.iter().find_map(|source| find(answer, source));
            if let Some(found) = found.filter(|_| person.info.urls.len() < URLS_LIMIT) {
                person.info.urls.entry((*name).to_owned()).or_insert(found);
            }
        }
        person.uid = person.uid.take().or_else(|| profile.uid.iter().find_map(|source| find(answer, source)));
    }
    person.info.derive_name();
    person
}

fn fill(slot: &mut Option<String>, field: ProfileField, found: Option<String>) {
    if slot.is_none() {
        *slot = found.filter(|text| field != ProfileField::Image || is_picture(text));
    }
}

/// Whether a picture may come from there: never a script, a file or plain http on a network.
fn is_picture(address: &str) -> bool {
    if address.starts_with("data:image/") {
        return true;
    }
    let Ok(url) = url::Url::parse(address) else { return false };
    let is_loopback = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        _ => false,
    };
    url.scheme() == "https" || url.scheme() == "http" && is_loopback
}

fn find(answer: &Value, source: &Source) -> Option<String> {
    match source {
        Source::At(pointer) => at(answer, pointer).and_then(text),
        Source::Text(template) => put_in(answer, template),
        Source::TextIf { at: pointer, begins, text: template } => at(answer, pointer)
            .and_then(text)
            .filter(|text| text.starts_with(begins))
            .and_then(|_| put_in(answer, template)),
        Source::InList { list, fits, at: pointer } => {
            let fits = |element: &&Value| {
                fits.iter().all(|(pointer, expect)| match at(element, pointer) {
                    Some(Value::Bool(found)) => found.to_string() == *expect,
                    found => found.and_then(text).as_deref() == Some(*expect),
                })
            };
            at(answer, list)?.as_array()?.iter().find(fits).and_then(|element| at(element, pointer)).and_then(text)
        }
    }
}

/// What stands at a JSON pointer (RFC 6901), in which `-` is the last element of a list.
fn at<'v>(value: &'v Value, pointer: &str) -> Option<&'v Value> {
    let steps = pointer.strip_prefix('/')?;
    steps.split('/').try_fold(value, |value, step| {
        let step = step.replace("~1", "/").replace("~0", "~");
        match value {
            Value::Object(map) => map.get(&step),
            Value::Array(list) if step == "-" => list.last(),
            Value::Array(list) => list.get(step.parse::<usize>().ok()?),
            _ => None,
        }
    })
}

/// A text or number that is worth showing.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty() && text.len() <= TEXT_LIMIT && !text.contains('\0')).then_some(text)
}

/// A template with the values of the pointers in its braces.
fn put_in(answer: &Value, template: &str) -> Option<String> {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (pointer, after) = after.split_once('}')?;
        let value = at(answer, pointer).and_then(text)?;
        filled.push_str(before);
        if template.starts_with("https://") {
            filled.extend(url::form_urlencoded::byte_serialize(value.as_bytes()));
        } else {
            filled.push_str(&value);
        }
        rest = after;
    }
    filled.push_str(rest);
    Some(filled)
}
