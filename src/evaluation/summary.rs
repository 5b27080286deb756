use std::collections::BTreeMap;

use super::alarms::{Alarm, alarms};
use super::answer::{Answer, Scripts};
use super::measure::{Case, Measures, best_threshold};
use super::{Outcome, Part, Task};
use crate::model::Kind;
use crate::resolver::Thresholds;

/// How tasks were asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Setting {
    /// Which part of the queries.
    pub part: Part,
    /// The share of the parties that was taken out of the index, 0 to 1.
    pub absent: f64,
    /// The seed of the typing errors, if one was made in every query.
    pub typos: Option<u64>,
    /// At most so many queries of each task, if not all.
    pub sample: Option<usize>,
    /// How many times the usual work a query may cost, if not once.
    pub work: Option<u32>,
}

impl Setting {
    /// A task as it is asked in this setting.
    pub fn apply(&self, task: &Task) -> Task {
        let mut task = task.clone();
        // Parties leave by what the whole task says of them, not by the part of it that is asked.
        if self.absent > 0.0 {
            task.remove_parties(self.absent);
        }
        task.keep(self.part);
        if let Some(size) = self.sample {
            task.sample(size);
        }
        if let Some(seed) = self.typos {
            task.mistype(seed);
        }
        task
    }

    /// The setting as flags of `exonym eval`; empty if nothing is set.
    pub fn flags(&self) -> String {
        let mut flags = String::new();
        if self.part != Part::All {
            flags += &format!(" --part {}", self.part.as_str());
        }
        if self.absent > 0.0 {
            flags += &format!(" --absent {}", self.absent);
        }
        if let Some(seed) = self.typos {
            flags += &format!(" --typos {seed}");
        }
        if let Some(size) = self.sample {
            flags += &format!(" --sample {size}");
        }
        if let Some(work) = self.work {
            flags += &format!(" --work {work}");
        }
        flags
    }
}

/// The measures of one task.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskSummary {
    /// The task's name.
    pub task: String,
    /// True if it is a task of pairs.
    pub is_pairs: bool,
    /// Its measures.
    pub measures: Measures,
    /// For pairs the best F1 at any threshold, and that threshold.
    pub best: (f64, f64),
    /// The measures of its parts, where it mixes script pairs.
    pub scripts: Vec<(Scripts, Measures)>,
    /// The measures of the queries for each kind of party, where it mixes kinds.
    pub kinds: Vec<(Kind, Measures)>,
}

/// What a run of some tasks came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// The tasks in their order.
    pub tasks: Vec<TaskSummary>,
    /// All queries by the scripts they lead between.
    pub scripts: Vec<(Scripts, Measures)>,
    /// All queries together.
    pub pooled: Measures,
    /// Names on no list that get an answer.
    pub alarms: Vec<Alarm>,
}

impl TaskSummary {
    /// The measures of an outcome.
    pub fn of(outcome: &Outcome, thresholds: &Thresholds) -> TaskSummary {
        let pairs: Vec<Case> = outcome.judged.iter().map(|pair| Case::of_pair(pair, thresholds)).collect();
        let cases: Vec<Case> = outcome.answers.iter().map(|answer| Case::of_answer(answer, thresholds)).collect();
        let is_pairs = !pairs.is_empty();
        let best = if is_pairs { best_threshold(&pairs) } else { (0.0, 0.0) };
        let scripts = mixed(by(std::slice::from_ref(outcome), thresholds, |answer| answer.scripts));
        let kinds = mixed(by(std::slice::from_ref(outcome), thresholds, |answer| answer.kind));
        let measures = Measures::of(if is_pairs { pairs } else { cases });
        TaskSummary { task: outcome.task.clone(), is_pairs, measures, best, scripts, kinds }
    }
}

impl Summary {
    /// The summary of outcomes.
    pub fn of(outcomes: &[Outcome], thresholds: &Thresholds) -> Summary {
        let answers = outcomes.iter().flat_map(|outcome| &outcome.answers);
        Summary {
            tasks: outcomes.iter().map(|outcome| TaskSummary::of(outcome, thresholds)).collect(),
            scripts: by(outcomes, thresholds, |answer| answer.scripts),
            pooled: Measures::of(answers.map(|answer| Case::of_answer(answer, thresholds)).collect()),
            alarms: alarms(outcomes),
        }
    }
}

/// The measures of answers that have something in common, by that.
fn by<G: Ord>(outcomes: &[Outcome], thresholds: &Thresholds, group: impl Fn(&Answer) -> G) -> Vec<(G, Measures)> {
    let mut groups: BTreeMap<G, Vec<Case>> = BTreeMap::new();
    for answer in outcomes.iter().flat_map(|outcome| &outcome.answers) {
        groups.entry(group(answer)).or_default().push(Case::of_answer(answer, thresholds));
    }
    groups.into_iter().map(|(group, cases)| (group, Measures::of(cases))).collect()
}

/// Nothing where one group is all there is.
fn mixed<G>(groups: Vec<(G, Measures)>) -> Vec<(G, Measures)> {
    if groups.len() == 1 { Vec::new() } else { groups }
}
