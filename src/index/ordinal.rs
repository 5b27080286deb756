use std::fmt;

use serde::{Deserialize, Serialize};

/// One dictionary of terms, 0 to 15. The caller decides what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Lane(pub u8);

impl Lane {
    /// How many lanes there can be.
    pub const COUNT: usize = 16;

    /// Every lane, in order.
    pub fn all() -> impl Iterator<Item = Lane> {
        (0..16).map(Lane)
    }

    /// Its place among the lanes; `None` for numbers that are no lane.
    pub(super) fn place(self) -> Option<usize> {
        Some(usize::from(self.0)).filter(|place| *place < Lane::COUNT)
    }
}

impl fmt::Display for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}", self.0)
    }
}

/// A record of an index: its place among the records of its segment sorted by id, behind those of older segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordOrd(pub u32);

/// A name of an index: its place among the names of its segment, by record and within a record as given, behind those
/// of older segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameOrd(pub u32);
