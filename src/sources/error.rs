use std::path::PathBuf;

use super::mapping::MappingError;

/// Why a list could not be read at all. What is wrong with a single record is not an error: the record is
/// quarantined and the rest is read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The file cannot be opened or read.
    #[error("{}: cannot be read: {source}; check the path and its permissions", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is larger than a list may be.
    #[error("{}: {bytes} bytes, the limit is {limit}; split the list into several files", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size in bytes.
        bytes: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The file begins with the mark of UTF-16.
    #[error("{}: the file is UTF-16; save it as UTF-8 first", path.display())]
    Utf16 {
        /// The file.
        path: PathBuf,
    },
    /// The file is not UTF-8. Nothing is replaced silently.
    #[error("{}: byte {offset} (line {line}) is not UTF-8; save the file as UTF-8 first", path.display())]
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// How many bytes are valid before it.
        offset: usize,
        /// The line, from 1.
        line: u32,
    },
    /// The files given are not those the format consists of.
    #[error("the {format} format: {reason}")]
    Files {
        /// The format.
        format: super::Format,
        /// What is missing, twice there or unknown, and what to do.
        reason: String,
    },
    /// The file is not of the format.
    #[error("{place}: {reason}")]
    Form {
        /// File and line.
        place: String,
        /// What is wrong and what was expected.
        reason: String,
    },
    /// A row of the bundled sample list is wrong: a mistake in the program.
    #[error("{file}:{line}: {reason}")]
    Sample {
        /// The table.
        file: &'static str,
        /// The line, from 1.
        line: u32,
        /// What is wrong; names the field.
        reason: String,
    },
    /// The mapping is wrong.
    #[error(transparent)]
    Mapping(#[from] MappingError),
}
