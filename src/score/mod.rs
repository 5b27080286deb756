//! How likely two names, and two parties, are one: a sum of evidence, and the probability it amounts to.

mod evidence;

pub use evidence::{Evidence, Feature};
