use smallvec::SmallVec;

use super::NamePart;

/// A reading of words as the name of a person: how strongly it speaks for itself, in nats, and its parts.
pub(super) struct Reading {
    pub score: f32,
    pub parts: Vec<NamePart>,
}

/// Readings; nearly all words have fewer than four.
pub(super) type Readings = SmallVec<[Reading; 3]>;
