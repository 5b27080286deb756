use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::directory::check_name;
use super::map::map;
use super::{Bytes, Directory, Draft, StorageError};

/// A folder on a disk. Files are mapped, not read.
///
/// A mapped file that somebody truncates ends the process (SIGBUS) when the missing pages are touched; a restart then
/// opens with checksums. Two processes must not write in one folder: whoever opens a data directory holds its lock.
#[derive(Clone, Debug)]
pub struct FsDirectory {
    path: PathBuf,
}

impl FsDirectory {
    /// A folder that is there. Needs no right to write.
    ///
    /// # Errors
    /// [`StorageError::Missing`], or [`StorageError::Io`] if it is not a folder.
    pub fn open(path: impl Into<PathBuf>) -> Result<FsDirectory, StorageError> {
        let path = path.into();
        let shown = path.display().to_string();
        let metadata = fs::metadata(&path).map_err(|source| StorageError::io(&shown, "open", source))?;
        if !metadata.is_dir() {
            return Err(StorageError::io(&shown, "open", io::ErrorKind::NotADirectory.into()));
        }
        Ok(FsDirectory { path })
    }

    /// A folder that is made, with those above it, where it is not there.
    ///
    /// # Errors
    /// Whatever the system says.
    pub fn create(path: impl Into<PathBuf>) -> Result<FsDirectory, StorageError> {
        let path = path.into();
        let shown = path.display().to_string();
        fs::create_dir_all(&path).map_err(|source| StorageError::io(&shown, "create", source))?;
        if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            sync_folder(parent)?;
        }
        FsDirectory::open(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn file(&self, name: &str) -> Result<PathBuf, StorageError> {
        check_name(name)?;
        Ok(self.path.join(name))
    }
}

fn sync_folder(path: &Path) -> Result<(), StorageError> {
    let synced = File::open(path).and_then(|folder| folder.sync_all());
    synced.map_err(|source| StorageError::io(&path.display().to_string(), "sync", source))
}

impl Directory for FsDirectory {
    fn open(&self, name: &str) -> Result<Bytes, StorageError> {
        let path = self.file(name)?;
        let opened = File::open(path).and_then(|file| match file.metadata()?.len() {
            // An empty range cannot be mapped.
            0 => Ok(Bytes::default()),
            _ => map(&file).map(Bytes::mapped),
        });
        opened.map_err(|source| StorageError::io(name, "open", source))
    }

    fn create(&self, name: &str) -> Result<Box<dyn Draft>, StorageError> {
        let path = self.file(name)?;
        // A file left behind by a crash is unlinked, not truncated: nothing that is mapped may change.
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(StorageError::io(name, "replace", error));
            }
            _ => {}
        }
        let file = OpenOptions::new().write(true).create_new(true).open(path);
        Ok(Box::new(FsDraft(file.map_err(|source| StorageError::io(name, "create", source))?)))
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), StorageError> {
        let renamed = fs::rename(self.file(from)?, self.file(to)?);
        renamed.map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => StorageError::Missing { file: from.to_owned() },
            _ => StorageError::io(to, "rename", source),
        })
    }

    fn delete(&self, name: &str) -> Result<(), StorageError> {
        fs::remove_file(self.file(name)?).map_err(|source| StorageError::io(name, "delete", source))
    }

    fn list(&self) -> Result<Vec<String>, StorageError> {
        let mut names = Vec::new();
        let failed = |source| StorageError::io(&self.path.display().to_string(), "list", source);
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            // Names that are not plain cannot be files of ours.
            if let Ok(name) = entry.file_name().into_string()
                && check_name(&name).is_ok()
                && entry.file_type().map_err(failed)?.is_file()
            {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    fn exists(&self, name: &str) -> Result<bool, StorageError> {
        self.file(name)?.try_exists().map_err(|source| StorageError::io(name, "look up", source))
    }

    fn sync(&self) -> Result<(), StorageError> {
        sync_folder(&self.path)
    }
}

struct FsDraft(File);

impl Write for FsDraft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Draft for FsDraft {
    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_all()
    }
}
