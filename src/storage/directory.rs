use std::io::{self, Write};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Bytes, StorageError};

/// A flat folder of files that never change once they have their name.
///
/// Nothing is safe from a crash before the two syncs: [`Draft::sync`] for the bytes of a file, [`Directory::sync`] for
/// names (created, renamed, deleted). [`Directory::publish`] does both in the right order.
pub trait Directory: Send + Sync {
    /// The bytes of a file as they are now; they stay readable when the name is replaced or deleted.
    ///
    /// # Errors
    /// [`StorageError::Missing`], or whatever the system says.
    fn open(&self, name: &str) -> Result<Bytes, StorageError>;

    /// Begins a file, replacing one of that name: begin under a name that nobody reads and rename when whole, as
    /// [`Directory::publish`] and [`Sealer`](super::Sealer) do.
    ///
    /// # Errors
    /// Whatever the system says.
    fn create(&self, name: &str) -> Result<Box<dyn Draft>, StorageError>;

    /// Gives a file another name, replacing the file that had it, in one step: each moment shows the old or the new.
    ///
    /// # Errors
    /// [`StorageError::Missing`], or whatever the system says.
    fn rename(&self, from: &str, to: &str) -> Result<(), StorageError>;

    /// Takes a name away. What is open stays readable.
    ///
    /// # Errors
    /// [`StorageError::Missing`], or whatever the system says.
    fn delete(&self, name: &str) -> Result<(), StorageError>;

    /// The names of all files, sorted.
    ///
    /// # Errors
    /// Whatever the system says.
    fn list(&self) -> Result<Vec<String>, StorageError>;

    /// True if a file has the name.
    ///
    /// # Errors
    /// Whatever the system says.
    fn exists(&self, name: &str) -> Result<bool, StorageError>;

    /// Returns when the names are on the medium.
    ///
    /// # Errors
    /// Whatever the system says. After an error nothing is known of names changed since the last sync; do not sync
    /// again and believe it.
    fn sync(&self) -> Result<(), StorageError>;

    /// Writes a file in one step: temporary name, bytes, sync, rename, sync. After `Ok` it survives a crash; after an
    /// error or a crash the name shows either the old file or the new one, whole.
    ///
    /// # Errors
    /// Whatever the system says. The temporary file is removed if that can be done.
    fn publish(&self, name: &str, bytes: &[u8]) -> Result<(), StorageError> {
        let temporary = temporary_name();
        let draft = self.create(&temporary)?;
        let written = write_whole(draft, bytes)
            .map_err(|source| StorageError::io(name, "write", source))
            .and_then(|()| self.rename(&temporary, name));
        if let Err(error) = written {
            // The first error is the one to report; a file left behind is removed with the other orphans.
            let _ = self.delete(&temporary);
            return Err(error);
        }
        self.sync()
    }
}

/// A file that is being written.
pub trait Draft: Write + Send {
    /// Returns when all bytes written so far are on the medium.
    ///
    /// # Errors
    /// Whatever the system says. After an error the bytes are lost: begin another file.
    fn sync(&mut self) -> io::Result<()>;
}

fn write_whole(mut draft: Box<dyn Draft>, bytes: &[u8]) -> io::Result<()> {
    draft.write_all(bytes)?;
    draft.sync()
}

const TEMPORARY: &str = "tmp-";

/// A name that no other file written by this process has.
pub(super) fn temporary_name() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("{TEMPORARY}{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// True for names of files that were never finished.
pub fn is_temporary(name: &str) -> bool {
    name.starts_with(TEMPORARY)
}

/// The most bytes of a file name.
const NAME_LIMIT: usize = 128;

/// Refuses what is not a plain file name: a manifest must not lead out of its folder.
pub(super) fn check_name(name: &str) -> Result<(), StorageError> {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    if plain && (1..=NAME_LIMIT).contains(&name.len()) && !name.starts_with('.') {
        Ok(())
    } else {
        Err(StorageError::Name { file: name.to_owned(), limit: NAME_LIMIT })
    }
}
