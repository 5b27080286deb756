use std::io;

use super::{Digest, SegmentId, Tag};

/// Why a file could not be read, written or believed. Every message begins with the file.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The system refused.
    #[error("{file}: {action}: {source}")]
    Io {
        /// The file, or the folder where the action is on the folder.
        file: String,
        /// What was tried.
        action: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// There is no such file.
    #[error("{file}: missing")]
    Missing {
        /// The file.
        file: String,
    },
    /// Not a plain file name.
    #[error("{file:?}: not a plain file name of 1 to {limit} letters, digits, '.', '-' and '_'")]
    Name {
        /// What was given.
        file: String,
        /// The most bytes of a name.
        limit: usize,
    },
    /// Shorter than an empty envelope.
    #[error("{file}: {found} bytes, expected at least {least}")]
    Short {
        /// The file.
        file: String,
        /// Its length in bytes.
        found: u64,
        /// The length of an empty envelope.
        least: u64,
    },
    /// Its length is not what its footer or the manifest says: it was cut or grew.
    #[error("{file}: {found} bytes, expected {expected}")]
    Length {
        /// The file.
        file: String,
        /// Its length in bytes.
        found: u64,
        /// The length that was written down.
        expected: u64,
    },
    /// It does not begin or end like a file of this program.
    #[error("{file}: {place} begins with {found:02x?}, expected {expected:02x?}")]
    Magic {
        /// The file.
        file: String,
        /// Header or footer.
        place: &'static str,
        /// What stands there.
        found: [u8; 8],
        /// What must stand there.
        expected: [u8; 8],
    },
    /// It is a file of another kind.
    #[error("{file}: kind {found}, expected {expected}")]
    Kind {
        /// The file.
        file: String,
        /// Its kind.
        found: Tag,
        /// The kind that was asked for.
        expected: Tag,
    },
    /// It was written for another format, alphabet or set of tables.
    #[error("{file}: {what} version {found}, expected {expected}")]
    Version {
        /// The file.
        file: String,
        /// Which version word.
        what: &'static str,
        /// The word in the file.
        found: u32,
        /// The word that was asked for.
        expected: u32,
    },
    /// It belongs to another segment.
    #[error("{file}: segment {found}, expected {expected}")]
    Segment {
        /// The file.
        file: String,
        /// The segment in the file.
        found: SegmentId,
        /// The segment that was asked for.
        expected: SegmentId,
    },
    /// Its bytes, or the checksum it carries, are not those that were written.
    #[error("{file}: checksum {found}, expected {expected}")]
    Checksum {
        /// The file.
        file: String,
        /// The digest of its bytes.
        found: Digest,
        /// The digest that was written down.
        expected: Digest,
    },
}

impl StorageError {
    /// An error of the system; "not found" becomes [`StorageError::Missing`].
    pub(crate) fn io(file: &str, action: &'static str, source: io::Error) -> StorageError {
        match source.kind() {
            io::ErrorKind::NotFound => StorageError::Missing { file: file.to_owned() },
            _ => StorageError::Io { file: file.to_owned(), action, source },
        }
    }
}
