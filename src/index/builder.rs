use std::collections::{BTreeMap, HashMap};

use foldhash::fast::FixedState;

use crate::storage::{Digest, Directory, Versions};

use super::{IndexError, InputError, Lane, Manifest, writer};

/// The longest key of a term, in bytes.
pub const MAX_KEY: usize = 4096;
/// The longest id of a record and the longest text of a name, in bytes.
pub const MAX_TEXT: usize = 1 << 20;
/// The longest payload of a record or of a name, in bytes.
pub const MAX_PAYLOAD: usize = 1 << 28;

/// A name to be indexed.
#[derive(Clone, Copy, Debug)]
pub struct NameInput<'a> {
    /// The name as published, up to [`MAX_TEXT`] bytes. Kept compressed, for answers that are shown.
    pub text: &'a str,
    /// Whatever the caller wants back fast for every candidate, up to [`MAX_PAYLOAD`] bytes. Kept as it is.
    pub payload: &'a [u8],
    /// By what it is found. Of a term given twice one posting is kept, with the flags of both.
    pub terms: &'a [TermInput],
}

/// A term of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermInput {
    /// Its dictionary.
    pub lane: Lane,
    /// Its key, 1 to [`MAX_KEY`] bytes.
    pub key: Vec<u8>,
    /// Kept with the posting. Zero costs nothing, anything else one byte.
    pub flags: u8,
}

/// How a segment is written.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// Texts are compressed in blocks of at least this many bytes (the last may have fewer), 1 to [`MAX_TEXT`].
    pub block: usize,
    /// Level of compression, 1 to 19.
    pub level: i32,
    /// Words of the caller that the manifest keeps, such as the revision of its sources. They are a part of the
    /// version of the index: no clocks.
    pub labels: BTreeMap<String, String>,
}

impl Default for BuildOptions {
    /// Blocks of 1 KiB at level 3: an answer with ten names reads ten of them. Of 300,000 made-up names of 23 bytes, a
    /// text takes 12.1 bytes and 9 µs to read in blocks of 4 KiB, and 9.9 bytes and 35 µs in blocks of 16 KiB.
    fn default() -> BuildOptions {
        BuildOptions { block: 1024, level: 3, labels: BTreeMap::new() }
    }
}

/// Gathers records in memory, in any order, and writes them as one segment.
///
/// Memory: all texts, payloads and ids once, each distinct key once, and about 13 bytes for each term of each name.
pub struct SegmentBuilder {
    pub(super) options: BuildOptions,
    pub(super) records: Vec<Gathered>,
    pub(super) names: Vec<GatheredName>,
    /// Ids, texts and payloads, one after the other.
    pub(super) arena: Vec<u8>,
    /// Lane, flags and the number of the key in its lane, name after name.
    pub(super) terms: Vec<(u8, u8, u32)>,
    /// Keys by lane, numbered as they came.
    pub(super) keys: [Keys; Lane::COUNT],
    /// Empty between records; kept for its memory.
    hasher: Hasher,
}

pub(super) type Keys = HashMap<Box<[u8]>, u32, FixedState>;

/// A record as it came.
pub(super) struct Gathered {
    pub(super) id: Piece,
    pub(super) payload: Piece,
    /// Places in `SegmentBuilder::names`.
    pub(super) first_name: u32,
    pub(super) names: u32,
    /// Digest of everything that was given for the record.
    pub(super) digest: Digest,
}

/// A name as it came.
pub(super) struct GatheredName {
    pub(super) text: Piece,
    pub(super) payload: Piece,
    /// The first place in `SegmentBuilder::terms`; they end where those of the next name begin.
    pub(super) first_term: usize,
}

/// A part of the arena.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    start: usize,
    length: u32,
}

impl Default for SegmentBuilder {
    fn default() -> SegmentBuilder {
        SegmentBuilder::new()
    }
}

impl SegmentBuilder {
    /// A segment without records, to be written with the default options.
    pub fn new() -> SegmentBuilder {
        SegmentBuilder::with_options(BuildOptions::default())
    }

    /// A segment without records.
    pub fn with_options(options: BuildOptions) -> SegmentBuilder {
        SegmentBuilder {
            options,
            records: Vec::new(),
            names: Vec::new(),
            arena: Vec::new(),
            terms: Vec::new(),
            keys: std::array::from_fn(|_| Keys::default()),
            hasher: Hasher::default(),
        }
    }

    /// Adds a record. Its id must be new: [`SegmentBuilder::finish`] refuses an id that is there twice. Names keep
    /// their order. After an error the builder is as it was before.
    ///
    /// # Errors
    /// [`InputError::Length`], [`InputError::Lane`], [`InputError::Full`].
    pub fn add_record(&mut self, id: &str, payload: &[u8], names: &[NameInput<'_>]) -> Result<(), IndexError> {
        self.check(id, payload, names)?;
        let mut hasher = std::mem::take(&mut self.hasher);
        hasher.part(id.as_bytes());
        hasher.part(payload);
        hasher.number(names.len());
        // `check` holds the number of names and keys within u32.
        let first_name = self.names.len() as u32;
        for name in names {
            hasher.part(name.text.as_bytes());
            hasher.part(name.payload);
            hasher.number(name.terms.len());
            let first_term = self.terms.len();
            for term in name.terms {
                hasher.part(&[term.lane.0, term.flags]);
                hasher.part(&term.key);
                let keys = &mut self.keys[usize::from(term.lane.0)];
                let number = match keys.get(&term.key[..]) {
                    Some(number) => *number,
                    None => {
                        let number = keys.len() as u32;
                        keys.insert(term.key.as_slice().into(), number);
                        number
                    }
                };
                self.terms.push((term.lane.0, term.flags, number));
            }
            let (text, payload) = (self.store(name.text.as_bytes()), self.store(name.payload));
            self.names.push(GatheredName { text, payload, first_term });
        }
        let (id, payload) = (self.store(id.as_bytes()), self.store(payload));
        let digest = hasher.finish();
        self.hasher = hasher;
        self.records.push(Gathered { id, payload, first_name, names: names.len() as u32, digest });
        Ok(())
    }

    /// How many records were added.
    pub fn record_count(&self) -> usize {
        self.records.len()
    }

    /// How many names were added.
    pub fn name_count(&self) -> usize {
        self.names.len()
    }

    /// Writes the files of the segment, each whole and on the medium, and returns the manifest that lists them. No
    /// reader sees them before [`Manifest::publish`].
    ///
    /// # Errors
    /// [`InputError::Twice`], or whatever the directory says; files written so far are orphans.
    pub fn write(self, directory: &dyn Directory, versions: Versions) -> Result<Manifest, IndexError> {
        writer::write(self, directory, versions)
    }

    /// Writes the segment and publishes it. After an error the directory shows the old manifest or the new one.
    ///
    /// # Errors
    /// As [`SegmentBuilder::write`].
    pub fn finish(self, directory: &dyn Directory, versions: Versions) -> Result<Manifest, IndexError> {
        let manifest = self.write(directory, versions)?;
        manifest.publish(directory)?;
        Ok(manifest)
    }

    pub(super) fn piece(&self, piece: Piece) -> &[u8] {
        &self.arena[piece.start..piece.start + piece.length as usize]
    }

    /// The terms of a name by its place.
    pub(super) fn terms_of(&self, name: usize) -> &[(u8, u8, u32)] {
        let end = self.names.get(name + 1).map_or(self.terms.len(), |next| next.first_term);
        &self.terms[self.names[name].first_term..end]
    }

    /// `check` holds the length of all parts within u32.
    fn store(&mut self, bytes: &[u8]) -> Piece {
        let start = self.arena.len();
        self.arena.extend_from_slice(bytes);
        Piece { start, length: bytes.len() as u32 }
    }

    fn check(&self, id: &str, payload: &[u8], names: &[NameInput<'_>]) -> Result<(), InputError> {
        let length = |what, found: usize, least: usize, limit: usize| match (least..=limit).contains(&found) {
            true => Ok(()),
            false => Err(InputError::Length { record: id.chars().take(256).collect(), what, found, least, limit }),
        };
        length("id", id.len(), 1, MAX_TEXT)?;
        length("payload", payload.len(), 0, MAX_PAYLOAD)?;
        for (at, name) in names.iter().enumerate() {
            length("text", name.text.len(), 0, MAX_TEXT)?;
            length("payload of a name", name.payload.len(), 0, MAX_PAYLOAD)?;
            for term in name.terms {
                length("key", term.key.len(), 1, MAX_KEY)?;
                if term.lane.place().is_none() {
                    return Err(InputError::Lane { record: id.to_owned(), name: at, lane: term.lane });
                }
            }
        }
        // One number is left free, so that the end of the last range is a number too.
        let full = |what| InputError::Full { what, limit: u64::from(u32::MAX) - 1 };
        let room = u32::MAX as usize - 1;
        if self.records.len() >= room {
            return Err(full("records"));
        }
        if names.len() > room - self.names.len() {
            return Err(full("names"));
        }
        let terms: usize = names.iter().map(|name| name.terms.len()).sum();
        if self.keys.iter().any(|keys| terms > room - keys.len()) {
            return Err(full("terms"));
        }
        Ok(())
    }
}

/// Digests parts so that no two lists of parts look alike. Gathers them first: BLAKE3 is slow over many small pieces.
#[derive(Default)]
pub(super) struct Hasher(Vec<u8>);

impl Hasher {
    pub(super) fn number(&mut self, number: usize) {
        self.0.extend_from_slice(&(number as u64).to_le_bytes());
    }

    pub(super) fn part(&mut self, bytes: &[u8]) {
        self.number(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// The digest of the parts so far. The next part begins another list.
    pub(super) fn finish(&mut self) -> Digest {
        let digest = Digest::of(&self.0);
        self.0.clear();
        digest
    }
}
