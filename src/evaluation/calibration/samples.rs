use std::fmt::Write as _;

use rayon::prelude::*;

use super::super::answer::Answer;
use super::super::{Outcome, Part};
use crate::model::Kind;
use crate::resolver::{Detail, Query, Thresholds, compare};
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

/// Pairs to compare without an index: each query with the name that it should find and with the wrong one that comes
/// nearest; and the pairs of tasks of pairs.
pub fn pair_samples(outcome: &Outcome, size: usize) -> Vec<Sample> {
    let weight = weight(size, outcome.answers.len().max(outcome.judged.len()));
    let judged = outcome.judged.iter().map(|pair| Sample {
        task: outcome.task.clone(),
        standing: pair.standing,
        right: pair.same,
        weight,
        part: part_of(&pair.id),
    });
    let mut samples: Vec<Sample> = judged.collect();
    let made: Vec<Vec<Sample>> = (outcome.answers.par_iter())
        .map(|answer| {
            let right = answer.candidates.iter().find(|candidate| candidate.right).map(|found| found.name.as_str());
            let wrong = answer.candidates.iter().find(|candidate| !candidate.alike).map(|found| found.name.as_str());
            let pair = |name: Option<&str>, right: bool| {
                let standing = compared(&answer.text, name?, answer.kind)?;
                let (task, part) = (outcome.task.clone(), part_of(&answer.id));
                Some(Sample { task, standing, right, weight: weight / 2.0, part })
            };
            [pair(right.or(answer.wanted.as_deref()), true), pair(wrong, false)].into_iter().flatten().collect()
        })
        .collect();
    samples.extend(made.into_iter().flatten());
    samples
}

fn compared(left: &str, right: &str, kind: Kind) -> Option<Standing> {
    let query = |text: &str| Query { kind, ..Query::of_name(text) };
    let found = compare(&query(left), &query(right), &Thresholds::default(), Detail::None);
    found.ok().map(|found| found.standing)
}

fn weight(size: usize, asked: usize) -> f64 {
    (size as f64).sqrt() / asked.max(1) as f64
}

fn part_of(id: &str) -> Part {
    if Part::Tune.holds(id) { Part::Tune } else { Part::Report }
}

/// Samples as a table with a head, for whoever wants to fit something else to them.
pub fn samples_table(candidates: &[Sample], pairs: &[Sample]) -> String {
    let mut text = String::from("model\ttask\tpart\tscripts\tkind\tweight\tright\tscore\tlead\tcrowd\tfit\n");
    let models = candidates.iter().map(|sample| ("resolve", sample));
    for (model, sample) in models.chain(pairs.iter().map(|sample| ("compare", sample))) {
        let Standing { score, lead, crowd, fit, scripts: (query, stored), kind } = sample.standing;
        let lead = lead.map_or(String::new(), |lead| format!("{lead:.4}"));
        let (task, part, right) = (&sample.task, sample.part.as_str(), u8::from(sample.right));
        let _ = writeln!(
            text,
            "{model}\t{task}\t{part}\t{query}-{stored}\t{kind}\t{:.6}\t{right}\t{score:.4}\t{lead}\t{crowd:.6}\t{fit:.4}",
            sample.weight
        );
    }
    text
}
