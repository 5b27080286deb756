use std::sync::Arc;

use super::engine::{LARGE_CHANGE, REVISION_FILE, SMALL, read_revision, rebuild};
use super::{Delta, Engine, EngineError, indexer};
use crate::registry::{News, Registry};
use crate::storage::{Directory, StorageError};

/// The file that says whose index it is: the first link of the registry's chain.
const ORIGIN_FILE: &str = "registry-origin";

impl Engine {
    /// Takes up what others changed in a registry that is shared, and serves it; true if there was anything. What others
    /// write meanwhile is for the next time. Errors leave the old snapshot serving.
    pub fn follow(&self) -> Result<bool, EngineError> {
        let (revision, records) = self.registry.revisions()?;
        let shows = |engine: &Engine| {
            let served = engine.snapshot().version().registry_revision;
            served >= revision && read_revision(engine.directory.as_ref()).is_some_and(|shown| shown >= records)
        };
        if shows(self) {
            return Ok(false);
        }
        let _guard = self.lock();
        // A change of this server may have taken it up while the lock was waited for.
        if shows(self) {
            return Ok(false);
        }
        self.catch_up()?;
        Ok(true)
    }

    /// Serves one committed state of the registry: what the index lacks of it becomes a small segment, or the index is
    /// built anew. The lock is held.
    pub(super) fn catch_up(&self) -> Result<(), EngineError> {
        let before = self.snapshot();
        let shown = read_revision(self.directory.as_ref());
        let News { records_revision, leads, changed, removed } = self.registry.news(shown.unwrap_or(0))?;
        if shown == Some(records_revision) {
            self.snapshot.store(Arc::new(before.with_leads(leads)));
            return Ok(());
        }
        let delta = Delta { changed, removed };
        let names = before.index.name_count() as usize;
        if shown.is_none() || names < SMALL || delta.names() > names / LARGE_CHANGE {
            let snapshot = rebuild(&self.registry, self.directory.as_ref(), self.thresholds)?;
            self.snapshot.store(Arc::new(snapshot));
            return Ok(());
        }
        indexer::change(&before.index, &delta.changed, &delta.removed, self.directory.as_ref())?
            .publish(self.directory.as_ref())?;
        self.take_over(&before, records_revision, leads)?;
        Ok(())
    }
}

/// Has the index built anew if it may be that of another registry: revisions of two registries say nothing of each
/// other. A registry in the data directory itself is the one of its index unless the file tells otherwise.
pub(super) fn recognise(registry: &Registry, directory: &dyn Directory) -> Result<(), EngineError> {
    let origin = registry.audit(0, 1)?.pop().map(|link| link.hash).unwrap_or_default();
    let known = match directory.open(ORIGIN_FILE) {
        Ok(bytes) => Some(bytes.to_vec()),
        Err(StorageError::Missing { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    if known.as_deref() == Some(origin.as_bytes()) || (known.is_none() && !registry.is_shared()) {
        return Ok(());
    }
    // In this order: a crash in between only means that the index is built anew.
    match directory.delete(REVISION_FILE) {
        Ok(()) | Err(StorageError::Missing { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    directory.sync()?;
    directory.publish(ORIGIN_FILE, origin.as_bytes())?;
    Ok(())
}
