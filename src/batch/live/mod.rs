//! Live lists: fetched over HTTPS on a schedule and imported when they changed.
//!
//! A [`Source`] says where a list is and what it must look like, [`update()`] takes it over once, and the [`Keeper`] does
//! so when it is due, one list at a time. Whatever goes wrong, the version that was imported last serves on: a list is
//! first fetched as a whole, checked, and then goes the way of every import, with its tripwires. What is known of a
//! source (entity tags, checksums, the last error) is kept in `sources/NAME/state.json` of the data directory.

mod download;
mod keeper;
mod schedule;
mod source;
mod state;
mod update;

#[cfg(test)]
mod tests;

pub use download::FetchError;
pub use keeper::{Keeper, UnknownSource};
pub use source::{Header, HeaderValue, Source, SourceFault};
pub use state::{State, Status};
pub use update::{Outcome, UpdateError, status, update};
