use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::DatasetName;
use crate::storage::{Directory, FsDirectory, StorageError};

/// The file of a source's folder that says what is known of it. It is replaced in one step, so that a crash leaves the
/// state before or the state after.
const FILE: &str = "state.json";

/// What is known of a source, over restarts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// When it was looked at last.
    pub last_attempt: Option<Timestamp>,
    /// When that last went well, whether or not there was a new version.
    pub last_success: Option<Timestamp>,
    /// When a new version was imported last.
    pub last_change: Option<Timestamp>,
    /// What went wrong, if it did at the last attempt.
    pub last_error: Option<String>,
    /// How often in a row it went wrong.
    pub failures: u32,
    /// Records read, and not taken over, of the version that was imported last.
    pub records: u64,
    /// See `records`.
    pub quarantined: u64,
    /// The folder that holds the files of that version.
    pub(super) take: u64,
    /// What was imported last: a digest of the files and of how they were read.
    pub(super) imported: Option<String>,
    /// The files of that version.
    pub(super) files: Vec<Fetched>,
}

/// A file that was fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fetched {
    /// Where from, as a digest: an address may hold a token.
    pub url_digest: String,
    /// Its name in the folder of its version.
    pub file: String,
    /// By which the server recognises the version; empty where it gives none.
    pub etag: String,
    /// The same by time.
    pub last_modified: String,
    /// SHA-256 of its bytes in hexadecimal.
    pub sha256: String,
}

impl State {
    /// The state of a source; a new one where there is none, or none that can be read.
    ///
    /// # Errors
    /// Whatever the system says.
    pub(super) fn read(folder: &FsDirectory) -> Result<State, StorageError> {
        match folder.open(FILE) {
            Ok(bytes) => Ok(serde_json::from_slice(bytes.as_ref()).unwrap_or_else(|error| {
                tracing::warn!(folder = %folder.path().display(), %error, "the state of a source cannot be read; it is fetched anew");
                State::default()
            })),
            Err(StorageError::Missing { .. }) => Ok(State::default()),
            Err(error) => Err(error),
        }
    }

    /// Writes the state; it is on the medium when this returns.
    ///
    /// # Errors
    /// Whatever the system says.
    pub(super) fn write(&self, folder: &FsDirectory) -> Result<(), StorageError> {
        // A state is plain data, which can always be written as JSON.
        let bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        folder.publish(FILE, &bytes)
    }
}

/// What is told of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Its name.
    pub name: DatasetName,
    /// The dataset that it replaces.
    pub dataset: DatasetName,
    /// True while it is fetched and imported.
    pub is_running: bool,
    /// When it is looked at next.
    pub next_attempt: Timestamp,
    /// What is known of it.
    pub state: State,
}
