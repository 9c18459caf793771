//! A user's path as data, read by this driver and by the one in the browser.

use std::fs;

use serde::{Deserialize, Serialize};

use crate::{Keychain, folder};

/// A path from `flows/NAME.json`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// One sentence: what the user does.
    pub title: String,
    /// The fixture that is copied and opened. `None`: the program starts without a bot.
    #[serde(default)]
    pub bot: Option<String>,
    /// The keychain of the session.
    #[serde(default)]
    pub keychain: FlowKeychain,
    /// What dialogs of the system answer, folders of the user's home: the window cannot be told, so only the browser runs
    /// a path that has some.
    #[serde(default)]
    pub picks: Vec<String>,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

/// The keychains that a path can ask for.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FlowKeychain {
    /// One that is open.
    #[default]
    Open,
    /// None at all.
    None,
}

/// One thing that the user does or sees. A wait for what is to be seen is part of every step.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Step {
    /// Clicks an element.
    Click(Target),
    /// Replaces what a field holds.
    Fill(Fill),
    /// Types at the caret.
    Type(String),
    /// Presses a key, such as `Enter` or `Control+s`.
    Press(String),
    /// Chooses an option of a list by its label.
    Choose(Choose),
    /// Goes through the page that the system's browser was given last, in a browser.
    Browse(Browse),
    /// Waits until it is there.
    See(Target),
    /// Waits until it is not there.
    Gone(Target),
    /// Writes a file of the bot, as another program would.
    Write(File),
    /// Waits until a file of the bot holds exactly this.
    File(File),
    /// Quits and starts again, without naming a bot.
    Relaunch(Relaunch),
    /// A picture of this screen in every size; in the browser also in both themes, and checked for barriers.
    Shot(String),
}

/// Which element is meant.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Its role, implied or given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Its whole accessible name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A part of its accessible name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub like: Option<String>,
    /// A text in it: the innermost element with all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Whether it is ticked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked: Option<bool>,
    /// The element it is inside of.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    pub inside: Option<Box<Target>>,
}

/// A field and what it is to hold.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fill {
    /// The field.
    pub field: Target,
    /// Its new value.
    pub value: String,
}

/// What a person does on a consent page.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Browse {
    /// Who signs in: the label of a choice. `None`: the one that is chosen already.
    #[serde(default)]
    pub person: Option<String>,
    /// The button to press.
    pub press: String,
    /// A text on the page that it ends at.
    pub see: String,
}

/// A list and what is chosen in it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choose {
    /// The list.
    pub field: Target,
    /// The label of the option.
    pub option: String,
}

/// A file and its text.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Relative to the bot's folder.
    pub path: String,
    /// All of it.
    pub text: String,
}

/// No details are needed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relaunch {}

impl Flow {
    /// Reads `flows/NAME.json`.
    ///
    /// # Panics
    /// It is not there or not a flow.
    pub fn read(name: &str) -> Self {
        let path = folder("flows").join(name).with_extension("json");
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The names of all flows, sorted.
    ///
    /// # Panics
    /// The folder cannot be read.
    pub fn names() -> Vec<String> {
        let entries = fs::read_dir(folder("flows")).expect("the folder of flows");
        let paths = entries.flatten().map(|entry| entry.path());
        let flows = paths.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
        let mut names: Vec<String> = flows.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect();
        names.sort();
        names
    }
}

impl From<FlowKeychain> for Keychain {
    fn from(keychain: FlowKeychain) -> Self {
        match keychain {
            FlowKeychain::Open => Self::Gnome,
            FlowKeychain::None => Self::None,
        }
    }
}
