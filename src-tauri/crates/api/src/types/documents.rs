//! Open documents: the editor sends changes, never the text.

use super::boundary;
use super::{BotId, Problem, Token};

pub type DocumentId = String;

boundary! {
    pub struct OpenDocument { pub bot: BotId, pub file: String }

    pub struct DocumentRequest { pub document: DocumentId }

    pub struct DocumentView {
        pub document: DocumentId,
        pub file: String,
        /// Counts the changes; the next change must name it.
        pub version: u32,
        pub text: String,
        pub read_only: bool,
        /// The buffer differs from the file.
        pub dirty: bool,
        pub problems: Vec<Problem>,
        pub tokens: Vec<Token>,
    }

    /// Changes to one version, in the text's own UTF-16 offsets before any of them, ascending, not overlapping.
    pub struct ChangeDocument {
        pub document: DocumentId,
        pub version: u32,
        pub edits: Vec<TextEdit>,
    }

    pub struct TextEdit { pub from: u32, pub to: u32, pub insert: String }

    /// The answer to a change, or the news that the file changed on disk.
    pub struct DocumentChanged {
        pub version: u32,
        pub dirty: bool,
        /// What changed in the text. Empty in the answer to the editor's own change.
        pub edits: Vec<TextEdit>,
        /// The file on disk is newer than the buffer and the buffer is dirty: reload or keep.
        pub conflict: bool,
        pub problems: Vec<Problem>,
        /// The tokens of the stretch that was read again; they replace all tokens that overlap `tokens_from..tokens_to`.
        pub tokens: Vec<Token>,
        pub tokens_from: u32,
        pub tokens_to: u32,
    }

    pub struct SaveDocument {
        pub document: DocumentId,
        /// Write although the file changed underneath.
        pub overwrite: bool,
    }
}
