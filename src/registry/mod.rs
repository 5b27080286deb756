//! What is known of whom: records as each list published them, the entities they stand for, the judgements that tie
//! them, and ids that never change hands.
//!
//! The truth is rows that are only ever added: an id once minted stays with the record that founded it, a judgement
//! is undone by a further row. Clusters are a pure function of those rows ([`clusters`]); the stored ones are its
//! result, kept for quick reading, and [`Registry::verify`] holds the two against each other.
//!
//! Every change is one transaction with a link of the audit chain in it; a request id makes it happen once. Who follows
//! entities reads the changes: additions, removals, mergers, splits.
//!
//! Rows lie in a [`store`]: SQLite, in one file of the data directory that one process writes, or PostgreSQL, where
//! several servers write in turns and follow one another.

mod act;
mod around;
mod audit;
mod batch;
mod changes;
mod cluster;
mod copy;
mod decode;
mod error;
mod identity;
mod import;
mod judging;
mod open;
mod past;
mod queue;
mod read;
pub mod store;
mod succession;
mod suppressing;
mod verify;

#[cfg(test)]
mod tests;

pub use act::Ask;
pub use audit::{AuditLink, AuditReport};
pub use changes::{Change, ChangeKind, Referent, Related};
pub use cluster::{Cluster, Conflict, Link, clusters};
pub use error::{Refusal, RegistryError};
pub use identity::Identity;
pub use import::{Guard, Import, ImportCounts};
pub use judging::{Judged, JudgementReceipt, Moved, StoredJudgement, Withdrawal};
pub use open::{Database, Registry};
pub use queue::{Outcome, Proposal, StoredProposal};
pub use read::{Dataset, FoundEntity, Leads, News, Page};
pub use succession::Succession;
pub use suppressing::Suppression;
pub use verify::VerifyReport;
