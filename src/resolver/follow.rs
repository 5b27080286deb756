use std::sync::{Arc, MutexGuard};

use super::engine::{LARGE_CHANGE, SMALL};
use super::ledger::LEDGER_FILE;
use super::{Engine, EngineError, indexer};
use crate::registry::{News, Registry, RegistryError};
use crate::storage::{Directory, StorageError};

/// The file that says whose index it is: the first link of the registry's chain; empty while it has none.
const ORIGIN_FILE: &str = "registry-origin";

impl Engine {
    /// Takes up what others changed in a registry that is shared, and serves it unless another version is pinned; true
    /// if there was anything. What others write meanwhile is for the next time. Errors leave the old snapshot serving.
    pub fn follow(&self) -> Result<bool, EngineError> {
        let (revision, records) = self.registry.revisions()?;
        let shows = || {
            self.is_recognised()
                && self.newest().version().registry_revision >= revision
                && self.records_revision().is_some_and(|shown| shown >= records)
        };
        if shows() {
            return Ok(false);
        }
        let guard = self.lock();
        // A change of this server may have taken it up while the lock was waited for.
        if shows() {
            return Ok(false);
        }
        self.gently(|| self.catch_up(&guard))?;
        Ok(true)
    }

    /// Shows one committed state of the registry: what the index lacks of it becomes a small segment, or the index is
    /// built anew.
    pub(super) fn catch_up(&self, guard: &MutexGuard<'_, ()>) -> Result<(), EngineError> {
        self.recognise(guard)?;
        let before = self.newest();
        let shown = self.records_revision();
        let names = before.index.name_count() as usize;
        let most = if names < SMALL { 0 } else { names / LARGE_CHANGE };
        let News { records_revision, leads, changed, removed, too_many } =
            self.registry.news(shown.unwrap_or(0), most)?;
        if shown == Some(records_revision) {
            self.show(Arc::new(before.with_leads(leads)));
            return Ok(());
        }
        if shown == Some(0) && self.registry.is_shared() {
            // The registry was empty and nameless when the directory was made.
            self.directory.publish(ORIGIN_FILE, origin(&self.registry)?.as_bytes())?;
        }
        let names_changed = changed.iter().map(|(record, _)| record.names.len()).sum::<usize>() + removed.len();
        if shown.is_none() || too_many || names_changed > most {
            self.build_anew(guard)?;
            return Ok(());
        }
        let manifest = match changed.is_empty() && removed.is_empty() {
            true => before.index.manifest().clone(),
            false => indexer::change(&before.index, &changed, &removed, self.directory.as_ref())?,
        };
        self.publish(guard, manifest, records_revision)?;
        Ok(())
    }
}

fn origin(registry: &Registry) -> Result<String, RegistryError> {
    Ok(registry.audit(0, 1)?.pop().map(|link| link.hash).unwrap_or_default())
}

/// Has the index built anew, and its versions forgotten, if it may be that of another registry: revisions of two
/// registries say nothing of each other. A registry in the data directory itself is the one of its index unless the file
/// tells otherwise. False if they were forgotten.
pub(super) fn recognise(registry: &Registry, directory: &dyn Directory) -> Result<bool, EngineError> {
    let origin = origin(registry)?;
    let known = match directory.open(ORIGIN_FILE) {
        Ok(bytes) => Some(bytes.to_vec()),
        Err(StorageError::Missing { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    if known.as_deref() == Some(origin.as_bytes()) || (known.is_none() && !registry.is_shared()) {
        return Ok(true);
    }
    // In this order: a crash in between only means that the index is built anew.
    match directory.delete(LEDGER_FILE) {
        Ok(()) | Err(StorageError::Missing { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    directory.sync()?;
    directory.publish(ORIGIN_FILE, origin.as_bytes())?;
    Ok(false)
}
