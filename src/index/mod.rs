//! From terms to the names that contain them: immutable, checksummed, memory-mapped. It knows no language.
//!
//! A [`SegmentBuilder`] gathers records with their names and terms and writes one segment: a folder's worth of files
//! named after their content, and a [`Manifest`] that lists them and is replaced in one step. Equal input gives equal
//! bytes, whatever the order of the records. An [`Index`] is one manifest, opened and verified; it stays as it is while
//! the next one is published.
//!
//! A [`Lane`] is one dictionary of terms: the caller decides what the lanes mean and what the bytes of keys, flags and
//! payloads say. The manifest lists segments; this version writes and reads exactly one.

mod builder;
mod check;
mod error;
mod layout;
mod lexicon;
mod manifest;
mod names;
mod ordinal;
mod postings;
mod reader;
mod records;
#[cfg(test)]
mod tests;
mod texts;
mod writer;

pub use builder::{BuildOptions, MAX_KEY, MAX_PAYLOAD, MAX_TEXT, NameInput, SegmentBuilder, TermInput};
pub use error::{IndexError, InputError};
pub use lexicon::Frequency;
pub use manifest::{FileEntry, LaneEntry, MANIFEST_FILE, Manifest, SegmentEntry, gc};
pub use names::NameView;
pub use ordinal::{Lane, NameOrd, RecordOrd};
pub use postings::{Posting, Postings};
pub use reader::{Index, OpenOptions, Verify, open_bytes};
pub use records::RecordView;

pub use crate::storage::Versions;
