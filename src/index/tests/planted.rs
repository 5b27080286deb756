//! The crash tests must be able to fail: a directory with a bug in it is caught.

use std::io::{self, Write};

use crate::storage::{Bytes, Directory, Draft, FaultyDirectory, StorageError, Unsynced};

use super::*;

/// What a careless directory forgets.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bug {
    /// The names of files are never put on the medium.
    NoNames,
    /// The bytes of files are never put on the medium.
    NoBytes,
}

/// A directory that forgets something, over one that can crash.
struct Careless<'a> {
    inner: &'a FaultyDirectory<RamDirectory>,
    bug: Bug,
}

struct CarelessDraft {
    inner: Box<dyn Draft>,
    bug: Bug,
}

impl Write for CarelessDraft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl Draft for CarelessDraft {
    fn sync(&mut self) -> io::Result<()> {
        if self.bug == Bug::NoBytes { Ok(()) } else { self.inner.sync() }
    }
}

impl Directory for Careless<'_> {
    fn open(&self, name: &str) -> Result<Bytes, StorageError> {
        self.inner.open(name)
    }

    fn create(&self, name: &str) -> Result<Box<dyn Draft>, StorageError> {
        Ok(Box::new(CarelessDraft { inner: self.inner.create(name)?, bug: self.bug }))
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), StorageError> {
        self.inner.rename(from, to)
    }

    fn delete(&self, name: &str) -> Result<(), StorageError> {
        self.inner.delete(name)
    }

    fn list(&self) -> Result<Vec<String>, StorageError> {
        self.inner.list()
    }

    fn exists(&self, name: &str) -> Result<bool, StorageError> {
        self.inner.exists(name)
    }

    fn sync(&self) -> Result<(), StorageError> {
        if self.bug == Bug::NoNames { Ok(()) } else { self.inner.sync() }
    }
}

#[test]
fn a_forgotten_sync_is_caught() {
    for bug in [Bug::NoNames, Bug::NoBytes] {
        let directory = FaultyDirectory::new(build(&register(12, 0))).unwrap();
        let careless = Careless { inner: &directory, bug };
        let manifest = gather(&register(12, 1), BuildOptions { block: 64, ..BuildOptions::default() })
            .finish(&careless, VERSIONS)
            .unwrap();
        // It was answered, so after any crash it must be there; with the bug it is not.
        let lost = [Unsynced::Lost].into_iter().chain((0..32).map(Unsynced::Mixed)).any(|unsynced| {
            Index::open(&directory.crash(unsynced)).map_or(true, |index| index.version() != manifest.version())
        });
        assert!(lost, "{bug:?} was not noticed");
    }
}
