//! From records to an index: every name is analysed, its words and meanings become terms.

use rayon::prelude::*;

use super::analysed::Analysed;
use crate::index::{BuildOptions, Index, IndexError, Manifest, SegmentBuilder, Versions, update};
use crate::model::{EntityId, Record, RecordId};
use crate::registry::{Registry, RegistryError};
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

/// Records that are analysed at a time: enough for all cores, and few enough to be forgotten soon.
const BATCH: usize = 2048;
/// Records that one core analyses at a time.
const CHUNK: usize = 64;

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
    /// Kept for their memory, which one core fills and another empties.
    analysed: Vec<Analysed>,
}

impl Default for Indexer {
    fn default() -> Indexer {
        Indexer { builder: SegmentBuilder::with_options(options()), batch: Vec::new(), analysed: Vec::new() }
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
        let mut batch = std::mem::take(&mut self.batch);
        self.add(&batch)?;
        batch.clear();
        self.batch = batch;
        Ok(())
    }

    fn add(&mut self, batch: &[(Record, EntityId)]) -> Result<(), BuildError> {
        let chunks = batch.len().div_ceil(CHUNK);
        self.analysed.resize_with(self.analysed.len().max(chunks), Analysed::default);
        let analysed = self.analysed.par_iter_mut().zip(batch.par_chunks(CHUNK));
        let done: Vec<_> = analysed.map(|(analysed, records)| analysed.fill(records)).collect();
        done.into_iter().collect::<Result<(), BuildError>>()?;
        let mut analysed = self.analysed.iter().zip(batch.chunks(CHUNK));
        analysed.try_for_each(|(analysed, records)| analysed.add_to(records, &mut self.builder))
    }
}
