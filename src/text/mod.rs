//! From any Unicode text to words that can be compared: scripts, normal forms, symbols.
//!
//! Every function here is total: any input has an answer, and no non-empty name becomes empty.

mod script;
pub mod symbols;

pub use script::Script;
