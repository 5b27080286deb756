use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::storage::{Digest, Directory, Envelope, Header, SegmentId, StorageError, Versions, is_temporary};

use super::layout::{FORMAT, MANIFEST};
use super::{IndexError, Lane};

/// The name of the one file that is replaced.
pub const MANIFEST_FILE: &str = "manifest";

/// The most segments of an index: a large one and two small ones.
pub const MAX_SEGMENTS: usize = 3;

/// What files of segments are called at the end.
pub(super) const EXTENSION: &str = ".idx";

/// What makes up one version of an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// What the writer was compiled with.
    pub versions: Versions,
    /// Words of the caller: see [`BuildOptions::labels`](super::BuildOptions::labels).
    pub labels: BTreeMap<String, String>,
    /// The segments, 1 to [`MAX_SEGMENTS`], the oldest first.
    pub segments: Vec<SegmentEntry>,
    /// What makes one index of several segments, or of one with deleted records; else nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlay: Option<OverlayEntry>,
}

/// What lies over the segments: dictionaries of the terms that live names have, and which records are deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverlayEntry {
    /// Its id, derived from the segments and the deleted records.
    pub id: SegmentId,
    /// How many records of each segment are deleted.
    pub deleted: Vec<u32>,
    /// The lanes that have terms, in order, with the postings that are not of deleted names.
    pub lanes: Vec<LaneEntry>,
    /// Its files.
    pub files: Vec<FileEntry>,
}

/// One segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentEntry {
    /// Its id, derived from everything it was built from.
    pub id: SegmentId,
    /// How many records it has.
    pub records: u32,
    /// How many names it has.
    pub names: u32,
    /// The lanes that have terms, in order.
    pub lanes: Vec<LaneEntry>,
    /// Its files.
    pub files: Vec<FileEntry>,
}

/// One lane of a segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaneEntry {
    /// Which lane.
    pub lane: Lane,
    /// How many terms it has.
    pub terms: u64,
    /// How many postings it has.
    pub postings: u64,
}

/// One file of a segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Its kind, as in its header.
    pub kind: String,
    /// Its name in the directory, derived from kind and digest.
    pub name: String,
    /// Its length in bytes.
    pub length: u64,
    /// Its checksum, as in its footer.
    pub digest: Digest,
}

impl Manifest {
    /// The version of the index: the first 16 bytes of the digest of the manifest's file, in hexadecimal. Equal input
    /// has equal versions.
    pub fn version(&self) -> String {
        self.encode().1.short()
    }

    /// All files that it lists.
    pub fn files(&self) -> impl Iterator<Item = &FileEntry> {
        let overlay = self.overlay.iter().flat_map(|overlay| &overlay.files);
        self.segments.iter().flat_map(|segment| &segment.files).chain(overlay)
    }

    /// Makes this the manifest of the directory, in one step. Its files must have been written there.
    ///
    /// # Errors
    /// Whatever the directory says; it then shows the old manifest or this one, whole.
    pub fn publish(&self, directory: &dyn Directory) -> Result<(), StorageError> {
        directory.publish(MANIFEST_FILE, &self.encode().0)
    }

    /// Keeps this under a name of its own, so that it can be read when another one is published. Its files must have
    /// been written there.
    ///
    /// # Errors
    /// As [`Manifest::publish`].
    pub fn keep(&self, directory: &dyn Directory) -> Result<(), StorageError> {
        let (bytes, digest) = self.encode();
        directory.publish(&kept_name(&digest.short()), &bytes)
    }

    /// Reads and verifies a manifest that was kept.
    ///
    /// # Errors
    /// As [`Manifest::read`]; also if it is of another version than its name says.
    pub fn read_kept(directory: &dyn Directory, version: &str) -> Result<Manifest, IndexError> {
        let file = kept_name(version);
        let (manifest, found) = read(directory, &file)?;
        if found == version {
            Ok(manifest)
        } else {
            Err(IndexError::Manifest { file, reason: format!("version {found}, expected {version}") })
        }
    }

    /// Reads and verifies the manifest of a directory. Returned with the version.
    ///
    /// # Errors
    /// [`IndexError::NoManifest`], [`IndexError::OtherFormat`], [`IndexError::Storage`], [`IndexError::Manifest`].
    pub fn read(directory: &dyn Directory) -> Result<(Manifest, String), IndexError> {
        read(directory, MANIFEST_FILE).map_err(|error| match error {
            IndexError::Storage(StorageError::Missing { .. }) => IndexError::NoManifest,
            other => other,
        })
    }

    /// The bytes of the file and its digest.
    fn encode(&self) -> (Vec<u8>, Digest) {
        // Strings, numbers and maps with string keys: there is nothing that JSON cannot say.
        let body = serde_json::to_vec(self).unwrap_or_default();
        Envelope::seal(&header(self.versions), &body)
    }
}

fn read(directory: &dyn Directory, file: &str) -> Result<(Manifest, String), IndexError> {
    let envelope = Envelope::open(file, directory.open(file)?)?;
    // Before the format, so that a damaged one is not taken for another one.
    envelope.verify()?;
    let found = envelope.header();
    if found.tag == MANIFEST && found.format != FORMAT {
        return Err(IndexError::OtherFormat { file: file.to_owned(), found: found.format, expected: FORMAT });
    }
    // Every versions word is welcome here; the JSON must repeat it.
    envelope.expect(&header(found.versions))?;
    let refuse = |reason| IndexError::Manifest { file: file.to_owned(), reason };
    let manifest: Manifest = serde_json::from_slice(envelope.body()).map_err(|error| refuse(error.to_string()))?;
    if manifest.versions != found.versions {
        return Err(refuse("versions differ from those of the header".to_owned()));
    }
    Ok((manifest, envelope.digest().short()))
}

/// The name of the file in which a manifest is kept.
fn kept_name(version: &str) -> String {
    format!("{MANIFEST_FILE}-{version}")
}

fn header(versions: Versions) -> Header {
    Header { tag: MANIFEST, format: FORMAT, versions, segment: SegmentId::default() }
}

/// Deletes every file that indexes left behind and that none of `keep` lists: temporary files, files of segments, and
/// manifests that were kept. Other files in the directory stay. Whoever has an old index open keeps it. Returns the
/// names, sorted.
///
/// Nobody may be writing an index in the directory.
///
/// # Errors
/// Whatever the directory says; files that are not deleted yet stay for the next time.
pub fn gc<'a>(
    directory: &dyn Directory,
    keep: impl IntoIterator<Item = &'a Manifest>,
) -> Result<Vec<String>, StorageError> {
    let mut kept = BTreeSet::new();
    for manifest in keep {
        kept.extend(manifest.files().map(|file| file.name.clone()));
        kept.insert(kept_name(&manifest.version()));
    }
    let is_ours = |name: &str| name.ends_with(EXTENSION) || name.starts_with(&kept_name(""));
    let mut deleted = Vec::new();
    for name in directory.list()? {
        if is_temporary(&name) || (is_ours(&name) && !kept.contains(&name)) {
            directory.delete(&name)?;
            deleted.push(name);
        }
    }
    directory.sync()?;
    Ok(deleted)
}
