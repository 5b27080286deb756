//! From terms to the names that contain them: immutable, checksummed, memory-mapped. It knows no language.
//!
//! A [`SegmentBuilder`] gathers records with their names and terms and writes one segment: a folder's worth of files
//! named after their content, and a [`Manifest`] that lists them and is replaced in one step. Equal input gives equal
//! bytes, whatever the order of the records. An [`Index`] is one manifest, opened and verified; it stays as it is while
//! the next one is published.
//!
//! Records that change become a small segment beside the large one ([`update()`]), and what they replace is deleted. Over
//! several segments lies one dictionary a lane, with the terms and frequencies of the records that live: whoever searches
//! sees one index, and finds what an index built anew would show. [`compact`] makes one segment of all.
//!
//! A [`Lane`] is one dictionary of terms: the caller decides what the lanes mean and what the bytes of keys, flags and
//! payloads say.

mod approached;
mod builder;
mod check;
mod chunks;
mod deleted;
mod difference;
mod digest;
mod error;
mod interner;
mod inverted;
mod layout;
mod lexicon;
mod manifest;
mod merge;
mod names;
mod open;
mod ordinal;
mod overlay;
mod postings;
mod reader;
mod records;
mod segment;
#[cfg(test)]
mod tests;
mod texts;
mod update;
mod writer;

pub use builder::{
    BuildOptions, Key, MAX_KEY, MAX_PAYLOAD, MAX_TEXT, NameInput, RecordInput, SegmentBuilder, TermInput,
};
pub use difference::differing;
pub use error::{IndexError, InputError};
pub use lexicon::Frequency;
pub use manifest::{FileEntry, LaneEntry, MANIFEST_FILE, MAX_SEGMENTS, Manifest, OverlayEntry, SegmentEntry, gc};
pub use merge::compact;
pub use names::{NameView, Word, Words};
pub use open::{OpenOptions, Verify, open_bytes};
pub use ordinal::{Lane, NameOrd, RecordOrd};
pub use postings::{Posting, Postings, SKIP_INTERVAL};
pub use reader::Index;
pub use records::RecordView;
pub use update::update;

pub use crate::storage::Versions;
