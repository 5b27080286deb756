//! Files as text: read whole, checked for their encoding, with the places in them.

use std::fs;
use std::path::{Path, PathBuf};

use super::SourceError;

/// The largest CSV, TSV or JSON file that is read, in bytes. The file is held in memory.
pub(super) const MAX_FILE_BYTES: u64 = 1 << 30;
/// The largest XML file that is read, in bytes.
pub(super) const MAX_XML_BYTES: u64 = 64 << 20;
/// The longest single value of a row, in bytes. The longest of the public lists has some 20,000.
pub(super) const MAX_VALUE_BYTES: usize = 1 << 20;

/// A file in memory, known to be UTF-8, without the byte order mark.
pub(super) struct Input {
    /// The name of the file without its folders: places are given by it.
    pub name: String,
    /// The text.
    pub text: String,
}

impl Input {
    /// Reads a file.
    pub(super) fn load(path: &Path, limit: u64) -> Result<Input, SourceError> {
        let unreadable = |source| SourceError::Unreadable { path: path.to_owned(), source };
        let bytes = fs::metadata(path).map_err(unreadable)?.len();
        if bytes > limit {
            return Err(SourceError::TooLarge { path: path.to_owned(), bytes, limit });
        }
        Input::new(path, fs::read(path).map_err(unreadable)?)
    }

    /// Takes the bytes of a file.
    pub(super) fn new(path: &Path, bytes: Vec<u8>) -> Result<Input, SourceError> {
        if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
            return Err(SourceError::Utf16 { path: path.to_owned() });
        }
        let mut text = String::from_utf8(bytes).map_err(|error| {
            let offset = error.utf8_error().valid_up_to();
            let before = &error.as_bytes()[..offset];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count() as u32;
            SourceError::NotUtf8 { path: PathBuf::from(path), offset, line }
        })?;
        if text.starts_with('\u{FEFF}') {
            text.drain(..'\u{FEFF}'.len_utf8());
        }
        Ok(Input { name: base_name(path), text })
    }

    /// The place of a line.
    pub(super) fn place(&self, line: u32) -> String {
        format!("{}:{line}", self.name)
    }
}

/// The name of a file without its folders.
pub(super) fn base_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// The text with every run of white space as one space, and none at its ends.
pub(super) fn squeeze(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !squeezed.is_empty() {
            squeezed.push(' ');
        }
        squeezed.push_str(word);
    }
    squeezed
}
