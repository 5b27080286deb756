use crate::storage::StorageError;

use super::{Lane, MANIFEST_FILE};

/// Why an index was not built or opened. Every message begins with the file or with the record.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// A file could not be read, written or believed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The builder was given what it cannot keep.
    #[error(transparent)]
    Input(#[from] InputError),
    /// No index was published in the directory yet.
    #[error("{MANIFEST_FILE}: missing")]
    NoManifest,
    /// The manifest is whole, but of another layout than this version writes.
    #[error("{file}: format version {found}, expected {expected}")]
    OtherFormat {
        /// The manifest's file.
        file: String,
        /// Its format.
        found: u32,
        /// The format of this version.
        expected: u32,
    },
    /// The manifest is whole, but says what this version cannot follow.
    #[error("{file}: {reason}")]
    Manifest {
        /// The manifest's file.
        file: String,
        /// What it says.
        reason: String,
    },
    /// A file does not hold as many things as the manifest says.
    #[error("{file}: {what} {found}, expected {expected}")]
    Count {
        /// The file.
        file: String,
        /// What was counted.
        what: &'static str,
        /// How many the file has.
        found: u64,
        /// How many there must be.
        expected: u64,
    },
    /// A dictionary of terms cannot be read.
    #[error("{file}: dictionary: {source}")]
    Dictionary {
        /// The file.
        file: String,
        /// What its reader says.
        source: fst::Error,
    },
    /// A part of a file contradicts itself or another file.
    #[error("{file}: {what} {number} is damaged")]
    Damaged {
        /// The file.
        file: String,
        /// What is damaged.
        what: &'static str,
        /// Which one of them, counted from 0.
        number: u64,
    },
}

/// What a builder was given that it cannot keep.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// A lane beyond the last.
    #[error("record {record:?}: names[{name}]: lane {lane} is over 15")]
    Lane {
        /// The record's id.
        record: String,
        /// Which of its names.
        name: usize,
        /// The lane that was given.
        lane: Lane,
    },
    /// Something too long, or empty where it must not be.
    #[error("record {record:?}: {what} of {found} bytes, expected {least} to {limit}")]
    Length {
        /// The record's id.
        record: String,
        /// What it is.
        what: &'static str,
        /// Its length in bytes.
        found: usize,
        /// The fewest bytes it can have.
        least: usize,
        /// The most bytes it can have.
        limit: usize,
    },
    /// Two records with one id.
    #[error("record {record:?}: the id is there twice")]
    Twice {
        /// The id.
        record: String,
    },
    /// More than one segment can number.
    #[error("{what}: more than {limit} in one segment")]
    Full {
        /// What there are too many of.
        what: &'static str,
        /// The most there can be.
        limit: u64,
    },
}
