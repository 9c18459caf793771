//! Who can sign in at practice. Made up, with addresses that no mail reaches.

use serde::{Deserialize, Serialize};
use store::StoreError;

use crate::rows::{Kind, Rows};

/// A made-up person with an account at every provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// The account's id at every provider: digits.
    pub id: String,
    /// First and last name together.
    pub name: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// What the person is called where names are not used: `ada`.
    pub nickname: String,
    /// E-mail address, under example.org.
    pub email: String,
    /// A language and country: `nl-NL`.
    pub locale: String,
    /// Where the person lives.
    pub location: String,
    /// A line about the person.
    pub description: String,
    /// A telephone number of a range that is not given out.
    pub phone: String,
    /// The person's page.
    pub website: String,
    /// The address of a portrait.
    pub picture: String,
}

impl Kind for Person {
    const KIND: &'static str = "person";
}

impl Default for Person {
    fn default() -> Self {
        made_up("1000", "Sam", "Practice", "en-GB", "Nowhere", "Made up for practice")
    }
}

fn made_up(id: &str, first: &str, last: &str, locale: &str, location: &str, description: &str) -> Person {
    let nickname = first.to_lowercase();
    Person {
        id: id.to_owned(),
        name: format!("{first} {last}"),
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        email: format!("{nickname}@example.org"),
        locale: locale.to_owned(),
        location: location.to_owned(),
        description: description.to_owned(),
        phone: format!("+1555010{id}"),
        website: format!("https://example.org/{nickname}"),
        picture: format!("https://example.org/{nickname}.png"),
        nickname,
    }
}

/// Puts the first people there, if there is nobody.
pub(crate) fn settle(rows: &Rows) -> Result<(), StoreError> {
    if !rows.list::<Person>()?.is_empty() {
        return Ok(());
    }
    let people = [
        made_up("1001", "Ada", "Winter", "en-GB", "London", "Builds bots for a living"),
        made_up("1002", "Victor", "Cooper", "en-US", "Portland", "Answers the telephone"),
        made_up("1003", "Noor", "Verhoeven", "nl-NL", "Delft", "Plans everybody's calendar"),
    ];
    people.iter().try_for_each(|person| put(rows, person))
}

pub(crate) fn list(rows: &Rows) -> Result<Vec<Person>, StoreError> {
    Ok(rows.list()?.into_iter().map(|(_, person)| person).collect())
}

pub(crate) fn put(rows: &Rows, person: &Person) -> Result<(), StoreError> {
    rows.put(&person.id, person, None)
}
