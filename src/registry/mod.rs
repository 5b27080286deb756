//! What is known of whom: records as each list published them, the entities they stand for, the judgements that tie
//! them, and ids that never change hands.
//!
//! The truth is rows that are only ever added: an id once minted stays with the record that founded it, a judgement
//! is undone by a further row. Clusters are a pure function of those rows ([`clusters`]); the stored ones are its
//! result, kept for quick reading, and [`Registry::verify`] holds the two against each other.
//!
//! Rows lie in a [`store`]: SQLite, in one file of the data directory that one process writes.

mod cluster;
mod decode;
mod error;
mod identity;
mod import;
mod judging;
mod open;
mod read;
pub mod store;
mod verify;

#[cfg(test)]
mod tests;

pub use cluster::{Cluster, Conflict, Link, clusters};
pub use error::{Refusal, RegistryError};
pub use identity::Identity;
pub use import::{Import, ImportCounts};
pub use judging::{JudgementReceipt, Moved, StoredJudgement, Withdrawal};
pub use open::Registry;
pub use read::{Dataset, FoundEntity, Page};
pub use verify::VerifyReport;
