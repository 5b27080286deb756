//! From a query to an answer, and from records to an index.
//!
//! [`Snapshot::resolve`] is the life of a request: names are analysed, terms found by cost, candidates gathered,
//! matches scored, a verdict given. [`indexer::build`] is the life of a record. Both read names with
//! [`names::analyse`](crate::names::analyse), so that what is asked and what is stored cannot drift apart.
//! The [`Engine`] holds the registry and the snapshot that serves.

mod compare;
mod disguise;
mod engine;
mod follow;
pub mod indexer;
mod matching;
#[cfg(test)]
mod oracle;
mod payload;
mod query;
mod resolution;
mod resolve;
mod snapshot;
mod stranger;
mod suggest;
mod suppressed;
#[cfg(test)]
mod tests;
mod verify;

pub use compare::{Comparison, compare};
pub use engine::{Delta, Engine, EngineError, Published};
pub use query::{Detail, Options, Query, QueryError, QueryName, Scope};
pub use resolution::{Match, Resolution, Verdict};
pub use snapshot::{Snapshot, SnapshotError, Thresholds, model_version};
pub use stranger::is_somebody_else;
pub use suggest::{Suggestion, Suggestions};
pub use suppressed::Suppressed;
pub use verify::verify;
