//! Folders that the person picks, and bots that are made in them.

use std::path::{Path, PathBuf};

use crate::bots::{Snapshot, display};
use crate::examples::{self, EXAMPLES};
use crate::folder::{Before, Folder};
use crate::{Error, Studio};

/// What a folder is picked for; decides the words of the dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PickPurpose {
    OpenBot,
    NewBot,
    LocateBot,
}

/// A folder that the person picked.
#[derive(Debug, Clone)]
pub struct Picked {
    pub folder: String,
    pub path: PathBuf,
    pub empty: bool,
}

impl Studio {
    /// Asks the person for a folder. `None`: cancelled.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn pick_folder(&self, purpose: PickPurpose) -> Result<Option<Picked>, Error> {
        let title = match purpose {
            PickPurpose::OpenBot => "Open bot folder",
            PickPurpose::NewBot => "Where to put the new bot",
            PickPurpose::LocateBot => "Locate the bot's folder",
        };
        let Some(path) = self.inner.picker.folder(title) else { return Ok(None) };
        let folder = Folder::open(&path)?;
        let empty = folder.path().read_dir().is_ok_and(|mut entries| entries.next().is_none());
        Ok(Some(Picked { folder: self.folder_id(folder.path()), path: folder.path().to_owned(), empty }))
    }

    /// Makes a bot in a folder of its own inside `inside` and opens it.
    ///
    /// # Errors
    /// The title is empty, there is such a folder already, or it cannot be written.
    pub fn create_bot(&self, inside: &str, title: &str, example: Option<&str>) -> Result<Snapshot, Error> {
        self.create_bot_at(&self.folder_path(inside)?, title, example)
    }

    /// As [`Studio::create_bot`], in a folder named by its path.
    ///
    /// # Errors
    /// As [`Studio::create_bot`].
    pub fn create_bot_at(&self, inside: &Path, title: &str, example: Option<&str>) -> Result<Snapshot, Error> {
        let title = title.trim();
        let name = folder_name(title);
        if name.is_empty() {
            return Err(Error::invalid("The bot has no name yet.", "Type a title with at least one letter or digit."));
        }
        let files = match example {
            None => examples::blank(title),
            Some(id) => {
                let example = EXAMPLES.iter().find(|example| example.id == id);
                example.ok_or(Error::NotFound("There is no such example."))?.files(title)
            }
        };
        let path = Folder::open(inside)?.path().join(&name);
        std::fs::create_dir(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => {
                Error::invalid(format!("There is a folder {name} already."), "Choose another title or another place.")
            }
            _ => Error::Unavailable {
                message: format!("The folder {} could not be made: {error}.", display(&path)),
                hint: "Choose another place.".to_owned(),
            },
        })?;
        let folder = Folder::open(&path)?;
        for (file, text) in files {
            folder.write(&file, Before::Absent, &text)?;
        }
        self.open_path(&path)
    }
}

/// A title as a folder's name: lower case, letters and digits, joined by `-`.
fn folder_name(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.map(str::to_lowercase).collect::<Vec<_>>().join("-");
    name.chars().take(60).collect::<String>().trim_end_matches('-').to_owned()
}
