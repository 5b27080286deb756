//! Records as the index takes them: the terms and payloads of their names.

use std::ops::Range;

use super::indexer::BuildError;
use super::payload;
use crate::index::{NameInput, RecordInput, SegmentBuilder, TermInput};
use crate::model::{EntityId, Kind, Record};
use crate::names::{self, Name, NamePart, PartRole};
use crate::retrieval::{is_searched, lanes};
use crate::text::Script;

/// Records whose names are looked up together: so few that what was looked at is still at hand.
const AHEAD: usize = 8;

/// Some records, analysed. What they consist of lies in a few vectors, to be filled again and again: memory that one core
/// takes and another gives back is dear.
#[derive(Default)]
pub(super) struct Analysed {
    /// In the order of the records.
    records: Vec<AnalysedRecord>,
    /// Record after record, in the order of their names.
    names: Vec<AnalysedName>,
    terms: Vec<TermInput>,
    /// Payloads of records and names.
    payloads: Vec<u8>,
}

struct AnalysedRecord {
    payload: Range<usize>,
    names: Range<usize>,
}

struct AnalysedName {
    payload: Range<usize>,
    terms: Range<usize>,
    words: usize,
}

impl Analysed {
    /// Analyses records, and forgets those of before.
    pub(super) fn fill(&mut self, records: &[(Record, EntityId)]) -> Result<(), BuildError> {
        self.records.clear();
        self.names.clear();
        self.terms.clear();
        self.payloads.clear();
        records.iter().try_for_each(|(record, entity)| self.record(record, *entity))
    }

    /// Adds the records, which are those that were analysed, to a segment.
    pub(super) fn add_to(
        &self,
        records: &[(Record, EntityId)],
        builder: &mut SegmentBuilder,
    ) -> Result<(), BuildError> {
        let texts = records.iter().flat_map(|(record, _)| &record.names);
        let names = self.names.iter().zip(texts).map(|(name, published)| NameInput {
            text: &published.text,
            payload: &self.payloads[name.payload.clone()],
            terms: &self.terms[name.terms.clone()],
            words: name.words,
        });
        let names: Vec<NameInput<'_>> = names.collect();
        let records = self.records.iter().zip(records).map(|(own, (record, _))| RecordInput {
            id: record.id.as_str(),
            payload: &self.payloads[own.payload.clone()],
            names: &names[own.names.clone()],
        });
        let records: Vec<RecordInput<'_>> = records.collect();
        Ok(records.chunks(AHEAD).try_for_each(|records| builder.add_records(records))?)
    }

    fn record(&mut self, record: &Record, entity: EntityId) -> Result<(), BuildError> {
        let payload = self.payloads.len();
        payload::encode_record(record, entity, &mut self.payloads)
            .map_err(|reason| BuildError::Payload { record: record.id.to_string(), reason })?;
        let payload = payload..self.payloads.len();
        let first = self.names.len();
        for (place, name) in record.names.iter().enumerate() {
            let mut readings = names::readings(&name.text, record.kind);
            readings.truncate(payload::MAX_READINGS);
            let (terms, payload) = (self.terms.len(), self.payloads.len());
            add_terms(&readings, &mut self.terms);
            let own = &mut self.terms[terms..];
            let words = payload::encode_name(name.quality, &readings, own, &mut self.payloads);
            if place == 0 {
                self.identifiers(record);
            }
            let (terms, payload) = (terms..self.terms.len(), payload..self.payloads.len());
            self.names.push(AnalysedName { payload, terms, words });
        }
        self.records.push(AnalysedRecord { payload, names: first..self.names.len() });
        Ok(())
    }

    /// Identifiers lead to the record; they stand with its first name.
    fn identifiers(&mut self, record: &Record) {
        let mut keys: Vec<Vec<u8>> = record.identifiers.iter().filter_map(lanes::identifier_key).collect();
        keys.sort();
        keys.dedup();
        let terms = keys.into_iter().map(|key| TermInput { lane: lanes::IDENTIFIERS, key: key.into(), flags: 0 });
        self.terms.extend(terms);
    }
}

/// Adds the terms of the readings of a name behind others: in order, each once.
fn add_terms(readings: &[Name], terms: &mut Vec<TermInput>) {
    let start = terms.len();
    for (place, reading) in readings.iter().enumerate() {
        if !readings[..place].iter().any(|other| have_same_words(reading, other)) {
            add_words(reading, terms);
        }
        add_meanings(reading, terms);
    }
    terms[start..].sort_unstable_by(|a, b| (a.lane.0, &a.key).cmp(&(b.lane.0, &b.key)));
    let mut kept = start;
    for at in start..terms.len() {
        if kept == start || terms[kept - 1] != terms[at] {
            terms.swap(kept, at);
            kept += 1;
        }
    }
    terms.truncate(kept);
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
fn is_written_joined(name: &Name, run: &Range<usize>) -> bool {
    let parts = &name.parts[run.clone()];
    // A word of the text that was cut is written as one for certain.
    if parts.windows(2).all(|pair| pair[0].span.end == pair[1].span.start) {
        return true;
    }
    if name.is_whole_place(run) {
        return true;
    }
    let length: usize = parts.iter().map(|part| part.symbols.len()).sum();
    let short = || parts.iter().all(|part| part.symbols.len() <= SYLLABLE);
    match parts[0].script {
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
    for run in name.runs() {
        let is_kept = run.len() == 1 || is_written_joined(name, &run);
        if is_kept && (alone || is_searched(name.parts[run.start].role)) {
            let span = name.span(run);
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
