//! Learned spelling correspondences: how likely letters of one script stand for letters of another.
//!
//! A table of letters holds units, one or two symbols of one script and none to four of the other, with how often training
//! pairs attest them. What a unit costs follows from the counts when a table is loaded, so that the files stay
//! small, sorted and readable. A table of words holds words and phrases of the names of companies with how many
//! companies attest that one stands for the other. [`train`] makes them again from pairs of names, byte for byte.

mod asked;
mod cost;
mod table;
pub mod train;
mod translations;
mod trie;
pub mod units;

pub use asked::Asked;
pub use cost::{Spelling, Unit};
#[cfg(test)]
pub(crate) use table::FOLDER;
pub use table::{MAX_UNIT, Table, ahead, expected, least_cost, tables};
pub use translations::{Translation, Translations, Vocabulary, translations, vocabulary};
pub use trie::{Branch, Root, Roots};
