use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;

use super::indexer::{self, BuildError};
use super::{Snapshot, SnapshotError, Thresholds};
use crate::index::{self, IndexError};
use crate::model::Version;
use crate::registry::{Import, ImportCounts, Registry, RegistryError};
use crate::storage::{Directory, FsDirectory, RamDirectory, StorageError};

/// The folder of the index inside a data directory.
pub(super) const INDEX_FOLDER: &str = "index";
/// The file that says which revision of the registry's records the index shows.
const REVISION_FILE: &str = "records-revision";

/// Why the engine could not start, or could not take a change over.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The index could not be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The index could not be opened.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// A file could not be read or written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The index does not show what the registry holds.
    #[error(
        "the registry has {registry} records and the index {index} (missing for example: {example:?}): \
         the next import or start builds the index anew"
    )]
    Behind {
        /// Records of the registry.
        registry: u64,
        /// Records of the index.
        index: u64,
        /// A record that the index lacks; empty if it lacks none.
        example: String,
    },
}

/// What a change led to.
#[derive(Clone, Debug)]
pub struct Published {
    /// What the import did.
    pub counts: ImportCounts,
    /// What serves now.
    pub version: Version,
}

/// The registry, and the snapshot that serves. Readers never wait: they take the snapshot that is there, and a new
/// one replaces it once it is verified.
pub struct Engine {
    registry: Registry,
    directory: Arc<dyn Directory>,
    snapshot: ArcSwap<Snapshot>,
    thresholds: Thresholds,
    /// Held while a change is written, so that indexes are published in the order of revisions.
    writing: Mutex<()>,
}

impl Engine {
    /// Opens a data directory. An index that is missing, older than the registry, or built with other tables is
    /// built anew; a damaged one is refused.
    pub fn open(data: &Path, thresholds: Thresholds) -> Result<Engine, EngineError> {
        let registry = Registry::open(data)?;
        let directory: Arc<dyn Directory> = Arc::new(FsDirectory::create(data.join(INDEX_FOLDER))?);
        Engine::start(registry, directory, thresholds)
    }

    /// An engine in memory, with nothing in it.
    pub fn in_memory(thresholds: Thresholds) -> Result<Engine, EngineError> {
        Engine::start(Registry::in_memory()?, Arc::new(RamDirectory::new()), thresholds)
    }

    fn start(registry: Registry, directory: Arc<dyn Directory>, thresholds: Thresholds) -> Result<Engine, EngineError> {
        let snapshot = match reopen(&registry, directory.as_ref(), thresholds)? {
            Some(snapshot) => snapshot,
            None => rebuild(&registry, directory.as_ref(), thresholds)?,
        };
        let snapshot = ArcSwap::from_pointee(snapshot);
        Ok(Engine { registry, directory, snapshot, thresholds, writing: Mutex::new(()) })
    }

    /// What serves now. A request holds it from beginning to end.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    /// The registry.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// From which probabilities on answers are matches or worth a look.
    pub fn thresholds(&self) -> Thresholds {
        self.thresholds
    }

    /// Takes a dataset over as a whole and serves the index of it. If the index cannot be built, the registry
    /// keeps the change, the old snapshot serves on, and the next start or change builds it.
    pub fn import(&self, import: Import) -> Result<Published, EngineError> {
        let guard = self.lock();
        let counts = self.registry.import(import)?;
        let version = self.publish(&guard)?;
        Ok(Published { counts, version })
    }

    /// Makes a change of the registry that touches no record, such as a judgement, and serves what follows from it:
    /// the index stays. A change that was refused changes nothing that serves.
    pub fn change<T>(&self, change: impl FnOnce(&Registry) -> Result<T, RegistryError>) -> Result<T, RegistryError> {
        let _guard = self.lock();
        let done = change(&self.registry)?;
        self.refresh()?;
        Ok(done)
    }

    /// Serves what the registry holds now of where ids lead.
    fn refresh(&self) -> Result<(), RegistryError> {
        let current = self.snapshot();
        if self.registry.revision()? != current.version().registry_revision {
            self.snapshot.store(Arc::new(current.with_leads(self.registry.leads()?)));
        }
        Ok(())
    }

    /// Builds the index anew from the registry and serves it.
    pub fn rebuild(&self) -> Result<Version, EngineError> {
        let guard = self.lock();
        self.publish(&guard)
    }

    fn publish(&self, _guard: &MutexGuard<'_, ()>) -> Result<Version, EngineError> {
        let snapshot = rebuild(&self.registry, self.directory.as_ref(), self.thresholds)?;
        let version = snapshot.version().clone();
        self.snapshot.store(Arc::new(snapshot));
        Ok(version)
    }

    fn lock(&self) -> MutexGuard<'_, ()> {
        // The lock guards an order, not data: a panic of its last holder leaves nothing half done here.
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The snapshot of what is on disk; `None` if it has to be built first.
fn reopen(
    registry: &Registry,
    directory: &dyn Directory,
    thresholds: Thresholds,
) -> Result<Option<Snapshot>, EngineError> {
    if read_revision(directory) != Some(registry.records_revision()?) {
        return Ok(None);
    }
    match Snapshot::open(directory, registry.leads()?, thresholds) {
        Ok(snapshot) => Ok(Some(snapshot)),
        Err(SnapshotError::Versions { .. } | SnapshotError::Index(IndexError::NoManifest)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn rebuild(registry: &Registry, directory: &dyn Directory, thresholds: Thresholds) -> Result<Snapshot, EngineError> {
    let (manifest, revision) = indexer::build(registry, directory)?;
    let snapshot = Snapshot::open(directory, registry.leads()?, thresholds)?;
    // Written last: a crash before this line only means that the same index is built again.
    directory.publish(REVISION_FILE, revision.to_string().as_bytes())?;
    // Requests that hold the old index keep its files open; their names can go.
    index::gc(directory, &manifest)?;
    Ok(snapshot)
}

pub(super) fn read_revision(directory: &dyn Directory) -> Option<u64> {
    let bytes = directory.open(REVISION_FILE).ok()?;
    std::str::from_utf8(bytes.as_ref()).ok()?.trim().parse().ok()
}
