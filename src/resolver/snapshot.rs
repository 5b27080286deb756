use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::Verdict;
use super::indexer::{self, BuildError};
use crate::index::{Index, IndexError, Manifest, OpenOptions};
use crate::model::{EntityId, Record, Version};
use crate::registry::Leads;
use crate::retrieval::WordCache;
use crate::storage::{Directory, RamDirectory};
use crate::tables;

/// From which probability on an answer is a match, or worth a look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// At or above: a match. 0 to 1.
    pub matching: f64,
    /// At or above, but below `matching`: a person should look. 0 to 1.
    pub review: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Thresholds { matching: 0.8, review: 0.35 }
    }
}

impl Thresholds {
    /// The verdict of a probability.
    pub fn verdict(&self, probability: f64) -> Verdict {
        if probability >= self.matching {
            Verdict::Match
        } else if probability >= self.review {
            Verdict::Review
        } else {
            Verdict::NoMatch
        }
    }
}

/// Why an index could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The index itself was refused.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The index was built with other tables or another alphabet.
    #[error(
        "the index was built with alphabet {found_alphabet} and tables {found_tables:08x}, this program has \
         {alphabet} and {tables:08x}: rebuild it by importing a list again"
    )]
    Versions {
        /// The index's alphabet.
        found_alphabet: u32,
        /// The index's tables.
        found_tables: u32,
        /// The program's alphabet.
        alphabet: u32,
        /// The program's tables.
        tables: u32,
    },
}

/// One version of everything that answers: it never changes, and a request holds one from beginning to end.
pub struct Snapshot {
    pub(super) index: Arc<Index>,
    pub(super) words: Arc<WordCache>,
    pub(super) thresholds: Thresholds,
    leads: Leads,
    version: Version,
}

impl Snapshot {
    /// Opens and verifies the index of a directory. `leads` tells where the ids that records founded lead now.
    pub fn open(directory: &dyn Directory, leads: Leads, thresholds: Thresholds) -> Result<Snapshot, SnapshotError> {
        Snapshot::of_index(Index::open(directory)?, leads, thresholds)
    }

    /// Opens and verifies the index that a manifest lists, published or not. What `beside` has open is not read again.
    pub(super) fn of_manifest(
        directory: &dyn Directory,
        manifest: Manifest,
        leads: Leads,
        beside: &Snapshot,
    ) -> Result<Snapshot, SnapshotError> {
        let index = Index::open_manifest(directory, manifest, OpenOptions::default(), &[&beside.index])?;
        Snapshot::of_index(index, leads, beside.thresholds)
    }

    pub(super) fn of_index(index: Index, leads: Leads, thresholds: Thresholds) -> Result<Snapshot, SnapshotError> {
        let index = Arc::new(index);
        let (found, own) = (index.manifest().versions, indexer::versions());
        if found != own {
            return Err(SnapshotError::Versions {
                found_alphabet: found.alphabet,
                found_tables: found.tables,
                alphabet: own.alphabet,
                tables: own.tables,
            });
        }
        Ok(Snapshot::over(index, Arc::default(), leads, thresholds))
    }

    fn over(index: Arc<Index>, words: Arc<WordCache>, leads: Leads, thresholds: Thresholds) -> Snapshot {
        let version = Version {
            index: index.version().to_owned(),
            model: model_version().to_owned(),
            registry_revision: leads.revision,
        };
        Snapshot { index, words, thresholds, leads, version }
    }

    /// The same index with other judgements: nothing is read or built.
    pub(super) fn with_leads(&self, leads: Leads) -> Snapshot {
        Snapshot::over(Arc::clone(&self.index), Arc::clone(&self.words), leads, self.thresholds)
    }

    /// A snapshot of some records alone, in memory.
    pub fn of_records(records: &[(Record, EntityId)], thresholds: Thresholds) -> Result<Snapshot, BuildError> {
        let directory = RamDirectory::new();
        indexer::build_records(records, &directory)?;
        Snapshot::open(&directory, Leads::default(), thresholds).map_err(BuildError::from)
    }

    /// Which index and model answer.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// The entity that a former id leads to, or the id itself.
    pub fn canonical(&self, id: EntityId) -> EntityId {
        self.leads.redirects.get(&id).copied().unwrap_or(id)
    }

    /// Every id that leads to another one.
    pub(super) fn redirects(&self) -> &BTreeMap<EntityId, EntityId> {
        &self.leads.redirects
    }

    /// From which probabilities on its answers are matches or worth a look.
    pub fn thresholds(&self) -> Thresholds {
        self.thresholds
    }

    /// How many names can be found.
    pub fn name_count(&self) -> u64 {
        u64::from(self.index.name_count())
    }

    /// How many records can be found.
    pub fn record_count(&self) -> u64 {
        u64::from(self.index.record_count())
    }
}

/// Digest over all tables and the alphabet: what turns letters into terms and terms into scores.
/// Taken when the program is compiled.
const DIGEST: blake3::Hash = blake3::Hash::from_bytes(tables::DIGEST);

static MODEL_VERSION: LazyLock<String> =
    LazyLock::new(|| format!("{}-{}", env!("CARGO_PKG_VERSION"), &DIGEST.to_hex()[..12]));

/// The version of tables and weights, as answers state it: the program's version and a digest of all tables.
pub fn model_version() -> &'static str {
    &MODEL_VERSION
}

/// The version of the tables as the index stores it.
pub(super) fn tables_version() -> u32 {
    let bytes = DIGEST.as_bytes();
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::symbols;

    /// Two programs with the same tables must agree on it, whichever way it is taken.
    #[test]
    fn the_digest_is_that_of_the_tables_as_they_print_themselves() {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&symbols::VERSION.to_le_bytes());
        for table in tables::TABLES {
            hasher.update(format!("{table:?}").as_bytes());
        }
        assert_eq!(hasher.finalize(), DIGEST);
    }
}
