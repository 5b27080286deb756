//! Work on whole lists: imports, the bundled sample list, verifying a data directory.

mod check;
mod import;
mod sample;

pub use check::{Findings, check};
pub use import::{ImportError, ImportJob, ImportReport, import};
pub use sample::sample_engine;
