use std::fmt::Write as _;

use rayon::prelude::*;

use super::super::answer::Answer;
use super::super::run::judge;
use super::super::{Outcome, PairRow, Part};
use crate::resolver::Detail;
use crate::score::{Ground, Standing};

/// A standing with what came true of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The task that it comes from.
    pub task: String,
    /// Where the candidate or the pair stands.
    pub standing: Standing,
    /// True for a candidate that an index offered, and for a pair of it and its query; false for a pair that somebody
    /// put together to be judged.
    pub offered: bool,
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
        Some(Sample { task, standing: best.standing, offered: true, right: best.right, weight, part })
    };
    outcome.answers.iter().filter_map(sample).collect()
}

/// The pairs of an outcome: those that were judged, and each query beside the name that it matched best, which is the
/// hardest that the index has to offer where the party is not in it. Both are compared as given names are, without the
/// index. `size` is how many queries or pairs the whole task has.
pub fn pair_samples(outcome: &Outcome, size: usize) -> Vec<Sample> {
    let task = &outcome.task;
    let weight = weight(size, outcome.answers.len() + outcome.judged.len());
    let judged = outcome.judged.iter().map(|judged| {
        let (task, part) = (task.clone(), part_of(&judged.id));
        Sample { task, standing: judged.standing, offered: false, right: judged.same, weight, part }
    });
    let met = outcome.answers.par_iter().filter_map(|answer| {
        let best = answer.best()?;
        let (id, left, right) = (answer.id.clone(), answer.text.clone(), best.name.clone());
        let judged = judge(&PairRow { id, kind: answer.kind, left, right, same: best.right }, Detail::None);
        let (task, part) = (task.clone(), part_of(&judged.id));
        Some(Sample { task, standing: judged.standing, offered: true, right: best.right, weight, part })
    });
    let met: Vec<Sample> = met.collect();
    judged.chain(met).collect()
}

fn weight(size: usize, asked: usize) -> f64 {
    (size as f64).sqrt() / asked.max(1) as f64
}

fn part_of(id: &str) -> Part {
    if Part::Tune.holds(id) { Part::Tune } else { Part::Report }
}

/// Samples as a table with a head, for whoever wants to fit something else to them.
pub fn samples_table(samples: &[Sample]) -> String {
    let mut text =
        String::from("task\tpart\tground\tscripts\tkind\tweight\tright\tscore\tlead\tcrowd\tfit\tother-fit\n");
    for sample in samples {
        let Standing { ground, score, lead, crowd, fit, other_fit, scripts: (query, stored), kind, .. } =
            sample.standing;
        let ground = match ground {
            Ground::Index => "index",
            Ground::Pair => "pair",
        };
        let lead = lead.map_or(String::new(), |lead| format!("{lead:.4}"));
        let (task, part, right, weight) = (&sample.task, sample.part.as_str(), u8::from(sample.right), sample.weight);
        let _ = writeln!(
            text,
            "{task}\t{part}\t{ground}\t{query}-{stored}\t{kind}\t{weight:.6}\t{right}\t{score:.4}\t{lead}\t{crowd:.6}\t\
             {fit:.4}\t{other_fit:.4}"
        );
    }
    text
}
