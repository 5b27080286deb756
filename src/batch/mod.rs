//! Work on whole lists: imports, lists that are fetched, the bundled sample list, verifying a data directory,
//! telling which records stand for one party.

mod check;
mod import;
pub mod live;
mod sample;
pub mod xref;

pub use check::{Findings, check};
pub use import::{ImportError, ImportJob, ImportReport, import};
pub use sample::sample_engine;
pub use xref::{XrefReport, xref};
