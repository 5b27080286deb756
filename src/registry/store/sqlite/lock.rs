use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use crate::registry::RegistryError;

/// The file that is locked. Its content means nothing, and it stays when nobody holds it.
const FILE: &str = "registry.lock";

/// Takes the data directory for the life of the file, alone.
pub(in crate::registry) fn exclusive(data_dir: &Path) -> Result<File, RegistryError> {
    let path = data_dir.join(FILE);
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|source| RegistryError::Io { path, source })?;
    answer(data_dir, patiently(|| file.try_lock()))?;
    Ok(file)
}

/// Takes the data directory for the life of the file, together with other readers. Where there is no lock file and
/// none can be made, on a read-only file system, nobody can write either: `None`.
pub(super) fn shared(data_dir: &Path) -> Result<Option<File>, RegistryError> {
    let path = data_dir.join(FILE);
    let file = match File::open(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => File::create(&path).and_then(|_| File::open(&path)),
        opened => opened,
    };
    match file {
        Ok(file) => {
            answer(data_dir, patiently(|| file.try_lock_shared()))?;
            Ok(Some(file))
        }
        Err(error) if matches!(error.kind(), ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied) => Ok(None),
        Err(source) => Err(RegistryError::Io { path, source }),
    }
}

/// How often a lock that somebody holds is tried again, and how long after.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

/// Tries for a lock for a second: who held it may be about to end, and a process that was started meanwhile has its
/// file until it runs.
fn patiently(mut lock: impl FnMut() -> Result<(), TryLockError>) -> Result<(), TryLockError> {
    for _ in 0..TRIES {
        match lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            done => return done,
        }
    }
    lock()
}

fn answer(data_dir: &Path, answer: Result<(), TryLockError>) -> Result<(), RegistryError> {
    answer.map_err(|error| match error {
        TryLockError::WouldBlock => RegistryError::InUse(data_dir.to_owned()),
        TryLockError::Error(source) => RegistryError::Io { path: data_dir.join(FILE), source },
    })
}
