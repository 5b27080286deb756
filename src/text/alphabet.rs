//! Which alphabets the program stores letters in. `build.rs` includes this file too, so it uses nothing of the crate.

/// Counts up whenever the meaning of a symbol changes, so that no index is read with the wrong alphabet.
pub const VERSION: u32 = 1;
