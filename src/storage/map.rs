//! The one place of the crate with `unsafe`: the mapping of a file into memory.

use std::fs::File;
use std::io;

use memmap2::Mmap;

/// Maps a whole file for reading.
///
/// # Errors
/// Whatever the system says of the file.
pub(super) fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: a mapping is undefined if the file changes below it. Files of a `Directory` are written under a
    // temporary name, renamed when whole and never opened for writing again; replacing or deleting one leaves the
    // mapped inode as it is. Who truncates a file by other means while it is mapped gets SIGBUS, which ends the process
    // and cannot be read as data; who overwrites one is outside the contract of the data directory, which belongs to
    // this program alone (`DirectoryLock`). Readers take every number from the bytes with a bounds check.
    unsafe { Mmap::map(file) }
}
