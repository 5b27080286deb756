use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::RegistryError;
use super::store::{self, Sqlite, Store};

/// A database that several servers share.
#[derive(Clone, PartialEq, Eq)]
pub struct Database {
    /// `postgresql://USER@HOST:PORT/DATABASE?schema=NAME&sslrootcert=FILE`; the schema is `exonym` unless it names one.
    pub url: String,
    /// A file with the password; `None` where the URL has one or none is needed.
    pub password_file: Option<PathBuf>,
    /// How many connections may read at once; two more write and listen.
    pub connections: usize,
}

impl Database {
    /// How many connections read at once unless somebody says otherwise.
    pub const CONNECTIONS: usize = 8;
}

/// Without the address, which may carry a password.
impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database").field("connections", &self.connections).finish_non_exhaustive()
    }
}

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

    /// Opens the registry of a data directory to be copied ([`Registry::backup`]), also while a server has it.
    pub fn open_beside(data_dir: &Path) -> Result<Registry, RegistryError> {
        Ok(Registry::over(Box::new(Sqlite::open_beside(data_dir)?)))
    }

    /// An empty registry in memory. It has one connection: reads and writes wait for each other, and nothing may be
    /// called on it from within [`Registry::for_each_record`].
    pub fn in_memory() -> Result<Registry, RegistryError> {
        Ok(Registry::over(Box::new(Sqlite::in_memory()?)))
    }

    /// Opens the registry of a database that several servers share, its tables made where there are none. Needs the
    /// feature `postgres`.
    ///
    /// Fails with `Address` for an address that is none, `Unreachable` where nobody answers there, `Foreign` or
    /// `NewerSchema` where the schema is not one that this version may write.
    pub fn shared(database: &Database) -> Result<Registry, RegistryError> {
        Ok(Registry::over(shared(database, Opening::Now)?))
    }

    /// The same, without asking whether anybody answers: the first call that reaches the database makes the tables. Until
    /// then every call fails with `Unreachable`. Fails with `Address`.
    pub fn shared_later(database: &Database) -> Result<Registry, RegistryError> {
        Ok(Registry::over(shared(database, Opening::Later)?))
    }

    /// Opens the registry of a database for reading; changes nothing. `Missing` where there is none.
    pub fn shared_read_only(database: &Database) -> Result<Registry, RegistryError> {
        Ok(Registry::over(shared(database, Opening::ReadOnly)?))
    }

    /// Takes a data directory for this process while the file is held, as a registry in it does; `InUse` while another
    /// process has it. For what belongs to a registry that lies elsewhere. The directory must be there.
    pub fn hold(data_dir: &Path) -> Result<File, RegistryError> {
        store::hold(data_dir)
    }

    /// The registry whose rows lie in a store.
    pub fn over(store: Box<dyn Store>) -> Registry {
        Registry { store }
    }

    /// Writes a copy of the committed state to a new file, durable when this returns; others read and write
    /// meanwhile. Put into a data directory as `registry.sqlite`, the copy is that registry.
    /// `BackupExists` if the file is there already, `BackupElsewhere` where the database has a tool for it.
    pub fn backup(&self, to: &Path) -> Result<(), RegistryError> {
        self.store.backup(to)
    }

    /// True if other processes may change it, too.
    pub fn is_shared(&self) -> bool {
        self.store.is_shared()
    }

    /// Waits until another process may have changed it, but not longer than `patience`; true if one may have.
    pub fn await_news(&self, patience: Duration) -> bool {
        self.store.await_news(patience)
    }
}

#[derive(Clone, Copy)]
enum Opening {
    Now,
    Later,
    ReadOnly,
}

#[cfg(feature = "postgres")]
fn shared(database: &Database, opening: Opening) -> Result<Box<dyn Store>, RegistryError> {
    use store::Postgres;

    let open = match opening {
        Opening::Now => Postgres::open,
        Opening::Later => Postgres::open_later,
        Opening::ReadOnly => Postgres::open_read_only,
    };
    Ok(Box::new(open(&database.url, database.password_file.as_deref(), database.connections)?))
}

#[cfg(not(feature = "postgres"))]
fn shared(_: &Database, _: Opening) -> Result<Box<dyn Store>, RegistryError> {
    let reason = "this exonym was built without PostgreSQL: build it with --features postgres";
    Err(RegistryError::Address(reason.to_owned()))
}
