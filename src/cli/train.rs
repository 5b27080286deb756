use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};

use super::arguments::{
    AnswerArguments, CalibrationArguments, CorrespondenceArguments, TrainArguments, Training, WeightArguments,
};
use super::{eval, progress};
use crate::evaluation::{self, Outcome, Part, Setting, Task};
use crate::resolver::Detail;

/// `exonym train`.
pub fn run(arguments: &TrainArguments) -> anyhow::Result<()> {
    match &arguments.what {
        Training::Correspondences(arguments) => correspondences(arguments),
        Training::Weights(arguments) => weights(arguments),
        Training::Calibration(arguments) => calibration(arguments),
    }
}

fn correspondences(arguments: &CorrespondenceArguments) -> anyhow::Result<()> {
    let mut recipes = evaluation::recipes()?;
    recipes.retain(|recipe| arguments.table.as_ref().is_none_or(|table| *table == recipe.table));
    ensure!(!recipes.is_empty(), "no table is called {:?}", arguments.table.as_deref().unwrap_or_default());
    fs::create_dir_all(&arguments.output)
        .with_context(|| format!("{} could not be made", arguments.output.display()))?;
    for recipe in &recipes {
        let spinner = progress::spinner(&format!("learning {}", recipe.table));
        let table = evaluation::train_table(recipe, &arguments.pairs)?;
        let path = arguments.output.join(format!("{}.tsv", recipe.table));
        // The name of a table of words holds a folder.
        path.parent()
            .map_or(Ok(()), fs::create_dir_all)
            .with_context(|| format!("{} has no folder", path.display()))?;
        fs::write(&path, &table).with_context(|| format!("{} could not be written", path.display()))?;
        spinner.finish_and_clear();
        println!("{}: {} units", path.display(), table.lines().filter(|line| !line.starts_with('#')).count() - 1);
    }
    Ok(())
}

/// The share of the parties that is taken out of the index.
const ABSENT: f64 = 0.5;

/// The tasks of a training with what they were answered, parties taken out of the index.
fn answers(arguments: &AnswerArguments, part: Part, detail: Detail) -> anyhow::Result<(Vec<Task>, Vec<Outcome>)> {
    let tasks = arguments.tasks.iter().map(|folder| Task::read(folder)).collect::<Result<Vec<_>, _>>()?;
    let setting = Setting { part, absent: ABSENT, sample: Some(arguments.sample), ..Setting::default() };
    let outcomes = eval::run_tasks(&tasks, &setting, detail, arguments.jobs)?;
    Ok((tasks, outcomes))
}

fn size(task: &Task) -> usize {
    task.queries.len() + task.pairs.len()
}

fn write(path: &Path, text: String) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| format!("{} could not be written", path.display()))
}

fn weights(arguments: &WeightArguments) -> anyhow::Result<()> {
    let arguments = &arguments.answers;
    let (tasks, outcomes) = answers(arguments, Part::Tune, Detail::Summary)?;
    let cases = tasks.iter().zip(&outcomes).flat_map(|(task, outcome)| evaluation::weight_cases(outcome, size(task)));
    let cases: Vec<evaluation::WeightCase> = cases.collect();
    write(&arguments.output, evaluation::train_weights(&tasks, &cases, arguments.sample, ABSENT))
}

fn calibration(arguments: &CalibrationArguments) -> anyhow::Result<()> {
    let (tasks, outcomes) = answers(&arguments.answers, Part::All, Detail::None)?;
    let mut samples = Vec::new();
    for (task, outcome) in tasks.iter().zip(&outcomes) {
        samples.extend(evaluation::candidate_samples(outcome, size(task)));
        samples.extend(evaluation::pair_samples(outcome, size(task)));
    }
    if let Some(path) = &arguments.samples {
        write(path, evaluation::samples_table(&samples))?;
    }
    let (table, errors) = evaluation::train_report(&tasks, &samples, arguments.answers.sample, ABSENT);
    write(&arguments.answers.output, table)?;
    print!("{errors}");
    Ok(())
}
