use std::path::Path;

use super::RegistryError;
use super::store::{Sqlite, Store};

/// Records, entities, judgements and ids.
///
/// Shared between threads as it is: writes queue, reads see the last committed state and do not wait for writes.
/// There is no close: a change is durable when its method returns, and dropping the registry lets go of the lock.
pub struct Registry {
    pub(super) store: Box<dyn Store>,
}

impl Registry {
    /// Opens the registry of a data directory, both made where there are none, and takes the directory for this
    /// process until it is dropped. Brings an older schema up to date.
    ///
    /// Fails with `InUse` while another process has it, `Foreign` or `NewerSchema` where the file is not one that
    /// this version may write, `Damaged` where it is no database.
    pub fn open(data_dir: &Path) -> Result<Registry, RegistryError> {
        Ok(Registry::over(Box::new(Sqlite::open(data_dir)?)))
    }

    /// Opens the registry of a data directory for reading, beside other readers, while nobody writes. Changes
    /// nothing, so a read-only file system will do; `Missing` where there is no registry.
    pub fn open_read_only(data_dir: &Path) -> Result<Registry, RegistryError> {
        Ok(Registry::over(Box::new(Sqlite::open_read_only(data_dir)?)))
    }

    /// An empty registry in memory. It has one connection: reads and writes wait for each other, and nothing may be
    /// called on it from within [`Registry::for_each_record`].
    pub fn in_memory() -> Result<Registry, RegistryError> {
        Ok(Registry::over(Box::new(Sqlite::in_memory()?)))
    }

    /// The registry whose rows lie in a store.
    pub fn over(store: Box<dyn Store>) -> Registry {
        Registry { store }
    }

    /// Writes a copy of the committed state to a new file, durable when this returns; others read and write
    /// meanwhile. Put into a data directory as `registry.sqlite`, the copy is that registry.
    /// `BackupExists` if the file is there already.
    pub fn backup(&self, to: &Path) -> Result<(), RegistryError> {
        self.store.backup(to)
    }
}
