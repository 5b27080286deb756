//! From a query to an answer, and from records to an index.
//!
//! [`Snapshot::resolve`] reads like the life of a request: names are analysed, terms found by cost, candidates
//! gathered, matches scored, a verdict given.

mod query;
mod resolution;

pub use query::{Detail, Options, Query, QueryError, QueryName, Scope};
pub use resolution::{Match, Resolution, Verdict};
