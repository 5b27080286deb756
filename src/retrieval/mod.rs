//! From the parts of a name to the terms that may spell them, and from terms to candidates, in counted work.
//!
//! Every word of a query is looked up in the term dictionary of every script: within its own script and across
//! scripts by learned correspondences ([`nearest()`]), in scripts without a table by letters with at most one edit.
//! What the words are worth follows from what was found ([`Subject`](crate::score::Subject)), and the postings of
//! the terms give the candidates.

mod cache;
mod candidates;
mod count;
mod cover;
mod cut;
mod edits;
mod effort;
mod frontier;
pub mod lanes;
mod lists;
mod nearest;
mod prefixes;
mod promise;
mod segment;
mod standing;
mod suggest;
mod tally;
mod words;

pub use cache::WordCache;
pub use candidates::{Candidate, Retrieved, Search};
pub use count::RUNNERS_UP;
pub use cut::Cut;
pub use edits::within_one_edit;
pub use effort::Effort;
pub use nearest::{Budget, Hit, Nearest, nearest};
pub use segment::segment;
pub use suggest::{Suggested, suggest};
pub(crate) use words::is_searched;
