//! From records to an index: every name is analysed, its words and meanings become terms.

use rayon::prelude::*;

use super::payload;
use crate::index::{BuildOptions, Index, IndexError, Manifest, NameInput, SegmentBuilder, TermInput, Versions, update};
use crate::model::{EntityId, Kind, Record, RecordId};
use crate::names::{self, Name, NamePart, PartRole, Span};
use crate::registry::{Registry, RegistryError};
use crate::retrieval::{is_searched, lanes};
use crate::storage::Directory;
use crate::text::{Script, symbols};

/// Why an index could not be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The registry could not be read.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The index could not be written.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The index could not be opened again.
    #[error(transparent)]
    Snapshot(#[from] super::SnapshotError),
    /// A record could not be encoded.
    #[error("record {record}: {reason}")]
    Payload {
        /// Its id.
        record: String,
        /// Why.
        reason: postcard::Error,
    },
}

/// Records that are analysed at a time: enough for all cores, and few enough to be forgotten soon.
const BATCH: usize = 4096;

/// The versions that an index is read with: an index of other ones is refused.
pub fn versions() -> Versions {
    Versions { alphabet: symbols::VERSION, tables: super::snapshot::tables_version() }
}

/// Writes the index of all records of a registry into a directory. Returns its manifest, to be published, and the last
/// revision of the registry that changed a record, which it shows. The same records give the same bytes.
pub fn build(registry: &Registry, directory: &dyn Directory) -> Result<(Manifest, u64), BuildError> {
    let mut indexer = Indexer::default();
    let revision = registry.for_each_record(&mut |record, entity| indexer.push(record, entity))?;
    Ok((indexer.finish()?.write(directory, versions())?, revision))
}

/// Builds the index of some records and publishes it.
pub fn build_records(records: &[(Record, EntityId)], directory: &dyn Directory) -> Result<Manifest, BuildError> {
    let mut indexer = Indexer::default();
    records.chunks(BATCH).try_for_each(|batch| indexer.add(batch))?;
    Ok(indexer.finish()?.finish(directory, versions())?)
}

/// Writes what makes an index show the changed records, in place of those with the same ids, and no longer the removed
/// ones. Returns the manifest, to be published. The answers are those of an index built anew.
pub fn change(
    index: &Index,
    changed: &[(Record, EntityId)],
    removed: &[RecordId],
    directory: &dyn Directory,
) -> Result<Manifest, BuildError> {
    let mut indexer = Indexer::default();
    changed.chunks(BATCH).try_for_each(|batch| indexer.add(batch))?;
    let removed: Vec<&str> = removed.iter().map(RecordId::as_str).collect();
    Ok(update(index, indexer.finish()?, &removed, directory)?)
}

/// How all segments are written.
pub fn options() -> BuildOptions {
    BuildOptions::default()
}

/// Turns records into a segment, a batch at a time: names are analysed on all cores, and only what the index keeps of
/// them stays in memory.
pub struct Indexer {
    builder: SegmentBuilder,
    batch: Vec<(Record, EntityId)>,
}

impl Default for Indexer {
    fn default() -> Indexer {
        Indexer { builder: SegmentBuilder::with_options(options()), batch: Vec::new() }
    }
}

impl Indexer {
    /// Takes a record over.
    pub fn push(&mut self, record: Record, entity: EntityId) -> Result<(), BuildError> {
        self.batch.push((record, entity));
        if self.batch.len() < BATCH { Ok(()) } else { self.flush() }
    }

    /// The segment of all records, to be written.
    pub fn finish(mut self) -> Result<SegmentBuilder, BuildError> {
        self.flush()?;
        Ok(self.builder)
    }

    fn flush(&mut self) -> Result<(), BuildError> {
        let batch = std::mem::take(&mut self.batch);
        self.add(&batch)
    }

    fn add(&mut self, batch: &[(Record, EntityId)]) -> Result<(), BuildError> {
        let analysed: Vec<_> = batch
            .par_iter()
            .map(|(record, entity)| (payload::encode_record(record, *entity), analyse(record)))
            .collect();
        for ((record, _), (payload, names)) in batch.iter().zip(analysed) {
            let payload = payload.map_err(|reason| BuildError::Payload { record: record.id.to_string(), reason })?;
            let names: Vec<NameInput<'_>> = names.iter().map(AnalysedName::input).collect();
            self.builder.add_record(record.id.as_str(), &payload, &names)?;
        }
        Ok(())
    }
}

/// A name as the index takes it.
struct AnalysedName<'a> {
    text: &'a str,
    payload: Vec<u8>,
    terms: Vec<TermInput>,
    words: usize,
}

impl AnalysedName<'_> {
    fn input(&self) -> NameInput<'_> {
        NameInput { text: self.text, payload: &self.payload, terms: &self.terms, words: self.words }
    }
}

fn analyse(record: &Record) -> Vec<AnalysedName<'_>> {
    let mut names: Vec<AnalysedName<'_>> = Vec::with_capacity(record.names.len());
    for name in &record.names {
        let mut readings = names::readings(&name.text, record.kind);
        readings.truncate(payload::MAX_READINGS);
        let mut terms = Vec::new();
        for (place, reading) in readings.iter().enumerate() {
            if !readings[..place].iter().any(|other| have_same_words(reading, other)) {
                add_words(reading, &mut terms);
            }
            add_meanings(reading, &mut terms);
        }
        terms.sort_unstable_by(|a, b| (a.lane.0, &a.key).cmp(&(b.lane.0, &b.key)));
        terms.dedup_by(|a, b| a.lane == b.lane && a.key == b.key);
        let (payload, words) = payload::encode_name(name.quality, &readings, &mut terms);
        names.push(AnalysedName { text: &name.text, payload, terms, words });
    }
    // Identifiers lead to the record; they stand with its first name.
    if let Some(first) = names.first_mut() {
        let mut keys: Vec<Vec<u8>> = record.identifiers.iter().filter_map(lanes::identifier_key).collect();
        keys.sort();
        keys.dedup();
        first.terms.extend(keys.into_iter().map(|key| TermInput {
            lane: lanes::IDENTIFIERS,
            key: key.into(),
            flags: 0,
        }));
    }
    names
}

/// Parts of a person that are written as one are syllables or little more: so many symbols each, and in all.
const SYLLABLE: usize = 6;
const PERSON: usize = 12;
/// Words of others that are written as one have at most so many symbols.
const COMPOUND: usize = 14;
/// Korean words, two or three symbols a syllable, are written with spaces or without.
const KOREAN: usize = 20;

/// True for parts that somebody may well write as one word. Others are found by their parts alone: the joined words of
/// a large list are nearly as many as its names, and cost more than all else.
fn is_written_joined(name: &Name, span: &Span) -> bool {
    let parts = &name.parts[span.parts.clone()];
    // A word of the text that was cut is written as one for certain.
    if parts.windows(2).all(|pair| pair[0].span.end == pair[1].span.start) {
        return true;
    }
    if name.kind == Kind::Unknown && span.parts.len() == name.parts.len() {
        return true;
    }
    let length = span.symbols.len();
    let short = || name.parts[span.parts.clone()].iter().all(|part| part.symbols.len() <= SYLLABLE);
    match span.script {
        Script::Hangul => length <= KOREAN && (name.kind != Kind::Person || short()),
        _ if name.kind == Kind::Person => length <= PERSON && short(),
        _ => length <= COMPOUND,
    }
}

/// True if two readings have the same words as terms: they differ at most in which part is which name of a person.
fn have_same_words(one: &Name, other: &Name) -> bool {
    let is_name = |part: &NamePart| {
        matches!(part.role, PartRole::Surname | PartRole::Given | PartRole::Patronymic | PartRole::Unknown)
    };
    let are_same = |(one, other): (&NamePart, &NamePart)| {
        (one.role == other.role || is_name(one) && is_name(other))
            && (one.script, &one.span, &one.symbols) == (other.script, &other.span, &other.symbols)
    };
    one.kind == other.kind && one.parts.len() == other.parts.len() && one.parts.iter().zip(&other.parts).all(are_same)
}

/// Adds the words of a reading and its joined words. Words that too many names share, such as legal forms, are terms
/// only of names that have nothing else.
fn add_words(name: &Name, terms: &mut Vec<TermInput>) {
    let alone = name.parts.iter().all(|part| !is_searched(part.role));
    for span in name.spans() {
        let is_kept = span.parts.len() == 1 || is_written_joined(name, &span);
        if is_kept && (alone || is_searched(name.parts[span.parts.start].role)) {
            terms.push(TermInput { lane: lanes::of_script(span.script), key: span.symbols.into(), flags: 0 });
        }
    }
    // Where nobody is asked for by the words, somebody may ask by their first letters.
    terms.extend(name.acronym().map(|own| TermInput {
        lane: lanes::of_script(own.script),
        key: own.symbols.into(),
        flags: 0,
    }));
    // Adjectives of places are found by the place; the bases of names of people are many, and found by their letters.
    for part in name.parts.iter().filter(|part| part.role == PartRole::Distinctive) {
        let bases = names::bases(part).into_iter();
        terms.extend(bases.map(|(script, key)| TermInput {
            lane: lanes::of_script(script),
            key: key.into(),
            flags: 0,
        }));
    }
}

/// Adds what the words of a reading mean.
fn add_meanings(name: &Name, terms: &mut Vec<TermInput>) {
    for part in name.parts.iter().filter(|part| is_searched(part.role)) {
        terms.extend(part.concept.map(|concept| TermInput {
            lane: lanes::CONCEPTS,
            key: concept.as_bytes().into(),
            flags: 0,
        }));
    }
}
