use std::collections::BTreeMap;
use std::sync::Arc;

use crate::storage::{Directory, RamDirectory, StorageError};

use super::deleted::Deleted;
use super::overlay::Overlay;
use super::reader::Place;
use super::segment::{Segment, refuse};
use super::{Index, IndexError, MANIFEST_FILE, MAX_SEGMENTS, Manifest, SegmentEntry};

/// How much of an index is read before it is believed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verify {
    /// Every byte.
    #[default]
    Everything,
    /// Lengths, headers and footers of all files, and every byte of the manifest, of the dictionaries of terms and of
    /// the list of deleted records. Damage elsewhere is not found, but is never followed out of a file: what it hides
    /// is missing.
    Dictionaries,
}

/// How an index is opened.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenOptions {
    /// How much is read.
    pub verify: Verify,
    /// The only version of alphabet and normaliser that will do; `None` for any.
    pub alphabet: Option<u32>,
    /// The only version of tables and model that will do; `None` for any.
    pub tables: Option<u32>,
}

/// Opens an index whose files are given by name, as [`Index::open`] does. For whoever wants to try what happens.
///
/// # Errors
/// As [`Index::open`].
pub fn open_bytes(files: BTreeMap<String, Vec<u8>>) -> Result<Index, IndexError> {
    Index::open(&RamDirectory::from(files))
}

impl Index {
    /// Opens the index that a directory publishes and verifies every byte of it.
    ///
    /// # Errors
    /// [`IndexError::NoManifest`] where no index was published yet; another [`IndexError`] for whatever does not fit:
    /// files that are missing, cut, changed or of another version.
    pub fn open(directory: &dyn Directory) -> Result<Index, IndexError> {
        Index::open_with(directory, OpenOptions::default())
    }

    /// Opens the index that a directory publishes.
    ///
    /// # Errors
    /// As [`Index::open`].
    pub fn open_with(directory: &dyn Directory, options: OpenOptions) -> Result<Index, IndexError> {
        let (manifest, version) = Manifest::read(directory)?;
        Index::assemble(directory, manifest, version, options, &[])
    }

    /// Opens the index that follows this one in the directory. Segments that both have are not read again.
    ///
    /// # Errors
    /// As [`Index::open`].
    pub fn open_next(&self, directory: &dyn Directory, options: OpenOptions) -> Result<Index, IndexError> {
        let (manifest, version) = Manifest::read(directory)?;
        Index::assemble(directory, manifest, version, options, &[self])
    }

    /// Opens what a manifest lists, whether it is published, was once, or is to be. Segments that one of `beside` has
    /// open are not read again.
    ///
    /// # Errors
    /// As [`Index::open`].
    pub fn open_manifest(
        directory: &dyn Directory,
        manifest: Manifest,
        options: OpenOptions,
        beside: &[&Index],
    ) -> Result<Index, IndexError> {
        let version = manifest.version();
        Index::assemble(directory, manifest, version, options, beside)
    }

    fn assemble(
        directory: &dyn Directory,
        manifest: Manifest,
        version: String,
        options: OpenOptions,
        beside: &[&Index],
    ) -> Result<Index, IndexError> {
        for (what, found, expected) in [
            ("alphabet", manifest.versions.alphabet, options.alphabet),
            ("tables", manifest.versions.tables, options.tables),
        ] {
            if let Some(expected) = expected.filter(|expected| *expected != found) {
                return Err(StorageError::Version { file: MANIFEST_FILE.to_owned(), what, found, expected }.into());
            }
        }
        let count = manifest.segments.len();
        if count == 0 || count > MAX_SEGMENTS {
            return Err(refuse(format!("{count} segments, expected 1 to {MAX_SEGMENTS}")));
        }
        if manifest.overlay.is_none() && count > 1 {
            return Err(refuse(format!("{count} segments and no overlay")));
        }
        let known = |entry: &SegmentEntry| {
            beside.iter().flat_map(|index| &index.segments).find(|segment| segment.entry == *entry)
        };
        let open = |entry: &SegmentEntry| match known(entry) {
            Some(segment) => Ok(Arc::clone(segment)),
            None => Segment::open(directory, manifest.versions, entry, options.verify).map(Arc::new),
        };
        let segments: Vec<Arc<Segment>> = manifest.segments.iter().map(open).collect::<Result<_, _>>()?;
        let (overlay, deleted) = match &manifest.overlay {
            None => (None, vec![None]),
            Some(entry) => {
                let (overlay, deleted) = Overlay::open(directory, manifest.versions, entry, &segments, options.verify)?;
                (Some(overlay), deleted)
            }
        };
        let places = places(&segments, deleted)?;
        Ok(Index { manifest, version, segments, places, overlay })
    }
}

/// Where segments stand, one behind the other.
fn places(segments: &[Arc<Segment>], deleted: Vec<Option<Deleted>>) -> Result<Vec<Place>, IndexError> {
    let too_many = || refuse("more names or records than can be numbered".to_owned());
    let (mut name, mut record) = (0u32, 0u32);
    let mut places = Vec::with_capacity(segments.len());
    for (segment, deleted) in segments.iter().zip(deleted) {
        places.push(Place { name, record, deleted });
        name = name.checked_add(segment.names.count()).ok_or_else(too_many)?;
        record = record.checked_add(segment.records.count()).ok_or_else(too_many)?;
    }
    Ok(places)
}
