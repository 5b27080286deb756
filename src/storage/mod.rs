//! Files that never change once written: headers, checksums, atomic publication.
//!
//! A [`Directory`] is where files live: on a disk ([`FsDirectory`]), in memory ([`RamDirectory`]), or on a disk that
//! fails and loses power on demand ([`FaultyDirectory`]). A file is written under a temporary name, forced to the
//! medium and renamed; it is never modified afterwards, so that what is open stays readable while the next version is
//! published. Every file is sealed in an envelope ([`Sealer`], [`Envelope`]) that says what it is and proves that it
//! is whole. It does not prove who wrote it: guard the folder.

mod bytes;
mod digest;
mod directory;
mod envelope;
mod error;
mod faulty;
mod fs;
mod map;
mod ram;
mod sealer;
#[cfg(test)]
mod tests;

pub use bytes::Bytes;
pub use digest::{Digest, HexError, SegmentId};
pub use directory::{Directory, Draft, is_temporary};
pub use envelope::{ENVELOPE_LENGTH, Envelope, FOOTER_LENGTH, HEADER_LENGTH, Header, Tag, Versions};
pub use error::StorageError;
pub use faulty::{FaultyDirectory, Unsynced};
pub use fs::FsDirectory;
pub use ram::RamDirectory;
pub use sealer::{Sealed, Sealer};
