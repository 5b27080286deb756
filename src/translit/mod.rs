//! Published standards of writing one script in the letters of another.
//!
//! A standard is a file in `data/`; this room is the machine that reads them. Text goes through stages, each of
//! which can be traced:
//!
//! ```text
//! names → spelling → sounds → letters → finish
//! ```
//!
//! *Names* sets a Korean family name apart, *spelling* rewrites whole words, *sounds* applies the sound changes of
//! Korean at syllable boundaries, *letters* goes from script to script, and *finish* corrects the Hangul that came out.
//! What a scheme does not read passes unchanged. One scheme, `fold`, has the stages of the text room instead.

mod compile;
mod folding;
mod hangul;
mod names;
mod pattern;
mod pieces;
mod program;
mod rules;
mod scheme;
mod sounds;
#[cfg(test)]
mod tests;

pub use scheme::{Scheme, TraceStep, Transliteration, scheme, schemes};
