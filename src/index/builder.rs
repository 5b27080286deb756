use std::collections::BTreeMap;

use smallvec::SmallVec;

use crate::storage::{Directory, Versions};

use super::approached::Approached;
use super::chunks::Chunks;
use super::interner::Interner;
use super::layout::put_varint;
use super::{IndexError, InputError, Lane, Manifest, writer};

/// The longest key of a term, in bytes.
pub const MAX_KEY: usize = 4096;
/// The longest id of a record and the longest text of a name, in bytes.
pub const MAX_TEXT: usize = 1 << 20;
/// The longest payload of a record or of a name, in bytes.
pub const MAX_PAYLOAD: usize = 1 << 28;

/// The key of a term; most are so short that they need no memory of their own.
pub type Key = SmallVec<[u8; 24]>;

/// A name to be indexed.
#[derive(Clone, Copy, Debug)]
pub struct NameInput<'a> {
    /// The name as published, up to [`MAX_TEXT`] bytes. Kept compressed, for answers that are shown.
    pub text: &'a str,
    /// Whatever the caller wants back fast for every candidate, up to [`MAX_PAYLOAD`] bytes. Names with the same one
    /// share it: what differs from name to name belongs into the words.
    pub payload: &'a [u8],
    /// By what it is found. Of a term given twice one posting is kept, with the flags of both.
    pub terms: &'a [TermInput],
    /// How many of the terms, from the first one, are the words that the name consists of: they are given back with
    /// the payload, in this order.
    pub words: usize,
}

/// A record to be indexed.
#[derive(Clone, Copy, Debug)]
pub struct RecordInput<'a> {
    /// Its id, 1 to [`MAX_TEXT`] bytes.
    pub id: &'a str,
    /// Whatever the caller wants back of a record, up to [`MAX_PAYLOAD`] bytes.
    pub payload: &'a [u8],
    /// Its names.
    pub names: &'a [NameInput<'a>],
}

impl RecordInput<'_> {
    /// Whether its parts are as long as they may be, and its terms in lanes that there are.
    fn check(&self) -> Result<(), InputError> {
        let length = |what, found: usize, least: usize, limit: usize| match (least..=limit).contains(&found) {
            true => Ok(()),
            false => Err(InputError::Length { record: self.id.chars().take(256).collect(), what, found, least, limit }),
        };
        length("id", self.id.len(), 1, MAX_TEXT)?;
        length("payload", self.payload.len(), 0, MAX_PAYLOAD)?;
        for (at, name) in self.names.iter().enumerate() {
            length("text", name.text.len(), 0, MAX_TEXT)?;
            length("payload of a name", name.payload.len(), 0, MAX_PAYLOAD)?;
            for term in name.terms {
                length("key", term.key.len(), 1, MAX_KEY)?;
                if term.lane.place().is_none() {
                    return Err(InputError::Lane { record: self.id.to_owned(), name: at, lane: term.lane });
                }
            }
        }
        Ok(())
    }
}

impl NameInput<'_> {
    /// Appends what it shares with names that differ from it in words alone.
    pub(super) fn template(&self, into: &mut Vec<u8>) {
        let lanes = self.terms.iter().take(self.words).map(|term| term.lane.0);
        template(into, lanes, self.payload);
    }
}

/// A term of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermInput {
    /// Its dictionary.
    pub lane: Lane,
    /// 1 to [`MAX_KEY`] bytes.
    pub key: Key,
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
    /// Blocks of 1 KiB, as an answer with ten names reads ten of them: of 300,000 made-up names of 23 bytes, a text takes
    /// 12.1 bytes and 9 µs to read in blocks of 4 KiB, and 9.9 bytes and 35 µs in blocks of 16 KiB. Level 1, as level 3
    /// saves 0.6 % of their bytes and takes a third longer.
    fn default() -> BuildOptions {
        BuildOptions { block: 1024, level: 1, labels: BTreeMap::new() }
    }
}

/// Gathers records in memory, in any order, and writes them as one segment.
///
/// Memory: all texts, ids and payloads of records once, each distinct key and payload of a name once, 24 bytes a name
/// and a record, and 8 bytes for each term of each name; while writing, 5 bytes more for each of those.
pub struct SegmentBuilder {
    pub(super) options: BuildOptions,
    pub(super) records: Chunks<Gathered>,
    pub(super) names: Chunks<GatheredName>,
    /// Ids, texts and payloads of records, one after the other.
    pub(super) arena: Chunks<u8>,
    /// Name after name, the words of each first.
    pub(super) terms: Chunks<GatheredTerm>,
    /// Keys by lane.
    pub(super) keys: [Interner; Lane::COUNT],
    /// Payloads of names, each behind the lanes of its words: see [`template`].
    pub(super) payloads: Interner,
    /// Kept for its memory.
    approached: Approached,
}

/// A record as it came.
#[derive(Clone, Copy)]
pub(super) struct Gathered {
    /// Where the id stands in the arena, and behind it the payload.
    start: u64,
    id: u32,
    payload: u32,
    /// Place in `SegmentBuilder::names`.
    pub(super) first_name: u32,
    pub(super) names: u32,
}

/// A name as it came.
#[derive(Clone, Copy)]
pub(super) struct GatheredName {
    start: u64,
    text: u32,
    /// Number of its payload.
    pub(super) payload: u32,
    /// The first place in `SegmentBuilder::terms`; they end where those of the next name begin.
    first_term: u64,
}

/// A term as it came.
#[derive(Clone, Copy)]
pub(super) struct GatheredTerm {
    /// The number of the key in its lane; while the segment is written, its ordinal.
    pub(super) number: u32,
    pub(super) lane: u8,
    pub(super) flags: u8,
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
            records: Chunks::default(),
            names: Chunks::default(),
            arena: Chunks::default(),
            terms: Chunks::default(),
            keys: std::array::from_fn(|_| Interner::default()),
            payloads: Interner::default(),
            approached: Approached::default(),
        }
    }

    /// Adds a record: see [`SegmentBuilder::add_records`].
    ///
    /// # Errors
    /// As there.
    pub fn add_record(&mut self, id: &str, payload: &[u8], names: &[NameInput<'_>]) -> Result<(), IndexError> {
        self.add_records(&[RecordInput { id, payload, names }])
    }

    /// Adds some records; about ten at a time are added faster than one by one. Their ids must be new:
    /// [`SegmentBuilder::finish`] refuses an id that is there twice. Names keep their order. After an error the builder is
    /// as it was before.
    ///
    /// # Errors
    /// [`InputError::Length`], [`InputError::Lane`], [`InputError::Full`].
    pub fn add_records(&mut self, records: &[RecordInput<'_>]) -> Result<(), IndexError> {
        self.check(records)?;
        let mut approached = std::mem::take(&mut self.approached);
        approached.fill(records, &self.keys, &self.payloads);
        let mut strings = approached.names.iter();
        for record in records {
            self.open_record(record.id, record.payload, record.names.len());
            for (name, own) in record.names.iter().zip(strings.by_ref()) {
                let template = &approached.templates[own.template.clone()];
                let payload = self.payloads.insert_sought(&approached.sought[own.first], template);
                self.open_name(name.text, payload, name.terms.len());
                for (term, sought) in name.terms.iter().zip(&approached.sought[own.first + 1..]) {
                    let number = self.keys[usize::from(term.lane.0)].insert_sought(sought, &term.key);
                    self.terms.add(&[GatheredTerm { number, lane: term.lane.0, flags: term.flags }]);
                }
            }
        }
        self.approached = approached;
        Ok(())
    }

    /// Begins a record whose names follow, by [`SegmentBuilder::open_name`].
    pub(super) fn open_record(&mut self, id: &str, payload: &[u8], names: usize) {
        let start = self.arena.begin(id.len() + payload.len());
        self.arena.add(id.as_bytes());
        self.arena.add(payload);
        // The lengths and the number of names are held within u32 by `check`.
        let (id, payload, names) = (id.len() as u32, payload.len() as u32, names as u32);
        self.records.push(Gathered { start, id, payload, first_name: self.names.len() as u32, names });
    }

    /// Begins a name; so many terms follow.
    pub(super) fn open_name(&mut self, text: &str, payload: u32, terms: usize) {
        let start = self.arena.begin(text.len());
        self.arena.add(text.as_bytes());
        let first_term = self.terms.begin(terms);
        self.names.push(GatheredName { start, text: text.len() as u32, payload, first_term });
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
        let labels = self.options.labels.clone();
        let segments = vec![writer::write(self, directory, versions)?];
        Ok(Manifest { versions, labels, segments, overlay: None })
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

    /// The id of a record and its payload.
    pub(super) fn record(&self, record: &Gathered) -> (&[u8], &[u8]) {
        let (id, payload) = (record.id as usize, record.payload as usize);
        self.arena.row(record.start, id + payload).split_at(id)
    }

    pub(super) fn text(&self, name: &GatheredName) -> &[u8] {
        self.arena.row(name.start, name.text as usize)
    }

    /// The terms of a name by its place.
    #[inline]
    pub(super) fn terms_of(&self, name: u32) -> &[GatheredTerm] {
        let place = name as usize;
        self.terms.between(self.names[place].first_term, self.names.get(place + 1).map(|next| next.first_term))
    }

    fn check(&self, records: &[RecordInput<'_>]) -> Result<(), InputError> {
        let (mut names, mut terms) = (0, 0);
        for record in records {
            record.check()?;
            names += record.names.len();
            terms += record.names.iter().map(|name| name.terms.len()).sum::<usize>();
        }
        // One number is left free, so that the end of the last range is a number too.
        let full = |what| InputError::Full { what, limit: u64::from(u32::MAX) - 1 };
        let room = u32::MAX as usize - 1;
        if records.len() > room - self.records.len() {
            return Err(full("records"));
        }
        if names > room - self.names.len() {
            return Err(full("names"));
        }
        if self.keys.iter().any(|keys| terms > room - keys.len()) {
            return Err(full("terms"));
        }
        Ok(())
    }
}

/// What names share that differ in their words alone: the number of words, the lane of each, the payload.
/// Appends it.
pub(super) fn template(into: &mut Vec<u8>, words: impl ExactSizeIterator<Item = u8>, payload: &[u8]) {
    put_varint(into, words.len() as u64);
    into.extend(words);
    into.extend_from_slice(payload);
}
