//! From a query to an answer, and from records to an index.
//!
//! [`Snapshot::resolve`] is the life of a request: names are analysed, terms found by cost, candidates gathered,
//! matches scored, a verdict given. [`indexer::build`] is the life of a record. Both read names with
//! [`names::analyse`](crate::names::analyse), so that what is asked and what is stored cannot drift apart.
//! The [`Engine`] holds the registry and the snapshot that serves.

mod absence;
mod analysed;
mod compare;
mod difference;
mod disguise;
mod engine;
mod follow;
mod gently;
pub mod indexer;
mod ledger;
mod looking;
mod matching;
#[cfg(test)]
mod oracle;
mod payload;
mod publication;
mod query;
mod readings;
mod rebuilt;
mod resolution;
mod resolve;
mod retained;
mod snapshot;
mod stranger;
mod suggest;
mod suppressed;
#[cfg(test)]
mod tests;
mod verify;
mod version;

pub use compare::{Comparison, compare};
pub use difference::{Difference, DifferenceKind};
pub use engine::{Engine, EngineError, Published};
pub use ledger::{Edition, Pin, Replaced};
pub use query::{Detail, Options, Query, QueryError, QueryName, Scope};
pub use rebuilt::verify_rebuild;
pub use resolution::{Match, Resolution, Verdict};
pub use retained::Because;
pub use snapshot::{Snapshot, SnapshotError, Thresholds, model_version};
pub use stranger::is_somebody_else;
pub use suggest::{Suggestion, Suggestions};
pub use suppressed::Suppressed;
pub use verify::verify;
pub use version::{AsOf, Retained, VersionError};
