//! Names as people, companies and ships bear them: what each part of a name does.
//!
//! `analyse` turns a text into one or several readings; both what is stored and what is asked goes through it, so
//! that the two sides cannot drift apart.

mod name;
mod span;

pub use name::{Analysis, Hints, Name, NamePart, PartRole, TraceStep};
pub use span::{MAX_JOINED_PARTS, Span};
