use std::fs;
use std::path::Path;

use super::ListenError;

/// Reads a file. The error names the setting that led to it.
pub(super) fn read(path: &Path, key: &'static str) -> Result<Vec<u8>, ListenError> {
    fs::read(path).map_err(|source| ListenError::Unreadable { path: path.to_owned(), key, source })
}

/// Reads a file that holds a secret; refuses one that everyone on the machine can read.
pub(in crate::service) fn read_secret(path: &Path, key: &'static str) -> Result<Vec<u8>, ListenError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let metadata =
            fs::metadata(path).map_err(|source| ListenError::Unreadable { path: path.to_owned(), key, source })?;
        if metadata.permissions().mode() & 0o004 != 0 {
            return Err(ListenError::WorldReadable { path: path.to_owned(), key });
        }
    }
    read(path, key)
}
