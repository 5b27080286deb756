use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{EngineError, VersionError};
use crate::storage::{Directory, Envelope, Header, SegmentId, StorageError, Tag, Versions};

/// The file that tells which indexes are retained, since when each served, and what is pinned.
pub(super) const LEDGER_FILE: &str = "versions";
const LEDGER: Tag = Tag::new("versions");
const FORMAT: u32 = 1;

/// An index that was published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Its version: the digest of its manifest.
    pub index: String,
    /// Version of the tables and weights that it was built with.
    pub model: String,
    /// The last revision of the registry that changed a record which it shows.
    pub records_revision: u64,
    /// The revision of the registry with which it began to serve.
    pub registry_revision: u64,
    /// When it began to serve.
    pub published_at: Timestamp,
    /// How many records it shows.
    pub records: u64,
    /// How many names they have.
    pub names: u64,
    /// When the next one was published, and the last revision of the registry with which this one served by itself;
    /// `None` for the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced: Option<Replaced>,
}

/// When an index no longer was the newest one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replaced {
    /// When.
    pub at: Timestamp,
    /// The last revision of the registry with which it served.
    pub last_revision: u64,
}

impl Edition {
    /// The last revision with which it can have served; `current` is the registry's.
    pub(super) fn until(&self, current: u64) -> u64 {
        self.replaced.as_ref().map_or(current, |replaced| replaced.last_revision)
    }
}

/// That a version serves though newer ones are there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// The index that serves.
    pub index: String,
    /// The revision of the registry as of which it does.
    pub registry_revision: u64,
    /// Ends by itself when the next index is published.
    pub until_published: bool,
    /// Who wanted it.
    pub actor: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub at: Timestamp,
    /// Until when; `None` while it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

/// The indexes that are retained and what serves of them. Written last of all when an index is published: a crash
/// before only means that the index is built again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ledger {
    /// How many indexes are retained, at least 1.
    pub(super) retain: usize,
    /// In the order of publication.
    pub(super) editions: Vec<Edition>,
    /// In the order of time; only the last one may hold.
    pub(super) pins: Vec<Pin>,
}

impl Ledger {
    /// Of nothing.
    pub(super) fn new(retain: usize) -> Ledger {
        Ledger { retain: retain.max(1), editions: Vec::new(), pins: Vec::new() }
    }

    /// Reads the ledger of a directory; `None` where there is none, or one of another layout.
    ///
    /// # Errors
    /// [`StorageError`] where it is damaged.
    pub(super) fn read(directory: &dyn Directory) -> Result<Option<Ledger>, EngineError> {
        let bytes = match directory.open(LEDGER_FILE) {
            Err(StorageError::Missing { .. }) => return Ok(None),
            opened => opened?,
        };
        let envelope = Envelope::open(LEDGER_FILE, bytes)?;
        envelope.verify()?;
        let found = envelope.header();
        if found.tag == LEDGER && found.format != FORMAT {
            tracing::warn!(format = found.format, expected = FORMAT, "the ledger of versions is of another layout");
            return Ok(None);
        }
        envelope.expect(&header())?;
        let ledger = serde_json::from_slice(envelope.body());
        ledger.map(Some).map_err(|error| VersionError::Ledger { reason: error.to_string() }.into())
    }

    /// Replaces the ledger of a directory in one step.
    pub(super) fn publish(&self, directory: &dyn Directory) -> Result<(), StorageError> {
        // Strings, numbers and lists: there is nothing that JSON cannot say.
        let body = serde_json::to_vec(self).unwrap_or_default();
        directory.publish(LEDGER_FILE, &Envelope::seal(&header(), &body).0)
    }

    /// The ledger once an edition is published: one that is there already goes on. `last_revision` is the last one of
    /// the registry at which the records were those of the edition before. What is over the number to retain is dropped,
    /// but for what is pinned.
    pub(super) fn with(&self, edition: Edition, last_revision: u64) -> Ledger {
        let mut next = self.clone();
        if let Some(last) = next.editions.last_mut() {
            if last.index == edition.index && last.model == edition.model {
                last.records_revision = edition.records_revision;
                return next;
            }
            // A new index of the same records, as when segments become one: both serve as of that revision.
            let same = last.records_revision == edition.records_revision;
            let last_revision = last_revision.min(edition.registry_revision).max(last.registry_revision);
            last.replaced = Some(Replaced { at: edition.published_at, last_revision });
            if !same && next.pin().is_some_and(|pin| pin.until_published) {
                next.end_pin(edition.published_at);
            }
        }
        next.editions.push(edition);
        next.settle();
        next
    }

    /// Drops what is over the number to retain.
    pub(super) fn settle(&mut self) {
        let over = self.editions.len().saturating_sub(self.retain);
        let pinned = self.pin().map(|pin| pin.index.clone());
        let mut place = 0;
        self.editions.retain(|edition| {
            place += 1;
            place > over || pinned.as_ref() == Some(&edition.index)
        });
        let oldest = self.editions.first().map(|edition| edition.published_at);
        self.pins.retain(|pin| pin.ended_at.is_none_or(|ended| oldest.is_some_and(|oldest| ended > oldest)));
    }

    /// What is pinned now.
    pub(super) fn pin(&self) -> Option<&Pin> {
        self.pins.last().filter(|pin| pin.ended_at.is_none())
    }

    /// Ends what holds.
    pub(super) fn end_pin(&mut self, at: Timestamp) {
        if let Some(pin) = self.pins.last_mut().filter(|pin| pin.ended_at.is_none()) {
            pin.ended_at = Some(at);
        }
    }

    /// What serves unless something is pinned.
    pub(super) fn last(&self) -> Option<&Edition> {
        self.editions.last()
    }
}

fn header() -> Header {
    Header { tag: LEDGER, format: FORMAT, versions: Versions::default(), segment: SegmentId::default() }
}
