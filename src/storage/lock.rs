use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::StorageError;

/// The right to write in a data directory, held by one process at a time. The system takes it back when the process
/// ends, however it ends; the lock file stays.
#[derive(Debug)]
pub struct DirectoryLock {
    /// Open as long as the lock is held.
    _file: File,
}

impl DirectoryLock {
    /// The name of the lock file in the directory.
    pub const FILE: &'static str = "lock";

    /// Takes the lock of a directory that is there, without waiting.
    ///
    /// # Errors
    /// [`StorageError::Held`] if another holder lives, in this process or another; otherwise what the system says.
    pub fn acquire(directory: &Path) -> Result<DirectoryLock, StorageError> {
        let path = directory.join(Self::FILE);
        let failed = |source| StorageError::io(&path.display().to_string(), "lock", source);
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(DirectoryLock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StorageError::Held { path }),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }
}
