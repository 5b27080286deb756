use std::fs::File;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;

use super::gently::Gently;
use super::indexer::{self, BuildError};
use super::ledger::Ledger;
use super::publication::{self, Published as Shown};
use super::retained::Past;
use super::{Snapshot, SnapshotError, Thresholds, VersionError, absence, follow};
use crate::index::{self, IndexError, Manifest};
use crate::model::Version;
use crate::registry::{Import, ImportCounts, Registry, RegistryError};
use crate::storage::{Directory, FsDirectory, RamDirectory, StorageError};

/// The folder of the index inside a data directory.
pub(super) const INDEX_FOLDER: &str = "index";

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
    /// The index could not be written.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A file could not be read or written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The version that is asked for cannot be asked.
    #[error(transparent)]
    Version(#[from] VersionError),
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
    /// The index is not the one that the registry gives.
    #[error(
        "the index, as {index}, is not the one that the registry gives, {rebuilt}: have it built anew (ReloadDataset)"
    )]
    Differs {
        /// The version of the index, made one segment.
        index: String,
        /// The version of one built anew.
        rebuilt: String,
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

/// Of a list of so few names the index is built anew: that takes no longer than a small segment over it.
pub(super) const SMALL: usize = 2_000;
/// A change to more than one in so many names is a new list.
pub(super) const LARGE_CHANGE: usize = 4;
/// Once one in so many names is in a small segment, or gone, one segment is made of all.
const SCATTERED: u32 = 8;

/// The registry, and the snapshot that serves. Readers never wait: they take the snapshot that is there, and a new
/// one replaces it once it is verified.
pub struct Engine {
    pub(super) registry: Registry,
    pub(super) directory: Arc<dyn Directory>,
    /// Shows the newest index and what the registry holds.
    pub(super) newest: ArcSwap<Snapshot>,
    /// What answers: the newest one, or the one that is pinned.
    pub(super) serving: ArcSwap<Snapshot>,
    /// Which indexes are retained.
    pub(super) ledger: ArcSwap<Ledger>,
    pub(super) past: Past,
    pub(super) thresholds: Thresholds,
    /// See [`Engine::is_recognised`].
    pub(super) recognised: AtomicBool,
    gently: Gently,
    /// Held while a change is written, so that indexes are published in the order of revisions.
    writing: Mutex<()>,
    /// Held, never looked at: the data directory of an engine whose registry is elsewhere.
    _lock: Option<File>,
}

impl Engine {
    /// Opens a data directory. An index that is missing, older than the registry, of another format or built with
    /// other tables is built anew; a damaged one is refused.
    pub fn open(data: &Path, thresholds: Thresholds) -> Result<Engine, EngineError> {
        let registry = Registry::open(data)?;
        let directory: Arc<dyn Directory> = Arc::new(FsDirectory::create(data.join(INDEX_FOLDER))?);
        Engine::start(registry, directory, thresholds, None)
    }

    /// Opens a registry that several servers share, with an index of its own in a data directory that is made where it
    /// is not there. Others' changes are taken up by [`Engine::follow`]. Where the registry does not answer, the index
    /// serves as it did last, and changes fail with `Unreachable` until it does.
    pub fn over(registry: Registry, data: &Path, thresholds: Thresholds) -> Result<Engine, EngineError> {
        let directory: Arc<dyn Directory> = Arc::new(FsDirectory::create(data.join(INDEX_FOLDER))?);
        let lock = Registry::hold(data)?;
        Engine::start(registry, directory, thresholds, Some(lock))
    }

    /// An engine in memory, with nothing in it.
    pub fn in_memory(thresholds: Thresholds) -> Result<Engine, EngineError> {
        Engine::start(Registry::in_memory()?, Arc::new(RamDirectory::new()), thresholds, None)
    }

    pub(super) fn start(
        registry: Registry,
        directory: Arc<dyn Directory>,
        thresholds: Thresholds,
        lock: Option<File>,
    ) -> Result<Engine, EngineError> {
        let started = follow::recognise(&registry, directory.as_ref())
            .and_then(|_| publication::start(&registry, directory.as_ref(), thresholds));
        let recognised = started.is_ok();
        let Shown { snapshot, ledger } = match started {
            Err(error) if registry.is_shared() && absence::is_away(&error) => {
                let Some(shown) = absence::start(directory.as_ref(), thresholds)? else { return Err(error) };
                tracing::error!(%error, "what served last serves, and nothing can be changed until the registry answers");
                shown
            }
            started => started?,
        };
        let newest = Arc::new(snapshot);
        let engine = Engine {
            registry,
            directory,
            newest: ArcSwap::new(Arc::clone(&newest)),
            serving: ArcSwap::new(newest),
            ledger: ArcSwap::from_pointee(ledger),
            past: Past::default(),
            thresholds,
            recognised: AtomicBool::new(recognised),
            gently: Gently::default(),
            writing: Mutex::new(()),
            _lock: lock,
        };
        engine.serve_pinned()?;
        engine.keep_leads();
        Ok(engine)
    }

    /// What serves now. A request holds it from beginning to end.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.serving.load_full()
    }

    /// The newest version, which serves unless another one is pinned.
    pub fn newest(&self) -> Arc<Snapshot> {
        self.newest.load_full()
    }

    /// The registry.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// From which probabilities on answers are matches or worth a look.
    pub fn thresholds(&self) -> Thresholds {
        self.thresholds
    }

    /// The same engine, which makes indexes gently: on few threads, of a low priority. Meant for a process that answers
    /// requests meanwhile.
    pub fn gentle(self) -> Engine {
        Engine { gently: Gently::threads(), ..self }
    }

    /// Runs work that nobody waits for on the threads that make indexes. It must not change the engine.
    pub fn gently<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.gently.run(work)
    }

    /// Takes a dataset over as a whole and serves the index of it. Small changes to a large list become a small segment
    /// beside it (see [`Engine::compact_if_due`]), others an index built anew; the answers are the same. If the index
    /// cannot be written, the registry keeps the change, the old snapshot serves on, and the next start or change
    /// builds it.
    pub fn import(&self, import: Import) -> Result<Published, EngineError> {
        let guard = self.lock();
        self.gently(|| {
            let counts = self.registry.import(import)?;
            self.catch_up(&guard)?;
            Ok(Published { counts, version: self.snapshot().version().clone() })
        })
    }

    /// Makes one segment of all if many names are in small ones or gone. Answers are given meanwhile, changes wait.
    /// True if it was due.
    pub fn compact_if_due(&self) -> Result<bool, EngineError> {
        let guard = self.lock();
        let before = self.newest.load_full();
        let (scattered, names) = (before.index.scattered_names(), before.index.name_count());
        // An index that missed a change is built anew by the next one.
        if scattered == 0 || scattered < names / SCATTERED || !self.is_current()? {
            return Ok(false);
        }
        self.gently(|| {
            let manifest = index::compact(&before.index, self.directory.as_ref(), indexer::options())?;
            let shown = self.records_revision().unwrap_or_default();
            self.publish(&guard, manifest, shown)?;
            Ok(true)
        })
    }

    /// True if the index shows every record of the registry.
    fn is_current(&self) -> Result<bool, EngineError> {
        Ok(self.records_revision() == Some(self.registry.records_revision()?))
    }

    /// The last revision of the registry that changed a record which the newest index shows; `None` before there is one.
    pub(super) fn records_revision(&self) -> Option<u64> {
        self.ledger.load().last().map(|edition| edition.records_revision)
    }

    /// Makes a change of the registry that touches no record, such as a judgement, and serves what follows from it:
    /// the index stays. A change that was refused changes nothing that serves.
    pub fn change<T>(&self, change: impl FnOnce(&Registry) -> Result<T, RegistryError>) -> Result<T, RegistryError> {
        let guard = self.lock();
        let done = change(&self.registry)?;
        if self.registry.is_shared() {
            // The change is made: an index that cannot take it up yet is for the next time that it follows.
            if let Err(error) = self.catch_up(&guard) {
                tracing::error!(%error, "the index does not follow the registry");
            }
        } else {
            self.refresh()?;
        }
        Ok(done)
    }

    /// Serves what the registry holds now of where ids lead.
    fn refresh(&self) -> Result<(), RegistryError> {
        let current = self.newest.load();
        if self.registry.revision()? != current.version().registry_revision {
            self.show(Arc::new(current.with_leads(self.registry.leads()?)));
        }
        Ok(())
    }

    /// Builds the index anew from the registry and serves it.
    pub fn rebuild(&self) -> Result<Version, EngineError> {
        let guard = self.lock();
        self.gently(|| self.build_anew(&guard))
    }

    pub(super) fn build_anew(&self, guard: &MutexGuard<'_, ()>) -> Result<Version, EngineError> {
        let (manifest, revision) = indexer::build(&self.registry, self.directory.as_ref())?;
        self.publish(guard, manifest, revision)
    }

    /// Makes an index that was written the newest one. Gives what serves then.
    pub(super) fn publish(
        &self,
        _guard: &MutexGuard<'_, ()>,
        manifest: Manifest,
        records_revision: u64,
    ) -> Result<Version, EngineError> {
        let before = self.newest.load_full();
        let open =
            |directory: &dyn Directory, leads| Ok(Snapshot::of_manifest(directory, manifest.clone(), leads, &before)?);
        let (directory, ledger) = (self.directory.as_ref(), self.ledger.load());
        let Shown { snapshot, ledger } =
            publication::publish(&self.registry, directory, &ledger, &open, records_revision)?;
        self.past.keep(&ledger);
        self.ledger.store(Arc::new(ledger));
        self.show(Arc::new(snapshot));
        publication::collect(self.directory.as_ref(), &self.ledger.load());
        Ok(self.snapshot().version().clone())
    }

    /// Serves the newest snapshot unless another one is pinned.
    pub(super) fn show(&self, newest: Arc<Snapshot>) {
        self.newest.store(Arc::clone(&newest));
        if self.ledger.load().pin().is_none() {
            self.serving.store(newest);
        }
        self.keep_leads();
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, ()> {
        // The lock guards an order, not data: a panic of its last holder leaves nothing half done here.
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
