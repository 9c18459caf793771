//! Open documents: a text with a version, changed by edits, saved as a whole.
//!
//! The buffer is what the rest of the bot sees: its entries and problems are those of the text as it is being typed.

use std::sync::Arc;

use bot::{Problem, Token};
use manifest::LineIndex;

use crate::bots::OpenBot;
use crate::events::lock;
use crate::folder::{Before, FolderError};
use crate::tokens::{self, ChangedTokens};
use crate::{Error, Event, Studio};

/// Replaces `from..to` by `insert`. Offsets are UTF-16 units into the text before the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    pub from: u32,
    pub to: u32,
    pub insert: String,
}

/// A document as it is opened.
#[derive(Debug, Clone)]
pub struct DocumentSnapshot {
    pub document: String,
    pub file: String,
    pub version: u32,
    pub text: String,
    pub read_only: bool,
    pub dirty: bool,
    pub problems: Vec<Problem>,
    pub tokens: Vec<Token>,
}

/// What a change, a save or another program did to a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    pub version: u32,
    pub dirty: bool,
    /// What another program changed; empty in the answer to an edit.
    pub edits: Vec<TextEdit>,
    /// The file is newer than the buffer, and the buffer has changes of its own.
    pub conflict: bool,
    pub problems: Vec<Problem>,
    /// They replace every token that overlaps `tokens_from..tokens_to`.
    pub tokens: Vec<Token>,
    pub tokens_from: u32,
    pub tokens_to: u32,
}

pub(crate) struct OpenDocument {
    bot: Arc<OpenBot>,
    file: String,
    version: u32,
    text: Arc<str>,
    /// The text on disk when it was last read or written.
    saved: Arc<str>,
    conflict: bool,
}

impl OpenDocument {
    pub(crate) fn is_of(&self, bot: &Arc<OpenBot>) -> bool {
        Arc::ptr_eq(&self.bot, bot)
    }

    /// File and text, if the buffer belongs to `bot` and differs from what is on disk: it, not the file, is what the bot
    /// is made of.
    pub(crate) fn unsaved(&self, bot: &Arc<OpenBot>) -> Option<(&str, &Arc<str>)> {
        (self.is_of(bot) && self.dirty()).then_some((&*self.file, &self.text))
    }

    fn dirty(&self) -> bool {
        self.text != self.saved
    }

    fn changed(&self, edits: Vec<TextEdit>, tokens: ChangedTokens) -> Changed {
        Changed {
            version: self.version,
            dirty: self.dirty(),
            edits,
            conflict: self.conflict,
            problems: self.bot.problems_of(&self.file),
            tokens: tokens.tokens,
            tokens_from: tokens.from,
            tokens_to: tokens.to,
        }
    }

    /// Puts `text`, which differs in one stretch, in place of the buffer.
    fn put(&mut self, text: Arc<str>, stretch: &TextEdit) -> ChangedTokens {
        let old = self.bot.tokens_of(&self.file);
        self.text = Arc::clone(&text);
        self.version += 1;
        self.bot.replace(&self.file, text);
        let new = self.bot.tokens_of(&self.file);
        let inserted = utf16_len(&stretch.insert);
        tokens::changed(&old, &new, stretch.from, stretch.to, inserted)
    }
}

impl Studio {
    /// Opens a file of a bot. The same file opened twice is one document.
    ///
    /// # Errors
    /// The file cannot be read; it is then left as it is.
    pub fn open_document(&self, bot: &str, file: &str) -> Result<DocumentSnapshot, Error> {
        let open = self.bot(bot)?;
        let known = lock(&self.inner.documents)
            .iter()
            .find(|(_, document)| document.is_of(&open) && document.file == file)
            .map(|(id, _)| id.clone());
        let id = match known {
            Some(id) => id,
            None => {
                let text: Arc<str> = open.folder().read(file)?.into();
                let id = uuid::Uuid::new_v4().to_string();
                open.replace(file, Arc::clone(&text));
                let document = OpenDocument {
                    bot: open,
                    file: file.to_owned(),
                    version: 0,
                    saved: Arc::clone(&text),
                    text,
                    conflict: false,
                };
                lock(&self.inner.documents).insert(id.clone(), document);
                id
            }
        };
        self.document_snapshot(&id)
    }

    /// Applies edits to the version they were made for.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the document has another version by now, [`Error::Invalid`] for edits outside the text.
    pub fn change_document(&self, id: &str, version: u32, edits: &[TextEdit]) -> Result<Changed, Error> {
        let mut documents = lock(&self.inner.documents);
        let document = documents.get_mut(id).ok_or(CLOSED)?;
        if document.version != version {
            return Err(Error::Conflict(document.file.clone()));
        }
        let (text, stretch) = apply(&document.text, edits)
            .ok_or_else(|| Error::invalid("The change does not fit the text.", "Close the file and open it again."))?;
        let tokens = document.put(text.into(), &stretch);
        let changed = document.changed(Vec::new(), tokens);
        let bot = Arc::clone(&document.bot);
        drop(documents);
        self.tell_chats(&bot);
        self.send(&Event::BotChanged { bot: bot.id().to_owned() });
        Ok(changed)
    }

    /// Writes the buffer to the file.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the file changed underneath and `overwrite` is not set; whatever kept it from being
    /// written. The buffer keeps its text in each case.
    pub fn save_document(&self, id: &str, overwrite: bool) -> Result<Changed, Error> {
        let (bot, file, text, saved) = {
            let documents = lock(&self.inner.documents);
            let document = documents.get(id).ok_or(CLOSED)?;
            (Arc::clone(&document.bot), document.file.clone(), Arc::clone(&document.text), Arc::clone(&document.saved))
        };
        let before = if overwrite { Before::Anything } else { Before::Text(&saved) };
        let outcome = bot.folder().write(&file, before, &text);
        let mut documents = lock(&self.inner.documents);
        let document = documents.get_mut(id).ok_or(CLOSED)?;
        match outcome {
            Ok(()) => {
                document.saved = text;
                document.conflict = false;
                Ok(document.changed(Vec::new(), ChangedTokens::default()))
            }
            Err(FolderError::Changed(file)) => {
                document.conflict = true;
                Err(Error::Conflict(file))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Puts the text on disk in place of the buffer.
    ///
    /// # Errors
    /// The file cannot be read; the buffer then keeps its text.
    pub fn reload_document(&self, id: &str) -> Result<DocumentSnapshot, Error> {
        let (bot, file) = {
            let documents = lock(&self.inner.documents);
            let document = documents.get(id).ok_or(CLOSED)?;
            (Arc::clone(&document.bot), document.file.clone())
        };
        let text: Arc<str> = bot.folder().read(&file)?.into();
        if let Some(document) = lock(&self.inner.documents).get_mut(id) {
            let stretch = difference(&document.text, &text);
            document.put(Arc::clone(&text), &stretch);
            document.saved = text;
            document.conflict = false;
        }
        self.document_snapshot(id)
    }

    /// Closes a document; changes that were not saved are dropped, and the bot shows the file again.
    ///
    /// # Errors
    /// None that the interface could act on; a document that is not open is closed already.
    pub fn close_document(&self, id: &str) -> Result<(), Error> {
        let closed = lock(&self.inner.documents).remove(id);
        if let Some(document) = closed.filter(OpenDocument::dirty) {
            self.reread(&document.bot);
        }
        Ok(())
    }

    fn document_snapshot(&self, id: &str) -> Result<DocumentSnapshot, Error> {
        let documents = lock(&self.inner.documents);
        let document = documents.get(id).ok_or(CLOSED)?;
        Ok(DocumentSnapshot {
            document: id.to_owned(),
            file: document.file.clone(),
            version: document.version,
            text: document.text.to_string(),
            read_only: document.bot.is_read_only(),
            dirty: document.dirty(),
            problems: document.bot.problems_of(&document.file),
            tokens: document.bot.tokens_of(&document.file),
        })
    }

    /// Takes note of what is on disk now: a clean document follows, a dirty one is in conflict.
    pub(crate) fn note_disk(&self, bot: &Arc<OpenBot>, file: &str, text: &Arc<str>) {
        let mut news = Vec::new();
        for (id, document) in lock(&self.inner.documents).iter_mut() {
            if !document.is_of(bot) || document.file != file || document.saved == *text {
                continue;
            }
            if document.text == *text {
                document.saved = Arc::clone(text);
                document.conflict = false;
                news.push((id.clone(), document.changed(Vec::new(), ChangedTokens::default())));
            } else if document.dirty() {
                document.conflict = true;
                news.push((id.clone(), document.changed(Vec::new(), ChangedTokens::default())));
            } else {
                let stretch = difference(&document.text, text);
                let tokens = document.put(Arc::clone(text), &stretch);
                document.saved = Arc::clone(text);
                news.push((id.clone(), document.changed(vec![stretch], tokens)));
            }
        }
        for (document, change) in news {
            self.send(&Event::DocumentChanged { document, change });
        }
    }
}

const CLOSED: Error = Error::NotFound("This file is not open any more.");

fn utf16_len(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

/// The text after ascending edits that do not overlap, and the one stretch they lie in. `None`: they do not fit.
fn apply(text: &str, edits: &[TextEdit]) -> Option<(String, TextEdit)> {
    let lines = LineIndex::new(text);
    // An offset behind the end or inside a character has no byte of its own.
    let byte = |utf16: u32| Some(lines.byte(utf16)).filter(|byte| lines.utf16(*byte) == utf16);
    let mut result = String::with_capacity(text.len());
    let mut copied = 0;
    for edit in edits {
        let (from, to) = (byte(edit.from)?, byte(edit.to)?);
        if from < copied || to < from {
            return None;
        }
        result.push_str(&text[copied..from]);
        result.push_str(&edit.insert);
        copied = to;
    }
    result.push_str(&text[copied..]);
    let (first, last) = (edits.first()?, edits.last()?);
    let tail = text.len() - copied;
    let head = byte(first.from)?;
    let insert = result[head..result.len() - tail].to_owned();
    Some((result, TextEdit { from: first.from, to: last.to, insert }))
}

/// The one stretch in which two texts differ.
fn difference(old: &str, new: &str) -> TextEdit {
    let head: usize = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let back = old[head..].chars().rev().zip(new[head..].chars().rev());
    let tail: usize = back.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let from = utf16_len(&old[..head]);
    TextEdit {
        from,
        to: from + utf16_len(&old[head..old.len() - tail]),
        insert: new[head..new.len() - tail].to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(from: u32, to: u32, insert: &str) -> TextEdit {
        TextEdit { from, to, insert: insert.to_owned() }
    }

    fn check(text: &str, edits: &[TextEdit], expect: Option<(&str, TextEdit)>) {
        assert_eq!(apply(text, edits), expect.map(|(text, stretch)| (text.to_owned(), stretch)), "{text:?} {edits:?}");
    }

    #[test]
    fn applies_edits_in_utf16_units() {
        check("a😀b", &[edit(3, 4, "c")], Some(("a😀c", edit(3, 4, "c"))));
        check("abcdef", &[edit(1, 2, ""), edit(4, 4, "XY")], Some(("acdXYef", edit(1, 4, "cdXY"))));
        check("", &[edit(0, 0, "new")], Some(("new", edit(0, 0, "new"))));
    }

    #[test]
    fn refuses_edits_that_do_not_fit() {
        check("abc", &[edit(2, 9, "")], None);
        check("abc", &[edit(2, 1, "")], None);
        check("abcd", &[edit(2, 3, ""), edit(0, 1, "")], None);
        check("😀", &[edit(1, 1, "x")], None);
    }

    #[test]
    fn finds_the_stretch_in_which_texts_differ() {
        for (old, new, expect) in [
            ("same", "same", edit(4, 4, "")),
            ("key: a\n", "key: b\n", edit(5, 6, "b")),
            ("😀x", "😀yx", edit(2, 2, "y")),
            ("aa", "a", edit(1, 2, "")),
            ("", "all", edit(0, 0, "all")),
        ] {
            assert_eq!(difference(old, new), expect);
            assert_eq!(apply(old, &[expect]).map(|(text, _)| text).as_deref(), Some(new));
        }
    }
}
