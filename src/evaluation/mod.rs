//! Measuring: tasks with truth, recall and rank of what is found.
//!
//! A task is a folder with an `index.tsv` to search and `queries.tsv` with the expected ids, or `pairs.tsv` with
//! labels. [`run()`] answers it with the same code that serves; [`Measures`] say what came out, and how far that can be
//! trusted; [`Versus`] holds two runs beside each other. A task can be made harder first: parties taken out of the
//! index, typing errors made in the queries.

mod alarms;
mod answer;
mod calibration;
mod chance;
mod homonyms;
mod measure;
mod reliability;
mod report;
mod run;
mod schedule;
mod split;
mod summary;
mod task;
mod train;
mod typos;
mod verdicts;
mod versus;

#[cfg(test)]
mod tests;

pub use alarms::{Alarm, alarms};
pub use answer::{Answer, Candidate, Judged, Scripts};
pub use calibration::{
    Fitted, Sample, WeightCase, candidate_samples, fit_calibration, held_errors, pair_samples, samples_table,
    train_report, train_weights, weight_cases,
};
pub use homonyms::Homonyms;
pub use measure::{Case, Figures, Measures, peak_memory};
pub use reliability::{Bin, Reliability};
pub use report::{Bench, Benches, page, quality, typing_tasks};
pub use run::{Outcome, options, run};
pub use schedule::schedule;
pub use split::Part;
pub use summary::{Setting, Summary, TaskSummary};
pub use task::{IndexRow, PairRow, QueryRow, Task, TaskError};
pub use train::{Recipe, TrainError, recipes, train_table};
pub use typos::mistyped;
pub use versus::{Difference, Results, Versus};
