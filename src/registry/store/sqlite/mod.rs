//! The store in SQLite: `registry.sqlite` in the data directory, with a write-ahead log.
//!
//! `synchronous = FULL`: a commit that returned is on the disk. One process holds `registry.lock` for as long as it
//! is open; the system lets go of it when the process ends, however it ends.

mod lock;
mod migrate;
mod session;

use std::fs::{self, File};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

pub(in crate::registry) use self::lock::exclusive as hold;
use self::session::Transaction;
use super::{Reading, Result, Store, Writing};
use crate::registry::RegistryError;

/// Connections kept for reading. More readers at once open their own for the time.
const READERS: usize = 4;
/// Statements kept ready on a connection: more than there are in this room.
const STATEMENTS: usize = 64;
/// How long to wait for a lock that another program holds for a moment, such as an auditor's `sqlite3` shell.
const PATIENCE: Duration = Duration::from_secs(5);
/// Pages that a writer keeps in memory. Ids are random, so an import touches every page of their index: with the
/// 2 MiB that SQLite takes by itself, 15,000 new records took more than twice as long.
const WRITER_CACHE_KIB: i32 = 64 * 1024;
/// Pages that each reader keeps in memory.
const READER_CACHE_KIB: i32 = 8 * 1024;
/// The file in the data directory.
const FILE: &str = "registry.sqlite";

/// Rows in SQLite.
pub struct Sqlite {
    path: PathBuf,
    /// `None` where it is open for reading only.
    writer: Option<Mutex<Connection>>,
    /// Empty in memory, where a reader takes the writer's connection.
    readers: Vec<Mutex<Connection>>,
    /// How a further reader opens the file.
    source: Source,
    /// Held, never read.
    _lock: Option<File>,
}

/// How connections are opened for reading.
#[derive(Clone)]
enum Source {
    Memory,
    File(PathBuf),
    /// A URI that promises that nobody writes: needs no files beside the database and leaves none.
    Still(String),
}

impl Sqlite {
    /// Opens the database of a data directory, both made where there are none, and brings it up to date.
    pub fn open(data_dir: &Path) -> Result<Sqlite> {
        fs::create_dir_all(data_dir).map_err(|source| RegistryError::Io { path: data_dir.to_owned(), source })?;
        let lock = lock::exclusive(data_dir)?;
        let path = data_dir.join(FILE);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let mut writer = Connection::open_with_flags(&path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(|error| failure(&path, error))?;
        // Told apart before anything is written: a file that is not ours stays as it is.
        migrate::schema(&writer, &path)?;
        prepare(&writer, &path, WRITER_CACHE_KIB)?;
        write_ahead(&writer).map_err(|error| failure(&path, error))?;
        migrate::migrate(&mut writer, &path)?;
        sync_directory(data_dir)?;
        let source = Source::File(path.clone());
        let readers = readers(&source, &path)?;
        Ok(Sqlite { path, writer: Some(Mutex::new(writer)), readers, source, _lock: Some(lock) })
    }

    /// Opens the database of a data directory for reading, while nobody writes; changes nothing.
    pub fn open_read_only(data_dir: &Path) -> Result<Sqlite> {
        let path = data_dir.join(FILE);
        if !path.is_file() {
            return Err(RegistryError::Missing(path));
        }
        let lock = lock::shared(data_dir)?;
        let log = fs::metadata(data_dir.join(format!("{FILE}-wal"))).map_or(0, |metadata| metadata.len());
        let source = match still(&path) {
            Some(uri) if log == 0 => Source::Still(uri),
            // What a crash left in the log is part of the database.
            _ => Source::File(path.clone()),
        };
        let readers = readers(&source, &path)?;
        if let Some(reader) = readers.first() {
            let found = migrate::schema(&held(reader), &path)?;
            if found < migrate::SCHEMA {
                return Err(RegistryError::OlderSchema { path, found, known: migrate::SCHEMA });
            }
        }
        Ok(Sqlite { path, writer: None, readers, source, _lock: lock })
    }

    /// Opens the database of a data directory for reading, also while another process writes: that one goes on, and its
    /// committed states are seen. For a copy of it; changes nothing.
    pub fn open_beside(data_dir: &Path) -> Result<Sqlite> {
        match Sqlite::open_read_only(data_dir) {
            Err(RegistryError::InUse(_)) => {
                let path = data_dir.join(FILE);
                let source = Source::File(path.clone());
                let readers = readers(&source, &path)?;
                Ok(Sqlite { path, writer: None, readers, source, _lock: None })
            }
            opened => opened,
        }
    }

    /// An empty database in memory, with one connection: a reader and a writer wait for each other.
    pub fn in_memory() -> Result<Sqlite> {
        let path = PathBuf::from(":memory:");
        let mut connection = Connection::open_in_memory().map_err(|error| failure(&path, error))?;
        prepare(&connection, &path, WRITER_CACHE_KIB)?;
        migrate::migrate(&mut connection, &path)?;
        let writer = Some(Mutex::new(connection));
        Ok(Sqlite { path, writer, readers: Vec::new(), source: Source::Memory, _lock: None })
    }

    fn reader(&self) -> Result<Held<'_>> {
        if let (Source::Memory, Some(writer)) = (&self.source, &self.writer) {
            return Ok(Held::Shared(held(writer)));
        }
        for reader in &self.readers {
            match reader.try_lock() {
                Ok(guard) => return Ok(Held::Shared(guard)),
                Err(TryLockError::Poisoned(poisoned)) => return Ok(Held::Shared(poisoned.into_inner())),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        Ok(Held::Own(connect(&self.source, &self.path)?))
    }

    fn begin<'a>(&'a self, connection: Held<'a>, statement: &str) -> Result<Transaction<'a>> {
        run(&connection, statement).map_err(|error| failure(&self.path, error))?;
        Ok(Transaction { connection, path: &self.path })
    }
}

impl Store for Sqlite {
    fn read(&self) -> Result<Box<dyn Reading + '_>> {
        Ok(Box::new(self.begin(self.reader()?, "BEGIN DEFERRED")?))
    }

    fn write(&self) -> Result<Box<dyn Writing + '_>> {
        let writer = self.writer.as_ref().ok_or(RegistryError::ReadOnly)?;
        Ok(Box::new(self.begin(Held::Shared(held(writer)), "BEGIN IMMEDIATE")?))
    }

    fn check(&self) -> Result<Vec<String>> {
        let connection = self.reader()?;
        let mut findings = Vec::new();
        let mut check = || -> rusqlite::Result<()> {
            let mut statement = connection.prepare("PRAGMA integrity_check")?;
            for line in statement.query_map([], |row| row.get::<_, String>(0))? {
                let line = line?;
                if line != "ok" {
                    findings.push(line);
                }
            }
            let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
            let lines = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(2)?)))?;
            for line in lines {
                let (table, parent) = line?;
                findings.push(format!("a row of {table} refers to a row of {parent} that is not there"));
            }
            Ok(())
        };
        check().map_err(|error| failure(&self.path, error))?;
        Ok(findings)
    }

    fn backup(&self, to: &Path) -> Result<()> {
        let io = |source| RegistryError::Io { path: to.to_owned(), source };
        if fs::exists(to).map_err(io)? {
            return Err(RegistryError::BackupExists(to.to_owned()));
        }
        let mut partial = to.as_os_str().to_owned();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let copied = self.copy(&partial);
        if copied.is_err() {
            // Best effort: the copy is of no use, and the first error is the one to tell.
            let _ = fs::remove_file(&partial);
            return copied;
        }
        fs::rename(&partial, to).map_err(io)?;
        match to.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            Some(parent) => sync_directory(parent),
            None => sync_directory(Path::new(".")),
        }
    }
}

impl Sqlite {
    fn copy(&self, to: &Path) -> Result<()> {
        match fs::remove_file(to) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(RegistryError::Io { path: to.to_owned(), source });
            }
            _ => {}
        }
        let from = self.reader()?;
        let copy = || -> rusqlite::Result<()> {
            let mut copy = Connection::open(to)?;
            // In one step, so that a writer cannot make it start again.
            Backup::new(&from, &mut copy)?.step(-1)?;
            // One file that is complete by itself.
            copy.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))
        };
        copy().map_err(|error| failure(to, error))?;
        let io = |source| RegistryError::Io { path: to.to_owned(), source };
        File::open(to).and_then(|file| file.sync_all()).map_err(io)
    }
}

/// A connection, lent or own.
enum Held<'a> {
    Shared(MutexGuard<'a, Connection>),
    Own(Connection),
}

impl Deref for Held<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        match self {
            Held::Shared(guard) => guard,
            Held::Own(connection) => connection,
        }
    }
}

fn run(connection: &Connection, statement: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(statement)?.execute([]).map(|_| ())
}

/// A lock whose holder panicked is sound: the transaction was rolled back when it was dropped.
fn held(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

fn readers(source: &Source, path: &Path) -> Result<Vec<Mutex<Connection>>> {
    (0..READERS).map(|_| Ok(Mutex::new(connect(source, path)?))).collect()
}

fn connect(source: &Source, path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = match source {
        Source::Memory => Connection::open_in_memory(),
        Source::File(path) => Connection::open_with_flags(path, flags),
        Source::Still(uri) => Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI),
    };
    let connection = connection.map_err(|error| failure(path, error))?;
    prepare(&connection, path, READER_CACHE_KIB)?;
    Ok(connection)
}

fn prepare(connection: &Connection, path: &Path, cache_kib: i32) -> Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    let set = || -> rusqlite::Result<()> {
        connection.busy_timeout(PATIENCE)?;
        // One plan a statement: otherwise it is planned anew for every value.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        // Negative: in KiB, not in pages.
        connection.pragma_update(None, "cache_size", -cache_kib)?;
        connection.execute_batch(
            "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;",
        )
    };
    set().map_err(|error| failure(path, error))
}

fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode == "wal" {
        return Ok(());
    }
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN);
    let reason = format!("the file system allows no write-ahead log (journal mode {mode})");
    Err(rusqlite::Error::SqliteFailure(code, Some(reason)))
}

/// The path as a URI of a database that nobody writes; `None` for a path that is not UTF-8.
fn still(path: &Path) -> Option<String> {
    let absolute = std::path::absolute(path).ok()?;
    let mut uri = String::from("file:");
    for byte in absolute.to_str()?.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02x}"));
        }
    }
    uri.push_str("?immutable=1");
    Some(uri)
}

/// Makes the names in a directory durable.
fn sync_directory(path: &Path) -> Result<()> {
    File::open(path)
        .and_then(|directory| directory.sync_all())
        .map_err(|source| RegistryError::Io { path: path.to_owned(), source })
}

/// What an error of the database means.
fn failure(path: &Path, error: rusqlite::Error) -> RegistryError {
    let damaged = match &error {
        rusqlite::Error::SqliteFailure(code, _) => {
            matches!(code.code, ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
        }
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::Utf8Error(..) => true,
        _ => false,
    };
    if damaged {
        return RegistryError::damaged(path.display(), error);
    }
    RegistryError::Database { place: path.display().to_string(), reason: error.to_string() }
}
