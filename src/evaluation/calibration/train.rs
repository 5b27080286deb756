use std::collections::{BTreeMap, BTreeSet};

use super::logistic::{Row, fit};
use super::samples::Sample;
use crate::evaluation::{Case, Part, Reliability, Task};
use crate::score::{Calibration, FEATURES, Group, Parameters};

/// How far the parameters of a script pair or a kind may lie from those of all, one standard deviation, feature by
/// feature: what data does not support stays near zero.
const SPREAD: Parameters = [1.5, 0.06, 0.06, 2.0, 2.0, 0.2, 0.4];
/// The same for the parameters of all, which hardly need to be held.
const FREE: f64 = 30.0;
/// The samples together count as so many.
const COUNT: f64 = 10_000.0;

/// A calibration with what it was fitted to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fitted {
    /// The calibration.
    pub calibration: Calibration,
    /// How many samples it was fitted to.
    pub samples: usize,
}

/// Fits a calibration to the samples of the part to tune on. The same samples give the same calibration.
pub fn fit_calibration(samples: &[Sample]) -> Fitted {
    let samples: Vec<&Sample> = samples.iter().filter(|sample| sample.part == Part::Tune).collect();
    let groups_of = |sample: &Sample| {
        let (query, stored) = sample.standing.scripts;
        [Group::All, Group::Scripts(query, stored), Group::Kind(sample.standing.kind)]
    };
    let groups: BTreeSet<Group> = samples.iter().flat_map(|sample| groups_of(sample)).collect();
    let places: BTreeMap<Group, usize> = groups.iter().enumerate().map(|(place, group)| (*group, place)).collect();
    let all: f64 = samples.iter().map(|sample| sample.weight).sum();
    let rows: Vec<Row> = (samples.iter())
        .map(|sample| {
            let values = sample.standing.features();
            let of_group = |group: Group| {
                let first = places[&group] * FEATURES.len();
                values.iter().enumerate().map(|(feature, value)| (first + feature, *value)).collect::<Vec<_>>()
            };
            let features = groups_of(sample).into_iter().flat_map(of_group).collect();
            Row { features, right: sample.right, weight: sample.weight / all * COUNT }
        })
        .collect();
    let stiffness: Vec<f64> = (groups.iter())
        .flat_map(|group| SPREAD.map(|spread| if *group == Group::All { spread * FREE } else { spread }))
        .map(|spread| 1.0 / (spread * spread))
        .collect();
    let found = if rows.is_empty() { vec![0.0; stiffness.len()] } else { fit(&rows, &stiffness) };
    let parameters = groups.into_iter().zip(found.chunks(FEATURES.len())).map(|(group, found)| {
        let mut parameters = Parameters::default();
        // As many digits as the table keeps, so that what was measured is what will be used.
        parameters.iter_mut().zip(found).for_each(|(own, found)| *own = (found * 1e4).round() / 1e4);
        (group, parameters)
    });
    Fitted { calibration: Calibration::new(parameters.collect()), samples: samples.len() }
}

/// How well a calibration holds on samples of a part, by script pair and for all: how many, and the expected
/// calibration error.
pub fn held_errors(samples: &[Sample], calibration: &Calibration, part: Part) -> Vec<(String, usize, f64)> {
    let mut groups: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    for sample in samples.iter().filter(|sample| sample.part == part) {
        let (query, stored) = sample.standing.scripts;
        let claim = calibration.probability(&sample.standing);
        let case = Case::of_claim(claim, sample.right);
        groups.entry(format!("{query}-{stored}")).or_default().push(case);
    }
    let all = groups.values().flatten().copied().collect();
    let groups = groups.into_iter().chain([("all".to_owned(), all)]);
    let error = |cases: &[Case]| Reliability::of(cases, &vec![1; cases.len()]).error();
    groups.map(|(name, cases)| (name, cases.len(), error(&cases))).collect()
}

/// Fits a calibration to samples of tasks, of each at most so many queries, with a share of the parties taken out of the
/// index: the text of the table, and how well it holds, for people.
pub fn train_report(tasks: &[Task], samples: &[Sample], most: usize, absent: f64) -> (String, String) {
    let fitted = fit_calibration(samples);
    let names: Vec<&str> = tasks.iter().map(|task| task.name.as_str()).collect();
    let status = format!(
        "fitted to {} candidates, at most {most} queries a task, with {:.0} % of the parties taken out of the index; \
         parameters of script pairs and kinds are added to those of all",
        fitted.samples,
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
