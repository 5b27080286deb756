use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Bytes, Digest, SegmentId, StorageError};

/// Bytes in front of the body.
///
/// Header: magic (8), kind (8), format, alphabet and tables version (3 × 4), zeroes (4), segment (16), zeroes (16).
pub const HEADER_LENGTH: usize = 64;
/// Bytes behind the body.
///
/// Footer: length of the file (8), BLAKE3 of everything before the footer and of that length (32), magic (8).
pub const FOOTER_LENGTH: usize = 48;
/// Length of a file with an empty body.
pub const ENVELOPE_LENGTH: usize = HEADER_LENGTH + FOOTER_LENGTH;

/// Not text at the first byte, and broken by whoever changes line ends.
const HEADER_MAGIC: [u8; 8] = *b"\x8eEXON\r\n\x1a";
const FOOTER_MAGIC: [u8; 8] = *b"\x8eNOXE\r\n\x1a";

/// The kind of a file: up to 8 letters, digits and dashes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tag([u8; 8]);

impl Tag {
    /// A tag of a word.
    ///
    /// # Panics
    /// If the word is longer than 8 bytes: tags are constants of the code.
    pub const fn new(word: &str) -> Tag {
        assert!(word.len() <= 8, "a tag has at most 8 bytes");
        let mut tag = [0; 8];
        let mut at = 0;
        while at < word.len() {
            tag[at] = word.as_bytes()[at];
            at += 1;
        }
        Tag(tag)
    }

    /// A tag of its bytes, padded with zeroes.
    pub const fn from_bytes(bytes: [u8; 8]) -> Tag {
        Tag(bytes)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.0.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        write!(f, "{}", self.0[..end].escape_ascii())
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tag({self})")
    }
}

/// What the writer of files was compiled with; the caller gives both words a meaning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// Version of alphabet and normaliser. Files of another version cannot be searched.
    pub alphabet: u32,
    /// Version of tables and model.
    pub tables: u32,
}

/// What a file says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The kind of file.
    pub tag: Tag,
    /// The version of its layout.
    pub format: u32,
    /// What its writer was compiled with.
    pub versions: Versions,
    /// The segment it is a part of.
    pub segment: SegmentId,
}

impl Header {
    pub(super) fn encode(&self) -> [u8; HEADER_LENGTH] {
        let mut bytes = [0; HEADER_LENGTH];
        bytes[..8].copy_from_slice(&HEADER_MAGIC);
        bytes[8..16].copy_from_slice(&self.tag.0);
        bytes[16..20].copy_from_slice(&self.format.to_le_bytes());
        bytes[20..24].copy_from_slice(&self.versions.alphabet.to_le_bytes());
        bytes[24..28].copy_from_slice(&self.versions.tables.to_le_bytes());
        bytes[32..48].copy_from_slice(&self.segment.0);
        bytes
    }

    fn decode(bytes: &[u8; HEADER_LENGTH]) -> Header {
        Header {
            tag: Tag(array(bytes, 8)),
            format: u32::from_le_bytes(array(bytes, 16)),
            versions: Versions {
                alphabet: u32::from_le_bytes(array(bytes, 20)),
                tables: u32::from_le_bytes(array(bytes, 24)),
            },
            segment: SegmentId(array(bytes, 32)),
        }
    }
}

/// The footer of a file of `length` bytes in all. The hasher has taken everything before it.
pub(super) fn footer(hasher: &mut blake3::Hasher, length: u64) -> ([u8; FOOTER_LENGTH], Digest) {
    hasher.update(&length.to_le_bytes());
    let digest = Digest(*hasher.finalize().as_bytes());
    let mut bytes = [0; FOOTER_LENGTH];
    bytes[..8].copy_from_slice(&length.to_le_bytes());
    bytes[8..40].copy_from_slice(&digest.0);
    bytes[40..].copy_from_slice(&FOOTER_MAGIC);
    (bytes, digest)
}

/// A sealed file, opened.
#[derive(Clone, Debug)]
pub struct Envelope {
    file: String,
    bytes: Bytes,
    body: Bytes,
    header: Header,
    digest: Digest,
}

impl Envelope {
    /// The bytes of a file with this body, and its checksum. For small files: large ones are written by a
    /// [`Sealer`](super::Sealer).
    pub fn seal(header: &Header, body: &[u8]) -> (Vec<u8>, Digest) {
        let mut bytes = [&header.encode()[..], body].concat();
        let length = (bytes.len() + FOOTER_LENGTH) as u64;
        let (footer, digest) = footer(blake3::Hasher::new().update(&bytes), length);
        bytes.extend_from_slice(&footer);
        (bytes, digest)
    }

    /// Opens a file that begins, ends and measures as it must. Its bytes are not read: see [`Envelope::verify`].
    ///
    /// # Errors
    /// [`StorageError::Short`], [`StorageError::Length`], [`StorageError::Magic`].
    pub fn open(file: &str, bytes: Bytes) -> Result<Envelope, StorageError> {
        let found = bytes.len() as u64;
        let short = || StorageError::Short { file: file.to_owned(), found, least: ENVELOPE_LENGTH as u64 };
        let magic = |place, found: [u8; 8], expected: [u8; 8]| match found == expected {
            true => Ok(()),
            false => Err(StorageError::Magic { file: file.to_owned(), place, found, expected }),
        };
        let end = bytes.len().checked_sub(FOOTER_LENGTH).ok_or_else(short)?;
        let header = bytes.first_chunk::<HEADER_LENGTH>().ok_or_else(short)?;
        let footer = bytes.last_chunk::<FOOTER_LENGTH>().ok_or_else(short)?;
        let body = bytes.slice(HEADER_LENGTH..end).ok_or_else(short)?;
        magic("header", array(header, 0), HEADER_MAGIC)?;
        magic("footer", array(footer, 40), FOOTER_MAGIC)?;
        let expected = u64::from_le_bytes(array(footer, 0));
        if found != expected {
            return Err(StorageError::Length { file: file.to_owned(), found, expected });
        }
        let (header, digest) = (Header::decode(header), Digest(array(footer, 8)));
        Ok(Envelope { file: file.to_owned(), bytes, body, header, digest })
    }

    /// Checks that the file is the one that was asked for, word by word.
    ///
    /// # Errors
    /// [`StorageError::Kind`], [`StorageError::Version`], [`StorageError::Segment`].
    pub fn expect(&self, expected: &Header) -> Result<(), StorageError> {
        let file = || self.file.clone();
        if self.header.tag != expected.tag {
            return Err(StorageError::Kind { file: file(), found: self.header.tag, expected: expected.tag });
        }
        for (what, found, expected) in [
            ("format", self.header.format, expected.format),
            ("alphabet", self.header.versions.alphabet, expected.versions.alphabet),
            ("tables", self.header.versions.tables, expected.versions.tables),
        ] {
            if found != expected {
                return Err(StorageError::Version { file: file(), what, found, expected });
            }
        }
        if self.header.segment != expected.segment {
            let (found, expected) = (self.header.segment, expected.segment);
            return Err(StorageError::Segment { file: file(), found, expected });
        }
        Ok(())
    }

    /// Reads every byte and compares the checksum.
    ///
    /// # Errors
    /// [`StorageError::Checksum`].
    pub fn verify(&self) -> Result<(), StorageError> {
        let mut hasher = blake3::Hasher::new();
        // `open` has found a footer.
        hasher.update(&self.bytes[..self.bytes.len() - FOOTER_LENGTH]);
        let (_, found) = footer(&mut hasher, self.bytes.len() as u64);
        if found == self.digest {
            Ok(())
        } else {
            Err(StorageError::Checksum { file: self.file.clone(), found, expected: self.digest })
        }
    }

    /// The file's name.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// What the file says it is.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The checksum the file carries.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The length of the file in bytes, envelope included.
    pub fn length(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// What is in the envelope.
    pub fn body(&self) -> &Bytes {
        &self.body
    }
}

/// `N` bytes at a place. Every caller reads at a constant place of a header or footer, within its constant length.
fn array<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(&bytes[at..at + N]);
    array
}
