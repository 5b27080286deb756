use std::path::Path;

use super::engine::INDEX_FOLDER;
use super::ledger::Ledger;
use super::{EngineError, Snapshot, SnapshotError, Thresholds};
use crate::index::{Index, Manifest, OpenOptions};
use crate::registry::Registry;
use crate::storage::FsDirectory;

/// Verifies the index of a data directory: every file against its checksum, its parts against each other, and its
/// records against the registry. Returns what is as it should be, in words; the error is what is not.
pub fn verify(data: &Path, registry: &Registry) -> Result<Vec<String>, EngineError> {
    let directory = FsDirectory::open(data.join(INDEX_FOLDER))?;
    let revision = registry.records_revision()?;
    let snapshot = Snapshot::open(&directory, registry.leads()?, Thresholds::default())?;
    snapshot.index.check().map_err(SnapshotError::from)?;
    let mut verified = vec![format!(
        "index {}: {} records, {} names, every checksum fits",
        snapshot.index.version(),
        snapshot.index.record_count(),
        snapshot.index.name_count()
    )];
    let mut missing = Vec::new();
    let mut records = 0u64;
    registry.for_each_record(&mut |record, _| {
        records += 1;
        if snapshot.index.record_by_id(record.id.as_str()).is_none() {
            missing.push(record.id.to_string());
        }
        Ok::<(), EngineError>(())
    })?;
    let ledger = Ledger::read(&directory)?.unwrap_or_else(|| Ledger::new(1));
    let current =
        ledger.last().is_some_and(|last| last.records_revision == revision && last.index == snapshot.index.version());
    if !missing.is_empty() || records != u64::from(snapshot.index.record_count()) || !current {
        return Err(EngineError::Behind {
            registry: records,
            index: u64::from(snapshot.index.record_count()),
            example: missing.into_iter().next().unwrap_or_default(),
        });
    }
    verified.push(format!("index and registry agree on {records} records at revision {revision}"));
    for edition in ledger.editions.iter().rev().skip(1) {
        let manifest = Manifest::read_kept(&directory, &edition.index).map_err(SnapshotError::from)?;
        let index = Index::open_manifest(&directory, manifest, OpenOptions::default(), &[&snapshot.index]);
        index.and_then(|index| index.check()).map_err(SnapshotError::from)?;
    }
    verified.push(format!("{} versions are retained, every one whole", ledger.editions.len()));
    Ok(verified)
}
