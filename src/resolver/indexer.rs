//! From records to an index: every name is analysed, its words and meanings become terms.

use rayon::prelude::*;

use super::payload::{self, RecordPayload};
use crate::index::{IndexError, Manifest, NameInput, SegmentBuilder, TermInput, Versions};
use crate::model::{EntityId, Record};
use crate::names::{self, Hints, Name, PartRole};
use crate::registry::{Registry, RegistryError};
use crate::retrieval::lanes;
use crate::storage::Directory;
use crate::text::symbols;

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

/// Posting flag: the word is several parts joined.
const JOINED: u8 = 1;
/// Posting flag: the word is the base form of a part.
const BASE: u8 = 2;

/// The versions that an index is read with: an index of other ones is refused.
pub fn versions() -> Versions {
    Versions { alphabet: symbols::VERSION, tables: super::snapshot::tables_version() }
}

/// Builds the index of all records of a registry into a directory and publishes it there. Returns its manifest and
/// the last revision of the registry that changed a record, which it shows. The same records give the same bytes.
pub fn build(registry: &Registry, directory: &dyn Directory) -> Result<(Manifest, u64), BuildError> {
    let mut records = Vec::new();
    let revision = registry.for_each_record(&mut |record, entity| {
        records.push((record, entity));
        Ok::<(), BuildError>(())
    })?;
    let manifest = build_records(&records, directory)?;
    Ok((manifest, revision))
}

/// Builds the index of some records.
pub fn build_records(records: &[(Record, EntityId)], directory: &dyn Directory) -> Result<Manifest, BuildError> {
    let analysed: Vec<Vec<AnalysedName>> = records.par_iter().map(|(record, _)| analyse(record)).collect();
    let mut builder = SegmentBuilder::new();
    for ((record, entity), names) in records.iter().zip(&analysed) {
        let payload = RecordPayload::of(record, *entity).encode();
        let payload = payload.map_err(|reason| BuildError::Payload { record: record.id.to_string(), reason })?;
        let names: Vec<NameInput<'_>> = names
            .iter()
            .map(|name| NameInput { text: &name.text, payload: &name.payload, terms: &name.terms })
            .collect();
        builder.add_record(record.id.as_str(), &payload, &names)?;
    }
    Ok(builder.finish(directory, versions())?)
}

struct AnalysedName {
    text: String,
    payload: Vec<u8>,
    terms: Vec<TermInput>,
}

fn analyse(record: &Record) -> Vec<AnalysedName> {
    let country = record.countries.first().cloned().unwrap_or_default();
    let mut names: Vec<AnalysedName> = Vec::with_capacity(record.names.len());
    for name in &record.names {
        let hints = Hints { kind: record.kind, language: name.language.clone(), country: country.clone() };
        let mut readings = names::analyse(&name.text, &hints).readings;
        readings.truncate(payload::MAX_READINGS);
        let mut terms: Vec<TermInput> = readings.iter().flat_map(terms_of).collect();
        terms.sort_by(|a, b| (a.lane.0, &a.key, a.flags).cmp(&(b.lane.0, &b.key, b.flags)));
        terms.dedup_by(|a, b| a.lane == b.lane && a.key == b.key);
        names.push(AnalysedName {
            text: name.text.clone(),
            payload: payload::encode_name(name.quality, &readings),
            terms,
        });
    }
    // Identifiers lead to the record; they stand with its first name.
    if let Some(first) = names.first_mut() {
        let mut keys: Vec<Vec<u8>> = record.identifiers.iter().filter_map(lanes::identifier_key).collect();
        keys.sort();
        keys.dedup();
        first.terms.extend(keys.into_iter().map(|key| TermInput { lane: lanes::IDENTIFIERS, key, flags: 0 }));
    }
    names
}

/// The terms of a reading: its words, joined words, and meanings. Words that too many names share, such as legal
/// forms, are terms only of names that have nothing else.
fn terms_of(name: &Name) -> Vec<TermInput> {
    let searched =
        |role| !matches!(role, PartRole::Initial | PartRole::Title | PartRole::LegalForm | PartRole::Particle);
    let alone = name.parts.iter().all(|part| !searched(part.role));
    let mut terms = Vec::new();
    for span in name.spans() {
        if alone || searched(name.parts[span.parts.start].role) {
            let flags = if span.parts.len() > 1 { JOINED } else { 0 };
            terms.push(TermInput { lane: lanes::of_script(span.script), key: span.symbols, flags });
        }
    }
    // Adjectives of places are found by the place; the bases of names of people are many, and found by their letters.
    for part in name.parts.iter().filter(|part| part.role == PartRole::Distinctive) {
        let bases = names::bases(part).into_iter();
        terms.extend(bases.map(|(script, key)| TermInput { lane: lanes::of_script(script), key, flags: BASE }));
    }
    for part in name.parts.iter().filter(|part| searched(part.role)) {
        terms.extend(part.concept.map(|concept| TermInput {
            lane: lanes::CONCEPTS,
            key: concept.as_bytes().to_vec(),
            flags: 0,
        }));
    }
    terms
}
