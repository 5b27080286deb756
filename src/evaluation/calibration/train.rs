use std::collections::{BTreeMap, BTreeSet};

use super::logistic::{Belief, Row, fit};
use super::samples::Sample;
use crate::evaluation::{Case, Part, Reliability, Task};
use crate::score::{Calibration, FEATURES, Ground, Group, Parameters};

/// How far the parameters of a script pair or a kind may lie from those of all, one standard deviation, feature by
/// feature: what data does not support stays near zero.
const SPREAD: Parameters = [1.5, 0.06, 0.06, 2.0, 2.0, 0.2, 0.4, 2.0, 2.0, 1e-3];
/// The same for the parameters of all, which hardly need to be held.
const FREE: f64 = 30.0;
/// Facts of given pairs are likelihood ratios already, and no task states any: this is their parameter.
const FACTS: f64 = 1.0;
/// The samples of each ground together count as so many.
const COUNT: f64 = 10_000.0;

/// A calibration with what it was fitted to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fitted {
    /// The calibration.
    pub calibration: Calibration,
    /// How many candidates of an index it was fitted to.
    pub candidates: usize,
    /// How many pairs.
    pub pairs: usize,
}

/// Fits a calibration to the samples of the part to tune on. The same samples give the same calibration.
pub fn fit_calibration(samples: &[Sample]) -> Fitted {
    let samples: Vec<&Sample> = samples.iter().filter(|sample| sample.part == Part::Tune).collect();
    let groups: BTreeSet<Group> = samples.iter().flat_map(|sample| Group::of(&sample.standing)).collect();
    let places: BTreeMap<Group, usize> = groups.iter().enumerate().map(|(place, group)| (*group, place)).collect();
    let of_ground = |ground: Ground| samples.iter().filter(move |sample| sample.standing.ground == ground);
    let all = |ground: Ground| of_ground(ground).map(|sample| sample.weight).sum::<f64>();
    let (of_candidates, of_pairs) = (all(Ground::Index), all(Ground::Pair));
    // Whoever puts two names together has a reason to, so that they are one more often than a query and the best of an
    // index: what such pairs differ in, before anything is known, is fitted beside the parameters and left out.
    let judged = of_ground(Ground::Pair).any(|sample| !sample.offered);
    let base = groups.len() * FEATURES.len();
    let row = |sample: &&Sample| {
        let values = sample.standing.features();
        let of_group = |group: Group| {
            let first = places[&group] * FEATURES.len();
            let said = values.into_iter().enumerate().filter(|(_, value)| *value != 0.0);
            said.map(move |(feature, value)| (first + feature, value))
        };
        let offered = judged && sample.offered && sample.standing.ground == Ground::Pair;
        let features = Group::of(&sample.standing).flat_map(of_group).chain(offered.then_some((base, 1.0))).collect();
        let all = if sample.standing.ground == Ground::Index { of_candidates } else { of_pairs };
        Row { features, offset: 0.0, right: sample.right, weight: sample.weight / all * COUNT }
    };
    let rows: Vec<Row> = samples.iter().map(row).collect();
    let of_offered = Belief { value: 0.0, spread: FREE };
    let beliefs: Vec<Belief> = groups.iter().flat_map(|group| beliefs(*group)).chain([of_offered]).collect();
    let found = fit(&rows, &beliefs);
    let parameters = groups.into_iter().zip(found.chunks(FEATURES.len())).map(|(group, found)| {
        let mut parameters = Parameters::default();
        // As many digits as the table keeps, so that what was measured is what will be used.
        parameters.iter_mut().zip(found).for_each(|(own, found)| *own = (found * 1e4).round() / 1e4);
        (group, parameters)
    });
    let (candidates, pairs) = (of_ground(Ground::Index).count(), of_ground(Ground::Pair).count());
    Fitted { calibration: Calibration::new(parameters.collect()), candidates, pairs }
}

/// What is believed of the parameters of a group, feature by feature.
fn beliefs(group: Group) -> Vec<Belief> {
    let free = if matches!(group, Group::All | Group::Pair) { FREE } else { 1.0 };
    let feature = |(name, spread): (&&str, f64)| match (group, *name) {
        (Group::Pair, "facts") => Belief { value: FACTS, spread },
        _ => Belief { value: 0.0, spread: spread * free },
    };
    FEATURES.iter().zip(SPREAD).map(feature).collect()
}

/// How well a calibration holds on samples of a part, for all, by script pair, and for pairs that somebody put
/// together: how many, and the expected calibration error.
pub fn held_errors(samples: &[Sample], calibration: &Calibration, part: Part) -> Vec<(String, usize, f64)> {
    let mut groups: BTreeMap<Group, Vec<Case>> = BTreeMap::new();
    let held = |sample: &&Sample| sample.part == part && (sample.standing.ground == Ground::Index || !sample.offered);
    for sample in samples.iter().filter(held) {
        let claim = calibration.probability(&sample.standing);
        let case = Case::of_claim(claim, sample.right);
        let kind = |group: &Group| matches!(group, Group::Kind(_) | Group::PairKind(_));
        for group in Group::of(&sample.standing).filter(|group| !kind(group)) {
            groups.entry(group).or_default().push(case);
        }
    }
    let error = |cases: &[Case]| Reliability::of(cases, &vec![1; cases.len()]).error();
    groups.into_iter().map(|(group, cases)| (group.name(), cases.len(), error(&cases))).collect()
}

/// Fits a calibration to samples of tasks, of each at most so many queries, with a share of the parties taken out of the
/// index: the text of the table, and how well it holds, for people.
pub fn train_report(tasks: &[Task], samples: &[Sample], most: usize, absent: f64) -> (String, String) {
    let fitted = fit_calibration(samples);
    let names: Vec<&str> = tasks.iter().map(|task| task.name.as_str()).collect();
    let status = format!(
        "fitted to {} candidates, and for two given parties to {} pairs, at most {most} queries a task, with {:.0} % of \
         the parties taken out of the index; parameters of script pairs and kinds are added to those of all; facts of \
         pairs are not fitted",
        fitted.candidates,
        fitted.pairs,
        absent * 100.0
    );
    let header = [
        ("title", "From scores to probabilities".to_owned()),
        ("source", format!("regularised logistic regression on one half of the queries of {}", names.join(", "))),
        ("status", status),
    ];
    let mut errors =
        String::from("expected calibration error on the half that was fitted, and on the half kept apart\n");
    let own = held_errors(samples, &fitted.calibration, Part::Tune);
    for (scripts, count, error) in held_errors(samples, &fitted.calibration, Part::Report) {
        let own = own.iter().find(|(name, ..)| *name == scripts);
        let own = own.map_or("–".to_owned(), |(.., error)| format!("{error:.4}"));
        errors += &format!("{scripts:<10} {own:<6}  {error:.4}  ({count})\n");
    }
    (fitted.calibration.to_table(&header), errors)
}
