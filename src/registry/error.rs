use std::fmt;
use std::path::PathBuf;

use crate::model::{DatasetName, EntityId, RecordError, RecordId};

/// Why the registry did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// Another process has the data directory open.
    #[error("{} is in use by another process", .0.display())]
    InUse(PathBuf),
    /// Nothing to read: the data directory holds no registry.
    #[error("{} does not exist: import a dataset first", .0.display())]
    Missing(PathBuf),
    /// A database, but of another program.
    #[error("{} is a database of another program", .0.display())]
    Foreign(PathBuf),
    /// Written by a newer version of this program.
    #[error(
        "{} has schema {found}, this version of exonym knows schemas up to {known}: use a newer one",
        path.display()
    )]
    NewerSchema {
        /// The database.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The newest schema this version knows.
        known: u32,
    },
    /// Written by an older version and opened for reading only, so that it cannot be brought up to date.
    #[error("{} has schema {found}, expected {known}: open it for writing once to bring it up to date", path.display())]
    OlderSchema {
        /// The database.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The schema this version reads.
        known: u32,
    },
    /// A migration was applied with another text than this version carries.
    #[error("{}: migration {version} was applied in another form than this version of exonym has", path.display())]
    OtherMigration {
        /// The database.
        path: PathBuf,
        /// The migration.
        version: u32,
    },
    /// What is stored is not what was written.
    #[error("{place} is damaged: {reason}")]
    Damaged {
        /// The file, or a row of it.
        place: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The file system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database refused: full disk, read-only file system, lock.
    #[error("{place}: {reason}")]
    Database {
        /// The database.
        place: String,
        /// Why, in its own words.
        reason: String,
    },
    /// The database does not answer: it is down, restarting, or cut off.
    #[error(
        "{place} cannot be reached: {reason}; the index answers on, and the registry does again once the database is back"
    )]
    Unreachable {
        /// The database.
        place: String,
        /// Why, in its own words.
        reason: String,
    },
    /// The connection was lost in the moment in which a change was made durable.
    #[error(
        "{place} was lost while a change was committed: it is there as a whole or not at all; ask again with the \
             same request id, and it happens once ({reason})"
    )]
    Uncertain {
        /// The database.
        place: String,
        /// Why, in its own words.
        reason: String,
    },
    /// The address of a database that is none, or that this program cannot follow.
    #[error("the address of the registry: {0}")]
    Address(String),
    /// The database has a tool of its own for backups.
    #[error("the registry lies in a database that has its own backups: use {0}")]
    BackupElsewhere(String),
    /// A copy into a registry that holds something.
    #[error("the registry to copy into is not empty: name another schema")]
    NotEmpty,
    /// A write to a registry that was opened for reading only.
    #[error("the registry is open for reading only")]
    ReadOnly,
    /// The file that a backup would write is already there.
    #[error("{} exists already", .0.display())]
    BackupExists(PathBuf),
    /// Two records of one import have the same id.
    #[error("record {0}: the id occurs more than once in the import")]
    DuplicateRecord(RecordId),
    /// A record's id begins with another dataset than the import's.
    #[error("record {record}: expected a record of dataset {dataset}")]
    OtherDataset {
        /// The record.
        record: RecordId,
        /// The dataset that is imported.
        dataset: DatasetName,
    },
    /// An import lacks more of the records there were than may be gone.
    #[error(
        "dataset {dataset}: {removed} of {before} records are gone, more than may be; if the list is right, import it \
         again and accept the loss"
    )]
    LostRecords {
        /// The dataset.
        dataset: DatasetName,
        /// How many records it had.
        before: u64,
        /// How many of those are gone.
        removed: u64,
    },
    /// A record breaks what every record must hold.
    #[error("record {record}: {source}")]
    InvalidRecord {
        /// The record.
        record: RecordId,
        /// Why.
        source: RecordError,
    },
    /// Every id that a record could found is taken.
    #[error("record {record}: no free entity id after {attempts} tries")]
    NoFreeId {
        /// The record.
        record: RecordId,
        /// How many ids were tried.
        attempts: u32,
    },
    /// A request id was used before, with other content.
    #[error("request {0:?} was used before with other content")]
    RequestReused(String),
    /// A text that cannot be taken.
    #[error("{field}: {reason}")]
    InvalidText {
        /// Which text: "request_id", "actor", "reason".
        field: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// No list ever published this record.
    #[error("record {0}: never imported")]
    UnknownRecord(RecordId),
    /// A judgement about one record.
    #[error("record {0}: a judgement needs two records")]
    OneRecord(RecordId),
    /// Judgements that cannot all hold.
    #[error("{0}")]
    Conflict(Box<super::Conflict>),
    /// An entity would get too many records.
    #[error("the entity would have {records} records, the limit is {limit}")]
    LargeEntity {
        /// How many records it would have.
        records: usize,
        /// The limit.
        limit: usize,
    },
    /// There is no judgement of this number.
    #[error("judgement {0}: there is none")]
    UnknownJudgement(u64),
    /// There is no open proposal of this number.
    #[error("proposal {0}: there is no open one")]
    UnknownProposal(u64),
    /// There is no suppression of this number that holds.
    #[error("suppression {0}: there is none that holds")]
    UnknownSuppression(u64),
    /// No entity ever had this id.
    #[error("entity {0}: never minted")]
    UnknownEntity(EntityId),
    /// The judgement was withdrawn before.
    #[error("judgement {0}: withdrawn already")]
    AlreadyWithdrawn(u64),
}

/// Why a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A text that cannot be taken.
    Text,
    /// A judgement about one record.
    OneRecord,
    /// Records that cannot be taken over together.
    Records,
    /// A list that lost more than it may.
    LostRecords,
    /// No such record.
    UnknownRecord,
    /// No such entity.
    UnknownEntity,
    /// No such judgement.
    UnknownJudgement,
    /// No such proposal.
    UnknownProposal,
    /// No such suppression.
    UnknownSuppression,
    /// Judgements that cannot all hold.
    Contradiction,
    /// An entity that would get too many records.
    LargeEntity,
    /// A judgement that was withdrawn before.
    Withdrawn,
    /// A request id that was used before, with other content.
    ReusedRequest,
}

impl Refusal {
    /// True if a request id was used before, with other content.
    pub fn is_reused_request(self) -> bool {
        self == Refusal::ReusedRequest
    }
}

impl RegistryError {
    /// Why the request was refused; `None` where not the request is at fault but the registry.
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            RegistryError::InvalidText { .. } => Some(Refusal::Text),
            RegistryError::OneRecord(_) => Some(Refusal::OneRecord),
            RegistryError::DuplicateRecord(_)
            | RegistryError::OtherDataset { .. }
            | RegistryError::InvalidRecord { .. } => Some(Refusal::Records),
            RegistryError::LostRecords { .. } => Some(Refusal::LostRecords),
            RegistryError::UnknownRecord(_) => Some(Refusal::UnknownRecord),
            RegistryError::UnknownEntity(_) => Some(Refusal::UnknownEntity),
            RegistryError::UnknownJudgement(_) => Some(Refusal::UnknownJudgement),
            RegistryError::UnknownProposal(_) => Some(Refusal::UnknownProposal),
            RegistryError::UnknownSuppression(_) => Some(Refusal::UnknownSuppression),
            RegistryError::Conflict(_) => Some(Refusal::Contradiction),
            RegistryError::LargeEntity { .. } => Some(Refusal::LargeEntity),
            RegistryError::AlreadyWithdrawn(_) => Some(Refusal::Withdrawn),
            RegistryError::RequestReused(_) => Some(Refusal::ReusedRequest),
            RegistryError::InUse(_)
            | RegistryError::Missing(_)
            | RegistryError::Foreign(_)
            | RegistryError::NewerSchema { .. }
            | RegistryError::OlderSchema { .. }
            | RegistryError::OtherMigration { .. }
            | RegistryError::Damaged { .. }
            | RegistryError::Io { .. }
            | RegistryError::Database { .. }
            | RegistryError::Unreachable { .. }
            | RegistryError::Uncertain { .. }
            | RegistryError::Address(_)
            | RegistryError::BackupExists(_)
            | RegistryError::BackupElsewhere(_)
            | RegistryError::NotEmpty
            | RegistryError::ReadOnly
            | RegistryError::NoFreeId { .. } => None,
        }
    }

    /// True if the database of the registry did not answer: the same request may do later, and happens once if it has
    /// a request id.
    pub fn is_outage(&self) -> bool {
        matches!(self, RegistryError::Unreachable { .. } | RegistryError::Uncertain { .. })
    }

    /// Damage at a place, for a reason.
    pub(crate) fn damaged(place: impl fmt::Display, reason: impl fmt::Display) -> RegistryError {
        RegistryError::Damaged { place: place.to_string(), reason: reason.to_string() }
    }
}
