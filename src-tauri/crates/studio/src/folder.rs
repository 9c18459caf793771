//! The one door to a bot's folder: regular files only, nothing that leads out of it, for reading and writing alike.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use cap_fs_ext::OpenOptionsSyncExt;
use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};
use cap_tempfile::TempFile;

/// Largest file that is read or written, in bytes.
pub const FILE_LIMIT: u64 = 1024 * 1024;
/// Most files of a bot that are read.
const FILES_LIMIT: usize = 2_000;
/// Most bytes of a bot that are read.
const TOTAL_LIMIT: u64 = 32 * 1024 * 1024;
/// How deep folders are looked into.
const DEPTH_LIMIT: usize = 8;

/// A bot's folder, named by its canonical path. Nothing is kept open between calls, so a folder that is moved, replaced
/// or unmounted is noticed at the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    path: PathBuf,
}

/// A file of the folder as it was found: its text, or why it has none.
#[derive(Debug)]
pub struct Found {
    /// Relative to the folder, with `/`.
    pub file: String,
    pub text: Result<String, FolderError>,
}

/// Why the folder or a file in it could not be used. Each text is a sentence for the person at the screen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FolderError {
    #[error("The folder {0} is not there.")]
    Missing(String),
    #[error("{0} is not a folder.")]
    NotAFolder(String),
    #[error("{0} is not there any more.")]
    FileMissing(String),
    #[error("{0} leads out of the bot's folder, so it is not touched.")]
    LeadsOut(String),
    #[error("{0} is not a regular file, so it is not touched.")]
    NotRegular(String),
    #[error("{0} is larger than 1 MiB, so it is not read.")]
    TooLarge(String),
    #[error("{file} is not UTF-8 text: byte {at} cannot be read.")]
    NotText { file: String, at: usize },
    #[error("{0} may not be read or written: the system denied access.")]
    Denied(String),
    #[error("{0} is on a disk that can only be read.")]
    ReadOnly(String),
    #[error("The disk is full, so {0} was not written and is as it was.")]
    DiskFull(String),
    #[error("{0} was changed by another program.")]
    Changed(String),
    #[error("{file} cannot be used: {cause}.")]
    Other { file: String, cause: String },
}

impl FolderError {
    /// The next step; empty when the sentence says it already.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Missing(_) | Self::NotAFolder(_) => "Locate the folder, or remove it from the list.",
            Self::FileMissing(_) => "Restore the file, or go on without it.",
            Self::LeadsOut(_) => "Replace the link by a copy of what it points to.",
            Self::NotRegular(_) => "Move it out of the bot's folder.",
            Self::TooLarge(_) => "Split the file into smaller ones.",
            Self::NotText { .. } => "Save the file as UTF-8.",
            Self::Denied(_) => "Change the permissions of the file or its folder.",
            Self::ReadOnly(_) => "Copy the bot to a folder that can be written.",
            Self::DiskFull(_) => "Free some space, then save again.",
            Self::Changed(_) => "Reload it, or keep your text and save over it.",
            Self::Other { .. } => "",
        }
    }

    /// The folder itself is gone, rather than something in it.
    pub fn is_missing_folder(&self) -> bool {
        matches!(self, Self::Missing(_) | Self::NotAFolder(_))
    }

    fn from_io(file: &str, error: &io::Error) -> Self {
        let file = file.to_owned();
        match error.kind() {
            io::ErrorKind::NotFound => Self::FileMissing(file),
            // The sandbox answers so when a path would leave the folder; the system answers so when access is denied.
            io::ErrorKind::PermissionDenied if error.raw_os_error().is_none() => Self::LeadsOut(file),
            io::ErrorKind::PermissionDenied => Self::Denied(file),
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly(file),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull(file),
            _ => Self::Other { file, cause: error.to_string() },
        }
    }
}

impl Folder {
    /// The folder at `path`, links in the path itself resolved.
    ///
    /// # Errors
    /// [`FolderError::Missing`], [`FolderError::NotAFolder`], [`FolderError::Denied`].
    pub fn open(path: &Path) -> Result<Self, FolderError> {
        let name = path.display().to_string();
        let canonical = path.canonicalize().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => FolderError::Missing(name.clone()),
            io::ErrorKind::NotADirectory => FolderError::NotAFolder(name.clone()),
            _ => FolderError::from_io(&name, &error),
        })?;
        let folder = Self { path: canonical };
        folder.dir()?;
        Ok(folder)
    }

    /// The canonical path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder's own name.
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy().into_owned()
    }

    /// Every file that may belong to a bot, in path order: manifests, scripts, data. Files that cannot be read are
    /// listed with the reason; hidden folders and those of package managers are passed over.
    ///
    /// # Errors
    /// The folder itself cannot be read.
    pub fn read_all(&self) -> Result<Vec<Found>, FolderError> {
        let dir = self.dir()?;
        let mut names = Vec::new();
        list(&dir, "", 0, &mut names)
            .map_err(|error| FolderError::from_io(&self.path.display().to_string(), &error))?;
        names.sort();
        let mut budget = TOTAL_LIMIT;
        let found = names.into_iter().map(|file| {
            let text = read(&dir, &file);
            let text = match text {
                Ok(text) if text.len() as u64 <= budget => {
                    budget -= text.len() as u64;
                    Ok(text)
                }
                Ok(_) => Err(FolderError::Other {
                    file: file.clone(),
                    cause: "the bot's files are larger than 32 MiB together".to_owned(),
                }),
                Err(error) => Err(error),
            };
            Found { file, text }
        });
        Ok(found.collect())
    }

    /// The text of one file.
    ///
    /// # Errors
    /// Why it cannot be read, naming it.
    pub fn read(&self, file: &str) -> Result<String, FolderError> {
        read(&self.dir()?, file)
    }

    /// Replaces a file whole, or makes it: a temporary file beside it is written, synced and renamed. `before` is the
    /// text that the writer last saw on disk; when another text stands there, nothing is written.
    ///
    /// # Errors
    /// [`FolderError::Changed`] and whatever keeps the file from being written; it is then as it was.
    pub fn write(&self, file: &str, before: Before<'_>, text: &str) -> Result<(), FolderError> {
        if text.len() as u64 > FILE_LIMIT {
            return Err(FolderError::TooLarge(file.to_owned()));
        }
        let root = self.dir()?;
        expect(&root, file, before)?;
        let io_error = |error: io::Error| FolderError::from_io(file, &error);
        let (parent, name) = home(&root, file).map_err(io_error)?;
        let new = prepare(&parent, &name, text).map_err(io_error)?;
        // Another program may have written while the new file was being synced.
        expect(&root, file, before)?;
        new.replace(&name).map_err(io_error)?;
        // The folder's own handle only names it; syncing needs one that is open for reading.
        parent.open(".").and_then(|folder| folder.sync_all()).map_err(io_error)
    }

    /// Whether nothing can be written in the folder. Asked without writing, which would look like a change.
    pub fn is_read_only(&self) -> bool {
        #[cfg(unix)]
        return rustix::fs::access(&self.path, rustix::fs::Access::WRITE_OK).is_err();
        #[cfg(not(unix))]
        return self.path.metadata().is_ok_and(|folder| folder.permissions().readonly());
    }

    fn dir(&self) -> Result<Dir, FolderError> {
        let name = || self.path.display().to_string();
        // The path was approved as it was: had a part of it become a link, it would name another folder.
        if self.path.canonicalize().is_ok_and(|now| now != self.path) {
            return Err(FolderError::Missing(name()));
        }
        Dir::open_ambient_dir(&self.path, ambient_authority()).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => FolderError::Missing(name()),
            io::ErrorKind::NotADirectory => FolderError::NotAFolder(name()),
            _ => FolderError::from_io(&name(), &error),
        })
    }
}

/// What a writer believes to be on disk.
#[derive(Debug, Clone, Copy)]
pub enum Before<'t> {
    /// There is no such file.
    Absent,
    /// The file holds this text.
    Text(&'t str),
    /// The person chose to write whatever is there.
    Anything,
}

/// Extensions of the files that make a bot.
const EXTENSIONS: [&str; 6] = ["yaml", "yml", "bubble", "bubblescript", "json", "csv"];
/// Folders that never hold a bot's own files.
const FOREIGN_FOLDERS: [&str; 2] = ["node_modules", "target"];

fn list(dir: &Dir, prefix: &str, depth: usize, names: &mut Vec<String>) -> io::Result<()> {
    for entry in dir.entries()? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if names.len() >= FILES_LIMIT || name.starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            if depth < DEPTH_LIMIT && !FOREIGN_FOLDERS.contains(&name.as_str()) {
                // A subfolder that may not be read hides its own files, not the rest of the bot.
                if let Ok(below) = entry.open_dir() {
                    list(&below, &format!("{prefix}{name}/"), depth + 1, names)?;
                }
            }
        } else if Path::new(&name).extension().is_some_and(|e| EXTENSIONS.iter().any(|known| e == *known)) {
            names.push(format!("{prefix}{name}"));
        }
    }
    Ok(())
}

fn read(dir: &Dir, file: &str) -> Result<String, FolderError> {
    let io_error = |error: io::Error| FolderError::from_io(file, &error);
    // Without this flag, opening a FIFO waits for a writer for ever.
    let mut handle = dir.open_with(file, OpenOptions::new().read(true).nonblock(true)).map_err(io_error)?;
    let metadata = handle.metadata().map_err(io_error)?;
    if !metadata.is_file() {
        return Err(FolderError::NotRegular(file.to_owned()));
    }
    let mut bytes = Vec::new();
    (&mut handle).take(FILE_LIMIT + 1).read_to_end(&mut bytes).map_err(io_error)?;
    if bytes.len() as u64 > FILE_LIMIT {
        return Err(FolderError::TooLarge(file.to_owned()));
    }
    String::from_utf8(bytes)
        .map_err(|error| FolderError::NotText { file: file.to_owned(), at: error.utf8_error().valid_up_to() })
}

/// Makes sure that the file is as the writer believes it to be.
fn expect(root: &Dir, file: &str, before: Before<'_>) -> Result<(), FolderError> {
    let now = match read(root, file) {
        Ok(text) => Some(text),
        Err(FolderError::FileMissing(_)) => None,
        Err(error) => return Err(error),
    };
    let as_expected = match before {
        Before::Absent => now.is_none(),
        Before::Text(before) => now.as_deref() == Some(before),
        Before::Anything => true,
    };
    as_expected.then_some(()).ok_or_else(|| FolderError::Changed(file.to_owned()))
}

/// The folder that a file stands in, made when missing, and the file's name there. A link inside is followed.
fn home(root: &Dir, file: &str) -> io::Result<(Dir, PathBuf)> {
    let path = match root.canonicalize(file) {
        Ok(path) => path,
        Err(error) if error.kind() == io::ErrorKind::NotFound => PathBuf::from(file),
        Err(error) => return Err(error),
    };
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.into();
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => {
            root.create_dir_all(parent)?;
            Ok((root.open_dir(parent)?, name))
        }
        _ => Ok((root.try_clone()?, name)),
    }
}

/// The number of "permission denied" on every Unix.
const EACCES: i32 = 13;

/// Writes and syncs a temporary file in `folder`, with the permissions of the file that it is to replace.
fn prepare<'d>(folder: &'d Dir, name: &Path, text: &str) -> io::Result<TempFile<'d>> {
    let mut new = TempFile::new(folder)?;
    new.write_all(text.as_bytes())?;
    if let Ok(old) = folder.metadata(name) {
        // Replacing a file that may not be written would go round its owner's wish.
        if old.permissions().readonly() {
            return Err(io::Error::from_raw_os_error(EACCES));
        }
        new.as_file().set_permissions(old.permissions())?;
    }
    new.as_file().sync_all()?;
    Ok(new)
}
