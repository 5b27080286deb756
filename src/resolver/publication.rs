//! The order in which an index becomes the one that serves.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::indexer;
use super::ledger::{Edition, Ledger};
use super::{EngineError, Snapshot, SnapshotError, Thresholds, model_version};
use crate::index::{self, IndexError, Manifest};
use crate::registry::{Leads, Registry};
use crate::storage::Directory;

/// How many versions are retained unless somebody says otherwise.
pub(super) const RETAINED: usize = 8;

/// What serves, and the ledger that says so.
pub(super) struct Published {
    pub(super) snapshot: Snapshot,
    pub(super) ledger: Ledger,
}

/// Makes an index the newest one of a directory. Its files are there and on the medium. They are read and verified by
/// `open`, all of them; only then the manifest is kept under its own name and becomes the one of the directory; the
/// ledger comes last. An error or a crash at any point leaves the version before, or this one, to be built again.
///
/// Others may have changed a registry that is shared since the records of the index were read. It serves as of the last
/// revision at which they were those, and so did the one before of its own.
pub(super) fn publish(
    registry: &Registry,
    directory: &dyn Directory,
    ledger: &Ledger,
    open: &dyn Fn(&dyn Directory, Leads) -> Result<Snapshot, EngineError>,
    records_revision: u64,
) -> Result<Published, EngineError> {
    let snapshot = open(directory, registry.leads_of_records(records_revision)?)?;
    let last_revision = match ledger.last() {
        Some(last) => registry.unchanged_until(last.records_revision)?,
        None => 0,
    };
    let manifest = snapshot.index.manifest();
    if ledger.last().is_none_or(|last| last.index != snapshot.index.version()) {
        manifest.keep(directory)?;
    }
    manifest.publish(directory)?;
    let ledger = ledger.with(edition(&snapshot, records_revision), last_revision);
    ledger.publish(directory)?;
    Ok(Published { snapshot, ledger })
}

fn edition(snapshot: &Snapshot, records_revision: u64) -> Edition {
    Edition {
        index: snapshot.index.version().to_owned(),
        model: model_version().to_owned(),
        records_revision,
        registry_revision: snapshot.version().registry_revision,
        published_at: Timestamp::now(),
        records: snapshot.record_count(),
        names: snapshot.name_count(),
        replaced: None,
    }
}

/// Deletes what no retained version names. What cannot be deleted stays for the next time.
pub(super) fn collect(directory: &dyn Directory, ledger: &Ledger) {
    let mut versions: BTreeSet<&str> = ledger.editions.iter().map(|edition| edition.index.as_str()).collect();
    versions.extend(ledger.pin().map(|pin| pin.index.as_str()));
    let manifests: Result<Vec<Manifest>, IndexError> =
        versions.into_iter().map(|version| Manifest::read_kept(directory, version)).collect();
    match manifests {
        Ok(manifests) => {
            if let Err(error) = index::gc(directory, &manifests) {
                tracing::warn!(%error, "files of versions that are no longer retained could not be deleted");
            }
        }
        // Its files are not known, so none may go.
        Err(error) => tracing::error!(%error, "a retained version cannot be read: no file is deleted"),
    }
}

/// What a directory holds, built anew where it is missing, behind the registry or stale.
pub(super) fn start(
    registry: &Registry,
    directory: &dyn Directory,
    thresholds: Thresholds,
) -> Result<Published, EngineError> {
    let mut ledger = Ledger::read(directory)?.unwrap_or_else(|| Ledger::new(RETAINED));
    if let Some(snapshot) = reopen(registry, directory, &ledger, thresholds)? {
        let last = ledger.last().cloned();
        return match last.filter(|last| last.model != model_version()) {
            None => Ok(Published { snapshot, ledger }),
            Some(last) => {
                let edition = edition(&snapshot, last.records_revision);
                let last_revision = edition.registry_revision;
                let ledger = ledger.with(edition, last_revision);
                ledger.publish(directory)?;
                Ok(Published { snapshot, ledger })
            }
        };
    }
    forget_stale(directory, &mut ledger);
    let (manifest, revision) = indexer::build(registry, directory)?;
    let open = |directory: &dyn Directory, leads| {
        let index = index::Index::open_manifest(directory, manifest.clone(), index::OpenOptions::default(), &[]);
        let index = index.map_err(SnapshotError::from)?;
        Ok(Snapshot::of_index(index, leads, thresholds)?)
    };
    let published = publish(registry, directory, &ledger, &open, revision)?;
    // Requests that hold the old index keep its files open; their names can go.
    collect(directory, &published.ledger);
    Ok(published)
}

/// The snapshot of what is on disk; `None` if it has to be built first.
fn reopen(
    registry: &Registry,
    directory: &dyn Directory,
    ledger: &Ledger,
    thresholds: Thresholds,
) -> Result<Option<Snapshot>, EngineError> {
    match Snapshot::open(directory, registry.leads()?, thresholds) {
        Ok(snapshot) => {
            let revision = registry.records_revision()?;
            let last = ledger.last().filter(|last| last.index == snapshot.index.version());
            Ok(last.filter(|last| last.records_revision == revision).map(|_| snapshot))
        }
        Err(SnapshotError::Index(IndexError::NoManifest)) => Ok(None),
        Err(error @ (SnapshotError::Versions { .. } | SnapshotError::Index(IndexError::OtherFormat { .. }))) => {
            tracing::warn!(%error, "the index is stale: it is built anew from the registry");
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Forgets versions that this program can never read: those of another format, and those built with other tables.
fn forget_stale(directory: &dyn Directory, ledger: &mut Ledger) {
    ledger.editions.retain(|edition| {
        let stale = match Manifest::read_kept(directory, &edition.index) {
            Ok(manifest) => manifest.versions != indexer::versions(),
            Err(IndexError::OtherFormat { .. }) => true,
            // Damaged, or it cannot be read now: whoever asks for it is told.
            Err(_) => false,
        };
        if stale {
            tracing::warn!(index = edition.index, "a retained version was built with other tables: it is forgotten");
        }
        !stale
    });
    if let Some(pin) = ledger.pin().cloned()
        && !ledger.editions.iter().any(|edition| edition.index == pin.index)
    {
        tracing::warn!(index = pin.index, "the version that was pinned is no longer there: the newest one serves");
        ledger.end_pin(Timestamp::now());
    }
}

#[cfg(test)]
mod tests;
