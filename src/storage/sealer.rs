use std::io::{self, BufWriter, Write};

use super::directory::temporary_name;
use super::envelope::footer;
use super::{Digest, Directory, Draft, FOOTER_LENGTH, HEADER_LENGTH, Header, StorageError, Tag};

/// Bytes gathered before the system is called.
const BUFFER: usize = 128 * 1024;

/// Writes the body of one file into an envelope, under a temporary name. Dropped before [`Sealer::seal`], it leaves
/// nothing.
pub struct Sealer<'d> {
    file: BufWriter<Hashed>,
    length: u64,
    temporary: Temporary<'d>,
    tag: Tag,
}

/// A whole file, on the medium, that has no name yet. Dropped before [`Sealed::rename`], it leaves nothing.
pub struct Sealed<'d> {
    temporary: Temporary<'d>,
    /// Its length in bytes.
    pub length: u64,
    /// Its checksum.
    pub digest: Digest,
}

impl<'d> Sealer<'d> {
    /// Begins a file.
    ///
    /// # Errors
    /// Whatever the system says.
    pub fn create(directory: &'d dyn Directory, header: &Header) -> Result<Sealer<'d>, StorageError> {
        let name = temporary_name();
        let draft = directory.create(&name)?;
        let temporary = Temporary { directory, name: Some(name) };
        let file = BufWriter::with_capacity(BUFFER, Hashed { draft, hasher: blake3::Hasher::new() });
        let mut sealer = Sealer { file, length: 0, temporary, tag: header.tag };
        sealer.write_all(&header.encode()).map_err(|source| sealer.failed(source))?;
        Ok(sealer)
    }

    /// Bytes of the body so far.
    pub fn position(&self) -> u64 {
        self.length - HEADER_LENGTH as u64
    }

    /// The error of this file for something that the system said.
    pub fn failed(&self, source: io::Error) -> StorageError {
        StorageError::io(&self.tag.to_string(), "write", source)
    }

    /// Writes the footer and returns when all bytes are on the medium.
    ///
    /// # Errors
    /// Whatever the system says.
    pub fn seal(mut self) -> Result<Sealed<'d>, StorageError> {
        let length = self.length + FOOTER_LENGTH as u64;
        let finish = |file: &mut BufWriter<Hashed>| {
            file.flush()?;
            let Hashed { draft, hasher } = file.get_mut();
            let (bytes, digest) = footer(hasher, length);
            draft.write_all(&bytes)?;
            draft.sync()?;
            Ok(digest)
        };
        let digest = finish(&mut self.file).map_err(|source| self.failed(source))?;
        Ok(Sealed { temporary: self.temporary, length, digest })
    }
}

impl Write for Sealer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.length += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        // `seal` flushes; a writer that flushes after every part must not cost a call of the system each.
        Ok(())
    }
}

/// Takes the digest of what passes, below the buffer: BLAKE3 is several times faster over large pieces.
struct Hashed {
    draft: Box<dyn Draft>,
    hasher: blake3::Hasher,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.draft.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.draft.flush()
    }
}

impl Sealed<'_> {
    /// Gives the file its name, replacing the file that had it. A crash may undo it until the directory is synced.
    ///
    /// # Errors
    /// Whatever the system says.
    pub fn rename(mut self, name: &str) -> Result<(), StorageError> {
        if let Some(temporary) = &self.temporary.name {
            self.temporary.directory.rename(temporary, name)?;
        }
        self.temporary.name = None;
        Ok(())
    }
}

/// A temporary file that is removed when nobody wants it any more.
struct Temporary<'d> {
    directory: &'d dyn Directory,
    name: Option<String>,
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            // Who dropped it has an error to report already; what stays behind is removed with the other orphans.
            let _ = self.directory.delete(name);
        }
    }
}
