//! From any Unicode text to words that can be compared: scripts, normal forms, symbols.
//!
//! Every function here is total: any input has an answer, and no text with a letter or digit becomes empty. The
//! stages stand in one place, [`read()`]: characters are cleaned and composed, words are cut, letters of other
//! scripts that look alike are repaired, and only then the word is folded. The lossless steps come before the
//! lossy ones, and the original stays reachable through spans.

mod charts;
mod glyphs;
mod jamo;
mod language;
mod read;
mod repair;
mod script;
pub mod symbols;
mod trace;
mod word;

#[cfg(test)]
mod tests;

pub use language::likely_language;
pub use read::{fold, length_after_normalisation, read};
pub use script::Script;
pub use trace::read_traced;
pub use word::{Capital, Join, Text, Word};
