//! Learning what scores mean: from samples of answers to the table of calibration.

mod logistic;
mod samples;
mod train;

pub use samples::{Sample, candidate_samples, pair_samples, samples_table};
pub use train::{Fitted, fit_calibration, held_errors, train_report};
