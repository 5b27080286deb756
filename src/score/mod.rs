//! How likely two names, and two parties, are one: a sum of evidence, and the probability it amounts to.
//!
//! A [`Subject`] is a reading of the queried name that knows what its words are worth. [`align`] lays it over a
//! reading of a stored name so that the sum of log-likelihood ratios is the highest; [`compare_facts`] adds what
//! dates, countries and numbers say; a [`Standing`] among others has a [`probability()`] by the [`Calibration`];
//! [`explain()`] says it in words.

mod acronym;
mod alignment;
mod calibration;
mod check_digits;
mod contradiction;
mod evidence;
mod explain;
mod facts;
mod identifiers;
mod pairing;
mod population;
mod probability;
mod slip;
mod spelling;
#[cfg(test)]
mod standards;
mod subject;
mod weights;

pub use acronym::acronym_gain;
pub use alignment::{Alignment, MAX_STEPS, Pair, align, align_spans};
pub use calibration::{Calibration, Group, Parameters};
pub use contradiction::Contradiction;
pub use evidence::{Evidence, Feature};
pub use explain::explain;
pub use facts::{Facts, compare_facts};
pub use pairing::{BASE_COST, Mechanism, concept_gain};
pub use probability::{FEATURES, Ground, Standing, probability, with_prior};
pub use spelling::{EDIT_COST, Spellings};
pub use subject::{Subject, letter_background};
pub use weights::{Weights, weights};
