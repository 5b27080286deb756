use std::collections::BTreeMap;

use fst::raw::Fst;
use rayon::prelude::*;

use crate::storage::{Bytes, Directory, Envelope, Header, RamDirectory, StorageError, Tag};

use super::layout::{FORMAT, NAMES, PAYLOADS, RECORDS, TEXTS, lane_tags};
use super::lexicon::Lexicon;
use super::names::Names;
use super::records::Records;
use super::texts::Texts;
use super::{
    Frequency, IndexError, Lane, MANIFEST_FILE, Manifest, NameOrd, NameView, Postings, RecordOrd, RecordView,
    SegmentEntry,
};

/// How much of an index is read before it is believed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verify {
    /// Every byte.
    #[default]
    Everything,
    /// Lengths, headers and footers of all files, and every byte of the manifest and of the dictionaries of terms.
    /// Damage elsewhere is not found, but is never followed out of a file: what it hides is missing.
    Dictionaries,
}

/// How an index is opened.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenOptions {
    /// How much is read.
    pub verify: Verify,
    /// The only version of alphabet and normaliser that will do; `None` for any.
    pub alphabet: Option<u32>,
    /// The only version of tables and model that will do; `None` for any.
    pub tables: Option<u32>,
}

/// One version of an index, opened. It does not change, and it stays readable when the next version is published.
pub struct Index {
    manifest: Manifest,
    version: String,
    segment: Segment,
}

struct Segment {
    lanes: [Option<Lexicon>; Lane::COUNT],
    names: Names,
    texts: Texts,
    records: Records,
    /// Its files, in the order of [`expected_tags`].
    envelopes: Vec<Envelope>,
}

/// Opens an index whose files are given by name, as [`Index::open`] does. For whoever wants to try what happens.
///
/// # Errors
/// As [`Index::open`].
pub fn open_bytes(files: BTreeMap<String, Vec<u8>>) -> Result<Index, IndexError> {
    Index::open(&RamDirectory::from(files))
}

impl Index {
    /// Opens the index of a directory and verifies every byte of it.
    ///
    /// # Errors
    /// [`IndexError::NoManifest`] where no index was published yet; another [`IndexError`] for whatever does not fit:
    /// files that are missing, cut, changed or of another version.
    pub fn open(directory: &dyn Directory) -> Result<Index, IndexError> {
        Index::open_with(directory, OpenOptions::default())
    }

    /// Opens the index of a directory.
    ///
    /// # Errors
    /// As [`Index::open`].
    pub fn open_with(directory: &dyn Directory, options: OpenOptions) -> Result<Index, IndexError> {
        let (manifest, version) = Manifest::read(directory)?;
        for (what, found, expected) in [
            ("alphabet", manifest.versions.alphabet, options.alphabet),
            ("tables", manifest.versions.tables, options.tables),
        ] {
            if let Some(expected) = expected.filter(|expected| *expected != found) {
                return Err(StorageError::Version { file: MANIFEST_FILE.to_owned(), what, found, expected }.into());
            }
        }
        let refuse = |reason: String| IndexError::Manifest { file: MANIFEST_FILE.to_owned(), reason };
        let [entry] = &manifest.segments[..] else {
            return Err(refuse(format!("{} segments, expected 1", manifest.segments.len())));
        };
        let envelopes = open_files(directory, &manifest, entry, options.verify)?;
        let segment = Segment::open(entry, envelopes)?;
        Ok(Index { manifest, version, segment })
    }

    /// Reads every byte again, file by file, and compares the checksums: finds what happened to the files since they
    /// were opened. Costs a read of the whole index on one thread.
    ///
    /// # Errors
    /// [`StorageError::Checksum`] for the first file that changed.
    pub fn verify(&self) -> Result<(), IndexError> {
        Ok(self.segment.envelopes.iter().try_for_each(Envelope::verify)?)
    }

    /// What it is made of.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Its version: see [`Manifest::version`].
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The lanes that have terms, in order.
    pub fn lanes(&self) -> impl Iterator<Item = Lane> {
        Lane::all().filter(|lane| self.lexicon(*lane).is_some())
    }

    /// The dictionary of a lane, from key to ordinal: ordinals are dense and increase with the key. `None` for a lane
    /// without terms.
    pub fn terms(&self, lane: Lane) -> Option<&Fst<Bytes>> {
        self.lexicon(lane).map(Lexicon::terms)
    }

    /// The ordinal of a key.
    pub fn term(&self, lane: Lane, key: &[u8]) -> Option<u64> {
        self.terms(lane)?.get(key).map(|output| output.value())
    }

    /// The key of an ordinal.
    pub fn key(&self, lane: Lane, ordinal: u64) -> Option<Vec<u8>> {
        self.lexicon(lane)?.key(ordinal)
    }

    /// In how many names and records a term occurs; zero for what is not there.
    #[inline]
    pub fn frequency(&self, lane: Lane, ordinal: u64) -> Frequency {
        self.lexicon(lane).and_then(|lexicon| lexicon.frequency(ordinal)).unwrap_or_default()
    }

    /// The names that contain a term, increasing; none for what is not there.
    #[inline]
    pub fn postings(&self, lane: Lane, ordinal: u64) -> Postings<'_> {
        let limit = self.name_count();
        match self.lexicon(lane) {
            Some(lexicon) => lexicon.postings(ordinal, limit),
            None => Postings::new(&[], 0, limit),
        }
    }

    /// A name; `None` beyond the last.
    #[inline]
    pub fn name(&self, name: NameOrd) -> Option<NameView<'_>> {
        self.segment.names.get(name)
    }

    /// A name as published; `None` beyond the last. Costs the decompression of a block.
    pub fn name_text(&self, name: NameOrd) -> Option<String> {
        self.segment.texts.get(name)
    }

    /// A record; `None` beyond the last.
    pub fn record(&self, record: RecordOrd) -> Option<RecordView<'_>> {
        self.segment.records.get(record)
    }

    /// The record of an id, by binary search.
    pub fn record_by_id(&self, id: &str) -> Option<RecordOrd> {
        self.segment.records.find(id)
    }

    /// How many names there are; they are numbered from 0.
    #[inline]
    pub fn name_count(&self) -> u32 {
        self.segment.names.count()
    }

    /// How many records there are; they are numbered from 0.
    pub fn record_count(&self) -> u32 {
        self.segment.records.count()
    }

    #[inline]
    pub(super) fn lexicon(&self, lane: Lane) -> Option<&Lexicon> {
        self.segment.lanes.get(usize::from(lane.0))?.as_ref()
    }

    pub(super) fn texts(&self) -> &Texts {
        &self.segment.texts
    }
}

/// Opens the files that a segment must have, in the order of [`expected_tags`].
fn open_files(
    directory: &dyn Directory,
    manifest: &Manifest,
    segment: &SegmentEntry,
    verify: Verify,
) -> Result<Vec<Envelope>, IndexError> {
    let refuse = |reason: String| IndexError::Manifest { file: MANIFEST_FILE.to_owned(), reason };
    let lanes = segment.lanes.iter().map(|entry| entry.lane);
    if !lanes.clone().is_sorted_by(|left, right| left < right) || lanes.clone().any(|lane| lane.place().is_none()) {
        return Err(refuse("lanes are not increasing numbers below 16".to_owned()));
    }
    let tags = expected_tags(segment);
    if segment.files.len() != tags.len() {
        return Err(refuse(format!("{} files, expected {}", segment.files.len(), tags.len())));
    }
    let mut envelopes = Vec::with_capacity(tags.len());
    for tag in tags {
        let kind = tag.to_string();
        let entry = segment.files.iter().find(|entry| entry.kind == kind);
        let entry = entry.ok_or_else(|| refuse(format!("no file of kind {kind}")))?;
        let file = || entry.name.clone();
        let envelope = Envelope::open(&entry.name, directory.open(&entry.name)?)?;
        envelope.expect(&Header { tag, format: FORMAT, versions: manifest.versions, segment: segment.id })?;
        if envelope.length() != entry.length {
            let (found, expected) = (envelope.length(), entry.length);
            return Err(StorageError::Length { file: file(), found, expected }.into());
        }
        if envelope.digest() != entry.digest {
            let (found, expected) = (envelope.digest(), entry.digest);
            return Err(StorageError::Checksum { file: file(), found, expected }.into());
        }
        let dictionary = segment.lanes.iter().any(|entry| lane_tags(entry.lane)[0] == tag);
        envelopes.push((envelope, dictionary || verify == Verify::Everything));
    }
    // Collected before it is looked at, so that of several damaged files the same one is always reported.
    let verified: Vec<Result<(), StorageError>> = envelopes
        .par_iter()
        .map(|(envelope, whole)| {
            envelope.body().will_need();
            if *whole { envelope.verify() } else { Ok(()) }
        })
        .collect();
    verified.into_iter().collect::<Result<(), StorageError>>()?;
    Ok(envelopes.into_iter().map(|(envelope, _)| envelope).collect())
}

fn expected_tags(segment: &SegmentEntry) -> Vec<Tag> {
    let lanes = segment.lanes.iter().flat_map(|entry| lane_tags(entry.lane));
    [NAMES, PAYLOADS, TEXTS, RECORDS].into_iter().chain(lanes).collect()
}

impl Segment {
    /// `envelopes` are those of `open_files`: first four of the segment, then two of each lane.
    fn open(entry: &SegmentEntry, envelopes: Vec<Envelope>) -> Result<Segment, IndexError> {
        let file = |place: usize| {
            let envelope = &envelopes[place];
            (envelope.file(), envelope.body().clone())
        };
        let [names, payloads, texts, records] = [0, 1, 2, 3].map(file);
        let mut lanes = [const { None }; Lane::COUNT];
        for (place, lane) in entry.lanes.iter().enumerate() {
            // `open_files` refuses lanes beyond the last.
            let slot = &mut lanes[usize::from(lane.lane.0)];
            *slot = Some(Lexicon::open(file(4 + 2 * place), file(5 + 2 * place), lane.terms)?);
        }
        Ok(Segment {
            lanes,
            names: Names::open(names.0, names.1, payloads.1, entry.names)?,
            texts: Texts::open(texts.0, texts.1)?,
            records: Records::open(records.0, records.1, entry.records)?,
            envelopes,
        })
    }
}
