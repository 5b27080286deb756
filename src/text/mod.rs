//! From any Unicode text to words that can be compared: scripts, normal forms, symbols.
//!
//! Every function here is total: any input has an answer, and no text with a visible letter or digit becomes empty. A
//! text goes through the stages in `read.rs`, lossless ones first: each character alone, marks and jamo composed, words
//! cut and each of them repaired to one script, and only then folded. Each word keeps its bytes in the original.
//!
//! [`read()`] repairs what it is sure of. Where a word can be read in several ways, the other ones are asked for:
//! [`other_reading`], [`digit_readings`], [`collapsed`], [`parted`].

mod alphabet;
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
mod plain;
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
pub use symbols::Symbols;
pub use word::{Capital, Join, Word};
