use std::fmt::Write as _;

use super::super::answer::Answer;
use super::super::{Outcome, Part};
use crate::score::Standing;

/// A standing with what came true of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The task that it comes from.
    pub task: String,
    /// Where the candidate or the pair stands.
    pub standing: Standing,
    /// True if it is the party.
    pub right: bool,
    /// How much it counts; more than 0.
    pub weight: f64,
    /// [`Part::Tune`] for what is fitted, [`Part::Report`] for what is kept apart.
    pub part: Part,
}

/// The best candidate of each answer. `size` is how many queries the whole task has: a task counts by the square root
/// of its size, so that large ones do not drown small ones, and small ones do not pretend to be large.
pub fn candidate_samples(outcome: &Outcome, size: usize) -> Vec<Sample> {
    let weight = weight(size, outcome.answers.len());
    let sample = |answer: &Answer| {
        let best = answer.best()?;
        let (task, part) = (outcome.task.clone(), part_of(&answer.id));
        Some(Sample { task, standing: best.standing, right: best.right, weight, part })
    };
    outcome.answers.iter().filter_map(sample).collect()
}

fn weight(size: usize, asked: usize) -> f64 {
    (size as f64).sqrt() / asked.max(1) as f64
}

fn part_of(id: &str) -> Part {
    if Part::Tune.holds(id) { Part::Tune } else { Part::Report }
}

/// Samples as a table with a head, for whoever wants to fit something else to them.
pub fn samples_table(samples: &[Sample]) -> String {
    let mut text = String::from("task\tpart\tscripts\tkind\tweight\tright\tscore\tlead\tcrowd\tfit\n");
    for sample in samples {
        let Standing { score, lead, crowd, fit, scripts: (query, stored), kind } = sample.standing;
        let lead = lead.map_or(String::new(), |lead| format!("{lead:.4}"));
        let (task, part, right, weight) = (&sample.task, sample.part.as_str(), u8::from(sample.right), sample.weight);
        let _ = writeln!(
            text,
            "{task}\t{part}\t{query}-{stored}\t{kind}\t{weight:.6}\t{right}\t{score:.4}\t{lead}\t{crowd:.6}\t{fit:.4}"
        );
    }
    text
}
