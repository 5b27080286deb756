//! Reverse screening: names of one's own are registered once, and whenever what serves changes, only what changed for
//! them is told.
//!
//! A [`Portfolio`] keeps the subjects, the hits of each and the alerts in an SQLite file of its own. After every change of
//! what serves, all subjects are resolved anew, some at a time: the rarity of words, rivals and suppressions bear on every
//! probability, so that nothing less gives what a full screening would give. Those whom the changed records most likely
//! concern come first. Hits and alerts of a subject are written in one
//! transaction: an alert is told once, whatever happens in between.

mod error;
mod likely;
mod portfolio;
mod screen;
mod store;
#[cfg(test)]
mod tests;

pub use error::ScreeningError;
pub use portfolio::{Portfolio, Reader};
pub use screen::{Alert, AlertKind, Hit, Screened, Subject};
