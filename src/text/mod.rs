//! From any Unicode text to words that can be compared: scripts, normal forms, symbols.
//!
//! Every function here is total: any input has an answer, and no non-empty name becomes empty. A text goes through
//! the stages of `read::run`, lossless ones first; each word keeps its bytes in the original.

mod cell;
mod characters;
mod compose;
mod digits;
mod disguises;
mod enclosures;
mod jamo;
mod language;
mod letters;
mod lookalikes;
mod read;
mod readings;
mod script;
pub mod symbols;
mod word;
mod words;

#[cfg(test)]
mod tests;

pub use language::likely_language;
pub use read::{Stage, Text, fold, length_after_normalisation, normalized, read, read_traced};
pub use readings::{collapsed, digit_readings, other_reading, parted};
pub use script::Script;
pub use word::{Capital, Join, Word};
