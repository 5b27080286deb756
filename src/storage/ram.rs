use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::directory::check_name;
use super::{Bytes, Directory, Draft, StorageError};

type Content = Arc<Mutex<Arc<Vec<u8>>>>;

/// A folder in memory, for tests and for indexes that need no disk. A clone is the same folder.
#[derive(Clone, Debug, Default)]
pub struct RamDirectory {
    files: Arc<Mutex<BTreeMap<String, Content>>>,
}

impl RamDirectory {
    /// An empty folder.
    pub fn new() -> RamDirectory {
        RamDirectory::default()
    }

    /// A copy of all files.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        lock(&self.files).iter().map(|(name, content)| (name.clone(), lock(content).to_vec())).collect()
    }

    fn missing<T>(name: &str) -> Result<T, StorageError> {
        Err(StorageError::Missing { file: name.to_owned() })
    }
}

impl From<BTreeMap<String, Vec<u8>>> for RamDirectory {
    /// A folder with these files. Names that are not plain can be listed, but not opened.
    fn from(files: BTreeMap<String, Vec<u8>>) -> RamDirectory {
        let files = files.into_iter().map(|(name, bytes)| (name, Arc::new(Mutex::new(Arc::new(bytes))))).collect();
        RamDirectory { files: Arc::new(Mutex::new(files)) }
    }
}

/// A panic while a map or a vector is held leaves it whole, so poison says nothing.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Directory for RamDirectory {
    fn open(&self, name: &str) -> Result<Bytes, StorageError> {
        check_name(name)?;
        match lock(&self.files).get(name) {
            Some(content) => Ok(Bytes::from(Arc::clone(&lock(content)))),
            None => Self::missing(name),
        }
    }

    fn create(&self, name: &str) -> Result<Box<dyn Draft>, StorageError> {
        check_name(name)?;
        let content = Content::default();
        lock(&self.files).insert(name.to_owned(), Arc::clone(&content));
        Ok(Box::new(RamDraft(content)))
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), StorageError> {
        check_name(to)?;
        let mut files = lock(&self.files);
        match files.remove(from) {
            Some(content) => {
                files.insert(to.to_owned(), content);
                Ok(())
            }
            None => Self::missing(from),
        }
    }

    fn delete(&self, name: &str) -> Result<(), StorageError> {
        match lock(&self.files).remove(name) {
            Some(_) => Ok(()),
            None => Self::missing(name),
        }
    }

    fn list(&self) -> Result<Vec<String>, StorageError> {
        Ok(lock(&self.files).keys().cloned().collect())
    }

    fn exists(&self, name: &str) -> Result<bool, StorageError> {
        Ok(lock(&self.files).contains_key(name))
    }

    fn sync(&self) -> Result<(), StorageError> {
        Ok(())
    }
}

struct RamDraft(Content);

impl Write for RamDraft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // What somebody has open does not change: it is copied first.
        Arc::make_mut(&mut lock(&self.0)).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Draft for RamDraft {
    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }
}
