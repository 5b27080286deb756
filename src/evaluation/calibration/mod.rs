//! Learning what evidence weighs and what scores mean: from answers to the tables of weights and of calibration.

mod logistic;
mod samples;
mod train;
mod weights;

pub use samples::{Sample, candidate_samples, pair_samples, samples_table};
pub use train::{Fitted, fit_calibration, held_errors, train_report};
pub use weights::{WeightCase, train_weights, weight_cases};
